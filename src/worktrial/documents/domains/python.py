"""Python modules: functions with their areas, constants with their units, classes, comments.

Read statically, never run. A unit is a top-level definition or statement, or a member of a class;
spacing between tokens, blank lines and line ends mean nothing, strings keep their inner spaces.
The scanner is our own: `tokenize` gives up at the first broken place, and splits f-strings
differently from one version of Python to the next.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from keyword import kwlist
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.jsontext import JSON
from worktrial.documents.table import typed, written
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

FUNCTION = "function"
CONSTANT = "constant"
IMPORT = "import"
CLASS = "class"
METHOD = "method"
ATTRIBUTE = "attribute"
DOCSTRING = "docstring"
STATEMENT = "statement"
_MEMBERS = (METHOD, ATTRIBUTE)
_OWN_FIELDS = {"name", "value", "type", "note", "comment"}

_TOKEN = re.compile(
    r"""(?P<string>[rRbBuUfFtT]{0,2}(?:\"{3}|'{3}|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'))
    |(?P<comment>\#[^\n]*)
    |(?P<number>0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?)
    |(?P<word>\w+)
    |(?P<newline>\n)
    |(?P<space>(?:[^\S\n]|\ufeff|\\\n)+)
    |(?P<operator>\*\*=|//=|>>=|<<=|\.\.\.|!=|:=|->|\*\*|//|>>|<<|[-+*/%@&|^=<>]=|[-+*/%@&|^=<>~.,:;])
    |(?P<bracket>[()\[\]{}])
    |(?P<broken>[\s\S])""",
    re.VERBOSE,
)
_STRING_ENDS = {
    '"""': re.compile(r'(?:[^"\\]|\\[\s\S]|"(?!""))*"""'),
    "'''": re.compile(r"(?:[^'\\]|\\[\s\S]|'(?!''))*'''"),
}
_FRESH = re.compile(r"\n(?=(?:def|class|async def|import|from) \w|@\w|[A-Z_]+ = )")
"""Where, in a file that does not scan, a new statement surely begins."""
_META = re.compile(r"# ([a-z_]+): (\S(?:.{0,58}\S)?)")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_STRING = re.compile(r"[a-zA-Z]{0,2}[\"']")
_CONTINUES = {"else", "elif", "except", "finally"}
_KEYWORDS = frozenset(kwlist) - {"None", "True", "False"}
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


# --- scanning ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """A logical line: how deep it stands, its tokens, and where in the text it is."""

    level: int
    start: int
    end: int = 0
    tokens: list[str] = field(default_factory=list)
    broken: bool = False

    @property
    def is_comment(self) -> bool:
        return self.tokens[0][0] == "#"

    @property
    def head(self) -> str:
        """The first word that says what the line is."""
        return self.tokens[1] if self.tokens[0] == "async" and self.tokens[1:] else self.tokens[0]


class _Scanner:
    """Cuts text into logical lines, in time linear in its length.

    A wary scanner lets no string or bracket run past the sure beginning of another statement.
    """

    def __init__(self, text: str, *, wary: bool) -> None:
        self.text = text
        self.sound = True
        self._limits = [m.start() for m in _FRESH.finditer(text)] if wary else []
        self._limits.append(len(text))
        self._limit = 0
        self._unclosed: set[tuple[str, int]] = set()
        self._columns = [0]
        self._owed: list[str] = []
        self._line: _Line | None = None
        self._opened = False

    def lines(self) -> list[_Line]:
        """Every logical line; a line of comment alone is one too."""
        found: list[_Line] = []
        at, size = 0, len(self.text)
        while at < size:
            at = self._token(at, found)
        self._finish(found)
        return found

    def _token(self, at: int, found: list[_Line]) -> int:
        match = _TOKEN.match(self.text, at)
        assert match is not None  # noqa: S101 - the last alternative takes any character
        kind, token, end = match.lastgroup, match[0], match.end()
        if kind == "space":
            return end
        if kind == "newline":
            if not self._owed or at >= self._reach(at):
                self._finish(found)
            return end
        if kind == "string" and token[-3:] in _STRING_ENDS and len(token.lstrip("rRbBuUfFtT")) == 3:
            end = self._string_end(token[-3:], end)
        if self._line is None:
            self._line = self._begin(at, comment=kind == "comment")
        piece = self.text[at:end]
        self._append(kind or "", piece.rstrip() if kind == "comment" else piece)
        self._line.end = end
        return end

    def _reach(self, at: int) -> int:
        while self._limits[self._limit] < at:
            self._limit += 1
        return self._limits[self._limit]

    def _string_end(self, quotes: str, start: int) -> int:
        """Where a long string ends; one that does not is broken, up to the end of its line."""
        reach = self._reach(start)
        if (quotes, reach) not in self._unclosed:
            closed = _STRING_ENDS[quotes].match(self.text, start, reach)
            if closed:
                return closed.end()
            self._unclosed.add((quotes, reach))
        self._broken()
        line_end = self.text.find("\n", start)
        return len(self.text) if line_end < 0 else line_end

    def _begin(self, at: int, *, comment: bool) -> _Line:
        start = self.text.rfind("\n", 0, at) + 1
        column = len(self.text[start:at].expandtabs())
        if not comment:
            while self._columns[-1] > column:
                self._columns.pop()
        if column > self._columns[-1] and (self._opened or not comment):
            self._columns.append(column)
        return _Line(bisect_right(self._columns, column) - 1, start)

    def _append(self, kind: str, token: str) -> None:
        assert self._line is not None  # noqa: S101
        self._line.tokens.append(token)
        if token in _CLOSERS:
            self._owed.append(_CLOSERS[token])
        elif kind == "bracket":
            if not self._owed or self._owed.pop() != token:
                self._broken()
        elif kind == "broken":
            self._broken()
        self._line.broken = self._line.broken or kind == "broken"

    def _broken(self) -> None:
        self.sound = False
        if self._line:
            self._line.broken = True

    def _finish(self, found: list[_Line]) -> None:
        line, self._line = self._line, None
        if self._owed:
            self.sound = False
            self._owed = []
            if line:
                line.broken = True
        if line:
            found.append(line)
            if not line.is_comment:
                self._opened = ":" in line.tokens[-2:]


def _scan(text: str) -> list[_Line]:
    scanner = _Scanner(text, wary=False)
    lines = scanner.lines()
    return lines if scanner.sound else _Scanner(text, wary=True).lines()


# --- writing tokens ----------------------------------------------------------------------------


def _joined(tokens: Sequence[str], level: int = 0) -> str:
    """Tokens as people space them; a comment inside brackets ends its line."""
    out: list[str] = []
    brackets: list[str] = []
    before, prefix = "", True
    for token in tokens:
        if before.startswith("#"):
            out.append("\n" + "    " * (level + 1))
        elif out and token[0] == "#":
            out.append("  ")
        elif out and _spaced(before, token, brackets, prefix):
            out.append(" ")
        out.append(token)
        prefix = _is_prefix(before, token)
        if token in _CLOSERS:
            brackets.append(token)
        elif token in (")", "]", "}") and brackets:
            brackets.pop()
        before = token
    return "".join(out)


def _is_prefix(before: str, sign: str) -> bool:
    """Whether a sign binds to what follows it."""
    if sign == "~":
        return True
    if sign not in ("-", "+", "*", "**", "@"):
        return False
    return not before or before in _KEYWORDS or not re.match(r"[\w)\]}\"']", before[-1])


def _spaced(before: str, after: str, brackets: list[str], prefix: bool) -> bool:
    """Whether a space stands between two tokens."""
    inside = brackets[-1] if brackets else ""
    if before in ("(", "[", "{") or after in (")", "]", "}", ",", ";", ":"):
        return False
    if after in ("(", "["):
        return not prefix and not _is_operand(before)
    if "." in (after, before):
        return before in _KEYWORDS or after in _KEYWORDS or before[0].isdigit()
    if "=" in (after, before):
        return inside != "("
    return not (prefix or (before == ":" and inside == "["))


def _is_operand(token: str) -> bool:
    """Whether a bracket after this token calls or indexes it."""
    return token not in _KEYWORDS and (token[-1].isalnum() or token[-1] in "_)]}\"'@")


def _source(lines: Sequence[_Line]) -> str:
    return "\n".join("    " * line.level + _joined(line.tokens, line.level) for line in lines)


# --- units -------------------------------------------------------------------------------------


class PythonFormat(Format):
    """Python source; comments directly above a statement belong to it.

    A comment of the form `# area: billing` above a definition is a field of it.
    """

    def parse(self, text: str) -> list[Unit]:
        """A unit for each top-level statement, and for each member of a class."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return list(_units(text, _scan(text)))

    def render(self, units: Sequence[Unit]) -> str:
        """Blank lines as PEP 8 wants them."""
        parts: list[str] = []
        before: Unit | None = None
        for unit in units:
            parts.append("\n" * _blank_lines(before, unit))
            parts.append(f"{_written(unit) if unit.layout is None else unit.layout}\n")
            before = unit
        return "".join(parts)


PYTHON = PythonFormat()


def _units(text: str, lines: list[_Line]) -> Iterator[Unit]:
    at = 0
    while at < len(lines):
        head = _head(lines, at)
        if lines[at].broken or lines[head].broken:
            unit, end = opaque(text[lines[at].start : lines[at].end]), at + 1
        else:
            end = _end(lines, head)
            unit = _unit(lines[at:end], head - at)
            unit = replace(unit, layout=text[lines[at].start : lines[end - 1].end].rstrip())
        yield unit
        at = end


def _head(lines: list[_Line], at: int) -> int:
    """The line that comments and decorators from `at` on belong to."""
    level, head = lines[at].level, at
    while lines[head].is_comment or lines[head].tokens[0] == "@":
        following = head + 1
        if following == len(lines) or lines[following].level != level or lines[following].broken:
            break
        head = following
    return head


def _end(lines: list[_Line], head: int) -> int:
    """Where the statement that begins at `head` ends; a class ends after its docstring."""
    level, end = lines[head].level, head + 1
    if lines[head].head == "class" and level == 0:
        has_doc = end < len(lines) and lines[end].level > 0 and _is_text(lines[end])
        return end + has_doc
    while end < len(lines) and not lines[end].broken:
        if lines[end].level <= level and not (
            lines[end].level == level and lines[end].tokens[0] in _CONTINUES
        ):
            break
        end += 1
    return end


def _is_text(line: _Line) -> bool:
    return not line.broken and all(_STRING.match(token) for token in line.tokens)


def _unit(lines: list[_Line], at: int) -> Unit:
    head = lines[at]
    if head.head == "def" and _defined(head):
        return _definition(lines, at)
    if head.level:
        return Unit(ATTRIBUTE, text=_source(lines))
    if head.head == "class":
        return Unit(CLASS, text=_source(lines), structural=True)
    if len(lines) == at + 1 and head.tokens[1:] and _IDENTIFIER.fullmatch(head.tokens[0]):
        constant = _constant(lines[:at], head.tokens)
        if constant:
            return constant
    if head.tokens[0] in ("import", "from"):
        return Unit(IMPORT, text=_source(lines))
    return Unit(DOCSTRING if _is_text(head) else STATEMENT, text=_source(lines))


def _defined(head: _Line) -> str:
    """The name that a `def` defines, or nothing."""
    at = head.tokens.index("def") + 1
    found = head.tokens[at] if len(head.tokens) > at else ""
    return found if _IDENTIFIER.fullmatch(found) else ""


def _definition(lines: list[_Line], at: int) -> Unit:
    """A function: its name and remarks as fields, the rest as text, without `def` and the name."""
    meta, rest = _remarks(lines[:at])
    head = lines[at]
    cut = head.tokens.index("def")
    signature = _joined([*head.tokens[:cut], *head.tokens[cut + 2 :]], head.level)
    text = [_source(rest)] if rest else []
    text.append("    " * head.level + signature)
    if lines[at + 1 :]:
        text.append(_source(lines[at + 1 :]))
    fields = {"name": _defined(head), **meta}
    return Unit(METHOD if head.level else FUNCTION, fields, key="name", text="\n".join(text))


def _remarks(lines: Sequence[_Line]) -> tuple[dict[str, Value], list[_Line]]:
    """Comments of the form `# field: value`, and the other lines."""
    meta: dict[str, Value] = {}
    rest: list[_Line] = []
    for line in lines:
        found = _META.fullmatch(line.tokens[0])
        if found and found[1] not in _OWN_FIELDS and found[1] not in meta:
            meta[found[1]] = typed(found[2])
        else:
            rest.append(line)
    return meta, rest


def _constant(above: Sequence[_Line], tokens: list[str]) -> Unit | None:
    """`NAME = value  # note`, with or without a type."""
    meta, rest = _remarks(above)
    equals = tokens.index("=") if "=" in tokens else 0
    if any(not line.is_comment for line in rest) or tokens[1] not in ("=", ":") or not equals:
        return None
    fields: dict[str, Value] = {"name": tokens[0], **meta}
    value, kind = tokens[equals + 1 :], _joined(tokens[2:equals])
    if rest:
        fields["comment"] = _source(rest)
    if kind:
        fields["type"] = kind
    if value and value[-1][0] == "#":
        fields["note"] = value.pop()
    if len(value) == 1 or (len(value) == 2 and value[0] == "-"):
        fields["value"] = typed(re.sub(r"(?<=\d)_(?=\d)", "", "".join(value)))
        return Unit(CONSTANT, fields, key="name")
    return Unit(CONSTANT, fields, key="name", text=_joined(value)) if value else None


def _written(unit: Unit) -> str:
    """A unit as source, from what it says alone."""
    indent = "    " if unit.kind == METHOD else ""
    meta = [
        f"{indent}# {name}: {written(value)}\n"
        for name, value in unit.fields.items()
        if name not in _OWN_FIELDS
    ]
    if unit.kind in (FUNCTION, METHOD):
        return "".join(meta) + _named(unit.text, written(unit.fields.get("name")))
    if unit.kind == CONSTANT:
        return "".join(meta) + _assignment(unit)
    return unit.text


def _named(text: str, name: str) -> str:
    """Put `def` and the name back before the signature, the first line that is no remark."""
    lines = text.split("\n")
    at = next((i for i, line in enumerate(lines) if line.lstrip()[:1] not in ("#", "@")), 0)
    stripped = lines[at].lstrip()
    indent, asynchronous = lines[at][: -len(stripped) or None], stripped.startswith("async")
    signature = stripped.removeprefix("async").lstrip() if asynchronous else stripped
    lines[at] = f"{indent}{'async ' * asynchronous}def {name}{signature}"
    return "\n".join(lines)


def _assignment(unit: Unit) -> str:
    fields = {name: written(value) for name, value in unit.fields.items()}
    comment = f"{fields['comment']}\n" if "comment" in fields else ""
    kind = f": {fields['type']}" if "type" in fields else ""
    note = f"  {fields['note']}" if "note" in fields else ""
    return f"{comment}{fields.get('name', '')}{kind} = {fields.get('value', unit.text)}{note}"


def _blank_lines(before: Unit | None, unit: Unit) -> int:
    if before is None or (before.kind == CLASS and unit.kind in _MEMBERS):
        return 0
    if unit.kind in _MEMBERS and before.kind in _MEMBERS:
        return int(METHOD in (unit.kind, before.kind))
    if {before.kind, unit.kind} & {FUNCTION, CLASS, *_MEMBERS}:
        return 2
    return int(before.kind != unit.kind or unit.kind == DOCSTRING)


# --- edits -------------------------------------------------------------------------------------

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

    return _in_modules(document, lambda units: [renamed(u) for u in units])


def _in_modules(document: Document, change: Callable[[Sequence[Unit]], Sequence[Unit]]) -> Document:
    return Document(
        {
            name: tuple(change(units)) if name.endswith(".py") else units
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

    return _in_modules(document, lambda units: [converted(u) for u in units])


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
        if found is None or not _is_first(unit.text, found.start()):
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


def _is_first(text: str, at: int) -> bool:
    return at == _signature_end(text)


ORDER = "order"
AREA = "area"
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

_UNITS = {
    "SECONDS": ("MILLISECONDS", "1000"),
    "HOURS": ("MINUTES", "60"),
    "KM": ("METRES", "1000"),
    "KG": ("GRAMS", "1000"),
    "EUR": ("CENTS", "100"),
}
_SYNONYMS = {
    "compute": "calculate", "fetch": "load", "check": "validate", "merge": "combine",
    "build": "assemble", "list": "collect", "round": "quantise", "estimate": "forecast",
    "rank": "prioritise", "update": "refresh",
}  # fmt: skip


def _names(document: Document, kind: str) -> list[str]:
    return programs.text_values((u for u in document.units() if u.kind == kind), "name")


def _free(document: Document, *names: str) -> bool:
    """Whether new names can be given: sayable, distinct, and used nowhere yet."""
    words: set[str] = set()
    for unit in document.units():
        written_down = (unit.text, *(v for v in unit.fields.values() if isinstance(v, str)))
        words.update(word for text in written_down for word in re.findall(r"\w+", text))
    return sayable(*names) and len(set(names)) == len(names) and not words & set(names)


def _module(document: Document) -> str | None:
    """The one module of a document that nothing else can collide with."""
    names = [name for name in document.files if name.endswith(".py")]
    return names[0] if len(document.files) == 1 and names else None


def _exact(document: Document, planned: Edit) -> Edit | None:
    """An edit that restores the document, or nothing where the module is not arranged for it."""
    return planned if planned.backward(planned.forward(document)) == document else None


def alphabetical(document: Document, _: Random) -> Edit | None:
    """Sort the functions; their old places ride along."""
    names = _names(document, FUNCTION)
    numbered = any(ORDER in u.fields for u in document.units())
    if names == sorted(names) or numbered:
        return None
    return edit("alphabetical", "sort", [NUMBER(), ALPHABETICAL()], [IN_ORDER(), UNNUMBER()])


def by_area(document: Document, _: Random) -> Edit | None:
    """A module for every area."""
    file = _module(document)
    functions = [u for u in document.units() if u.kind == FUNCTION]
    areas = sorted(programs.text_values(functions, AREA))
    numbered = any(ORDER in u.fields for u in functions)
    if file is None or numbered or not 2 <= len(areas) <= 6:
        return None
    places = {area: f"{area}.py" for area in areas}
    if file in places.values() or not all(_IDENTIFIER.fullmatch(area) for area in areas):
        return None
    planned = edit(
        "by_area",
        "split",
        [NUMBER(), SPLIT(file=file, places=places)],
        [MERGE(file=file, places=tuple(places.values())), IN_ORDER(), UNNUMBER()],
    )
    return _exact(document, planned)


def rename_functions(document: Document, rng: Random) -> Edit | None:
    """Functions get clearer verbs."""
    new = {
        name: f"{_SYNONYMS[verb]}_{rest}"
        for name in _names(document, FUNCTION)
        for verb, _, rest in [name.partition("_")]
        if verb in _SYNONYMS and rest
    }
    return _renaming("rename_functions", "rename", document, rng, new)


def restyle_constants(document: Document, rng: Random) -> Edit | None:
    """Constants from upper case to a private lower-case style."""
    new = {n: f"_{n.lower()}" for n in _names(document, CONSTANT) if n.isupper() and n[0] != "_"}
    return _renaming("restyle_constants", "normalise", document, rng, new)


def _renaming(
    name: str, kind: str, document: Document, rng: Random, new: Mapping[str, str]
) -> Edit | None:
    chosen = rng.sample(list(new), min(len(new), rng.randint(3, 8)))
    names = {old: new[old] for old in chosen}
    if not names or not sayable(*names) or not _free(document, *names.values()):
        return None
    forward, backward = [RENAME(names=names)], [RENAME(names=programs.inverse(names))]
    return edit(name, "rename" if kind == "rename" else "normalise", forward, backward)


def change_units(document: Document, rng: Random) -> Edit | None:
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
    return edit(
        "change_units",
        "scale",
        [MULTIPLY(names=old, factor=factor), RENAME(names=new)],
        [RENAME(names=programs.inverse(new)), DIVIDE(names=old, factor=factor)],
    )


def constants_module(document: Document, _: Random) -> Edit | None:
    """Constants to a module of their own."""
    file, target = _module(document), "constants.py"
    if file is None or file == target or not _names(document, CONSTANT):
        return None
    planned = edit(
        "constants_module",
        "extract",
        [TO_CONSTANTS(file=file, target=target)],
        [FROM_CONSTANTS(file=file, source=target)],
    )
    return _exact(document, planned)


def docs_file(document: Document, _: Random) -> Edit | None:
    """Docstrings to a file for the translators."""
    file, target = _module(document), "docstrings.json"
    names = [u.fields["name"] for u in document.units() if u.kind == FUNCTION]
    if file is None or len(set(names)) < len(names):
        return None
    planned = edit(
        "docs_file",
        "extract",
        [TO_DOCS(file=file, target=target)],
        [FROM_DOCS(file=file, source=target)],
    )
    return _exact(document, planned) if planned.forward(document).files[target] else None


def tidy_up(document: Document, rng: Random) -> Edit | None:
    """Composed: rename, then number and sort."""
    return compose("tidy_up", rename_functions(document, rng), alphabetical(document, rng))


def break_up(document: Document, rng: Random) -> Edit | None:
    """Composed: new units, then modules by area."""
    return compose("break_up", change_units(document, rng), by_area(document, rng))


def package(document: Document, rng: Random) -> Edit | None:
    """Composed: restyle the constants, take the docstrings out, then number and sort."""
    return compose(
        "package",
        restyle_constants(document, rng),
        docs_file(document, rng),
        alphabetical(document, rng),
    )


class Python(Domain):
    """Modules of working code."""

    name = "python"
    category = "code"
    formats: ClassVar = {".py": PYTHON, ".json": JSON}
    verbs: ClassVar[Sequence[Verb]] = (
        NUMBER, ALPHABETICAL, IN_ORDER, UNNUMBER, SPLIT, MERGE, RENAME, MULTIPLY, DIVIDE,
        TO_CONSTANTS, FROM_CONSTANTS, TO_DOCS, FROM_DOCS,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = (
        alphabetical, by_area, rename_functions, restyle_constants, change_units,
        constants_module, docs_file, tidy_up, break_up, package,
    )  # fmt: skip
    floor = 0.05

    def generate(self, rng: Random, size: int) -> Files:
        """A module of helpers of a trading firm's back office."""
        text = _text(rng, round(size * 3.5))
        return {rng.choice(("orders.py", "operations.py", "warehouse.py", "helpers.py")): text}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; blank lines gone or many; deeper indentation; spaced brackets."""
        lines = text.split("\n")
        spaced = "\n".join(re.sub(r"^(\s*return\b)", r"\1 ", line) for line in lines)
        return [
            text.replace("\n", "\r\n"),
            "\n".join(line for line in lines if line.strip()),
            text.replace("\ndef ", "\n\n\n\ndef   "),
            re.sub(r"^( +)", r"\1\1", text, flags=re.MULTILINE),
            spaced,
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """An older module and a memo."""
        return {
            "legacy_helpers.py": _text(rng, round(size * 1.7)),
            "notes.md": content.memo(rng, size // 2),
        }


# --- content -----------------------------------------------------------------------------------

_NOUNS = (  # noqa: SIM905 - easier to read
    "order invoice shipment pallet parcel route driver vehicle depot supplier refund discount "
    "voucher customer contract reading meter sensor shift roster payment ledger batch sample "
    "carton booking tariff claim audit forecast"
).split()
_QUALITIES = (  # noqa: SIM905 - easier to read
    "open late gross net daily weekly average largest partial pending expected missing spare "
    "early regional disputed archived cheapest duplicate overdue"
).split()
_MEASURES = {
    "delay": ("SECONDS", "HOURS"), "distance": ("KM",), "weight": ("KG",), "price": ("EUR",),
    "cost": ("EUR",), "load": ("KG",), "margin": ("EUR",), "shift": ("HOURS",), "route": ("KM",),
}  # fmt: skip
"""What is measured, and in which units."""
_AREAS = ("billing", "routing", "storage", "reporting", "staffing")
_IMPORTS = (
    "import math", "import json", "import logging", "from datetime import date, timedelta",
    "from decimal import Decimal", "from collections import Counter", "import statistics",
    "from pathlib import Path", "from itertools import pairwise", "import csv",
)  # fmt: skip
_BODIES: tuple[str, ...] = (
    "({n}s, limit={k}):|    chosen = [{n} for {n} in {n}s if {n}.{m} > limit]"
    "|    return sorted(chosen, key=lambda {n}: {n}.{q}_{m})",
    '({n}, {m}):|    if {m} < {k}:|        raise ValueError(f"{q} {m} of {{{n}.code}} too low")'
    "|    return {m} * {C}",
    "({n}s):|    total = sum({n}.{m} for {n} in {n}s)|    return total / max(1, len({n}s) - {k})",
    "(rows):|    by_{n} = {{}}|    for row in rows:"
    '|        by_{n}.setdefault(row["{n}"], []).append(row["{m}"] - {k})|    return by_{n}',
    "({n}, today):|    days = (today - {n}.created).days"
    '|    return "{q}" if days > {k} else {n}.{m}_status',
    "({n}_{m}: float, share: float = 0.{k}) -> float:|    return {n}_{m} * share + {C}",
    '(path):|    with open(path, encoding="utf-8") as source:'
    '|        rows = [line.split("{s}") for line in source]'
    "|    return [row[{d}] for row in rows[{k}:]]",
    "({n}s, {m}):  # {Q} ones come first|    for {n} in reversed({n}s):"
    "|        if {n}.{q}_{m} >= {m} + {k}:|            return {n}|    return None",
)


def _text(rng: Random, characters: int) -> str:
    """A module of about so many characters."""
    areas = rng.sample(_AREAS, rng.randint(2, 3 if characters < 4000 else len(_AREAS)))
    names = _fresh_names(rng)
    constants = [_constant_line(rng, i) for i in range(max(2, characters // 500))]
    constants = list({line.split(" ")[0]: line for line in constants}.values())
    named = [line.split(" ")[0] for line in constants]
    owner, file = content.firm(rng), rng.choice(_NOUNS)
    head = [f'"""{file.capitalize()} helpers for {owner}."""', rng.choice(_IMPORTS)]
    parts = [*head, *constants]
    while sum(map(len, parts)) < characters * 0.95 or len(parts) < len(head) + len(constants) + 3:
        functions = len(parts) - len(head) - len(constants)
        area = areas[functions] if functions < len(areas) else rng.choice(areas)
        parts.append(_function(rng, next(names), area, rng.choice(named)))
    if characters > 4000:
        parts.append(_class(rng))
    return PYTHON.render(PYTHON.parse("\n".join(parts)))


def _fresh_names(rng: Random) -> Iterator[str]:
    """Function names, each once; the first three are never in alphabetical order."""
    verbs, nouns = list(_SYNONYMS), list(_NOUNS)
    every = [f"{v}_{q}_{n}" for v in verbs for q in _QUALITIES for n in nouns]
    rng.shuffle(every)
    every[:2] = sorted(every[:2], reverse=True)
    return iter(every)


def _constant_line(rng: Random, index: int) -> str:
    """Mostly quantities, each under a name that tells its unit."""
    measure = rng.choice(list(_MEASURES))
    name = f"{rng.choice(_QUALITIES)}_{rng.choice(_NOUNS)}_{measure}".upper()
    if index % 4 == 3:
        return f'{name}_LABEL = "{content.topic(rng)} {rng.randint(1, 99)}"'
    value = rng.choice((str(rng.randint(2, 950)), f"{rng.randint(1, 90)}.{rng.randint(1, 9)}"))
    note = f"  # agreed with {content.person(rng)}" if rng.random() < 0.5 else ""
    return f"{name}_{rng.choice(_MEASURES[measure])} = {value}{note}"


def _function(rng: Random, name: str, area: str, constant: str) -> str:
    verb, quality, noun = name.split("_")
    body = rng.choice(_BODIES).format(
        n=noun, q=quality, Q=quality.capitalize(), m=rng.choice(list(_MEASURES)), C=constant,
        k=rng.randint(2, 97), d=rng.randint(0, 9), s=rng.choice(";,:"),
    )  # fmt: skip
    signature, *rest = body.split("|")
    docs = f'    """{verb.capitalize()} the {quality} {noun} for {rng.choice(content.CITIES)}."""'
    return "\n".join([f"# area: {area}", f"def {name}{signature}", docs, *rest])


def _class(rng: Random) -> str:
    noun, other = rng.sample(_NOUNS, 2)
    methods = [
        f"    def {quality}_{measure}(self, factor):\n"
        f"        return self.{measure} * factor - {rng.randint(3, 900)}\n"
        for quality in rng.sample(_QUALITIES, 3)
        for measure in [rng.choice(list(_MEASURES))]
    ]
    head = f'class {noun.capitalize()}:\n    """A {noun} and its {other}."""\n'
    return head + f"    {other}_code: str\n" + "".join(methods)


DOMAIN = Python()
