"""Python's tokens: text ↔ logical lines.

The scanner is our own: `tokenize` gives up at the first broken place, and splits f-strings
differently from one version of Python to the next.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from keyword import kwlist

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
_KEYWORDS = frozenset(kwlist) - {"None", "True", "False"}
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


@dataclass(slots=True)
class Line:
    """A logical line: how deep it stands, its tokens, and where in the text it is."""

    level: int
    start: int
    end: int = 0
    tokens: list[str] = field(default_factory=list)
    broken: bool = False

    @property
    def is_comment(self) -> bool:
        """Whether nothing but a comment stands on it."""
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
        self._line: Line | None = None
        self._opened = False

    def lines(self) -> list[Line]:
        """Every logical line; a line of comment alone is one too."""
        found: list[Line] = []
        at, size = 0, len(self.text)
        while at < size:
            at = self._token(at, found)
        self._finish(found)
        return found

    def _token(self, at: int, found: list[Line]) -> int:
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

    def _begin(self, at: int, *, comment: bool) -> Line:
        start = self.text.rfind("\n", 0, at) + 1
        column = len(self.text[start:at].expandtabs())
        if not comment:
            while self._columns[-1] > column:
                self._columns.pop()
        if column > self._columns[-1] and (self._opened or not comment):
            self._columns.append(column)
        return Line(bisect_right(self._columns, column) - 1, start)

    def _append(self, kind: str, token: str) -> None:
        assert self._line is not None  # noqa: S101
        self._line.tokens.append(token)
        if token in _CLOSERS:
            self._owed.append(_CLOSERS[token])
        elif kind == "broken" or (
            kind == "bracket" and (not self._owed or self._owed.pop() != token)
        ):
            self._broken()

    def _broken(self) -> None:
        self.sound = False
        if self._line:
            self._line.broken = True

    def _finish(self, found: list[Line]) -> None:
        if self._owed:
            self._owed = []
            self._broken()
        line, self._line = self._line, None
        if line:
            found.append(line)
            if not line.is_comment:
                self._opened = ":" in line.tokens[-2:]


def scan(text: str) -> list[Line]:
    """The logical lines of a text, read warily where it is broken."""
    scanner = _Scanner(text, wary=False)
    lines = scanner.lines()
    return lines if scanner.sound else _Scanner(text, wary=True).lines()


def joined(tokens: Sequence[str], level: int = 0) -> str:
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


def source(lines: Sequence[Line]) -> str:
    """Logical lines as people write them."""
    return "\n".join("    " * line.level + joined(line.tokens, line.level) for line in lines)
