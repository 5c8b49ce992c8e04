"""The edits of Markdown: sentences with their programs, and what is planned for a document."""

from pathlib import PurePosixPath
from random import Random

from worktrial.documents import programs, wording
from worktrial.documents.domains.markdown.format import BULLET, DEEPEST, HEADING, ITEM, is_fenced
from worktrial.documents.domains.markdown.programs import (
    NUMBERED,
    bullets,
    demote,
    extent,
    give_code,
    level_of,
    merge,
    move,
    number,
    promote,
    split,
    take_code,
    unnumber,
)
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.handover import plain_name
from worktrial.documents.records import slug
from worktrial.documents.unit import Document

_MARKS = ("@@", "%%", "§§", "~~")
_MOST_PLACES = 8
MOVE = Verb(
    "Move the section {section} with all that stands under it, up to the next heading of its "
    "level or a higher one, to just before the heading {before}.",
    move,
)
NUMBER = Verb(
    "Number the headings of level {level} from 1 within each file: put the number, a full stop "
    "and a space before the text of each.",
    number,
)
UNNUMBER = Verb(
    "Delete the number, the full stop and the space before the text of every heading of level "
    "{level}.",
    unnumber,
)
DEMOTE = Verb("Make every heading in every file one level deeper: `#` becomes `##`.", demote)
PROMOTE = Verb("Make every heading in every file one level higher: `##` becomes `#`.", promote)
BULLETS = Verb("In every list, write {new} as the bullet instead of {old}.", bullets)
TAKE_CODE = Verb(
    "Move every fenced block of code of {file} into a new file {target}, in their order. In its "
    "place leave a paragraph of {mark} with its number, counted from 1, right after it; the same "
    "paragraph stands above the block in {target}.",
    take_code,
)
GIVE_CODE = Verb(
    "In {file}, replace each paragraph of {mark} and a number by the block of code that stands "
    "under it in {target}; then remove {target}.",
    give_code,
)
SPLIT = Verb(
    "Move these sections of {file}, each with its heading and all that stands under it, into new "
    "files: {**places}.",
    split,
)
MERGE = Verb(
    "Append all of the files {*places} to {file}, one after the other in that order, and remove "
    "them.",
    merge,
)
TERMS = Verb(
    "Replace these terms throughout all files, code and headings included, wherever one stands as "
    "a whole word in just this case: {**words}.",
    wording.reword,
)

VERBS: tuple[Verb, ...] = (
    MOVE, NUMBER, UNNUMBER, DEMOTE, PROMOTE, BULLETS, TAKE_CODE, GIVE_CODE, SPLIT, MERGE, TERMS,
)  # fmt: skip


# --- planners -------------------------------------------------------------------------------------


def plan_move(document: Document, rng: Random) -> Edit | None:
    """Two neighbouring sections change places."""
    titles = _titles(document)
    units = list(document.units())
    spans = {title: extent(units, title) for title in titles}
    pairs = [
        (one, other)
        for one in titles
        for other in titles
        if spans[one][1] == spans[other][0]
        and units[spans[one][0]].fields == units[spans[other][0]].fields
    ]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    forward, back = MOVE(section=second, before=first), MOVE(section=first, before=second)
    return edit("move", "move", [forward], [back])


def plan_number(document: Document, _: Random) -> Edit | None:
    """The headings of a level with numbers."""
    headings = units_of_kind(document, HEADING)
    levels = sorted(
        map(level_of, headings), key=lambda n: (-sum(level_of(u) == n for u in headings), n)
    )
    if not levels or any(NUMBERED.match(u.text) for u in headings if level_of(u) == levels[0]):
        return None
    level = str(levels[0])
    return edit("number", "renumber", [NUMBER(level=level)], [UNNUMBER(level=level)])


def plan_demote(document: Document, _: Random) -> Edit | None:
    """As part of a larger text."""
    levels = [level_of(u) for u in units_of_kind(document, HEADING)]
    if not levels or max(levels) == DEEPEST:
        return None
    return edit("demote", "normalise", [DEMOTE()], [PROMOTE()])


def plan_bullets(document: Document, _: Random) -> Edit | None:
    """Other bullets."""
    used = [found[2] for u in units_of_kind(document, ITEM) if (found := BULLET.match(u.text))]
    old = next((b for b in used if b in "-*+"), None)
    new = next((b for b in "*+-" if b not in used), None)
    if old is None or new is None:
        return None
    return edit("bullets", "convert", [BULLETS(old=old, new=new)], [BULLETS(old=new, new=old)])


def plan_code(document: Document, _: Random) -> Edit | None:
    """The code in a file of its own."""
    target = _beside(document, "code")
    mark = next((m for m in _MARKS if not any(m in u.text for u in document.units())), None)
    if target is None or mark is None or not any(map(is_fenced, document.units())):
        return None
    said = {"file": next(iter(document.files)), "target": target, "mark": mark}
    return edit("extract", "extract", [TAKE_CODE(**said)], [GIVE_CODE(**said)])


def plan_split(document: Document, _: Random) -> Edit | None:
    """Every section at the end of the file in a file of its own."""
    titles = _titles(document)
    units = list(document.units())
    top = [i for i, u in enumerate(units) if u.kind == HEADING]
    for level in range(1, DEEPEST):
        starts = [i for i in top if level_of(units[i]) == level]
        if not 2 <= len(starts) <= _MOST_PLACES or starts[0] == 0:
            continue
        whole = all(level_of(units[i]) >= level for i in top if i >= starts[0])
        sections = [units[i].text for i in starts]
        places = {title: f"{slug(title)[:40]}.md" for title in sections}
        apart = len({*document.files, *places.values()}) == len(starts) + 1
        if whole and apart and set(sections) <= set(titles):
            (file,) = document.files
            back = MERGE(file=file, places=tuple(places.values()))
            return edit("split", "split", [SPLIT(file=file, places=places)], [back])
    return None


def plan_terms(document: Document, rng: Random) -> Edit | None:
    """Frequent words behind code words."""
    words = wording.code_words(document, rng)
    if not words:
        return None
    back = TERMS(words=programs.inverse(words))
    return edit("terms", "substitute", [TERMS(words=words)], [back])


def _titles(document: Document) -> list[str]:
    """The headings of the one file that can be told apart and named."""
    titles = [u.text for u in units_of_kind(document, HEADING)]
    if len(document.files) != 1 or not sayable(*document.files):
        return []
    return [t for t in titles if t and sayable(t) and titles.count(t) == 1]


def _beside(document: Document, what: str) -> str | None:
    """The name of another file beside the one there is."""
    if len(document.files) != 1:
        return None
    (file,) = document.files
    target = f"{slug(PurePosixPath(file).stem)[:30]}_{what}.md"
    target = target if plain_name(target) else f"{what}.md"
    return target if sayable(file, target) and file != target else None


PLANNERS: tuple[Planner, ...] = (
    plan_move, plan_number, plan_demote, plan_bullets, plan_code, plan_split, plan_terms,
    compose("publish", plan_move, plan_number, plan_demote),
    compose("hand_over", plan_code, plan_terms, plan_bullets),
    compose("chapters", plan_split, plan_terms, plan_bullets),
)  # fmt: skip
