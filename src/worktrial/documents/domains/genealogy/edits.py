"""The edits of family trees: programs, the sentences that ask for them, and plans."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from random import Random

from worktrial.documents import programs
from worktrial.documents.domains.genealogy.format import (
    FAMILY,
    INDIVIDUAL,
    REFERENCES,
    SOURCE,
    XREF,
)
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Unit, Value

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
        if not REFERENCES.fullmatch(value):
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


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_EXACT = re.compile(rf"([1-9]|[12][0-9]|3[01]) ({'|'.join(MONTHS)}) ([1-9][0-9]{{3}})")
_ISO = re.compile(r"([1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def _as_iso(tag: str, value: str) -> str:
    found = _EXACT.fullmatch(value) if tag == "DATE" else None
    return f"{found[3]}-{MONTHS.index(found[2]) + 1:02}-{found[1]:0>2}" if found else value


def _as_gedcom(tag: str, value: str) -> str:
    found = _ISO.fullmatch(value) if tag == "DATE" else None
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}" if found else value


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

VERBS: tuple[Verb, ...] = (
    *RECORDS.all(), RENUMBER, FROM_NOTED, ISO, FROM_ISO, TURN, CITE, DESCRIBE,
)  # fmt: skip
