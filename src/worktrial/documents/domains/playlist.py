"""A playlist, in XSPF.

A unit is a track, identified by its `identifier`. The playlist, with its title and whatever else is
said about it, is structural, and so is its list of tracks.

What counts is every attribute and element, and the order of tracks; `xmltext` says what doesn't.
Numbers and durations of tracks are exact numbers.

Known limits: where a track has several locations, edits act on the first alone. Extensions are
fields of what they stand in.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table, xmledits, xmltext
from worktrial.documents.domain import Domain
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value
from worktrial.documents.xmltext import Element, Vocabulary, Xml

PLAYLIST, LIST, TRACK = "playlist", "trackList", "track"
KEY, BASE, MOOD = "identifier", "@xml:base", "meta[urn:mood]"
SEPARATOR = " – "
_TRACK = (
    "location", "identifier", "title", "creator", "annotation", "info", "image", "album",
    "trackNum", "duration", "link", "meta", "extension",
)  # fmt: skip
_HEAD = (
    "@version", "@xmlns", "title", "creator", "annotation", "info", "location", "identifier",
    "image", "date", "license", "attribution", "link", "meta", "extension",
)  # fmt: skip
VOCABULARY = Vocabulary(
    {
        PLAYLIST: Element(0, holds=True, order=_HEAD),
        LIST: Element(1, holds=True),
        TRACK: Element(2, key=KEY, text="annotation", order=_TRACK, inline=True),
    },
    numbers=("trackNum", "duration"),
    named={"meta": "rel", "link": "rel"},
)
XSPF = Xml(VOCABULARY)

# --- edits -------------------------------------------------------------------------------------

_WORDS = keyed_verbs(
    TRACK,
    one="track",
    many="tracks",
    key=KEY,
    readers=dict.fromkeys(("trackNum", "duration"), table.typed),
    text="`text` is the `annotation`; brackets tell the `rel` of a `<meta>`.",
)
RECORDS = replace(_WORDS, split=xmledits.split_verb("track", "tracks", TRACK, VOCABULARY))
EDITS = KeyedEdits(
    RECORDS,
    kind=TRACK,
    keys=(KEY, "location"),
    columns=(KEY, "location", "title", "creator", "album", "trackNum", "duration", MOOD, "text"),
    sortable=("title", "creator", "duration"),
    scalable={"duration": "0.001"},
    shiftable={"trackNum": ("100", "20")},
    category=MOOD,
    removable=("text", "album", "duration", MOOD),
    recodes={MOOD: {"calm": "quiet", "bright": "cheerful", "dark": "sombre", "driving": "fast"}},
    extension=".xspf",
    plural="tracks",
)


def to_base(document: Document, *, base: str) -> Document:
    """Say the beginning of all locations once, as the base of the playlist."""

    def based(unit: Unit) -> Unit:
        if unit.kind == PLAYLIST:
            return programs.with_fields(unit, {**unit.fields, BASE: base})
        place = unit.fields.get("location")
        if unit.kind != TRACK or not isinstance(place, str) or not place.startswith(base):
            return unit
        return programs.with_fields(unit, {**unit.fields, "location": place.removeprefix(base)})

    return programs.in_each_file(document, lambda units: map(based, units))


def from_base(document: Document, *, base: str) -> Document:
    """Put the base of the playlist before every relative location."""

    def whole(unit: Unit) -> Unit:
        if unit.kind == PLAYLIST:
            rest = {n: v for n, v in unit.fields.items() if n != BASE}
            return programs.with_fields(unit, rest)
        place = unit.fields.get("location")
        if unit.kind != TRACK or not isinstance(place, str) or "://" in place:
            return unit
        return programs.with_fields(unit, {**unit.fields, "location": f"{base}{place}"})

    return programs.in_each_file(document, lambda units: map(whole, units))


def fold(document: Document) -> Document:
    """Write the creator of every track before its title."""

    def folded(unit: Unit) -> Unit:
        creator, title = (unit.fields.get(n) for n in ("creator", "title"))
        if not isinstance(creator, str) or not isinstance(title, str):
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != "creator"}
        return programs.with_fields(unit, {**rest, "title": f"{creator}{SEPARATOR}{title}"})

    return programs.each(document, TRACK, folded)


def unfold(document: Document) -> Document:
    """Take creator and title of every track apart."""

    def unfolded(unit: Unit) -> Unit:
        both = unit.fields.get("title")
        if not isinstance(both, str) or SEPARATOR not in both or "creator" in unit.fields:
            return unit
        creator, _, title = both.partition(SEPARATOR)
        return programs.with_fields(unit, {**unit.fields, "title": title, "creator": creator})

    return programs.each(document, TRACK, unfolded)


def number(document: Document) -> Document:
    """Number the tracks of every file in their present order."""

    def numbered(units: Sequence[Unit]) -> list[Unit]:
        numbers = count(1)
        return [
            programs.with_fields(u, {**u.fields, "trackNum": Decimal(next(numbers))})
            if u.kind == TRACK
            else u
            for u in units
        ]

    return programs.in_each_file(document, numbered)


def unnumber(document: Document) -> Document:
    """Take the numbers of tracks away."""

    def without(unit: Unit) -> Unit:
        rest = {n: v for n, v in unit.fields.items() if n != "trackNum"}
        return programs.with_fields(unit, rest)

    return programs.each(document, TRACK, without)


def to_end(document: Document, *, album: str) -> Document:
    """Move the tracks of an album behind all others."""

    def moved(units: Sequence[Unit]) -> list[Unit]:
        return sorted(units, key=lambda u: u.fields.get("album") == album)

    return programs.reorder(document, kind=TRACK, order=moved)


TO_BASE = Verb(
    "Add the attribute `xml:base` with the value {base} to `<playlist>` and take that value off "
    "the front of every track's `location`.",
    to_base,
)
FROM_BASE = Verb(
    "Put {base} in front of the `location` of every track that has no `://` in it, and drop the "
    "attribute `xml:base` of `<playlist>`.",
    from_base,
)
FOLD = Verb(
    "In every track that has both, write `creator` and `title` as one `title`, with ` – ` (a dash "
    "between two spaces) between them, and drop the `creator`.",
    fold,
)
UNFOLD = Verb(
    "In every track without a `creator`, take the `title` apart at its first ` – ` (a dash between "
    "two spaces): what stands before it is the `creator`, what follows it the `title`.",
    unfold,
)
NUMBER = Verb("Number the tracks from 1 in their present order, as `trackNum`.", number)
UNNUMBER = Verb("Drop the `trackNum` of every track.", unnumber)
TO_END = Verb("Move the tracks of the album {album} behind all others, in their order.", to_end)


def base(document: Document, _: Random) -> Edit | None:
    """A base for all locations."""
    tracks = EDITS.records(document)
    places = [table.written(u.fields.get("location")) for u in tracks]
    stem = "".join(places[:1]).rpartition("/")[0] + "/"
    based = any(BASE in u.fields for u in document.units())
    apart = any(not p.startswith(stem) or "://" in p.removeprefix(stem) for p in places)
    heads = sum(u.kind == PLAYLIST for u in document.units())
    if "://" not in stem or based or apart or heads != 1 or not sayable(stem):
        return None
    return edit("base", "normalise", [TO_BASE(base=stem)], [FROM_BASE(base=stem)])


def titles(document: Document, _: Random) -> Edit | None:
    """The creator as a part of the title."""
    tracks = EDITS.records(document)
    whole = all(u.fields.get("creator") and u.fields.get("title") for u in tracks)
    clash = any(SEPARATOR in f"{table.written(u.fields.get('creator'))} " for u in tracks)
    if not tracks or not whole or clash:
        return None
    return edit("titles", "convert", [FOLD()], [UNFOLD()])


def renumber(document: Document, _: Random) -> Edit | None:
    """Numbers by place instead of by album."""
    tracks, key = EDITS.records(document), EDITS.key(document)
    if key is None or not all("trackNum" in u.fields for u in tracks):
        return None
    said = {"key": key, "field": "trackNum", "lookup": "numbers_on_album.csv"}
    return edit(
        "renumber",
        "renumber",
        [RECORDS.take(**said), NUMBER()],
        [UNNUMBER(), RECORDS.give(**said)],
    )


def encore(document: Document, rng: Random) -> Edit | None:
    """One album last."""
    albums, key = programs.text_values(EDITS.records(document), "album"), EDITS.key(document)
    album = rng.choice(albums) if albums else ""
    if key is None or not album or not sayable(album):
        return None
    said = {"key": key, "order": "tracks_order.csv"}
    return edit(
        "encore",
        "move",
        [RECORDS.note(**said), TO_END(album=album)],
        [RECORDS.restore(**said)],
    )


PLANNERS: tuple[Planner, ...] = tuple(
    map(
        xmledits.regular,
        (
            *EDITS.planners(), base, titles, renumber, encore,
            compose("publish", base, titles, EDITS.scale),
            compose("party", encore, renumber, titles),
        ),
    )
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_MOODS = ("calm", "bright", "dark", "driving")
_HOW = ("Quiet", "Slow", "Silver", "Distant", "Broken", "Warm", "Endless", "Paper", "Blue", "Salt")
_WHAT = (
    "River", "Morning", "Lantern", "Highway", "Window", "Garden", "Letter", "Harbour", "Winter",
    "Signal", "Feather", "Orchard", "Staircase", "Compass",
)  # fmt: skip
_NOTES = (
    "live in {city}", "demo of {month}", "with {person} on bass", "remix by {person}",
    "first take", "recorded in {city}", "strings by {person}", "for {person}",
)  # fmt: skip


def _track(rng: Random, key: str, mood: str, folder: str) -> Unit:
    creator, title = rng.choice(content.LAST_NAMES), f"{rng.choice(_HOW)} {rng.choice(_WHAT)}"
    fields: dict[str, Value] = {
        "location": f"{folder}{key[3:]}.{rng.choice(('flac', 'ogg', 'mp3'))}",
        KEY: key,
        "title": title,
        "creator": f"{rng.choice(content.FIRST_NAMES)} {creator}",
        "album": f"{rng.choice(_HOW)} {rng.choice(_WHAT)}",
        "trackNum": Decimal(rng.randint(1, 18)),
        "duration": Decimal(rng.randint(95_000, 520_000)),
        MOOD: mood,
    }
    return Unit(TRACK, fields, text=_note(rng) if rng.random() < 0.4 else "")


def _note(rng: Random) -> str:
    return rng.choice(_NOTES).format(
        city=rng.choice(content.CITIES),
        month=rng.choice(content.MONTHS),
        person=content.person(rng),
    )


class Playlist(Domain):
    """A playlist."""

    name = "playlist"
    category = "everyday"
    formats: ClassVar = {".xspf": XSPF, ".xml": XSPF, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), TO_BASE, FROM_BASE, FOLD, UNFOLD, NUMBER, UNNUMBER, TO_END,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar = (xmltext.DERIVED,)
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """An evening's music, all in one folder."""
        count = max(3, round((size - 80) / 84))
        folder = f"file:///music/{rng.choice(content.CITIES).encode('ascii', 'ignore').decode()}/"
        moods = [*rng.sample(_MOODS, 2), *rng.choices(_MOODS, k=count)]
        about: dict[str, Value] = {
            "@version": "1",
            "@xmlns": "http://xspf.org/ns/0/",
            "title": f"{rng.choice(_HOW)} {rng.choice(content.MONTHS)}",
            "creator": content.person(rng),
            "date": f"{content.day(rng)}T18:00:00Z",
        }
        keys = [key.lower() for key in content.codes(rng, "tr", count)]
        tracks = [_track(rng, k, m, folder) for k, m in zip(keys, moods, strict=False)]
        return {"evening.xspf": XSPF.render([Unit(PLAYLIST, about), Unit(LIST), *tracks])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """What means nothing in any XML."""
        return xmltext.reformatted(text)

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on the evening and what is to be rented."""
        rows = [
            Unit(
                table.ROW,
                {"no": code, "item": rng.choice(content.GOODS), "from": content.firm(rng)},
            )
            for code in content.codes(rng, "RENT", max(3, size // 24))
        ]
        return {"evening.md": content.memo(rng, size // 2), "rented.csv": table.CSV.render(rows)}


DOMAIN = Playlist()
