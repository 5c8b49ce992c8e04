"""A drawing, in SVG.

A unit is a shape (`rect`, `circle`, `line`, `text`, `path`, …), identified by its `id`; its element
is a field of it, `name()`. The drawing, its groups and links are structural: a shape stands in the
group before it. Definitions, style sheets and clips are fields of what they stand in.

What counts is every attribute and element, and the order of shapes, which is who covers whom;
`xmltext` says what doesn't. Coordinates, lengths and the view box are exact numbers.

Known limits: a length with a unit (`12px`), path data, transforms and CSS are text, and no edit
moves a drawing that places shapes by them. Spaces in text are folded even where `xml:space` keeps
them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table, xmledits, xmltext
from worktrial.documents.domain import Domain
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import TEXT, KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value
from worktrial.documents.xmltext import NAME, Element, Vocabulary, Xml

DRAWING, GROUP, SHAPE = "svg", "g", "shape"
ID, CLASS, STYLE, POINTS = "@id", "@class", "@style", "@points"
_SHAPES = (
    "rect", "circle", "ellipse", "line", "polyline", "polygon", "path", "text", "use", "image",
)  # fmt: skip
_ACROSS, _DOWN = ("@x", "@cx", "@x1", "@x2"), ("@y", "@cy", "@y1", "@y2")
_SIZES = ("@width", "@height", "@r", "@rx", "@ry", "@stroke-width", "@font-size")
_PAINT = ("@fill", "@stroke", "@stroke-width")
_ORDER = (ID, CLASS, *_ACROSS, *_DOWN, *_SIZES[:5], "@points", "@d", "@href", *_PAINT)
_VIEW = tuple(f"@viewBox[{n}]" for n in ("x", "y", "width", "height"))
VOCABULARY = Vocabulary(
    {
        DRAWING: Element(0, holds=True),
        GROUP: Element(1, holds=True, nests=True),
        "a": Element(1, holds=True, nests=True),
        **dict.fromkeys(_SHAPES, Element(2, SHAPE, key=ID, text=".", order=_ORDER, inline=True)),
    },
    numbers=(*_ACROSS, *_DOWN, *_SIZES, "@opacity"),
    vectors={"@viewBox": (("x", "y", "width", "height"), " ")},
    closed=("defs", "clipPath", "mask", "symbol", "marker", "pattern", "switch"),
)
SVG = Xml(VOCABULARY)

# --- edits -------------------------------------------------------------------------------------

_WORDS = keyed_verbs(
    SHAPE,
    one="shape",
    many="shapes",
    a_field="attribute",
    key=ID,
    readers=dict.fromkeys((*_ACROSS, *_DOWN, *_SIZES), table.typed),
    text="`@` marks an attribute; `name()` is a shape's element and `text` what stands in it.",
)
RECORDS = replace(_WORDS, split=xmledits.split_verb("shape", "shapes", SHAPE, VOCABULARY))
EDITS = KeyedEdits(
    RECORDS,
    kind=SHAPE,
    keys=(ID,),
    columns=(
        NAME, ID, CLASS, *_ACROSS, *_DOWN, *_SIZES, POINTS, "@href", "@fill", "@stroke", TEXT,
    ),
    sortable=(ID, CLASS),
    category=CLASS,
    removable=("@fill", "@stroke-width", TEXT),
    recodes={
        "@fill": {"navy": "#000080", "teal": "#008080", "olive": "#808000", "maroon": "#800000"},
        CLASS: {"wall": "structure", "desk": "furniture", "plant": "greenery", "cable": "power"},
    },
    extension=".svg",
    plural="shapes",
)  # fmt: skip


def shift(document: Document, *, right: str, down: str) -> Document:
    """Move every shape."""
    return _placed(document, lambda x: x + Decimal(right), lambda y: y + Decimal(down))


def shift_back(document: Document, *, left: str, up: str) -> Document:
    """Move every shape the other way."""
    return _placed(document, lambda x: x - Decimal(left), lambda y: y - Decimal(up))


Change = Callable[[Decimal], Decimal]


def _exact(change: Change, number: Decimal) -> Decimal:
    try:
        return programs.plain(change(number))
    except ArithmeticError:
        return number


def _placed(document: Document, across: Change, down: Change) -> Document:
    """Change all coordinates of shapes."""

    def changed(field: str, value: Value) -> Value:
        if field == POINTS:
            return _points(value, across, down)
        change = across if field in _ACROSS else down if field in _DOWN else None
        return _exact(change, value) if change and isinstance(value, Decimal) else None

    return xmledits.each_value(document, (SHAPE,), changed)


def _points(value: Value, across: Change, down: Change) -> Value:
    """Points written as `x,y x,y`, or none if they are written otherwise."""
    pairs = [[table.typed(n) for n in p.split(",")] for p in table.written(value).split()]
    done = [
        f"{_exact(across, x):f},{_exact(down, y):f}"
        for x, y in (pair if len(pair) == 2 else ("", "") for pair in pairs)
        if isinstance(x, Decimal) and isinstance(y, Decimal)
    ]
    return " ".join(done) if done and len(done) == len(pairs) else None


def enlarge(document: Document, *, factor: str) -> Document:
    """Multiply all coordinates and lengths, those of the drawing too."""
    return _sized(document, lambda v: v * Decimal(factor))


def reduce(document: Document, *, factor: str) -> Document:
    """Divide all coordinates and lengths, those of the drawing too."""
    return _sized(document, lambda v: v / Decimal(factor))


def _sized(document: Document, change: Change) -> Document:
    def changed(field: str, value: Value) -> Value:
        sized = field in _SIZES or field in _VIEW
        return _exact(change, value) if sized and isinstance(value, Decimal) else None

    return xmledits.each_value(_placed(document, change, change), (SHAPE, DRAWING), changed)


def flip(document: Document, *, height: str) -> Document:
    """Turn a drawing upside down; twice is not at all."""

    def footed(unit: Unit) -> Unit:
        y, tall = unit.fields.get("@y"), unit.fields.get("@height")
        if not isinstance(y, Decimal) or not isinstance(tall, Decimal):
            return unit
        return programs.with_fields(unit, {**unit.fields, "@y": _exact(lambda v: v + tall, y)})

    return _placed(
        programs.each(document, SHAPE, footed), lambda x: x, lambda y: Decimal(height) - y
    )


def to_style(document: Document) -> Document:
    """Write fill and stroke of every shape as CSS."""

    def styled(unit: Unit) -> Unit:
        said = {n: table.written(unit.fields[n]) for n in _PAINT if n in unit.fields}
        if not said or STYLE in unit.fields:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n not in said}
        css = ";".join(f"{n[1:]}:{v}" for n, v in said.items())
        return programs.with_fields(unit, {**rest, STYLE: css})

    return programs.each(document, SHAPE, styled)


def from_style(document: Document) -> Document:
    """Write the CSS of every shape as attributes, if it says nothing but fill and stroke."""

    def plain(unit: Unit) -> Unit:
        pairs = [p.partition(":") for p in table.written(unit.fields.get(STYLE)).split(";")]
        said = {f"@{name}": value for name, _, value in pairs}
        if set(said) & set(unit.fields) or not set(said) <= set(_PAINT) or len(said) < len(pairs):
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != STYLE}
        typed = {n: table.typed(v) if n in _SIZES else v for n, v in said.items()}
        return programs.with_fields(unit, {**rest, **typed})

    return programs.each(document, SHAPE, plain)


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename shapes, with every `href` to them."""
    references = {f"#{old}": f"#{new}" for old, new in names.items()}
    renamed = programs.substitute(document, kind=SHAPE, field=ID, legend=names)
    return programs.substitute(renamed, kind=SHAPE, field="@href", legend=references)


SHIFT = Verb(
    "Move the shapes: add {right} to every `x`, `cx`, `x1` and `x2` that they have and {down} to "
    "every `y`, `cy`, `y1` and `y2`, and likewise to the `x,y` pairs of `points`.",
    shift,
)
SHIFT_BACK = Verb(
    "Move the shapes: subtract {left} from every `x`, `cx`, `x1` and `x2` that they have and {up} "
    "from every `y`, `cy`, `y1` and `y2`, and likewise from the `x,y` pairs of `points`.",
    shift_back,
)
ENLARGE = Verb(
    "Enlarge the drawing: multiply by {factor} the `viewBox`, and in the shapes and the drawing "
    "itself every coordinate, `points`, `width`, `height`, `r`, `rx`, `ry`, `stroke-width` and "
    "`font-size`.",
    enlarge,
)
REDUCE = Verb(
    "Reduce the drawing: divide by {factor} the `viewBox`, and in the shapes and the drawing "
    "itself every coordinate, `points`, `width`, `height`, `r`, `rx`, `ry`, `stroke-width` and "
    "`font-size`.",
    reduce,
)
FLIP = Verb(
    "Turn the drawing upside down: every `y`, `cy`, `y1`, `y2` of a shape, and every second number "
    "of a pair in `points`, becomes {height} less itself; where a shape has a `y` and a `height`, "
    "that is less the `height` too.",
    flip,
)
TO_STYLE = Verb(
    "In every shape, write what it has of `fill`, `stroke` and `stroke-width` as one attribute "
    "`style` instead, in this order, as `fill:navy;stroke:#333;stroke-width:2`.",
    to_style,
)
FROM_STYLE = Verb(
    "In every shape, write what its `style` says of `fill`, `stroke` and `stroke-width` as "
    "attributes of these names instead.",
    from_style,
)
GATHER = Verb(
    "Move the shapes into a `<g>` for each of these values of their `class`, at the end of the "
    "drawing and in this order: {*values}. The group has the `class`, and its shapes, in their "
    "order, lose it.",
    lambda document, *, values: xmledits.gather(
        document, kind=SHAPE, field=CLASS, holder=GROUP, name=CLASS, values=values
    ),
)
SCATTER = Verb(
    "Dissolve the groups: every shape in a `<g>` gets the `class` of the group and stays at its "
    "place, without a `<g>` around it.",
    lambda document: xmledits.scatter(document, kind=SHAPE, field=CLASS, holder=GROUP, name=CLASS),
)
RENAME = Verb("Rename shapes by their `id`, and with them every `href` to them: {**names}.", rename)


def _measured(document: Document) -> bool:
    """Whether numbers alone say where the shapes are."""
    shapes = EDITS.records(document)
    texts = any(
        n in ("@d", "@transform") or (n in (*_ACROSS, *_DOWN, *_SIZES) and isinstance(v, str))
        for u in document.units()
        for n, v in u.fields.items()
    )
    points = [u.fields[POINTS] for u in shapes if POINTS in u.fields]
    return bool(shapes) and not texts and all(_points(p, _same, _same) == p for p in points)


def _same(number: Decimal) -> Decimal:
    return number


def moved(document: Document, rng: Random) -> Edit | None:
    """Everything somewhere else."""
    if not _measured(document):
        return None
    x, y = str(rng.randint(5, 90)), str(rng.randint(5, 90))
    return edit("moved", "convert", [SHIFT(right=x, down=y)], [SHIFT_BACK(left=x, up=y)])


def enlarged(document: Document, rng: Random) -> Edit | None:
    """Everything larger."""
    if not _measured(document):
        return None
    factor = rng.choice(("10", "2.5", "4"))
    return edit("enlarged", "scale", [ENLARGE(factor=factor)], [REDUCE(factor=factor)])


def flipped(document: Document, _: Random) -> Edit | None:
    """Upside down."""
    height = next((u.fields.get(_VIEW[3]) for u in document.units() if u.kind == DRAWING), None)
    if not _measured(document) or not isinstance(height, Decimal):
        return None
    said = FLIP(height=table.written(height))
    return edit("flipped", "convert", [said], [said])


def styled(document: Document, _: Random) -> Edit | None:
    """CSS instead of attributes."""
    shapes = EDITS.records(document)
    values = [table.written(u.fields.get(n, "none")) for u in shapes for n in _PAINT]
    clear = all(value and not set(value) & set(":;") for value in values)
    used = any(n in u.fields for u in shapes for n in _PAINT)
    if not clear or not used or any(STYLE in u.fields for u in shapes):
        return None
    return edit("styled", "convert", [TO_STYLE()], [FROM_STYLE()])


def grouped(document: Document, _: Random) -> Edit | None:
    """A group a class."""
    values = programs.text_values(EDITS.records(document), CLASS)
    key, order = EDITS.key(document), "shapes_order.csv"
    flat = EDITS.file(document) and all(u.kind in (DRAWING, SHAPE) for u in document.units())
    if not flat or key is None or not 2 <= len(values) <= 8 or not sayable(*values):
        return None
    return edit(
        "grouped",
        "regroup",
        [RECORDS.note(key=key, order=order), GATHER(values=values)],
        [SCATTER(), RECORDS.restore(key=key, order=order)],
    )


def renamed(document: Document, rng: Random) -> Edit | None:
    """Other ids for some shapes."""
    present = programs.text_values(EDITS.records(document), ID)
    old = rng.sample(present, min(4, len(present)))
    names = {name: f"{name}-final" for name in old}
    if not names or set(names.values()) & set(present) or not sayable(*old, *names.values()):
        return None
    marks = [f"#{n}" for n in (*old, *names.values())]
    values = [v for u in document.units() for n, v in u.fields.items() if n != "@href"]
    if any(mark in v for v in values if isinstance(v, str) for mark in marks):
        return None
    return edit("renamed", "rename", [RENAME(names=names)], [RENAME(names=programs.inverse(names))])


PLANNERS: tuple[Planner, ...] = tuple(
    map(
        xmledits.regular,
        (
            *EDITS.planners(), moved, enlarged, flipped, styled, grouped, renamed,
            compose("print", enlarged, styled, grouped),
            compose("plotter", flipped, moved, EDITS.sort),
        ),
    )
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_CLASSES = ("wall", "desk", "plant", "cable", "label")
_FILLS = ("navy", "teal", "olive", "maroon", "#e0d8c0", "#f4a259", "#5b8e7d", "none")
_STROKES = ("#222222", "#7a1f1f", "#14532d", "#1e3a8a", "#555577")


def _shape(rng: Random, name: str, paint: str) -> dict[str, Value]:
    """The geometry of a shape within 800 by 600, and how it is painted."""

    def at(most: int) -> Decimal:
        return Decimal(rng.randint(1, most))

    if name == "text":
        return {"@x": at(700), "@y": at(590), "@font-size": at(30) + 8, "@fill": paint}
    where: dict[str, dict[str, Value]] = {
        "rect": {"@x": at(700), "@y": at(500), "@width": at(99), "@height": at(99)},
        "circle": {"@cx": at(790), "@cy": at(590), "@r": at(60)},
        "ellipse": {"@cx": at(790), "@cy": at(590), "@rx": at(80), "@ry": at(60)},
        "line": {"@x1": at(790), "@y1": at(590), "@x2": at(790), "@y2": at(590)},
        "polygon": {POINTS: " ".join(f"{at(790)},{at(590)}" for _ in range(rng.randint(3, 5)))},
    }
    stroke: dict[str, Value] = {"@stroke": rng.choice(_STROKES), "@stroke-width": at(24) / 2}
    return {**where[name], **({} if name == "line" else {"@fill": paint}), **stroke}


def _drawn(rng: Random, key: str, group: str, earlier: Sequence[str]) -> Unit:
    name = rng.choice(("rect", "circle", "ellipse", "line", "polygon", "text", "use"))
    if name == "use" and earlier:
        place = {"@x": Decimal(rng.randint(1, 200)), "@y": Decimal(rng.randint(1, 200))}
        copied = f"#{rng.choice(earlier)}"
        return Unit(SHAPE, {NAME: name, ID: key, CLASS: group, **place, "@href": copied})
    name = "rect" if name == "use" else name
    words = f"{rng.choice(content.LAST_NAMES)} {rng.randint(1, 99)}" if name == "text" else ""
    geometry = _shape(rng, name, rng.choice(_FILLS))
    return Unit(SHAPE, {NAME: name, ID: key, CLASS: group, **geometry}, text=words)


class Vector(Domain):
    """A drawing."""

    name = "vector"
    category = "creative"
    formats: ClassVar = {".svg": SVG, ".xml": SVG, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), SHIFT, SHIFT_BACK, ENLARGE, REDUCE, FLIP, TO_STYLE, FROM_STYLE, GATHER,
        SCATTER, RENAME,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar = (xmltext.DERIVED,)
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """The plan of an office, or a part of one."""
        count = max(4, round((size - 70) / 33))
        keys = [key.lower() for key in content.codes(rng, "s", count)]
        groups = [*rng.sample(_CLASSES, 2), *rng.choices(_CLASSES, k=count)]
        drawing: dict[str, Value] = {
            "@xmlns": "http://www.w3.org/2000/svg",
            **dict(zip(_VIEW, map(Decimal, (0, 0, 800, 600)), strict=True)),
            "title": f"{rng.choice(content.CITIES)}, {content.topic(rng)}",
            "desc": f"{content.person(rng)}, {content.day(rng)}",
        }
        shapes = [
            _drawn(rng, k, g, keys[:i]) for i, (k, g) in enumerate(zip(keys, groups, strict=False))
        ]
        return {"plan.svg": SVG.render([Unit(DRAWING, drawing), *shapes])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """What means nothing in any XML."""
        return xmltext.reformatted(text)

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on the move and a list of what is to be bought."""
        rows = [
            Unit(
                table.ROW,
                {"no": code, "item": rng.choice(content.GOODS), "from": content.firm(rng)},
            )
            for code in content.codes(rng, "BUY", max(3, size // 24))
        ]
        return {"move.md": content.memo(rng, size // 2), "shopping.csv": table.CSV.render(rows)}


DOMAIN = Vector()
