"""What a line of the simulated user says, read back: values in words, and what it does beside.

The machine that speaks does not use this; the checker and the voicing do.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from worktrial.search.items import Constraint
from worktrial.search.topics import TOPICS, Attribute, Topic

Direction = Literal["up", "down", ""]


class Said(NamedTuple):
    """A value in a line.

    Attributes:
        attribute: Key of the attribute whose value it may be.
        value: In canonical form.
        sure: Whether it can be of no other attribute.
        again: Whether it is said to have been told before.
        direction: Whether its sentence bounds it from below (`up`), from above (`down`), or not.
    """

    attribute: str
    value: str
    sure: bool
    again: bool
    direction: Direction

    def means(self, constraint: Constraint) -> bool:
        """Whether it may be this constraint."""
        return self.attribute == constraint.attribute and self.value == constraint.value

    def denies(self, constraint: Constraint) -> bool:
        """Whether it speaks of the constraint's attribute but says something else."""
        if self.attribute != constraint.attribute:
            return False
        if self.value != constraint.value:
            return self.sure
        return bool(self.direction) and self.direction == _AGAINST.get(constraint.operator)


class Line(NamedTuple):
    """What a line of the simulated user does.

    Attributes:
        said: The values in it, in order.
        indifferent: Keys of the attributes to which it does not mind.
        put_off: Keys of those to which it cannot say anything yet.
        wants_questions: Whether it wants to be asked before it takes an answer.
    """

    said: tuple[Said, ...]
    indifferent: tuple[str, ...]
    put_off: tuple[str, ...]
    wants_questions: bool


def read_line(line: str, topic: Topic) -> Line:
    """Read a line of the simulated user.

    Args:
        line: In the words of a style or of a model.
        topic: Whose attributes and values it speaks of.
    """
    said, line = _word_for_word(line, topic)
    indifferent: set[str] = set()
    put_off: set[str] = set()
    again = False
    for sentence in _SENTENCE_END.split(line):
        again = again or bool(_AGAIN.search(sentence))
        about = named(sentence, topic)
        if _INDIFFERENT.search(sentence):
            indifferent.update(about)
        elif _PUT_OFF.search(sentence):
            put_off.update(about)
        for attribute in topic.attributes:
            if attribute.kind != "line":
                said += _said(sentence, attribute, attribute.key in about, again, topic)
    keys = [attribute.key for attribute in topic.attributes]
    return Line(
        said=tuple(said),
        indifferent=tuple(key for key in keys if key in indifferent),
        put_off=tuple(key for key in keys if key in put_off),
        wants_questions=bool(_ASK_FIRST.search(line)),
    )


def noun(attribute: Attribute) -> str:
    """What an attribute is called in the middle of a sentence, after `the`."""
    return _NOUNS.get(attribute.key, attribute.label)


def named(text: str, topic: Topic) -> tuple[str, ...]:
    """Keys of the attributes that a text names by their labels or nouns."""
    lower = text.lower()
    if any(a.kind == "line" for a in topic.attributes):
        return _named_apart(lower, topic)
    return tuple(a.key for a in topic.attributes if a.label in lower or noun(a) in lower)


def _named_apart(text: str, topic: Topic) -> tuple[str, ...]:
    """By whole labels after `the`, the longest first: labels of one's own may hold one another."""
    found = set()
    for attribute in sorted(topic.attributes, key=lambda a: len(a.label), reverse=True):
        label = re.compile(rf"(?<!\w)the {re.escape(noun(attribute))}(?!\w)")
        text, count = label.subn(" ", text)
        found |= {attribute.key} if count else set()
    return tuple(a.key for a in topic.attributes if a.key in found)


def _word_for_word(line: str, topic: Topic) -> tuple[list[Said], str]:
    """The lines of a persona in a line, the longest first, and the rest with these blotted out."""
    keys: dict[str, list[str]] = {}
    for attribute in topic.attributes:
        if attribute.kind == "line":
            keys.setdefault(next(iter(attribute.choices or {}), ""), []).append(attribute.key)
    spans = []
    for text in sorted(keys, key=len, reverse=True):
        at = line.find(text)
        while text and at >= 0:
            end = at + len(text)
            if line[at - 1 : at].strip() == line[end : end + 1].strip() == "":
                spans.append((at, text))
                line = f"{line[:at]}{_BLOT * len(text)}{line[end:]}"
            at = line.find(text, end)
    return [
        # A line of two stages is surely neither's.
        Said(key, text, len(keys[text]) == 1, bool(_AGAIN.search(line[:at])), "")
        for at, text in sorted(spans)
        for key in keys[text]
    ], line


_BLOT = "_"
# Labels that are no nouns.
_NOUNS = {
    "available": "starting date",
    "effective": "date of coming into force",
    "seen": "first sighting",
    "published": "publication date",
}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_AGAIN = re.compile(
    r"\b(?:as|like) i (?:have )?(?:already )?(?:said|told|mentioned)\b|"
    r"\balready (?:said|told|mentioned)\b|\bsaid (?:this|it|that) (?:before|already)\b",
    re.IGNORECASE,
)
_INDIFFERENT = re.compile(
    r"\b(?:do|does|would)(?:n['’]t| not) (?:really |much )?(?:mind|care|matter)\b|"
    r"\bno preference\b|\ball the same to\b|\bmakes no difference\b",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(
    r"\b(?:can ?not|can['’]t|could not|couldn['’]t) (?:yet )?(?:say|tell|judge)\b", re.IGNORECASE
)
_ASK_FIRST = re.compile(
    r"\bask (?:me )?[^.?!]{0,40}\bfirst\b|\bfirst [^.?!]{0,30}\bask\b", re.IGNORECASE
)
_AGAINST: dict[str, Direction] = {
    "at most": "up", "by": "up", "at least": "down", "not before": "down",
}  # fmt: skip
_UP = re.compile(
    r"\b(?:at least|(?:no|not) (?:less|earlier)|no fewer|minimum of|not before|"
    r"or (?:more|longer|later))\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:at most|(?:no|not) (?:more|later)|no longer than|maximum of|up to|by|"
    r"or (?:less|fewer|earlier))\b",
    re.IGNORECASE,
)


def _said(
    sentence: str, attribute: Attribute, labelled: bool, again: bool, topic: Topic
) -> Iterator[Said]:
    up, down = bool(_UP.search(sentence)), bool(_DOWN.search(sentence))
    direction: Direction = "" if up == down else "up" if up else "down"
    own = attribute.key in _unmistakable(topic.key)
    for value, plain in _values(sentence, attribute):
        if labelled or (plain and (own or not named(sentence, topic))):
            yield Said(attribute.key, value, labelled or own, again, direction)


@cache
def _unmistakable(topic: str) -> frozenset[str]:
    """Attributes whose numbers or dates can be of no other of the topic."""
    attributes = TOPICS[topic].attributes
    kinds = [(a.kind, a.unit) for a in attributes]
    return frozenset(
        a.key for a in attributes if a.kind == "choice" or kinds.count((a.kind, a.unit)) == 1
    )


def _values(sentence: str, attribute: Attribute) -> Iterator[tuple[str, bool]]:
    """The values that may be an attribute's, and whether they are so without its label."""
    if attribute.kind == "choice":
        yield from _choices(sentence, attribute)
    elif attribute.kind == "date":
        yield from ((day, True) for day in _dates(sentence))
    else:
        yield from _numbers(sentence, attribute.unit)


# --- choices ---

_NEEDS_LABEL = {"none", "once", "always", "closed", "basic", "board", "public", "minor", "major"}


def _choices(sentence: str, attribute: Attribute) -> Iterator[tuple[str, bool]]:
    pattern, values = _choice_pattern(tuple((attribute.choices or {}).items()))
    for found in pattern.finditer(sentence):
        value = values[found[0].lower()]
        yield value, value not in _NEEDS_LABEL


@cache
def _choice_pattern(
    choices: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[re.Pattern[str], dict[str, str]]:
    values = {form.lower(): value for value, aliases in choices for form in (value, *aliases)}
    forms = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE), values


# --- dates ---

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTHS = _MONTH.split("|")
_DATE = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d\d-\d\d)|"
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH}),? (?P<y>\d{{4}})|"
    rf"(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}}))\b",
    re.IGNORECASE,
)


def _dates(sentence: str) -> Iterator[str]:
    for found in _DATE.finditer(sentence):
        try:
            yield _day(found).isoformat()
        except ValueError:
            continue


def _day(found: re.Match[str]) -> date:
    if found["iso"]:
        return date.fromisoformat(found["iso"])
    month = _MONTHS.index((found["m"] or found["m2"]).lower()) + 1
    return date(int(found["y"] or found["y2"]), month, int(found["d"] or found["d2"]))


# --- numbers ---

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELLED = {word: number for number, word in enumerate(_ONES)}
_SPELLED |= {word: 10 * number for number, word in enumerate(_TENS, 2)}
_SPELLED |= {f"{ten}-{one}": _SPELLED[ten] + _SPELLED[one] for ten in _TENS for one in _ONES[1:10]}
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<euro>€\s?|EUR\s)?(?P<number>\d{1,3}(?:[,.\s]\d{3})+(?!\d)|\d{1,9}|"
    rf"{'|'.join(sorted(_SPELLED, key=len, reverse=True))})"
    r"(?!\w|[.,]\d)(?:[\s-](?P<unit>[a-z]+))?",
    re.IGNORECASE,
)
_UNITS = {
    "EUR": {"eur", "euro", "euros"},
    "people": {"people", "persons", "person", "guests"},
    "participants": {"participants", "participant", "people"},
}


def _numbers(sentence: str, unit: str) -> Iterator[tuple[str, bool]]:
    for found in _NUMBER.finditer(_DATE.sub(" ", sentence)):
        if unit and not _in_unit(found, unit):
            continue
        digits = re.sub(r"\D", "", found["number"])
        if not unit and (found["euro"] or not digits):  # "one" alone is hardly ever a number
            continue
        number = int(digits) if digits else _SPELLED[found["number"].lower()]
        yield f"{number} {unit}".strip(), bool(unit)


def _in_unit(found: re.Match[str], unit: str) -> bool:
    forms = _UNITS.get(unit, {unit, unit.removesuffix("s")})
    return (found["unit"] or "").lower() in forms or bool(unit == "EUR" and found["euro"])
