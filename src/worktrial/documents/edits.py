"""Edits: reversible changes of a document, each a sentence and the program that does it.

A **verb** ties a sentence to a program. Its arguments stand in the sentence in backticks, so the
sentence alone is enough to run the program: the oracle and the reference workers read the same
words as the worker on trial. An **edit** is a program forward and the program that restores.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from worktrial.documents.unit import Document, Unit

Kind = Literal[
    "sort", "split", "extract", "rename", "convert", "scale", "substitute",
    "renumber", "regroup", "move", "normalise", "composed",
]  # fmt: skip
Argument = str | Sequence[str] | Mapping[str, str]
Transform = Callable[..., Document]

_HOLE = re.compile(r"\{(\*{0,2})(\w+)\}")
_ONE = r"`([^`]*)`"
_MANY = r"((?:`[^`]*`(?:, )?)+)"
_PAIRS = r"((?:`[^`]*` → `[^`]*`(?:, )?)+)"


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of an instruction and the program that carries it out."""

    sentence: str
    program: Callable[[Document], Document]
    verb: "Verb"


class Verb:
    """A sentence with holes, and the program that takes what stands in them.

    `{x}` takes one value, `{*x}` a list, `{**x}` a map. The program is called with the document
    and the holes by name; it must be total on damaged documents.
    """

    def __init__(self, sentence: str, program: Transform) -> None:
        self.sentence = sentence
        self.program = program
        self._holes = [(stars, name) for stars, name in _HOLE.findall(sentence)]
        self._pattern = re.compile(_pattern(sentence))

    def __call__(self, **arguments: Argument) -> Step:
        """Say the sentence with these arguments."""
        holes = {name: _written(arguments[name]) for _, name in self._holes}
        sentence = _HOLE.sub(lambda hole: holes[hole[2]], self.sentence)
        return Step(sentence, lambda document: self.program(document, **arguments), self)

    def read(self, text: str, start: int) -> tuple[Step, int] | None:
        """Read this verb's sentence from `text` at `start`, and where it ends."""
        found = self._pattern.match(text, start)
        if found is None:
            return None
        arguments = {
            name: _read(stars, written)
            for (stars, name), written in zip(self._holes, found.groups(), strict=True)
        }
        return self(**arguments), found.end()


def _pattern(sentence: str) -> str:
    forms = {"": _ONE, "*": _MANY, "**": _PAIRS}
    literal = _HOLE.split(sentence)
    parts = [re.escape(literal[0])]
    for stars, _, rest in zip(literal[1::3], literal[2::3], literal[3::3], strict=True):
        parts += [forms[stars], re.escape(rest)]
    return "".join(parts)


def _written(argument: Argument) -> str:
    if isinstance(argument, str):
        return f"`{argument}`"
    if isinstance(argument, Mapping):
        return ", ".join(f"`{old}` → `{new}`" for old, new in argument.items())
    return ", ".join(f"`{item}`" for item in argument)


def _read(stars: str, written: str) -> Argument:
    if not stars:
        return written
    values = re.findall(_ONE, written)
    return dict(zip(values[::2], values[1::2], strict=True)) if stars == "**" else tuple(values)


def sayable(*values: object) -> bool:
    """Whether values can stand in a sentence: short, on one line, without a backtick."""
    return all(
        isinstance(v, str) and "`" not in v and v.isprintable() and len(v) <= 60 for v in values
    )


@dataclass(frozen=True, slots=True)
class Program:
    """Steps in order: an instruction in words and what it does."""

    steps: tuple[Step, ...]

    @property
    def instruction(self) -> str:
        """The words: one paragraph, or a numbered list from three steps on."""
        sentences = [step.sentence for step in self.steps]
        if len(sentences) < 3:
            return " ".join(sentences)
        return "\n".join(f"{i}. {sentence}" for i, sentence in enumerate(sentences, 1))

    def __call__(self, document: Document) -> Document:
        """Carry it out."""
        for step in self.steps:
            document = step.program(document)
        return document


@dataclass(frozen=True, slots=True)
class Edit:
    """A reversible change, planned for one document.

    Attributes:
        name: What the domain calls it.
        kind: The family it belongs to, for the anatomy of losses.
        forward: What is asked first.
        backward: What restores the document, from the forward result and the words alone.
    """

    name: str
    kind: Kind
    forward: Program
    backward: Program


Planner = Callable[[Document, Random], Edit | None]
"""Plans an edit for a document, or says `None` where it does not fit."""


def edit(name: str, kind: Kind, forward: Sequence[Step], backward: Sequence[Step]) -> Edit:
    """Put an edit together from its steps."""
    return Edit(name, kind, Program(tuple(forward)), Program(tuple(backward)))


def compose(name: str, *planners: Planner) -> Planner:
    """Plan edits one after the other, undone in reverse; none if one of them does not fit."""

    def plan(document: Document, rng: Random) -> Edit | None:
        planned = [planner(document, rng) for planner in planners]
        edits = [e for e in planned if e is not None]
        if len(edits) < len(planned):
            return None
        forward = [step for e in edits for step in e.forward.steps]
        backward = [step for e in reversed(edits) for step in e.backward.steps]
        return edit(name, "composed", forward, backward)

    return plan


def read_instruction(text: str, verbs: Sequence[Verb]) -> Program | None:
    """Find the program in an instruction's words, or `None` if a sentence is not known."""
    steps: list[Step] = []
    at = 0
    while at < len(text):
        gap = re.compile(r"\s*(?:\d+\.\s+)?").match(text, at)
        at = gap.end() if gap else at
        if at == len(text):
            break
        found = next((hit for verb in verbs if (hit := verb.read(text, at))), None)
        if found is None:
            return None
        step, at = found
        steps.append(step)
    return Program(tuple(steps)) if steps else None


def content(document: Document, kind: str) -> list[Unit]:
    """The units of one kind, in order, over all files."""
    return [unit for unit in document.units() if unit.kind == kind]
