"""DELEGATE-52's own rows as relays: files that the user has, read but never shipped.

A row is an environment: a seed document, edits in people's words each way, files that lie beside
it. Its words are asked as they are and its documents scored by our likeness. A row that can't be
run is named with its reason, and the others go on.

References:
    Laban, Schnabel, Neville (2026), DELEGATE-52, arXiv:2604.15597.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, zip_longest
from pathlib import Path

from worktrial.documents.choose import read_whole
from worktrial.documents.domain import DOMAINS, FALLBACKS, STANDARD, Domain, domain, installed
from worktrial.documents.unit import Document, Files
from worktrial.errors import ConfigError, DocumentError
from worktrial.randomness import stream
from worktrial.relay.environments import Environment, Row, files_of, read_rows
from worktrial.relay.free import free_errand
from worktrial.relay.items import Course, Errand, RelayItem, relay_item
from worktrial.visible import visible

_LAST = FALLBACKS[-1]
"""Plain text by its lines, for what no other domain takes."""
_CHARACTERS_PER_TOKEN = 4
_LONGEST_LINE = 400


@dataclass(frozen=True, slots=True)
class Reading:
    """What was drawn from the rows.

    Attributes:
        items: A relay each, over as many domains as there are.
        left_out: Rows and edits that cannot be run, a line each: where, which, why.
    """

    items: tuple[RelayItem, ...]
    left_out: tuple[str, ...]


def holds_rows(path: Path) -> bool:
    """Whether a path is a file of rows, or a folder of such files: their keys tell."""
    if path.suffix == ".jsonl":
        return True
    return any(isinstance(row, Row) for file in files_of(path) for _, row in read_rows(file))


def delegate52_items(
    path: Path,
    course: Course,
    *,
    seed: int,
    domains: Sequence[str] = (),
    distractors: int | None = None,
) -> Reading:
    """Draw relays from rows; of domain after domain, until the course has its items.

    Args:
        path: A `.jsonl` file, or a folder of such and `.json` files.
        course: How large the relay is; its sizes do not apply.
        seed: Decides which rows are drawn, schedules and the seeds of the legs.
        domains: Only rows of these; all by default.
        distractors: Tokens of the row's own at most; all of them by default.

    Raises:
        ConfigError: If there is no row that can be run.
    """
    files = files_of(path)
    stamps = tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return _drawn(path, stamps, course, seed, tuple(domains), distractors)


# A run asks for the same items several times: for itself, for its protocol, for every task.
@lru_cache(maxsize=2)
def _drawn(
    path: Path,
    stamps: Sequence[tuple[Path, int, int]],
    course: Course,
    seed: int,
    domains: tuple[str, ...],
    distractors: int | None,
) -> Reading:
    left_out: list[str] = []
    rows = _rows([file for file, *_ in stamps], domains, left_out)
    items: list[RelayItem] = []
    for one in _in_turn(rows, seed):
        if len(items) == course.items:
            break
        try:
            items.append(_item(one, course, seed, distractors, left_out))
        except ConfigError as error:
            left_out.append(f"{one.place}: {error}")
    told = tuple(visible(" ".join(line.split()))[:_LONGEST_LINE] for line in left_out)
    if not items:
        why = told[0] if told else "there is none of these domains"
        raise ConfigError(f"`--documents` {path} has no row that can be run: {why}")
    return Reading(tuple(items), told)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row and its domain; `place` names its file, line and id."""

    place: str
    row: Environment
    domain: str


def _rows(files: Sequence[Path], domains: Sequence[str], left_out: list[str]) -> list[_Placed]:
    """Every row of some domains that can be read; what cannot is noted."""
    wanted = [domain(name).name for name in domains]
    found: dict[str, _Placed] = {}
    for place, row in chain.from_iterable(map(read_rows, files)):
        try:
            if isinstance(row, str):
                raise DocumentError(row)
            place = f"{place}, {row.sample_id}" if row.sample_id.isprintable() else place
            environment = Environment.of(row)
            if environment.id in found:
                raise DocumentError("its sample_id occurs twice; the first is taken")
            found[environment.id] = _Placed(place, environment, _domain(environment))
        except DocumentError as error:
            left_out.append(f"{place}: {error}")
    return [one for one in found.values() if not wanted or one.domain in wanted]


def _in_turn(rows: Sequence[_Placed], seed: int) -> Iterator[_Placed]:
    """Rows in a seeded order, one of each domain after the other."""
    rng = stream(seed, "delegate52")
    by_domain: dict[str, list[_Placed]] = {}
    for one in rng.sample(rows, len(rows)):
        by_domain.setdefault(one.domain, []).append(one)
    for turn in zip_longest(*by_domain.values()):
        yield from (one for one in turn if one is not None)


def _domain(row: Environment) -> str:
    """The domain of a row's type if it reads one of its files, or that of a file's extension."""
    kind = "".join(letter for letter in row.type.casefold() if letter.isalnum())
    mine = kind if kind in DOMAINS else None
    if mine and (mine not in installed() or any(map(domain(mine).knows, row.files))):
        return mine
    by_rank = sorted(map(domain, installed()), key=lambda one: (one.name in STANDARD, one.name))
    extensions = {next(iter(one.formats)): one.name for one in by_rank}
    suffixes = (Path(name).suffix.lower() for name in row.files)
    return next((extensions[s] for s in suffixes if s in extensions), mine or _LAST)


def _item(
    one: _Placed, course: Course, seed: int, distractors: int | None, left_out: list[str]
) -> RelayItem:
    chosen = domain(one.domain)
    document = read_whole(chosen, one.row.files)
    errands, unusable = _errands(chosen, document, one.row)
    if not errands:
        raise DocumentError(f"no usable edit: {unusable[0] if unusable else 'it has none'}")
    left_out += [f"{one.place}: {why}; the edit is left out" for why in unusable]
    beside = one.row.distractors if distractors is None else _cut(one.row.distractors, distractors)
    return relay_item(
        chosen, one.row.id, one.row.files, errands, course, seed=seed, distractors=beside
    )


def _errands(
    chosen: Domain, document: Document, row: Environment
) -> tuple[list[Errand], list[str]]:
    """A row's errands, and what is wrong with its other edits."""
    errands: list[Errand] = []
    unusable = list(row.unusable)
    for errand in row.errands:
        try:
            errands.append(free_errand(chosen, document, errand))
        except DocumentError as error:
            unusable.append(f"`{errand.name}`: {error}")
    return errands, unusable


def _cut(files: Files, tokens: int) -> dict[str, str]:
    """Whole lines of files, in order of name, up to a budget."""
    room = tokens * _CHARACTERS_PER_TOKEN
    kept: dict[str, str] = {}
    for name, text in sorted(files.items()):
        short = text if len(text) <= room else text[: text.rfind("\n", 0, room) + 1]
        room -= len(short)
        kept |= {name: short} if short else {}
    return kept
