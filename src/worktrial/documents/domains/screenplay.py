"""Screenplays, in Fountain.

A unit is an entry of the title page, a scene heading, an action, a speech with its character,
a transition, a note, a synopsis, a section or a centred line. A scene heading has its setting,
location, time and number as fields; a speech its character, extension and first parenthetical.

Every word counts, and so do line breaks within a speech or an action, and the order of units. How
many blank lines stand between units, and marks that force what a line would be anyway, mean
nothing.

Known limits: emphasis is text; dual dialogue is part of the character's line; what stands
right under a scene heading counts as an action; a boneyard is an action.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table, wording
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.sections import SectionEdits
from worktrial.documents.unit import Document, Files, Unit, Value

TITLE, SCENE, ACTION, SPEECH, TRANSITION = "title", "scene", "action", "speech", "transition"
NOTE, SYNOPSIS, SECTION, CENTRED, BREAK = "note", "synopsis", "section", "centred", "break"
_ENTRY = re.compile(
    r"(?:Title|Credit|Authors?|Source|Draft date|Contact|Copyright|Notes|Revision):", re.IGNORECASE
)
_HEADING = re.compile(r"(INT\./EXT|INT/EXT|I/E|INT|EXT|EST)(\.|(?= ))", re.IGNORECASE)
_NUMBER = re.compile(r" #([\w.-]{1,20})#$")
_CUE = re.compile(r"([^()]{1,60}?) ?(?:\(([^()]{1,60})\))?( ?\^)?")
_PARENTHETICAL = re.compile(r"\(([^()]{1,200})\)")


class Fountain(Format):
    """Units with blank lines between them; what a unit is, its first line tells."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a block of lines, or one an entry of the title page."""
        lines = [line.rstrip() for line in text.splitlines()]
        blocks = re.split(r"\n{2,}|\n(?=Title:)", "\n".join(lines).strip("\n"))
        return [unit for block in blocks if block for unit in _units(block)]

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line between units, but for the entries of the title page."""
        written = [_written(unit) for unit in units]
        gaps = [
            "\n" if one.kind == other.kind == TITLE else "\n\n" for one, other in pairwise(units)
        ]
        return "".join(a + b for a, b in zip(written, [*gaps, "\n"], strict=False))


FOUNTAIN = Fountain()


def _units(block: str) -> list[Unit]:
    first, _, rest = block.partition("\n")
    if _HEADING.match(first) or (first.startswith(".") and first[1:2].isalnum()):
        below = [Unit(ACTION, text=rest)] if rest else []
        return [_heading(first), *below]
    if rest and (first.startswith("@") or _is_cue(first)):
        return [_speech(first.removeprefix("@"), rest)]
    if any(map(_ENTRY.match, block.split("\n"))):
        return [_entry(entry) for entry in re.split(r"\n(?![ \t])", block)]
    return [_plain(block)]


def _entry(text: str) -> Unit:
    name, colon, value = text.partition(":")
    if not colon:
        return Unit(TITLE, {"value": _trimmed(text)})
    return Unit(TITLE, {"name": name.strip(), "value": _trimmed(value)})


def _trimmed(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def _heading(line: str) -> Unit:
    fields: dict[str, Value] = {}
    found = _HEADING.match(line)
    rest = line[found.end() :].strip() if found else line.removeprefix(".").strip()
    number = _NUMBER.search(rest)
    rest = rest[: number.start()] if number else rest
    location, dash, time = rest.partition(" - ")
    if found:
        fields["setting"] = found[0]
    fields["location"] = location
    if dash:
        fields["time"] = time
    if number:
        fields["number"] = table.typed(number[1])
    return Unit(SCENE, fields, key="number" if number else None)


def _is_cue(line: str) -> bool:
    name = line.split("(")[0]
    return name.upper() == name and any(map(str.isalpha, name)) and line[0] not in "!~>.=#[("


def _speech(cue: str, lines: str) -> Unit:
    found = _CUE.fullmatch(cue.strip())
    fields: dict[str, Value] = {"character": found[1] if found else cue.strip()}
    if found and found[2]:
        fields["extension"] = found[2]
    if found and found[3]:
        fields["dual"] = True
    first, _, rest = lines.partition("\n")
    aside = _PARENTHETICAL.fullmatch(first.strip())
    if aside and rest:
        fields["parenthetical"] = aside[1]
    return Unit(SPEECH, fields, text=_trimmed(rest if aside and rest else lines))


def _plain(block: str) -> Unit:
    """A unit of text alone, by the marks around it."""
    line = block.strip()
    if re.fullmatch(r"={3,}", line):
        return Unit(BREAK, text="===")
    if line.startswith("[[") and line.endswith("]]"):
        return Unit(NOTE, text=line[2:-2].strip())
    if "\n" in line:
        return Unit(ACTION, text=block.removeprefix("!"))
    if line.startswith(">") and line.endswith("<") and len(line) > 1:
        return Unit(CENTRED, text=line[1:-1].strip())
    if line.startswith(">") or (line.endswith("TO:") and line.upper() == line):
        return Unit(TRANSITION, text=line.removeprefix(">").strip())
    if line.startswith("="):
        return Unit(SYNOPSIS, text=line[1:].strip())
    if line.startswith("#"):
        return Unit(SECTION, text=line, structural=True)
    return Unit(ACTION, text=block.removeprefix("!"))


def _written(unit: Unit) -> str:
    """A unit's lines, with a mark that forces what it is where they would be something else."""
    text, mark = _lines(unit)
    return text if _units(text) == [unit] else f"{mark}{text}"


def _lines(unit: Unit) -> tuple[str, str]:
    values = {name: table.written(value) for name, value in unit.fields.items()}
    match unit.kind:
        case "title":
            return _title(values), ""
        case "scene":
            return _scene(values), "."
        case "speech":
            return _cue(values, unit.text), "@"
        case "note":
            return f"[[{unit.text}]]", ""
        case "synopsis":
            return f"= {unit.text}".rstrip(), ""
        case "centred":
            return f"> {unit.text} <", ""
        case "transition":
            return unit.text, "> "
        case "action":
            return unit.text, "!"
        case _:
            return unit.text, ""


def _title(values: Mapping[str, str]) -> str:
    value = values.get("value", "").replace("\n", "\n    ")
    if "name" not in values:
        return value
    return f"{values['name']}:{chr(10) + '    ' if chr(10) in value else ' '}{value}".rstrip()


def _scene(values: Mapping[str, str]) -> str:
    place = " ".join(values[n] for n in ("setting", "location") if values.get(n))
    time = f" - {values['time']}" if "time" in values else ""
    return place + time + (f" #{values['number']}#" if "number" in values else "")


def _cue(values: Mapping[str, str], text: str) -> str:
    extension = f" ({values['extension']})" if values.get("extension") else ""
    dual = " ^" if "dual" in values else ""
    aside = f"({values['parenthetical']})\n" if values.get("parenthetical") else ""
    return f"{values.get('character', '')}{extension}{dual}\n{aside}{text}"


# --- edits -------------------------------------------------------------------------------------

HEADINGS = keyed_verbs(
    SCENE,
    one="scene heading",
    many="scene headings",
    key="number",
)
SCENES = KeyedEdits(
    HEADINGS,
    kind=SCENE,
    keys=("number",),
    shiftable={"number": ("100", "200")},
    removable=("time",),
    recodes={
        "time": {
            "DAY": "MIDDAY", "NIGHT": "DEAD OF NIGHT", "DAWN": "SUNRISE", "DUSK": "SUNSET",
            "EVENING": "AFTER DARK", "MORNING": "EARLY",
        },
    },
)  # fmt: skip
BLOCKS = SectionEdits(
    SCENE,
    key="number",
    many="scenes",
    sortable=("location", "time"),
    category="setting",
    extension=".fountain",
)
_CELLS = ("no", "extension", "parenthetical", "text")


def take_side(document: Document, *, character: str, side: str) -> Document:
    """Move the speeches of a character into a table, and leave a numbered note for each."""
    rows: list[Unit] = []

    def taken(unit: Unit) -> Unit:
        if unit.fields.get("character") != character or "dual" in unit.fields:
            return unit
        cells = {n: unit.fields.get(n) for n in _CELLS[1:-1]}
        no = Decimal(len(rows) + 1)
        rows.append(Unit(table.ROW, {"no": no, **cells, "text": unit.text}))
        return Unit(NOTE, text=f"{character} {no}")

    rest = programs.each(document, SPEECH, taken)
    header = Unit(programs.HEADER, text="\t".join(_CELLS), structural=True)
    return rest.replacing(side, [header, *rows])


def give_side(document: Document, *, character: str, side: str) -> Document:
    """Put the speeches of a character back where their notes stand."""
    rows = [
        {name: table.written(value) for name, value in unit.fields.items()}
        for unit in document.files.get(side, ())
        if unit.kind == table.ROW
    ]
    known = {f"{character} {row.get('no')}": row for row in rows}

    def given(unit: Unit) -> Unit:
        row = known.get(unit.text)
        if row is None:
            return unit
        asides = {n: row[n] for n in _CELLS[1:-1] if row.get(n)}
        return Unit(SPEECH, {"character": character, **asides}, text=row.get("text", ""))

    return programs.each(document.replacing(side, None), NOTE, given)


def run_in(document: Document) -> Document:
    """Write parentheticals in front of the words of a speech, on the same line."""

    def joined(unit: Unit) -> Unit:
        aside = unit.fields.get("parenthetical")
        rest = {n: v for n, v in unit.fields.items() if n != "parenthetical"}
        return unit if aside is None else replace(unit, fields=rest, text=f"({aside}) {unit.text}")

    return programs.each(document, SPEECH, joined)


def set_out(document: Document) -> Document:
    """Write a parenthetical that begins a speech on a line of its own."""

    def parted(unit: Unit) -> Unit:
        found = re.match(_PARENTHETICAL.pattern + " ", unit.text)
        if found is None:
            return unit
        fields = {**unit.fields, "parenthetical": found[1]}
        return replace(unit, fields=fields, text=unit.text[found.end() :])

    return programs.each(document, SPEECH, parted)


def extend(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Write the extensions of characters in other words."""
    return programs.substitute(document, kind=SPEECH, field="extension", legend=legend)


TAKE = Verb(
    "Move the speeches of {character} into a CSV table {side} with the columns `no`, `extension`, "
    "`parenthetical`, `text`: a row each, numbered from 1 in their order, brackets left out, a "
    "cell empty where there is none. In the script, put in the place of each whole speech a note "
    "with the character and the number, such as `[[NAME 3]]`.",
    take_side,
)
GIVE = Verb(
    "Put the speeches of {character} from the CSV table {side} where the notes with the character "
    "and the number `no` stand, such as `[[NAME 3]]`, in place of the notes; then remove {side}.",
    give_side,
)
RUN_IN = Verb(
    "Where a parenthetical stands on a line of its own right under the character, put it, in its "
    "brackets and with a space, in front of the words on the next line.",
    run_in,
)
SET_OUT = Verb(
    "Where a speech begins with a parenthetical in brackets, put that on a line of its own, right "
    "under the character, and the words on the next line.",
    set_out,
)
EXTEND = Verb("Change the extensions after characters' names: {**legend}.", extend)
RENAME = Verb(
    "Rename throughout, wherever a name stands as a whole word and in just this case: {**words}.",
    wording.reword,
)
_EXTENSIONS = {"V.O.": "VOICE OVER", "O.S.": "OFF SCREEN", "O.C.": "OFF CAMERA"}


def side(document: Document, rng: Random) -> Edit | None:
    """The speeches of one character by themselves."""
    speeches = [u for u in document.units() if u.kind == SPEECH]
    names = programs.text_values(speeches, "character")
    if not names or not sayable(*names):
        return None
    name = rng.choice(names)
    table_ = f"{'_'.join(wording.words(name)).lower()}_side.csv"
    noted = any(u.kind == NOTE and u.text.startswith(f"{name} ") for u in document.units())
    if noted or table_ in document.files:
        return None
    said = {"character": name, "side": table_}
    return edit("side", "extract", [TAKE(**said)], [GIVE(**said)])


def asides(document: Document, _: Random) -> Edit | None:
    """Parentheticals in the line."""
    speeches = [u for u in document.units() if u.kind == SPEECH]
    early = any(u.text.startswith("(") for u in speeches)
    if early or not any("parenthetical" in u.fields for u in speeches):
        return None
    return edit("asides", "normalise", [RUN_IN()], [SET_OUT()])


def extensions(document: Document, _: Random) -> Edit | None:
    """Extensions in full."""
    speeches = (u for u in document.units() if u.kind == SPEECH)
    found = programs.text_values(speeches, "extension")
    legend = {short: long for short, long in _EXTENSIONS.items() if short in found}
    if not legend or set(legend.values()) & set(found):
        return None
    back = programs.inverse(legend)
    return edit("extensions", "substitute", [EXTEND(legend=legend)], [EXTEND(legend=back)])


def recast(document: Document, rng: Random) -> Edit | None:
    """Characters renamed, in capitals and in running text."""
    speeches = (u for u in document.units() if u.kind == SPEECH)
    names = [n for n in programs.text_values(speeches, "character") if n.isalpha()]
    old = rng.sample(names, min(3, len(names)))
    new = wording.fresh_names(document, old, content.FIRST_NAMES, rng)
    if not new:
        return None
    words = {o: n.upper() for o, n in new.items()} | {o.capitalize(): n for o, n in new.items()}
    back = programs.inverse(words)
    return edit("recast", "rename", [RENAME(words=words)], [RENAME(words=back)])


PLANNERS: tuple[Planner, ...] = (
    *SCENES.planners(), BLOCKS.sort, BLOCKS.split, side, asides, extensions, recast,
    compose("table_read", side, asides, recast),
    compose("shooting_script", SCENES.shift, SCENES.recode, recast, BLOCKS.sort),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_PLACES = (
    "BOILER ROOM", "FERRY DECK", "BAKERY", "ARCHIVE", "ROOFTOP", "PHARMACY", "TRAM DEPOT", "QUAY",
    "GREENHOUSE", "COURTROOM", "LIGHTHOUSE", "MARKET HALL", "SIGNAL BOX", "LAUNDRY", "OBSERVATORY",
    "ORCHARD", "PRINT SHOP", "CANAL LOCK", "STAIRWELL", "RADIO STUDIO", "VINEYARD", "CLOAKROOM",
)  # fmt: skip
_TIMES = ("DAY", "NIGHT", "DAWN", "DUSK", "EVENING", "MORNING")
_ACTS = (
    "folds the map along a crease that has worn through", "counts the keys twice",
    "wipes chalk from one sleeve", "drags a crate across the wet boards",
    "holds a photograph up to the lamp", "tears the last page out of the ledger",
    "winds a clock that nobody else has heard", "drops a coin into the drain and waits",
    "ties the rope with a knot learnt at sea", "reads the telegram without moving",
    "pours tea into the wrong cup", "switches the sign from OPEN to CLOSED",
    "pushes a note under the door", "pockets a small brass screw",
    "listens at the pipe", "covers the mirror with a coat", "lights a match, then another",
    "spills flour over the contract",
)  # fmt: skip
_WHILE = (
    "while rain drums on the tin roof", "as a tram passes outside", "and does not look round",
    "under a lamp that flickers", "in spite of the cold", "just as the bells begin",
    "although the train has gone", "with gloves still on", "behind everyone else's back",
    "as if it were an ordinary Tuesday", "before the guard returns", "and hums out of tune",
)  # fmt: skip
_WORDS = (
    "You told {name} it would hold until spring", "Nobody sells {good}s at this hour",
    "I signed for one {good}, not for nine", "{city} is further than it looks on paper",
    "That is what {name} said in {city}", "The ledger is short by {number} crowns",
    "We had {number} minutes, and you spent them on tea", "Ask {name}, if you don't believe me",
    "There were {number} steps when I was a boy", "I never learnt to swim",
    "Someone has oiled the hinge", "They closed the line to {city} in {month}",
    "My mother kept hers in a {good} box", "Lend me {number} crowns and your hat",
    "You can smell the river from here", "Whoever wrote this had never seen a {good}",
    "I dreamt of {city} again", "Platform {number}, and don't be early",
)  # fmt: skip
_TAILS = (
    "", "And I would do it again.", "So much for promises.", "Don't write that down.",
    "It was never about the money.", "Now hold the lamp still.", "At least, that was the plan.",
    "You know what {name} is like.", "We leave in {month}.", "Is that {name} on the stairs?",
    "It's always raining there.", "Close the door.",
)  # fmt: skip
_TONES = ("softly", "without turning", "half asleep", "to the door", "too loud", "into the phone")


def _scene_units(rng: Random, cast: Sequence[str], number: int, count: int) -> list[Unit]:
    setting = ("INT.", "EXT.")[(number + (rng.random() < 0.3)) % 2 if number > 2 else number % 2]
    fields: dict[str, Value] = {
        "setting": setting,
        "location": f"{rng.choice(content.CITIES).upper()} {rng.choice(_PLACES)}",
        "time": rng.choice(_TIMES),
        "number": Decimal(number),
    }
    units = [Unit(SCENE, fields, key="number"), _action(rng, cast)]
    while len(units) < count + 2:
        units.append(
            _line(rng, cast) if len(units) == 2 or rng.random() < 0.7 else _action(rng, cast)
        )
    if rng.random() < 0.3:
        units.append(Unit(NOTE, text=f"{content.person(rng)}: {rng.choice(content.GOODS)}?"))
    return units


def _action(rng: Random, cast: Sequence[str]) -> Unit:
    more = f" {rng.choice(cast)} {rng.choice(_ACTS)}." if rng.random() < 0.3 else ""
    return Unit(ACTION, text=f"{rng.choice(cast)} {rng.choice(_ACTS)} {rng.choice(_WHILE)}.{more}")


def _line(rng: Random, cast: Sequence[str]) -> Unit:
    fields: dict[str, Value] = {"character": rng.choice(cast).upper()}
    if rng.random() < 0.3:
        fields["extension"] = rng.choice(list(_EXTENSIONS))
    if rng.random() < 0.4:
        fields["parenthetical"] = rng.choice(_TONES)
    said = f"{rng.choice(_WORDS)}. {rng.choice(_TAILS)}".strip().format(
        name=rng.choice(content.FIRST_NAMES),
        good=rng.choice(content.GOODS),
        city=rng.choice(content.CITIES),
        month=rng.choice(content.MONTHS),
        number=rng.randint(12, 480),
    )
    return Unit(SPEECH, fields, text=said)


class Screenplay(Domain):
    """A screenplay with numbered scenes."""

    name = "screenplay"
    category = "creative"
    formats: ClassVar = {".fountain": FOUNTAIN, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *HEADINGS.all(), *BLOCKS.verbs(), TAKE, GIVE, RUN_IN, SET_OUT, EXTEND, RENAME,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """Scenes that one cast plays."""
        cast = content.distinct(rng, content.FIRST_NAMES, 3 if size < 1000 else 6)
        title = f"The {rng.choice(content.GOODS).title()} of {rng.choice(content.CITIES)}"
        units = [
            Unit(TITLE, {"name": "Title", "value": title}),
            Unit(TITLE, {"name": "Author", "value": content.person(rng)}),
            Unit(TITLE, {"name": "Draft date", "value": f"{content.day(rng)}"}),
        ]
        aside = {"character": cast[0].upper(), "parenthetical": rng.choice(_TONES)}
        number, written = 0, 0
        while number < 2 or written < size * 3.2:
            number += 1
            scene = _scene_units(rng, cast, number, rng.randint(2, 3 if size < 400 else 8))
            if number == 1:
                scene[2] = replace(scene[2], fields=aside)
            units += scene
            written += len(FOUNTAIN.render(scene))
        return {"script.fountain": FOUNTAIN.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; more blank lines; forced headings and characters."""
        forced = re.sub(r"(?m)^([A-ZÀ-Ž]+(?: \([A-Z.]+\))?\n)(?=\S)", r"@\1", text)
        return [text.replace("\n", "\r\n"), text.replace("\n\n", "\n\n\n"), forced]

    def distractors(self, rng: Random, size: int) -> Files:
        """A list of the cast and a memo."""
        rows = [
            Unit(table.ROW, {"part": rng.choice(content.FIRST_NAMES), "actor": content.person(rng)})
            for _ in range(max(3, size // 14))
        ]
        return {"callsheet.csv": table.CSV.render(rows), "memo.md": content.memo(rng, size // 2)}


DOMAIN = Screenplay()
