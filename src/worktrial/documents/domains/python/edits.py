"""The edits of modules: what is planned where."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from worktrial.documents import programs, wording
from worktrial.documents.domains.python import verbs
from worktrial.documents.domains.python.format import CONSTANT, FUNCTION, IDENTIFIER, METHOD
from worktrial.documents.domains.python.fresh import SYNONYMS
from worktrial.documents.edits import Edit, Kind, Planner, Verb, compose, edit, sayable
from worktrial.documents.unit import Document

_UNITS = {
    "SECONDS": ("MILLISECONDS", "1000"),
    "HOURS": ("MINUTES", "60"),
    "KM": ("METRES", "1000"),
    "KG": ("GRAMS", "1000"),
    "EUR": ("CENTS", "100"),
}


def _names(document: Document, kind: str) -> list[str]:
    return programs.text_values((u for u in document.units() if u.kind == kind), "name")


def _free(document: Document, *names: str) -> bool:
    """Whether new names can be given: sayable, distinct, and used nowhere yet."""
    distinct = len(set(names)) == len(names)
    return sayable(*names) and distinct and not wording.used_words(document) & set(names)


def _module(document: Document) -> str | None:
    """The one module of a document that nothing else can collide with."""
    names = [name for name in document.files if name.endswith(".py")]
    return names[0] if len(document.files) == 1 and names else None


def _exact(document: Document, planned: Edit) -> Edit | None:
    """An edit that restores the document, or nothing where the module is not arranged for it."""
    return planned if planned.backward(planned.forward(document)) == document else None


def plan_alphabetical(document: Document, _: Random) -> Edit | None:
    """Sort the functions; their old places ride along."""
    names = _names(document, FUNCTION)
    numbered = any(verbs.ORDER in u.fields for u in document.units())
    if names == sorted(names) or numbered:
        return None
    forward, backward = [verbs.NUMBER(), verbs.ALPHABETICAL()], [verbs.IN_ORDER(), verbs.UNNUMBER()]
    return edit("alphabetical", "sort", forward, backward)


def plan_by_area(document: Document, _: Random) -> Edit | None:
    """A module for every area."""
    file = _module(document)
    functions = [u for u in document.units() if u.kind == FUNCTION]
    areas = sorted(programs.text_values(functions, verbs.AREA))
    numbered = any(verbs.ORDER in u.fields for u in functions)
    if file is None or numbered or not 2 <= len(areas) <= 6:
        return None
    places = {area: f"{area}.py" for area in areas}
    if file in places.values() or not all(IDENTIFIER.fullmatch(area) for area in areas):
        return None
    merge = verbs.MERGE(file=file, places=tuple(places.values()))
    forward = [verbs.NUMBER(), verbs.SPLIT(file=file, places=places)]
    backward = [merge, verbs.IN_ORDER(), verbs.UNNUMBER()]
    return _exact(document, edit("by_area", "split", forward, backward))


def _renaming(
    name: str, kind: Kind, document: Document, rng: Random, new: Mapping[str, str]
) -> Edit | None:
    chosen = rng.sample(list(new), min(len(new), rng.randint(3, 8)))
    names = {old: new[old] for old in chosen}
    if not names or not sayable(*names) or not _free(document, *names.values()):
        return None
    forward, backward = verbs.RENAME(names=names), verbs.RENAME(names=programs.inverse(names))
    return edit(name, kind, [forward], [backward])


def plan_function_names(document: Document, rng: Random) -> Edit | None:
    """Functions get clearer verbs."""
    new = {
        name: f"{SYNONYMS[verb]}_{rest}"
        for name in _names(document, FUNCTION)
        for verb, _, rest in [name.partition("_")]
        if verb in SYNONYMS and rest
    }
    return _renaming("rename_functions", "rename", document, rng, new)


def plan_restyled(document: Document, rng: Random) -> Edit | None:
    """Names of any kind in the other style: `read_all` and `readAll`, a lone word with a bar."""
    kinds = (FUNCTION, METHOD, CONSTANT)
    known = dict.fromkeys(name for kind in kinds for name in _names(document, kind))
    dunder = re.compile(r"__\w*__|_+")
    plain = [name for name in known if not dunder.fullmatch(name) and sayable(name)]
    new = {name: _restyled(name) for name in plain}
    used = wording.used_words(document)
    free = {old: name for old, name in new.items() if name not in used}
    return _renaming("restyle", "rename", document, rng, free)


def _restyled(name: str) -> str:
    words = name.strip("_").split("_")
    if len(words) == 1:
        return f"{name}_"
    inner = words[0] + "".join(word.capitalize() for word in words[1:])
    return name.replace(name.strip("_"), inner)


def plan_constant_names(document: Document, rng: Random) -> Edit | None:
    """Constants from upper case to a private lower-case style."""
    new = {n: f"_{n.lower()}" for n in _names(document, CONSTANT) if n.isupper() and n[0] != "_"}
    return _renaming("restyle_constants", "normalise", document, rng, new)


def plan_units(document: Document, rng: Random) -> Edit | None:
    """Constants in smaller units, under names that say so."""
    numeric = [
        str(u.fields["name"])
        for u in document.units()
        if u.kind == CONSTANT and isinstance(u.fields.get("value"), Decimal)
    ]
    suffixes = [s for s in _UNITS if any(n.endswith(f"_{s}") for n in numeric)]
    if not suffixes:
        return None
    suffix = rng.choice(suffixes)
    smaller, factor = _UNITS[suffix]
    old = list(dict.fromkeys(n for n in numeric if n.endswith(f"_{suffix}")))[:8]
    new = {name: f"{name.removesuffix(suffix)}{smaller}" for name in old}
    if not _free(document, *new.values()):
        return None
    forward = [verbs.MULTIPLY(names=old, factor=factor), verbs.RENAME(names=new)]
    restored = verbs.RENAME(names=programs.inverse(new))
    backward = [restored, verbs.DIVIDE(names=old, factor=factor)]
    return edit("change_units", "scale", forward, backward)


def _to_file(document: Document, name: str, target: str, out: Verb, back: Verb) -> Edit | None:
    """Something to a file of its own, if there is any of it."""
    file = _module(document)
    if file is None or file == target:
        return None
    forward, backward = out(file=file, target=target), back(file=file, source=target)
    planned = edit(name, "extract", [forward], [backward])
    return _exact(document, planned) if planned.forward(document).files[target] else None


def plan_constants_module(document: Document, _: Random) -> Edit | None:
    """Constants to a module of their own."""
    out, back = verbs.TO_CONSTANTS, verbs.FROM_CONSTANTS
    return _to_file(document, "constants_module", "constants.py", out, back)


def plan_docs_file(document: Document, _: Random) -> Edit | None:
    """Docstrings to a file for the translators."""
    names = [u.fields["name"] for u in document.units() if u.kind == FUNCTION]
    if len(set(names)) < len(names):
        return None
    return _to_file(document, "docs_file", "docstrings.json", verbs.TO_DOCS, verbs.FROM_DOCS)


PLANNERS: Sequence[Planner] = (
    plan_alphabetical, plan_by_area, plan_function_names, plan_constant_names, plan_units,
    plan_constants_module, plan_docs_file,
    compose("tidy_up", plan_function_names, plan_alphabetical),
    compose("break_up", plan_units, plan_by_area),
    compose("package", plan_constant_names, plan_docs_file, plan_alphabetical),
)  # fmt: skip
OWN_PLANNERS: Sequence[Planner] = (
    plan_restyled,
    compose("tidy_names", plan_restyled, plan_alphabetical),
    compose("document_names", plan_restyled, plan_docs_file),
)
