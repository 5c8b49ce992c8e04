r"""Is an answer right? Numbers are compared as numbers, options by letter or text, else text.

What is read is what stands behind the last `ANSWER:`, or in the last `\boxed{}`, or else the last
line. Nothing of it is evaluated.
"""

import re
import string
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

_MOST = 20_000
"""Characters at a message's end that are read."""
_MARK = re.compile(r"(?:FINAL )?ANSWER\s*(?:IS\s*)?:[ \t]*", re.IGNORECASE)
_BOXED = re.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_LATEX_FRACTION = re.compile(r"\\[dt]?frac\s*\{\s*([-\d.,\s]+)\}\s*\{\s*([\d.,\s]+)\}")
_PLAIN = r"\d{1,3}(?:,\d{3}){1,12}(?:\.\d{1,40})?|\d{1,40}(?:\.\d{1,40})?|\.\d{1,40}"
"""Bounded, since what is longer is no answer but an attack."""
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<sign>[-+]?)\$?(?P<top>{_PLAIN})"
    rf"(?:\s*/\s*(?P<bottom>{_PLAIN})|(?:e|\s*[x×]\s*10\^)(?P<power>[-+]?\d{{1,3}}))?(?![\w])"
)
_LETTER = re.compile(r"\A(?:option|choice)?\s*\(?([A-Za-z])(?:[).:]|\Z|\s+[-–—])", re.IGNORECASE)
_CLOSE = Fraction(1, 10**6)
"""As a share of what is not whole; whole numbers are exact."""


def correct(text: str, answer: str | None, options: Sequence[str] = ()) -> bool | None:
    """Whether a message gives the right answer.

    Args:
        text: The whole message.
        answer: The right one; of multiple choice, the right option's text.
        options: In the order in which they were shown, lettered from A.

    Returns:
        `None` where no right answer is known.
    """
    if answer is None or not answer.strip():
        return None
    said = final(text)
    if options:
        return _same_option(said, answer, options)
    truth = number(answer)
    if truth is not None:
        return _same_number(said, truth)
    return normal(said) == normal(answer)


def final(text: str) -> str:
    """What a message gives as its answer."""
    read = unicodedata.normalize("NFKC", text[-_MOST:].replace("−", "-")).replace("*", "")
    for pattern in (_MARK, _BOXED):
        if found := list(pattern.finditer(read)):
            behind = found[-1].group(1) if pattern is _BOXED else read[found[-1].end() :]
            read = behind.strip()
            read = read.partition("\n")[0]
    lines = [line.strip() for line in read.split("\n") if line.strip()]
    return lines[-1].strip(" $`\"'") if lines else ""


def number(text: str) -> Fraction | None:
    """The number that a text is, apart from a currency, a per cent sign or LaTeX around it."""
    plain = _flat(text).strip(" $€£%.`")
    found = _NUMBER.fullmatch(plain)
    return _value(found) if found else None


def _flat(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("⁄", "/")
    plain = _LATEX_FRACTION.sub(r"\1/\2", plain.replace("\\%", "%").replace("\\,", ""))
    return plain.replace("\\$", "$").replace("{,}", ",")


def _value(found: re.Match[str]) -> Fraction | None:
    top, bottom = (Fraction((found[n] or "1").replace(",", "")) for n in ("top", "bottom"))
    if not bottom:
        return None
    value = top / bottom * Fraction(10) ** int(found["power"] or 0)
    return -value if found["sign"] == "-" else value


def _same_number(said: str, truth: Fraction) -> bool:
    """Whether the one number in what was said, or the one behind its equals sign, is the truth."""
    flat = _flat(said).rpartition("=")[2]
    values = {_value(found) for found in _NUMBER.finditer(flat)}
    if len(values) != 1:
        return False
    value, apart = values.pop(), 0 if truth.denominator == 1 else _CLOSE * abs(truth)
    return value is not None and abs(value - truth) <= apart


def _same_option(said: str, answer: str, options: Sequence[str]) -> bool:
    """Whether the option that was named, by letter or text, is the right one."""
    right = {n for n, option in enumerate(options) if normal(option) == normal(answer)}
    texts = {n for n, option in enumerate(options) if normal(option) == normal(said)}
    if texts:
        return bool(texts & right)
    lettered = _LETTER.match(said)
    place = string.ascii_uppercase.find(lettered[1].upper()) if lettered else -1
    return place in right


def normal(text: str) -> str:
    """Text without case, articles, repeated spaces and the punctuation of sentences around it."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    words = folded.strip(".,;:!?\"'`$ \t\n").split()
    return " ".join(word for word in words if word not in ("a", "an", "the")) or folded
