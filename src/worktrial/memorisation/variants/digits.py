"""Numbers as they are written: another of the same size and kind, and values in a given form."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from worktrial.memorisation.variants.expression import NUMBER

_PRIOR = 0.3
"""Of every number of a class, how often it is taken to have been met elsewhere: in a small set a
number is no more frequent for having been met there."""
_LARGER = Fraction(5, 2)
"""How many times as large or as small another number may be."""
_TRIES = 20
_LONGEST = 40
_CENTURY = re.compile(r"(?:19|20)\d\d")
_ROUND = "05"

Class = tuple[str, str]
"""Numbers that may stand for one another, by their written form."""


def class_of(text: str) -> Class:
    """The size and kind of a number: its form with digits that may change written as `#`.

    Leading and trailing zeros stay, since round numbers are easier; so do a final five, a lone
    one, and the century of what may be a year.
    """
    if _CENTURY.fullmatch(text):
        return text[:2] + "##", "year"
    digits = [n for n, sign in enumerate(text) if sign.isdigit()]
    kept = _kept(text, digits)
    shape = "".join(c if n in kept or n not in digits else "#" for n, c in enumerate(text))
    return shape, "one" if len(digits) == 1 else ""


def _kept(text: str, digits: list[int]) -> set[int]:
    """Places of the digits that stay."""
    kept = set()
    for order in (digits, digits[::-1]):
        for n in order:
            if text[n] != "0":
                break
            kept.add(n)
    rest = [n for n in digits if n not in kept]
    if len(digits) == 1 and text[digits[0]] == "1":
        kept.add(digits[0])
    if len(rest) > 1 and text[rest[-1]] == "5":
        kept.add(rest[-1])
    return kept


@dataclass(frozen=True)
class Usage:
    """Which numbers a set uses, so that fresh ones are as frequent as those in it."""

    numbers: Mapping[Class, Counter[str]] = field(default_factory=dict)

    def drawn(self, text: str, rng: Random) -> str:
        """A number of the same class and about as large, which may be the same one."""
        size = Fraction(text.replace(",", ""))
        for _ in range(_TRIES):
            other = self._any(class_of(text), rng)
            if size <= _LARGER * Fraction(other.replace(",", "")) <= _LARGER**2 * size:
                return other
        return text

    def _any(self, kind: Class, rng: Random) -> str:
        met = self.numbers.get(kind, Counter())
        # Once each is not counted: else a number of one item only would be drawn for others
        # because it stands in that one, and would be known as fresh by it.
        again = met.total() - len(met)
        if again and rng.random() < again / (again + _PRIOR * 10 ** kind[0].count("#")):
            return rng.choices(list(met), [count - 1 for count in met.values()])[0]
        return _drawn(kind, rng)


def usage_of(texts: Iterable[str]) -> Usage:
    """How often every number is used in these texts, by class."""
    found: dict[Class, Counter[str]] = {}
    for text in texts:
        for number in re.findall(NUMBER, text):
            found.setdefault(class_of(number), Counter())[number] += 1
    return Usage({kind: Counter(dict(sorted(met.items()))) for kind, met in found.items()})


def _drawn(kind: Class, rng: Random) -> str:
    shape, which = kind
    places = [n for n, sign in enumerate(shape) if sign == "#"]
    found = list(shape)
    for n in places:
        found[n] = rng.choice(_choice(which, n == places[0], n == places[-1], len(places)))
    return "".join(found)


def _choice(which: str, first: bool, last: bool, places: int) -> str:
    """The digits that a place may have, so that the number stays in its class."""
    if which == "year":
        return "0123456789"
    if which == "one":
        return "23456789"
    if last and places > 1:
        return "12346789"
    return "123456789" if first else "0123456789"


_VALUE = re.compile(
    rf"(?P<before>[^\d\-−.\\]{{0,24}})(?P<sign>[-−]?)\s*"
    rf"(?:(?P<number>{NUMBER})(?:\s*/\s*(?P<under>\d+))?"
    r"|\\(?P<frac>[dt]?frac)\s*\{(?P<top>\d+)\}\s*\{(?P<bottom>\d+)\})"
    r"(?P<after>[^\d]{0,40})",
)


@dataclass(frozen=True)
class Written:
    """A value and how it is written, so that another can be written the same way."""

    value: Fraction
    before: str
    after: str
    form: str
    places: int = 0
    grouped: bool = False

    def like(self, value: Fraction) -> str | None:
        """Another value in this form, or `None` where the form cannot hold it."""
        sign = "-" if value < 0 else ""
        text = self._digits(abs(value))
        return None if text is None else f"{self.before}{sign}{text}{self.after}"

    def _digits(self, value: Fraction) -> str | None:
        if self.form == "number":
            scaled = value * 10**self.places
            if scaled.denominator != 1:
                return None
            text = f"{scaled.numerator:0{self.places + 1}d}"
            whole = text[: len(text) - self.places]
            shown = f"{int(whole):,}" if self.grouped else whole
            return shown + (f".{text[len(whole) :]}" if self.places else "")
        if value.denominator == 1:
            return None
        if self.form == "/":
            return f"{value.numerator}/{value.denominator}"
        return f"\\{self.form}{{{value.numerator}}}{{{value.denominator}}}"


def written(text: str) -> Written | None:
    """The one value that a short answer says, or `None`."""
    found = _VALUE.fullmatch(text.strip())
    if found is None:
        return None
    top = (found["number"] or found["top"]).replace(",", "")
    bottom = int(found["under"] or found["bottom"] or 1)
    if not bottom or len(top) > _LONGEST:
        return None
    form = found["frac"] or ("/" if found["under"] else "number")
    value = Fraction(top) / bottom * (-1 if found["sign"] else 1)
    places = len(top.partition(".")[2]) if form == "number" else 0
    grouped = "," in (found["number"] or "")
    return Written(value, found["before"], found["after"], form, places, grouped)


def digits_of(value: Fraction) -> int:
    """How many digits stand before the point."""
    return len(str(abs(int(value))))
