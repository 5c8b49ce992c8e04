"""The format: text to units and back."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from worktrial.documents import table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

BLOCK, REMARK = "block", "remark"
WORD, TYPE, NAME = "block kind", "block type", "block name"
"""Fields of a block's first line; no attribute can have a space in its name."""
HEADER = (WORD, TYPE, NAME)
_INTO = " > "
"""Between a nested block and what stands in it, in the name of a field."""
_LABEL = r'"[^"\n]{1,200}"'
_KEY = rf"{_LABEL}|\([^()\n]{{1,200}}\)|[\w.-]{{1,200}}"
_HEAD = re.compile(rf"([\w-]{{1,80}})((?:[ \t]+{_LABEL}){{0,2}})[ \t]*\{{")
_NESTED = re.compile(rf"([\w-]{{1,80}})((?:\s+{_LABEL}){{0,2}})\s*\{{|({_KEY})\s*[=:]\s*\{{")
_ATTRIBUTE = re.compile(rf"({_KEY})\s*=(?![=>])\s*(.*)", re.DOTALL)
_ENTRY = re.compile(rf"({_KEY})\s*(?:=(?![=>])|:(?!:))\s*(.*)", re.DOTALL)
"""In a map, a colon will do as well."""
_HEREDOC = re.compile(r"<<[-~]?(\w{1,80})")
_STRING = re.compile(r'("(?:[^"\\]|\\.){0,8000}")')
_COMMENT = re.compile(r"(?:^|\s)(?:#|//)(.*)")
_COUNT = re.compile(r" #\d+$")
"""Behind the name of a field that is there more than once."""
_MOST_LINES = 300
_DEEPEST = 20


class Hcl(Format):
    """Blocks in braces."""

    def parse(self, text: str) -> list[Unit]:
        """A unit a top-level block; a run of lines that belong to none is opaque."""
        reader = _Reader(text)
        return list(reader.units())

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line between blocks."""
        return "\n".join("\n".join([*_written(unit), ""]) for unit in units)


HCL = Hcl()


class _Reader:
    """The lines of a file, read from the top."""

    def __init__(self, text: str) -> None:
        self.lines = [line.rstrip() for line in text.split("\n")]
        self.at = 0

    def units(self) -> Iterator[Unit]:
        """Blocks, comments, and what is neither."""
        stray: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            head, remark = _opened(_HEAD, line), self._remark(line)
            if stray and (head or remark is not None or not line):
                yield opaque("\n".join(stray))
                stray = []
            if head:
                yield self._block(*head)
            elif remark:
                yield Unit(REMARK, text=remark)
            elif remark is None and line.strip(" }"):
                stray.append(line)
        if stray:
            yield opaque("\n".join(stray))

    def _block(self, head: re.Match[str], inside: str | None) -> Unit:
        labels = [label[1:-1] for label in re.findall(_LABEL, head[2])]
        names = (NAME,) if len(labels) == 1 else (TYPE, NAME)
        body = _Body({WORD: head[1], **dict(zip(names, labels, strict=False))})
        if inside:
            body.read(inside, self._more)
        while inside is None and self.at < len(self.lines) and not _opened(_HEAD, self._line):
            line = self._line.strip()
            self.at += 1
            remark = self._remark(line)
            if line in ("}", "},"):
                if not body.leaves():
                    break
            elif remark is not None:
                body.remark(remark)
            elif line:
                body.read(line, self._more)
        while body.leaves():
            pass
        return Unit(BLOCK, body.fields, key=NAME, text="\n".join(body.remarks + body.stray))

    @property
    def _line(self) -> str:
        return self.lines[self.at]

    def _remark(self, line: str) -> str | None:
        """What a comment says that begins with this line, or `None` if it begins none."""
        line = line.strip()
        if line.startswith("/*") and "*/" not in line:
            ahead = self.lines[self.at : self.at + _MOST_LINES]
            taken = next((n for n, text in enumerate(ahead, 1) if "*/" in text), 0)
            self.at += taken
            line = " ".join([line, *ahead[:taken]])
        return _worded(line) if line.startswith(("#", "//", "/*")) else None

    def _more(self, value: str) -> tuple[str, list[str]]:
        """The value that begins with this, over as many lines as it takes; comments in it."""
        if found := _HEREDOC.fullmatch(value):
            ends = (n for n, line in enumerate(self.lines[self.at : self.at + _MOST_LINES], 1)
                    if line.strip() == found[1])  # fmt: skip
            taken = next(ends, 0)
            lines = self.lines[self.at : self.at + taken]
            self.at += taken
            return "\n".join([value, *lines]), []
        taken = self._reach(value)
        further = [_uncommented(line.strip()) for line in self.lines[self.at : self.at + taken]]
        self.at += taken
        parts = [value, *(line for line, _ in further if line)]
        # Between braces, the end of a line ends an attribute.
        braces = any("{" in text for part in parts for text in _STRING.split(part)[::2])
        joined = "\n".join(map(_spaced, parts)) if braces else _spaced(" ".join(parts))
        return joined, [remark for _, remark in further]

    def _reach(self, value: str) -> int:
        """How many lines a value goes on for; none if its brackets are not closed."""
        open_ = _left_open("", value)
        for count, line in enumerate(self.lines[self.at : self.at + _MOST_LINES]):
            if not open_ or len(open_) > _DEEPEST or _opened(_HEAD, line):
                return count if open_ == "" else 0
            open_ = _left_open(open_, _uncommented(line.strip())[0])
        return 0


def _opened(pattern: re.Pattern[str], line: str) -> tuple[re.Match[str], str | None] | None:
    """The head of a block and, if the block ends on this line, the one attribute in it."""
    found = pattern.match(line)
    rest = line[found.end() :].strip() if found else ""
    inside = rest.removesuffix("}").strip()
    if found and not rest:
        return found, None
    plain = not inside or (_ATTRIBUTE.fullmatch(inside) and _left_open("", inside) == "")
    return (found, inside) if found and rest.endswith("}") and plain else None


def _left_open(before: str, line: str) -> str | None:
    """The brackets that are open behind a line; `None` if one closes that is not open."""
    bare = "".join(_STRING.split(line)[::2])
    for sign in re.findall(r"[][(){}]", bare):
        if sign in "([{":
            before += sign
        elif before[-1:] == {")": "(", "]": "[", "}": "{"}[sign]:
            before = before[:-1]
        else:
            return None
    return before


def _spaced(value: str) -> str:
    """A value with its spaces evened out, but for those in strings."""
    parts = _STRING.split(value)
    for i in range(0, len(parts), 2):
        part = re.sub(r"\s+", " ", parts[i])
        parts[i] = re.sub(r",?(?<! ) ?([\])])", r"\1", re.sub(r"([\[(]) ", r"\1", part))
    return "".join(parts).strip()


class _Body:
    """The inside of a block as it is read."""

    def __init__(self, fields: dict[str, Value]) -> None:
        self.fields = fields
        self.remarks: list[str] = []
        self.stray: list[str] = []
        self.path: list[str] = []
        self.filled = [True]
        self.counts: dict[str, int] = defaultdict(int)

    def leaves(self) -> bool:
        """Leave a nested block, if within one; one that is empty has a field of no name."""
        if not self.path:
            return False
        if not self.filled.pop():
            self._fill("", "")
        self.path.pop()
        return True

    def remark(self, text: str) -> None:
        """Note a comment."""
        self.remarks += [f"# {text}"] if text else []

    def read(self, line: str, more: Callable[[str], tuple[str, list[str]]]) -> None:
        """Read an attribute, or the head of a nested block."""
        line, comment = _uncommented(line)
        self.remark(comment)
        within = self.path[-1:] and self.path[-1].endswith("=")
        head = _opened(_NESTED, line) if _INTO not in line and len(self.path) < _DEEPEST else None
        if head and not (head[0][3] and head[1] is not None):
            self._enter(head[0])
            if head[1]:
                self.read(head[1], more)
            if head[1] is not None:
                self.leaves()
        elif found := (_ENTRY if within else _ATTRIBUTE).fullmatch(line):
            value, remarks = more(found[2])
            self._fill(self._numbered(found[1]), table.typed(value.removesuffix(",")))
            for remark in remarks:
                self.remark(remark)
        elif line:
            self.stray.append(" ".join(line.split()))

    def _enter(self, found: re.Match[str]) -> None:
        labels = "".join(f" {label}" for label in re.findall(_LABEL, found[2] or ""))
        part = f"{found[3]} =" if found[3] else f"{found[1]}{labels}"
        self.path.append(self._numbered(part, "{"))
        self.filled.append(False)

    def _numbered(self, name: str, sign: str = "=") -> str:
        """A name, with a number from the second time on that it stands in one place."""
        at = f"{self._name(name)} {sign}"
        self.counts[at] += 1
        return f"{name} #{self.counts[at]}" if self.counts[at] > 1 else name

    def _fill(self, name: str, value: Value) -> None:
        self.fields[self._name(name)] = value
        self.filled = [True] * len(self.filled)

    def _name(self, name: str) -> str:
        return _INTO.join([*self.path, name])


def _uncommented(line: str) -> tuple[str, str]:
    """A line without the comment in it, and that comment."""
    parts = _STRING.split(line)
    for i in range(0, len(parts), 2):
        found = _COMMENT.search(parts[i])
        if found and (i == 0 or found.start() > 0 or parts[i][:1].isspace()):
            rest = f"{found[1]}{''.join(parts[i + 1 :])}"
            kept = f"{''.join(parts[:i])}{parts[i][: found.start()]}"
            return kept.strip(), _worded(rest)
    return line, ""


def _worded(comment: str) -> str:
    return " ".join(comment.removesuffix("*/").lstrip("#/* ").split())


def _written(unit: Unit) -> list[str]:
    if unit.kind == REMARK:
        return [f"# {unit.text}"]
    if unit.kind != BLOCK:
        return [unit.layout or unit.text]
    labels = [f'"{table.written(unit.fields[n])}"' for n in (TYPE, NAME) if n in unit.fields]
    inside = [
        (name.split(_INTO), table.written(v))
        for name, v in unit.fields.items()
        if name not in HEADER
    ]
    said = [f"  {line}" for line in unit.text.split("\n") if line]
    remarks = [line for line in said if line.startswith("  #")]
    head = " ".join([table.written(unit.fields.get(WORD)), *labels, "{"])
    return [head, *remarks, *_inside(inside, "  "), *said[len(remarks) :], "}"]


def _inside(fields: Sequence[tuple[list[str], str]], indent: str) -> list[str]:
    """Attributes, then nested blocks."""
    lines = [f"{indent}{_COUNT.sub('', path[0])} = {_indented(value, indent)}"
             for path, value in fields if len(path) == 1 and path[0]]  # fmt: skip
    for part in dict.fromkeys(path[0] for path, _ in fields if len(path) > 1):
        within = [(path[1:], value) for path, value in fields if len(path) > 1 and path[0] == part]
        head = _COUNT.sub("", part)
        lines += [f"{indent}{head} {{", *_inside(within, f"{indent}  "), f"{indent}}}"]
    return lines


def _indented(value: str, indent: str) -> str:
    """A value whose further lines, but for those of a here-document, stand below it."""
    first, *rest = value.split("\n")
    if _HEREDOC.fullmatch(first):
        return value
    inner = (indent if line[:1] in tuple(")]}") else f"{indent}  " for line in rest)
    return "\n".join([first, *(f"{space}{line}" for space, line in zip(inner, rest, strict=True))])
