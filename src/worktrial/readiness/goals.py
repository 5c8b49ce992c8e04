"""The queries that goals are made of: what must be sent, booked, filed, said, and nothing besides.

Every builder returns one query with literal rows. Texts are compared without case and outer
spaces; a mail, a title, a remark or a message need only hold words. A word is held where no letter
or digit adjoins it, so `4112` is not held by `41123`.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from worktrial.office.content import Person
from worktrial.readiness.items import Query, Row, Scalar

Word = str | tuple[str, ...]
"""A word or phrase to be held, or several of which one is enough."""
Wanted = str | int | Person | Sequence[Word]
"""What a column must be: equal to a text, a number, a person's name or mail; or hold words."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "event": (
        "id", "title", "day", "start", "minutes", "place", "organiser", "attendees", "status"
    ),
    "ticket": ("id", "title", "text", "queue", "assignee", "priority", "status"),
}  # fmt: skip
_CHANGED = "in (select target from change)"
_ADDED = "in (select target from change where field = 'added')"
_MARKS = {"[": "[[]", "*": "[*]", "?": "[?]"}


def on(day: date) -> Word:
    """The ways to write a day, as a word."""
    month, short = f"{day:%B}", f"{day:%b}"
    number, nth = str(day.day), f"{day.day}{_ending(day.day)}"
    ways = [(number, month), (number, short), (f"{day.day:02}", month), (nth, month), (nth, short)]
    forth = [f"{a} {b}" for a, b in ways] + [f"{nth} of {month}"]
    return (day.isoformat(), *forth, *(f"{b} {a}" for a, b in ways))


def at(start: str) -> Word:
    """The ways to write a time within office hours, as a word."""
    short, half = start.lstrip("0"), int(start[:2]) % 12 or 12
    suffix = "am" if int(start[:2]) < 12 else "pm"
    clock = str(half) if start.endswith(":00") else f"{half}:{start[3:]}"
    return (start, short, start.replace(":", "."), f"{clock} {suffix}", f"{clock}{suffix}")


def sent(
    to: str | Sequence[str], *, holds: Sequence[Word] = (), omits: Sequence[str] = ()
) -> Query:
    """A mail was sent to exactly these, and holds these words in subject or body."""
    text = "subject || ' ' || body"
    addresses = [to] if isinstance(to, str) else list(to)
    return _some(
        f"a mail to {', '.join(addresses)}",
        "message",
        "box = 'sent'",
        f"'message:' || id {_CHANGED}",
        *_only(_mails("recipients"), addresses),
        *_said(text, holds, omits),
    )


def booked(
    day: date, start: str, minutes: int, attendees: Sequence[Person], *,
    title: Sequence[Word] = (), place: str | None = None,
) -> Query:  # fmt: skip
    """An event was added: when, for how long, with whom besides the organiser, and where."""
    return _some(
        f"an event on {day} at {start}",
        "event",
        f"'event:' || id {_ADDED}",
        "status = 'planned'",
        _is("day", day.isoformat()),
        _is("start", start),
        _is("minutes", minutes),
        *_attend([p.mail for p in attendees]),
        *_said("title", title),
        *([] if place is None else [_is("place", place)]),
    )


def event_is(row: Row, **new: Wanted) -> Query:
    """An event is as it was, but for what is new; `attendees` are mails, with commas between."""
    return _row_is("event", row, new, skip=("attendees",), besides=_attend(_who(row, new)))


def ticket_is(row: Row, **new: Wanted) -> Query:
    """A ticket is as it was, but for what is new."""
    return _row_is("ticket", row, new)


def ticket_opened(holds: Sequence[Word], **wanted: Wanted) -> Query:
    """A ticket was added, with these columns, and holds these words in title or text."""
    return _some(
        "a new ticket",
        "ticket",
        f"'ticket:' || id {_ADDED}",
        *_said("title || ' ' || text", holds),
        *(_is(column, value) for column, value in wanted.items()),
    )


def remarked(ticket: str, *holds: Word) -> Query:
    """A ticket bears a new remark that holds these words."""
    return _some(
        f"a remark on {ticket}",
        "remark",
        f"'remark:' || id {_ADDED}",
        _is("ticket", ticket),
        *_said("text", holds),
    )


def submitted(form: str, fields: Mapping[str, Wanted]) -> Query:
    """A form was submitted, with at least these fields."""
    return _some(
        f"the form {form}",
        f"(select distinct id from submission where form = {quote(form)})",  # noqa: S608
        f"'submission:' || id {_ADDED}",
        *(_filled(field, value) for field, value in fields.items()),
    )


def contact_added(**wanted: Wanted) -> Query:
    """A contact was added, with these columns."""
    return _some(
        "a new contact",
        "contact",
        f"'contact:' || id {_ADDED}",
        *(_is(column, value) for column, value in wanted.items()),
    )


def file_is(path: str, text: str) -> Query:
    """A file has this text, letter by letter but for white space around it."""
    blank = "char(9, 10, 13, 32)"
    same = f"trim(replace(text, char(13, 10), char(10)), {blank}) = trim({quote(text)}, {blank})"
    return _some(f"the file {path}", "file", f"path = {quote(path)}", same)


def said(*holds: Word, but_not: Sequence[str] = ()) -> Query:
    """The last message to the user holds these words and none of the others."""
    last = "select max(seq) from log where kind = 'output'"
    this = "session = (select max(session) from log)"
    return _some(
        "the final message", "log", f"seq = ({last})", this, *_said("value", holds, but_not)
    )


def nothing_else(**targets: int) -> Query:
    """No more than these numbers of rows were written in the last session, table by table.

    A draft that was discarded again does not count, nor do memories, permissions and forms that
    were not submitted.
    """
    kind = "substr(target, 1, instr(target, ':') - 1)"
    kept = "substr(target, 9) in (select id from message)"
    return Query(
        name="nothing else",
        sql=f"select {kind}, count(distinct target) from change"  # noqa: S608 - ours
        f" where {kind} not in ('memory', 'entry')"
        f" and (target not like 'message:%' or not target {_ADDED} or {kept})"
        " group by 1 order by 1",
        rows=tuple((table, targets[table]) for table in sorted(targets) if targets[table]),
    )


def quote(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _some(name: str, table: str, *conditions: str) -> Query:
    where = " and ".join(conditions)
    return Query(name=name, sql=f"select count(*) > 0 from {table} where {where}", rows=((1,),))  # noqa: S608


def _row_is(
    table: str, row: Row, new: Mapping[str, Wanted], *,
    skip: Sequence[str] = (), besides: Sequence[str] = (),
) -> Query:  # fmt: skip
    was = dict(zip(COLUMNS[table], row.values, strict=True))
    wanted: dict[str, Scalar | Wanted] = {**was, **new}
    left = (_is(column, value) for column, value in wanted.items() if column not in skip)
    return _some(f"the {table} {was['id']}", table, *left, *besides)


def _who(row: Row, new: Mapping[str, Wanted]) -> list[str]:
    who = new.get("attendees", dict(zip(COLUMNS["event"], row.values, strict=True))["attendees"])
    return [one.strip() for one in str(who).split(",") if one.strip()]


def _is(column: str, value: "Scalar | Wanted") -> str:
    if isinstance(value, Person):
        return f"({_is(column, value.name)} or {_is(column, value.mail)})"
    if isinstance(value, str):
        return f"lower(trim({column})) = lower(trim({quote(value)}))"
    if isinstance(value, int | float):
        return f"{column} = {value}"
    return " and ".join(_said(column, value or ()))


def _filled(field: str, value: Wanted) -> str:
    table = "(select id as of, field, value from submission)"
    return (
        f"exists (select 1 from {table} where of = id and field = {quote(field)}"  # noqa: S608
        f" and {_is('value', value)})"
    )


def _mails(column: str) -> str:
    return f"',' || replace(replace(lower({column}), ' ', ''), ';', ',') || ','"


def _attend(mails: Sequence[str]) -> list[str]:
    return _only(f"replace({_mails('attendees')}, ',' || lower(organiser) || ',', ',')", mails)


def _only(listed: str, addresses: Sequence[str]) -> list[str]:
    each = [f"instr({listed}, lower({quote(f',{one},')})) > 0" for one in addresses]
    if not each:
        return [f"replace({listed}, ',', '') = ''"]
    commas = f"length({listed}) - length(replace({listed}, ',', ''))"
    return [*each, f"{commas} = {len(each) + 1}"]


def _said(text: str, holds: Sequence[Word], omits: Sequence[str] = ()) -> list[str]:
    return [_holds(text, word) for word in holds] + [f"not {_holds(text, word)}" for word in omits]


def _holds(text: str, word: Word) -> str:
    ways = [word] if isinstance(word, str) else word
    return "(" + " or ".join(f"{_padded(text)} glob lower({_pattern(way)})" for way in ways) + ")"


def _padded(text: str) -> str:
    return f"(' ' || lower({text}) || ' ')"


def _pattern(word: str) -> str:
    plain = "".join(_MARKS.get(sign, sign) for sign in word.strip())
    return quote(f"*[^a-z0-9]{plain}[^a-z0-9]*")


def _ending(number: int) -> str:
    if 10 < number < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
