"""Edits of any JSON whatever its keys are: for documents that are not like our own fresh ones."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random

from worktrial.documents import programs
from worktrial.documents.domains.json import verbs
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.unit import Document, Unit, Value

_STEP = re.compile(r"(?:(?<=\.)|^)(\w+)(?=$|\.|\[\]|\{\})")
_WHOLE = "$"
"""How the list that a file itself is goes by."""
_RANK = "position"
_FACTOR = "100"
_MOST = 5


# --- programs ----------------------------------------------------------------------------------


def rename_keys(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename keys at any depth."""

    def renamed(path: str) -> str:
        return _STEP.sub(lambda step: names.get(step[1], step[1]), path)

    def change(unit: Unit) -> Unit:
        fields = {renamed(n): v for n, v in unit.fields.items()}
        return replace(unit, kind=renamed(unit.kind), fields=fields, layout=None)

    return programs.in_each_file(document, partial(map, change))


def recode_values(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Replace texts that are values, as wholes."""
    return _values(document, lambda _, v: legend.get(v, v) if isinstance(v, str) else v)


def multiply(document: Document, *, field: str, factor: str) -> Document:
    """Multiply the numbers under a key."""
    return _numbers(document, field, lambda v: v * Decimal(factor))


def divide(document: Document, *, field: str, factor: str) -> Document:
    """Divide the numbers under a key."""
    return _numbers(document, field, lambda v: v / Decimal(factor))


def _numbers(document: Document, field: str, change: Callable[[Decimal], Decimal]) -> Document:
    def changed(path: str, value: Value) -> Value:
        if not isinstance(value, Decimal) or _last(path) != field:
            return value
        try:
            return programs.plain(change(value))
        except ArithmeticError:
            return value

    return _values(document, changed)


def _values(document: Document, change: Callable[[str, Value], Value]) -> Document:
    def changed(unit: Unit) -> Unit:
        return programs.with_fields(unit, {n: change(n, v) for n, v in unit.fields.items()})

    return programs.in_each_file(document, partial(map, changed))


def _last(path: str) -> str:
    found = re.search(r"(?:\.|^)(\w+)$", path)
    return found[1] if found else ""


def _kind(items: str) -> str:
    return "[]" if items == _WHOLE else f"{items}[]"


def number(document: Document, *, items: str, field: str) -> Document:
    """Number the objects of a list."""
    return programs.number(document, kind=_kind(items), field=field)


def drop(document: Document, *, items: str, field: str) -> Document:
    """Take a key from the objects of a list."""
    return programs.drop(document, kind=_kind(items), field=field)


def sort(document: Document, *, items: str, field: str, descending: bool = False) -> Document:
    """Sort the objects of a list."""
    return programs.sort(document, kind=_kind(items), field=field, descending=descending)


# --- verbs -------------------------------------------------------------------------------------

RENAME = Verb("Rename these keys wherever they occur, at any depth: {**names}.", rename_keys)
RECODE = Verb(
    "Replace every value that is, as a whole, one of these texts: {**legend}.", recode_values
)
MULTIPLY = Verb(
    "Multiply every number that is the value of a key {field}, at any depth, by {factor}.", multiply
)
DIVIDE = Verb(
    "Divide every number that is the value of a key {field}, at any depth, by {factor}.", divide
)
NUMBER = Verb(
    "Give every object of the list {items} (`$` is a file that is a list) a new key {field} that "
    "numbers the objects from 1 in their present order.",
    number,
)
DROP = Verb(
    "Delete the key {field} from every object of the list {items} (`$` is a file that is a list).",
    drop,
)
ASCENDING = Verb(
    "Sort the objects of the list {items} (`$` is a file that is a list) by {field}, smallest "
    "first; ties keep their order.",
    sort,
)
DESCENDING = Verb(
    "Sort the objects of the list {items} (`$` is a file that is a list) by {field}, largest "
    "first; ties keep their order.",
    partial(sort, descending=True),
)
VERBS: Sequence[Verb] = (
    RENAME, RECODE, MULTIPLY, DIVIDE, NUMBER, DROP, ASCENDING, DESCENDING,
)  # fmt: skip


# --- planners ----------------------------------------------------------------------------------


def plan_rename(document: Document, rng: Random) -> Edit | None:
    """Some keys in another style."""
    paths = [path for unit in document.units() for path in (unit.kind, *unit.fields)]
    known = sorted({key for path in paths for key in _STEP.findall(path)})
    styled = {key: _restyled(key) for key in known}
    free = [old for old, new in styled.items() if new not in known and sayable(old, new)]
    chosen = rng.sample(free, min(len(free), _MOST))
    names = {old: styled[old] for old in chosen}
    if not names or len(set(names.values())) < len(names):
        return None
    back = RENAME(names=programs.inverse(names))
    return edit("rename", "rename", [RENAME(names=names)], [back])


def _restyled(key: str) -> str:
    """Snake case from camel case, camel case from snake case, a word with the other initial."""
    if "_" in key.strip("_"):
        first, *rest = key.split("_")
        return first + "".join(word[:1].upper() + word[1:] for word in rest)
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()
    return snake if snake != key else key[:1].upper() + key[1:]


def plan_recode(document: Document, rng: Random) -> Edit | None:
    """Some texts as codes."""
    texts = Counter(v for v in _all(document) if isinstance(v, str) and len(v) > 1)
    frequent = [text for text, _ in texts.most_common(4 * _MOST) if sayable(text)]
    old = rng.sample(frequent, min(len(frequent), _MOST))
    legend = {text: f"V{at}" for at, text in enumerate(old, 1)}
    if not legend or texts.keys() & set(legend.values()):
        return None
    back = RECODE(legend=programs.inverse(legend))
    return edit("recode", "substitute", [RECODE(legend=legend)], [back])


def plan_scale(document: Document, rng: Random) -> Edit | None:
    """A number in a smaller unit."""
    fields = (item for unit in document.units() for item in unit.fields.items())
    # Scaled zeros are zeros.
    keys = sorted({_last(path) for path, v in fields if isinstance(v, Decimal) and v} - {""})
    if not keys:
        return None
    said = {"field": rng.choice(keys), "factor": _FACTOR}
    return edit("scale", "scale", [MULTIPLY(**said)], [DIVIDE(**said)])


def plan_convert(document: Document, _: Random) -> Edit | None:
    """JSON to YAML, YAML to JSON."""
    (file,) = document.files if len(document.files) == 1 else ("",)
    stem, _dot, extension = file.rpartition(".")
    is_json = extension.lower() in ("json", "geojson")
    target = f"{stem}.{'yaml' if is_json else 'json'}"
    if not stem or not sayable(file, target):
        return None
    there, back = (verbs.REWRITE_YAML, verbs.REWRITE_JSON)[:: 1 if is_json else -1]
    forward, backward = there(file=file, target=target), back(file=target, target=file)
    return edit("convert", "convert", [forward], [backward])


def plan_sort(document: Document, rng: Random) -> Edit | None:
    """The longest list in another order; the old one rides along."""
    entries = _longest(document)
    names = [n for n in _shared(entries) if len({e.fields[n] for e in entries}) > 1]
    if not names or any(_RANK in e.fields for e in entries):
        return None
    items = entries[0].kind.removesuffix("[]") or _WHOLE
    field, by = rng.choice(names), rng.choice((ASCENDING, DESCENDING))
    if not sayable(items, field):
        return None
    forward = [NUMBER(items=items, field=_RANK), by(items=items, field=field)]
    backward = [ASCENDING(items=items, field=_RANK), DROP(items=items, field=_RANK)]
    return edit("sort", "sort", forward, backward)


def _longest(document: Document) -> list[Unit]:
    """The objects of the longest list that holds no other lists."""
    kinds = Counter(u.kind for u in document.units() if u.kind.endswith("[]"))
    flat = [k for k in kinds if not any(o.startswith((f"{k}.", f"{k}[")) for o in kinds)]
    kind = max(flat, key=lambda k: kinds[k], default="")
    entries = [u for u in document.units() if u.kind == kind]
    return entries if len(entries) > 1 and len(document.files) == 1 else []


def _shared(entries: Sequence[Unit]) -> Iterator[str]:
    """Keys of every object whose values can be compared: all numbers or all texts."""
    for name in entries[0].fields if entries else ():
        kinds = {type(e.fields.get(name)) for e in entries}
        if kinds in ({Decimal}, {str}) and re.fullmatch(r"[\w.]+", name):
            yield name


def _all(document: Document) -> Iterable[Value]:
    return (value for unit in document.units() for value in unit.fields.values())


PLANNERS: Sequence[Planner] = (
    plan_rename, plan_recode, plan_scale, plan_convert, plan_sort,
    compose("republish", plan_rename, plan_recode, plan_convert),
    compose("restate", plan_scale, plan_sort),
)  # fmt: skip
