"""A user's own documents as relays: every file of a folder, read, given its domain and edits."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from worktrial.documents.choose import Choice, choose
from worktrial.documents.domain import domain
from worktrial.documents.reading import Reading, read
from worktrial.documents.unit import Files
from worktrial.errors import ConfigError, DocumentError
from worktrial.randomness import stream
from worktrial.relay.items import Course, Errand, RelayItem, relay_item
from worktrial.relay.own_edits import OwnEdits
from worktrial.visible import visible


class Taken(NamedTuple):
    """A file that becomes a relay.

    Attributes:
        id: Its path in the folder, with slashes.
        reading: Its text.
        choice: Its domain, and the edits of that.
        errands: What is asked of it.
    """

    id: str
    reading: Reading
    choice: Choice
    errands: list[Errand]

    @property
    def files(self) -> Files:
        """The document as its worker sees it, under its plain name."""
        return {self.id.rpartition("/")[2]: self.reading.text}

    @property
    def why(self) -> str:
        """How it was read and why it has this domain."""
        how = f"read as {self.reading.how}; " if self.reading.how else ""
        return f"{how}{self.choice.why}"


class Own(NamedTuple):
    """What became of a folder.

    Attributes:
        taken: Files that become relays.
        refused: What is said of the others, each in one line.
    """

    taken: list[Taken]
    refused: list[str]

    @property
    def lines(self) -> list[str]:
        """What became of all of them in one line, then of every file: those refused first."""
        count = Counter(one.choice.domain.name for one in self.taken)
        by_domain = ", ".join(f"{name} {n}" for name, n in count.most_common())
        return [
            f"{len(self.taken)} documents taken ({by_domain}), {len(self.refused)} refused",
            *(f"{said}; refused" for said in self.refused),
            *(f"{one.id}: {one.choice.domain.name}, {one.why}" for one in self.taken),
        ]


def own_items(
    folder: Path,
    course: Course,
    *,
    seed: int,
    domains: Sequence[str] = (),
    edits: OwnEdits | None = None,
) -> list[RelayItem]:
    """Make an item of every file in a folder and the folders inside it that can be taken.

    Args:
        folder: Where the documents are; or a single file.
        course: How large the relay is; its items and sizes do not apply.
        seed: Decides schedules and the seeds of the legs.
        domains: Only documents of these; all by default.
        edits: The user's own, beside those of the domain or instead of them.

    Raises:
        ConfigError: If there is no such folder, nothing in it, or nothing that can be taken.
    """
    found = own(folder, seed=seed, domains=domains, edits=edits)
    if not found.taken:
        first = found.refused[0]
        more = f" (and {len(found.refused) - 1} more)" if len(found.refused) > 1 else ""
        raise ConfigError(f"`--documents` holds nothing that can be taken: {first}{more}")
    return [_item(one, course, seed) for one in found.taken]


def own(
    folder: Path, *, seed: int, domains: Sequence[str] = (), edits: OwnEdits | None = None
) -> Own:
    """Read a folder's files and choose a domain for each.

    Raises:
        ConfigError: If there is no such folder or file, no file in it, or an own edit that fits
            none of its documents.
    """
    if not folder.exists():
        raise ConfigError(f"`--documents` must be a folder or a file; {folder} is none")
    for name in domains:
        domain(name)
    paths = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    paths = {folder.name: folder} if folder.is_file() else paths
    if not paths:
        raise ConfigError(f"`--documents` {folder} holds no file")
    found = Own([], [])
    for name in sorted(paths):
        try:
            taken = _taken(_sayable(name), paths[name], seed, tuple(domains))
            found.taken.append(taken if edits is None else _with(taken, edits))
        except DocumentError as error:
            joint = " " if str(error).startswith("line ") else ": "
            found.refused.append(f"{visible(name)}{joint}{error}")
    if edits is not None:
        edits.must_fit([one.files for one in found.taken])
    return found


def _with(taken: Taken, edits: OwnEdits) -> Taken:
    """A document with the user's edits beside those of its domain, or instead of them."""
    chosen = taken.choice.domain
    own_errands = edits.errands(chosen, chosen.parse(taken.files))
    errands = own_errands if edits.only else [*own_errands, *taken.errands]
    if not errands:
        raise DocumentError("no edit of `--edits` fits it")
    return taken._replace(errands=errands)


def _sayable(name: str) -> str:
    """A name that can stand in a prompt."""
    if "`" in name or not name.isprintable():
        raise DocumentError("its name must be printable and have no backtick; rename it")
    return name


def _files(folder: Path) -> Iterator[Path]:
    """Every file, but none that is hidden or stands outside, whatever links say."""
    root = folder.resolve()
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here, name)
            inside = path.resolve().is_relative_to(root)
            if not name.startswith(".") and inside and path.is_file():
                yield path


def _taken(name: str, path: Path, seed: int, domains: tuple[str, ...]) -> Taken:
    """As `_chosen`, at most once for a file as it is now."""
    status = path.stat()
    return _chosen(name, path, (status.st_mtime_ns, status.st_size), seed, domains)


@lru_cache(maxsize=1024)
def _chosen(
    name: str, path: Path, stamp: tuple[int, int], seed: int, domains: tuple[str, ...]
) -> Taken:
    reading = read(path)
    draw = partial(stream, seed, "relay", name, "edits")
    choice = choose(path.name, reading.text, draw, domains=domains)
    return Taken(name, reading, choice, [Errand.of(edit) for edit in choice.edits])


def _item(one: Taken, course: Course, seed: int) -> RelayItem:
    chosen, edits, files = one.choice.domain, one.choice.edits, one.files
    item = relay_item(chosen, one.id, files, one.errands, course, seed=seed)
    document = chosen.parse(files)
    used = {name for edit in edits for name in edit.forward(document).files}
    beside = {n: text for n, text in item.distractors.items() if n not in used | set(files)}
    return item.model_copy(update={"distractors": beside, "why": one.why})
