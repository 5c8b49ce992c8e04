"""The adverts of a job board, as tagged text.

A unit is a posting (an advert for one job), identified by its tag `Ref`: every tag, such as
`Closes: 2026-09-30`, is a field, and what stands below the tags is running text. Hours and pay are
numbers, all other tags are text. Postings stand apart by a line of hyphens.

What counts is every tag with its value, every word, paragraphs, and the order of postings. The
order of tags, line breaks within a paragraph or (indented) within a value, blank lines, and the
length and kind of the line between postings mean nothing.

Known limits: a line that begins with `Ref:` begins a posting, wherever it stands. A line among the
tags that is none is text, and so is a tag that stands twice; a posting without tags is text alone.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import TEXT, KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

POSTING, KEY, OTHERS = "posting", "Ref", "See also"
LOW, HIGH, HOURS = "Pay from", "Pay to", "Hours"
_NUMERIC = (LOW, HIGH, HOURS, "Workload")
_WRAP = textwrap.TextWrapper(79, break_long_words=False, break_on_hyphens=False)
_APART = re.compile(r"-{3,}|={3,}|_{3,}")
_TAG = re.compile(r"([A-Z][A-Za-z]{0,20}(?: [a-z]{1,20})?):(?:[ \t]+(.*))?")
_SPAN = re.compile(r"([0-9.]{1,20})-([0-9.]{1,20})")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Postings(Format):
    """Tags a line each, a blank line, and the text."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a posting."""
        return [_posting(lines) for lines in _chunks(text)]

    def render(self, units: Sequence[Unit]) -> str:
        """Postings with a line between them."""
        return "\n---\n\n".join(map(_written, units))


POSTINGS = Postings()


def _chunks(text: str) -> Iterator[list[str]]:
    """The lines of every posting."""
    chunk: list[str] = []
    for line in map(str.rstrip, text.removeprefix("\ufeff").splitlines()):
        apart = _APART.fullmatch(line)
        if (apart or line.startswith(f"{KEY}:")) and chunk:
            yield chunk
            chunk = []
        if not apart and (line or chunk):
            chunk.append(line)
    if chunk:
        yield chunk


def _posting(lines: Sequence[str]) -> Unit:
    end = next((i for i, line in enumerate(lines) if not line), len(lines))
    fields: dict[str, Value] = {}
    loose = []
    for line in _unfolded(lines[:end]):
        tag = _TAG.fullmatch(line)
        if tag is None or tag[1] in fields:
            loose.append(line)
        else:
            value = " ".join((tag[2] or "").split())
            fields[tag[1]] = table.typed(value) if tag[1] in _NUMERIC else value
    if not fields:
        return opaque("\n".join(lines))
    return Unit(POSTING, fields, key=KEY, text=_paragraphs([*loose, *lines[end:]]))


def _unfolded(lines: Sequence[str]) -> list[str]:
    """Lines with those appended that begin with a space."""
    whole: list[list[str]] = []
    for line in lines:
        if whole and line[:1] in " \t":
            whole[-1].append(line)
        else:
            whole.append([line])
    return [" ".join(parts) for parts in whole]


def _paragraphs(lines: Sequence[str]) -> str:
    """Paragraphs, each on one line, and a blank line between them."""
    parts = re.split(r"\n\n+", "\n".join(lines))
    return "\n\n".join(folded for part in parts if (folded := " ".join(part.split())))


def _written(unit: Unit) -> str:
    if unit.kind != POSTING:
        return f"{unit.layout or unit.text}\n"
    tags = "".join(f"{n}: {table.written(v)}".rstrip() + "\n" for n, v in unit.fields.items())
    text = "\n\n".join(map(_WRAP.fill, unit.text.split("\n\n")))
    return f"{tags}\n{text}\n" if text else tags


# --- edits -------------------------------------------------------------------------------------

Tags = Mapping[str, Value]


def _each(document: Document, change: Callable[[Tags], Tags]) -> Document:
    return programs.each(document, POSTING, lambda u: programs.with_fields(u, change(u.fields)))


def _instead(tags: Tags, old: str, new: Tags) -> Tags:
    """Tags with others in the place of one."""
    changed: dict[str, Value] = {}
    for name, value in tags.items():
        changed |= new if name == old else {name: value}
    return changed


def rename_refs(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Give postings other references, also where others refer to them."""
    named = programs.substitute(document, kind=POSTING, field=KEY, legend=legend)
    return programs.substitute(named, kind=POSTING, field=OTHERS, legend=legend)


def move_deadline(document: Document, *, days: str, sign: int) -> Document:
    """Move the last day to apply."""

    def moved(tags: Tags) -> Tags:
        closes = tags.get("Closes")
        if not isinstance(closes, str) or not _DAY.fullmatch(closes):
            return tags
        try:
            day = date.fromisoformat(closes) + sign * timedelta(days=int(days))
        except (ValueError, OverflowError):
            return tags
        return {**tags, "Closes": day.isoformat()}

    return _each(document, moved)


def fold_pay(document: Document) -> Document:
    """The lowest and the highest pay in one tag."""

    def folded(tags: Tags) -> Tags:
        low, high = tags.get(LOW), tags.get(HIGH)
        if not isinstance(low, Decimal) or not isinstance(high, Decimal):
            return tags
        rest = {n: v for n, v in tags.items() if n != HIGH}
        return _instead(rest, LOW, {"Pay": f"{low:f}-{high:f}"})

    return _each(document, folded)


def unfold_pay(document: Document) -> Document:
    """The lowest and the highest pay in tags of their own."""

    def unfolded(tags: Tags) -> Tags:
        span = _SPAN.fullmatch(table.written(tags.get("Pay")))
        if span is None:
            return tags
        ends: dict[str, Value] = {LOW: table.typed(span[1]), HIGH: table.typed(span[2])}
        return _instead(tags, "Pay", ends)

    return _each(document, unfolded)


def workload(document: Document, *, old: str, new: str, factor: str) -> Document:
    """Hours a week as percent of a full week of 40, or the other way."""

    def stated(tags: Tags) -> Tags:
        value = tags.get(old)
        if not isinstance(value, Decimal):
            return tags
        return _instead(tags, old, {new: programs.plain(value * Decimal(factor))})

    return _each(document, stated)


def list_skills(document: Document, *, key: str, target: str) -> Document:
    """Move skills to a table, a row each."""
    rows: list[dict[str, Value]] = []

    def listed(tags: Tags) -> Tags:
        skills = tags.get("Skills")
        if not isinstance(skills, str) or key not in tags:
            return tags
        for at, skill in enumerate(skills.split("; "), 1):
            rows.append({key: tags[key], "no": Decimal(at), "skill": skill})
        return {n: v for n, v in tags.items() if n != "Skills"}

    rest = _each(document, listed)
    return rest.replacing(target, _table((key, "no", "skill"), rows))


def unlist_skills(document: Document, *, key: str, target: str) -> Document:
    """Put skills back from their table, in the order of their numbers."""
    known: dict[str, dict[Decimal, str]] = {}
    for row in document.files.get(target, ()):
        number = row.fields.get("no")
        if isinstance(number, Decimal):
            skills = known.setdefault(table.written(row.fields.get(key)), {})
            skills[number] = table.written(row.fields.get("skill"))

    def unlisted(tags: Tags) -> Tags:
        skills = known.get(table.written(tags.get(key)))
        if skills is None:
            return tags
        return {**tags, "Skills": "; ".join(skills[n] for n in sorted(skills))}

    return _each(document.replacing(target, None), unlisted)


def share_contacts(document: Document, *, target: str) -> Document:
    """Say once in a table what all postings of an employer say."""
    postings = [u.fields for u in EDITS.records(document)]
    known: dict[Value, Value] = {}
    for tags in postings:
        if "Employer" in tags and "Contact" in tags:
            known.setdefault(tags["Employer"], tags["Contact"])

    def shared(tags: Tags) -> Tags:
        contact = known.get(tags.get("Employer"))
        if contact is None or tags.get("Contact") != contact:
            return tags
        return {n: v for n, v in tags.items() if n != "Contact"}

    rows = [{"Employer": employer, "Contact": contact} for employer, contact in known.items()]
    return _each(document, shared).replacing(target, _table(("Employer", "Contact"), rows))


def give_contacts(document: Document, *, target: str) -> Document:
    """Say in every posting what the table says of its employer."""
    known = {
        table.written(row.fields.get("Employer")): table.written(row.fields.get("Contact"))
        for row in document.files.get(target, ())
        if "Contact" in row.fields
    }

    def given(tags: Tags) -> Tags:
        contact = known.get(table.written(tags.get("Employer")))
        return tags if contact is None or "Contact" in tags else {**tags, "Contact": contact}

    return _each(document.replacing(target, None), given)


def _table(names: Sequence[str], rows: Sequence[Tags]) -> list[Unit]:
    header = Unit(programs.HEADER, text="\t".join(names), structural=True)
    cells = ({n: table.typed(table.written(v)) for n, v in row.items()} for row in rows)
    return [header, *(Unit(table.ROW, row) for row in cells)]


RENAME = Verb(
    "Replace the references of postings, in `Ref` and in `See also`, as follows: {**legend}.",
    rename_refs,
)
EXTEND = Verb(
    "Extend the deadline `Closes` of every posting by {days} days.", partial(move_deadline, sign=1)
)
ADVANCE = Verb(
    "Bring the deadline `Closes` of every posting forward by {days} days.",
    partial(move_deadline, sign=-1),
)
FOLD = Verb(
    "In every posting, put `Pay from` and `Pay to` together in one tag `Pay`, as in "
    "`Pay: 2900-3450`.",
    fold_pay,
)
UNFOLD = Verb(
    "In every posting, take the tag `Pay` apart into `Pay from` (what stands before the hyphen) "
    "and `Pay to` (what follows it).",
    unfold_pay,
)
TO_WORKLOAD = Verb(
    "In every posting, state `Workload` instead of `Hours`: percent of a week of 40 hours, so "
    "multiply by {factor}, exactly; write the number alone.",
    partial(workload, old=HOURS, new="Workload"),
)
TO_HOURS = Verb(
    "In every posting, state `Hours` a week instead of `Workload`, which is percent of 40 hours: "
    "multiply by {factor}, exactly; write the number alone.",
    partial(workload, old="Workload", new=HOURS),
)
LIST_SKILLS = Verb(
    "Move the tag `Skills` of the postings out into a CSV table {target} with the columns {key}, "
    "`no` and `skill`: a row for every skill (they stand between semicolons), numbered from 1 in "
    "each posting, in their order.",
    list_skills,
)
UNLIST_SKILLS = Verb(
    "Put the skills of the CSV table {target} into the postings, by {key}, as one tag `Skills` "
    "with a semicolon and a space between them, in the order of `no`. Then remove {target}.",
    unlist_skills,
)
SHARE = Verb(
    "Move the tag `Contact` of the postings out into a CSV table {target} with the columns "
    "`Employer` and `Contact`, one row an employer in the order in which they come up. A posting "
    "with another contact than the first of its employer keeps its own.",
    share_contacts,
)
GIVE = Verb(
    "Give every posting that has no `Contact` the one that the CSV table {target} has for its "
    "`Employer`. Then remove {target}.",
    give_contacts,
)
RECORDS = keyed_verbs(
    POSTING,
    one="posting",
    many="postings",
    a_field="tag",
    key=KEY,
    readers=dict.fromkeys(_NUMERIC, table.typed),
    text=f"The `{TEXT}` of a posting is what stands below its tags.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=POSTING,
    keys=(KEY,),
    columns=(
        KEY, "Title", "Employer", "Place", "Contract", HOURS, LOW, HIGH, "Starts", "Closes",
        "Skills", "Contact", OTHERS, TEXT,
    ),
    sortable=("Closes", "Title", "Employer", LOW),
    category="Contract",
    removable=(TEXT,),
    recodes={
        "Contract": {
            "permanent": "open-ended", "temporary": "fixed-term", "seasonal": "for the season",
            "training": "apprenticeship",
        },
    },
    extension=".txt",
    plural="postings",
)  # fmt: skip


def refs(document: Document, rng: Random) -> Edit | None:
    """Other references."""
    old = programs.text_values(EDITS.records(document), KEY)
    chosen = sorted(rng.sample(old, min(10, len(old))))
    start = rng.randint(100, 900)
    legend = {ref: f"V{start + at}" for at, ref in enumerate(chosen)}
    others = programs.text_values(EDITS.records(document), OTHERS)
    if not legend or not sayable(*legend) or set(legend.values()) & {*old, *others}:
        return None
    back = RENAME(legend=programs.inverse(legend))
    return edit("refs", "rename", [RENAME(legend=legend)], [back])


def deadlines(document: Document, rng: Random) -> Edit | None:
    """More time to apply."""
    days = programs.text_values(EDITS.records(document), "Closes")
    if not days or not all(map(_DAY.fullmatch, days)):
        return None
    said = {"days": str(rng.choice((5, 10, 21, 45)))}
    return edit("deadlines", "renumber", [EXTEND(**said)], [ADVANCE(**said)])


def pay(document: Document, _: Random) -> Edit | None:
    """Pay in one tag."""
    if FOLD.program(document) == document or not _absent(document, "Pay"):
        return None
    if UNFOLD.program(FOLD.program(document)) != document:
        return None
    return edit("pay", "normalise", [FOLD()], [UNFOLD()])


def share_of_week(document: Document, _: Random) -> Edit | None:
    """Hours as a workload."""
    told = any(isinstance(u.fields.get(HOURS), Decimal) for u in EDITS.records(document))
    if not told or not _absent(document, "Workload"):
        return None
    there, back = TO_WORKLOAD(factor="2.5"), TO_HOURS(factor="0.4")
    return edit("share_of_week", "scale", [there], [back])


def skills(document: Document, _: Random) -> Edit | None:
    """A table of skills."""
    said = {"key": KEY, "target": "skills.csv"}
    there, back = LIST_SKILLS(**said), UNLIST_SKILLS(**said)
    if EDITS.key(document) is None or said["target"] in document.files:
        return None
    if _absent(document, "Skills") or back.program(there.program(document)) != document:
        return None
    return edit("skills", "extract", [there], [back])


def contacts(document: Document, _: Random) -> Edit | None:
    """A table of employers, if each has one contact."""
    there, back = SHARE(target="employers.csv"), GIVE(target="employers.csv")
    if _absent(document, "Contact") or "employers.csv" in document.files:
        return None
    if back.program(there.program(document)) != document:
        return None
    return edit("contacts", "normalise", [there], [back])


def _absent(document: Document, tag: str) -> bool:
    return not any(tag in u.fields for u in EDITS.records(document))


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), refs, deadlines, pay, share_of_week, skills, contacts,
    compose("syndicate", share_of_week, refs, EDITS.sort),
    compose("relaunch", deadlines, pay, EDITS.recode),
    compose("agency", contacts, skills, EDITS.split),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_CRAFTS = (
    "Warehouse", "Payroll", "Laboratory", "Kitchen", "Service", "Claims", "Network", "Harbour",
    "Quality", "Export", "Night", "Depot", "Archive", "Garden", "Pharmacy", "Survey",
)  # fmt: skip
_RANKS = ("planner", "clerk", "manager", "assistant", "fitter", "analyst", "trainer", "supervisor")
_SKILLS = (
    "forklift licence", "Polish", "double entry", "welding", "first aid", "Swedish", "SQL",
    "stock keeping", "shift work", "Turkish", "soldering", "driving licence", "report writing",
    "Portuguese", "customs forms", "cash handling", "crane signals", "food hygiene",
)  # fmt: skip
_SENTENCES = (
    "You look after the {topic} together with {n} colleagues.",
    "We make {good}s and deliver them to {city}.",
    "After {n} weeks you will answer for the {topic} alone.",
    "The post is new, as our site in {city} grows.",
    "You report to {person} and travel to {city} {n} times a year.",
    "We offer {n} days of leave and the {good} of your choice.",
    "{person} leaves us in {month} after {n} years.",
    "You know your way around every {good} and ask when you do not.",
    "Half of the work is the {topic}, the rest is what the day brings.",
    "Send us {n} lines on why {city} would suit you.",
)


def _postings(rng: Random, size: int) -> list[Unit]:
    count = max(4, round(size / 115))
    body = max(60, round(size * 3.5 / count) - 245)
    names: dict[str, None] = {}
    while len(names) < min(90, max(2, count // 2)):
        names[content.firm(rng)] = None
    codes = content.codes(rng, "J", count)
    return [_fresh_posting(rng, ref, rng.choice(list(names)), codes, body) for ref in codes]


def _fresh_posting(rng: Random, ref: str, employer: str, refs: Sequence[str], body: int) -> Unit:
    pay, roomy = 10 * rng.randint(190, 520), body > 80
    words = employer.lower().split()
    fields: dict[str, Value] = {
        KEY: ref,
        "Title": f"{rng.choice(_CRAFTS)} {rng.choice(_RANKS)}",
        "Employer": employer,
        "Place": rng.choice(content.CITIES),
        "Contract": rng.choice(("permanent", "temporary", "seasonal", "training")),
        HOURS: Decimal(rng.randint(16, 80)) / 2,
        LOW: Decimal(pay),
        HIGH: Decimal(pay + 10 * rng.randint(5, 140)),
        "Closes": content.day(rng).isoformat(),
        "Skills": "; ".join(rng.sample(_SKILLS, rng.randint(1, 3 if roomy else 2))),
        "Contact": f"{words[1]}@{words[0]}.example",
    }
    if roomy and rng.random() < 0.4:
        fields["Starts"] = content.day(rng, year=2027).isoformat()
    if roomy and rng.random() < 0.3:
        fields[OTHERS] = rng.choice([other for other in refs if other != ref])
    return Unit(POSTING, fields, text=_body(rng, body))


def _body(rng: Random, length: int) -> str:
    """Sentences in one or two paragraphs."""
    sentences = [_sentence(rng, t) for t in rng.sample(_SENTENCES, max(1, round(length / 57)))]
    rest = rng.randint(1, len(sentences))
    return "\n\n".join(filter(None, (" ".join(sentences[:rest]), " ".join(sentences[rest:]))))


def _sentence(rng: Random, template: str) -> str:
    return template.format(
        topic=content.topic(rng),
        good=rng.choice(content.GOODS),
        city=rng.choice(content.CITIES),
        person=content.person(rng),
        month=rng.choice(content.MONTHS),
        n=rng.randint(2, 40),
    )


class Jobboard(Domain):
    """The postings of a job board."""

    name = "jobboard"
    category = "everyday"
    formats: ClassVar = {".txt": POSTINGS, ".csv": table.CSV}
    clips: ClassVar = {POSTING: 0.6}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RENAME, EXTEND, ADVANCE, FOLD, UNFOLD, TO_WORKLOAD, TO_HOURS, LIST_SKILLS,
        UNLIST_SKILLS, SHARE, GIVE,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """Postings of some employers, each with a few."""
        return {"postings.txt": POSTINGS.render(_postings(rng, size))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; other lines between; wrapped values; narrow paragraphs."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^---$", "==========\n", f"\n{text}"),
            re.sub(r"(?m)^(Employer: \w+) ", r"\1\n   ", text),
            re.sub(r"(?m)^([A-Z][^:\n]{15,40}) ", r"\1\n", text),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Applicants and notes of the agency."""
        rows: list[dict[str, Value]] = [
            {"applicant": code, "name": content.person(rng), "since": str(content.day(rng))}
            for code in content.codes(rng, "A", max(3, size // 20))
        ]
        applicants = table.CSV.render([Unit(table.ROW, row) for row in rows])
        return {"applicants.csv": applicants, "agency_notes.md": content.memo(rng, size // 2)}


DOMAIN = Jobboard()
