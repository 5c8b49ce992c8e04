"""A family tree, in GEDCOM 5.5.1.

A unit is a record: an individual, a family, a source. Each is identified by its own `@I1@`; every
line below is a field named by the tags that lead to it, such as `BIRT.DATE`. The header is
structural.

What counts is every tag with its value, the order of records, and the order of lines of one tag.
The order of different tags, indentation, and where `CONC` breaks a value mean nothing. The last
line, `0 TRLR`, follows from there being records.

Known limits: all values are text, dates too. What is no line, or skips a level, is kept as the
text of its record.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from random import Random
from typing import Any, ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

INDIVIDUAL, FAMILY, SOURCE, HEAD, TRAILER = "INDI", "FAM", "SOUR", "HEAD", "TRLR"
XREF, OWN = "XREF", "="
"""The fields of a record's identifier, and of a value in its first line."""
_LISTS = ("CHIL", "FAMS")
"""Tags whose lines, one after another, are one list of references."""
_LINE = re.compile(
    r"\s*([0-9]{1,2})\s+(@[^@\s]{1,40}@\s+)?([A-Za-z_]\w{0,30})(?:\s(.*))?", re.DOTALL
)
_BREAK = re.compile(r"\r\n|\r|\n")
_REFERENCES = re.compile(r"@[^@\s]{1,40}@(?: @[^@\s]{1,40}@)*")
_WIDTH = 200
_DEEPEST = 99


class Gedcom(Format):
    """Lines with a level, a tag and a value; level 0 begins a record."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a record; lines before the first are opaque."""
        units: list[Unit] = []
        record: _Record | None = None
        for line in filter(str.strip, _BREAK.split(text.removeprefix("\ufeff"))):
            found = _LINE.fullmatch(line)
            if found and int(found[1]) == 0:
                units += [record.unit()] if record else []
                record = _Record(found)
            elif record:
                record.add(line, found)
            else:
                units.append(opaque(line))
        units += [record.unit()] if record else []
        return [u for u in units if u != _TRAILER]

    def render(self, units: Sequence[Unit]) -> str:
        """A line a value, and the trailer after the last record."""
        lines = [line for unit in units for line in _lines(unit)]
        closing = any(u.kind != "opaque" for u in units)
        return "".join(f"{line}\n" for line in (*lines, *(["0 TRLR"] if closing else [])))


GEDCOM = Gedcom()


class _Record:
    """A record that is being read, with the names that lead to the present line."""

    def __init__(self, first: re.Match[str]) -> None:
        self.kind = first[3].upper()
        self.fields: dict[str, Value] = {XREF: first[2].strip()} if first[2] else {}
        if first[4]:
            self.fields[OWN] = first[4]
        self.loose: list[str] = []
        self.names = [""]
        self.seen = Counter[str]()

    def add(self, line: str, found: re.Match[str] | None) -> None:
        """Take a line below the first; one that fits nowhere is text."""
        if found is None or found[2] or int(found[1]) > len(self.names):
            self.loose.append(line)
            return
        self.names = self.names[: int(found[1])]
        tag, value, parent = found[3].upper(), found[4] or "", self.names[-1]
        if tag in ("CONT", "CONC"):
            name = parent or OWN
            joint = "\n" if tag == "CONT" else ""
            self.fields[name] = f"{self.fields.get(name, '')}{joint}{value}"
            return
        if self.fields.get(parent) == "":
            del self.fields[parent]
        self._put(f"{parent}.{tag}" if parent else tag, tag, value)

    def _put(self, name: str, tag: str, value: str) -> None:
        present = self.fields.get(name)
        if tag in _LISTS and _REFERENCES.fullmatch(f"{present} {value}"):
            self.fields[name] = f"{present} {value}"
        else:
            self.seen[name] += 1
            name += f"#{self.seen[name]}" * (self.seen[name] > 1)
            self.fields[name] = value
        self.names.append(name)

    def unit(self) -> Unit:
        """The record as a unit."""
        text = " ".join(" ".join(self.loose).split())
        key = XREF if XREF in self.fields else None
        return Unit(self.kind, self.fields, key=key, text=text, structural=self.kind == HEAD)


_TRAILER = Unit(TRAILER)


def _lines(unit: Unit) -> Iterator[str]:
    if unit.kind == "opaque":
        yield unit.layout or unit.text
        return
    tree: dict[str, Any] = {}
    for name, value in unit.fields.items():
        node = tree
        for step in () if name in (XREF, OWN) else name.split(".", _DEEPEST - 1):
            node = node.setdefault(step, {})
        node[name if node is tree else ""] = table.written(value)
    xref = tree.pop(XREF, "")
    yield from _broken(f"0 {xref} {unit.kind}" if xref else f"0 {unit.kind}", 1, tree.pop(OWN, ""))
    if unit.text:
        yield unit.text
    yield from _below(tree, 1)


def _below(tree: Mapping[str, Any], level: int) -> Iterator[str]:
    """The lines of a level and all deeper ones."""
    for step, node in tree.items():
        if not isinstance(node, dict):
            continue
        head, value = f"{level} {step.partition('#')[0]}", node.get("", "")
        if step in _LISTS and _REFERENCES.fullmatch(value):
            yield from (f"{head} {reference}" for reference in value.split())
        else:
            yield from _broken(head, level + 1, value)
        yield from _below(node, level + 1)


def _broken(head: str, level: int, value: str) -> Iterator[str]:
    """A line, and others for what is too long for it or begins a new one."""
    for i, line in enumerate(_BREAK.split(value)):
        first, *rest = [line[at : at + _WIDTH] for at in range(0, len(line), _WIDTH)] or [""]
        start = f"{level} CONT" if i else head
        yield f"{start} {first}" if first else start
        yield from (f"{level} CONC {part}" for part in rest)


# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    INDIVIDUAL,
    one="individual",
    many="individuals",
    a_field="tag",
    key=XREF,
    text="`XREF` is an individual's own identifier with its @ signs, and `BIRT.PLAC` the `PLAC` "
    "under `BIRT`.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=INDIVIDUAL,
    keys=(XREF,),
    sortable=("NAME",),
    removable=("OCCU", "BIRT.PLAC"),
    recodes={
        "OCCU": {
            "farmer": "agricola", "miller": "molitor", "smith": "faber", "weaver": "textor",
            "tailor": "sartor", "baker": "pistor", "mason": "caementarius", "cooper": "vietor",
        },
    },
    plural="individuals",
)  # fmt: skip


def _in_all(document: Document, change: Callable[[Unit], Unit]) -> Document:
    return programs.in_each_file(document, lambda units: map(change, units))


def _values(unit: Unit, change: Callable[[str, str], str]) -> Unit:
    """The same record with its values changed, each with the last tag of its name."""
    changed = {
        n: change(n.rpartition(".")[2].partition("#")[0], v) if isinstance(v, str) else v
        for n, v in unit.fields.items()
    }
    return unit if changed == unit.fields else programs.with_fields(unit, changed)


def _referring(document: Document, legend: Mapping[str, str]) -> Document:
    """Rename identifiers where they are defined and wherever they are referred to."""

    def renamed(_: str, value: str) -> str:
        if not _REFERENCES.fullmatch(value):
            return value
        return " ".join(legend.get(reference, reference) for reference in value.split(" "))

    return _in_all(document, lambda unit: _values(unit, renamed))


def renumber(document: Document, *, prefix: str) -> Document:
    """Give individuals new identifiers, and note the old ones."""
    people = [u for u in document.units() if u.kind == INDIVIDUAL]
    old = programs.text_values(people, XREF)

    def noted(unit: Unit) -> Unit:
        xref = unit.fields.get(XREF)
        if not isinstance(xref, str):
            return unit
        return programs.with_fields(unit, {**unit.fields, "REFN": xref.strip("@")})

    legend = {xref: f"@{prefix}{n}@" for n, xref in enumerate(old, 1)}
    return _referring(programs.each(document, INDIVIDUAL, noted), legend)


def from_noted(document: Document) -> Document:
    """Give individuals the identifiers that are noted with them."""
    people = [u for u in document.units() if u.kind == INDIVIDUAL]
    legend = {
        str(u.fields[XREF]): f"@{u.fields['REFN']}@"
        for u in people
        if XREF in u.fields and "REFN" in u.fields
    }
    return programs.drop(_referring(document, legend), kind=INDIVIDUAL, field="REFN")


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_EXACT = re.compile(rf"([1-9]|[12][0-9]|3[01]) ({'|'.join(_MONTHS)}) ([1-9][0-9]{{3}})")
_ISO = re.compile(r"([1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def _as_iso(tag: str, value: str) -> str:
    found = _EXACT.fullmatch(value) if tag == "DATE" else None
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02}-{found[1]:0>2}" if found else value


def _as_gedcom(tag: str, value: str) -> str:
    found = _ISO.fullmatch(value) if tag == "DATE" else None
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}" if found else value


def _turned(tag: str, value: str) -> str:
    return ", ".join(value.split(", ")[::-1]) if tag == "PLAC" else value


def everywhere(document: Document, *, change: Callable[[str, str], str]) -> Document:
    """Change values all over."""
    return _in_all(document, lambda unit: _values(unit, change))


def cite(document: Document, *, prefix: str) -> Document:
    """Make a record of every source that is only described, and refer to it."""

    def cited(units: Sequence[Unit]) -> Iterator[Unit]:
        legend: dict[str, str] = {}
        for unit in units:
            said = unit.fields.get("SOUR")
            if unit.kind not in (INDIVIDUAL, FAMILY) or not isinstance(said, str):
                yield unit
                continue
            xref = legend.setdefault(said, f"@{prefix}{len(legend) + 1}@")
            yield programs.with_fields(unit, {**unit.fields, "SOUR": xref})
        for said, xref in legend.items():
            yield Unit(SOURCE, {XREF: xref, "TITL": said}, key=XREF)

    return programs.in_each_file(document, cited)


def describe(document: Document) -> Document:
    """Describe sources where they are referred to, and remove their records."""
    known = {
        u.fields[XREF]: u.fields.get("TITL", "")
        for u in document.units()
        if u.kind == SOURCE and XREF in u.fields
    }

    def described(unit: Unit) -> Unit:
        said = unit.fields.get("SOUR")
        if unit.kind not in (INDIVIDUAL, FAMILY) or said not in known:
            return unit
        return programs.with_fields(unit, {**unit.fields, "SOUR": known[said]})

    kept = programs.in_each_file(document, lambda us: (u for u in us if u.kind != SOURCE))
    return _in_all(kept, described)


RENUMBER = Verb(
    "Give the individuals new identifiers that count from 1 after the prefix {prefix} (the third "
    "would be `P3` between @ signs if the prefix were `P`), in the order in which they stand, and "
    "change every reference to them. Note the old identifier without @ signs in a new line `REFN` "
    "of level 1.",
    renumber,
)
FROM_NOTED = Verb(
    "Give every individual the identifier that stands in its `REFN` (there without @ signs), "
    "change every reference to it, and take the `REFN` out.",
    from_noted,
)
ISO = Verb(
    "Write every complete date, such as `3 MAR 1871`, in the ISO way as `1871-03-03`, in the "
    "header too. Dates with less or more than a day, a month and a year stay as they are.",
    partial(everywhere, change=_as_iso),
)
FROM_ISO = Verb(
    "Write every date that is given in the ISO way, such as `1871-03-03`, as GEDCOM has it: "
    "`3 MAR 1871`; in the header too.",
    partial(everywhere, change=_as_gedcom),
)
TURN = Verb(
    "Turn the parts of every place (`PLAC`) around, so that `A, B, C` becomes `C, B, A`.",
    partial(everywhere, change=_turned),
)
CITE = Verb(
    "Make a source record with the `TITL` for every different `SOUR` of level 1 that individuals "
    "and families have, in order of first appearance, at the end of the file (before the "
    "trailer), with identifiers that count from 1 after {prefix}. In the `SOUR` lines, refer to "
    "these records instead.",
    cite,
)
DESCRIBE = Verb(
    "In the `SOUR` lines of individuals and families, put the `TITL` of the source record in the "
    "place of the reference to it. Then remove the source records.",
    describe,
)


def _everything(document: Document) -> list[tuple[str, Value]]:
    return [pair for unit in document.units() for pair in unit.fields.items()]


def new_identifiers(document: Document, rng: Random) -> Edit | None:
    """Individuals counted anew."""
    prefix = rng.choice(("P", "N"))
    fields = _everything(document)
    taken = any(isinstance(v, str) and f"@{prefix}" in v for _, v in fields)
    known = all(XREF in u.fields for u in EDITS.records(document))
    if taken or not known or not EDITS.records(document) or any(n == "REFN" for n, _ in fields):
        return None
    return edit("new_identifiers", "renumber", [RENUMBER(prefix=prefix)], [FROM_NOTED()])


def iso_dates(document: Document, _: Random) -> Edit | None:
    """Dates in the ISO way."""
    dates = [str(v) for n, v in _everything(document) if n.endswith("DATE")]
    if any(map(_ISO.fullmatch, dates)) or not any(map(_EXACT.fullmatch, dates)):
        return None
    return edit("iso_dates", "convert", [ISO()], [FROM_ISO()])


def largest_first(document: Document, _: Random) -> Edit | None:
    """Places from the country down."""
    places = [str(v) for n, v in _everything(document) if n.endswith("PLAC")]
    if all(_turned("PLAC", place) == place for place in places):
        return None
    return edit("largest_first", "convert", [TURN()], [TURN()])


def sources(document: Document, _: Random) -> Edit | None:
    """Sources as records."""
    fields = _everything(document)
    said = [str(v) for n, v in fields if n == "SOUR" and v]
    several = any(n == "SOUR#2" for n, _ in fields)
    taken = any(isinstance(v, str) and "@S" in v for _, v in fields)
    records = any(u.kind == SOURCE for u in document.units())
    if records or several or taken or not said or any("@" in one for one in said):
        return None
    return edit("sources", "normalise", [CITE(prefix="S")], [DESCRIBE()])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), new_identifiers, iso_dates, largest_first, sources,
    compose("exchange", new_identifiers, iso_dates, EDITS.sort),
    compose("archive", largest_first, sources, EDITS.extract),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_COUNTRIES = {
    "Tartu": "Livonia", "Kaunas": "Lithuania", "Zadar": "Dalmatia", "Ghent": "Flanders",
    "Quimper": "Brittany", "Jena": "Thuringia", "Porvoo": "Finland", "Bilbao": "Biscay",
    "Malmö": "Scania", "Leeds": "Yorkshire", "Rostock": "Mecklenburg", "Oporto": "Douro",
}  # fmt: skip
_PARISHES = ("Upperfield", "Millbrook", "Oldchurch", "Fairhaven", "Lindenau", "Westmark", "Holmby")
_REGISTERS = ("Baptisms", "Marriages", "Burials", "Census", "Tax roll", "Muster roll", "Guild book")


class _Tree:
    """A family tree that grows couple by couple."""

    def __init__(self, rng: Random, size: int) -> None:
        self.rng = rng
        count = max(60, size // 8)
        self.numbers = {
            kind: iter(sorted(rng.sample(range(1, 12 * count), count))) for kind in ("I", "F")
        }
        self.people: list[dict[str, Value]] = []
        self.families: list[dict[str, Value]] = []

    def grow(self) -> None:
        """One more couple with children; one parent may be a child from before."""
        rng = self.rng
        single = [p for p in self.people if "FAMS" not in p and "FAMC" in p]
        one = rng.choice(single) if single and rng.random() < 0.6 else self._person("M", 0)
        other = self._person("F" if one["SEX"] == "M" else "M", _born(one) + rng.randint(-5, 5))
        xref = f"@F{next(self.numbers['F'])}@"
        one["FAMS"] = other["FAMS"] = xref
        husband, wife = (one, other) if one["SEX"] == "M" else (other, one)
        married = max(_born(one), _born(other)) + rng.randint(20, 30)
        surname = str(husband["NAME"]).partition("/")[2].strip("/")
        children = [
            self._person(rng.choice("MF"), married + 1 + 2 * i, surname, xref)
            for i in range(rng.choice((1, 1, 2)))
        ]
        self.families.append({
            XREF: xref, "HUSB": husband[XREF], "WIFE": wife[XREF],
            "CHIL": " ".join(str(c[XREF]) for c in children),
            "MARR.DATE": _day(rng, married), "MARR.PLAC": _place(rng),
            "SOUR": _register(rng),
        })  # fmt: skip

    def _person(self, sex: str, year: int, surname: str = "", family: str = "") -> dict[str, Value]:
        rng = self.rng
        year = year or rng.randint(1745, 1850)
        surname = surname or rng.choice(content.LAST_NAMES)
        person: dict[str, Value] = {
            XREF: f"@I{next(self.numbers['I'])}@",
            "NAME": f"{rng.choice(content.FIRST_NAMES)} /{surname}/",
            "SEX": sex,
            "BIRT.DATE": _day(rng, year, exact=0.7),
            "BIRT.PLAC": _place(rng),
        }
        if rng.random() < 0.4:
            person["DEAT.DATE"] = _day(rng, year + rng.randint(31, 90), exact=0.7)
        if rng.random() < 0.5:
            person["OCCU"] = rng.choice(list(EDITS.recodes["OCCU"]))
        if rng.random() < 0.3:
            person["SOUR"] = _register(rng)
        if family:
            person["FAMC"] = family
        self.people.append(person)
        return person

    def units(self) -> list[Unit]:
        """Individuals, then families."""
        people = [Unit(INDIVIDUAL, p, key=XREF) for p in self.people]
        return [*people, *(Unit(FAMILY, f, key=XREF) for f in self.families)]


def _born(person: Mapping[str, Value]) -> int:
    return int(str(person["BIRT.DATE"])[-4:])


def _day(rng: Random, year: int, *, exact: float = 1.0) -> str:
    day = content.day(rng, year=year)
    if rng.random() < exact:
        return f"{day.day} {_MONTHS[day.month - 1]} {year}"
    return rng.choice((f"ABT {year}", f"BEF {year}", f"{_MONTHS[day.month - 1]} {year}"))


def _place(rng: Random) -> str:
    town = rng.choice(list(_COUNTRIES))
    return f"{rng.choice(_PARISHES)}, {town}, {_COUNTRIES[town]}"


def _register(rng: Random) -> str:
    start = rng.randint(1740, 1880)
    return (
        f"{rng.choice(_REGISTERS)} of {rng.choice(_PARISHES)} {start}-{start + rng.randint(2, 30)}"
    )


class Genealogy(Domain):
    """A family tree."""

    name = "genealogy"
    category = "records"
    formats: ClassVar = {".ged": GEDCOM, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RENUMBER, FROM_NOTED, ISO, FROM_ISO, TURN, CITE, DESCRIBE,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar[Sequence[re.Pattern[str]]] = (re.compile(r"0 TRLR"),)
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """Couples with their children, over some generations."""
        today = content.day(rng)
        about: dict[str, Value] = {
            "SOUR": rng.choice(content.FIRMS),
            "DATE": f"{today.day} {_MONTHS[today.month - 1]} {today.year}",
            "GEDC.VERS": "5.5.1",
            "GEDC.FORM": "LINEAGE-LINKED",
            "CHAR": "UTF-8",
        }
        tree = _Tree(rng, size)
        while len(tree.people) + len(tree.families) < max(4, size / 44 - 2):
            tree.grow()
        return {"family.ged": GEDCOM.render([Unit(HEAD, about), *tree.units()])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; levels indented; a value broken in two."""
        indented = re.sub(r"(?m)^([1-9])", lambda level: "  " * int(level[1]) + level[1], text)
        broken = re.sub(r"(?m)^1 NAME (.)(.*)$", r"1 NAME \1\n2 CONC \2", text, count=1)
        return [text.replace("\n", "\r\n"), indented, broken]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the society and a list of registers at the archive."""
        return {
            "society.md": content.memo(rng, size // 2),
            "archive.csv": _archive(rng, size // 2),
        }


def _archive(rng: Random, size: int) -> str:
    rows = [
        Unit(table.ROW, {"shelf": code, "register": _register(rng), "seen": str(content.day(rng))})
        for code in content.codes(rng, "AR", max(3, size // 16))
    ]
    return table.CSV.render(rows)


DOMAIN = Genealogy()
