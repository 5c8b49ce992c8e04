"""A file of one's own search tasks, in the format of VibeSearchBench.

Read with limits and checked as a whole before anything is called; whatever is wrong is one line.

References:
    VibeSearchBench (2026), arXiv:2605.27882.
"""

import hashlib
import json
import reprlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from worktrial.errors import ConfigError
from worktrial.search.items import STYLES, Style
from worktrial.search.persona import stages_of

MOST_BYTES, MOST_TASKS = 50_000_000, 10_000
MOST_NODES, MOST_TRIPLES, MOST_STAGES = 5_000, 20_000, 100
LONGEST_TEXT, LONGEST_NAME = 100_000, 400


def _written(value: object) -> object:
    """A number as it is written; files have ids and names of both kinds."""
    counts = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if counts else value


def _staged(value: object) -> object:
    """A persona in any of its three forms as an object with stages."""
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ValueError(f"must have at most {LONGEST_TEXT:,} characters: shorten it")
        return {"stages": stages_of(value)}
    return {"stages": value} if isinstance(value, list) else value


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME),
    BeforeValidator(_written),
]


class _Given(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Node(_Given):
    """Something that a good answer speaks of."""

    node_id: Name
    node_name: Name


class Edge(_Given):
    """One statement of a good answer, by the ids of its ends."""

    head_id: Name
    relation: Name
    tail_id: Name


class GivenStage(_Given):
    """What makes the person tell something, and the exact line.

    What a stage does while it is not met is left to the simulated user, which tells nothing then.
    """

    trigger: Text
    line: Text = Field(validation_alias=AliasChoices("line", "say"))


class GivenPersona(_Given):
    """Who asks, stage by stage."""

    stages: tuple[GivenStage, ...] = Field(min_length=1, max_length=MOST_STAGES)
    style: Style = STYLES[0]


class Task(_Given):
    """One task as its file has it; fields that are not listed here are ignored."""

    task_id: Name = Field(validation_alias=AliasChoices("task_id", "qid"))
    final_query: Text = Field(validation_alias=AliasChoices("final_query", "question"))
    initial_query: Text
    user_persona: Annotated[GivenPersona, BeforeValidator(_staged)]
    nodes: tuple[Node, ...] = Field(min_length=1, max_length=MOST_NODES)
    triples: tuple[Edge, ...] = Field(min_length=1, max_length=MOST_TRIPLES)

    @model_validator(mode="after")
    def _ends_are_nodes(self) -> Self:
        known: set[str] = set()
        for node in self.nodes:
            if node.node_id in known:
                raise ValueError(f"`nodes`: {node.node_id!r} is there twice: keep one")
            known.add(node.node_id)
        for at, edge in enumerate(self.triples):
            for end in ("head_id", "tail_id"):
                if (name := getattr(edge, end)) not in known:
                    raise ValueError(
                        f"`triples.{at}.{end}` must be the id of a node; got {name[:80]!r}: "
                        "add the node or mend the id"
                    )
        return self


def read_tasks(path: Path) -> tuple[Task, ...]:
    """The tasks of a file: one JSON object, a list of objects, or an object a line.

    Raises:
        ConfigError: If it cannot be read, breaks a limit, or holds something else.
    """
    found = _objects(_content(path).decode("utf-8-sig"), path)
    if not found:
        raise _wrong(path, "must hold at least one task; it is empty: add one")
    if len(found) > MOST_TASKS:
        raise _wrong(path, f"must hold at most {MOST_TASKS:,} tasks; got {len(found):,}: split it")
    tasks: dict[str, Task] = {}
    for number, each in enumerate(found, 1):
        task = _task(each, number, path)
        if task.task_id in tasks:
            raise _wrong(
                path, f"task {number}: `task_id` {task.task_id!r} is there twice: keep one"
            )
        tasks[task.task_id] = task
    return tuple(tasks.values())


def tasks_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        ConfigError: If it cannot be read.
    """
    return hashlib.sha256(_content(path)).hexdigest()


def _wrong(path: Path, rule: str) -> ConfigError:
    return ConfigError(f"`--tasks` {path}: {rule}")


def _content(path: Path) -> bytes:
    """What is in a file of UTF-8; of a larger one no more is read than shows that it is larger."""
    content = _bytes(path)
    if len(content) > MOST_BYTES:
        raise _wrong(path, f"must have at most {MOST_BYTES:,} bytes; it has more: split it")
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _wrong(path, f"must be UTF-8; line {line} is not: save it as UTF-8") from None
    return content


def _bytes(path: Path) -> bytes:
    try:
        # A pipe or device would be waited for.
        if path.exists() and not path.is_file():
            reason = "it is no file"
        else:
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
    raise _wrong(path, f"must be a file of JSON that can be read; {reason}: name another")


# --- JSON ---


def _objects(text: str, path: Path) -> list[object]:
    """What may be tasks: of a list its entries, otherwise every object of the file."""
    try:
        found = _parsed(text)
        return found if isinstance(found, list) else [found]
    except json.JSONDecodeError as error:
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        if error.msg != "Extra data" or len(lines) < 2:
            raise _wrong(path, _not_json(error.lineno, error.msg) if lines else _NOTHING) from None
    except (ValueError, RecursionError) as error:
        raise _wrong(path, _not_json(None, _reason(error))) from None
    return [_parsed_line(line, number, path) for number, line in lines]


_NOTHING = "must hold at least one task; it is empty: add one"


def _parsed_line(line: str, number: int, path: Path) -> object:
    try:
        return _parsed(line)
    except (ValueError, RecursionError) as error:
        raise _wrong(path, _not_json(number, _reason(error))) from None


def _parsed(text: str) -> object:
    found: object = json.loads(text, object_pairs_hook=_every_key_once)
    return found


def _every_key_once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"an object has {twice[:80]!r} twice")
    return found


def _not_json(line: int | None, reason: str) -> str:
    where = f" (line {line})" if line else ""
    return f"must be JSON or JSON lines; {reason}{where}: mend it"


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)


# --- one task ---


def _task(found: object, number: int, path: Path) -> Task:
    try:
        return Task.model_validate(found)
    except ValidationError as error:
        raise _wrong(path, f"task {_called(found, number)}: {_first(error)}") from None


def _called(found: object, number: int) -> str:
    """A task by its id where it has one, otherwise by its place."""
    name = found.get("task_id", found.get("qid")) if isinstance(found, dict) else None
    return repr(name)[:80] if isinstance(name, str | int) else str(number)


def _first(error: ValidationError) -> str:
    """The first thing that is wrong: its field, the rule, the value, and what to do."""
    found = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in found["loc"])
    rule = found["msg"].removeprefix("Value error, ")
    rule = rule[0].lower() + rule[1:] if found["type"] != "value_error" else rule
    field = f"`{place}` " if place else ""
    if found["type"] in ("missing", "value_error"):
        return f"{field}{rule}{_REMEDIES.get(found['type'], '')}"
    remedy = _REMEDIES.get(found["type"], ": mend it")
    return f"{field}{rule}; got {reprlib.repr(found['input'])}{remedy}"


_REMEDIES = {
    "missing": ": add it",
    "value_error": "",
    "string_too_short": ": write it out",
    "string_too_long": ": shorten it",
    "too_short": ": add one",
    "too_long": ": split the task",
}
