"""A 3D model, in Wavefront OBJ.

A unit is a statement: a vertex, a normal, a texture point, a face or polyline with the three
references of each corner as fields. Comments are text. What sets a state for the faces after it
(group, object, smoothing, material) is structural.

What counts is every number by value, every name, every comment, and the order of statements.
The space between words, blank lines, lines continued by a backslash, and zeros at the end of a
decimal fraction mean nothing.

Known limits: the material library that a model names is not read; free-form curves and surfaces
are kept as text; a number of more than nine digits before or after the point is text.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

VERTEX, TEXTURE, NORMAL, COMMENT = "v", "vt", "vn", "comment"
ELEMENTS = ("f", "l")
STATES = ("mtllib", "o", "g", "usemtl", "s")
_AXES = ("x", "y", "z")
_NAMES = {
    (VERTEX, 3): _AXES, (VERTEX, 4): (*_AXES, "w"), (VERTEX, 6): (*_AXES, "r", "g", "b"),
    (NORMAL, 3): _AXES, (TEXTURE, 2): ("u", "v"), (TEXTURE, 3): ("u", "v", "w"),
}  # fmt: skip
_REFERENCED = {"v": VERTEX, "t": TEXTURE, "n": NORMAL}
_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d{0,8})(?:\.\d{1,9})?(?:[eE][+-]?\d)?")
_INDEX = r"(-?[1-9]\d{0,8})"
_CORNER = re.compile(rf"{_INDEX}(?:/{_INDEX}?(?:/{_INDEX})?)?")


class Obj(Format):
    """A statement a line: a keyword and what it takes."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a statement or comment."""
        joined = re.sub(r"\\\r?\n", " ", text)
        return [_unit(line) for line in joined.splitlines() if line.strip()]

    def render(self, units: Sequence[Unit]) -> str:
        """A line a unit."""
        return "".join(f"{_written(unit)}\n" for unit in units)


OBJ = Obj()


def _unit(line: str) -> Unit:
    word, *rest = line.split()
    names = _NAMES.get((word, len(rest)))
    if word.startswith("#"):
        return Unit(COMMENT, text=" ".join(line.strip()[1:].split()))
    if names:
        return Unit(word, {n: _typed(v) for n, v in zip(names, rest, strict=True)})
    if word in STATES and rest:
        return Unit(word, {"name": " ".join(rest)}, structural=True)
    corners = [_CORNER.fullmatch(corner) for corner in rest]
    if word in ELEMENTS and corners and all(corners):
        return Unit(word, _references(c for c in corners if c and not c[0].endswith("/")))
    return opaque(line)


def _typed(word: str) -> Value:
    return programs.plain(Decimal(word)) if _NUMBER.fullmatch(word) else word


def _references(corners: Iterable[re.Match[str]]) -> dict[str, Value]:
    """What each corner refers to: `v1`, `t1`, `n1`, `v2` and so on."""
    return {
        f"{letter}{place}": Decimal(index)
        for place, corner in enumerate(corners, 1)
        for letter, index in zip(_REFERENCED, corner.groups(), strict=True)
        if index
    }


def _written(unit: Unit) -> str:
    values = {n: table.written(v) for n, v in unit.fields.items()}
    if unit.kind == COMMENT:
        return f"# {unit.text}".rstrip()
    if unit.kind in ELEMENTS:
        return " ".join([unit.kind, *_corners(values)])
    if not values:
        return unit.layout or unit.text
    return " ".join([unit.kind, *values.values()])


def _corners(values: Mapping[str, str]) -> list[str]:
    places = sorted({int(name[1:]) for name in values})
    return [
        "/".join(values.get(f"{letter}{place}", "") for letter in _REFERENCED).rstrip("/")
        for place in places
    ]


# --- edits -------------------------------------------------------------------------------------


def resize(document: Document, *, factor: str) -> Document:
    """Multiply all coordinates."""
    for axis in _AXES:
        document = programs.multiply(document, kind=VERTEX, field=axis, factor=factor)
    return document


def move(document: Document, *, amount: str, axis: str) -> Document:
    """Add to one coordinate."""
    return programs.add(document, kind=VERTEX, field=axis, amount=amount)


def turn(document: Document, *, up: bool) -> Document:
    """Turn vertices and normals a quarter about x: so that z points up, or y again."""

    def turned(unit: Unit) -> Unit:
        y, z = unit.fields.get("y"), unit.fields.get("z")
        if not isinstance(y, Decimal) or not isinstance(z, Decimal):
            return unit
        y, z = (-z, y) if up else (z, -y)
        return programs.with_fields(unit, {**unit.fields, "y": y, "z": z})

    return programs.each(programs.each(document, VERTEX, turned), NORMAL, turned)


def count_back(document: Document) -> Document:
    """Refer to what is already defined by how far back it stands."""
    return programs.in_each_file(document, lambda units: _recounted(units, back=True))


def count_on(document: Document) -> Document:
    """Refer to everything by its number from the start."""
    return programs.in_each_file(document, lambda units: _recounted(units, back=False))


def _recounted(units: Sequence[Unit], *, back: bool) -> list[Unit]:
    seen: Counter[str] = Counter()
    result = []
    for unit in units:
        seen[unit.kind] += 1
        result.append(_with_counts(unit, seen, back=back) if unit.kind in ELEMENTS else unit)
    return result


def _with_counts(unit: Unit, seen: Mapping[str, int], *, back: bool) -> Unit:
    def recounted(letter: str, index: Value) -> Value:
        known = seen[_REFERENCED[letter]]
        if not isinstance(index, Decimal) or not (0 < index <= known if back else index < 0):
            return index
        return index - known - 1 if back else index + known + 1

    return programs.with_fields(unit, {n: recounted(n[0], v) for n, v in unit.fields.items()})


def offset(document: Document, *, amount: str) -> Document:
    """Add to every reference to a vertex."""
    return _referring(document, lambda index: index + Decimal(amount))


def _referring(document: Document, change: Callable[[Decimal], Decimal]) -> Document:
    def changed(unit: Unit) -> Unit:
        fields = {
            n: change(v) if n.startswith("v") and isinstance(v, Decimal) else v
            for n, v in unit.fields.items()
        }
        return programs.with_fields(unit, fields)

    for kind in ELEMENTS:
        document = programs.each(document, kind, changed)
    return document


def rank(document: Document, *, file: str, axis: str, order: str) -> Document:
    """Sort the vertices of a file by a coordinate, and list their former numbers."""
    vertices = [u for u in document.files.get(file, ()) if u.kind == VERTEX]
    places = _by_rank([u.fields.get(axis) for u in vertices])
    rows = [Unit(table.ROW, {"was": Decimal(place + 1)}) for place in places]
    header = Unit(programs.HEADER, text="was", structural=True)
    return _arranged(document, file, places).replacing(order, [header, *rows])


def unrank(document: Document, *, file: str, order: str) -> Document:
    """Give the vertices of a file the numbers of a table, and remove it."""
    count = sum(u.kind == VERTEX for u in document.files.get(file, ()))
    rows = [u for u in document.files.get(order, ()) if u.kind == table.ROW]
    numbers = [u.fields.get("was") for u in rows][:count]
    places = _by_rank([*numbers, *[None] * (count - len(numbers))])
    return _arranged(document.replacing(order, None), file, places)


def _by_rank(values: Sequence[Value]) -> list[int]:
    """Places in the order of the numbers there; what is none comes last."""
    ranks = [(0, v) if isinstance(v, Decimal) else (1, Decimal(0)) for v in values]
    return sorted(range(len(values)), key=ranks.__getitem__)


def _arranged(document: Document, file: str, places: Sequence[int]) -> Document:
    """Put a file's vertices in the order of their old places, and let references follow."""
    if file not in document.files:
        return document
    new = {Decimal(old + 1): Decimal(at) for at, old in enumerate(places, 1)}
    alone = Document({file: document.files[file]})
    moved = programs.reorder(alone, kind=VERTEX, order=lambda units: [units[i] for i in places])
    return document.replacing(file, _referring(moved, lambda i: new.get(i, i)).files[file])


def pull(document: Document, *, file: str, target: str) -> Document:
    """Move the vertices of a file into a table."""
    units = document.files.get(file, ())
    vertices = [u for u in units if u.kind == VERTEX]
    rows = [Unit(table.ROW, {"no": Decimal(i), **u.fields}) for i, u in enumerate(vertices, 1)]
    header = Unit(programs.HEADER, text="\t".join(("no", *_AXES)), structural=True)
    rest = [u for u in units if u.kind != VERTEX]
    return document.replacing(file, rest).replacing(target, [header, *rows])


def push(document: Document, *, file: str, target: str) -> Document:
    """Write the rows of a table as vertices, before all that may refer to them."""
    rows = [u for u in document.files.get(target, ()) if u.kind == table.ROW]
    vertices = [Unit(VERTEX, {a: u.fields[a] for a in _AXES if a in u.fields}) for u in rows]
    units = list(document.files.get(file, ()))
    at = next((i for i, u in enumerate(units) if u.kind in _AFTER), len(units))
    return document.replacing(target, None).replacing(file, [*units[:at], *vertices, *units[at:]])


_AFTER = (NORMAL, TEXTURE, *ELEMENTS, "g", "usemtl", "s")


def rename(document: Document, *, state: str, legend: Mapping[str, str]) -> Document:
    """Rename groups or materials."""
    return programs.substitute(document, kind=state, field="name", legend=legend)


RESIZE = Verb("Multiply every coordinate of every vertex by {factor}.", resize)
MOVE = Verb("Add {amount} to the {axis} of every vertex; normals stay as they are.", move)
Z_UP = Verb(
    "Turn the model from Y up to Z up: in every vertex and every normal, the new y is minus the "
    "old z and the new z is the old y.",
    lambda document: turn(document, up=True),
)
Y_UP = Verb(
    "Turn the model from Z up to Y up: in every vertex and every normal, the new y is the old z "
    "and the new z is minus the old y.",
    lambda document: turn(document, up=False),
)
BACK = Verb(
    "Write the references of faces and lines as relative ones, counted back from what has been "
    "defined above them: `-1` is the last vertex (texture point, normal) so far. A reference to "
    "something not yet defined keeps its positive number.",
    count_back,
)
ON = Verb(
    "Write the negative, relative references of faces and lines as positive numbers, counted from "
    "the start of the file, where `1` is the first vertex (texture point, normal).",
    count_on,
)
OFFSET = Verb(
    "Add {amount} to every vertex reference of faces and lines, as the model goes behind another "
    "one; references to normals and texture points stay.",
    offset,
)
RANK = Verb(
    "In {file}, sort the vertices by {axis}, smallest first (ties keep their order), and renumber "
    "the vertex references of faces and lines to match. Write {order}, a CSV table with the one "
    "column `was`: the former number of each vertex, in the new order.",
    rank,
)
UNRANK = Verb(
    "In {file}, give the vertices, in turn, the numbers in the column `was` of the CSV table "
    "{order}: put them into the order of these numbers and renumber the vertex references of "
    "faces and lines to match. Then remove {order}.",
    unrank,
)
PULL = Verb(
    "Move the vertices of {file} into a CSV table {target} with the columns `no`, `x`, `y`, `z`, "
    "a row for each in their order, numbered from 1. Everything else stays as it is.",
    pull,
)
PUSH = Verb(
    "Write every row of the CSV table {target} as a vertex of {file}, in their order, in front of "
    "the first normal, texture point, group, material, smoothing, line or face; `no` is not "
    "needed. Then remove {target}.",
    push,
)
RENAME = Verb("In the {state} statements, change names as follows: {**legend}.", rename)


def units_of_length(document: Document, rng: Random) -> Edit | None:
    """Metres to millimetres, or to centimetres."""
    if not _measured(document):
        return None
    there, back = rng.choice((("1000", "0.001"), ("100", "0.01"), ("2.5", "0.4")))
    return edit("units_of_length", "scale", [RESIZE(factor=there)], [RESIZE(factor=back)])


def translate(document: Document, rng: Random) -> Edit | None:
    """Move the model along an axis."""
    if not _measured(document):
        return None
    axis, amount = rng.choice(_AXES), rng.choice(("12.5", "100", "0.75", "3.125"))
    return edit(
        "translate",
        "renumber",
        [MOVE(amount=amount, axis=axis)],
        [MOVE(amount=f"-{amount}", axis=axis)],
    )


def upright(document: Document, _: Random) -> Edit | None:
    """Y up to Z up."""
    return edit("upright", "convert", [Z_UP()], [Y_UP()]) if _measured(document) else None


def relative(document: Document, _: Random) -> Edit | None:
    """Relative references."""
    fits = _measured(document) and _absolute(document)
    return edit("relative", "convert", [BACK()], [ON()]) if fits else None


def behind(document: Document, rng: Random) -> Edit | None:
    """References as behind another model."""
    if not _absolute(document):
        return None
    amount = rng.choice(("1000", "512", "2048"))
    return edit("behind", "renumber", [OFFSET(amount=amount)], [OFFSET(amount=f"-{amount}")])


def ranked(document: Document, rng: Random) -> Edit | None:
    """Vertices in the order of a coordinate."""
    order = "vertex_order.csv"
    if len(document.files) != 1 or not (_measured(document) and _absolute(document)):
        return None
    (file,) = document.files
    if not sayable(file):
        return None
    said = {"file": file, "order": order}
    return edit("ranked", "sort", [RANK(**said, axis=rng.choice(_AXES))], [UNRANK(**said)])


def tabulate(document: Document, _: Random) -> Edit | None:
    """Vertices in a table."""
    if len(document.files) != 1 or not _measured(document):
        return None
    ((file, units),) = document.files.items()
    kinds = [u.kind for u in units]
    at, count = kinds.index(VERTEX), kinds.count(VERTEX)
    together = kinds[at : at + count] == [VERTEX] * count
    follows = kinds[at + count : at + count + 1]
    early = set(kinds[:at]) & set(_AFTER)
    plain = all(set(u.fields) == set(_AXES) for u in units if u.kind == VERTEX)
    if (
        not (together and plain and sayable(file))
        or early
        or (follows and follows[0] not in _AFTER)
    ):
        return None
    said = {"file": file, "target": "vertices.csv"}
    return edit("tabulate", "extract", [PULL(**said)], [PUSH(**said)])


def renamed(document: Document, rng: Random) -> Edit | None:
    """Groups or materials by the names of a library."""
    state = rng.choice(("g", "usemtl"))
    found = programs.text_values((u for u in document.units() if u.kind == state), "name")
    if not found or not sayable(*found):
        return None
    legend = {name: f"lib_{name}" for name in rng.sample(found, min(5, len(found)))}
    if set(legend.values()) & set(found):
        return None
    back = programs.inverse(legend)
    return edit(
        "renamed",
        "rename",
        [RENAME(state=state, legend=legend)],
        [RENAME(state=state, legend=back)],
    )


def _measured(document: Document) -> bool:
    """Whether there are vertices, and all their coordinates are numbers."""
    points = [u for u in document.units() if u.kind in (VERTEX, NORMAL)]
    exact = all(isinstance(u.fields.get(axis), Decimal) for u in points for axis in _AXES)
    return exact and any(u.kind == VERTEX for u in points)


def _absolute(document: Document) -> bool:
    """Whether there are references, and all of them are positive."""
    values = [v for u in document.units() if u.kind in ELEMENTS for v in u.fields.values()]
    return bool(values) and all(isinstance(v, Decimal) and v > 0 for v in values)


PLANNERS: tuple[Planner, ...] = (
    units_of_length, translate, upright, relative, behind, ranked, tabulate, renamed,
    compose("printer", units_of_length, upright, relative),
    compose("scene", ranked, translate, renamed, behind),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_PARTS = (
    "base", "shaft", "collar", "rim", "hub", "bracket", "foot", "lid",
    "spout", "column", "nozzle", "knob", "flange", "plinth", "dome", "pin",
)  # fmt: skip
_MATERIALS = ("steel", "brass", "oak", "ash_wood", "rubber", "glass", "slate", "copper")


def _part(rng: Random, name: str, vertex: int, normal: int, sides: int) -> list[Unit]:
    """A frustum with `sides` sides, its vertices numbered in no order, as scanners do."""
    turn, height = rng.random(), rng.uniform(0.2, 9)
    radii = rng.uniform(0.3, 6), rng.uniform(0.3, 6)
    middle = [rng.uniform(-40, 40) for _ in _AXES]
    numbers = rng.sample(range(vertex, vertex + 2 * sides), 2 * sides)
    points, normals, faces = {}, [], []
    for side in range(sides):
        angle = 2 * math.pi * (side + turn) / sides
        for level in (0, 1):
            around = radii[level] * math.cos(angle), radii[level] * math.sin(angle)
            at = middle[0] + around[0], middle[1] + level * height, middle[2] + around[1]
            points[numbers[side + level * sides]] = _point(VERTEX, at, 3)
        normals.append(_outward(angle + math.pi / sides, radii, height, sides))
        following = (side + 1) % sides
        ring = [side, following, following + sides, side + sides]
        faces.append(_face(rng, [numbers[i] for i in ring], Decimal(normal + side)))
    caps = [_face(rng, numbers[:sides], None), _face(rng, numbers[sides:], None)]
    states = [_state("g", name), _state("usemtl", rng.choice(_MATERIALS))]
    rng.shuffle(faces)
    return [*(points[n] for n in sorted(points)), *normals, *states, *faces, *caps]


def _point(kind: str, at: Iterable[float], places: int) -> Unit:
    values = (programs.plain(Decimal(round(v * 10**places)).scaleb(-places)) for v in at)
    return Unit(kind, dict(zip(_AXES, values, strict=True)))


def _outward(angle: float, radii: tuple[float, float], height: float, sides: int) -> Unit:
    """The normal of a side, which leans as the radii differ."""
    lean = (radii[0] - radii[1]) * math.cos(math.pi / sides)
    length = math.hypot(height, lean)
    across, up = height / length, lean / length
    return _point(NORMAL, (across * math.cos(angle), up, across * math.sin(angle)), 4)


def _face(rng: Random, ring: Sequence[int], normal: Decimal | None) -> Unit:
    start = rng.randrange(len(ring))
    fields: dict[str, Value] = {}
    for place, number in enumerate([*ring[start:], *ring[:start]], 1):
        fields[f"v{place}"] = Decimal(number)
        if normal is not None:
            fields[f"n{place}"] = normal
    return Unit("f", fields)


def _state(kind: str, name: str) -> Unit:
    return Unit(kind, {"name": name}, structural=True)


class Obj3d(Domain):
    """A 3D model of many parts."""

    name = "obj3d"
    category = "creative"
    formats: ClassVar = {".obj": OBJ, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        RESIZE, MOVE, Z_UP, Y_UP, BACK, ON, OFFSET, RANK, UNRANK, PULL, PUSH, RENAME,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """The parts of an object: all vertices, all normals, then the faces by group."""
        units: list[Unit] = []
        for number in range(max(1, round(size / 170))):
            vertex, normal = (sum(u.kind == k for u in units) + 1 for k in (VERTEX, NORMAL))
            sides = rng.randint(3, 7) if size > 300 else 4
            units += _part(rng, f"{rng.choice(_PARTS)}_{number + 1}", vertex, normal, sides)
        head = [
            Unit(COMMENT, text=f"{content.person(rng)}, {content.topic(rng)}, {content.day(rng)}"),
            _state("mtllib", f"{rng.choice(content.CITIES).lower()}.mtl"),
        ]
        defined = [u for kind in (VERTEX, NORMAL) for u in units if u.kind == kind]
        rest = [u for u in units if u.kind not in (VERTEX, NORMAL)]
        return {"model.obj": OBJ.render([*head, *defined, *rest])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; wider spaces; longer fractions; lines continued."""
        longer = re.sub(r"(?m)^(vn? .*\.\d+)$", r"\g<1>00", text)
        continued = re.sub(r"(?m)^(f \S+ \S+) ", "\\1 \\\\\n  ", text)
        return [text.replace("\n", "\r\n"), text.replace(" ", "  "), longer, continued]

    def distractors(self, rng: Random, size: int) -> Files:
        """A library of materials and a memo."""
        return {
            "library.mtl": _library(rng, size // 2),
            "briefing.md": content.memo(rng, size // 2),
        }


def _library(rng: Random, size: int) -> str:
    lines: list[str] = []
    for number in range(max(4, size // 30)):
        shades = [" ".join(f"{rng.random():.3f}" for _ in range(3)) for _ in range(2)]
        name = f"{rng.choice(_MATERIALS)}_{number}"
        lines += [
            f"newmtl {name}",
            f"Kd {shades[0]}",
            f"Ks {shades[1]}",
            f"Ns {rng.randint(1, 900)}",
        ]
    return "\n".join(lines) + "\n"


DOMAIN = Obj3d()
