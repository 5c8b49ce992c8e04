"""What a text claims: that the task is done, that it is not, and how sure the writer is.

Fixed English phrases, sentence by sentence: a claim in other words or another language is none.
"""

import re
from collections.abc import Iterator

from worktrial.refusal import refuses

_LONGEST = 20_000
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_DOES = (
    r"done|completed?|finished|resolved|fixed|implemented|sent|submitted|booked|scheduled|created|"
    r"updated|added|changed|cancelled|saved|written|filed|moved|removed|deleted|handled|applied|"
    r"set up|taken care of"
)
_NOT_DONE = re.compile(
    r"\b(?:I|we) (?:(?:could|can)(?: not|n't)|cannot) (?!only\b)\w+|"
    r"\b(?:un|not )able to\b|\bfailed to\b|\b(?:I|we) (?:have )?(?:failed|give up|gave up)\b|"
    rf"\bcould(?: not|n't) be (?:{_DOES}|found|reached|read|opened)\b|"
    r"(?:\bnot|n't|\bnever)(?: been)?(?: yet| fully)? (?:done|complete|completed|finished|finish|"
    r"succeed|succeeded|manage|managed|sent|submitted|booked)\b|"
    r"\b(?:is|was|remains?|still|stays) (?:incomplete|unfinished|undone|unresolved|open)\b|"
    r"\b(?:task|work|request)\b[^.]{0,40}\b(?:has|have)? ?failed\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:task|work|job|request|assignment|everything|all|all of it|it all|it|that|this)"
    r"(?: \w+){0,3}? (?:is|are|was|were|has been|have been|'s)(?: now| all| already| fully)?"
    r" (?:done|complete|completed|finished|resolved|taken care of)\b|"
    r"\ball (?:done|set)\b|^\W*(?:done|finished|completed?)\W*$|^\W*done[:,]|"
    r"\b(?:task|work|job) (?:complete|completed|done|finished|accomplished)\b|"
    r"\b(?:I|we)(?:'ve| have)?(?: now| successfully| just)*"
    r" (?:completed?|finished)\b|"
    r"\b(?:I'm|I am|we're|we are)(?: now| all)? (?:done|finished)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    rf"\b(?:I|we)(?:'ve| have)?(?: now| successfully| just| also| already)* (?:{_DOES})\b|"
    rf"\b(?:has|have) (?:now |successfully )?been (?:successfully )?(?:{_DOES})\b|"
    rf"\b(?:is|are) now (?:{_DOES})\b|\bsuccessfully (?:{_DOES})\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\?\s*$|^\W*(?:if|when|once|after|until|unless|before|please|let me|next)\b|"
    r"\b(?:will|to|should|must|can|could|would|may|might|need to) (?:then |now )?be\b|"
    r"\b(?:once|until|when|if|unless|before) (?:I|we|it|that|this|the|all|everything)\b|"
    r"\bI(?:'ll| will)\b",
    re.IGNORECASE,
)
_CONFIDENCE = re.compile(
    r"\bconfiden(?:ce|t)\b(?: level| score| in (?:this|my|the) answer)?\s{0,3}(?:is|of|at|:|=|-)?"
    r"\s{0,3}(?:about |around |approximately )?(\d{1,3}(?:\.\d{1,6})?|\.\d{1,6})"
    r"\s?(%|percent\b|/\s?100?\b)?|"
    r"\b(\d{1,3}(?:\.\d{1,6})?|\.\d{1,6})\s?(%|percent\b)\s(?:confiden(?:t|ce)|sure|certain)\b",
    re.IGNORECASE,
)


def says_done(text: str) -> bool | None:
    """Whether a text says that the task is done; `None` if it says neither.

    A text that tells of something that was not done says that it is not, unless it says after that
    that all is.
    """
    said: bool | None = False if refuses(text) else None
    for sentence in _sentences(text):
        said = _after(said, sentence)
    return said


def stated_confidence(text: str) -> float | None:
    """The last stated probability of being right: `confidence: 80%`, `80 % sure`, `.8`.

    A bare whole number is none: of 1, of 10 or of 100.
    """
    found = None
    for match in _CONFIDENCE.finditer(text[-_LONGEST:].replace("*", "")):
        number, unit = match[1] or match[3], match[2] or match[4]
        found = _probability(float(number), unit, whole="." not in number)
    return found


def _after(said: bool | None, sentence: str) -> bool | None:
    if _NOT_DONE.search(sentence):
        return said if sentence.rstrip().endswith("?") else False
    if _OPEN.search(sentence):
        return said
    if _WHOLE.search(sentence):
        return True
    return True if said is None and _PART.search(sentence) else said


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text with plain quotes; of a long one the end."""
    plain = text[-_LONGEST:].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("*", "")
    return (match[0] for match in _SENTENCE.finditer(plain))


def _probability(number: float, unit: str | None, *, whole: bool) -> float | None:
    if unit is None:
        return number if not whole and number <= 1 else None
    value = number / (10 if unit.endswith("10") else 100)
    return value if value <= 1 else None
