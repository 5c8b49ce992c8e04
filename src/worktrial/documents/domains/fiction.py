"""Novels in Markdown: chapters of prose.

A unit is a paragraph, a break between scenes, a heading, or the heading of a chapter, whose fields
are its level, number and title, and the narrator and date in the italic line right below. Breaks
are structural.

Every word and mark counts, and so does the order of units. Line breaks in a paragraph, blank lines,
and how a break is drawn mean nothing.

Known limits: a chapter is a heading that begins with "Chapter"; verse and lists are folded into
paragraphs; emphasis is text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, keyed, programs, table, wording
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.records import slug
from worktrial.documents.sections import SectionEdits
from worktrial.documents.unit import Document, Files, Unit, Value

CHAPTER, HEADING, PARAGRAPH, BREAK = "chapter", "heading", "paragraph", "break"
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_CHAPTER = re.compile(r"Chapter (\w{1,12})(?:: (.+))?")
_BREAK = re.compile(r"([*_-])(?:[ \t]*\1){2,}")
_BELOW = re.compile(
    rf"\*(?:(\w[\w ]{{0,40}}), )?(\d{{1,2}}) ({'|'.join(content.MONTHS)}) (\d{{4}})\*"
)


class Prose(Format):
    """Blocks of lines with blank lines between them."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a block; the line below a chapter's heading belongs to it."""
        units: list[Unit] = []
        spaced = re.sub(r"(?m)^(#{1,6}[ \t].*)$", r"\n\1\n", "\n".join(text.splitlines()))
        for block in re.split(r"\n[ \t]*(?:\n[ \t]*)+", spaced):
            line = " ".join(block.split())
            below = _below(line) if units and units[-1].kind == CHAPTER else {}
            if below and "date" not in units[-1].fields:
                units[-1] = programs.with_fields(units[-1], {**units[-1].fields, **below})
            elif line:
                units.append(_unit(line))
        return units

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line between units."""
        return "\n".join(f"{_written(unit)}\n" for unit in units)


PROSE = Prose()


def _unit(line: str) -> Unit:
    if _BREAK.fullmatch(line):
        return Unit(BREAK, text="* * *", structural=True)
    heading = _HEADING.fullmatch(line)
    if heading is None:
        return Unit(PARAGRAPH, text=line)
    fields: dict[str, Value] = {"level": Decimal(len(heading[1]))}
    chapter = _CHAPTER.fullmatch(heading[2])
    if chapter is None:
        return Unit(HEADING, fields, text=heading[2])
    fields["number"] = table.typed(chapter[1])
    if chapter[2]:
        fields["title"] = chapter[2]
    return Unit(CHAPTER, fields, key="number")


def _below(line: str) -> dict[str, Value]:
    """The narrator and the date of a chapter."""
    found = _BELOW.fullmatch(line)
    if found is None:
        return {}
    month = content.MONTHS.index(found[3]) + 1
    day = keyed.as_day(f"{found[4]}-{month:02}-{int(found[2]):02}")
    narrator: dict[str, Value] = {"narrator": found[1]} if found[1] else {}
    return {**narrator, "date": day} if isinstance(day, date) else {}


def _written(unit: Unit) -> str:
    if unit.kind not in (CHAPTER, HEADING):
        return unit.text
    fields = unit.fields
    marks = "#" * int(table.written(fields.get("level")) or 1)
    if unit.kind == HEADING:
        return f"{marks} {unit.text}"
    title = f": {fields['title']}" if "title" in fields else ""
    day = fields.get("date")
    below = ""
    if isinstance(day, date):
        who = f"{fields['narrator']}, " if "narrator" in fields else ""
        below = f"\n\n*{who}{day.day} {content.MONTHS[day.month - 1]} {day.year}*"
    return f"{marks} Chapter {table.written(fields.get('number'))}{title}{below}"


# --- edits -------------------------------------------------------------------------------------

HEADS = keyed_verbs(
    CHAPTER, one="chapter", many="chapters", key="number", readers={"date": keyed.as_day}
)
CHAPTERS = KeyedEdits(
    HEADS,
    kind=CHAPTER,
    keys=("number",),
    shiftable={"number": ("10", "40")},
    removable=("title", "narrator"),
)
BOOK = SectionEdits(
    CHAPTER,
    key="number",
    many="chapters",
    sortable=("date", "title"),
    category="narrator",
    extension=".md",
)
_ROMAN = {
    1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X",
    9: "IX", 5: "V", 4: "IV", 1: "I",
}  # fmt: skip
_MOST = 3999


def roman(document: Document) -> Document:
    """Number chapters in Roman numerals."""

    def written(unit: Unit) -> Unit:
        number = unit.fields.get("number")
        if not isinstance(number, Decimal) or not 1 <= number <= _MOST or number % 1:
            return unit
        return programs.with_fields(unit, {**unit.fields, "number": _in_roman(int(number))})

    return programs.each(document, CHAPTER, written)


def arabic(document: Document) -> Document:
    """Number chapters in Arabic numerals."""

    def written(unit: Unit) -> Unit:
        number = table.written(unit.fields.get("number"))
        value = _from_roman(number)
        if not 1 <= value <= _MOST or _in_roman(value) != number:
            return unit
        return programs.with_fields(unit, {**unit.fields, "number": Decimal(value)})

    return programs.each(document, CHAPTER, written)


def _in_roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN.items():
        text += letters * (number // value)
        number %= value
    return text


def _from_roman(text: str) -> int:
    values = [next((v for v, x in _ROMAN.items() if x == letter), 0) for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def take_lines(document: Document, *, name: str, target: str) -> Document:
    """Move what a character says into a table, and leave a number for each."""
    rows: list[Unit] = []

    def taken(unit: Unit) -> Unit:
        if not unit.text.endswith(f" said {name}."):
            return unit
        no = Decimal(len(rows) + 1)
        rows.append(Unit(table.ROW, {"no": no, "paragraph": unit.text}))
        return replace(unit, text=f"[{name} {no}]")

    rest = programs.each(document, PARAGRAPH, taken)
    header = Unit(programs.HEADER, text="no\tparagraph", structural=True)
    return rest.replacing(target, [header, *rows])


def give_lines(document: Document, *, name: str, target: str) -> Document:
    """Put what a character says back in place of its numbers."""
    known = {
        f"[{name} {table.written(u.fields.get('no'))}]": table.written(u.fields.get("paragraph"))
        for u in document.files.get(target, ())
        if u.kind == table.ROW
    }
    rest = document.replacing(target, None)
    return programs.each(
        rest, PARAGRAPH, lambda u: replace(u, text=known[u.text]) if u.text in known else u
    )


def exchange(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Replace characters in paragraphs by others."""
    signs = str.maketrans({old: new for old, new in legend.items() if len(old) == 1})
    return programs.each(document, PARAGRAPH, lambda u: replace(u, text=u.text.translate(signs)))


ROMAN = Verb("Write the numbers of the chapters in Roman numerals.", roman)
ARABIC = Verb("Write the numbers of the chapters in Arabic numerals.", arabic)
TAKE = Verb(
    "Move the paragraphs that end with the word `said` and {name} and a full stop into a CSV table "
    "{target} with the columns `no` and `paragraph`, numbered from 1 in their order, and leave a "
    "paragraph with the name and the number, such as `[Name 3]`, in the place of each.",
    take_lines,
)
GIVE = Verb(
    "Put the paragraphs of {name} from the CSV table {target} where their numbers `no` stand, such "
    "as `[Name 3]`, in place of these; then remove {target}.",
    give_lines,
)
QUOTES = Verb("In paragraphs, replace characters as follows: {**legend}.", exchange)
RENAME = Verb(
    "Rename people throughout, wherever a name stands as a whole word in just this case: "
    "{**words}.",
    wording.reword,
)
SPELL = Verb(
    "Change the spelling of these words, wherever they stand as whole words in just this case: "
    "{**words}.",
    wording.reword,
)
_SPELLINGS = {
    "grey": "gray", "harbour": "harbor", "parlour": "parlor", "neighbour": "neighbor",
    "towards": "toward", "theatre": "theater", "plough": "plow", "colour": "color",
    "jewellery": "jewelry", "storey": "story", "cheque": "check", "kerb": "curb",
}  # fmt: skip


def numerals(document: Document, _: Random) -> Edit | None:
    """Roman numerals."""
    numbers = [u.fields["number"] for u in CHAPTERS.records(document)]
    whole = all(isinstance(n, Decimal) and n % 1 == 0 and 1 <= n <= _MOST for n in numbers)
    return edit("numerals", "convert", [ROMAN()], [ARABIC()]) if numbers and whole else None


def dialogue(document: Document, rng: Random) -> Edit | None:
    """What one character says, by itself."""
    texts = [u.text for u in document.units() if u.kind == PARAGRAPH]
    found = [m[1] for text in texts if (m := re.search(r" said ([A-Z]\w{1,30})\.$", text))]
    if not found:
        return None
    name = rng.choice(list(dict.fromkeys(found)))
    said = {"name": name, "target": f"{slug(name)}_lines.csv"}
    if any(text.startswith(f"[{name} ") for text in texts):
        return None
    return edit("dialogue", "extract", [TAKE(**said)], [GIVE(**said)])


def quotes(document: Document, rng: Random) -> Edit | None:
    """Quotation marks of another country."""
    text = "".join(u.text for u in document.units() if u.kind == PARAGRAPH)
    new = rng.choice(("«»", "»«"))
    if "“" not in text or set(new) & set(text):
        return None
    legend = dict(zip("“”", new, strict=True))
    back = programs.inverse(legend)
    return edit("quotes", "substitute", [QUOTES(legend=legend)], [QUOTES(legend=back)])


def people(document: Document, rng: Random) -> Edit | None:
    """People with other names."""
    used = wording.used_words(document)
    old = [name for name in content.FIRST_NAMES if name in used]
    chosen = rng.sample(old, min(4, len(old)))
    words = wording.fresh_names(document, chosen, content.FIRST_NAMES, rng) if chosen else {}
    if not words:
        return None
    back = programs.inverse(words)
    return edit("people", "rename", [RENAME(words=words)], [RENAME(words=back)])


def spelling(document: Document, _: Random) -> Edit | None:
    """American spelling."""
    used = wording.used_words(document)
    words = {old: new for old, new in _SPELLINGS.items() if old in used}
    if not words or used & set(words.values()):
        return None
    back = programs.inverse(words)
    return edit("spelling", "substitute", [SPELL(words=words)], [SPELL(words=back)])


PLANNERS: tuple[Planner, ...] = (
    *CHAPTERS.planners(), BOOK.sort, BOOK.split, numerals, dialogue, quotes, people, spelling,
    compose("edition", spelling, quotes, numerals),
    compose("reading", dialogue, people, CHAPTERS.shift),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_WHO = ("{name}", "The {trade}", "{name}'s {kin}", "A {trade} from {city}", "Old {name}")
_TRADES = (
    "ferryman", "glazier", "midwife", "clerk", "baker", "smuggler", "cooper", "schoolmaster",
    "surveyor", "widow",
)  # fmt: skip
_KIN = ("sister", "uncle", "neighbour", "cousin", "apprentice", "mother")
_DID = (
    "walked towards the harbour", "left the {thing} on the kerb", "counted the {thing}s again",
    "sold a grey {thing} for {number} crowns", "waited {number} minutes at the theatre",
    "painted the {thing} a colour without a name", "signed the cheque and said nothing",
    "climbed to the third storey", "hid the jewellery under the {thing}", "followed the plough",
    "locked the parlour from inside", "wrote {number} lines to {city}", "lost a {thing} at cards",
    "heard of the fire in {city}", "carried the {thing} through the snow",
)  # fmt: skip
_THINGS = (
    "lantern",
    "ledger",
    "violin",
    "trunk",
    "compass",
    "mirror",
    "barrel",
    "letter",
    "saddle",
)
_WHEN = (
    "before the bells of {city} rang", "while {name} slept", "as nobody had thought to ask",
    "for the second time that {month}", "although it had rained since {month}",
    "after {number} days at sea", "without a word to {name}", "when the post came from {city}",
    "under a sky like wet slate", "with the patience of a {trade}",
)  # fmt: skip
_SAID = (
    "You will find the {thing} in {city}", "I have {number} crowns, and none of them is mine",
    "{name} never came back from {city}", "Ask the {trade}, not me", "It was {month}, I am sure",
    "Nobody leaves by the harbour any more", "There were {number} of us then",
    "Keep the {thing} away from {name}", "My {kin} paid the {trade} in full",
    "They say that {name} can play the violin",
)  # fmt: skip


def _filled(rng: Random, form: str) -> str:
    return form.format(
        name=rng.choice(content.FIRST_NAMES), trade=rng.choice(_TRADES), kin=rng.choice(_KIN),
        city=rng.choice(content.CITIES), thing=rng.choice(_THINGS), number=rng.randint(3, 900),
        month=rng.choice(content.MONTHS),
    )  # fmt: skip


def _sentence(rng: Random) -> str:
    return " ".join(_filled(rng, rng.choice(part)) for part in (_WHO, _DID, _WHEN)) + "."


def _paragraph(rng: Random, cast: Sequence[str], *, spoken: bool) -> Unit:
    if not spoken:
        return Unit(PARAGRAPH, text=" ".join(_sentence(rng) for _ in range(rng.randint(1, 3))))
    first, second = rng.sample(_SAID, 2)
    words = f"{_filled(rng, first)}. {_filled(rng, second)}"
    return Unit(PARAGRAPH, text=f"“{words},” said {rng.choice(cast)}.")


def _fresh_chapter(rng: Random, number: int, cast: Sequence[str], paragraphs: int) -> list[Unit]:
    day = content.day(rng, year=rng.randint(1871, 1938))
    fields: dict[str, Value] = {
        "level": Decimal(2),
        "number": Decimal(number),
        "title": _filled(rng, rng.choice(("The {thing} of {city}", "A {trade} in {month}"))),
        "narrator": cast[number % 2] if number < 3 else rng.choice(cast),
        "date": day,
    }
    units = [Unit(CHAPTER, fields, key="number")]
    for place in range(paragraphs):
        if place > 2 and rng.random() < 0.15:
            units.append(Unit(BREAK, text="* * *", structural=True))
        units.append(_paragraph(rng, cast, spoken=place == 1 or rng.random() < 0.35))
    return units


class Fiction(Domain):
    """A novel that several people tell."""

    name = "fiction"
    category = "creative"
    formats: ClassVar = {".md": PROSE, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *HEADS.all(), *BOOK.verbs(), ROMAN, ARABIC, TAKE, GIVE, QUOTES, RENAME, SPELL,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.05

    def generate(self, rng: Random, size: int) -> Files:
        """A title, and chapters that are not told in the order of their dates."""
        cast = content.distinct(rng, content.FIRST_NAMES, 4)
        title = _filled(rng, "The {trade} of {city}")
        units = [Unit(HEADING, {"level": Decimal(1)}, text=title)]
        number, written = 0, 0
        while number < 2 or written < size * 3.2:
            number += 1
            count = rng.randint(2, 3) if size < 400 else rng.randint(3, 12)
            chapter = _fresh_chapter(rng, number, cast, count)
            units += chapter
            written += len(PROSE.render(chapter))
        return {"novel.md": PROSE.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; more blank lines; paragraphs wrapped; breaks drawn otherwise."""
        wrapped = re.sub(r"(?m)^((?![#*]).{30,60}?) ", r"\1\n", text)
        return [text.replace("\n", "\r\n"), text.replace("\n\n", "\n \n\n"), wrapped]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the editor and a list of places."""
        rows = [
            Unit(table.ROW, {"place": rng.choice(content.CITIES), "seen by": content.person(rng)})
            for _ in range(max(3, size // 14))
        ]
        return {"places.csv": table.CSV.render(rows), "editor.md": content.memo(rng, size // 2)}


DOMAIN = Fiction()
