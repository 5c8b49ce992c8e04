"""OpenType features of a font, in Adobe's feature file syntax.

A unit is a statement: a glyph class, a substitution, a positioning with its glyphs and numbers as
fields, the anchor of a mark or a base, any other statement as text; or a comment, or the line that
opens or closes a feature, lookup or table, which is structural.

Every glyph, number, name and comment counts, and so does the order of statements. Line
breaks, indentation, and the long forms `substitute` and `position` mean nothing.

Known limits: contextual rules, cursive and ligature anchors are text; nothing is included; glyph
names that look like `a-b` are read as such, never as ranges.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.sections import SectionEdits
from worktrial.documents.unit import Document, Files, Unit, opaque

FEATURE, LOOKUP, TABLE, CLOSE, COMMENT = "feature", "lookup", "table", "close", "comment"
CLASS, SUB, PAIR, MARK, BASE, STATEMENT = "class", "sub", "pair", "mark", "base", "statement"
_RECORD = ("x", "y", "advance_x", "advance_y")
_START = r"[ \t]*(?:sub|pos|enum|rsub|@|lookup|feature|script|language|markClass|table|mark|\}|\#)"
_PIECE = re.compile(
    rf"""\s+ | \#(?P<comment>[^\n]*)
    | (?P<block>feature|lookup|table)\s+(?P<name>[\w.]+)(?P<more>\s+useExtension)?\s*\{{
    | \}}\s*(?P<close>[\w.]*)\s*;
    | (?P<statement>[^;{{}}\#\n]+(?:\n(?!{_START})[^;{{}}\#\n]*)*)(?P<end>;?) | [;{{}}]""",
    re.VERBOSE,
)
_GLYPHS = r"([@\w.\\-]+|\[[^\[\]]*\])"
_NUMBER = r"(-?\d{1,6})"
_ANCHOR = rf"<anchor {_NUMBER} {_NUMBER}>"
_CLASS = re.compile(r"(@[\w.-]+) ?= ?\[([^\[\]]*)\]")
_SUB = re.compile(r"(?:substitute|sub) (.*)")
_PAIR = re.compile(rf"pos {_GLYPHS}(?: {_GLYPHS})? (?:{_NUMBER}|< ?{' '.join([_NUMBER] * 4)} ?>)")
_MARK = re.compile(rf"markClass {_GLYPHS} {_ANCHOR} (@[\w.-]+)")
_BASE = re.compile(rf"pos base {_GLYPHS} {_ANCHOR} mark (@[\w.-]+)")
_FIELDS = {
    PAIR: ("first", "second", "value", *_RECORD),
    MARK: ("glyphs", "x", "y", "class"),
    BASE: ("glyphs", "x", "y", "class"),
    CLASS: ("name",),
}


class Fea(Format):
    """Statements that end with a semicolon, in blocks of braces."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a statement."""
        return [unit for piece in _PIECE.finditer(text) if (unit := _unit(piece)) is not None]

    def render(self, units: Sequence[Unit]) -> str:
        """A line a unit, indented within blocks."""
        lines = []
        depth = 0
        for unit in units:
            depth = max(0, depth - (unit.kind == CLOSE))
            lines.append(f"{'    ' * depth}{_written(unit)}\n")
            depth += unit.kind in (FEATURE, LOOKUP, TABLE)
        return "".join(lines)


FEA = Fea()


def _unit(piece: re.Match[str]) -> Unit | None:
    if piece["comment"] is not None:
        return Unit(COMMENT, text=" ".join(piece["comment"].split()))
    if piece["block"]:
        return Unit(
            piece["block"],
            {"name": piece["name"]},
            key="name",
            text=(piece["more"] or "").strip(),
            structural=True,
        )
    if piece["close"] is not None:
        return Unit(CLOSE, text=piece["close"], structural=True)
    if not piece[0].strip():
        return None
    whole = piece["statement"] and piece["end"]
    return _statement(" ".join(piece["statement"].split())) if whole else opaque(piece[0])


def _statement(text: str) -> Unit:
    text = re.sub(r"^position\b", "pos", text)
    if found := _CLASS.fullmatch(text):
        return Unit(CLASS, {"name": found[1]}, key="name", text=found[2].strip())
    if found := _SUB.fullmatch(text):
        return Unit(SUB, text=found[1])
    for kind, pattern in ((BASE, _BASE), (MARK, _MARK), (PAIR, _PAIR)):
        if found := pattern.fullmatch(text):
            values = zip(_FIELDS[kind], found.groups(), strict=True)
            return Unit(kind, {n: table.typed(v) for n, v in values if v is not None})
    return Unit(STATEMENT, text=text)


def _written(unit: Unit) -> str:
    values = {name: table.written(value) for name, value in unit.fields.items()}
    anchor = f"<anchor {values.get('x', '')} {values.get('y', '')}>"
    match unit.kind:
        case "comment":
            return f"# {unit.text}".rstrip()
        case "feature" | "lookup" | "table":
            return " ".join(p for p in (unit.kind, values.get("name"), unit.text, "{") if p)
        case "close":
            return f"}} {unit.text};"
        case "class":
            return f"{values.get('name', '')} = [{unit.text}];"
        case "sub":
            return f"sub {unit.text};"
        case "mark":
            return f"markClass {values.get('glyphs', '')} {anchor} {values.get('class', '')};"
        case "base":
            return f"pos base {values.get('glyphs', '')} {anchor} mark {values.get('class', '')};"
        case "pair":
            return _positioning(values)
        case "statement":
            return f"{unit.text};"
        case _:
            return unit.layout or unit.text


def _positioning(values: Mapping[str, str]) -> str:
    record = f"<{' '.join(values.get(name, '') for name in _RECORD)}>"
    glyphs = [values[name] for name in ("first", "second") if name in values]
    return f"pos {' '.join([*glyphs, values.get('value', record)])};"


# --- edits -------------------------------------------------------------------------------------

FEATURES = SectionEdits(FEATURE, key="name", many="features", sortable=("name",))
_NAMED = (CLASS, SUB, PAIR, MARK, BASE)
_NAME = re.compile(r"@?[A-Za-z_][\w.-]*")


def resize(document: Document, *, factor: str) -> Document:
    """Multiply every distance and coordinate."""
    for kind in (PAIR, MARK, BASE):
        for name in ("value", *_RECORD):
            document = programs.multiply(document, kind=kind, field=name, factor=factor)
    return document


def lengthen(document: Document) -> Document:
    """Write single numbers as records of four."""

    def long(unit: Unit) -> Unit:
        rest = {n: v for n, v in unit.fields.items() if n != "value"}
        if len(rest) == len(unit.fields):
            return unit
        record = dict.fromkeys(_RECORD, Decimal(0)) | {"advance_x": unit.fields["value"]}
        return programs.with_fields(unit, {**rest, **record})

    return programs.each(document, PAIR, long)


def shorten(document: Document) -> Document:
    """Write records of four with nothing but an advance as single numbers."""

    def short(unit: Unit) -> Unit:
        record = [unit.fields.get(name) for name in _RECORD]
        if record[:2] + record[3:] != [Decimal(0)] * 3:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n not in _RECORD}
        return programs.with_fields(unit, {**rest, "value": record[2]})

    return programs.each(document, PAIR, short)


def rename(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Rename glyphs or classes wherever they are named."""
    return _reworded(document, lambda text: _NAME.sub(lambda n: legend.get(n[0], n[0]), text))


def _reworded(document: Document, change: Callable[[str], str]) -> Document:
    def changed(unit: Unit) -> Unit:
        fields = {n: change(v) if isinstance(v, str) else v for n, v in unit.fields.items()}
        return replace(unit, fields=fields, text=change(unit.text), layout=None)

    for kind in _NAMED:
        document = programs.each(document, kind, changed)
    return document


def spell(document: Document, *, name: str, glyphs: str) -> Document:
    """Name the glyphs of a class in its place."""

    def spelled(unit: Unit) -> Unit:
        first, second = (unit.fields.get(n) for n in ("first", "second"))
        named = {n: glyphs for n, v in (("first", first), ("second", second)) if v == name}
        return programs.with_fields(unit, {**unit.fields, **named})

    return programs.each(document, PAIR, spelled)


def take(document: Document, *, feature: str, target: str) -> Document:
    """Move the pairs of a feature into a table."""
    rows: list[Unit] = []

    def taken(units: Sequence[Unit]) -> list[Unit]:
        start, end = _inside(units, feature)
        pairs = [u for u in units[start:end] if u.kind == PAIR]
        rows.extend(Unit(table.ROW, u.fields) for u in pairs)
        return [*units[:start], *(u for u in units[start:end] if u.kind != PAIR), *units[end:]]

    rest = programs.in_each_file(document, taken)
    header = Unit(programs.HEADER, text="first\tsecond\tvalue", structural=True)
    return rest.replacing(target, [header, *rows])


def give(document: Document, *, feature: str, target: str) -> Document:
    """Write the rows of a table as pairs at the end of a feature."""
    rows = [u for u in document.files.get(target, ()) if u.kind == table.ROW]
    pairs = [Unit(PAIR, u.fields) for u in rows]

    def given(units: Sequence[Unit]) -> list[Unit]:
        start, end = _inside(units, feature)
        return [*units[:end], *pairs, *units[end:]] if start else list(units)

    return programs.in_each_file(document.replacing(target, None), given)


def _inside(units: Sequence[Unit], feature: str) -> tuple[int, int]:
    """Where the statements of a feature begin and end; 0 and 0 where there is none."""
    opened = (
        i for i, u in enumerate(units, 1) if u.kind == FEATURE and u.fields["name"] == feature
    )
    start = next(opened, 0)
    closed = (i for i in range(start, len(units)) if _closes(units[i], feature))
    return (start, next(closed, start)) if start else (0, 0)


def _closes(unit: Unit, feature: str) -> bool:
    return unit.kind == CLOSE and unit.text == feature


def part(document: Document, *, feature: str, target: str) -> Document:
    """Move the statements of a feature into a file that it includes."""
    moved: list[Unit] = []

    def parted(units: Sequence[Unit]) -> list[Unit]:
        start, end = _inside(units, feature)
        moved.extend(units[start:end])
        said = [Unit(STATEMENT, text=f"include({target})")] if start else []
        return [*units[:start], *said, *units[end:]]

    rest = programs.in_each_file(document, parted)
    return rest.replacing(target, moved)


def unite(document: Document, *, target: str) -> Document:
    """Put the statements of a file where it is included."""
    moved = document.files.get(target, ())

    def united(units: Sequence[Unit]) -> list[Unit]:
        said = Unit(STATEMENT, text=f"include({target})")
        return [x for u in units for x in (moved if u == said else (u,))]

    return programs.in_each_file(document.replacing(target, None), united)


RESIZE = Verb(
    "Change the units per em: multiply every number of positionings and anchors by {factor}.",
    resize,
)
LENGTHEN = Verb(
    "Write every positioning that has a single number with the full value record instead: `-40` "
    "is `<0 0 -40 0>`.",
    lengthen,
)
SHORTEN = Verb(
    "Write every value record that has nothing but a horizontal advance as a single number: `<0 0 "
    "-40 0>` is `-40`.",
    shorten,
)
GLYPHS = Verb(
    "Rename glyphs, in classes, substitutions, positionings and anchors: {**legend}.", rename
)
CLASSES = Verb("Rename glyph classes, where they are defined and where used: {**legend}.", rename)
SPELL = Verb(
    "In positionings, write {glyphs} wherever {name} stands; definitions of classes stay.",
    spell,
)
TAKE = Verb(
    "Move the pair positionings of the feature {feature} into a CSV table {target} with the "
    "columns `first`, `second`, `value`, in their order; the rest of the feature stays.",
    take,
)
GIVE = Verb(
    "Write every row of the CSV table {target} as a pair positioning at the end of the feature "
    "{feature}, in their order; then remove {target}.",
    give,
)
PART = Verb(
    "Move all statements of the feature {feature} into a file {target}, in their order, and put "
    "in their place a statement that includes it, `include(...)` with its name.",
    part,
)
UNITE = Verb(
    "Put the statements of {target} in the place of the statement that includes it; then remove "
    "that file.",
    unite,
)


def em(document: Document, _: Random) -> Edit | None:
    """Twice the units per em."""
    numbers = any(isinstance(v, Decimal) for u in document.units() for v in u.fields.values())
    if not numbers or not _understood(document):
        return None
    return edit("em", "scale", [RESIZE(factor="2")], [RESIZE(factor="0.5")])


def records(document: Document, _: Random) -> Edit | None:
    """Full value records."""
    pairs = _pairs(document)
    short = any("value" in u.fields for u in pairs) and not any("x" in u.fields for u in pairs)
    if not short or not _understood(document):
        return None
    return edit("records", "convert", [LENGTHEN()], [SHORTEN()])


def glyphs(document: Document, rng: Random) -> Edit | None:
    """Glyphs by another convention."""
    used = _names(document)
    old = sorted(name for name in used if "." in name.strip(".") and name[0] != "@")
    chosen = rng.sample(old, min(6, len(old)))
    legend = {name: name.replace(".", ".alt_") for name in chosen}
    if not legend or not sayable(*legend) or used & set(legend.values()):
        return None
    back = programs.inverse(legend)
    return edit("glyphs", "rename", [GLYPHS(legend=legend)], [GLYPHS(legend=back)])


def classes(document: Document, rng: Random) -> Edit | None:
    """Classes by another convention."""
    used = _names(document)
    old = programs.text_values((u for u in document.units() if u.kind == CLASS), "name")
    chosen = rng.sample(old, min(5, len(old)))
    legend = {name: f"@MMK_{name[1:]}" for name in chosen}
    if not legend or not sayable(*legend) or used & set(legend.values()):
        return None
    back = programs.inverse(legend)
    return edit("classes", "rename", [CLASSES(legend=legend)], [CLASSES(legend=back)])


def spelled(document: Document, rng: Random) -> Edit | None:
    """Glyphs in place of a class."""
    pairs = _pairs(document)
    used = {u.fields.get(n) for u in pairs for n in ("first", "second")}
    defined = {u.fields["name"]: u.text for u in document.units() if u.kind == CLASS}
    fitting = [n for n, text in defined.items() if n in used and f"[{text}]" not in used]
    if not fitting:
        return None
    name = table.written(rng.choice(fitting))
    members = f"[{defined[name]}]"
    if not sayable(name, members):
        return None
    there, back = {"name": name, "glyphs": members}, {"name": members, "glyphs": name}
    return edit("spelled", "substitute", [SPELL(**there)], [SPELL(**back)])


def kerning(document: Document, _: Random) -> Edit | None:
    """Pairs in a table."""
    block = _block(document, "kern")
    count = sum(u.kind == PAIR for u in block)
    last = block[len(block) - count :]
    plain = all(set(u.fields) == {"first", "second", "value"} for u in last)
    if not count or not plain:
        return None
    said = {"feature": "kern", "target": "kerning.csv"}
    return edit("kerning", "extract", [TAKE(**said)], [GIVE(**said)])


def included(document: Document, _: Random) -> Edit | None:
    """A feature in a file of its own."""
    names = programs.text_values((u for u in document.units() if u.kind == FEATURE), "name")
    several = [n for n in names if len(_block(document, n)) > 1]
    if not several or not sayable(several[-1]):
        return None
    target = f"{several[-1]}_feature.fea"
    if target in document.files or any(target in u.text for u in document.units()):
        return None
    return edit(
        "included",
        "split",
        [PART(feature=several[-1], target=target)],
        [UNITE(target=target)],
    )


def _pairs(document: Document) -> list[Unit]:
    return [u for u in document.units() if u.kind == PAIR]


def _understood(document: Document) -> bool:
    """Whether no statement that is read as text alone holds a distance."""
    others = (u.text for u in document.units() if u.kind == STATEMENT)
    return not any(re.search(r"\bpos \D*\d|<", text) for text in others)


def _names(document: Document) -> set[str]:
    """Every glyph and class that is named."""
    units = [u for u in document.units() if u.kind in _NAMED]
    texts = [t for u in units for t in (u.text, *u.fields.values()) if isinstance(t, str)]
    return {name for text in texts for name in _NAME.findall(text)}


def _block(document: Document, feature: str) -> Sequence[Unit]:
    """The statements of a feature that stands once in a document of one file."""
    count = sum(u.kind == FEATURE and u.fields["name"] == feature for u in document.units())
    if count != 1 or len(document.files) != 1:
        return ()
    (units,) = document.files.values()
    start, end = _inside(units, feature)
    return units[start:end]


PLANNERS: tuple[Planner, ...] = (
    em, records, glyphs, classes, spelled, kerning, included, FEATURES.sort,
    compose("foundry", em, classes, records),
    compose("release", glyphs, kerning, FEATURES.sort),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_LETTERS = [chr(c + i) for c in (65, 97) for i in range(26)]
_ACCENTS = ("acute", "grave", "dieresis", "caron", "ring", "tilde", "macron", "ogonek")
_FORMS = ("sc", "alt", "init", "swash", "tf", "osf", "sups", "case", "titl", "hist")
_TAGS = ("smcp", "salt", "init", "swsh", "c2sc", "dlig", "titl", "hist", "onum", "sups", "case")


def _glyph(rng: Random) -> str:
    letter = rng.choice(_LETTERS)
    return letter + (rng.choice(_ACCENTS) if rng.random() < 0.7 else "")


def _fresh_feature(rng: Random, name: str, statements: Sequence[Unit]) -> list[Unit]:
    opening = Unit(FEATURE, {"name": name}, key="name", structural=True)
    return [opening, *statements, Unit(CLOSE, text=name, structural=True)]


def _substitutions(rng: Random, count: int) -> list[Unit]:
    form = rng.choice(_FORMS)
    glyphs = dict.fromkeys(_glyph(rng) for _ in range(count))
    return [Unit(SUB, text=f"{g} by {g}.{form}{rng.randint(1, 9)}") for g in glyphs]


def _kerns(rng: Random, classes: Sequence[str], count: int) -> list[Unit]:
    sides = {(rng.choice(classes), _glyph(rng)): None}
    while len(sides) < count:
        first, second = (
            rng.choice(classes) if rng.random() < 0.15 else _glyph(rng) for _ in range(2)
        )
        sides[first, second] = None
    return [
        Unit(
            PAIR,
            {"first": a, "second": b, "value": Decimal(rng.choice((-1, 1)) * rng.randint(3, 160))},
        )
        for a, b in sides
    ]


class Fonteng(Domain):
    """The features of a typeface."""

    name = "fonteng"
    category = "creative"
    formats: ClassVar = {".fea": FEA, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *FEATURES.verbs(), RESIZE, LENGTHEN, SHORTEN, GLYPHS, CLASSES, SPELL, TAKE, GIVE, PART,
        UNITE,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.04

    def generate(self, rng: Random, size: int) -> Files:
        """Classes, substitutions, kerning."""
        tags = rng.sample(_TAGS, max(1, min(len(_TAGS), size // 250)))
        names = [f"@{rng.choice(content.CITIES)[:4].lower()}{i}" for i in range(1, 2 + size // 400)]
        names = [name.encode("ascii", "ignore").decode() for name in names]
        units = [Unit(COMMENT, text=f"{content.firm(rng)}, {content.day(rng)}")]
        for name in names:
            members = dict.fromkeys(_glyph(rng) for _ in range(rng.randint(2, 4)))
            units.append(Unit(CLASS, {"name": name}, key="name", text=" ".join(members)))
        each = 2 if size < 300 else max(3, size // (30 * len(tags)))
        features = [
            _fresh_feature(rng, tag, _substitutions(rng, min(80, each))) for tag in ["liga", *tags]
        ]
        left = size * 3.3 - len(FEA.render([*units, *(u for f in features for u in f)]))
        kern = _fresh_feature(rng, "kern", _kerns(rng, names, max(3, round(left / 27))))
        features.insert(rng.randrange(1, len(features)), kern)
        return {"features.fea": FEA.render([*units, *(u for f in features for u in f)])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; long words; no indentation; wider spaces."""
        long = re.sub(r"\bpos ", "position ", re.sub(r"\bsub ", "substitute ", text))
        return [
            text.replace("\n", "\r\n"),
            long,
            text.replace("    ", ""),
            text.replace(" ", "\t "),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """A list of glyphs and a memo."""
        rows = [
            Unit(table.ROW, {"glyph": _glyph(rng), "drawn by": content.person(rng)})
            for _ in range(max(3, size // 14))
        ]
        return {"glyphs.csv": table.CSV.render(rows), "proof.md": content.memo(rng, size // 2)}


DOMAIN = Fonteng()
