"""Plain text of any kind, line by line: the last resort for a user's own files, never drawn fresh.

A unit is a line, or a blank line, which is structural. A file of any name is read so.

Every line counts, exactly as it is written, and so does the order of lines and every blank one.
White space at the end of a line and the kind of line end mean nothing.

Known limits: what the lines mean is not known, so a program or a table keeps its lines and nothing
is typed. A file of one long line is one unit.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, wording
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.handover import plain_name
from worktrial.documents.records import slug
from worktrial.documents.unit import Document, Files, Unit

LINE, BLANK = "line", "blank"
_NUMBERED = re.compile(r"(\d{1,9})\|(.*)", re.DOTALL)
_QUOTE = "> "
_MARKS = ("@@", "%%", "§§", "##", "~~")


class Text(Format):
    """Lines as they stand; only a line feed ends one."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a line, blank or not."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return [_unit(line) for line in text.removesuffix("\n").split("\n")] if text else []

    def render(self, units: Sequence[Unit]) -> str:
        """One line a unit."""
        return "".join(f"{u.text if u.layout is None else u.layout}\n" for u in units)


TEXT = Text()


def _unit(line: str) -> Unit:
    text = line.rstrip(" \t")
    layout = line if line != text else None
    return Unit(LINE, text=text, layout=layout) if text else _blank(layout)


def _blank(layout: str | None = None) -> Unit:
    return Unit(BLANK, structural=True, layout=layout)


def _said(text: str) -> Unit:
    """A line that says something else, which may be nothing."""
    return Unit(LINE, text=text) if text else _blank()


# --- programs ----------------------------------------------------------------------------------


def number(document: Document) -> Document:
    """Put its number before every line of every file, blank ones too."""

    def numbered(units: Sequence[Unit]) -> Iterator[Unit]:
        return (_said(f"{at}|{u.text}") for at, u in enumerate(units, 1))

    return programs.in_each_file(document, numbered)


def unnumber(document: Document) -> Document:
    """Take the numbers away."""
    return _each_line(document, lambda text: _parted(text)[1])


def sort(document: Document) -> Document:
    """Sort numbered lines by what they say."""
    return programs.in_each_file(document, lambda us: sorted(us, key=lambda u: _parted(u.text)[1]))


def sort_by_number(document: Document) -> Document:
    """Sort numbered lines by their numbers; lines without one come last."""
    return programs.in_each_file(document, lambda us: sorted(us, key=lambda u: _parted(u.text)[0]))


def _parted(text: str) -> tuple[float, str]:
    """The number of a line, and what it says."""
    found = _NUMBERED.fullmatch(text)
    return (int(found[1]), found[2]) if found else (float("inf"), text)


def _each_line(document: Document, change: Callable[[str], str]) -> Document:
    """Change the text of every line; a blank one has none."""

    def changed(unit: Unit) -> Unit:
        text = change(unit.text)
        return unit if text == unit.text else _said(text)

    return programs.in_each_file(document, lambda units: map(changed, units))


def quote(document: Document) -> Document:
    """Put a sign before every line, blank ones too."""
    return _each_line(document, lambda text: f"{_QUOTE}{text}".rstrip(" \t"))


def unquote(document: Document) -> Document:
    """Take the sign away."""
    return _each_line(document, lambda text: f"{text} ".removeprefix(_QUOTE).rstrip(" \t"))


def reverse(document: Document) -> Document:
    """The last line first."""
    return programs.in_each_file(document, lambda units: reversed(units))


def divide(document: Document, *, file: str, count: str, target: str) -> Document:
    """Move what follows the first lines of a file to another one."""
    units = document.files.get(file, ())
    at = int(count) if count.isdecimal() else len(units)
    return document.replacing(file, units[:at]).replacing(target, units[at:])


def join(document: Document, *, file: str, target: str) -> Document:
    """Append a file to another one and remove it."""
    units = (*document.files.get(file, ()), *document.files.get(target, ()))
    return document.replacing(target, None).replacing(file, units)


def take(document: Document, *, file: str, word: str, target: str, mark: str) -> Document:
    """Move the lines that hold a word to a file, a numbered mark in the place of each."""
    taken: list[Unit] = []

    def left(unit: Unit) -> Unit:
        if word not in wording.words(unit.text):
            return unit
        taken.append(_said(f"{len(taken) + 1}|{unit.text}"))
        return _said(f"{mark}{len(taken)}")

    units = tuple(map(left, document.files.get(file, ())))
    return document.replacing(file, units).replacing(target, taken)


def give(document: Document, *, file: str, target: str, mark: str) -> Document:
    """Put the numbered lines of a file back where their marks stand, and remove the file."""
    parted = [_parted(u.text) for u in document.files.get(target, ())]
    known = {f"{mark}{at:.0f}": text for at, text in parted if at < float("inf")}
    units = [_said(known.get(u.text, u.text)) for u in document.files.get(file, ())]
    return document.replacing(target, None).replacing(file, units)


# --- verbs -------------------------------------------------------------------------------------

NUMBER = Verb(
    "Put its number, counted from 1 within its file, and a bar before every line, blank lines "
    "included: the third line `so be it` becomes `3|so be it`.",
    number,
)
UNNUMBER = Verb("Delete the number and the bar at the beginning of every line.", unnumber)
SORT = Verb(
    "Sort all lines of every file by what stands after the bar, character by character in the "
    "order of Unicode (capitals before small letters); equal lines keep their order.",
    sort,
)
SORT_BY_NUMBER = Verb(
    "Sort all lines of every file by the number before the bar, smallest first.", sort_by_number
)
QUOTE = Verb("Put `> ` before every line of every file, blank lines included.", quote)
UNQUOTE = Verb("Delete the `> ` at the beginning of every line of every file.", unquote)
REVERSE = Verb(
    "Put all lines of every file, blank ones too, in the opposite order: the last line comes "
    "first, the first one last.",
    reverse,
)
DIVIDE = Verb(
    "Keep the first {count} lines of {file}, blank ones counted, and move all that follow into a "
    "new file {target}.",
    divide,
)
JOIN = Verb("Append all lines of {target} to the end of {file}, then remove {target}.", join)
TAKE = Verb(
    "Move every line of {file} that holds the whole word {word}, in just this case, into a new "
    "file {target}, in the same order, with its number there, counted from 1, and a bar before "
    "it, as in `1|the line`. In its place leave a line of {mark} with that number right after it.",
    take,
)
GIVE = Verb(
    "In {file}, replace each line of {mark} and a number by the line of {target} with that number "
    "before its bar, without the number and the bar; then remove {target}.",
    give,
)
TERMS = Verb(
    "Replace these terms in every file, wherever one stands as a whole word in just this case: "
    "{**words}.",
    wording.reword,
)


# --- planners ----------------------------------------------------------------------------------


def plan_number(document: Document, _: Random) -> Edit | None:
    """Every line with its number."""
    return edit("number", "renumber", [NUMBER()], [UNNUMBER()])


def plan_sort(document: Document, _: Random) -> Edit | None:
    """The lines in alphabetical order, their numbers riding along."""
    forward, backward = [NUMBER(), SORT()], [SORT_BY_NUMBER(), UNNUMBER()]
    return edit("sort", "sort", forward, backward)


def plan_quote(document: Document, _: Random) -> Edit | None:
    """As it is quoted in an answer."""
    return edit("quote", "convert", [QUOTE()], [UNQUOTE()])


def plan_reverse(document: Document, _: Random) -> Edit | None:
    """The latest first."""
    return edit("reverse", "sort", [REVERSE()], [REVERSE()])


def plan_divide(document: Document, _: Random) -> Edit | None:
    """The second half in a file of its own."""
    units = list(document.units())
    places = _places(document, "rest")
    if places is None or len(units) < 2:
        return None
    file, target = places
    forward = DIVIDE(file=file, count=str(len(units) // 2), target=target)
    return edit("divide", "split", [forward], [JOIN(file=file, target=target)])


def plan_extract(document: Document, rng: Random) -> Edit | None:
    """The lines that hold a word in a file of their own."""
    texts = [u.text for u in document.units() if u.kind == LINE]
    mark = next((m for m in _MARKS if not any(t.startswith(m) for t in texts)), None)
    words = _words_of_some(texts)
    if mark is None or not words:
        return None
    word = rng.choice(words)
    places = _places(document, slug(word))
    if places is None:
        return None
    said = {"file": places[0], "target": places[1], "mark": mark}
    return edit("extract", "extract", [TAKE(word=word, **said)], [GIVE(**said)])


def plan_terms(document: Document, rng: Random) -> Edit | None:
    """Frequent words behind code words."""
    words = wording.code_words(document, rng)
    if not words:
        return None
    back = TERMS(words=programs.inverse(words))
    return edit("terms", "substitute", [TERMS(words=words)], [back])


def _words_of_some(texts: Sequence[str]) -> list[str]:
    """Words that some lines hold but most don't: those of the most lines, up to twenty."""
    count: Counter[str] = Counter()
    for text in texts:
        count.update(wording.long_words(set(wording.words(text))))
    some = [word for word, often in count.most_common() if often <= len(texts) / 2]
    return sorted(some, key=lambda word: (-count[word], word))[:20]


def _places(document: Document, what: str) -> tuple[str, str] | None:
    """The one file and the name of another one beside it."""
    if len(document.files) != 1:
        return None
    (file,) = document.files
    path = PurePosixPath(file)
    target = f"{slug(path.stem)[:30]}_{what[:20]}{path.suffix or '.txt'}"
    target = target if plain_name(target) else f"{what[:20]}.txt"
    return (file, target) if sayable(file, target) and file != target else None


PLANNERS: tuple[Planner, ...] = (
    plan_number, plan_sort, plan_quote, plan_reverse, plan_divide, plan_extract, plan_terms,
    compose("hand_out", plan_extract, plan_terms, plan_divide),
    compose("digest", plan_sort, plan_quote),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------


def _minutes(rng: Random, size: int) -> str:
    """Minutes of a meeting: headings, items, and who does what by when."""
    lines = [
        f"Minutes: {content.topic(rng)}",
        f"{content.day(rng):%d %B %Y}, {content.person(rng)}",
    ]
    while len(lines) < 6 or sum(map(len, lines)) < size * 3.4:
        if len(lines) % 7 == 2:
            lines += ["", f"{content.topic(rng).capitalize()} ({rng.randint(2, 90)} minutes)", ""]
        elif rng.random() < 0.6:
            lines.append(content.sentence(rng))
        else:
            due = f"{content.day(rng):%d %B}"
            lines.append(f"  - {content.person(rng)}: {content.topic(rng)}, by {due}")
    return "\n".join(lines).rstrip() + "\n"


class PlainText(Domain):
    """Files of any name, by their lines."""

    name = "text"
    category = "everyday"
    formats: ClassVar = {".txt": TEXT}
    verbs: ClassVar[Sequence[Verb]] = (
        NUMBER, UNNUMBER, SORT, SORT_BY_NUMBER, QUOTE, UNQUOTE, REVERSE, DIVIDE, JOIN, TAKE, GIVE,
        TERMS,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.1

    def generate(self, rng: Random, size: int) -> Files:
        """Minutes of a meeting."""
        return {"minutes.txt": _minutes(rng, size)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; old ones; space at the end of lines; no last line end."""
        return [
            text.replace("\n", "\r\n"), text.replace("\n", "\r"), text.replace("\n", " \t\n"),
            text.removesuffix("\n"),
        ]  # fmt: skip

    def distractors(self, rng: Random, size: int) -> Files:
        """Earlier minutes and a memo."""
        return {
            "minutes_of_last_month.txt": _minutes(rng, size // 2),
            "notes.md": content.memo(rng, size // 2),
        }

    def knows(self, name: str) -> bool:
        """Any name."""
        return True

    def _format(self, name: str) -> Format:
        return TEXT


DOMAIN = PlainText()
