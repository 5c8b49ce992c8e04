"""Places on a map, in KML.

A unit is a placemark or a shared style, identified by its `id`. The file, its document and its
folders are structural: a placemark stands in the folder before it.

What counts is every attribute and element, and the order of units; `xmltext` says what doesn't.
The longitude, latitude and altitude of a point are exact numbers, as are scales and widths.

Known limits: the coordinates of lines and areas are text. HTML in a description is text without
its line breaks. Network links and overlays are fields of what they stand in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table, xmledits, xmltext
from worktrial.documents.domain import Domain
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.records import slug
from worktrial.documents.unit import Document, Files, Unit, Value
from worktrial.documents.xmltext import Element, Vocabulary, Xml

FILE, DOCUMENT, FOLDER, STYLE, PLACE = "kml", "Document", "Folder", "Style", "Placemark"
KEY, STYLE_URL, ICON = "@id", "styleUrl", "Style/IconStyle/Icon/href"
POINT, CAMERA = "Point/coordinates", "LookAt"
LON, LAT, ALT = (f"{POINT}[{n}]" for n in ("lon", "lat", "alt"))
KIND, VISITORS = (f"ExtendedData/Data[{n}]/value" for n in ("category", "visitors"))
PHONE = "phoneNumber"
_FEATURE = (
    "@id", "name", "visibility", "open", "address", "phoneNumber", "Snippet", "description",
    "LookAt", "Camera", "TimeStamp", "TimeSpan", "styleUrl", "Style", "ExtendedData", "Point",
)  # fmt: skip
_LOOK = tuple(f"{CAMERA}/{n}" for n in ("longitude", "latitude", "altitude"))
_NUMERIC = (LON, LAT, ALT, VISITORS, *_LOOK)
VOCABULARY = Vocabulary(
    {
        FILE: Element(0, holds=True),
        DOCUMENT: Element(1, holds=True, order=_FEATURE),
        FOLDER: Element(2, holds=True, nests=True, order=_FEATURE),
        STYLE: Element(3, key="@id", inline=True),
        PLACE: Element(3, key="@id", text="description", order=_FEATURE, plain=(STYLE,)),
    },
    numbers=(xmltext.bare(VISITORS), *_LOOK, "IconStyle/scale", "LineStyle/width"),
    vectors={"coordinates": (("lon", "lat", "alt"), ",")},
    named={"Data": "name"},
)
KML = Xml(VOCABULARY)

# --- edits -------------------------------------------------------------------------------------

_WORDS = keyed_verbs(
    PLACE,
    one="placemark",
    many="placemarks",
    key=KEY,
    readers=dict.fromkeys(_NUMERIC, table.typed),
    text="`text` is the `description`; brackets tell a `<Data>` item or a part of `<coordinates>`.",
)
RECORDS = replace(_WORDS, split=xmledits.split_verb("placemark", "placemarks", PLACE, VOCABULARY))
EDITS = KeyedEdits(
    RECORDS,
    kind=PLACE,
    keys=(KEY, "name"),
    columns=(KEY, "name", STYLE_URL, KIND, PHONE, VISITORS, LON, LAT, ALT, "text"),
    sortable=("name", LON, LAT, ALT),
    shiftable={ALT: ("38.2", "-4.75"), LON: ("0.00125",), LAT: ("-0.0005",)},
    scalable={VISITORS: "12"},
    category=KIND,
    removable=("text", PHONE, VISITORS),
    recodes={KIND: {"castle": "fortification", "church": "place of worship", "mill": "industry"}},
    extension=".kml",
    plural="placemarks",
)


def rename_styles(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename shared styles, with every reference to them."""
    references = {f"#{old}": f"#{new}" for old, new in names.items()}
    styles = programs.substitute(document, kind=STYLE, field=KEY, legend=names)
    return programs.substitute(styles, kind=PLACE, field=STYLE_URL, legend=references)


def replaced(document: Document, *, names: Mapping[str, str], old: str, new: str) -> Document:
    """Put another field with another value in the place of one, where nothing is lost by it."""

    def changed(unit: Unit) -> Unit:
        value = unit.fields.get(old)
        if not isinstance(value, str) or value not in names or new in unit.fields:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != old}
        return programs.with_fields(unit, {**rest, new: names[value]})

    return programs.each(document, PLACE, changed)


def look(document: Document) -> Document:
    """Aim a camera at the point of every placemark and drop the point."""
    return _moved(document, dict(zip((LON, LAT, ALT), _LOOK, strict=True)))


def point(document: Document) -> Document:
    """Put a point where the camera of every placemark looks, and drop the camera."""
    return _moved(document, dict(zip(_LOOK, (LON, LAT, ALT), strict=True)))


def _moved(document: Document, names: Mapping[str, str]) -> Document:
    def moved(unit: Unit) -> Unit:
        complete = all(isinstance(unit.fields.get(n), Decimal) for n in names)
        if not complete or any(n in unit.fields for n in names.values()):
            return unit
        return programs.with_fields(unit, {names.get(n, n): v for n, v in unit.fields.items()})

    return programs.each(document, PLACE, moved)


GATHER = Verb(
    "Move the placemarks into a `<Folder>` for each of these values of their `ExtendedData` item "
    "`category`, at the end of the document and in this order: {*values}. A folder's `name` is the "
    "value, and its placemarks, in their order, lose the item.",
    partial(xmledits.gather, kind=PLACE, field=KIND, holder=FOLDER, name="name"),
)
SCATTER = Verb(
    "Dissolve the folders: every placemark in one gets the `name` of its folder as the "
    "`ExtendedData` item `category` and stays at its place, without a `<Folder>` around it.",
    partial(xmledits.scatter, kind=PLACE, field=KIND, holder=FOLDER, name="name"),
)
STYLES = Verb(
    "Rename the shared styles by their `id`, and with them every `styleUrl` that refers to them: "
    "{**names}.",
    rename_styles,
)
INLINE = Verb(
    "In the placemarks, replace the `styleUrl` by a `<Style>` of their own with just an "
    "`<IconStyle>` and in it an `<Icon>` with this `<href>`: {**names}. The shared styles stay.",
    partial(replaced, old=STYLE_URL, new=ICON),
)
SHARE = Verb(
    "In the placemarks that have a `<Style>` of their own, replace it by a `styleUrl`, which "
    "follows from the `<href>` of its icon: {**names}.",
    partial(replaced, old=ICON, new=STYLE_URL),
)
LOOK = Verb(
    "Replace the `<Point>` of every placemark by a `<LookAt>` with the same `longitude`, "
    "`latitude` and `altitude`.",
    look,
)
AIM = Verb(
    "Replace the `<LookAt>` of every placemark by a `<Point>` whose `coordinates` are its "
    "`longitude`, `latitude` and `altitude`.",
    point,
)


def folders(document: Document, _: Random) -> Edit | None:
    """A folder a category."""
    places = EDITS.records(document)
    values = programs.text_values(places, KIND)
    key, order = EDITS.key(document), "placemarks_order.csv"
    flat = all(u.kind != FOLDER for u in document.units()) and EDITS.file(document)
    if not flat or key is None or not 2 <= len(values) <= 8 or not sayable(*values):
        return None
    return edit(
        "folders",
        "regroup",
        [RECORDS.note(key=key, order=order), GATHER(values=values)],
        [SCATTER(), RECORDS.restore(key=key, order=order)],
    )


def styles(document: Document, _: Random) -> Edit | None:
    """Other names for the shared styles."""
    old = _style_names(document)
    used = {u.fields.get(STYLE_URL) for u in EDITS.records(document)}
    names = {name: f"s{i}_{slug(name)}" for i, name in enumerate(old, 1)}
    taken = {f"#{new}" for new in names.values()} & used or set(names.values()) & set(old)
    if not names or taken or not sayable(*old, *names.values()):
        return None
    return edit(
        "styles",
        "rename",
        [STYLES(names=names)],
        [STYLES(names=programs.inverse(names))],
    )


def _style_names(document: Document) -> list[str]:
    found = [u for u in document.units() if u.kind == STYLE]
    return [v for v in programs.text_values(found, KEY) if v]


def icons(document: Document, _: Random) -> Edit | None:
    """An icon for every placemark instead of a shared style."""
    places = EDITS.records(document)
    used = sorted(programs.text_values(places, STYLE_URL))
    names = {v: f"icons/{slug(v.removeprefix('#'))}.png" for v in used}
    if not names or len(set(names.values())) < len(names) or not sayable(*used, *names.values()):
        return None
    if any(n.startswith("Style/") for u in places for n in u.fields):
        return None
    return edit(
        "icons",
        "normalise",
        [INLINE(names=names)],
        [SHARE(names=programs.inverse(names))],
    )


def camera(document: Document, _: Random) -> Edit | None:
    """A view of every placemark instead of a point."""
    places = EDITS.records(document)
    complete = places and all({LON, LAT, ALT} <= u.fields.keys() for u in places)
    if not complete or any(n.startswith((CAMERA, "Point/@")) for u in places for n in u.fields):
        return None
    return edit("camera", "convert", [LOOK()], [AIM()])


PLANNERS: tuple[Planner, ...] = tuple(
    map(
        xmledits.regular,
        (
            *EDITS.planners(), folders, styles, icons, camera,
            compose("tour", styles, folders, camera),
            compose("handover", EDITS.shift, icons, EDITS.extract),
        ),
    )
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_COLOURS = ("red", "blue")
_KINDS = ("castle", "church", "mill", "museum", "viewpoint", "garden", "bridge", "market")
_ADJECTIVES = (
    "Old",
    "Upper",
    "Lower",
    "Saint",
    "Great",
    "Little",
    "Royal",
    "Hidden",
    "White",
    "North",
)
_FACTS = (
    "built in {year}", "restored after the flood of {year}", "open from {hour} o'clock",
    "run by {person}", "guided tours in {month}", "parking for {count} cars",
    "step-free since {year}", "{count} steps to the top", "tickets at {firm}",
    "no visits in {month}",
)  # fmt: skip


def _place(rng: Random, key: str, kind: str, at: Sequence[int]) -> Unit:
    fields: dict[str, Value] = {
        KEY: key,
        "name": f"{rng.choice(_ADJECTIVES)} {rng.choice(content.LAST_NAMES)} {kind.title()}",
        STYLE_URL: f"#{rng.choice(_COLOURS)}",
        KIND: kind,
        LON: Decimal(at[0] + rng.randint(-9000, 9000)).scaleb(-5),
        LAT: Decimal(at[1] + rng.randint(-9000, 9000)).scaleb(-5),
        ALT: Decimal(rng.randint(20, 16000)).scaleb(-1),
    }
    if rng.random() < 0.3:
        fields[PHONE] = (
            f"+{rng.randint(30, 49)} {rng.randint(200, 999)} {rng.randint(10000, 99999)}"
        )
    if rng.random() < 0.4:
        fields[VISITORS] = Decimal(rng.randint(3, 900) * 12)
    return Unit(PLACE, fields, text=_fact(rng) if rng.random() < 0.4 else "")


def _fact(rng: Random) -> str:
    return rng.choice(_FACTS).format(
        year=rng.randint(1180, 2019),
        hour=rng.randint(7, 11),
        count=rng.randint(5, 320),
        person=content.person(rng),
        month=rng.choice(content.MONTHS),
        firm=content.firm(rng),
    )


def _style(rng: Random, name: str) -> Unit:
    return Unit(
        STYLE,
        {
            KEY: name,
            "IconStyle/color": f"ff{rng.randrange(1 << 24):06x}",
            "IconStyle/scale": Decimal(rng.randint(6, 19)) / 10,
        },
    )


class Landmarks(Domain):
    """Places on a map."""

    name = "landmarks"
    category = "everyday"
    formats: ClassVar = {".kml": KML, ".xml": KML, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), GATHER, SCATTER, STYLES, INLINE, SHARE, LOOK, AIM,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar = (xmltext.DERIVED,)
    floor = 0.08

    def generate(self, rng: Random, size: int) -> Files:
        """Two styles and the sights of a region."""
        count = max(2, round((size - 80) / 92))
        kinds = [*rng.sample(_KINDS, 2), *rng.choices(_KINDS, k=count)]
        at = (rng.randint(-800_000, 2_400_000), rng.randint(4_200_000, 6_400_000))
        about: dict[str, Value] = {
            "name": f"Sights around {rng.choice(content.CITIES)}",
        }
        keys = [key.lower() for key in content.codes(rng, "PM", count)]
        units = [
            Unit(FILE, {"@xmlns": "http://www.opengis.net/kml/2.2"}),
            Unit(DOCUMENT, about),
            *(_style(rng, name) for name in _COLOURS),
            *(_place(rng, key, kind, at) for key, kind in zip(keys, kinds, strict=False)),
        ]
        return {"places.kml": KML.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """What means nothing in any XML."""
        return xmltext.reformatted(text)

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the office and a list of its brochures."""
        rows = [
            Unit(
                table.ROW,
                {"no": code, "title": content.topic(rng), "printed": str(content.day(rng))},
            )
            for code in content.codes(rng, "BR", max(3, size // 24))
        ]
        return {"office.md": content.memo(rng, size // 2), "brochures.csv": table.CSV.render(rows)}


DOMAIN = Landmarks()
