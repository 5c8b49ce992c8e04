"""Places on a map, in GeoJSON.

A unit is a feature, identified by its `id`; its properties are fields with dotted names. A point
has the fields `lon`, `lat` and perhaps `alt`; the positions of any other geometry are its text.
What the collection says of itself is structural.

What counts is every value, every position to its last digit, and the order of features. The order
of keys, spacing, and zeros at the end of a decimal fraction mean nothing.

Known limits: collections of geometries, lists among the properties and bounding boxes are each
one field of JSON text. A file without a list of features is read as any other JSON.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Context, Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.jsontext import DEEPEST, JSON, Json, escaped, unescaped, value_of
from worktrial.documents.keyed import TEXT, KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value

FEATURE, COLLECTION, OTHER = "feature", "collection", "object"
_TYPES = {FEATURE: "Feature", COLLECTION: "FeatureCollection"}
_POINT = ("lon", "lat", "alt")
_LIST = "[]="
"""The field that names the list of features, where it isn't `features`."""
_EXACT = Context(prec=700)


class GeoJson(Format):
    """A collection of features, one a line."""

    def parse(self, text: str) -> list[Unit]:
        """The collection, its features, and what could not be read."""
        units = JSON.parse(text)
        known = [u for u in units if u.kind != "opaque"]
        root = value_of(known) if known else None
        name = _list_of_features(root) if isinstance(root, dict) else None
        if not isinstance(root, dict) or name is None:
            return units
        features = root.pop(name)
        items = map(_unit, features) if isinstance(features, list) else ()
        return [_about(root, name), *items, *(u for u in units if u.kind == "opaque")]

    def render(self, units: Sequence[Unit]) -> str:
        """What the collection says of itself, then a feature a line."""
        features = [_written(u) for u in units if u.kind in (FEATURE, OTHER) and not u.structural]
        heads = [u for u in units if u.structural and u.kind in (COLLECTION, OTHER)]
        rest = JSON.render([u for u in units if u.kind not in (FEATURE, COLLECTION, OTHER)])
        if not features and not heads:
            return rest
        about = heads[0] if heads else Unit(COLLECTION)
        name = table.written(about.fields.get(_LIST, "features"))
        said = {n: v for n, v in about.fields.items() if n != _LIST}
        members = [f"{_json(k)}: {_json(v)}" for k, v in _object(about.kind, said).items()]
        listed = "".join((_json(name), ": [\n", ",\n".join(features), "\n]"))
        return "".join(("{\n", ",\n".join([*members, listed]), "\n}\n", rest))


GEOJSON = GeoJson()


def _list_of_features(root: Mapping[str, Json]) -> str | None:
    """The key of the list of features, also where the key itself is lost."""
    lists = {key: value for key, value in root.items() if isinstance(value, list)}
    if "features" in lists:
        return "features"
    return next((key for key, items in lists.items() if any(map(_is_feature, items))), None)


def _is_feature(item: Json) -> bool:
    return isinstance(item, dict) and item.get("type") == _TYPES[FEATURE]


def _about(root: dict[str, Json], name: str) -> Unit:
    whole = root.get("type") == _TYPES[COLLECTION] and name == "features"
    fields = dict(_flat({k: v for k, v in root.items() if not (whole and k == "type")}))
    if name != "features":
        fields[_LIST] = name
    return Unit(COLLECTION if whole else OTHER, fields, structural=True)


def _unit(item: Json) -> Unit:
    if not isinstance(item, dict) or not item:
        return Unit(OTHER, text=_json(item))
    if not _is_feature(item) or any(name in item for name in _POINT):
        return Unit(OTHER, dict(_flat(item)))
    point: dict[str, Value] = {}
    text, geometry = "", item.get("geometry")
    if isinstance(geometry, dict) and set(geometry) == {"type", "coordinates"}:
        place = geometry["coordinates"]
        numbers = _numbers(place) if geometry["type"] == "Point" else []
        if 1 < len(numbers) <= len(_POINT):
            point = dict(zip(_POINT, numbers, strict=False))
        elif isinstance(place, list):
            text = _json(place)
        if point or text:
            item = {**item, "geometry": {"type": geometry["type"]}}
    fields = {**dict(_flat({k: v for k, v in item.items() if k != "type"})), **point}
    return Unit(FEATURE, fields, key="id" if "id" in fields else None, text=text)


def _numbers(value: Json) -> list[Decimal]:
    """The numbers of a position, if it is one."""
    numbers = [n for n in value if isinstance(n, Decimal)] if isinstance(value, list) else []
    return numbers if numbers and numbers == value else []


def _written(unit: Unit) -> str:
    if not unit.fields and unit.kind == OTHER:
        return unit.text
    special = _POINT if unit.kind == FEATURE else ()
    point = [unit.fields[name] for name in special if name in unit.fields]
    fields = {n: v for n, v in unit.fields.items() if n not in special}
    whole = _object(unit.kind, fields)
    geometry = whole.setdefault("geometry", {}) if point or unit.text else None
    if isinstance(geometry, dict):
        geometry["coordinates"] = point or (unit.text,)
    return _json(whole)


def _flat(value: Mapping[str, Json], prefix: str = "") -> Iterator[tuple[str, Value]]:
    """Scalars by dotted name; a list is JSON text, and its name ends with brackets."""
    for key, inner in value.items():
        name = prefix + escaped(key)
        if isinstance(inner, dict) and inner:
            yield from _flat(inner, f"{name}.")
        elif isinstance(inner, dict | list):
            yield f"{name}[]", _json(inner)
        else:
            yield name, inner


def _object(kind: str, fields: Mapping[str, Value]) -> dict[str, object]:
    """The object of a kind that fields with dotted names make; JSON text is a tuple of one."""
    whole: dict[str, object] = {"type": _TYPES[kind]} if kind in _TYPES else {}
    for name, value in fields.items():
        *path, last = name.removesuffix("[]").split(".", DEEPEST)
        owner = whole
        for step in path:
            inner = owner.setdefault(unescaped(step), {})
            owner = inner if isinstance(inner, dict) else owner
        owner[unescaped(last)] = (value,) if name.endswith("[]") else value
    return whole


def _json(value: object) -> str:
    """A value on one line; numbers without zeros that say nothing."""
    match value:
        case dict():
            return f"{{{', '.join(f'{_json(k)}: {_json(v)}' for k, v in value.items())}}}"
        case list():
            return f"[{', '.join(map(_json, value))}]"
        case (text,):
            return str(text)
        case Decimal():
            digits = f"{value:f}"
            return digits.rstrip("0").rstrip(".") if "." in digits else digits
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


# --- edits -------------------------------------------------------------------------------------

_READERS = dict.fromkeys(("id", "lon", "lat", "properties.height"), table.typed)
RECORDS = keyed_verbs(
    FEATURE,
    one="feature",
    many="features",
    a_field="key",
    key="id",
    readers=_READERS,
    text="A dot in a name leads into a nested object; `lon` and `lat` are the coordinates of a "
    "point, and `text` those of any other geometry, as JSON with a space after every comma.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=FEATURE,
    keys=("id",),
    columns=(
        "id", "properties.name", "properties.category", "properties.height",
        "properties.surveyed", "properties.note", "geometry.type", "lon", "lat", TEXT,
    ),
    sortable=("properties.name", "properties.surveyed"),
    scalable={"properties.height": "100"},
    shiftable={"id": ("10000", "500000")},
    category="geometry.type",
    removable=("properties.name", "properties.surveyed", "properties.note"),
    recodes={
        "properties.category": {
            "well": "WEL", "hydrant": "HYD", "oak": "TRE", "bench": "BEN", "mast": "MST",
            "footpath": "PTH", "ditch": "DTC", "fence": "FNC", "pond": "PND", "meadow": "MDW",
            "shed": "BLD",
        },
    },
    extension=".geojson",
    plural="features",
)  # fmt: skip


def at_positions(
    document: Document, *, change: Callable[[list[Decimal]], list[Decimal]]
) -> Document:
    """Change every position of every feature."""

    def moved(unit: Unit) -> Unit:
        point = [v for n in _POINT if isinstance(v := unit.fields.get(n), Decimal)]
        if len(point) > 1:
            there = dict(zip(_POINT, change(point), strict=False))
            unit = programs.with_fields(unit, {**unit.fields, **there})
        parts = JSON.parse(unit.text) if unit.text else []
        if not parts or any(part.kind == "opaque" for part in parts):
            return unit
        return replace(unit, text=_json(_moved(value_of(parts), change)), layout=None)

    return programs.each(document, FEATURE, moved)


def _moved(value: Json, change: Callable[[list[Decimal]], list[Decimal]]) -> Json:
    if not isinstance(value, list):
        return value
    numbers = _numbers(value)
    if len(numbers) > 1:
        return [*change(numbers)]
    return [_moved(inner, change) for inner in value]


def swap(document: Document) -> Document:
    """Exchange the first two numbers of positions."""
    return at_positions(document, change=lambda p: [p[1], p[0], *p[2:]])


def shift(document: Document, *, east: str, north: str, sign: int) -> Document:
    """Add exact amounts to the first two numbers of positions."""
    x, y = (sign * Decimal(amount) for amount in (east, north))
    return at_positions(
        document, change=lambda p: [_EXACT.add(p[0], x), _EXACT.add(p[1], y), *p[2:]]
    )


def scale(document: Document, *, factor: str, sign: int) -> Document:
    """Multiply or divide the first two numbers of positions by a power of ten."""
    zeros = sign * (len(factor) - 1)
    return at_positions(
        document, change=lambda p: [*(_EXACT.scaleb(n, zeros) for n in p[:2]), *p[2:]]
    )


SWAP = Verb("In every position of every geometry, swap the first two numbers.", swap)
SHIFT = Verb(
    "Move every geometry: add {east} to the first number and {north} to the second number of "
    "every position, exactly.",
    partial(shift, sign=1),
)
SHIFT_BACK = Verb(
    "Move every geometry: subtract {east} from the first number and {north} from the second "
    "number of every position, exactly.",
    partial(shift, sign=-1),
)
MULTIPLY = Verb(
    "Multiply the first two numbers of every position of every geometry by {factor}, exactly; "
    "write no exponents.",
    partial(scale, sign=1),
)
DIVIDE = Verb(
    "Divide the first two numbers of every position of every geometry by {factor}, exactly; "
    "write no exponents.",
    partial(scale, sign=-1),
)
RENAME = Verb(
    "In the `properties` of the features, rename keys as follows: {**names}.",
    lambda document, *, names: programs.rename(
        document,
        kind=FEATURE,
        names={
            f"properties.{escaped(old)}": f"properties.{escaped(new)}" for old, new in names.items()
        },
    ),
)


def _plain_geometry(document: Document) -> bool:
    """Whether every feature has a geometry that is read as positions."""
    features = EDITS.records(document)
    return bool(features) and all(u.text or "lat" in u.fields for u in features)


def latitude_first(document: Document, _: Random) -> Edit | None:
    """Positions in the other order of axes."""
    if not _plain_geometry(document):
        return None
    return edit("latitude_first", "convert", [SWAP()], [SWAP()])


def new_origin(document: Document, rng: Random) -> Edit | None:
    """Everything moved by an exact amount."""
    if not _plain_geometry(document):
        return None
    east, north = (f"0.00{rng.randint(101, 999)}" for _ in range(2))
    said = {"east": east, "north": north}
    return edit("new_origin", "renumber", [SHIFT(**said)], [SHIFT_BACK(**said)])


def microdegrees(document: Document, _: Random) -> Edit | None:
    """Positions in millionths of a degree."""
    if not _plain_geometry(document):
        return None
    factor = "1000000"
    return edit("microdegrees", "scale", [MULTIPLY(factor=factor)], [DIVIDE(factor=factor)])


def schema(document: Document, _: Random) -> Edit | None:
    """Properties under the names of another schema."""
    names = {"name": "label", "height": "elev", "surveyed": "seen_on", "note": "remark"}
    present = {n.removeprefix("properties.") for u in EDITS.records(document) for n in u.fields}
    chosen = {old: new for old, new in names.items() if old in present}
    if not chosen or present & set(chosen.values()):
        return None
    return edit(
        "schema", "rename", [RENAME(names=chosen)], [RENAME(names=programs.inverse(chosen))]
    )


def _typed(plan: Planner) -> Planner:
    """Plan only where every value would be read from a table as what it is."""

    def planned(document: Document, rng: Random) -> Edit | None:
        values = [pair for u in EDITS.records(document) for pair in u.fields.items()]
        sound = all(_READERS.get(n, str)(table.written(v)) == v for n, v in values)
        return plan(document, rng) if sound else None

    return planned


PLANNERS: tuple[Planner, ...] = (
    *map(_typed, EDITS.planners()), latitude_first, new_origin, microdegrees, schema,
    compose("survey", new_origin, latitude_first, EDITS.sort),
    compose("import", EDITS.recode, microdegrees, EDITS.shift, schema),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_SHAPES = {
    "Point": ("well", "hydrant", "oak", "bench", "mast"),
    "LineString": ("footpath", "ditch", "fence"),
    "Polygon": ("pond", "meadow", "shed"),
}
_NOTES = (
    "needs paint", "overgrown", "moved in spring", "to be confirmed", "new since last survey",
    "measured twice", "access from the north", "private ground", "flooded in winter",
)  # fmt: skip


def _feature(rng: Random, number: int, centre: tuple[int, int], *, brief: bool) -> Unit:
    shape = "Point" if brief or rng.random() < 0.55 else rng.choice(("LineString", "Polygon"))
    category = rng.choice(_SHAPES[shape])
    fields: dict[str, Value] = {
        "id": Decimal(number),
        "properties.name": f"{rng.choice(content.LAST_NAMES)} {category}",
        "properties.category": category,
        "properties.height": Decimal(rng.randint(3, 90)) / 10,
        "properties.surveyed": str(content.day(rng)),
    }
    if rng.random() < 0.4 and not brief:
        fields["properties.note"] = rng.choice(_NOTES)
    fields["geometry.type"] = shape
    x, y = (middle + rng.randint(-4000, 4000) for middle in centre)
    if shape == "Point":
        return Unit(FEATURE, {**fields, "lon": _degrees(x), "lat": _degrees(y)})
    return Unit(
        FEATURE, fields, text=_json(_line(rng, x, y) if shape == "LineString" else _ring(rng, x, y))
    )


def _line(rng: Random, x: int, y: int) -> list[list[Decimal]]:
    places = []
    for _ in range(rng.randint(3, 5)):
        x, y = x + rng.randint(10, 200), y + rng.randint(-150, 150)
        places.append([_degrees(x), _degrees(y)])
    return places


def _ring(rng: Random, x: int, y: int) -> list[list[list[Decimal]]]:
    """One closed ring with four corners, against the clock."""
    quarters = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    corners = [
        [_degrees(x + east * rng.randint(5, 150)), _degrees(y + north * rng.randint(5, 150))]
        for east, north in quarters
    ]
    return [[*corners, corners[0]]]


def _degrees(steps: int) -> Decimal:
    """Degrees to a metre or so."""
    return Decimal(steps).scaleb(-5)


class Geodata(Domain):
    """Places on a map."""

    name = "geodata"
    category = "records"
    formats: ClassVar = {".geojson": GEOJSON, ".json": GEOJSON, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), SWAP, SHIFT, SHIFT_BACK, MULTIPLY, DIVIDE, RENAME,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """A survey of the ground around one place."""
        count = max(4, round(size / 78))
        centre = (rng.randint(-900_000, 2_500_000), rng.randint(3_700_000, 6_500_000))
        about: dict[str, Value] = {
            "name": f"{rng.choice(content.CITIES)} survey",
            "surveyor": content.person(rng),
        }
        numbers = sorted(rng.sample(range(100, 1000 + 20 * count), count))
        features = [_feature(rng, n, centre, brief=size < 300) for n in numbers]
        head = Unit(COLLECTION, about, structural=True)
        return {"survey.geojson": GEOJSON.render([head, *features])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Indented; keys in order of their names; zeros after decimals."""
        value = json.loads(text)
        return [
            json.dumps(value, indent=1),
            json.dumps(value, sort_keys=True, ensure_ascii=False),
            json.dumps(json.loads(text, parse_int=lambda digits: float(digits)), indent=2),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the surveyors and a list of instruments."""
        return {
            "surveyors.md": content.memo(rng, size // 2),
            "instruments.csv": _instruments(rng, size // 2),
        }


def _instruments(rng: Random, size: int) -> str:
    rows = [
        Unit(table.ROW, {"no": code, "held_by": content.person(rng), "due": str(content.day(rng))})
        for code in content.codes(rng, "GNSS", max(3, size // 11))
    ]
    return table.CSV.render(rows)


DOMAIN = Geodata()
