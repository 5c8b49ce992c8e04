"""Transcripts of earnings calls, in Markdown.

A unit is a turn of speech, identified by its time: `**Greta Holm** [00:12:40]: We grew.` has a
speaker, a time in seconds and running text, and may have the speaker's role after the name. Other
units are participants (a bullet: name, firm in parentheses, role after a colon), facts on a line of
their own (`Date: 2026-10-28`), further paragraphs, and headings. Facts and headings are structural.

What counts is every word, name, figure and second, and the order of it all. The bullet sign, how
bold type is marked, line breaks in a paragraph and blank lines mean nothing.

Known limits: figures in what is said are words, not numbers. A paragraph without a speaker is text
of its own. Edits of sections are planned only for one file whose headings differ.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from operator import mul, truediv
from random import Random
from typing import ClassVar

from worktrial.documents import content, markdown, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value

TURN, PERSON, FACT, SPEECH = "turn", "participant", "fact", "paragraph"
_TURN = re.compile(
    r"(?:\*\*([^*]{1,80})\*\*|__([^_]{1,80})__)(?:, ([^\[\]:]{1,80}))?"
    r" \[(\d\d):([0-5]\d):([0-5]\d)\]:(?: (.*))?"
)
_FACT = re.compile(r"([A-Z][a-z]{1,20}(?: [a-z]{1,20})?): (\S.{0,80})")
_PERSON = re.compile(r"- ([^():]{1,80}?)(?: \(([^()]{1,80})\))?(?:: (.*))?")


class Transcript(Format):
    """Headings, facts, participants and turns."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a block."""
        return [markdown.heading(block) or _unit(block) for block in markdown.blocks(text)]

    def render(self, units: Sequence[Unit]) -> str:
        """Participants without blank lines between them, everything else set apart."""
        return markdown.written(units, _written, tight=(PERSON,))


TRANSCRIPT = Transcript()


def _unit(block: str) -> Unit:
    if turn := _TURN.fullmatch(block):
        return _turn(turn[1] or turn[2], *turn.groups()[2:])
    if person := _PERSON.fullmatch(block):
        named = zip(("name", "firm", "role"), person.groups(), strict=True)
        return Unit(PERSON, {n: v for n, v in named if v is not None}, key="name")
    if fact := _FACT.fullmatch(block):
        return Unit(FACT, {"label": fact[1], "value": fact[2]}, structural=True)
    return Unit(SPEECH, text=block)


def _turn(
    speaker: str, role: str | None, hours: str, minutes: str, seconds: str, text: str | None
) -> Unit:
    time = Decimal(3600 * int(hours) + 60 * int(minutes) + int(seconds))
    fields: dict[str, Value] = {"speaker": speaker, "time": time}
    return Unit(TURN, fields | ({"role": role} if role else {}), key="time", text=text or "")


def _written(unit: Unit) -> str:
    fields = {name: table.written(value) for name, value in unit.fields.items()}
    match unit.kind:
        case "turn":
            role = f", {fields['role']}" if "role" in fields else ""
            clock = _clock(unit.fields.get("time"))
            return f"**{fields.get('speaker', '')}**{role} [{clock}]: {unit.text}".rstrip()
        case "participant":
            firm = f" ({fields['firm']})" if "firm" in fields else ""
            role = f": {fields['role']}" if "role" in fields else ""
            return f"- {fields.get('name', '')}{firm}{role}"
        case "fact":
            return f"{fields.get('label', '')}: {fields.get('value', '')}"
        case _:
            return unit.layout or unit.text or " ".join(fields.values())


def _clock(value: Value) -> str:
    seconds = int(value) if isinstance(value, Decimal) else 0
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


# --- edits -------------------------------------------------------------------------------------

_DAY = 86_400


def move_clock(document: Document, *, seconds: str, sign: int) -> Document:
    """Move the time of every turn, within the hours that a clock of two digits shows."""

    def moved(unit: Unit) -> Unit:
        time = unit.fields.get("time")
        later = time + sign * Decimal(seconds) if isinstance(time, Decimal) else Decimal(-1)
        if not 0 <= later < 100 * 3600:
            return unit
        return programs.with_fields(unit, {**unit.fields, "time": later})

    return programs.each(document, TURN, moved)


def call_by(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Call people by other names, above what they say and in the list."""
    listed = programs.substitute(document, kind=PERSON, field="name", legend=legend)
    return programs.substitute(listed, kind=TURN, field="speaker", legend=legend)


def state_roles(document: Document) -> Document:
    """Say at every turn what the list says of the speaker."""
    people = units_of_kind(document, PERSON)
    known = {u.fields["name"]: u.fields["role"] for u in people if u.fields.get("role")}

    def stated(unit: Unit) -> Unit:
        role = known.get(unit.fields.get("speaker"))
        return programs.with_fields(unit, {**unit.fields, "role": role}) if role else unit

    return programs.each(document, TURN, stated)


def restate(
    document: Document,
    *,
    old: str,
    new: str,
    factor: str,
    by: Callable[[Decimal, Decimal], Decimal],
) -> Document:
    """State the figures of one measure in another."""
    figure = re.compile(rf"(?<![\d.,])(\d{{1,12}}(?:\.\d{{1,12}})?) {re.escape(old)}\b")

    def restated(found: re.Match[str]) -> str:
        return f"{programs.plain(by(Decimal(found[1]), Decimal(factor))):f} {new}"

    return programs.each(
        document, TURN, lambda u: replace(u, text=figure.sub(restated, u.text), layout=None)
    )


PUT_BACK_CLOCK = Verb(
    "Take {seconds} seconds off the time of every turn.", partial(move_clock, sign=-1)
)
PUT_ON_CLOCK = Verb("Add {seconds} seconds to the time of every turn.", partial(move_clock, sign=1))
CALL_BY = Verb(
    "Replace the names of people in the list of participants and above what they say (but not "
    "within what is said) as follows: {**legend}.",
    call_by,
)
STATE_ROLES = Verb(
    "After the bold name of the speaker of every turn, write a comma and the role that the list of "
    "participants gives, as in `**Greta Holm**, Treasurer [00:12:40]: …`.",
    state_roles,
)
DROP_ROLES = Verb(
    "Take the role (and the comma before it) after the bold name of the speaker out of every turn.",
    partial(programs.drop, kind=TURN, field="role"),
)
FINER = Verb(
    "In what is said, state every figure in {old} in {new} instead: multiply the number by "
    "{factor}, exactly, without thousands separators.",
    partial(restate, by=mul),
)
COARSER = Verb(
    "In what is said, state every figure in {old} in {new} instead: divide the number by "
    "{factor}, exactly.",
    partial(restate, by=truediv),
)
PEOPLE = keyed_verbs(PERSON, one="participant", many="participants", key="name")
SECTIONS = markdown.Sections("transcript")
EDITS = KeyedEdits(
    PEOPLE,
    kind=PERSON,
    keys=("name",),
    sortable=("name", "role"),
    removable=("role", "firm"),
    recodes={
        "role": {
            "Chief Executive Officer": "CEO",
            "Chief Financial Officer": "CFO",
            "Chief Operating Officer": "COO",
            "Head of Investor Relations": "IR",
            "Equity Analyst": "Analyst",
            "Call Operator": "Operator",
        }
    },
    plural="participants",
)


def clock(document: Document, rng: Random) -> Edit | None:
    """The recording began earlier than was thought."""
    times = [u.fields["time"] for u in units_of_kind(document, TURN)]
    if not times or any(not isinstance(t, Decimal) or t >= _DAY for t in times):
        return None
    said = {"seconds": str(rng.choice((45, 90, 135, 310)))}
    return edit("clock", "renumber", [PUT_ON_CLOCK(**said)], [PUT_BACK_CLOCK(**said)])


def codes(document: Document, _: Random) -> Edit | None:
    """Codes for the participants."""
    names = programs.text_values(EDITS.records(document), "name")
    legend = {name: f"P{at}" for at, name in enumerate(names[:12], 1)}
    spoken = programs.text_values(units_of_kind(document, TURN), "speaker")
    if not legend or not sayable(*legend) or set(legend.values()) & {*names, *spoken}:
        return None
    back = CALL_BY(legend=programs.inverse(legend))
    return edit("codes", "substitute", [CALL_BY(legend=legend)], [back])


def roles(document: Document, _: Random) -> Edit | None:
    """The speaker's role at every turn."""
    turns, people = units_of_kind(document, TURN), EDITS.records(document)
    told = {u.fields["name"] for u in people if _sayable_role(u.fields.get("role"))}
    some = any(u.fields["speaker"] in told for u in turns)
    if not some or any("role" in u.fields for u in turns) or len(told) < len(people):
        return None
    return edit("roles", "normalise", [STATE_ROLES()], [DROP_ROLES()])


def _sayable_role(role: Value) -> bool:
    return isinstance(role, str) and bool(role) and not set("[]:") & set(role)


_MEASURES = (("million", "thousand", "1000"), ("percent", "basis points", "100"))


def figures(document: Document, rng: Random) -> Edit | None:
    """Finer measures for amounts or shares."""
    old, new, factor = rng.choice(_MEASURES)
    said = {"factor": factor}
    there, back = FINER(old=old, new=new, **said), COARSER(old=new, new=old, **said)
    between = there.program(document)
    used = any(new in u.text for u in document.units())
    if used or between == document or back.program(between) != document:
        return None
    return edit("figures", "scale", [there], [back])


def headings(document: Document, _: Random) -> Edit | None:
    """Other headings."""
    return SECTIONS.renamed(
        document,
        {"Participants": "Who speaks", "Prepared remarks": "Presentation", "Questions": "Q&A"},
    )


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), clock, codes, roles, figures, headings, SECTIONS.last_first,
    SECTIONS.last_apart,
    compose("wire_copy", clock, EDITS.recode, roles),
    compose("anonymous", codes, EDITS.sort, headings),
    compose("archive", roles, clock, SECTIONS.last_apart),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_STAFF = ("Chief Executive Officer", "Chief Financial Officer", "Chief Operating Officer")
_ANALYST, _OPERATOR = "Equity Analyst", "Call Operator"
_SEGMENTS = (
    "packaging", "cold storage", "industrial filters", "rail parts", "contract printing",
    "marine services", "dental supplies", "animal feed", "lighting", "waste recovery",
)  # fmt: skip
_STATEMENTS = (
    "Revenue in {segment} rose {share} percent to €{amount} million.",
    "We booked €{amount} million of orders in {city}, most of them for {good}s.",
    "Gross margin in {segment} was {share} percent, against {share2} percent a year ago.",
    "Free cash flow came to €{amount} million after the move to {city}.",
    "We now expect €{amount} million of capital spending by {month}.",
    "The {topic} cost us €{amount} million more than planned.",
    "In {segment}, volumes fell {share} percent, which prices made up for.",
    "{firm} took {n} sites off our hands for €{amount} million.",
    "Head count in {city} is down by {n} people since {month}.",
    "Net debt stands at €{amount} million, or {n} percent less than in {month}.",
    "Our backlog for {good}s covers {n} weeks.",
    "We closed the {topic} in {month}, {n} days early.",
)
_QUESTIONS = (
    "How much of the {share} percent in {segment} is price?",
    "Could you tell us what {city} adds by {month}?",
    "Is €{amount} million still the right number for {segment}?",
    "What happens to the {topic} if {firm} walks away?",
    "Should we expect {n} more closures after {city}?",
    "Why did {segment} lose {share} percent while {firm} grew?",
)
_CUES = (
    "Our next question is from {name}.", "{name}, your line is open.",
    "We have {n} callers waiting; first is {name}.", "I now hand over to {name}.",
    "We go on with {name} in {city}.",
)  # fmt: skip


def _call(rng: Random, size: int) -> list[Unit]:
    people = _people(rng, size)
    room = round(size * 3.5) - 180 - sum(len(_written(u)) + 1 for u in people)
    turns = _Turns(rng, people)
    firm, about = content.firm(rng), content.day(rng)
    return [
        Unit(markdown.TITLE, text=f"{firm}, call on the {rng.choice(_PERIODS)} of {about.year}"),
        Unit(FACT, {"label": "Date", "value": about.isoformat()}),
        Unit(FACT, {"label": "Held in", "value": rng.choice(content.CITIES)}),
        Unit(markdown.SECTION, text="Participants"),
        *people,
        Unit(markdown.SECTION, text="Prepared remarks"),
        *turns.remarks(room * 2 // 5),
        Unit(markdown.SECTION, text="Questions"),
        *turns.questions(room * 3 // 5),
    ]


def _people(rng: Random, size: int) -> list[Unit]:
    """Two or three of the firm, some analysts, and the operator, all of different names."""
    roles = [*_STAFF[: 2 + size // 1000], *(1 + min(12, size // 250)) * [_ANALYST], _OPERATOR]
    names: dict[str, None] = {}
    while len(names) < len(roles):
        names[content.person(rng)] = None
    firms: list[dict[str, Value]] = [
        {"firm": content.firm(rng)} if role == _ANALYST else {} for role in roles
    ]
    listed = zip(names, firms, roles, strict=True)
    return [Unit(PERSON, {"name": name, **firm, "role": role}) for name, firm, role in listed]


_PERIODS = ("first quarter", "second quarter", "third quarter", "first half", "full year")


class _Turns:
    """Turns of speech, one after the other on one clock."""

    def __init__(self, rng: Random, people: Sequence[Unit]) -> None:
        self.rng = rng
        self.people = people
        self.now = rng.randint(5, 240)

    def remarks(self, room: int) -> list[Unit]:
        """Statements of the firm for as long as there is room, but one at least."""
        turns: list[Unit] = []
        while not turns or _length(turns) < room:
            turns.append(self.turn(self.staff(), _STATEMENTS, self.rng.randint(1, 3)))
        return turns

    def questions(self, room: int) -> list[Unit]:
        """Questions with who calls them up and who answers."""
        turns: list[Unit] = []
        while not turns or _length(turns) < room:
            analyst, operator = self.one_of(_ANALYST), self.one_of(_OPERATOR)
            turns += [
                self.turn(operator, _CUES, 1, name=analyst),
                self.turn(analyst, _QUESTIONS, 1),
                self.turn(self.staff(), _STATEMENTS, self.rng.randint(1, 2)),
            ]
        return turns

    def staff(self) -> str:
        """Someone of the firm."""
        return self.one_of(*_STAFF)

    def one_of(self, *roles: str) -> str:
        """Someone who has one of these roles."""
        having = [u for u in self.people if u.fields["role"] in roles]
        return str(self.rng.choice(having).fields["name"])

    def turn(
        self, speaker: str, templates: Sequence[str], sentences: int, *, name: str = ""
    ) -> Unit:
        """What a speaker says now."""
        text = " ".join(self.said(t, name) for t in self.rng.sample(templates, sentences))
        time = Decimal(self.now)
        self.now += len(text) // 14 + self.rng.randint(2, 30)
        return Unit(TURN, {"speaker": speaker, "time": time}, text=text)

    def said(self, template: str, name: str) -> str:
        """A sentence with figures."""
        rng = self.rng
        return template.format(
            name=name,
            segment=rng.choice(_SEGMENTS),
            share=self.number(1, 39),
            share2=self.number(1, 39),
            amount=self.number(3, 900),
            n=rng.randint(2, 60),
            city=rng.choice(content.CITIES),
            month=rng.choice(content.MONTHS),
            good=rng.choice(content.GOODS),
            topic=content.topic(rng),
            firm=content.firm(rng),
        )

    def number(self, low: int, high: int) -> str:
        """A figure with a decimal that says something."""
        return f"{self.rng.randint(low, high)}.{self.rng.randint(1, 9)}"


def _length(units: Sequence[Unit]) -> int:
    return sum(len(_written(u)) + 2 for u in units)


class Earncall(Domain):
    """The transcript of an earnings call."""

    name = "earncall"
    category = "everyday"
    formats: ClassVar = {".md": TRANSCRIPT, ".csv": table.CSV}
    clips: ClassVar = {TURN: 0.6, PERSON: 0.6}
    verbs: ClassVar[Sequence[Verb]] = (
        PEOPLE.note, PEOPLE.restore, PEOPLE.ascending, PEOPLE.descending, PEOPLE.substitute,
        PEOPLE.take, PEOPLE.give, PUT_BACK_CLOCK, PUT_ON_CLOCK, CALL_BY, STATE_ROLES, DROP_ROLES,
        FINER, COARSER, *SECTIONS.verbs,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.03

    def generate(self, rng: Random, size: int) -> Files:
        """A call with remarks and questions."""
        return {"call.md": TRANSCRIPT.render(_call(rng, size))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; other bullets; other bold type; wrapped and spaced paragraphs."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^- ", "* ", text),
            re.sub(r"\*\*([^*\n]+)\*\*", r"__\1__", text),
            re.sub(r"(?m)^(\*\*.{20,50}?) ", r"\1\n", text).replace("\n\n", "\n\n\n"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Holdings of funds and a memo of the analysts."""
        rows: list[dict[str, Value]] = [
            {
                "fund": code,
                "manager": content.person(rng),
                "shares": Decimal(rng.randint(900, 90_000)),
            }
            for code in content.codes(rng, "F", max(3, size // 18))
        ]
        holders = table.CSV.render([Unit(table.ROW, row) for row in rows])
        return {"holders.csv": holders, "desk_notes.md": content.memo(rng, size // 2)}


DOMAIN = Earncall()
