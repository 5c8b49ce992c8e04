r"""The catalogue of a library: MARC records as lines of text (`=245  10$aTitle`).

A unit is a record, identified by its control number in `001`; every line is a field named by its
tag, and its value is all that follows: indicators and subfields, or the data of a control field.

What counts is every line, the order of lines with one tag, and the order of records. The order of
different tags, empty lines, and whether a blank is written as a backslash in indicators, control
fields and the leader mean nothing.

Known limits: values are text, and a subfield that is wrong costs its line. Lengths in the leader
are compared as they stand. What is no line of the form above is kept as the text of its record.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

RECORD, LEADER, NUMBER = "record", "LDR", "001"
_FIELD = re.compile(r"=(LDR|[0-9A-Z]{3})  (.*)")
_CONTROL = re.compile(r"LDR|00.")


class Mrk(Format):
    """A field a line; an empty line or a leader begins the next record."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a record."""
        records: list[list[str]] = [[]]
        for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
            if not line.strip() or line.startswith(f"={LEADER}  "):
                records.append([])
            if line.strip():
                records[-1].append(line)
        return [_unit(lines) for lines in records if lines]

    def render(self, units: Sequence[Unit]) -> str:
        """An empty line after every record."""
        return "".join(f"{written}\n\n" for unit in units if (written := _written(unit)))


MRK = Mrk()


def _unit(lines: Sequence[str]) -> Unit:
    fields: dict[str, Value] = {}
    seen, loose = Counter[str](), []
    for line in lines:
        found = _FIELD.fullmatch(line)
        if found is None:
            loose.append(line.strip())
            continue
        tag, value = found[1], found[2].rstrip()
        seen[tag] += 1
        fields[f"{tag}#{seen[tag]}" if seen[tag] > 1 else tag] = _canonical(tag, value)
    if not fields:
        return opaque("\n".join(lines))
    return Unit(RECORD, fields, key=NUMBER if NUMBER in fields else None, text="\n".join(loose))


def _canonical(tag: str, value: str) -> str:
    """A value with backslashes for the blanks that say something by their place."""
    if _CONTROL.fullmatch(tag):
        return value.replace(" ", "\\")
    return value[:2].replace(" ", "\\") + value[2:]


def _written(unit: Unit) -> str:
    if unit.kind != RECORD:
        return unit.layout or unit.text
    values = ((_tag(name), table.written(value)) for name, value in unit.fields.items())
    return "\n".join([*(f"={tag}  {v}" for tag, v in values), *([unit.text] if unit.text else [])])


def _tag(name: str) -> str:
    return name.partition("#")[0]


# --- edits -------------------------------------------------------------------------------------

_BRANCHES = {
    r"\\$bMAIN": r"\\$bCEN", r"\\$bHARBOUR": r"\\$bHRB", r"\\$bNORTH": r"\\$bNTH",
    r"\\$bMOBILE": r"\\$bBUS", r"\\$bSTORE": r"\\$bSTO",
}  # fmt: skip
RECORDS = keyed_verbs(
    RECORD,
    one="catalogue record",
    many="catalogue records",
    key=NUMBER,
    text="A cell holds all that follows the tag and its two spaces.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=RECORD,
    keys=(NUMBER,),
    sortable=("100", "008"),
    category="852",
    removable=("245", "300", "520"),
    recodes={"852": _BRANCHES},
    extension=".mrk",
    plural="records",
)


def _lines(document: Document, change: Callable[[str, str], tuple[str, str]]) -> Document:
    """Change the tags and values of all lines; a line keeps its count among those of its tag."""

    def changed(unit: Unit) -> Unit:
        fields: dict[str, Value] = {}
        for name, value in unit.fields.items():
            tag, mark, count = name.partition("#")
            new, said = change(tag, table.written(value))
            fields[f"{new}{mark}{count}"] = said
        return unit if fields == unit.fields else programs.with_fields(unit, fields)

    return programs.each(document, RECORD, changed)


def renumber(document: Document, *, amount: str, sign: int) -> Document:
    """Add to control numbers, also where others refer to them."""

    def moved(digits: str) -> str:
        return str(int(digits) + sign * int(amount))

    def changed(tag: str, value: str) -> tuple[str, str]:
        if tag == NUMBER and re.fullmatch(r"[1-9][0-9]{0,14}", value):
            return tag, moved(value)
        if re.fullmatch(r"7[678][0-9]", tag):
            pattern = r"(\$w)([1-9][0-9]{0,14})(?=\$|$)"
            return tag, re.sub(pattern, lambda found: found[1] + moved(found[2]), value)
        return tag, value

    return _lines(document, changed) if amount.isdecimal() and len(amount) < 15 else document


_ISBN_13 = re.compile(r"(..\$a)978([0-9]{9})([0-9])(?![0-9])(.*)")
_ISBN_10 = re.compile(r"(..\$a)([0-9]{9})([0-9X])(?![0-9X])(.*)")


def check_13(digits: str) -> str:
    """The check digit of an ISBN that begins with 978."""
    return str(-sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(f"978{digits}")) % 10)


def check_10(digits: str) -> str:
    """The check digit of an ISBN of ten digits."""
    return "0123456789X"[-sum(int(d) * (10 - i) for i, d in enumerate(digits)) % 11]


def shorten(document: Document) -> Document:
    """Write numbers of books with ten digits."""

    def shortened(tag: str, value: str) -> tuple[str, str]:
        found = _ISBN_13.fullmatch(value) if tag == "020" else None
        if found is None or found[3] != check_13(found[2]):
            return tag, value
        return tag, f"{found[1]}{found[2]}{check_10(found[2])}{found[4]}"

    return _lines(document, shortened)


def lengthen(document: Document) -> Document:
    """Write numbers of books with thirteen digits."""

    def lengthened(tag: str, value: str) -> tuple[str, str]:
        found = _ISBN_10.fullmatch(value) if tag == "020" else None
        if found is None or found[3] != check_10(found[2]):
            return tag, value
        return tag, f"{found[1]}978{found[2]}{check_13(found[2])}{found[4]}"

    return _lines(document, lengthened)


def retag(document: Document, *, old: tuple[str, str], new: tuple[str, str]) -> Document:
    """Give lines with a tag and indicators others."""

    def retagged(tag: str, value: str) -> tuple[str, str]:
        if (tag, value[:2]) != old:
            return tag, value
        return new[0], new[1] + value[2:]

    return _lines(document, retagged)


def look_up(document: Document, *, target: str) -> Document:
    """Keep every personal name once, in a table, and refer to it by number."""
    known: dict[str, str] = {}

    def referring(tag: str, value: str) -> tuple[str, str]:
        if tag not in ("100", "700") or value[2:4] != "$a":
            return tag, value
        return tag, f"{value[:2]}$0{known.setdefault(value[2:], f'N{len(known) + 1}')}"

    referred = _lines(document, referring)
    names = ("number", "heading")
    header = Unit(programs.HEADER, text="\t".join(names), structural=True)
    rows = [Unit(table.ROW, {"number": n, "heading": heading}) for heading, n in known.items()]
    return referred.replacing(target, [header, *rows])


def spell_out(document: Document, *, target: str) -> Document:
    """Put names in from their table."""
    known = {
        table.written(u.fields.get("number")): table.written(u.fields.get("heading"))
        for u in document.files.get(target, ())
        if u.kind == table.ROW
    }

    def spelt(tag: str, value: str) -> tuple[str, str]:
        heading = known.get(value[4:]) if value[2:4] == "$0" and tag in ("100", "700") else None
        return tag, value if heading is None else f"{value[:2]}{heading}"

    return _lines(document.replacing(target, None), spelt)


RENUMBER = Verb(
    "Add {amount} to the control number of every record in `001`, and to every control number in "
    "a subfield `$w` of the tags 760 to 789.",
    lambda document, *, amount: renumber(document, amount=amount, sign=1),
)
RENUMBER_DOWN = Verb(
    "Subtract {amount} from the control number of every record in `001`, and from every control "
    "number in a subfield `$w` of the tags 760 to 789.",
    lambda document, *, amount: renumber(document, amount=amount, sign=-1),
)
SHORTEN = Verb(
    "Write every ISBN in `020$a` that has thirteen digits and begins with 978 with ten digits, "
    "with the check digit that belongs to it, which may be `X`. One whose own check digit is "
    "wrong stays.",
    shorten,
)
LENGTHEN = Verb(
    "Write every ISBN in `020$a` that has ten digits with thirteen, beginning with 978 and with "
    "the check digit that belongs to it. One whose own check digit is wrong stays.",
    lengthen,
)
TO_264 = Verb(
    r"Give every field `260` with the indicators `\\` the tag `264` and the indicators `\1`; its "
    "subfields stay as they are.",
    lambda document: retag(document, old=("260", r"\\"), new=("264", r"\1")),
)
TO_260 = Verb(
    r"Give every field `264` with the indicators `\1` the tag `260` and the indicators `\\`; its "
    "subfields stay as they are.",
    lambda document: retag(document, old=("264", r"\1"), new=("260", r"\\")),
)
LOOK_UP = Verb(
    "Write a CSV table {target} with the columns `number` and `heading`: every different personal "
    "name of the fields `100` and `700` once, in order of first appearance, as all subfields from "
    "`$a` on, with the numbers N1, N2 and so on. In these fields, put `$0` with the number in "
    "the place of the subfields; the indicators stay.",
    look_up,
)
SPELL_OUT = Verb(
    "In the fields `100` and `700` that have `$0` with a number of the CSV table {target}, put the "
    "heading that the table has for it in its place; the indicators stay. Then remove {target}.",
    spell_out,
)


def _values(document: Document, *tags: str) -> list[str]:
    return [
        table.written(value)
        for unit in EDITS.records(document)
        for name, value in unit.fields.items()
        if _tag(name) in tags
    ]


def control_numbers(document: Document, rng: Random) -> Edit | None:
    """Records counted from elsewhere."""
    numbers = _values(document, NUMBER)
    if not numbers or not all(re.fullmatch(r"[1-9][0-9]{0,11}", n) for n in numbers):
        return None
    said = {"amount": rng.choice(("200000", "350000", "7000000"))}
    return edit("control_numbers", "renumber", [RENUMBER(**said)], [RENUMBER_DOWN(**said)])


def short_isbns(document: Document, _: Random) -> Edit | None:
    """Numbers of books with ten digits."""
    isbns = _values(document, "020")
    long = [f for f in map(_ISBN_13.fullmatch, isbns) if f and f[3] == check_13(f[2])]
    if not long or any(map(_ISBN_10.fullmatch, isbns)):
        return None
    return edit("short_isbns", "convert", [SHORTEN()], [LENGTHEN()])


def newer_imprint(document: Document, _: Random) -> Edit | None:
    """Imprints as the newer rules have them."""
    imprints = _values(document, "260")
    if not imprints or any(i[:2] != r"\\" for i in imprints) or _values(document, "264"):
        return None
    return edit("newer_imprint", "convert", [TO_264()], [TO_260()])


def authorities(document: Document, _: Random) -> Edit | None:
    """Personal names in a table."""
    names, said = _values(document, "100", "700"), {"target": "names.csv"}
    if not any(n[2:4] == "$a" for n in names) or any("$0" in n for n in names):
        return None
    if said["target"] in document.files:
        return None
    return edit("authorities", "normalise", [LOOK_UP(**said)], [SPELL_OUT(**said)])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), control_numbers, short_isbns, newer_imprint, authorities,
    compose("exchange", short_isbns, newer_imprint, control_numbers),
    compose("union", control_numbers, authorities, EDITS.sort),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_SUBJECTS = (
    "Bridges", "Harbours", "Beekeeping", "Clocks and watches", "Glassware", "Ferries", "Weaving",
    "Mills", "Postal service", "Lighthouses", "Gardens", "Printing", "Canals", "Railways",
    "Choirs", "Bread",
)  # fmt: skip
_PATTERNS = (
    "{subject} of {town}", "A short history of {subject}", "{subject} and their makers",
    "The {subject} question", "Notes on {subject} in {town}", "Letters about {subject}",
)  # fmt: skip
_LANGUAGES = ("eng", "ger", "fre", "swe")
_BLANK = "\\"
_FORMS = ("History", "Catalogs", "Fiction", "Pictorial works", "Handbooks, manuals, etc")


def _record(rng: Random, number: int, others: Sequence[int], *, brief: bool) -> Unit:
    subject, town = rng.choice(_SUBJECTS), rng.choice(content.CITIES)
    first, last = rng.choice(content.FIRST_NAMES), rng.choice(content.LAST_NAMES)
    year, digits = rng.randint(1971, 2025), f"{rng.randrange(10**9):09}"
    title = rng.choice(_PATTERNS).format(subject=subject.lower(), town=town)
    skipped = {"A": 2, "The": 4}.get(title.split()[0], 0)
    day = content.day(rng)
    fields: dict[str, Value] = {
        LEADER: rf"{rng.randint(400, 2400):05}nam\a22{rng.randint(100, 400):05}\i\4500",
        NUMBER: str(number),
        "008": f"{day:%y%m%d}s{year}{_BLANK * 4}xx{_BLANK * 18}{rng.choice(_LANGUAGES)}{_BLANK}d",
        "020": rf"\\$a978{digits}{check_13(digits)}",
        "100": rf"1\$a{last}, {first},$d{year - rng.randint(25, 70)}-",
        "245": f"1{skipped}$a{title[0].upper()}{title[1:]} /$c{first} {last}.",
        "260": rf"\\$a{town} :$b{rng.choice(content.FIRMS)},$c{year}.",
        "300": rf"\\$a{rng.randint(40, 900)} p. ;$c{rng.randint(17, 34)} cm",
    }
    if not brief:
        fields |= _more(rng, subject, others)
    fields["852"] = rng.choice(list(_BRANCHES))
    return Unit(RECORD, fields)


def _more(rng: Random, subject: str, others: Sequence[int]) -> dict[str, Value]:
    """A summary, subjects, and perhaps another hand or a record that goes with this one."""
    fields: dict[str, Value] = {"520": rf"\\$a{content.sentence(rng)}"}
    topics = [subject, *content.distinct(rng, _SUBJECTS, rng.randint(0, 2))]
    for at, topic in enumerate(dict.fromkeys(topics), 1):
        place = f"$z{rng.choice(content.CITIES)}" if rng.random() < 0.4 else ""
        name = f"650#{at}" if at > 1 else "650"
        fields[name] = rf"\0$a{topic}{place}$x{rng.choice(_FORMS)}."
    if rng.random() < 0.4:
        name = f"{rng.choice(content.LAST_NAMES)}, {rng.choice(content.FIRST_NAMES)}"
        fields["700"] = rf"1\$a{name},$eeditor."
    if rng.random() < 0.3:
        fields["787"] = rf"08$iRelated to:$w{rng.choice(others)}"
    return fields


class Libcatalog(Domain):
    """The catalogue of a library."""

    name = "libcatalog"
    category = "records"
    formats: ClassVar = {".mrk": MRK, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RENUMBER, RENUMBER_DOWN, SHORTEN, LENGTHEN, TO_264, TO_260, LOOK_UP,
        SPELL_OUT,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """Books by control number."""
        count = max(3, round(size / 145))
        numbers = sorted(rng.sample(range(10_000, 90_000 + 40 * count), count))
        records = [_record(rng, n, numbers, brief=size < 400) for n in numbers]
        return {"books.mrk": MRK.render(records)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; more empty lines; blanks as blanks."""
        return [
            text.replace("\n", "\r\n"),
            text.replace("\n\n", "\n \n\n"),
            text.replace("\\", " "),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the cataloguers and a list of loans."""
        return {
            "cataloguers.md": content.memo(rng, size // 2),
            "loans.csv": _loans(rng, size // 2),
        }


def _loans(rng: Random, size: int) -> str:
    rows = [
        Unit(table.ROW, {"card": code, "reader": content.person(rng), "due": str(content.day(rng))})
        for code in content.codes(rng, "CARD", max(3, size // 11))
    ]
    return table.CSV.render(rows)


DOMAIN = Libcatalog()
