"""Reversible changes, planned where they fit."""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

from worktrial.documents import programs, table
from worktrial.documents.domains.infra.format import BLOCK, HCL, HEADER, NAME, TYPE, WORD
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Unit

RECORDS = keyed_verbs(
    BLOCK,
    one="top-level block",
    many="top-level blocks",
    a_field="attribute",
    key=NAME,
    text="Values stand in the table as in HCL, text in its double quotes.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=BLOCK,
    keys=(NAME,),
    sortable=(NAME,),
    scalable={"memory": "1024", "timeout": "1000"},
    shiftable={"port": ("1000", "2000")},
    category=TYPE,
    removable=("description", "owner"),
    extension=".tf",
    plural="blocks",
)
_REFERENCE = re.compile(r"(?:[a-z]\w{0,80}\.){1,4}[a-z]\w{0,80}")
_QUOTED = re.compile(r'"\$\{((?:[a-z]\w{0,80}\.){1,4}[a-z]\w{0,80})\}"')
_SIMPLE = re.compile(r"[a-z]\w{0,60}")


def _values(document: Document, change: Callable[[str, str], str]) -> Document:
    """Change the values of attributes by their name and text."""

    def changed(unit: Unit) -> Unit:
        new = {
            n: change(n, v) if isinstance(v, str) and n not in HEADER else v
            for n, v in unit.fields.items()
        }
        return programs.with_fields(unit, new)

    return programs.each(document, BLOCK, changed)


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename blocks, and all references to them."""
    pattern = re.compile(r"(?<![\w.-])([a-z]\w{0,80}\.([a-z]\w{0,80}))(?![\w-])")

    def referred(_: str, value: str) -> str:
        return pattern.sub(lambda found: names.get(found[1], found[1]), value)

    def named(unit: Unit) -> Unit:
        kind, _, name = names.get(address(unit), "").rpartition(".")
        return programs.with_fields(unit, {**unit.fields, NAME: name}) if kind else unit

    return _values(programs.each(document, BLOCK, named), referred)


def address(unit: Unit) -> str:
    """How other blocks refer to a block."""
    kind, name = (table.written(unit.fields.get(n)) for n in (TYPE, NAME))
    first = {"variable": "var", "resource": kind, "data": f"data.{kind}"}
    return f"{first.get(table.written(unit.fields.get(WORD)), '')}.{name}"


def parametrise(
    document: Document, *, file: str, attribute: str, value: str, name: str
) -> Document:
    """Take the value of an attribute from a variable."""
    new = _values(document, lambda n, v: f"var.{name}" if (n, v) == (attribute, value) else v)
    block = Unit(BLOCK, {WORD: "variable", NAME: name, "default": value}, key=NAME)
    return new.replacing(file, [*new.files[file], block]) if file in new.files else new


def inline(document: Document, *, file: str, attribute: str, value: str, name: str) -> Document:
    """Write the value of a variable where it is used, and remove the variable."""
    kept = [
        u
        for u in document.files.get(file, ())
        if (u.fields.get(WORD), u.fields.get(NAME)) != ("variable", name)
    ]
    new = document.replacing(file, kept) if file in document.files else document
    return _values(new, lambda n, v: value if (n, v) == (attribute, f"var.{name}") else v)


def renumber(document: Document, *, old: str, new: str) -> Document:
    """Move addresses to another network."""
    return _values(document, lambda _, value: value.replace(f'"{old}', f'"{new}'))


def quote(document: Document) -> Document:
    """Write references as interpolations."""
    return _values(document, lambda _, v: f'"${{{v}}}"' if _REFERENCE.fullmatch(v) else v)


def bare(document: Document) -> Document:
    """Write interpolations of one reference as the reference."""
    return _values(document, lambda _, v: found[1] if (found := _QUOTED.fullmatch(v)) else v)


RENAME = Verb(
    "Rename these blocks, in their first line and wherever a value refers to them: {**names}.",
    rename,
)
PARAMETRISE = Verb(
    "Where a block of {file} has the attribute {attribute} with the value {value}, take the value "
    "from a new variable {name}, and declare that at the end of the file, with this value as "
    "`default` and nothing else.",
    parametrise,
)
INLINE = Verb(
    "The variable {name} of {file} goes: remove its block, and where the attribute {attribute} "
    "takes its value from it, write {value}.",
    inline,
)
RENUMBER = Verb(
    "In quoted values that begin with {old}, replace this beginning by {new}.", renumber
)
QUOTE = Verb(
    "Where the whole value of an attribute is a reference with dots, such as `var.region`, write "
    "it in the old way: in quotes, with a dollar sign and braces around the reference.",
    quote,
)
BARE = Verb(
    "Where the whole value of an attribute is a quoted string that holds just one reference with "
    "dots, with a dollar sign and braces around it, write the reference alone, such as "
    "`var.region`.",
    bare,
)


def names(document: Document, rng: Random) -> Edit | None:
    """Other names for blocks."""
    known = [a for u in EDITS.records(document) if _REFERENCE.fullmatch(a := address(u))]
    old = [a for a in known if a.count(".") == 1 and known.count(a) == 1]
    new = {a: f"{a}_{word}" for a, word in zip(_some(rng, old, 4), "abcd", strict=False)}
    text = HCL.render(list(document.units()))
    if not new or any(re.search(rf"\b{re.escape(n)}\b", text) for n in _bare_names(new)):
        return None
    back = programs.inverse(new)
    return edit("names", "rename", [RENAME(names=new)], [RENAME(names=back)])


def _some(rng: Random, found: Sequence[str], most: int) -> list[str]:
    return rng.sample(list(found), min(most, len(found)))


def _bare_names(new: Mapping[str, str]) -> list[str]:
    return [name.rpartition(".")[2] for name in new.values()]


def variable(document: Document, rng: Random) -> Edit | None:
    """A value that blocks share, as a variable."""
    file, units = next(iter(document.files.items()), ("", ()))
    # A variable cannot take its own values from another.
    fixed = {n for u in units if u.fields.get(WORD) == "variable" for n in u.fields}
    told = [(n, v) for u in units for n, v in u.fields.items()
            if isinstance(v, str) and n not in fixed]  # fmt: skip
    found = [
        (n, v) for n, v in dict.fromkeys(told)
        if _SIMPLE.fullmatch(n) and v.startswith('"') and told.count((n, v)) > 1 and sayable(v)
    ]  # fmt: skip
    if len(document.files) != 1 or not found or not sayable(file):
        return None
    attribute, value = rng.choice(found)
    name = f"shared_{attribute}"
    if re.search(rf"\b{name}\b", HCL.render(units)):
        return None
    said = {"file": file, "attribute": attribute, "value": value, "name": name}
    return edit("variable", "normalise", [PARAMETRISE(**said)], [INLINE(**said)])


def network(document: Document, rng: Random) -> Edit | None:
    """Addresses of another network."""
    values = [v for u in document.units() for v in u.fields.values() if isinstance(v, str)]
    found = sorted({f"{p}." for v in values for p in re.findall(r'"(\d{1,3}\.\d{1,3})\.\d', v)})
    new = f"10.{rng.randint(200, 250)}."
    if not found or any(f'"{new}' in v for v in values):
        return None
    old = rng.choice(found)
    return edit("network", "renumber", [RENUMBER(old=old, new=new)], [RENUMBER(old=new, new=old)])


def interpolation(document: Document, _: Random) -> Edit | None:
    """References in the old way."""
    values = [v for u in document.units() for n, v in u.fields.items()
              if isinstance(v, str) and n not in HEADER]  # fmt: skip
    if any(map(_QUOTED.fullmatch, values)) or not any(map(_REFERENCE.fullmatch, values)):
        return None
    return edit("interpolation", "convert", [QUOTE()], [BARE()])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), names, variable, network, interpolation,
    compose("move", network, names, EDITS.sort),
    compose("handover", EDITS.shift, interpolation, EDITS.extract),
)  # fmt: skip
