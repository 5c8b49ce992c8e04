"""The edits of settings: sentences with their programs, and what is planned for a document."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePosixPath
from random import Random

from worktrial.documents import programs, table
from worktrial.documents.domains.settings.format import KEY, LINE, SECTION, SETTING, VALUE
from worktrial.documents.domains.settings.programs import (
    divide,
    give,
    move_before,
    move_last,
    multiply,
    name_of,
    note,
    put,
    rename,
    sort,
    substitute,
    tabulate,
    take,
    untabulate,
)
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.handover import plain_name
from worktrial.documents.records import slug
from worktrial.documents.sections import sections
from worktrial.documents.unit import Document, Value

_MARKS = ("@@", "%%", "§§", "~~")
_MOST_TERMS = 5
_UNDER = "all that stands under it, up to the next section,"
NOTE = Verb(
    "Write {order}, a CSV table with the columns `section` and `key`: of every setting, in the "
    "present order, the heading that it stands under, with its brackets, and its key.",
    note,
)
SORT = Verb(
    "Sort the settings of every section by key, character by character in the order of Unicode; "
    "equal keys keep their order. Comments and all other lines keep their places.",
    sort,
)
PUT = Verb(
    "Put the settings of every section into the order in which {order} lists their section and "
    "key, then remove {order}. Comments and all other lines keep their places.",
    put,
)
MOVE_LAST = Verb(
    f"In {{file}}, move the section {{section}} with {_UNDER} to the end of the file.", move_last
)
MOVE_BEFORE = Verb(
    f"In {{file}}, move the section {{section}} with {_UNDER} to just before the section "
    "{before}.",
    move_before,
)
TAKE = Verb(
    "Move all that stands under {section} in {file}, up to the next section, into a new file "
    "{target}; the line {section} itself stays.",
    take,
)
GIVE = Verb("Put all of {target} right under {section} in {file}, then remove {target}.", give)
TABULATE = Verb(
    "Move the settings of {file} into a CSV table {target} with the columns `number`, counted "
    "from 1, `section`, which is the heading that it stands under with its brackets, `key` and "
    "`value`, a row for each in their order. In its place leave a line of {mark} with its number "
    "right after it. Sections, comments and all other lines stay as they are.",
    tabulate,
)
UNTABULATE = Verb(
    "In {file}, replace each line of {mark} and a number by the setting with that `number` in the "
    "CSV table {target}, written as its key, {sign} and its value; then remove {target}.",
    untabulate,
)
RENAME = Verb("Rename keys of settings, in every section, as follows: {**names}.", rename)
SUBSTITUTE = Verb(
    "Replace these values wherever one of them is the whole value of a setting: {**legend}.",
    substitute,
)
MULTIPLY = Verb(
    "Multiply the value of every setting {key} by {factor} where it is a plain number.", multiply
)
DIVIDE = Verb(
    "Divide the value of every setting {key} by {factor} where it is a plain number.", divide
)


VERBS: tuple[Verb, ...] = (
    NOTE, SORT, PUT, MOVE_LAST, MOVE_BEFORE, TAKE, GIVE, TABULATE, UNTABULATE, RENAME, SUBSTITUTE,
    MULTIPLY, DIVIDE,
)  # fmt: skip


# --- planners -------------------------------------------------------------------------------------


def plan_sort(document: Document, _: Random) -> Edit | None:
    """The keys in alphabetical order, the old one kept in a table."""
    order = "settings_order.csv"
    if order in document.files or sort(document) == document:
        return None
    return edit("sort", "sort", [NOTE(order=order), SORT()], [PUT(order=order)])


def plan_move(document: Document, rng: Random) -> Edit | None:
    """A section last."""
    names = _sections(document)
    if len(names) < 2:
        return None
    (file,), at = document.files, rng.randrange(len(names) - 1)
    said = {"file": file, "section": names[at]}
    back = MOVE_BEFORE(before=names[at + 1], **said)
    return edit("move", "move", [MOVE_LAST(**said)], [back])


def plan_extract(document: Document, rng: Random) -> Edit | None:
    """What stands under a section in a file of its own."""
    names = _sections(document)
    parts = [p for units in document.files.values() for p in sections(units, SECTION)]
    full = [name_of(p) for p in parts if len(p) > 1 and name_of(p) in names]
    if not full:
        return None
    section = rng.choice(full)
    target = _beside(document, slug(section))
    if target is None:
        return None
    said = {"file": next(iter(document.files)), "section": section, "target": target}
    return edit("extract", "extract", [TAKE(**said)], [GIVE(**said)])


def plan_tabulate(document: Document, _: Random) -> Edit | None:
    """The settings as a table."""
    found = units_of_kind(document, SETTING)
    signs = Counter((u.layout or "").partition("|")[2] or " = " for u in found)
    texts = [u.text for u in document.units() if u.kind == LINE]
    mark = next((m for m in _MARKS if not any(t.startswith(m) for t in texts)), None)
    target = _beside(document, "table", ".csv")
    if mark is None or target is None or len({s.strip() for s in signs}) != 1:
        return None
    said = {"file": next(iter(document.files)), "target": target, "mark": mark}
    back = UNTABULATE(sign=signs.most_common(1)[0][0], **said)
    return edit("tabulate", "convert", [TABULATE(**said)], [back])


def plan_rename(document: Document, rng: Random) -> Edit | None:
    """Some keys under other names."""
    keys = [str(u.fields[KEY]) for u in units_of_kind(document, SETTING)]
    plain = sorted({key for key in keys if re.fullmatch(r"[\w.-]{1,50}", key)})
    old = rng.sample(plain, min(len(plain), _MOST_TERMS))
    names = {key: f"local-{key}" if "-" in key else f"local_{key}" for key in old}
    if not names or set(names.values()) & set(keys):
        return None
    back = RENAME(names=programs.inverse(names))
    return edit("rename", "rename", [RENAME(names=names)], [back])


def plan_substitute(document: Document, rng: Random) -> Edit | None:
    """Values behind code words."""
    values = [u.fields[VALUE] for u in units_of_kind(document, SETTING)]
    texts = Counter(v for v in values if isinstance(v, str) and v and sayable(v))
    frequent = sorted(texts, key=lambda v: (-texts[v], v))[: 4 * _MOST_TERMS]
    old = rng.sample(frequent, min(len(frequent), _MOST_TERMS))
    legend = {value: f"VALUE{at}" for at, value in enumerate(old, 1)}
    if not legend or set(legend.values()) & set(texts):
        return None
    back = SUBSTITUTE(legend=programs.inverse(legend))
    return edit("substitute", "substitute", [SUBSTITUTE(legend=legend)], [back])


def plan_scale(document: Document, rng: Random) -> Edit | None:
    """A number in another unit of measure."""
    values: dict[str, list[Value]] = defaultdict(list)
    for unit in units_of_kind(document, SETTING):
        values[str(unit.fields[KEY])].append(unit.fields[VALUE])
    names = [key for key, found in values.items() if sayable(key) and _plain_numbers(found)]
    if not names:
        return None
    said = {"key": rng.choice(names), "factor": rng.choice(("8", "60", "1000", "1024"))}
    return edit("scale", "scale", [MULTIPLY(**said)], [DIVIDE(**said)])


def _plain_numbers(values: Sequence[Value]) -> bool:
    """Whether some are numbers that are not zero, and no text looks like one."""
    like = any(isinstance(v, str) and isinstance(table.typed(v), Decimal) for v in values)
    return not like and any(isinstance(v, Decimal) and v for v in values)


def _sections(document: Document) -> list[str]:
    """The sections of the one file, if they can be told apart and named."""
    names = [u.text for u in units_of_kind(document, SECTION)]
    plain = len(document.files) == 1 and sayable(*document.files, *names)
    return names if plain and len(set(names)) == len(names) else []


def _beside(document: Document, what: str, suffix: str = "") -> str | None:
    """The name of another file beside the one there is."""
    if len(document.files) != 1:
        return None
    (file,) = document.files
    path = PurePosixPath(file)
    target = f"{slug(path.stem)[:30]}_{what[:20]}{suffix or path.suffix or '.conf'}"
    target = target if plain_name(target) else f"{what[:20]}{suffix or '.conf'}"
    return target if sayable(file, target) and file != target else None


PLANNERS: tuple[Planner, ...] = (
    plan_sort, plan_move, plan_extract, plan_tabulate, plan_rename, plan_substitute, plan_scale,
    compose("tidy", plan_sort, plan_rename),
    compose("publish", plan_rename, plan_substitute, plan_tabulate),
)  # fmt: skip
