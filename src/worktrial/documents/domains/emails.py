"""A mailbox of messages, in mbox.

A unit is a message, identified by its `Message-ID`; its headers are fields, its body is text. What
follows `From ` in the line that begins it is the field `postmark`.

What counts is every header with its value, the body with its line ends, and the order of
messages. The case of header names, where a header is folded, the order of different headers and
empty lines around a body mean nothing. A line of a body that begins with `From ` is written with
a `>` before it, and read without it.

Known limits: nothing is decoded, so that attachments, encoded words and parts of a message are
text as they stand. Dates are text.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import TEXT, KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

MESSAGE, KEY, POSTMARK = "message", "Message-ID", "postmark"
_FIRST = re.compile(r"From (\S.*\d{2}:\d{2}.*)")
_HEADER = re.compile(r"([!-9;-~]{1,76}):[ \t]*(.*)")
_QUOTED = re.compile(r"(?m)^>(>*From )")
_TO_QUOTE = re.compile(r"(?m)^(>*From )")
_SPELLINGS = {"message-id": KEY, "mime-version": "MIME-Version", "x-former-id": "X-Former-ID"}


class Mbox(Format):
    """Messages that each begin with `From `, an address and a time."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a message; what stands before the first is opaque."""
        parts: list[list[str]] = [[]]
        for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
            if _FIRST.fullmatch(line):
                parts.append([])
            parts[-1].append(line)
        before = [opaque(line) for line in parts[0] if line.strip()]
        return [*before, *map(_unit, parts[1:])]

    def render(self, units: Sequence[Unit]) -> str:
        """A header a line, and an empty line after headers and bodies."""
        return "".join(map(_written, units))


MBOX = Mbox()


def _unit(lines: Sequence[str]) -> Unit:
    fields: dict[str, Value] = {POSTMARK: lines[0].removeprefix("From ")}
    seen, at = Counter[str](), 1
    while at < len(lines) and _is_header(lines[at], fields, seen):
        at += 1
    body = _QUOTED.sub(r"\1", "\n".join(lines[at:]).strip("\n"))
    return Unit(MESSAGE, fields, key=KEY if KEY in fields else None, text=body)


def _is_header(line: str, fields: dict[str, Value], seen: Counter[str]) -> bool:
    """Take a line that is a header or goes on with the last one."""
    found, last = _HEADER.fullmatch(line), next(reversed(fields))
    if found:
        name = _spelt(found[1])
        seen[name] += 1
        # No header's own name has a space.
        fields[f"{name} {seen[name]}" if seen[name] > 1 else name] = found[2].strip()
    elif last != POSTMARK and line[:1] in (" ", "\t") and line.strip():
        fields[last] = f"{fields[last]} {line.strip()}".strip()
    else:
        return False
    return True


def _spelt(name: str) -> str:
    """A header's name in the usual spelling; its case means nothing."""
    usual = "-".join(part.capitalize() for part in name.split("-"))
    return _SPELLINGS.get(name.lower(), usual)


def _written(unit: Unit) -> str:
    if unit.kind == "opaque":
        return f"{unit.layout or unit.text}\n"
    headers = [
        f"{name.partition(' ')[0]}: {table.written(value)}".rstrip()
        for name, value in unit.fields.items()
        if name != POSTMARK
    ]
    first = f"From {table.written(unit.fields.get(POSTMARK))}"
    body = _TO_QUOTE.sub(r">\1", unit.text)
    return "\n".join([first, *headers, "", *([body, ""] if body else []), ""])


# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    MESSAGE,
    one="mail",
    many="mails",
    a_field="header",
    key=KEY,
    text="`text` is the body, without the empty lines around it, and `postmark` is what follows "
    "`From ` in the line that begins a message.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=MESSAGE,
    keys=(KEY,),
    columns=(
        KEY, "Date", "From", "To", "Cc", "Subject", "X-Folder", "In-Reply-To", "References",
        POSTMARK, TEXT,
    ),
    sortable=("Subject", "From"),
    category="X-Folder",
    removable=("Subject", "X-Folder", TEXT),
    recodes={
        "X-Folder": {
            "billing": "accounts", "support": "service", "hiring": "people", "travel": "trips",
            "orders": "sales",
        },
    },
    extension=".mbox",
    plural="messages",
)  # fmt: skip
_PEOPLE = ("From", "To", "Cc")
_REFERRING = (KEY, "In-Reply-To", "References")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    rf"(?:{'|'.join(_DAYS)}), ([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})"
)


def _changed(document: Document, names: Iterable[str], change: Callable[[str], str]) -> Document:
    """Change the values of some headers."""

    def changed(unit: Unit) -> Unit:
        new = {n: change(v) for n in names if isinstance(v := unit.fields.get(n), str)}
        return programs.with_fields(unit, {**unit.fields, **new}) if new else unit

    return programs.each(document, MESSAGE, changed)


def read_date(text: Value) -> datetime | None:
    """A date as a header has it, if it is written in the usual way."""
    found = _DATE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    day, year, hour, minute, second = map(int, found.group(1, 3, 4, 5, 6))
    month = _MONTHS.index(found[2]) + 1
    away = timedelta(hours=int(found[8]), minutes=int(found[9]))
    try:
        zone = timezone(-away if found[7] == "-" else away)
        when = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return when if write_date(when) == text else None


def write_date(when: datetime) -> str:
    """A date as a header has it, whatever the language of the machine."""
    day = f"{_DAYS[when.weekday()]}, {when.day} {_MONTHS[when.month - 1]} {when.year:04}"
    return f"{day} {when:%H:%M:%S} {when:%z}"


def to_utc(document: Document, *, note: str) -> Document:
    """Write dates in universal time, and note the zones that they had."""

    def moved(unit: Unit) -> Unit:
        when = read_date(unit.fields.get("Date"))
        utc = _in_zone(when, UTC) if when else None
        if when is None or utc is None:
            return unit
        return programs.with_fields(unit, {**unit.fields, "Date": utc, note: f"{when:%z}"})

    return programs.each(document, MESSAGE, moved)


def from_utc(document: Document, *, note: str) -> Document:
    """Write dates in the zones that are noted."""

    def moved(unit: Unit) -> Unit:
        when, zone = read_date(unit.fields.get("Date")), _zone(unit.fields.get(note))
        local = _in_zone(when, zone) if when and zone else None
        if local is None:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != note}
        return programs.with_fields(unit, {**rest, "Date": local})

    return programs.each(document, MESSAGE, moved)


def _in_zone(when: datetime, zone: timezone) -> str | None:
    try:
        return write_date(when.astimezone(zone))
    except OverflowError:
        return None


def _zone(text: Value) -> timezone | None:
    """The zone of an offset such as `+0100`."""
    noted = read_date(f"Thu, 1 Jan 1970 00:00:00 {text}")
    zone = noted.tzinfo if noted else None
    return zone if isinstance(zone, timezone) else None


def renumber(document: Document, *, host: str, note: str) -> Document:
    """Give messages new identifiers, and note the old ones."""
    messages = [u for u in document.units() if u.kind == MESSAGE]
    legend = {old: f"<{n}@{host}>" for n, old in enumerate(programs.text_values(messages, KEY), 1)}

    def noted(unit: Unit) -> Unit:
        old = unit.fields.get(KEY)
        return programs.with_fields(unit, {**unit.fields, note: old}) if old else unit

    return _referring(programs.each(document, MESSAGE, noted), legend)


def from_noted(document: Document, *, note: str) -> Document:
    """Give messages the identifiers that are noted with them."""
    legend = {
        table.written(u.fields.get(KEY)): table.written(u.fields[note])
        for u in document.units()
        if u.kind == MESSAGE and note in u.fields
    }
    return programs.drop(_referring(document, legend), kind=MESSAGE, field=note)


def _referring(document: Document, legend: Mapping[str, str]) -> Document:
    def renamed(value: str) -> str:
        return re.sub(r"<[^<>\s]{1,250}>", lambda one: legend.get(one[0], one[0]), value)

    return _changed(document, _REFERRING, renamed)


def readdress(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Change the domains of addresses."""

    def renamed(value: str) -> str:
        return re.sub(r"@([\w.-]{1,250})", lambda at: f"@{legend.get(at[1], at[1])}", value)

    return _changed(document, _PEOPLE, renamed)


def lift_signature(document: Document, *, target: str) -> Document:
    """Move what follows two dashes to a header."""

    def lifted(unit: Unit) -> Unit:
        body, dashes, signature = unit.text.rpartition("\n\n-- \n")
        lines = signature.split("\n")
        sound = all(line == line.strip() != "" and " / " not in line for line in lines)
        if not dashes or not sound or body != body.strip("\n") or not body:
            return unit
        fields = {**unit.fields, target: " / ".join(lines)}
        return replace(programs.with_fields(unit, fields), text=body)

    return programs.each(document, MESSAGE, lifted)


def lower_signature(document: Document, *, target: str) -> Document:
    """Move the signature from a header to the end of the body."""

    def lowered(unit: Unit) -> Unit:
        signature = unit.fields.get(target)
        if not isinstance(signature, str):
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != target}
        text = "\n".join([unit.text, "", "-- ", *signature.split(" / ")])
        return replace(programs.with_fields(unit, rest), text=text)

    return programs.each(document, MESSAGE, lowered)


TO_UTC = Verb(
    "Write every `Date` in universal time with the zone `+0000`, such as "
    "`Tue, 3 Mar 2026 08:14:00 +0000` for 09:14:00 +0100, and note the zone that it had in a new "
    "header {note}.",
    to_utc,
)
FROM_UTC = Verb(
    "Write every `Date` in the zone that the header {note} gives, such as "
    "`Tue, 3 Mar 2026 09:14:00 +0100` for 08:14:00 +0000, and take that header out.",
    from_utc,
)
RENUMBER = Verb(
    "Give the messages new `Message-ID`s that count from 1 before @ and the host {host}, with "
    "angle brackets, in the order in which they stand, and change `In-Reply-To` and `References` "
    "to match. Note the old identifier of each in a new header {note}. References to messages "
    "that are not here stay.",
    renumber,
)
FROM_NOTED = Verb(
    "Make what the header {note} of a message says its `Message-ID`, change `In-Reply-To` and "
    "`References` to match, and take that header out.",
    from_noted,
)
READDRESS = Verb(
    "In the headers `From`, `To` and `Cc`, change the domains of addresses as follows: {**legend}. "
    "Everything else stays.",
    readdress,
)
LIFT = Verb(
    "Where a body ends with a signature (an empty line, a line of two dashes and a space, and what "
    "follows), take all of this out of the body and put what follows the dashes in a new header "
    "{target}, its lines joined by a slash with a space on either side.",
    lift_signature,
)
LOWER = Verb(
    "Where a message has the header {target}, take it out and put what it says at the end of the "
    "body instead: an empty line, a line of two dashes and a space, then a line for every part "
    "between slashes that have a space on either side.",
    lower_signature,
)


def universal_time(document: Document, _: Random) -> Edit | None:
    """Dates in universal time."""
    note, messages = "X-Zone", EDITS.records(document)
    if not messages or any(
        note in u.fields or not read_date(u.fields.get("Date")) for u in messages
    ):
        return None
    return edit("universal_time", "convert", [TO_UTC(note=note)], [FROM_UTC(note=note)])


def new_identifiers(document: Document, rng: Random) -> Edit | None:
    """Messages counted anew."""
    note, host = "X-Former-ID", f"archive{rng.randint(2, 99)}.example"
    messages = EDITS.records(document)
    values = [str(v) for u in messages for v in u.fields.values()]
    keys = [str(u.fields.get(KEY, "")) for u in messages]
    plain = bool(keys) and all(re.fullmatch(r"<[^<>\s]{1,250}>", key) for key in keys)
    if (
        not plain
        or any(f"@{host}>" in v for v in values)
        or any(note in u.fields for u in messages)
    ):
        return None
    said = {"host": host, "note": note}
    return edit("new_identifiers", "renumber", [RENUMBER(**said)], [FROM_NOTED(note=note)])


def domains(document: Document, rng: Random) -> Edit | None:
    """Firms under new domains."""
    said = [str(u.fields.get(n, "")) for u in EDITS.records(document) for n in _PEOPLE]
    present = sorted({found for value in said for found in re.findall(r"@([\w.-]{1,250})", value)})
    legend = {old: f"mail.{old}" for old in content.distinct(rng, present, 3)}
    if not present or set(legend.values()) & set(present) or not sayable(*legend.values()):
        return None
    return edit(
        "domains",
        "rename",
        [READDRESS(legend=legend)],
        [READDRESS(legend=programs.inverse(legend))],
    )


def signatures(document: Document, _: Random) -> Edit | None:
    """Signatures in a header."""
    target, messages = "X-Signature", EDITS.records(document)
    signed = [u for u in messages if "\n\n-- \n" in u.text]
    if any(target in u.fields for u in messages) or lift_signature(
        Document({"": tuple(signed)}), target=target
    ).files[""] == tuple(signed):
        return None
    return edit("signatures", "extract", [LIFT(target=target)], [LOWER(target=target)])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), universal_time, new_identifiers, domains, signatures,
    compose("archive", new_identifiers, universal_time, EDITS.sort),
    compose("merger", domains, signatures, EDITS.extract),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------


class _Post:
    """Messages between some people, as they come in."""

    def __init__(self, rng: Random, *, brief: bool) -> None:
        self.rng, self.brief = rng, brief
        names = dict.fromkeys(content.person(rng) for _ in range(9))
        self.people = [(name, content.email(name, rng)) for name in names]
        self.when = datetime(2026, 1, 1, 7, tzinfo=UTC) + timedelta(days=rng.randrange(300))
        self.messages: list[dict[str, Value]] = []

    def message(self) -> Unit:
        """The next one, often an answer."""
        rng = self.rng
        self.when += timedelta(seconds=rng.randint(100, 20_000))
        (name, address), (other, their), *more = rng.sample(self.people, 3)
        local = self.when.astimezone(timezone(timedelta(minutes=30 * rng.randint(-10, 18))))
        stamp = f"{_DAYS[self.when.weekday()]} {_MONTHS[self.when.month - 1]} {self.when.day:2}"
        fields: dict[str, Value] = {
            POSTMARK: f"{address} {stamp} {self.when:%H:%M:%S %Y}",
            KEY: f"<{rng.randrange(10**6):06}@{address.partition('@')[2]}>",
            "Date": write_date(local),
            "From": f"{name} <{address}>",
            "To": f"{other} <{their}>",
        }
        if rng.random() < 0.3 and not self.brief:
            fields["Cc"] = ", ".join(f"{person} <{at}>" for person, at in more)
        fields |= self._matter()
        self.messages.append(fields)
        signed = not self.messages[1:] or rng.random() < 0.4
        return Unit(MESSAGE, fields, text=self._body(other, name) if signed else self._body(other))

    def _matter(self) -> dict[str, Value]:
        rng = self.rng
        if not self.messages or rng.random() < 0.5:
            folder = rng.choice(list(EDITS.recodes["X-Folder"]))
            return {"Subject": content.topic(rng).capitalize(), "X-Folder": folder}
        last = rng.choice(self.messages[-4:])
        answered = {"Subject": f"Re: {str(last['Subject']).removeprefix('Re: ')}"}
        before = " ".join(str(last[n]) for n in ("References", KEY) if n in last)
        more = {"References": before} if "In-Reply-To" in last and not self.brief else {}
        return {**answered, "X-Folder": last["X-Folder"], "In-Reply-To": last[KEY], **more}

    def _body(self, reader: str, writer: str = "") -> str:
        rng = self.rng
        short = f"The {content.topic(rng)} was {rng.choice(content.VERBS)}."
        said = short if self.brief else content.paragraph(rng, rng.randint(1, 3))
        greeting = f"Dear {reader.split()[0]},\n\n"
        role = rng.choice(("Sales", "Accounts", "Front desk", "Workshop", "Purchasing"))
        return f"{greeting}{said}" + (f"\n\n-- \n{writer}\n{role}" if writer else "")


class Emails(Domain):
    """A mailbox of messages."""

    name = "emails"
    category = "records"
    formats: ClassVar = {".mbox": MBOX, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), TO_UTC, FROM_UTC, RENUMBER, FROM_NOTED, READDRESS, LIFT, LOWER,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """The messages of some weeks."""
        post = _Post(rng, brief=size < 450)
        units = [post.message() for _ in range(max(3, round(size / 170)))]
        return {"inbox.mbox": MBOX.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; header names in small letters; addresses folded."""
        small = re.sub(r"(?m)^(Message-ID|Date|Subject|X-Folder):", lambda h: h[0].lower(), text)
        return [text.replace("\n", "\r\n"), small, text.replace(" <", "\n\t<")]

    def distractors(self, rng: Random, size: int) -> Files:
        """Rules of the office and a list of addresses."""
        return {
            "office.md": content.memo(rng, size // 2),
            "addresses.csv": _addresses(rng, size // 2),
        }


def _addresses(rng: Random, size: int) -> str:
    people = [content.person(rng) for _ in range(max(3, size // 16))]
    rows = [Unit(table.ROW, {"name": name, "mail": content.email(name, rng)}) for name in people]
    return table.CSV.render(rows)


DOMAIN = Emails()
