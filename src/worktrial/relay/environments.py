"""DELEGATE-52's file form: rows read with limits, each checked, and no name of theirs joined.

A row has states in the form of a star. Every forward prompt leads from the start state to another
one, whose own prompt leads back. `files` maps paths to texts: `basic_state/…` is the seed document,
`distractor_context/…` lies beside it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from worktrial.documents.handover import safe_name
from worktrial.documents.unit import Files
from worktrial.errors import ConfigError, DocumentError
from worktrial.relay.free import KIND, checked_words
from worktrial.relay.items import Errand

LONGEST_ROW = 10 * 2**20
LARGEST_FILE = 256 * 2**20
MOST_CHARACTERS = 1_000_000
"""Of a seed document, and of what lies beside it."""
MOST_FILES = 50
MOST_EDITS = 100
_KEYS = {"sample_id", "states", "files"}
_START, _BESIDE = "basic_state", "distractor_context"
_ID = re.compile(r"[A-Za-z0-9][\w.+-]{0,99}", re.ASCII)
_LONGEST_NAME = 100
_TAG = re.compile(r"\w[\w .+-]{0,39}")


def _listed(value: object) -> object:
    return [] if value is None else [value] if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_listed), Field(max_length=MOST_FILES)]


class _Part(BaseModel):
    # Tags of operations go by several names, and rows may have more than is needed.
    model_config = ConfigDict(frozen=True, extra="allow")


class Prompt(_Part):
    """An edit's words, and the state they lead to."""

    prompt_id: str = ""
    target_state: str
    prompt: str


class State(_Part):
    """What a workspace is like before or after an edit."""

    state_id: str
    context: Names = []
    solution_folder: str | None = None
    prompts: Annotated[list[Prompt], Field(max_length=MOST_EDITS)] = []


class Row(_Part):
    """A row as it is written."""

    sample_id: str
    sample_type: str = ""
    states: Annotated[list[State], Field(max_length=MOST_EDITS)]
    files: Annotated[dict[str, str], Field(max_length=1000)]
    metadata: dict[str, Any] = {}


# --- reading files -----------------------------------------------------------------------------


def files_of(path: Path) -> list[Path]:
    """The files that may hold rows: the path itself, or what a folder has of `.json` and `.jsonl`.

    Raises:
        ConfigError: If one is larger than is read.
    """
    inside = sorted(path.iterdir()) if path.is_dir() else [path]
    found = [
        file for file in inside
        if file.suffix.lower() in (".json", ".jsonl")
        and file.is_file() and not file.name.startswith(".")
    ]  # fmt: skip
    for file in found:
        if path.is_file() and file.stat().st_size > LARGEST_FILE:
            raise ConfigError(f"`--documents` {file} must have {LARGEST_FILE >> 20} MB at most")
    return found


def read_rows(file: Path) -> Iterator[tuple[str, Row | str]]:
    """Rows of a file one after the other, each with its place; a reason in the place of a bad one.

    A `.jsonl` file has a row a line; a `.json` file one row, or a list.
    """
    whole = file.suffix.lower() == ".json"
    try:
        for line, content in _pieces(file, whole):
            place = f"{file.name} line {line}"
            if content is None:
                yield place, f"longer than {LONGEST_ROW >> 20} MB"
            elif content.strip():
                rows = list(_read(content, whole))
                numbered = enumerate(rows, 1) if len(rows) > 1 else ((0, row) for row in rows)
                yield from ((f"{file.name} row {n}" if n else place, row) for n, row in numbered)
    except OSError as error:
        yield file.name, f"cannot be read: {error.strerror}"


def _pieces(file: Path, whole: bool) -> Iterator[tuple[int, bytes | None]]:
    """Lines, or the file as one; `None` for what is too long, which is never held as a whole."""
    with file.open("rb") as opened:
        number = 0
        while piece := opened.read(LONGEST_ROW + 1) if whole else opened.readline(LONGEST_ROW + 1):
            number += 1
            fits = len(piece) <= LONGEST_ROW
            yield number, piece if fits else None
            while not fits and not whole and piece and not piece.endswith(b"\n"):
                piece = opened.readline(LONGEST_ROW + 1)
            if whole:
                return


def _read(content: bytes, whole: bool) -> Iterator[Row | str]:
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        yield "not UTF-8"
    except json.JSONDecodeError as error:
        yield f"not JSON: {error.msg} at character {error.pos + 1}"
    except (ValueError, RecursionError):
        yield "not JSON that can be read: a number too long, or nested too deeply"
    else:
        yield from map(_row, read if whole and isinstance(read, list) else [read])


def _row(read: object) -> Row | str:
    if not isinstance(read, dict) or not read.keys() >= _KEYS:
        return f"no row: it must be an object with {', '.join(sorted(_KEYS))}"
    try:
        # Half a character (a lone surrogate) can be written as JSON and nowhere else.
        json.dumps(read, ensure_ascii=False).encode()
        return Row.model_validate(read)
    except UnicodeEncodeError:
        return "it holds half a character (a lone surrogate)"
    except (ValidationError, RecursionError) as error:
        return _first(error) if isinstance(error, ValidationError) else "nested too deeply"


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in found["loc"])
    return f"`{place[:100]}`: {found['msg']}"


# --- one environment ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Environment:
    """A row that can be run as far as its form goes.

    Attributes:
        id: Its sample's id.
        type: What it calls its domain.
        files: The seed document, by plain names.
        distractors: What lies beside it.
        errands: Its edits, each way in words.
        unusable: What is wrong with its other edits, a line each.
    """

    id: str
    type: str
    files: Files
    distractors: Files
    errands: tuple[Errand, ...]
    unusable: tuple[str, ...]

    @classmethod
    def of(cls, row: Row) -> "Environment":
        """Check a row and take from it what a relay needs.

        Raises:
            DocumentError: If it cannot be run.
        """
        if not _ID.fullmatch(row.sample_id):
            raise DocumentError("its sample_id must be letters, digits and . _ + - (100 at most)")
        start = _start(row)
        beside = _under(row.files, _BESIDE)
        files = _chosen(start, _under(row.files, _folder(row, start)), beside)
        if double := files.keys() & beside.keys():
            raise DocumentError(f"{min(double)} is a working file and a distractor")
        errands, unusable = _errands(row, start)
        return cls(row.sample_id, row.sample_type, files, beside, tuple(errands), tuple(unusable))


def _start(row: Row) -> State:
    wanted = row.metadata.get("start_state") or _START
    found = next((state for state in row.states if state.state_id == wanted), None)
    if found is None:
        raise DocumentError(f"it has no state {str(wanted)[:60]!r} to start from")
    return found


def _folder(row: Row, start: State) -> str:
    """Where the seed document lies: under the start state's name, or the folder it names."""
    named = (start.solution_folder or "").strip("./")
    held = any(path.startswith(f"{start.state_id}/") for path in row.files)
    return start.state_id if held or not named else named


def _under(files: Mapping[str, str], folder: str) -> dict[str, str]:
    """The files of a folder, by names that have none.

    Raises:
        DocumentError: If a name is not a plain one, or there are too many files or characters.
    """
    inside = {
        path.removeprefix(f"{folder}/"): text.removeprefix("\ufeff").replace("\r\n", "\n")
        for path, text in files.items()
        if path.startswith(f"{folder}/")
    }
    for name in inside:
        if not safe_name(name) or name != name.strip():
            raise DocumentError(f"{name[:60]!r} in {folder} is no plain file name")
    if len(inside) > MOST_FILES or sum(map(len, inside.values())) > MOST_CHARACTERS:
        raise DocumentError(
            f"{folder} must have {MOST_FILES} files and {MOST_CHARACTERS:,} characters at most"
        )
    return inside


def _chosen(start: State, files: Files, beside: Files) -> dict[str, str]:
    """The files that the start state's context asks for, all if it asks for none.

    Raises:
        DocumentError: If one that it names is not there, or none is.
    """
    patterns = [pattern.rpartition("/")[2][:100] for pattern in start.context]
    for pattern in patterns:
        if "*" not in pattern and pattern not in {**files, **beside}:
            raise DocumentError(f"its context names {pattern!r}, which the row does not hold")
    kept = {
        name: text
        for name, text in files.items()
        if not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)
    }
    if not kept:
        raise DocumentError("it has no seed document")
    return kept


def _errands(row: Row, start: State) -> tuple[list[Errand], list[str]]:
    """The edits there and back, and why others are none."""
    states = {state.state_id: state for state in row.states}
    errands: list[Errand] = []
    unusable: list[str] = []
    for prompt in start.prompts:
        target = states.get(prompt.target_state)
        try:
            errands.append(_errand(start, prompt, target))
        except ValueError as error:
            unusable.append(f"`{prompt.target_state[:_LONGEST_NAME]}`: {error}")
    return errands, unusable


def _errand(start: State, there: Prompt, target: State | None) -> Errand:
    """Raise `ValueError` if an edit is not whole."""
    if target is None or target is start:
        raise ValueError("it leads to no other state")
    back = next((p for p in target.prompts if p.target_state == start.state_id), None)
    if back is None:
        raise ValueError("no prompt of it leads back")
    if not target.state_id.isprintable() or len(target.state_id) > _LONGEST_NAME:
        raise ValueError(f"its name must be printable and have {_LONGEST_NAME} characters at most")
    return Errand(
        name=target.state_id,
        kind=_kind(target, there),
        forward=_words("forward", there),
        backward=_words("backward", back),
    )


def _words(way: str, prompt: Prompt) -> str:
    try:
        return checked_words(prompt.prompt)
    except ValueError as error:
        raise ValueError(f"its {way} prompt {error}") from None


def _kind(target: State, prompt: Prompt) -> str:
    """The operation it is tagged with, under whichever name; of several it is composed."""
    extra = {**(target.model_extra or {}), **(prompt.model_extra or {})}
    tagged = [_listed(v) for name, v in extra.items() if re.search(r"tag|operation", name)]
    tags = [t for of in tagged if isinstance(of, list) for t in of if isinstance(t, str)]
    tags = list(dict.fromkeys(tag for tag in tags if _TAG.fullmatch(tag)))
    return KIND if not tags else tags[0] if len(tags) == 1 else "composed"
