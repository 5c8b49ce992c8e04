"""A blind sheet for people to label, and the key that says whose work each row is."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worktrial.acceptance.labels import minutes_of, yes_or_no
from worktrial.errors import ConfigError, EvidenceError
from worktrial.protocol import digest
from worktrial.randomness import stream
from worktrial.visible import visible

SCHEMA: Literal["worktrial/labelling@1"] = "worktrial/labelling@1"
COLUMNS = ("id", "task", "result", "changes", "accepted", "minutes", "comment")
MOST_CHARACTERS = 30_000
"""Of a cell; a spreadsheet holds 32,767."""
_MOST_BYTES = 200_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Job(NamedTuple):
    """One piece of work that a person may label: what a worker made of an item, one time."""

    trial: str
    worker: str
    item: str
    arm: str
    sample: str
    replicate: int


class Told(NamedTuple):
    """A job as a person reads it; nothing of it says who did it.

    Attributes:
        task: What was given and asked.
        result: What came out.
        changes: What differs between them, where that says more; else empty.
    """

    task: str
    result: str
    changes: str = ""

    def cells(self) -> tuple[str, str, str]:
        """Texts of bounded length that no spreadsheet takes for a formula."""
        task, result, changes = (_cell(text) for text in self)
        return task, result, changes

    @property
    def sha256(self) -> str:
        """Of the texts, whatever a spreadsheet does to their white space."""
        return _hash(self.cells())


class KeyRow(BaseModel):
    """Which job a row of the sheet is of.

    Attributes:
        id: The row's, as it stands on the sheet.
        repeats: The row that it is the same job as, for self-agreement; `None` of a first one.
        sha256: Of the row's texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    trial: str
    worker: str
    item: str
    arm: str
    sample: str
    replicate: int
    repeats: str | None = None
    sha256: str

    @property
    def job(self) -> Job:
        """The job."""
        return Job(self.trial, self.worker, self.item, self.arm, self.sample, self.replicate)


class Key(BaseModel):
    """The key of a sheet, which stays in the run's folder.

    Attributes:
        sheet: Its name, with which the id of each row begins.
        seed: From which the jobs and their order were drawn.
        rows: In the order of the sheet.
        seal: The hash of the rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    schema_: Literal["worktrial/labelling@1"] = Field(
        default="worktrial/labelling@1", alias="schema"
    )
    sheet: str
    seed: int
    rows: tuple[KeyRow, ...]
    seal: str

    def text(self) -> str:
        """The file as it is written."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"


class Answer(NamedTuple):
    """What a person said of a row."""

    row: KeyRow
    accepted: bool
    minutes: float | None


def key_path(run: Path, sheet: str) -> Path:
    """Where the key of a sheet lies in a run's folder."""
    return run / "labels" / f"{sheet}.key.json"


def drawn(jobs: Sequence[Job], count: int, *, duplicates: float, seed: int) -> list[Job]:
    """Draw jobs by lot, some of them twice, in an order that says nothing.

    Args:
        jobs: All that there are.
        count: How many different ones.
        duplicates: The share of these that comes twice, rounded up.
        seed: Of the draw.

    Raises:
        ConfigError: If there are not as many.
    """
    if not 1 <= count <= len(jobs):
        raise ConfigError(
            f"`--sample` must be from 1 to the {len(jobs):,} job(s) that the run holds; got {count}"
        )
    chosen = stream(seed, "label", "jobs").sample(sorted(jobs), count)
    again = stream(seed, "label", "again").sample(chosen, math.ceil(duplicates * count))
    rows = [*chosen, *again]
    stream(seed, "label", "order").shuffle(rows)
    return rows


def keyed(rows: Sequence[Job], told: Mapping[Job, Told], *, seed: int, run: str) -> Key:
    """Name the rows of a sheet, and keep whose work each is.

    Args:
        rows: In the order of the sheet.
        told: The texts of each job.
        seed: Of the draw.
        run: What tells this run from others, such as the hash of its protocol.
    """
    facts = [run, seed, [list(job) for job in rows]]
    sheet = digest({"facts": facts})[:8]
    first: dict[Job, str] = {}
    found = []
    for number, job in enumerate(rows, 1):
        name = f"{sheet}-{number:04d}"
        repeats = first.get(job)
        first.setdefault(job, name)
        texts = told[job].sha256
        found.append(KeyRow(id=name, repeats=repeats, sha256=texts, **job._asdict()))
    return Key(sheet=sheet, seed=seed, rows=tuple(found), seal=_seal(found))


def sheet_csv(key: Key, told: Mapping[Job, Told]) -> str:
    """The sheet as a table, `accepted`, `minutes` and `comment` left blank."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.id, *told[row.job].cells(), "", "", ""] for row in key.rows)
    # Without this mark spreadsheets read another encoding.
    return "\N{BOM}" + out.getvalue()


def read_sheet(path: Path, run: Path) -> tuple[Key, list[Answer]]:
    """Read a sheet that a person has filled in, by its key in the run's folder.

    Args:
        path: The sheet: CSV, separated by commas, semicolons or tabs.
        run: The run's folder.

    Returns:
        The key, and the rows that were answered in the order of the key.

    Raises:
        ConfigError: If it cannot be read, is no sheet of this run, was altered, or holds no answer.
    """
    rows = _rows(path)
    names = [str(row["id"]).strip() for row in rows]
    key = _key(path, run, names)
    known = {row.id: row for row in key.rows}
    answers: dict[str, Answer] = {}
    for number, (name, row) in enumerate(zip(names, rows, strict=True), 1):
        where = f"{path}, row {number}"
        if name not in known:
            raise ConfigError(
                f"{where}: `id` must be one of the sheet's, {key.sheet}-0001 and so on; got "
                f"{name[:60]!r}; label the sheet as it was written"
            )
        if names.index(name) < number - 1:
            raise ConfigError(f"{where}: {name} stands twice; leave one out")
        _check_texts(row, known[name], where)
        accepted = yes_or_no(row["accepted"], where)
        if accepted is not None:
            answers[name] = Answer(known[name], accepted, minutes_of(row.get("minutes"), where))
    if not answers:
        raise ConfigError(f"{path} must have yes or no under `accepted`; no row has")
    return key, [answers[row.id] for row in key.rows if row.id in answers]


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows as texts, by their columns in small letters."""
    text = _text(path)
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise ConfigError(f"{path} cannot be read as a table: {error}") from None
    columns = [name.strip().lower() for name in lines[0]] if lines else []
    if not {"id", "accepted"} <= set(columns) or len(set(columns)) < len(columns):
        raise ConfigError(
            f"{path} must have the columns id and accepted, each once; got "
            f"{', '.join(columns)[:80] or 'none'}; label the sheet as it was written"
        )
    full = [line for line in lines[1:] if any(cell.strip() for cell in line)]
    return [dict(zip(columns, [*line, *[""] * len(columns)], strict=False)) for line in full]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigError(f"{path} must have at most {_MOST_BYTES:,} bytes")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} must be UTF-8; save it as CSV UTF-8") from None


def _key(path: Path, run: Path, names: Sequence[str]) -> Key:
    """The key of the sheet whose rows these are."""
    keys = sorted((run / "labels").glob("*.key.json"))
    sheets = {name.rpartition("-")[0] for name in names}
    place = next((p for p in keys if p.name.removesuffix(".key.json") in sheets), None)
    if place is None:
        raise ConfigError(
            f"{path} must be a sheet of {run}; the key of none of its rows is in {run / 'labels'}; "
            f"make a sheet with: worktrial label {run} --sample N"
        )
    try:
        key = Key.model_validate_json(place.read_bytes())
    except (OSError, ValidationError, ValueError) as error:
        raise EvidenceError(f"{place} holds no key ({type(error).__name__})") from None
    if key.seal != _seal(key.rows):
        raise EvidenceError(f"{place} was altered: its rows are not those that were sealed")
    return key


def _check_texts(row: Mapping[str, Any], known: KeyRow, where: str) -> None:
    """Whoever labelled another text than the worker's has not labelled the worker's."""
    texts = ("task", "result", "changes")
    if all(name in row for name in texts) and _hash([str(row[n]) for n in texts]) != known.sha256:
        raise ConfigError(
            f"{where}: the texts of {known.id} were altered; they must stay as they were written, "
            "or leave their columns out"
        )


def _seal(rows: Sequence[KeyRow]) -> str:
    return digest({"rows": [row.model_dump() for row in rows]})


def _hash(cells: Sequence[str]) -> str:
    plain = "\x1f".join("".join(cell.removeprefix("'").split()) for cell in cells)
    return sha256(plain.encode("utf-8", errors="replace")).hexdigest()


def _cell(text: str) -> str:
    # What is hidden is written out first, and may be longer then.
    shown = visible(text[: 2 * MOST_CHARACTERS])
    left = len(text) - MOST_CHARACTERS
    if len(shown) > MOST_CHARACTERS:
        more = f"{left:,} more characters" if left > 0 else "cut off"
        shown = f"{shown[:MOST_CHARACTERS]}\n… {more}"
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
