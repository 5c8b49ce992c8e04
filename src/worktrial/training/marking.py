"""Two ways of marking one answer: strict wants the form too, lenient the answer alone."""

import re
from dataclasses import dataclass
from fractions import Fraction

_LONGEST = 20_000
# Whole runs of digits alone: the end of a longer one would be another number.
_NUMBER = re.compile(r"-?(?:(?<!\d)\d{1,30}(?:/\d{1,30}|\.\d{1,30})?|(?<!\d)\.\d{1,30})(?!\d)")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_FRACTION = re.compile(r"\\[dt]?frac\{(-?\d{1,30})\}\{(\d{1,30})\}")


@dataclass(frozen=True)
class Form:
    r"""The form of an answer, such as `#42` or `\boxed{42}`.

    Attributes:
        name: What it is called.
        tagged: Finds the answer in its tag, as its one group.
        whole: Whether a completion must be the tag and nothing else.
    """

    name: str
    tagged: re.Pattern[str]
    whole: bool

    def said(self, text: str) -> str | None:
        """What stands in the last tag, or `None`."""
        text = _plain(text)
        if self.whole:
            found = self.tagged.fullmatch(text)
        else:
            found = None
            for found in self.tagged.finditer(text):  # noqa: B007 - the last one is wanted
                pass
        return found[1].strip() or None if found else None

    def strict(self, text: str, answer: str) -> bool:
        """Whether the tag is there and holds the answer."""
        said = self.said(text)
        return said is not None and normal(said) == normal(answer)

    def lenient(self, text: str, answer: str) -> bool:
        """Whether the answer is what the text comes to, in a tag or out of it."""
        wanted = normal(answer)
        if (said := self.said(text)) is not None and normal(said) == wanted:
            return True
        text = _plain(text).strip()
        if isinstance(wanted, Fraction):
            numbers = _NUMBER.findall(text)
            return bool(numbers) and normal(numbers[-1]) == wanted
        return normal(text.splitlines()[-1] if text else "") == wanted

    def given(self, text: str) -> str | None:
        """The answer as far as one is found: in the tag, else the last number, in normal form."""
        said = self.said(text)
        if said is None:
            numbers = _NUMBER.findall(_plain(text))
            said = numbers[-1] if numbers else None
        return None if said is None else str(normal(said))


HASH = Form("#", re.compile(r"#(-?\d{1,12})"), whole=True)
BOXED = Form("\\boxed{}", re.compile(r"\\boxed\{([^{}\n]{1,200})\}"), whole=False)


def normal(answer: str) -> Fraction | str:
    """An answer as it is compared: a number exactly, anything else without case and edges."""
    text = _plain(answer).strip().rstrip(".")
    if _NUMBER.fullmatch(text):
        try:
            return Fraction(text)
        except ZeroDivisionError:
            pass
    return answer.strip().casefold()


def _plain(text: str) -> str:
    r"""A text's end, its numbers as they are read: −1,234 as -1234, `\frac{1}{2}` as 1/2."""
    text = text.rstrip()[-_LONGEST:].replace("−", "-")
    return _FRACTION.sub(r"\1/\2", _GROUPED.sub("", text))
