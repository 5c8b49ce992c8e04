"""Two ways of marking one answer: strict wants the form too, lenient the answer alone."""

import re
from dataclasses import dataclass
from fractions import Fraction

_LONGEST = 20_000
_NUMBER = re.compile(r"-?\d{1,30}(?:/\d{1,30}|\.\d{1,30})?")


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
        text = text[-_LONGEST:].rstrip()
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
        text = text[-_LONGEST:].strip()
        if isinstance(wanted, Fraction):
            numbers = _NUMBER.findall(text)
            return bool(numbers) and normal(numbers[-1]) == wanted
        return normal(text.splitlines()[-1] if text else "") == wanted

    def given(self, text: str) -> str | None:
        """The answer as far as one is found: in the tag, else the last number, in normal form."""
        said = self.said(text)
        if said is None:
            numbers = _NUMBER.findall(text[-_LONGEST:])
            said = numbers[-1] if numbers else None
        return None if said is None else str(normal(said))


HASH = Form("#", re.compile(r"#(-?\d{1,12})"), whole=True)
BOXED = Form("\\boxed{}", re.compile(r"\\boxed\{([^{}\n]{1,200})\}"), whole=False)


def normal(answer: str) -> Fraction | str:
    """An answer as it is compared: a number exactly, anything else without case and edges."""
    text = answer.strip().strip(".").replace("−", "-").replace(",", "")
    if _NUMBER.fullmatch(text):
        try:
            return Fraction(text)
        except ZeroDivisionError:
            pass
    return answer.strip().casefold()
