"""What can be done to modules, and the sentences that say it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from worktrial.documents import programs
from worktrial.documents.domains.python.format import CLASS, CONSTANT, FUNCTION
from worktrial.documents.edits import Verb
from worktrial.documents.unit import Document, Unit, Value

ORDER = "order"
AREA = "area"
_DOCSTRING = re.compile(r'(\n {4}"""((?:[^"\\]|\\.)*)""")(?=\n|$)')


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename identifiers wherever they stand as whole words."""
    if not names:
        return document
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")

    def new(value: Value) -> Value:
        return pattern.sub(lambda m: names[m[0]], value) if isinstance(value, str) else value

    def renamed(unit: Unit) -> Unit:
        fields = {name: new(value) for name, value in unit.fields.items()}
        text = str(new(unit.text))
        same = text == unit.text and fields == unit.fields
        return unit if same else replace(unit, fields=fields, text=text, layout=None)

    return _in_modules(document, renamed)


def _in_modules(document: Document, change: Callable[[Unit], Unit]) -> Document:
    return Document(
        {
            name: tuple(map(change, units)) if name.endswith(".py") else units
            for name, units in document.files.items()
        }
    )


def convert(
    document: Document, *, names: Sequence[str], factor: str, multiply: bool = True
) -> Document:
    """Multiply the values of some constants, or divide them."""
    program = programs.multiply if multiply else programs.divide

    def converted(unit: Unit) -> Unit:
        if unit.kind != CONSTANT or unit.fields.get("name") not in names:
            return unit
        alone = Document({"": (unit,)})
        return program(alone, kind=CONSTANT, field="value", factor=factor).files[""][0]

    return _in_modules(document, converted)


def move_constants(document: Document, *, file: str, target: str) -> Document:
    """Move the constants of a module into one of their own."""
    units = document.files.get(file, ())
    rest = [u for u in units if u.kind != CONSTANT]
    constants = [u for u in units if u.kind == CONSTANT]
    return document.replacing(file, rest).replacing(target, constants)


def return_constants(document: Document, *, file: str, source: str) -> Document:
    """Put constants above the first function or class of a module."""
    units = document.files.get(file, ())
    kinds = [u.kind for u in units]
    at = next((i for i, kind in enumerate(kinds) if kind in (FUNCTION, CLASS)), len(units))
    moved = [u for u in document.files.get(source, ()) if u.kind == CONSTANT]
    return document.replacing(source, None).replacing(file, [*units[:at], *moved, *units[at:]])


def extract_docs(document: Document, *, file: str, target: str) -> Document:
    """Move docstrings into a JSON array, by function."""
    rows: list[Unit] = []

    def bare(unit: Unit) -> Unit:
        found = _DOCSTRING.search(unit.text) if unit.kind == FUNCTION else None
        if found is None or found.start() != _signature_end(unit.text):
            return unit
        rows.append(Unit("[]", {"function": unit.fields["name"], "docstring": found[2]}))
        text = unit.text[: found.start()] + unit.text[found.end() :]
        return replace(unit, text=text, layout=None)

    units = [bare(u) for u in document.files.get(file, ())]
    return document.replacing(file, units).replacing(target, rows)


def return_docs(document: Document, *, file: str, source: str) -> Document:
    """Make each docstring the first statement of its function again."""
    rows = document.files.get(source, ())
    known = {u.fields.get("function"): u.fields.get("docstring") for u in rows}

    def described(unit: Unit) -> Unit:
        docs = known.get(unit.fields.get("name")) if unit.kind == FUNCTION else None
        if not isinstance(docs, str):
            return unit
        at = _signature_end(unit.text)
        text = f'{unit.text[:at]}\n    """{docs}"""{unit.text[at:]}'
        return replace(unit, text=text, layout=None)

    units = [described(u) for u in document.files.get(file, ())]
    return document.replacing(source, None).replacing(file, units)


def _signature_end(text: str) -> int:
    """Where the signature's line ends, the first that is no remark."""
    at = 0
    while text[at : at + 1] in ("#", "@") and "\n" in text[at:]:
        at = text.index("\n", at) + 1
    end = text.find("\n", at)
    return len(text) if end < 0 else end


NUMBER = Verb(
    "Put a comment line of the form `# order: n` directly above the `def` (and any decorators) of "
    "every top-level function, where n counts the functions from 1 in their present order, over "
    "all modules.",
    partial(programs.number, kind=FUNCTION, field=ORDER),
)
ALPHABETICAL = Verb(
    "Put the top-level functions of each module into alphabetical order of their names; comments "
    "above a function travel with it, and everything that is no top-level function stays where "
    "it is.",
    partial(programs.sort, kind=FUNCTION, field="name"),
)
IN_ORDER = Verb(
    "Put the top-level functions of each module into the order of the numbers in their "
    "`# order: n` comments, smallest first; everything else stays where it is.",
    partial(programs.sort, kind=FUNCTION, field=ORDER),
)
UNNUMBER = Verb(
    "Delete the `# order: n` comment above every function.",
    partial(programs.drop, kind=FUNCTION, field=ORDER),
)
SPLIT = Verb(
    "Move the top-level functions of {file} into modules by the `# area:` comment above them, in "
    "their present order and with all their comments: {**places}. Write no imports into the new "
    "modules and change nothing else; functions of any other area stay.",
    partial(programs.split, kind=FUNCTION, field=AREA),
)
MERGE = Verb(
    "Append the functions of {*places} to the end of {file}, module by module in that order, with "
    "their comments, and delete the modules they came from.",
    partial(programs.merge, kind=FUNCTION),
)
RENAME = Verb(
    "Rename these identifiers in every module, wherever they occur as whole words, comments and "
    "strings included: {**names}.",
    rename,
)
MULTIPLY = Verb(
    "Multiply the values assigned to the constants {*names} by {factor}, as plain numbers.", convert
)
DIVIDE = Verb(
    "Divide the values assigned to the constants {*names} by {factor}, as plain numbers.",
    partial(convert, multiply=False),
)
TO_CONSTANTS = Verb(
    "Move all module-level constants of {file}, with their comments and in their order, into a new "
    "module {target} that holds nothing else. Add no imports.",
    move_constants,
)
FROM_CONSTANTS = Verb(
    "Move all constants of {source}, with their comments and in their order, into {file}, right "
    "above its first function or class, and delete {source}.",
    return_constants,
)
TO_DOCS = Verb(
    "Take the docstrings out of the top-level functions of {file} and write them to {target}: a "
    "JSON array with an object for every function that had one, in order, with the keys `function` "
    "(its name) and `docstring` (the text between the triple quotes, exactly as it stands).",
    extract_docs,
)
FROM_DOCS = Verb(
    "Give the top-level functions of {file} the docstrings from {source}, matched by the keys "
    "`function` and `docstring`: each between triple double quotes, as the first statement of its "
    "function. Then delete {source}.",
    return_docs,
)
VERBS: Sequence[Verb] = (
    NUMBER, ALPHABETICAL, IN_ORDER, UNNUMBER, SPLIT, MERGE, RENAME, MULTIPLY, DIVIDE,
    TO_CONSTANTS, FROM_CONSTANTS, TO_DOCS, FROM_DOCS,
)  # fmt: skip
