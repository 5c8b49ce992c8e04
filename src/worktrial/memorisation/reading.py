"""What is audited, read: rows become items, and what is wrong with a row is said.

A row is kept wherever something can still be measured of it; only what cannot be asked at all is
left out.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from worktrial.errors import ConfigError
from worktrial.memorisation import tables
from worktrial.memorisation.columns import Columns, find_columns, options_of, text_of
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.tables import Row, open_table
from worktrial.randomness import derive
from worktrial.trial import Audit

LONGEST_QUESTION = 50_000
"""Characters: no benchmark asks more, and a model would not read it."""
LONGEST_ANSWER = 5_000
_LONGEST_ID = 120
_NAMED_ROWS = 5
_MOST_OPTIONS = 26
_RESERVED = re.compile(r"canary|shard-\d+")
"""Names of what is measured of the file as a whole."""

_NOTES: Mapping[str, str] = {
    tables.NOT_OBJECT: "no object with columns; left out",
    tables.NOT_UTF8: "not valid UTF-8; left out",
    tables.NOT_JSON: "no JSON; left out",
    tables.TOO_LONG: f"longer than {tables.LONGEST_ROW:,} bytes; left out",
    tables.CELLS: "more cells than columns; left out",
    "no-question": "no question; left out",
    "long-question": f"a question of more than {LONGEST_QUESTION:,} characters; left out",
    "duplicate": "a question that stood before; the first is kept",
    "published-control": "a control that is itself audited; left out",
    "no-answer": "no answer; kept, without accuracy",
    "long-answer": f"an answer of more than {LONGEST_ANSWER:,} characters; kept, without accuracy",
    "strange-answer": "an answer that is none of the options; kept, without accuracy",
    "bad-options": "options that are empty, the same or too many; kept, as an open question",
    "nul": "NUL characters; kept, without them",
    "id": "an id that is missing, taken or too long, where others have one; numbered",
    "no-date": "no date that can be read; audited",
}


@dataclass(frozen=True)
class Note:
    """What is wrong with rows, said once.

    Attributes:
        kind: In one word.
        count: How many rows.
        text: For a person, with the number of rows.
        rows: The first few, by number.
    """

    kind: str
    count: int
    text: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Drawn:
    """The items that are audited, the controls after them, and what was wrong."""

    items: tuple[AuditItem, ...]
    notes: tuple[Note, ...]


class _Notes:
    """What is wrong, by kind, as it is met."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._rows: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    def add(self, kind: str, row: int) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        rows = self._rows.setdefault(kind, [])
        if len(rows) < _NAMED_ROWS:
            rows.append(row)

    def all(self) -> Iterator[Note]:
        for kind, count in self._counts.items():
            rows = f"{count:,} row{'s' * (count > 1)}"
            text = f"{self._where}: {rows} with {_NOTES[kind]}"
            if _NOTES[kind].startswith(("no ", "not ", "longer")) and "with no" not in text:
                text = f"{self._where}: {rows}: {_NOTES[kind]}"
            yield Note(kind, count, text, tuple(self._rows[kind]))


@dataclass(frozen=True)
class _Draft:
    """A row on its way to an item: its answer may yet be a letter or a number of an option."""

    row: int
    question: str
    answer: str | None
    whole: bool
    options: tuple[str, ...]
    labels: tuple[str, ...]
    id: str | None
    day: str | None
    key: bytes


def read_items(audit: Audit, *, limit: int | None, seed: int) -> Drawn:
    """Read the items that are audited, and the user's controls.

    Args:
        audit: What is audited.
        limit: How many items at most, and how many controls; a random draw that depends on the
            seed and the items alone. All by default.
        seed: Of the draw.

    Returns:
        Items in the order of their file, controls after them, with unique ids.

    Raises:
        ConfigError: If there is nothing to read, or no column of questions, or no item is left.
    """
    if limit is not None and limit < 1:
        raise ConfigError(f"`--items` must be at least 1, got {limit}")
    audited, controls, notes = _published(audit)
    if audit.controls is not None:
        more, others = _controls(audit, {draft.key for draft in audited})
        controls, notes = [*controls, *more], [*notes, *others]
    taken: set[str] = set()
    items = [
        item
        for drafts, role in ((audited, "audited"), (controls, "control"))
        for item in _items(_sampled(drafts, limit, seed), role, taken)
    ]
    return Drawn(tuple(items), tuple(notes))


def _published(audit: Audit) -> tuple[list[_Draft], list[_Draft], list[Note]]:
    """The items' own file: what is audited, and what is newer than the model."""
    notes = _Notes(audit.items)
    drafts, columns = _read(audit.items, audit.fields, notes, set())
    audited, newer = drafts, list[_Draft]()
    if audit.released is not None:
        audited, newer = _by_date(drafts, columns, audit, notes)
    if not audited:
        raise ConfigError(_nothing(audit.items, newer, list(notes.all())))
    return audited, newer, list(notes.all())


def _nothing(source: str, newer: Sequence[_Draft], notes: Sequence[Note]) -> str:
    if newer:
        return f"`--released` must leave something to audit; all {len(newer)} rows are as new"
    return f"{source} has no item: {'; '.join(note.text for note in notes) or 'it is empty'}"


def _controls(audit: Audit, published: set[bytes]) -> tuple[list[_Draft], list[Note]]:
    source = str(audit.controls)
    notes = _Notes(source)
    drafts, _ = _read(source, audit.fields, notes, published)
    if not drafts:
        raise ConfigError(_nothing(source, (), list(notes.all())))
    return drafts, list(notes.all())


def _read(
    source: str, fields: Mapping[str, str], notes: _Notes, published: set[bytes]
) -> tuple[list[_Draft], Columns]:
    table = open_table(source)
    columns = find_columns(table, fields)
    seen: set[bytes] = set()
    drafts = []
    for row in table.rows(columns.all()):
        draft = _draft(row, columns, notes)
        if draft is None:
            continue
        if draft.key in published or draft.key in seen:
            notes.add("published-control" if draft.key in published else "duplicate", row.number)
            continue
        seen.add(draft.key)
        drafts.append(draft)
    _say_of_ids(drafts, notes)
    return list(_resolved(drafts, notes)), columns


def _draft(row: Row, columns: Columns, notes: _Notes) -> _Draft | None:
    """A row's parts as text, or `None` if nothing can be asked."""
    if row.wrong:
        notes.add(row.wrong, row.number)
        return None
    question = _text(row.cells.get(columns.question), row.number, notes)
    if question is None:
        return None
    options, labels = _options(row, columns, notes)
    cell = row.cells.get(columns.answer) if columns.answer else None
    return _Draft(
        row=row.number,
        question=question,
        answer=_answer(cell, row.number, notes),
        whole=isinstance(cell, int),
        options=options,
        labels=labels,
        id=_id(row, columns),
        day=_day(row.cells.get(columns.date)) if columns.date else None,
        key=_key(question, options),
    )


def _text(cell: object, row: int, notes: _Notes) -> str | None:
    """A question, whole; what cannot be one is noted."""
    text = text_of(cell)
    if text and "\0" in text:
        notes.add("nul", row)
        text = text.replace("\0", "").strip()
    if not text:
        notes.add("no-question", row)
        return None
    if len(text) > LONGEST_QUESTION:
        notes.add("long-question", row)
        return None
    if not _is_utf8(text):
        notes.add(tables.NOT_UTF8, row)
        return None
    return text


def _is_utf8(text: str) -> bool:
    """Whether it has no half of a character, which no file or provider could take."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _answer(cell: object, row: int, notes: _Notes) -> str | None:
    text = text_of(cell)
    text = text.replace("\0", "").strip() if text else None
    if not text or not _is_utf8(text):
        notes.add("no-answer", row)
        return None
    if len(text) > LONGEST_ANSWER:
        notes.add("long-answer", row)
        return None
    return text


def _options(row: Row, columns: Columns, notes: _Notes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    options, labels = options_of([row.cells.get(name) for name in columns.options])
    if columns.options and len(columns.options) > 1:
        options = tuple(option for option in options if option)
    sound = len(options) > 1 and len(set(options)) == len(options) <= _MOST_OPTIONS
    if options and not (sound and all(o and _is_utf8(o) and "\0" not in o for o in options)):
        notes.add("bad-options", row.number)
    elif options:
        return options, labels
    return (), ()


def _id(row: Row, columns: Columns) -> str | None:
    text = text_of(row.cells.get(columns.id)) if columns.id else None
    text = " ".join(text.replace("\0", "").split()) if text else ""
    usable = text and len(text) <= _LONGEST_ID and _is_utf8(text) and text.isprintable()
    return text if usable and not _RESERVED.fullmatch(text) else None


def _day(cell: object) -> str | None:
    """The first day that a date may mean, as `YYYY-MM-DD`."""
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    found = re.match(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?!\d)", text_of(cell) or "")
    if not found:
        return None
    try:
        return date(*(int(part or 1) for part in found.groups())).isoformat()
    except ValueError:
        return None


def _key(question: str, options: Sequence[str]) -> bytes:
    """What makes an item the same item: its words, and its options in any order."""
    parts = [" ".join(question.split()), *sorted(options)]
    return hashlib.sha256("\x1f".join(parts).encode()).digest()[:16]


def _say_of_ids(drafts: Iterable[_Draft], notes: _Notes) -> None:
    seen: set[str] = set()
    doubtful = []
    for draft in drafts:
        if draft.id is None or draft.id in seen:
            doubtful.append(draft.row)
        else:
            seen.add(draft.id)
    for row in doubtful if seen else ():
        notes.add("id", row)


def _resolved(drafts: Sequence[_Draft], notes: _Notes) -> Iterator[_Draft]:
    """Drafts whose answers are texts: of a multiple choice, the right option's."""
    first = _first_number(drafts)
    for draft in drafts:
        if not draft.options or draft.answer is None:
            yield draft
            continue
        index = _chosen(draft, first)
        if index is None:
            notes.add("strange-answer", draft.row)
        yield replace(draft, answer=None if index is None else draft.options[index])


def _first_number(drafts: Iterable[_Draft]) -> int:
    """Whether options are counted from 0 or from 1, as no file says: 1 where 0 never is one.

    From 1 only where the number of the last option is met, which counting from 0 never gives.
    """
    numbers = [
        (int(draft.answer), len(draft.options))
        for draft in drafts
        if draft.answer is not None and draft.options and _is_number(draft.answer)
        if draft.whole or draft.answer not in draft.options
    ]
    return int(all(n for n, _ in numbers) and any(n == most for n, most in numbers))


def _is_number(answer: str) -> bool:
    return bool(re.fullmatch(r"\d{1,2}", answer, re.ASCII))


def _chosen(draft: _Draft, first: int) -> int | None:
    """Which option an answer names: by its text, its label, its letter or its number."""
    answer = draft.answer or ""
    plain = [_plain(option) for option in draft.options]
    if not draft.whole and plain.count(_plain(answer)) == 1:
        return plain.index(_plain(answer))
    if answer in draft.labels:
        return _within(draft.labels.index(answer), draft)
    if letter := re.fullmatch(r"\(?([A-Za-z])[).:]?", answer):
        return _within(ord(letter[1].upper()) - ord("A"), draft)
    if _is_number(answer):
        return _within(int(answer) - first, draft)
    return plain.index(_plain(answer)) if plain.count(_plain(answer)) == 1 else None


def _within(index: int, draft: _Draft) -> int | None:
    return index if 0 <= index < len(draft.options) else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _by_date(
    drafts: Sequence[_Draft], columns: Columns, audit: Audit, notes: _Notes
) -> tuple[list[_Draft], list[_Draft]]:
    """What is audited, and what is newer than the model and so a control."""
    day = _released(audit)
    if columns.date is None:
        raise ConfigError(
            f"`--released` needs a column of dates, and {audit.items} has none; "
            "name one with --field date=COLUMN"
        )
    for draft in drafts:
        if draft.day is None:
            notes.add("no-date", draft.row)
    newer = [draft for draft in drafts if (draft.day or "") >= day]
    return [draft for draft in drafts if (draft.day or "") < day], newer


def _released(audit: Audit) -> str:
    try:
        return date.fromisoformat(audit.released or "").isoformat()
    except ValueError as error:
        raise ConfigError(
            f"`--released` must be an ISO date, got {audit.released!r}; write YYYY-MM-DD"
        ) from error


def _sampled(drafts: Sequence[_Draft], limit: int | None, seed: int) -> Sequence[_Draft]:
    """A random draw that depends on the items' contents: other rows or their order move none."""
    if limit is None or limit >= len(drafts):
        return drafts
    lots = sorted(range(len(drafts)), key=lambda n: derive(seed, "items", drafts[n].key.hex()))
    return [drafts[n] for n in sorted(lots[:limit])]


_FINAL = re.compile(r"####\s*(.+?)\s*$", re.DOTALL)
"""How files of worked problems mark what the working comes to."""
_BOXED = re.compile(r"\\boxed\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")


def _items(drafts: Iterable[_Draft], role: str, taken: set[str]) -> Iterator[AuditItem]:
    for draft in drafts:
        answer, working = _worked(draft)
        yield AuditItem.model_validate(
            {
                "id": _unique(draft, role, taken),
                "row": draft.row,
                "role": role,
                "question": draft.question,
                "answer": answer,
                "options": draft.options,
                "working": working,
            }
        )


def _worked(draft: _Draft) -> tuple[str | None, str | None]:
    """The final answer, and the working that leads to it if the file gives one."""
    text = draft.answer
    if text is None or draft.options:
        return text, None
    if final := _FINAL.search(text):
        return final[1], text[: final.start()].strip() or None
    if (boxed := _BOXED.findall(text)) and "\\boxed" in text and len(text) > len(boxed[-1]):
        return boxed[-1].strip() or text, text
    return text, None


def _unique(draft: _Draft, role: str, taken: set[str]) -> str:
    """Its own id, or its row; with more words where that is taken."""
    row = f"row-{draft.row}" if role == "audited" else f"control-{draft.row}"
    candidate = draft.id if draft.id and draft.id not in taken else row
    while candidate in taken:
        candidate += "-again"
    taken.add(candidate)
    return candidate
