"""Slide decks in Markdown, as Marp and its kin read them.

A unit is an entry of the front matter, a slide break, a heading, an item of a list, a paragraph, an
image, a table's row, a block of code, a note in a comment, or a setting in a comment
(`<!-- time: 2 -->`, a field). Breaks and front matter are structural.

Every word counts, as do the depth and number of an item, the level of a heading, and the order of
units. Line breaks in a paragraph, blank lines, and the mark before an item mean nothing.

Known limits: a line of three hyphens is always a slide break, never an underlined heading; a
comment or a block of code ends with its slide; emphasis and links are text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from random import Random
from typing import ClassVar

from worktrial.documents import content, keyed, programs, table, wording
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Transform, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value

META, BREAK, HEADING, ITEM, TEXT = "meta", "break", "heading", "item", "paragraph"
IMAGE, ROW, CODE, NOTE, SETTING = "image", "table row", "code", "note", "setting"
_BREAK = re.compile(r"---+[ \t]*")
_META = re.compile(r"([A-Za-z]\w{0,30}):[ \t]+(\S.*)")
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_ITEM = re.compile(r"([ \t]{0,12})(?:[-*+]|(\d{1,4})[.)])[ \t]+(\S.*)")
_IMAGE = re.compile(r"!\[([^]]{0,200})\]\(([^)]{0,200})\)")
_SETTING = re.compile(r"(\w{1,30}):[ \t]+([\w.%-]{1,40})")
_FENCE = re.compile(r"```[ \t]*(\w{0,20})[ \t]*")
_LONGEST_BLOCK = 200
_TOP = 2
"""Headings up to this level begin a slide where a deck is divided by headings."""


class Deck(Format):
    """Front matter, and slides with a break between them."""

    def parse(self, text: str) -> list[Unit]:
        """The front matter and the units of every slide."""
        lines = text.splitlines()
        head = _front_matter(lines)
        units = [Unit(META, {n: v}, structural=True) for n, v in head]
        for broken, slide in groupby(lines[len(head) + 2 if head else 0 :], _is_break):
            stretch = list(slide)
            units += [Unit(BREAK, text="---", structural=True) for _ in stretch] if broken else []
            units += [] if broken else _slide(stretch)
        return units

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line between units, but for the items of a list."""
        head = [
            f"{n}: {table.written(v)}\n"
            for u in units
            if u.kind == META
            for n, v in u.fields.items()
        ]
        front = ["---\n", *head, "---\n"] if head else []
        body: list[str] = []
        before = ""
        for unit in units:
            if unit.kind != META:
                gap = "" if not (body or front) or before == unit.kind == ITEM else "\n"
                body.append(f"{gap}{_written(unit)}\n")
                before = unit.kind
        return "".join([*front, *body])


DECK = Deck()


def _front_matter(lines: Sequence[str]) -> list[tuple[str, str]]:
    end = next((i for i, line in enumerate(lines[1:60], 1) if _is_break(line)), 0)
    found = [_META.fullmatch(line.rstrip()) for line in lines[1:end]]
    whole = bool(found) and _is_break(lines[0]) and all(found)
    return [(m[1], m[2]) for m in found if m] if whole else []


def _is_break(line: str) -> bool:
    return _BREAK.fullmatch(line) is not None


def _slide(lines: Sequence[str]) -> list[Unit]:
    units: list[Unit] = []
    at, open_ = 0, False
    while at < len(lines):
        line = lines[at].rstrip()
        length = _closed(lines, at)
        if length:
            units.append(_block(lines[at : at + length]))
        elif (unit := _line(line)) is not None:
            units.append(unit)
        elif line and open_:
            units[-1] = _continued(units[-1], line)
        elif line:
            units.append(Unit(TEXT, text=" ".join(line.split())))
        open_ = bool(line) and units[-1].kind in (TEXT, ITEM)
        at += length or 1
    return units


def _closed(lines: Sequence[str], at: int) -> int:
    """How many lines a comment or a block of code takes that begins here and is closed."""
    line = lines[at].strip()
    if _FENCE.fullmatch(line):
        inside = lines[at + 1 : at + _LONGEST_BLOCK]
        return next((i for i, x in enumerate(inside, 2) if x.strip() == "```"), 0)
    if not line.startswith("<!--"):
        return 0
    inside = lines[at : at + _LONGEST_BLOCK]
    end = next((i for i, x in enumerate(inside, 1) if x.rstrip().endswith("-->")), 0)
    others = any(_HEADING.match(x) or x.lstrip().startswith("<!--") for x in inside[1:end])
    return 0 if others else end


def _block(lines: Sequence[str]) -> Unit:
    fence = _FENCE.fullmatch(lines[0].strip())
    if fence:
        return Unit(CODE, {"language": fence[1]}, text="\n".join(lines[1:-1]))
    said = " ".join(" ".join(lines).strip()[4:-3].split())
    setting = _SETTING.fullmatch(said)
    return (
        Unit(SETTING, {setting[1]: table.typed(setting[2])}) if setting else Unit(NOTE, text=said)
    )


def _line(line: str) -> Unit | None:
    """The unit that a line is by itself."""
    if found := _HEADING.fullmatch(line):
        fields: dict[str, Value] = {"level": Decimal(len(found[1])), "title": found[2].strip()}
        return Unit(HEADING, fields, key="title")
    if found := _ITEM.fullmatch(line):
        number = {"number": Decimal(found[2])} if found[2] else {}
        depth = Decimal(len(found[1].expandtabs(2)) // 2)
        return Unit(ITEM, {"depth": depth, **number}, text=" ".join(found[3].split()))
    if found := _IMAGE.fullmatch(line.strip()):
        return Unit(IMAGE, {"alt": found[1], "source": found[2]})
    return Unit(ROW, text=line.strip()) if line.lstrip().startswith("|") else None


def _continued(unit: Unit, line: str) -> Unit:
    return replace(unit, text=f"{unit.text} {' '.join(line.split())}")


def _written(unit: Unit) -> str:
    values = {name: table.written(value) for name, value in unit.fields.items()}
    match unit.kind:
        case "heading":
            return f"{'#' * int(values.get('level') or 1)} {values.get('title', '')}"
        case "item":
            mark = f"{values['number']}." if "number" in values else "-"
            return f"{'  ' * int(values.get('depth') or 0)}{mark} {unit.text}"
        case "image":
            return f"![{values.get('alt', '')}]({values.get('source', '')})"
        case "code":
            return f"```{values.get('language', '')}\n{unit.text}\n```"
        case "note":
            return f"<!-- {unit.text} -->"
        case "setting":
            return "".join(f"<!-- {name}: {value} -->" for name, value in values.items())
        case _:
            return unit.text


# --- edits -------------------------------------------------------------------------------------

SETTINGS = keyed_verbs(SETTING, one="comment", many="comments", a_field="setting", key="time")
TIMES = KeyedEdits(SETTINGS, kind=SETTING, keys=("time",), scalable={"time": "60"})
_SLIDE = "slide"


def demote(document: Document, *, amount: str) -> Document:
    """Change the level of every heading."""
    return programs.add(document, kind=HEADING, field="level", amount=amount)


def divide_by_heading(document: Document) -> Document:
    """Leave out breaks in front of headings, and say in the front matter that these divide."""

    def divided(units: Sequence[Unit]) -> list[Unit]:
        kept = [u for i, u in enumerate(units) if not _is_spare(units, i)]
        heads = sum(u.kind == META for u in kept)
        said = Unit(META, {"headingDivider": str(_TOP)}, structural=True)
        return [*kept[:heads], said, *kept[heads:]] if heads else list(units)

    return programs.in_each_file(document, divided)


def divide_by_break(document: Document) -> Document:
    """Write the breaks that headings stand for."""

    def divided(units: Sequence[Unit]) -> list[Unit]:
        if not any("headingDivider" in u.fields for u in units):
            return list(units)
        result: list[Unit] = []
        for unit in units:
            if _is_top(unit) and result and not _opens(result[-1]):
                result.append(Unit(BREAK, text="---", structural=True))
            if "headingDivider" not in unit.fields:
                result.append(unit)
        return result

    return programs.in_each_file(document, divided)


def _is_spare(units: Sequence[Unit], at: int) -> bool:
    following = units[at + 1 : at + 2]
    breaks = units[at].kind == BREAK and bool(following) and _is_top(following[0])
    return breaks and at > 0 and not _opens(units[at - 1])


def _is_top(unit: Unit) -> bool:
    level = unit.fields.get("level")
    return unit.kind == HEADING and isinstance(level, Decimal) and level <= _TOP


def _opens(unit: Unit) -> bool:
    """Whether a heading that follows needs no break: it stands at the top, or right below one."""
    return unit.kind in (META, BREAK) or _is_top(unit)


def speak(document: Document) -> Document:
    """Write notes as paragraphs that begin with `Note:`."""
    return programs.each(document, NOTE, lambda u: Unit(TEXT, text=f"Note: {u.text}"))


def hush(document: Document) -> Document:
    """Write paragraphs that begin with `Note:` as comments."""

    def hushed(unit: Unit) -> Unit:
        said = unit.text.removeprefix("Note: ")
        return unit if said == unit.text else Unit(NOTE, text=said)

    return programs.each(document, TEXT, hushed)


def hand_out(document: Document, *, target: str) -> Document:
    """Move notes into a table, and leave a number for each."""
    rows: list[Unit] = []

    def taken(unit: Unit) -> Unit:
        no = Decimal(len(rows) + 1)
        rows.append(Unit(table.ROW, {"no": no, "note": unit.text}))
        return Unit(NOTE, text=f"note {no}")

    rest = programs.each(document, NOTE, taken)
    return rest.replacing(target, [_header("no", "note"), *rows])


def take_in(document: Document, *, target: str) -> Document:
    """Put notes back in place of their numbers."""
    known = {
        f"note {table.written(u.fields.get('no'))}": table.written(u.fields.get("note"))
        for u in document.files.get(target, ())
        if u.kind == table.ROW
    }
    rest = document.replacing(target, None)
    return programs.each(rest, NOTE, lambda u: Unit(NOTE, text=known.get(u.text, u.text)))


def _header(*names: str) -> Unit:
    return Unit(programs.HEADER, text="\t".join(names), structural=True)


def count_items(document: Document) -> Document:
    """Number the items of every list."""

    def counted(units: Sequence[Unit]) -> list[Unit]:
        counts: dict[Value, int] = {}
        result = []
        for unit in units:
            depth = unit.fields.get("depth")
            counts = {
                d: n for d, n in counts.items() if unit.kind == ITEM and not _deeper(d, depth)
            }
            if unit.kind == ITEM:
                counts[depth] = counts.get(depth, 0) + 1
                unit = programs.with_fields(unit, {**unit.fields, "number": Decimal(counts[depth])})
            result.append(unit)
        return result

    return programs.in_each_file(document, counted)


def _deeper(one: Value, other: Value) -> bool:
    return isinstance(one, Decimal) and isinstance(other, Decimal) and one > other


def uncount_items(document: Document) -> Document:
    """Write numbered items with a hyphen."""
    return programs.drop(document, kind=ITEM, field="number")


def _moving(document: Document, program: Transform, **said: str) -> Document:
    """Let a program move slides by their titles; what stands before the first break stays."""
    bodies: list[list[Unit]] = []

    def closed(units: Sequence[Unit]) -> list[Unit]:
        start = len(bodies)
        bodies.extend(_slides(units))
        return [
            Unit(_SLIDE if i > start else META, {"title": _title(bodies[i])}, text=str(i))
            for i in range(start, len(bodies))
        ]

    tables = {n: u for n, u in document.files.items() if any(x.kind == programs.HEADER for x in u)}
    decks = {n: tuple(closed(u)) for n, u in document.files.items() if n not in tables}
    moved: Document = program(Document({**decks, **tables}), kind=_SLIDE, **said)
    return Document(
        {
            name: _joined([bodies[int(u.text)] for u in units]) if name in decks else units
            for name, units in moved.files.items()
        }
    )


def _slides(units: Sequence[Unit]) -> list[list[Unit]]:
    slides: list[list[Unit]] = [[]]
    for unit in units:
        if unit.kind == BREAK:
            slides.append([])
        else:
            slides[-1].append(unit)
    return slides


def _title(slide: Sequence[Unit]) -> str:
    titles = (table.written(u.fields.get("title")) for u in slide if u.kind == HEADING)
    return next(titles, "untitled")


def _joined(slides: Sequence[Sequence[Unit]]) -> tuple[Unit, ...]:
    between = Unit(BREAK, text="---", structural=True)
    return tuple(
        u for i, slide in enumerate(slides) for u in ([between] if i else []) + list(slide)
    )


def note_slides(document: Document, *, order: str) -> Document:
    """List the titles of all slides but the first."""
    titles = [_title(s) for u in document.files.values() for s in _slides(u)[1:]]
    rows = [Unit(table.ROW, {"title": table.typed(title)}) for title in titles]
    return document.replacing(order, [_header("title"), *rows])


def sort_slides(document: Document) -> Document:
    """Sort slides by their titles."""
    return _moving(document, programs.sort, field="title")


def order_slides(document: Document, *, order: str) -> Document:
    """Put slides into the order of a table."""
    return _moving(document, keyed.restore_order, key="title", order=order)


DEMOTE = Verb("Change the level of every heading by {amount}; `#` is level 1.", demote)
BY_HEADING = Verb(
    "Let headings divide the deck: add `headingDivider: 2` as the last entry of the front matter, "
    "and take out every slide break that stands right in front of a heading of level 1 or 2, "
    "unless right above the break stands another such heading, another break, or the front "
    "matter.",
    divide_by_heading,
)
BY_BREAK = Verb(
    "Let breaks divide the deck: put a slide break in front of every heading of level 1 or 2, "
    "unless right above it stands another such heading, a break, or the front matter; then take "
    "`headingDivider` out of the front matter.",
    divide_by_break,
)
SPEAK = Verb(
    "Write every speaker's note that is a comment as a paragraph beginning with `Note:` instead. "
    "Comments that set a value, such as `<!-- time: 2 -->`, stay.",
    speak,
)
HUSH = Verb(
    "Write every paragraph that begins with `Note:` as a comment instead, without that word.",
    hush,
)
HAND_OUT = Verb(
    "Move the speaker's notes, which are comments, into a CSV table {target} with the columns "
    "`no` and `note`, numbered from 1 in their order, and leave a comment such as `<!-- note 3 "
    "-->` in the place of each. Comments that set a value, such as `<!-- time: 2 -->`, stay.",
    hand_out,
)
TAKE_IN = Verb(
    "Put the notes of the CSV table {target} into the comments that give their number `no`, such "
    "as `<!-- note 3 -->`, in its place; then remove {target}.",
    take_in,
)
COUNT = Verb(
    "Turn the items of every list into numbered ones, counted from 1 at each depth; counting "
    "starts again in another list and below another item.",
    count_items,
)
UNCOUNT = Verb("Write every numbered item of a list with a hyphen.", uncount_items)
NOTE_SLIDES = Verb(
    "Write {order}, a CSV table with the one column `title`: the titles (first headings; "
    "`untitled` where there is none) of all slides but the first, in their present order.",
    note_slides,
)
SORT = Verb(
    "Sort the slides by their titles, in the order of the characters' code points; the first "
    "slide stays first, and ties keep their order.",
    sort_slides,
)
ORDER = Verb(
    "Put the slides, all but the first, into the order in which {order} lists their titles; then "
    "remove {order}.",
    order_slides,
)
RENAME = Verb(
    "Use code names: replace, wherever it stands as a whole word and in just this case, {**words}.",
    wording.reword,
)


def levels(document: Document, _: Random) -> Edit | None:
    """Headings one level deeper."""
    found = [u.fields["level"] for u in document.units() if u.kind == HEADING]
    if not found or Decimal(6) in found:
        return None
    return edit("levels", "renumber", [DEMOTE(amount="1")], [DEMOTE(amount="-1")])


def divider(document: Document, _: Random) -> Edit | None:
    """Slides divided by headings."""
    fits = len(document.files) == 1 and all(map(_divides, document.files.values()))
    return edit("divider", "convert", [BY_HEADING()], [BY_BREAK()]) if fits else None


def _divides(units: Sequence[Unit]) -> bool:
    """Whether every high heading stands after a break or the front matter, and some do."""
    heads = [i for i, u in enumerate(units) if _is_top(u)]
    first = {u.kind for u in units[:1]} == {META}
    undivided = first and not any("headingDivider" in u.fields for u in units)
    after = undivided and all(units[i - 1].kind in (META, BREAK) for i in heads if i)
    return after and any(_is_spare(units, i) for i in range(len(units)))


def spoken(document: Document, _: Random) -> Edit | None:
    """Notes as other tools write them."""
    units = list(document.units())
    clash = any(u.kind == TEXT and u.text.startswith("Note:") for u in units)
    fits = any(u.kind == NOTE and u.text for u in units) and not clash
    return edit("spoken", "convert", [SPEAK()], [HUSH()]) if fits else None


def handout(document: Document, _: Random) -> Edit | None:
    """Notes in a table."""
    notes = [u.text for u in document.units() if u.kind == NOTE]
    if not notes or any(re.fullmatch(r"note \d+", note) for note in notes):
        return None
    said = {"target": "speaker_notes.csv"}
    return edit("handout", "extract", [HAND_OUT(**said)], [TAKE_IN(**said)])


def numbered(document: Document, _: Random) -> Edit | None:
    """Lists with numbers."""
    items = [u for u in document.units() if u.kind == ITEM]
    fits = items and not any("number" in u.fields for u in items)
    return edit("numbered", "renumber", [COUNT()], [UNCOUNT()]) if fits else None


def index(document: Document, _: Random) -> Edit | None:
    """Slides in the order of their titles."""
    slides = [s for u in document.files.values() for s in _slides(u)]
    titles = [_title(slide) for slide in slides[1:]]
    apart = len(set(titles)) == len(titles) > 1
    if len(document.files) != 1 or not apart or titles == sorted(titles):
        return None
    said = {"order": "slide_order.csv"}
    return edit("index", "sort", [NOTE_SLIDES(**said), SORT()], [ORDER(**said)])


def code_names(document: Document, rng: Random) -> Edit | None:
    """Firms under code names."""
    old = [name for name in content.FIRMS if name in wording.used_words(document)][:4]
    words = wording.fresh_names(document, old, _CODE_NAMES, rng)
    if not words:
        return None
    back: Mapping[str, str] = programs.inverse(words)
    return edit("code_names", "rename", [RENAME(words=words)], [RENAME(words=back)])


PLANNERS: tuple[Planner, ...] = (
    TIMES.scale, levels, divider, spoken, handout, numbered, index, code_names,
    compose("web", levels, spoken, numbered),
    compose("rehearsal", TIMES.scale, handout, code_names),
    compose("archive", index, levels, spoken),
)  # fmt: skip
_CODE_NAMES = ("Heron", "Bramble", "Cobalt", "Juniper", "Marlin", "Onyx", "Saffron", "Thistle")


# --- fresh documents ---------------------------------------------------------------------------

_POINTS = (
    "{firm} ships {number} units of the {good} from {city}",
    "Returns of the {good} fell from {number} to {other} since {month}",
    "{person} leads the {topic}", "Cost per {good}: {number} cents in {city}",
    "{city} and {city2} share one warehouse from {month}",
    "Open question: who signs the {topic}?", "{firm} asks for {number} days of notice",
    "The {topic} needs {number} hours, not {other}", "Pilot with {number} users in {city2}",
    "No spare parts for the {good} before {month}", "Audit finds {number} gaps; {other} are closed",
    "{person} visits {firm} in {month}",
)  # fmt: skip
_TITLES = (
    "Where we stand with the {good}", "What {firm} wants", "{city} in numbers",
    "Plan until {month}", "Lessons from the {topic}", "Risks around the {good}",
    "Who does what in {city}", "Budget for the {topic}", "{month} at a glance",
)  # fmt: skip


def _filled(rng: Random, form: str) -> str:
    cities = rng.sample(content.CITIES, 2)
    return form.format(
        firm=rng.choice(content.FIRMS), good=rng.choice(content.GOODS), city=cities[0],
        city2=cities[1], month=rng.choice(content.MONTHS), person=content.person(rng),
        topic=content.topic(rng), number=rng.randint(12, 980), other=rng.randint(2, 90),
    )  # fmt: skip


def _fresh_slide(rng: Random, title: str, minutes: Decimal, points: int) -> list[Unit]:
    fields: dict[str, Value] = {"level": Decimal(2), "title": title}
    units = [
        Unit(BREAK, text="---", structural=True),
        Unit(HEADING, fields, key="title"),
        Unit(SETTING, {"time": programs.plain(minutes)}),
    ]
    for point in range(points):
        depth = Decimal(int(point > 0 and rng.random() < 0.3))
        units.append(Unit(ITEM, {"depth": depth}, text=_filled(rng, rng.choice(_POINTS))))
    if rng.random() < 0.3:
        source = f"img/{rng.choice(content.CITIES).lower()}_{rng.randint(10, 999)}.png"
        units.append(Unit(IMAGE, {"alt": rng.choice(content.GOODS), "source": source}))
    if rng.random() < 0.3:
        units.append(Unit(TEXT, text=content.sentence(rng)))
    return [*units, Unit(NOTE, text=content.sentence(rng))]


class Slides(Domain):
    """A deck of slides with speaker's notes."""

    name = "slides"
    category = "creative"
    formats: ClassVar = {".md": DECK, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *SETTINGS.all(), DEMOTE, BY_HEADING, BY_BREAK, SPEAK, HUSH, HAND_OUT, TAKE_IN, COUNT,
        UNCOUNT, NOTE_SLIDES, SORT, ORDER, RENAME,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.07

    def generate(self, rng: Random, size: int) -> Files:
        """A title slide, and slides with a heading, a time, points and a note."""
        title = _filled(rng, f"{{firm}} and the {content.topic(rng)}")
        units = [
            Unit(META, {"theme": rng.choice(("gaia", "uncover", "default"))}, structural=True),
            Unit(META, {"footer": content.firm(rng)}, structural=True),
            Unit(HEADING, {"level": Decimal(1), "title": title}, key="title"),
            Unit(TEXT, text=f"{content.person(rng)}, {content.day(rng)}"),
        ]
        titles: set[str] = set()
        times = rng.sample(range(10, 200 + size // 5), 4 + size // 50)
        written = 0
        while len(titles) < 3 or written < size * 3.3:
            said = _filled(rng, rng.choice(_TITLES))
            said = f"{said} ({len(titles)})" if said in titles else said
            titles.add(said)
            slide = _fresh_slide(
                rng,
                said,
                Decimal(times[len(titles) - 1]) / 20,
                rng.randint(1, 2 if size < 400 else 5),
            )
            units += slide
            written += len(DECK.render(slide))
        return {"deck.md": DECK.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; other marks for items; more blank lines; paragraphs wrapped."""
        stars = re.sub(r"(?m)^( *)- ", r"\1* ", text)
        wrapped = re.sub(r"(?m)^( *- \S+) ", r"\1\n  ", text)
        return [text.replace("\n", "\r\n"), stars, text.replace("\n\n", "\n\n\n"), wrapped]

    def distractors(self, rng: Random, size: int) -> Files:
        """The minutes of a meeting and a list of speakers."""
        rows = [
            Unit(table.ROW, {"speaker": content.person(rng), "from": content.firm(rng)})
            for _ in range(max(3, size // 16))
        ]
        return {"minutes.md": content.memo(rng, size // 2), "speakers.csv": table.CSV.render(rows)}


DOMAIN = Slides()
