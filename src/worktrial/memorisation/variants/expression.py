"""Arithmetic and equations as they are written in questions, read by a grammar of our own.

Text is never evaluated: what is not in the grammar is no expression. Every number knows its place
in the text, so that another can be put there.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt
from typing import Any

LONGEST = 2_000
"""Characters of an expression."""
_DEEPEST = 40
_MOST_DIGITS = 15
_LARGEST_EXPONENT = 12
_LARGEST = 10**60
_LINEAR, _QUADRATIC = 2, 3
"""Coefficients of a polynomial of first and second degree."""

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\.\d+|\d+"
_TOKEN = re.compile(
    rf"(?P<space>\s+|\\[,;!: ]|~|\\left|\\right)|(?P<number>{NUMBER})"
    r"|(?P<frac>\\[dt]?frac)|(?P<times>\\times|\\cdot|\*(?!\*)|×|·|∙|⋅)|(?P<over>\\div|÷|/)"
    r"|(?P<power>\*\*|\^)|(?P<square>²)|(?P<cube>³)|(?P<plus>\+)|(?P<minus>[-−–])|(?P<equals>=)"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<symbol>[A-Za-z](?![A-Za-z]))"
)
_CLOSES = {"(": ")", "[": "]", "{": "}"}

Polynomial = tuple[Fraction, ...]
"""Coefficients of the one unknown, the constant first, without trailing zeros."""


class NotAnExpressionError(ValueError):
    """The text is not in the grammar, or its value is out of all bounds."""


@dataclass(frozen=True)
class Literal:
    """A number as it is written, and where.

    Attributes:
        text: As it stands.
        start: Its place in the text that was read.
    """

    text: str
    start: int

    @property
    def value(self) -> Fraction:
        """Exactly what it says."""
        return Fraction(self.text.replace(",", ""))


@dataclass(frozen=True)
class Node:
    """An operation on others, a number, or the unknown.

    Attributes:
        kind: Which.
        parts: What it is done to.
        number: Of a number its place among the literals, of a power its exponent, which is part of
            the form and stays.
    """

    kind: str
    parts: tuple["Node", ...] = ()
    number: int = 0


@dataclass(frozen=True)
class Expression:
    """What was read; of an equation the second side too."""

    left: Node
    right: Node | None
    literals: tuple[Literal, ...]
    symbol: str | None

    def values(self) -> list[Fraction]:
        """Its numbers, as they stand."""
        return [literal.value for literal in self.literals]

    def polynomial(self, values: Sequence[Fraction]) -> Polynomial:
        """Its value with these numbers, of an equation the difference of its sides.

        Raises:
            NotAnExpressionError: If it has none, or one out of all bounds.
        """
        left = _value(self.left, values)
        return left if self.right is None else _add(left, _scaled(_value(self.right, values), -1))

    def kinds(self, values: Sequence[Fraction]) -> list[tuple[int, bool]]:
        """Of every operation without the unknown, its value's sign and whether it is whole.

        Raises:
            NotAnExpressionError: If one has no value.
        """
        sides = (self.left,) if self.right is None else (self.left, self.right)
        found = [_value(node, values) for side in sides for node in _operations(side)]
        constant = [value[0] if value else Fraction(0) for value in found if len(value) < _LINEAR]
        return [((v > 0) - (v < 0), v.denominator == 1) for v in constant]

    def symbolic(self, values: Sequence[Fraction]) -> Any:  # sympy has no types
        """The same as a sympy expression, by sympy's own arithmetic."""
        left = _sympy(self.left, values)
        return left if self.right is None else left - _sympy(self.right, values)


def read(text: str) -> Expression:
    """Read an expression or an equation.

    Raises:
        NotAnExpressionError: If the text is anything else.
    """
    if len(text) > LONGEST:
        raise NotAnExpressionError("too long")
    return _Parser(text).whole()


@dataclass
class _Parser:
    """Recursive descent over the tokens of a text."""

    text: str
    tokens: list[tuple[str, str, int]] = field(init=False)
    literals: list[Literal] = field(default_factory=list)
    symbols: set[str] = field(default_factory=set)
    at: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        self.tokens = list(_tokens(self.text))

    def whole(self) -> Expression:
        left = self.sum()
        right = self.sum() if self.take("equals") else None
        if self.at < len(self.tokens) or len(self.symbols) > 1:
            raise NotAnExpressionError("more than one expression")
        symbol = next(iter(self.symbols), None)
        if (symbol is None) != (right is None):
            raise NotAnExpressionError("neither a value nor an equation of one unknown")
        return Expression(left, right, tuple(self.literals), symbol)

    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, *kinds: str) -> str:
        """The text of the next token if it is of these kinds, else nothing."""
        if self.kind() not in kinds:
            return ""
        self.at += 1
        return self.tokens[self.at - 1][1]

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NotAnExpressionError("too deep")
        node = self.product()
        while (kind := self.kind()) in ("plus", "minus"):
            self.at += 1
            node = Node(kind, (node, self.product()))
        self.depth -= 1
        return node

    def product(self) -> Node:
        node = self.signed()
        while (kind := self.kind()) in ("times", "over", "open", "symbol", "frac"):
            if kind in ("times", "over"):
                self.at += 1
            elif kind == "frac" and self.tokens[self.at - 1][0] == "number":
                raise NotAnExpressionError("a mixed number")
            node = Node("over" if kind == "over" else "times", (node, self.signed()))
        return node

    def signed(self) -> Node:
        negative = False
        while sign := self.take("plus", "minus"):
            negative ^= sign != "+"
        node = self.power()
        return Node("negative", (node,)) if negative else node

    def power(self) -> Node:
        base = self.primary()
        for kind, exponent in (("square", 2), ("cube", 3)):
            if self.take(kind):
                return Node("power", (base,), exponent)
        if not self.take("power"):
            return base
        braced = bool(self.take("open"))
        if self.kind() != "number" or not self.tokens[self.at][1].isdigit():
            raise NotAnExpressionError("an exponent that is no whole number")
        exponent = int(self.take("number"))
        if braced and not self.take("close"):
            raise NotAnExpressionError("an exponent that is no whole number")
        return Node("power", (base,), exponent)

    def primary(self) -> Node:
        kind, text, start = (*self.tokens, ("", "", 0))[self.at]
        if kind == "number":
            return self.number(text, start)
        if kind == "symbol":
            self.symbols.add(self.take("symbol"))
            return Node("symbol")
        if self.take("frac"):
            return Node("over", (self.bracketed("{"), self.bracketed("{")))
        if kind == "open":
            return self.bracketed(text)
        raise NotAnExpressionError("something else than a number")

    def number(self, text: str, start: int) -> Node:
        if len(text) > _MOST_DIGITS:
            raise NotAnExpressionError("a number that is too long")
        self.at += 1
        self.literals.append(Literal(text, start))
        return Node("number", number=len(self.literals) - 1)

    def bracketed(self, opening: str) -> Node:
        if self.take("open") != opening:
            raise NotAnExpressionError("a bracket is missing")
        node = self.sum()
        if self.take("close") != _CLOSES[opening]:
            raise NotAnExpressionError("a bracket is missing")
        return node


def _tokens(text: str) -> Sequence[tuple[str, str, int]]:
    found = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise NotAnExpressionError("a sign that is not arithmetic")
        kind = token.lastgroup or ""
        if kind != "space":
            found.append((kind, token[0], at))
        at = token.end()
    return found


def _operations(node: Node) -> Iterator[Node]:
    if node.parts:
        yield node
    for part in node.parts:
        yield from _operations(part)


def _value(node: Node, values: Sequence[Fraction]) -> Polynomial:
    if node.kind == "number":
        return _trimmed((values[node.number],))
    if node.kind == "symbol":
        return (Fraction(0), Fraction(1))
    if node.kind == "power":
        return _power(_value(node.parts[0], values), node.number)
    found = [_value(part, values) for part in node.parts]
    return _OPERATIONS[node.kind](*found)


def _add(one: Polynomial, other: Polynomial) -> Polynomial:
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    return _trimmed((*(a + b for a, b in zip(long, short, strict=False)), *long[len(short) :]))


def _scaled(one: Polynomial, by: int | Fraction) -> Polynomial:
    return _trimmed(tuple(a * by for a in one))


def _times(one: Polynomial, other: Polynomial) -> Polynomial:
    product = [Fraction(0)] * max(len(one) + len(other) - 1, 0)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            product[i + j] += a * b
    return _trimmed(tuple(product))


def _over(one: Polynomial, other: Polynomial) -> Polynomial:
    if len(other) != 1:
        raise NotAnExpressionError("division by nothing, or by the unknown")
    return _scaled(one, 1 / other[0])


def _power(base: Polynomial, exponent: int) -> Polynomial:
    if exponent > _LARGEST_EXPONENT:
        raise NotAnExpressionError("an exponent that is too large")
    found: Polynomial = (Fraction(1),)
    for _ in range(exponent):
        found = _times(found, base)
    return found


def _trimmed(found: Polynomial) -> Polynomial:
    while found and not found[-1]:
        found = found[:-1]
    if any(abs(a.numerator) > _LARGEST or a.denominator > _LARGEST for a in found):
        raise NotAnExpressionError("a value that is too large")
    return found


_OPERATIONS: Mapping[str, Callable[..., Polynomial]] = {
    "plus": _add,
    "minus": lambda one, other: _add(one, _scaled(other, -1)),
    "negative": lambda one: _scaled(one, -1),
    "times": _times,
    "over": _over,
}


def _sympy(node: Node, values: Sequence[Fraction]) -> Any:
    import sympy

    if node.kind == "number":
        value = values[node.number]
        return sympy.Rational(value.numerator, value.denominator)
    if node.kind == "symbol":
        return sympy.Symbol("x")
    if node.kind == "power":
        return _sympy(node.parts[0], values) ** node.number
    return _SYMBOLIC[node.kind](*(_sympy(part, values) for part in node.parts))


_SYMBOLIC: Mapping[str, Callable[..., Any]] = {
    "plus": operator.add,
    "minus": operator.sub,
    "negative": operator.neg,
    "times": operator.mul,
    "over": operator.truediv,
}


def solutions(expression: Expression, values: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """What an expression comes to, or the rational roots of an equation, in ascending order.

    Only equations of first and second degree are solved here; none for any other, nor where a
    root is no fraction.

    Raises:
        NotAnExpressionError: If there is no value.
    """
    found = expression.polynomial(values)
    if expression.right is None:
        return found or (Fraction(0),)
    if len(found) == _LINEAR:
        return (-found[0] / found[1],)
    return _quadratic(*found) if len(found) == _QUADRATIC else ()


def _quadratic(c: Fraction, b: Fraction, a: Fraction) -> tuple[Fraction, ...]:
    root = _root(b * b - 4 * a * c)
    if root is None:
        return ()
    return tuple(sorted({(-b - root) / (2 * a), (-b + root) / (2 * a)}))


def _root(square: Fraction) -> Fraction | None:
    """The square root, if it is a fraction."""
    if square < 0:
        return None
    root = Fraction(isqrt(square.numerator), isqrt(square.denominator))
    return root if root * root == square else None


def confirmed(
    expression: Expression, values: Sequence[Fraction], found: Sequence[Fraction]
) -> bool:
    """Whether sympy, by its own way, comes to the same value or the same roots."""
    import sympy

    wanted = {sympy.Rational(value.numerator, value.denominator) for value in found}
    whole = expression.symbolic(values)
    if expression.right is None:
        return wanted == {whole}
    roots = sympy.roots(sympy.Poly(sympy.expand(whole), sympy.Symbol("x")))
    return wanted == set(roots)


def spliced(text: str, literals: Sequence[Literal], others: Sequence[str], offset: int = 0) -> str:
    """A text with other numbers in the places of these."""
    parts, at = [], 0
    for literal, other in zip(literals, others, strict=True):
        parts += [text[at : offset + literal.start], other]
        at = offset + literal.start + len(literal.text)
    return "".join([*parts, text[at:]])
