r"""Books of tunes in ABC notation.

A unit is the head of a tune (the lines from `X:` to `K:`, each a field), a line of music, a line of
lyrics, a field among the music, or a comment.

What counts is every field, every note with its pitch, accidental and length, every mark, where
notes are set apart, and the order of lines. How a length or an octave is written (`A/2` or `A/`,
`c,` or `C`), the order of fields in a head, and how many spaces and blank lines there are mean
nothing.

Known limits: a tune reaches to the next head, not to the next blank line; a repeated field of a
head is text; lengths in grace notes and within chords are left as they stand by edits.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.sections import SectionEdits
from worktrial.documents.unit import Document, Files, Unit, Value

TUNE, MUSIC, FIELD, LYRICS, COMMENT = "tune", "music", "field", "lyrics", "comment"
_FIELD = re.compile(r"([A-Za-z]):(?![|:])[ \t]*(.*)")
_TEMPO = re.compile(r"(\d{1,3}/\d{1,3})[ \t]*=[ \t]*(\d{1,4})")
_ORDER = "XTCORMLQ"
"""Heads are written in this order; any other field follows, and `K` comes last."""
_NOTE = re.compile(r"([A-Ga-g])([,']*)")
_TOKEN = re.compile(
    r"""(?P<chord>"[^"]*") | (?P<mark>![^!\s]*! | \+[a-z0-9()<>.]+\+) | \[[A-Za-z]:[^][]*\]
    | \(\d(?::\d?){0,2}
    | (?P<pitch>[\^_=]{0,2}[A-Ga-g][,']* | [zx] | \[[A-Ga-g^_=][A-Ga-g^_=,'\d/]*\] | \{[^{}]*\})
      (?P<length>\d{0,4}(?:/{1,4}\d{0,4})?)
    | .""",
    re.VERBOSE,
)


class Abc(Format):
    """A line a unit, but for the heads of tunes."""

    def parse(self, text: str) -> list[Unit]:
        """Heads and lines."""
        units: list[Unit] = []
        head: list[tuple[str, str]] = []
        for line in filter(None, map(str.strip, text.splitlines())):
            found = _FIELD.fullmatch(line)
            if head and (found is None or found[1] == "X" or not found[1].isupper()):
                units.append(_head(head))
                head = []
            if found and found[1].isupper():
                head.append((found[1], found[2].strip()))
            else:
                units.append(_line(line))
            if head and head[-1][0] == "K":
                units.append(_head(head))
                head = []
        return [*units, _head(head)] if head else units

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line before every tune."""
        written = (f"\n{_written(u)}\n" if u.kind == TUNE else f"{_written(u)}\n" for u in units)
        return "".join(written).removeprefix("\n")


ABC = Abc()


def _head(lines: Sequence[tuple[str, str]]) -> Unit:
    fields: dict[str, Value] = {}
    extra = []
    for name, value in lines:
        tempo = _TEMPO.fullmatch(value) if name == "Q" else None
        if name in fields:
            extra.append(f"{name}:{value}")
        elif tempo:
            fields |= {"beat": tempo[1], "Q": Decimal(tempo[2])}
        else:
            fields[name] = table.typed(value) if name == "X" else value
    text = "\n".join(extra)
    if "X" in fields:
        return Unit(TUNE, fields, key="X", text=text)
    return Unit(TUNE if "T" in fields else FIELD, fields, text=text)


def _line(line: str) -> Unit:
    if line.startswith("%"):
        return Unit(COMMENT, text=" ".join(line.split()))
    if line.startswith("w:"):
        return Unit(LYRICS, text=" ".join(line[2:].split()))
    return Unit(MUSIC, text=_sung(" ".join(line.split()), _plainly))


def _sung(text: str, change: Callable[[re.Match[str]], str]) -> str:
    """Change a line of music, piece by piece."""
    return _TOKEN.sub(change, text)


def _plainly(token: re.Match[str]) -> str:
    return _pitched(token, 0) if token["pitch"] is not None else token[0]


def _pitched(token: re.Match[str], octaves: int, factor: Fraction = Fraction(1)) -> str:
    """A note, chord, rest or grace note, moved by octaves, its length multiplied."""

    def moved(note: re.Match[str]) -> str:
        marks = note[2].count("'") - note[2].count(",")
        octave = int(note[1].islower()) + marks + octaves
        if octave > 0:
            return note[1].lower() + "'" * (octave - 1)
        return note[1].upper() + "," * -octave

    grace = token["pitch"].startswith("{")
    length = token["length"] if grace else _length(token["length"], factor)
    return _NOTE.sub(moved, token["pitch"]) + length


def _length(written: str, factor: Fraction) -> str:
    above, slash, below = written.partition("/")
    bottom = int(below.lstrip("/") or 2 ** written.count("/")) if slash else 1
    if not bottom:
        return written
    length = Fraction(int(above or 1), bottom) * factor
    if length == Fraction(1, 2):
        return "/"
    over = f"/{length.denominator}" if length.denominator > 1 else ""
    return over if length.numerator == 1 else f"{length.numerator}{over}"


def _written(unit: Unit) -> str:
    if unit.kind == LYRICS:
        return f"w: {unit.text}"
    if unit.kind not in (TUNE, FIELD):
        return unit.layout or unit.text
    values = {name: table.written(value) for name, value in unit.fields.items()}
    beat = values.pop("beat", "")
    if beat:
        values["Q"] = f"{beat}={values.get('Q', '')}"
    names = sorted(values, key=lambda n: (n == "K", _ORDER.find(n) % 100))
    lines = [f"{name}:{values[name]}" for name in names]
    at = len(lines) - ("K" in values)
    return "\n".join([*lines[:at], *unit.text.splitlines(), *lines[at:]])


# --- edits -------------------------------------------------------------------------------------

HEADS = keyed_verbs(TUNE, one="tune", many="tunes", key="X")
TUNES = KeyedEdits(
    HEADS,
    kind=TUNE,
    keys=("X",),
    shiftable={"X": ("100", "500")},
    removable=("C", "O", "R"),
    recodes={"M": {"4/4": "C", "2/2": "C|"}, "R": {"reel": "rel", "jig": "gigue", "waltz": "vals"}},
)
BOOK = SectionEdits(
    TUNE, key="X", many="tunes", sortable=("T", "C", "K"), category="R", extension=".abc"
)


def octaves(document: Document, *, up: bool) -> Document:
    """Move all music by an octave."""
    step = 1 if up else -1
    return _music(document, lambda t: t[0] if t["pitch"] is None else _pitched(t, step))


def _music(document: Document, change: Callable[[re.Match[str]], str]) -> Document:
    return programs.each(document, MUSIC, lambda u: replace(u, text=_sung(u.text, change)))


def relength(document: Document, *, old: str, new: str) -> Document:
    """Write tunes of one unit length in another one."""
    factor = Fraction(old) / Fraction(new)

    def longer(token: re.Match[str]) -> str:
        return token[0] if token["pitch"] is None else _pitched(token, 0, factor)

    def changed(units: Sequence[Unit]) -> list[Unit]:
        result, length = [], None
        for unit in units:
            if unit.kind == TUNE:
                length = unit.fields.get("L")
                if length == old:
                    unit = programs.with_fields(unit, {**unit.fields, "L": new})
            elif unit.kind == MUSIC and length == old:
                unit = replace(unit, text=_sung(unit.text, longer))
            result.append(unit)
        return result

    return programs.in_each_file(document, changed)


def retempo(document: Document, *, old: str, new: str) -> Document:
    """Count the tempo in another beat."""
    factor = Fraction(old) / Fraction(new)

    def counted(unit: Unit) -> Unit:
        tempo = unit.fields.get("Q")
        if unit.fields.get("beat") != old or not isinstance(tempo, Decimal):
            return unit
        value = programs.plain(tempo * factor.numerator / factor.denominator)
        return programs.with_fields(unit, {**unit.fields, "beat": new, "Q": value})

    return programs.each(document, TUNE, counted)


def chords(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Write the roots of chord symbols in other letters."""
    names = re.compile("|".join(sorted(map(re.escape, legend), key=len, reverse=True)))

    def named(token: re.Match[str]) -> str:
        if token["chord"] is None or token["chord"][1] in "^_<>@":
            return token[0]
        return names.sub(lambda name: legend[name[0]], token["chord"])

    return _music(document, named)


def marks(document: Document, *, old: str, new: str) -> Document:
    """Write decorations between other signs."""

    def signed(token: re.Match[str]) -> str:
        mark = token["mark"]
        return f"{new}{mark[1:-1]}{new}" if mark and mark[0] == old else token[0]

    return _music(document, signed)


UP = Verb(
    "Write all the music an octave higher: every note, in chords and grace notes too (`C,` becomes "
    "`C`, `C` becomes `c`, `c` becomes `c'`). Chord symbols and keys stay.",
    lambda document: octaves(document, up=True),
)
DOWN = Verb(
    "Write all the music an octave lower: every note, in chords and grace notes too (`c'` becomes "
    "`c`, `c` becomes `C`, `C` becomes `C,`). Chord symbols and keys stay.",
    lambda document: octaves(document, up=False),
)
LENGTH = Verb(
    "Write every tune whose unit length `L` is {old} with the unit length {new} instead: change "
    "the length of its notes, rests and chords (as a whole) so that they sound as before; grace "
    "notes stay as they are.",
    relength,
)
TEMPO = Verb(
    "Where `Q` counts beats of {old}, count beats of {new} instead, at the same speed.",
    retempo,
)
CHORDS = Verb(
    "In chord symbols, write the roots and basses as follows, each at once: {**legend}. "
    "Annotations, which begin with one of `^_<>@`, stay.",
    chords,
)
MARKS = Verb(
    "Write the decorations that stand between two {old} between two {new} instead.",
    marks,
)


def register(document: Document, rng: Random) -> Edit | None:
    """All music an octave up or down."""
    if not _lines(document):
        return None
    there, back = rng.choice(((UP, DOWN), (DOWN, UP)))
    return edit("register", "renumber", [there()], [back()])


def unit_length(document: Document, _: Random) -> Edit | None:
    """Half the unit length, or double it."""
    lengths = {table.written(u.fields.get("L")) for u in TUNES.records(document)}
    other = any("L" in u.fields for u in document.units() if u.kind == FIELD)
    inline = any("[L:" in line for line in _lines(document))
    known = {"1/8": "1/16", "1/4": "1/8", "1/16": "1/8"}
    old = lengths.pop() if len(lengths) == 1 else ""
    if old not in known or other or inline or not _lines(document):
        return None
    said = {"old": old, "new": known[old]}
    back = {"old": known[old], "new": old}
    return edit("unit_length", "scale", [LENGTH(**said)], [LENGTH(**back)])


def beat(document: Document, _: Random) -> Edit | None:
    """Tempo in eighths."""
    beats = programs.text_values(TUNES.records(document), "beat")
    if "1/4" not in beats or "1/8" in beats:
        return None
    said, back = {"old": "1/4", "new": "1/8"}, {"old": "1/8", "new": "1/4"}
    return edit("beat", "scale", [TEMPO(**said)], [TEMPO(**back)])


def german(document: Document, _: Random) -> Edit | None:
    """Chord symbols as German musicians write them."""
    symbols = [t["chord"] for x in _lines(document) for t in _TOKEN.finditer(x) if t["chord"]]
    if not any("B" in s for s in symbols) or any("H" in s for s in symbols):
        return None
    legend = {"Bb": "B", "B": "H"}
    return edit(
        "german",
        "substitute",
        [CHORDS(legend=legend)],
        [CHORDS(legend=programs.inverse(legend))],
    )


def decorations(document: Document, _: Random) -> Edit | None:
    """Decorations as older programs write them."""
    found = [t["mark"][0] for x in _lines(document) for t in _TOKEN.finditer(x) if t["mark"]]
    if set(found) != {"!"}:
        return None
    return edit("decorations", "convert", [MARKS(old="!", new="+")], [MARKS(old="+", new="!")])


def _lines(document: Document) -> list[str]:
    return [u.text for u in document.units() if u.kind == MUSIC]


PLANNERS: tuple[Planner, ...] = (
    *TUNES.planners(), BOOK.sort, BOOK.split, register, unit_length, beat, german, decorations,
    compose("session", TUNES.shift, unit_length, register),
    compose("print", unit_length, beat, TUNES.extract, register),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_RHYTHMS = {"reel": "4/4", "march": "2/2", "waltz": "3/4", "jig": "6/8", "slow air": "3/4"}
_KEYS = ("G", "D", "A", "Em", "Bm", "C", "F", "Dm", "Bb", "Gm", "Ador", "Dmix", "Edor")
_SYMBOLS = ("G", "D", "Em", "C", "Am", "Bm", "Bb", "F", "A7", "Dm", "B7", "G/B")
_LETTERS = "ABCDEFGabcdefg"
_TITLES = (
    "The {good} of {city}", "{name}'s Farewell to {city}", "{name}'s Fancy", "The Road to {city}",
    "Rain over {city}", "{month} Morning", "The {adjective} {good}", "{name} at the Fair",
)  # fmt: skip
_EIGHTHS = {"4/4": 8, "2/2": 8, "3/4": 6, "6/8": 6}


def _fresh_head(rng: Random, number: int, rhythm: str) -> Unit:
    title = rng.choice(_TITLES).format(
        good=rng.choice(content.GOODS).title(),
        city=rng.choice(content.CITIES),
        name=rng.choice(content.FIRST_NAMES),
        month=rng.choice(content.MONTHS),
        adjective=rng.choice(content.ADJECTIVES).title(),
    )
    fields: dict[str, Value] = {
        "X": Decimal(number),
        "T": title,
        "C": content.person(rng),
        "O": rng.choice(content.CITIES),
        "R": rhythm,
        "M": _RHYTHMS[rhythm],
        "L": "1/8",
        "beat": "1/4",
        "Q": Decimal(rng.randint(60, 208)),
        "K": rng.choice(_KEYS),
    }
    return Unit(TUNE, fields, key="X")


def _fresh_line(rng: Random, meter: str, end: str) -> Unit:
    bars = [_bar(rng, _EIGHTHS[meter]) for _ in range(rng.randint(3, 5))]
    return Unit(MUSIC, text=f"{' | '.join(bars)} {end}")


def _bar(rng: Random, eighths: int) -> str:
    beat = 3 if eighths == 6 and rng.random() < 0.5 else 2
    groups = [_group(rng, beat) for _ in range(eighths // beat)]
    symbol = f'"{rng.choice(_SYMBOLS)}"' if rng.random() < 0.35 else ""
    return symbol + " ".join(groups)


def _group(rng: Random, beat: int) -> str:
    """Notes that last for so many eighths."""
    forms = {
        2: ("{}{}", "{}2", "{}>{}", "(3{}{}{}", "{}{}/{}/", "z{}", "!trill!{}2", "{{{}}}{}2"),
        3: ("{}{}{}", "{}2{}", "{}3", "{}{}2", "{}/{}/{}{}", "!accent!{}3", "z2{}"),
    }
    form = rng.choice(forms[beat])
    return form.format(*(_pitch(rng) for _ in range(4)))


def _pitch(rng: Random) -> str:
    letter = rng.choice(_LETTERS)
    sign = rng.choice("^_=") if rng.random() < 0.08 else ""
    return sign + letter + (("," if letter.isupper() else "'") if rng.random() < 0.1 else "")


class Musicsheet(Domain):
    """A book of tunes."""

    name = "musicsheet"
    category = "creative"
    formats: ClassVar = {".abc": ABC, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *HEADS.all(), *BOOK.verbs(), UP, DOWN, LENGTH, TEMPO, CHORDS, MARKS,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """Tunes of several rhythms, numbered with gaps."""
        units: list[Unit] = []
        number = rng.randint(1, 60)
        while len(ABC.render(units)) < size * 3.1:
            rhythm = rng.choice(list(_RHYTHMS))
            count = rng.choice((2, 2, 3)) if size < 400 else rng.randint(4, 8)
            units.append(_fresh_head(rng, number, rhythm))
            for line in range(count):
                end = "|]" if line == count - 1 else rng.choice(("|", "||", ":|"))
                units.append(_fresh_line(rng, _RHYTHMS[rhythm], end))
            number += rng.randint(1, 4)
        return {"tunes.abc": ABC.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; spaces in heads; fields in another order; wider bars."""
        swapped = re.sub(r"(?m)^(C:.*\n)(O:.*\n)", r"\2\1", text)
        spaced = re.sub(r"(?m)^([A-Z]):(?=\w)", r"\1: ", text)
        return [text.replace("\n", "\r\n"), spaced, swapped, text.replace(" | ", "  |  ")]

    def distractors(self, rng: Random, size: int) -> Files:
        """The players and a memo."""
        rows = [
            Unit(table.ROW, {"player": content.person(rng), "from": rng.choice(content.CITIES)})
            for _ in range(max(3, size // 14))
        ]
        return {"players.csv": table.CSV.render(rows), "rehearsal.md": content.memo(rng, size // 2)}


DOMAIN = Musicsheet()
