"""Equations between numbers in running text, and whether they are so.

Text is never evaluated: a grammar of our own reads numbers, signs and brackets, exactly and within
bounds. What is not in it is no equation: it is neither right nor wrong.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from worktrial.reasoning.puzzles.puzzle import Step

_LONGEST = 200
"""Characters of one side."""
_DEEPEST = 30
_MOST_DIGITS = 20
_LARGEST_EXPONENT = 12
_LARGEST = 10**60

Token = re.Match[str]

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_TOKEN = re.compile(
    rf"(?P<number>{_NUMBER})|(?P<power>\*\*|\^)|(?P<square>²)|(?P<cube>³)"
    # A letter x multiplies only between numbers; elsewhere it is an unknown.
    r"|(?P<times>[×·⋅∙*]|\\times\b|\\cdot\b|(?<=[0-9)] )[xX](?= [0-9(])|(?<=[0-9)])[xX](?=[0-9(]))"
    r"|(?P<over>[÷/]|\\div\b)|(?P<plus>\+)|(?P<minus>[-−–])|(?P<open>[(\[])|(?P<close>[)\]])"
)
_EQUALS = re.compile(r"(?<![=<>!:~≈])=(?![=>])")
_MARKUP = re.compile(r"\\[()\[\],;!]|\\left(?![a-z])|\\right(?![a-z])|[$`]|(?<!\d)\*\*|\*\*(?!\d)")
_BULLET = re.compile(r"[ \t>]{0,8}(?:[-*•+][ \t]+|\(?[0-9]{1,3}[.):][ \t]+)?")
"""What a line of a list begins with."""
_CLOSES = {"(": ")", "[": "]"}


def equations(text: str) -> Iterator[Step]:
    """Every equation of a text, a chain `a = b = c` as two, in time linear in its length.

    Both sides written alike say nothing, and are none. A side is the numbers and signs next to the
    sign of equality; one that cannot be read, or that something unknown touches, makes no equation.
    """
    for line in text.splitlines():
        if "=" in line:
            yield from _of_line(_MARKUP.sub(" ", line[_bullet(line) :]))


def value(text: str) -> Fraction | None:
    """What an expression comes to; `None` if it is none, or out of all bounds."""
    tokens = _runs(text[: _LONGEST + 1])
    whole = tokens[0] if len(tokens) == 1 else []
    if not whole or len(text) > _LONGEST or _span(whole) != text.strip():
        return None
    return _value(whole)


def _bullet(line: str) -> int:
    found = _BULLET.match(line)
    return found.end() if found else 0


def _of_line(line: str) -> Iterator[Step]:
    signs = [sign.start() for sign in _EQUALS.finditer(line)]
    for start, at, end in zip([-1, *signs], signs, [*signs[1:], len(line)], strict=False):
        left = _before(line[max(start + 1, at - _LONGEST) : at])
        right = _after(line[at + 1 : min(end, at + 1 + _LONGEST)]) if left else []
        one, other = _value(left), _value(right)
        alike = bool(right) and "".join(_span(left).split()) == "".join(_span(right).split())
        if one is not None and other is not None and not alike:
            yield Step(f"{_span(left)} = {_span(right)}", one == other)


def _runs(text: str) -> list[list[Token]]:
    """Tokens that follow each other with nothing but space between."""
    runs: list[list[Token]] = []
    for token in _TOKEN.finditer(text):
        if runs and not text[runs[-1][-1].end() : token.start()].strip():
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _before(text: str) -> list[Token]:
    """The side that ends a text, if nothing unknown stands before it."""
    runs = _runs(text)
    if not runs or text[runs[-1][-1].end() :].strip():
        return []
    rest = text[: runs[-1][0].start()]
    touched = rest[-1:].isalnum() or rest[-1:] in tuple(".,_") or len(text) == _LONGEST
    return [] if touched or rest.rstrip()[-1:] in tuple("√∛%!}{|\\^_") else runs[-1]


def _after(text: str) -> list[Token]:
    """The side that begins a text, if nothing unknown stands behind it."""
    runs = _runs(text)
    if not runs or text[: runs[0][0].start()].strip():
        return []
    rest = text[runs[0][-1].end() :]
    touched = rest[:1].isalnum() or rest[:1] in tuple("_…") or rest[:2] == ".."
    return [] if touched or rest.lstrip()[:1] in tuple("\\√^!%°{|") else runs[0]


def _span(tokens: Sequence[Token]) -> str:
    return tokens[0].string[tokens[0].start() : tokens[-1].end()]


def _value(tokens: Sequence[Token]) -> Fraction | None:
    try:
        return _Parser(tokens).whole()
    except _NotArithmeticError:
        return None


class _NotArithmeticError(ValueError):
    """The tokens are in no order that means a number, or in one of an absurd size."""


class _Parser:
    """Recursive descent."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def whole(self) -> Fraction:
        found = self.sum()
        if self.at < len(self.tokens):
            raise _NotArithmeticError
        return found

    def kind(self) -> str:
        return (self.tokens[self.at].lastgroup or "") if self.at < len(self.tokens) else ""

    def take(self, *kinds: str) -> str:
        """The next token if it is of these kinds, else nothing."""
        if self.kind() not in kinds:
            return ""
        self.at += 1
        return self.tokens[self.at - 1][0]

    def sum(self) -> Fraction:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _NotArithmeticError
        found = self.product()
        while (kind := self.kind()) in ("plus", "minus"):
            self.at += 1
            found = _bounded(found + self.product() * (1 if kind == "plus" else -1))
        self.depth -= 1
        return found

    def product(self) -> Fraction:
        found = self.signed()
        while (kind := self.kind()) in ("times", "over", "open"):
            self.at += kind != "open"
            factor = self.signed()
            if kind == "over" and not factor:
                raise _NotArithmeticError
            found = _bounded(found / factor if kind == "over" else found * factor)
        return found

    def signed(self) -> Fraction:
        """A minus counts only where it touches its number: `x - 4` is not -4."""
        at = self.at
        if not self.take("minus"):
            return self.power()
        if self.at == len(self.tokens) or self.tokens[at].end() != self.tokens[self.at].start():
            raise _NotArithmeticError
        return -self.power()

    def power(self) -> Fraction:
        base = self.primary()
        if sign := self.take("square", "cube"):
            return _bounded(base ** (2 if sign == "²" else 3))
        if not self.take("power"):
            return base
        exponent = self.primary()
        if exponent.denominator != 1 or not 0 <= exponent <= _LARGEST_EXPONENT:
            raise _NotArithmeticError
        return _bounded(base ** int(exponent))

    def primary(self) -> Fraction:
        if number := self.take("number"):
            if len(number) > _MOST_DIGITS:
                raise _NotArithmeticError
            return Fraction(number.replace(",", ""))
        opening = self.take("open")
        if not opening:
            raise _NotArithmeticError
        found = self.sum()
        if self.take("close") != _CLOSES[opening]:
            raise _NotArithmeticError
        return found


def _bounded(found: Fraction) -> Fraction:
    if abs(found.numerator) > _LARGEST or found.denominator > _LARGEST:
        raise _NotArithmeticError
    return found
