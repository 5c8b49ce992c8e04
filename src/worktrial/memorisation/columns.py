"""Which column of a table holds what, and what a cell says as text."""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from worktrial.errors import ConfigError
from worktrial.memorisation.tables import Table

_QUESTION = ("question", "problem", "prompt", "input", "query", "text", "instruction", "messages")
_ANSWER = ("answer", "target", "solution", "final_answer", "correct_answer", "answer_key", "label")
_GUESSES: Mapping[str, Sequence[str]] = {
    "question": (*_QUESTION, "ctx"),
    "answer": _ANSWER,
    "options": ("options", "choices", "endings"),
    "id": ("id", "task_id", "question_id", "unique_id", "uid"),
    "date": ("date", "release_date", "released", "created_at", "published", "contest_date"),
}
_LETTERS = "abcdefghij"
_LONGEST_LIST = 100_000
_LONGEST_WHOLE = 10**15


@dataclass(frozen=True)
class Columns:
    """The columns by what they hold; of options one of lists, or one an option."""

    question: str
    answer: str | None
    options: tuple[str, ...]
    id: str | None
    date: str | None

    def all(self) -> tuple[str, ...]:
        """Each column once."""
        single = (self.question, self.answer, self.id, self.date)
        return tuple(dict.fromkeys([*(name for name in single if name), *self.options]))


def find_columns(table: Table, fields: Mapping[str, str]) -> Columns:
    """The columns that a person named, and for the rest those of the usual names.

    Args:
        table: Whose columns.
        fields: Columns by what they hold; of options several, with commas between.

    Raises:
        ConfigError: If a named column, or any column of questions, is missing.
    """
    if unknown := sorted(set(fields) - set(_GUESSES)):
        raise ConfigError(f"`field` must be one of {', '.join(_GUESSES)}, got {unknown[0]!r}")
    named = {what: _named(table, what, column) for what, column in fields.items()}
    guessed = {what: named.get(what) or _guess(table, what) for what in _GUESSES}
    if not guessed["question"]:
        raise ConfigError(
            f"{table.name} has no column of questions; its columns are {_list(table.columns)}; "
            "name one with --field question=COLUMN"
        )
    one = {what: found[0] if found else None for what, found in guessed.items()}
    return Columns(
        guessed["question"][0], one["answer"], guessed["options"], one["id"], one["date"]
    )


def _named(table: Table, what: str, column: str) -> tuple[str, ...]:
    by_name = {_plain(name): name for name in reversed(table.columns)}
    by_name |= {name: name for name in table.columns}
    wanted = [column]
    if what == "options" and column not in by_name and _plain(column) not in by_name:
        wanted = column.split(",")
    missing = [name for name in wanted if name not in by_name and _plain(name) not in by_name]
    if missing:
        raise ConfigError(
            f"{table.name} has no column {missing[0]!r} of {what}; "
            f"its columns are {_list(table.columns)}"
        )
    return tuple(by_name.get(name) or by_name[_plain(name)] for name in wanted)


def _guess(table: Table, what: str) -> tuple[str, ...]:
    by_name = {_plain(name): name for name in reversed(table.columns)}
    for guess in _GUESSES[what]:
        if found := by_name.get(_plain(guess)):
            return (found,)
    return _lettered(by_name) if what == "options" else ()


def _lettered(by_name: Mapping[str, str]) -> tuple[str, ...]:
    """Columns such as `A`, `B`, `C`, or `option_a`, `option_b`."""
    for before in ("", "option", "choice"):
        found = [by_name.get(before + letter) for letter in _LETTERS]
        there = found[: found.index(None)] if None in found else found
        if len(there) > 1:
            return tuple(name for name in there if name)
    return ()


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()


def _list(columns: Sequence[str]) -> str:
    shown = ", ".join(name[:40] for name in columns[:20]) or "none"
    return shown + (f" and {len(columns) - 20} more" if len(columns) > 20 else "")


def text_of(cell: object) -> str | None:
    """What a cell says, `None` where it says nothing or is no text.

    A number is its digits; of messages the last one of the user speaks, of a list its only
    element, of an object its `value`, `text` or `content`.
    """
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, int | float | Decimal):
        return _digits(cell)
    if isinstance(cell, Mapping):
        return next((text_of(cell[k]) for k in ("value", "text", "content") if k in cell), None)
    if isinstance(cell, Sequence) and not isinstance(cell, bytes):
        asked = [c for c in cell if isinstance(c, Mapping) and c.get("role") == "user"]
        chosen = asked[-1:] or list(cell)
        return text_of(chosen[0]) if len(chosen) == 1 else None
    return None


def _digits(value: int | float | Decimal) -> str | None:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 10**100 else None
    if not math.isfinite(value):
        return None
    whole = int(value)
    return str(whole) if value == whole and abs(whole) < _LONGEST_WHOLE else str(value)


def options_of(cells: Sequence[object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Options in their order, and the labels that the file gives them, if it does."""
    if len(cells) > 1:
        return _texts(cells), ()
    cell = cells[0] if cells else None
    if isinstance(cell, str):
        cell = _listed(cell)
    if isinstance(cell, Mapping):
        return _labelled(cell)
    if isinstance(cell, Sequence) and not isinstance(cell, str | bytes):
        if cell and all(isinstance(c, Mapping) and "label" in c and "text" in c for c in cell):
            return _texts(c["text"] for c in cell), _texts(c["label"] for c in cell)
        return _texts(cell), ()
    return (), ()


def _labelled(cell: Mapping[str, object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    texts, labels = cell.get("text"), cell.get("label")
    if isinstance(texts, Sequence) and isinstance(labels, Sequence):
        return _texts(texts), _texts(labels)
    return _texts(cell.values()), tuple(map(str, cell))


def _listed(cell: str) -> object:
    """A list that was written into a cell of text: JSON, lines or bars."""
    if cell[:1] in "[{" and len(cell) <= _LONGEST_LIST:
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return ()
    for between in ("\n", " | ", "|"):
        if between in cell.strip():
            return cell.strip().split(between)
    return ()


def _texts(cells: Iterable[object]) -> tuple[str, ...]:
    return tuple(text or "" for text in map(text_of, cells))
