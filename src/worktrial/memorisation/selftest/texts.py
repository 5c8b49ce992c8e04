"""The self-test's own benchmark: word problems drawn from a grammar, each of them once.

An item is a form and what stands in its slots. Its variants keep the form and draw the slots
again, so items and variants are exactly exchangeable to a model that has met neither. The answer
always stands in the text, so that a model can learn to look it up as well as learn it by heart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from worktrial.documents.content import (
    ADJECTIVES,
    CITIES,
    FIRMS,
    FIRST_NAMES,
    GOODS,
    LAST_NAMES,
    MONTHS,
)

COUNTS = tuple(str(count) for count in range(10, 100))
LINES = 3
"""How many people with goods an item tells of."""
_OPENINGS = (
    "In {month} {firm} counts its {adjective} stock in {city} .",
    "{firm} opens a {adjective} store in {city} in {month} .",
    "The {adjective} report from {city} reached {firm} in {month} .",
    "A van for {firm} left {city} with {adjective} goods in {month} .",
    "Since {month} {firm} in {city} has kept a {adjective} list .",
    "At a {adjective} fair in {city} people met {firm} in {month} .",
)
_VERBS = ("has", "keeps", "brought", "ordered", "stored", "packed")
_JOINTS = (",", ";", "and", "while")
_QUESTIONS = (
    "How many {good} of {person} ?",
    "The {good} of {person} number ?",
    "Count the {good} of {person} .",
    "What does {person} count of {good} ?",
)
_ANSWER = "Answer"
_SLOTS: Mapping[str, Callable[[Random], str]] = {
    "month": lambda rng: rng.choice(MONTHS),
    "adjective": lambda rng: rng.choice(ADJECTIVES),
    "firm": lambda rng: rng.choice(FIRMS),
    "city": lambda rng: rng.choice(CITIES),
}


@dataclass(frozen=True)
class Form:
    """What an item and its variants have in common."""

    opening: str
    verb: str
    joint: str
    question: str
    asked: int
    """Which of the lines is asked for."""


@dataclass(frozen=True)
class Problem:
    """One text: its question, with the words that lead to the answer, and the answer's one word."""

    question: str
    answer: str

    @property
    def text(self) -> str:
        """The whole, as it is planted."""
        return f"{self.question} {self.answer}"


@dataclass(frozen=True)
class Item:
    """A problem as published, and fresh ones of its form."""

    published: Problem
    variants: tuple[Problem, ...]


def draw(rng: Random, variants: int = 0) -> Item:
    """Draw an item, and as many variants of it."""
    form = Form(
        rng.choice(_OPENINGS),
        rng.choice(_VERBS),
        rng.choice(_JOINTS),
        rng.choice(_QUESTIONS),
        rng.randrange(LINES),
    )
    return Item(fill(form, rng), tuple(fill(form, rng) for _ in range(variants)))


def fill(form: Form, rng: Random) -> Problem:
    """Draw what stands in a form's slots."""
    people = [f"{first} {rng.choice(LAST_NAMES)}" for first in rng.sample(FIRST_NAMES, LINES)]
    goods, counts = rng.sample(GOODS, LINES), rng.sample(COUNTS, LINES)
    lines = [
        f"{person} {form.verb} {count} {good}"
        for person, count, good in zip(people, counts, goods, strict=True)
    ]
    opening = form.opening.format(**{name: slot(rng) for name, slot in _SLOTS.items()})
    asked = form.question.format(person=people[form.asked], good=goods[form.asked])
    told = f" {form.joint} ".join(lines)
    return Problem(f"{opening} {told} . {asked} {_ANSWER}", counts[form.asked])


def vocabulary() -> tuple[str, ...]:
    """Every word that a text can have, in a fixed order."""
    fixed = " ".join((*_OPENINGS, *_VERBS, *_JOINTS, *_QUESTIONS, _ANSWER))
    drawn = (*FIRST_NAMES, *LAST_NAMES, *CITIES, *FIRMS, *ADJECTIVES, *MONTHS, *COUNTS)
    words = {word for word in fixed.split() if not word.startswith("{")}
    return tuple(sorted(words.union(drawn, " ".join(GOODS).split())))
