"""Drafts for weaving, in the Weaving Information File format.

A unit is an entry of a section (`3=1,4` under `[TIEUP]`): its kind is the section, its fields the
number or name before the equals sign and the values after it. Section headings are structural.

Every entry counts, with its section and its values in their order, and so do comments. The order of
entries and of sections, the case of a section's name, the space around equals signs and commas, and
where a comment stands mean nothing.

Known limits: nothing is checked against `[CONTENTS]`; a line without an equals sign is kept as it
is; private sections are read like any other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

HEADING, COMMENT, NUMBER = "heading", "comment", "no"
_WARP = ("[THREADING]", "[WARP COLORS]", "[WARP SPACING]", "[WARP THICKNESS]")
_WEFT = ("[TREADLING]", "[WEFT COLORS]", "[WEFT SPACING]", "[WEFT THICKNESS]")
_LENGTHS = (*_WARP[2:], *_WEFT[2:])


class Wif(Format):
    """Sections of entries."""

    def parse(self, text: str) -> list[Unit]:
        """A heading a section, and an entry a line."""
        units: list[Unit] = []
        section = "[]"
        for line in filter(None, map(str.strip, text.splitlines())):
            name, equals, value = line.partition("=")
            if line.startswith("[") and line.endswith("]"):
                section = f"[{line[1:-1].strip().upper()}]"
                units.append(Unit(HEADING, text=section, ordered=False, structural=True))
            elif line.startswith(";"):
                units.append(Unit(COMMENT, text=" ".join(line[1:].split()), ordered=False))
            else:
                entry = _entry(section, name.strip(), value) if equals else None
                units.append(entry or opaque(line, ordered=False))
        return units

    def render(self, units: Sequence[Unit]) -> str:
        """Comments, then each section with all its entries, then what could not be read."""
        entries: dict[str, list[str]] = {}
        for unit in units:
            if unit.kind.startswith("["):
                entries.setdefault(unit.kind, []).append(_line(unit))
        lines = [f"; {u.text}".rstrip() for u in units if u.kind == COMMENT]
        lines += entries.pop("[]", [])
        headings = [u.text for u in units if u.kind == HEADING]
        for section in [*headings, *(s for s in entries if s not in headings)]:
            lines += [section, *entries.pop(section, [])]
        known = (HEADING, COMMENT)
        lines += [u.text for u in units if u.kind not in known and not u.kind.startswith("[")]
        return "".join(f"{line}\n" for line in lines)


WIF = Wif()


def _entry(section: str, name: str, value: str) -> Unit:
    words = [word.strip() for word in value.split(",")]
    numbers = [table.typed(word) for word in words]
    listed = all(isinstance(number, Decimal) for number in numbers)
    values = numbers if listed else [value.strip()]
    fields = {NUMBER: table.typed(name), **{f"v{i}": v for i, v in enumerate(values, 1)}}
    return Unit(section, fields, key=NUMBER, ordered=False)


def _line(unit: Unit) -> str:
    values = {name: table.written(value) for name, value in unit.fields.items()}
    name = values.pop(NUMBER, "")
    return f"{name}={','.join(values.values())}"


# --- edits -------------------------------------------------------------------------------------


def _changed(
    document: Document,
    sections: Iterable[str],
    change: Callable[[Decimal], Decimal],
    *,
    names: Callable[[str], bool] = lambda name: name != NUMBER,
) -> Document:
    """Change numbers in the entries of some sections."""

    def changed(unit: Unit) -> Unit:
        fields = {
            n: programs.plain(change(v)) if isinstance(v, Decimal) and names(n) else v
            for n, v in unit.fields.items()
        }
        return programs.with_fields(unit, fields)

    for section in sections:
        document = programs.each(document, section, changed)
    return document


def _is_number(name: str) -> bool:
    return name == NUMBER


def _from_the_end(count: str) -> Callable[[Decimal], Decimal]:
    """Count from the other end; what is not among so many stays."""
    last = Decimal(count)
    return lambda number: last + 1 - number if 1 <= number <= last else number


def turn_shafts(document: Document, *, count: str) -> Document:
    """Count shafts from the other end."""
    return _changed(document, ("[THREADING]", "[TIEUP]"), _from_the_end(count))


def turn_treadles(document: Document, *, count: str) -> Document:
    """Count treadles from the other end."""
    turned = _changed(document, ("[TREADLING]",), _from_the_end(count))
    return _changed(turned, ("[TIEUP]",), _from_the_end(count), names=_is_number)


def turn_threads(document: Document, *, count: str) -> Document:
    """Count warp threads from the other side."""
    return _changed(document, _WARP, _from_the_end(count), names=_is_number)


def measure(document: Document, *, old: str, new: str, factor: str) -> Document:
    """Give lengths in a smaller unit."""
    scaled = _changed(document, _LENGTHS, lambda length: length * Decimal(factor))
    return _named(scaled, old, new)


def remeasure(document: Document, *, old: str, new: str, factor: str) -> Document:
    """Give lengths in a larger unit."""
    scaled = _changed(document, _LENGTHS, lambda length: length / Decimal(factor))
    return _named(scaled, old, new)


def _named(document: Document, old: str, new: str) -> Document:
    """Name another unit of length."""

    def named(unit: Unit) -> Unit:
        if unit.fields.get(NUMBER) != "Units" or unit.fields.get("v1") != old:
            return unit
        return programs.with_fields(unit, {**unit.fields, "v1": new})

    return programs.each(programs.each(document, "[WARP]", named), "[WEFT]", named)


def regrade(document: Document, *, old: str, new: str) -> Document:
    """Give colours in another range."""
    before, after = Decimal(old), Decimal(new)
    graded = _changed(document, ("[COLOR TABLE]",), lambda shade: shade * after / before)
    return _changed(graded, ("[COLOR PALETTE]",), lambda v: after if v == before else v)


def recolour(document: Document, *, amount: str) -> Document:
    """Give colours other numbers wherever they are named."""

    def added(number: Decimal) -> Decimal:
        return number + Decimal(amount)

    moved = _changed(document, ("[COLOR TABLE]",), added, names=_is_number)
    return _changed(moved, ("[WARP COLORS]", "[WEFT COLORS]"), added)


def swap(document: Document, *, one: str, other: str) -> Document:
    """Let the entries of two sections change places."""
    names = {one: other, other: one}

    def swapped(units: Sequence[Unit]) -> list[Unit]:
        return [replace(u, kind=names.get(u.kind, u.kind)) for u in units]

    return programs.in_each_file(document, swapped)


def pull(document: Document, *, section: str, target: str) -> Document:
    """Move the entries of a section into a table."""
    rows = [Unit(table.ROW, u.fields) for u in document.units() if u.kind == section]
    header = Unit(programs.HEADER, text=f"{NUMBER}\tv1", structural=True)
    rest = programs.in_each_file(document, lambda units: [u for u in units if u.kind != section])
    return rest.replacing(target, [header, *rows])


def push(document: Document, *, file: str, section: str, target: str) -> Document:
    """Write the rows of a table as entries of a section."""
    rows = [u for u in document.files.get(target, ()) if u.kind == table.ROW]
    entries = [Unit(section, u.fields, key=NUMBER, ordered=False) for u in rows]
    whole = [*document.files.get(file, ()), *entries]
    return document.replacing(target, None).replacing(file, whole)


SHAFTS = Verb(
    "Count the {count} shafts from the other end, in the values of `[THREADING]` and `[TIEUP]`: "
    "the first becomes the last, and so on; values stay in their places, and 0 stays 0.",
    turn_shafts,
)
TREADLES = Verb(
    "Count the {count} treadles from the other end, in the values of `[TREADLING]` and before the "
    "equals signs of `[TIEUP]`: the first becomes the last, and so on; 0 stays 0.",
    turn_treadles,
)
THREADS = Verb(
    "Number the {count} warp threads from the other side, before the equals signs of "
    "`[THREADING]`, `[WARP COLORS]`, `[WARP SPACING]` and `[WARP THICKNESS]`: the first becomes "
    "the last, and so on.",
    turn_threads,
)
MEASURE = Verb(
    "Give lengths in {new} instead of {old}: change `Units` in `[WARP]` and `[WEFT]`, and multiply "
    "the values of every spacing and thickness section of warp and weft by {factor}.",
    measure,
)
REMEASURE = Verb(
    "Give lengths in {new} instead of {old}: change `Units` in `[WARP]` and `[WEFT]`, and divide "
    "the values of every spacing and thickness section of warp and weft by {factor}.",
    remeasure,
)
REGRADE = Verb(
    "Let the shades of colours go up to {new} instead of {old}, in `Range` of `[COLOR PALETTE]` "
    "and, in proportion, in the values of `[COLOR TABLE]`.",
    regrade,
)
RECOLOUR = Verb(
    "Add {amount} to the number of every colour, before the equals signs of `[COLOR TABLE]` and in "
    "the values of `[WARP COLORS]` and `[WEFT COLORS]`.",
    recolour,
)
SWAP = Verb("Let the entries of the sections {one} and {other} change places.", swap)
PULL = Verb(
    "Move the entries of the section {section} into a CSV table {target} with the columns `no` "
    "(before the equals sign) and `v1` (after it); the section's heading stays.",
    pull,
)
PUSH = Verb(
    "Write every row of the CSV table {target} as an entry of {section} in {file}, `no` before the "
    "equals sign and `v1` after it; then remove {target}.",
    push,
)


def shafts(document: Document, _: Random) -> Edit | None:
    """Shafts from the other end."""
    count = _count(document, "[WEAVING]", "Shafts")
    if not count or not _has(document, "[THREADING]"):
        return None
    return edit("shafts", "renumber", [SHAFTS(count=count)], [SHAFTS(count=count)])


def treadles(document: Document, _: Random) -> Edit | None:
    """Treadles from the other end."""
    count = _count(document, "[WEAVING]", "Treadles")
    if not count or not _has(document, "[TREADLING]"):
        return None
    return edit("treadles", "renumber", [TREADLES(count=count)], [TREADLES(count=count)])


def threads(document: Document, _: Random) -> Edit | None:
    """Warp threads from the other side."""
    count = _count(document, "[WARP]", "Threads")
    if not count or not _has(document, "[THREADING]"):
        return None
    return edit("threads", "renumber", [THREADS(count=count)], [THREADS(count=count)])


def decipoints(document: Document, _: Random) -> Edit | None:
    """Inches to decipoints, of which 720 make an inch."""
    found = [
        u.fields.get("v1")
        for section in ("[WARP]", "[WEFT]")
        for u in _entries(document, section)
        if u.fields[NUMBER] == "Units"
    ]
    if set(found) != {"Inches"} or not any(_has(document, s) for s in _LENGTHS):
        return None
    there = {"old": "Inches", "new": "Decipoints", "factor": "720"}
    back = {"old": "Decipoints", "new": "Inches", "factor": "720"}
    return edit("decipoints", "scale", [MEASURE(**there)], [REMEASURE(**back)])


def shades(document: Document, _: Random) -> Edit | None:
    """Colours with 16 bits instead of 8."""
    ranges = [u.fields for u in _entries(document, "[COLOR PALETTE]") if "v2" in u.fields]
    whole = len(ranges) == 1 and ranges[0]["v2"] == Decimal(255) and ranges[0]["v1"] == 0
    if not whole or not _has(document, "[COLOR TABLE]"):
        return None
    there, back = {"old": "255", "new": "65535"}, {"old": "65535", "new": "255"}
    return edit("shades", "scale", [REGRADE(**there)], [REGRADE(**back)])


def colours(document: Document, rng: Random) -> Edit | None:
    """Colours with other numbers."""
    if not _has(document, "[COLOR TABLE]") or not _has(document, "[WARP COLORS]"):
        return None
    amount = rng.choice(("100", "500"))
    there, back = RECOLOUR(amount=amount), RECOLOUR(amount=f"-{amount}")
    return edit("colours", "renumber", [there], [back])


def exchange(document: Document, rng: Random) -> Edit | None:
    """What warp and weft have in common, exchanged."""
    pairs = [p for p in zip(_WARP[1:], _WEFT[1:], strict=True) if all(_has(document, s) for s in p)]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    said = {"one": one, "other": other}
    return edit("exchange", "move", [SWAP(**said)], [SWAP(**said)])


def tabulate(document: Document, rng: Random) -> Edit | None:
    """A section as a table."""
    names = [s for s in (*_WARP, *_WEFT) if _has(document, s)]
    if len(document.files) != 1 or not names:
        return None
    (file,) = document.files
    if not sayable(file):
        return None
    section = rng.choice(names)
    target = f"{section.strip('[]').lower().replace(' ', '_')}.csv"
    said = {"section": section, "target": target}
    return edit("tabulate", "extract", [PULL(**said)], [PUSH(**said, file=file)])


def _entries(document: Document, section: str) -> list[Unit]:
    return [u for u in document.units() if u.kind == section]


def _has(document: Document, section: str) -> bool:
    """Whether a section has entries, all of them with numbers alone."""
    entries = _entries(document, section)
    numbers = all(isinstance(v, Decimal) for u in entries for v in u.fields.values())
    single = section not in (*_WARP, *_WEFT) or all(len(u.fields) == 2 for u in entries)
    return bool(entries) and numbers and single


def _count(document: Document, section: str, name: str) -> str:
    """A number that a section gives once."""
    found = [u.fields.get("v1") for u in _entries(document, section) if u.fields[NUMBER] == name]
    whole = len(found) == 1 and isinstance(found[0], Decimal) and found[0] % 1 == 0
    return table.written(found[0]) if whole else ""


PLANNERS: tuple[Planner, ...] = (
    shafts, treadles, threads, decipoints, shades, colours, exchange, tabulate,
    compose("mill", decipoints, shafts, colours),
    compose("archive", shades, threads, tabulate, treadles),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------


def _draft(rng: Random, threads: int) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The sections of a draft with so many threads a side."""
    shafts, treadles, shades = rng.randint(12, 24), rng.randint(10, 16), rng.randint(6, 12)
    picks = threads + rng.randint(0, 2)

    def run(count: int, value: Callable[[], object]) -> list[tuple[str, str]]:
        return [(str(i), str(value())) for i in range(1, count + 1)]

    def among(last: int) -> Callable[[], object]:
        return lambda: rng.randint(1, last)

    def length(low: int, high: int) -> Callable[[], object]:
        return lambda: programs.plain(Decimal(rng.randint(low, high)) / 1000)

    def several(count: int, last: int) -> str:
        return ",".join(map(str, sorted(rng.sample(range(1, last + 1), count))))

    tie = min(treadles, 2 + threads // 4)
    palette = min(shades, 2 + threads // 4)
    sections = {
        "[TEXT]": [
            ("Title", f"{rng.choice(content.ADJECTIVES).title()} {rng.choice(content.CITIES)}"),
            ("Author", content.person(rng)),
        ],
        "[WEAVING]": [("Shafts", str(shafts)), ("Treadles", str(treadles))],
        "[WARP]": [("Threads", str(threads)), ("Units", "Inches")],
        "[WEFT]": [("Threads", str(picks)), ("Units", "Inches")],
        "[COLOR PALETTE]": [("Entries", str(palette)), ("Range", "0,255")],
        "[COLOR TABLE]": run(palette, lambda: ",".join(str(rng.randint(0, 255)) for _ in "rgb")),
        "[TIEUP]": run(tie, lambda: several(rng.randint(2, 6), shafts)),
        "[THREADING]": run(threads, among(shafts)),
        "[TREADLING]": run(picks, among(treadles)),
        "[WARP COLORS]": run(threads, among(palette)),
        "[WEFT COLORS]": run(picks, among(palette)),
        "[WARP SPACING]": run(threads, length(80, 400)),
        "[WEFT SPACING]": run(picks, length(80, 400)),
        "[WARP THICKNESS]": run(threads, length(50, 300)),
        "[WEFT THICKNESS]": run(picks, length(50, 300)),
    }
    return {
        "[WIF]": [("Version", "1.1"), ("Date", str(content.day(rng)))],
        "[CONTENTS]": [(name.strip("[]"), "true") for name in sections],
        **sections,
    }


class Weaving(Domain):
    """A draft for a loom."""

    name = "weaving"
    category = "creative"
    formats: ClassVar = {".wif": WIF, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        SHAFTS, TREADLES, THREADS, MEASURE, REMEASURE, REGRADE, RECOLOUR, SWAP, PULL,
        PUSH,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.15

    def generate(self, rng: Random, size: int) -> Files:
        """A draft with as many threads as fit."""
        draft = _draft(rng, max(4, round((size * 3.5 - 620) / 62)))
        units: list[Unit] = []
        for section, entries in draft.items():
            units.append(Unit(HEADING, text=section, ordered=False, structural=True))
            units += [_entry(section, name, value) for name, value in entries]
        return {"draft.wif": WIF.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; small letters in headings; spaces; entries in another order."""
        lines = text.split("[TIEUP]\n")
        tie, rest = lines[1].split("[", 1)
        turned = "".join(reversed(tie.splitlines(keepends=True)))
        return [
            text.replace("\n", "\r\n"),
            text.replace("[TIEUP]", "[Tieup]").replace("[WARP]", "[ warp ]"),
            text.replace("=", " = ").replace(",", ", "),
            f"{lines[0]}[TIEUP]\n{turned}[{rest}",
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """A list of yarns and a memo."""
        rows = [
            Unit(table.ROW, {"yarn": code, "mill": content.firm(rng), "tex": _tex(rng)})
            for code in content.codes(rng, "YN", max(3, size // 18))
        ]
        return {"yarns.csv": table.CSV.render(rows), "studio.md": content.memo(rng, size // 2)}


def _tex(rng: Random) -> Value:
    return Decimal(rng.randint(8, 400))


DOMAIN = Weaving()
