"""The damage that reference workers do, on units alone: a known truth for the instrument.

Damage acts on leaf units in the document's basic form; structure is spared. Every function is
total and draws from the stream it is given.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from worktrial.documents.unit import Document, Unit, Value
from worktrial.errors import ConfigError

Survives = Callable[[Unit], bool]
Damage = Callable[[Document, Random], Document]
Valid = Callable[[Unit], bool]
"""Whether a domain can write a unit and read it back as it is."""


def _leaves(document: Document, change: Callable[[Unit], Sequence[Unit]]) -> Document:
    """Put any number of units in the place of each leaf."""
    return Document(
        {
            name: tuple(
                after for unit in units for after in ((unit,) if unit.structural else change(unit))
            )
            for name, units in document.files.items()
        }
    )


def lose(document: Document, rng: Random, *, probability: float) -> Document:
    """Drop each leaf with a probability."""
    return _leaves(document, lambda unit: () if rng.random() < probability else (unit,))


def lose_fragile(document: Document, rng: Random, *, probability: float, share: float) -> Document:
    """Drop each leaf with a probability, but only those of a fixed share that ever can be lost."""
    return _leaves(
        document,
        lambda unit: () if rng.random() < probability and _mark(unit) < share else (unit,),
    )


def duplicate(document: Document, rng: Random, *, probability: float) -> Document:
    """Write each leaf twice with a probability."""
    return _leaves(document, lambda unit: (unit, unit) if rng.random() < probability else (unit,))


def lose_half(document: Document, rng: Random, *, probability: float) -> Document:
    """With a probability, drop one half of the leaves, whichever."""
    if rng.random() >= probability:
        return document
    leaves = sum(not unit.structural for unit in document.units())
    gone = set(rng.sample(range(leaves), (leaves + rng.getrandbits(1)) // 2))
    count = iter(range(leaves))
    return _leaves(document, lambda unit: () if next(count) in gone else (unit,))


def alter(
    document: Document, rng: Random, *, probability: float, valid: Valid = lambda _: True
) -> Document:
    """Change one digit or word of each leaf with a probability; never its key, never back."""
    return _leaves(
        document,
        lambda unit: (_altered(unit, rng, valid) if rng.random() < probability else unit,),
    )


def _altered(unit: Unit, rng: Random, valid: Valid) -> Unit:
    places: list[str | int] = [name for name in unit.fields if name != unit.key]
    places += range(len(re.findall(r"\w+", unit.text)))
    for place in rng.sample(places, len(places)):
        changed = _changed(unit, place)
        if changed != unit and valid(changed):
            return changed
    return unit


def _changed(unit: Unit, place: str | int) -> Unit:
    if isinstance(place, str):
        fields = {**unit.fields, place: _other(unit.fields[place])}
        return replace(unit, fields=fields, layout=None)
    word = list(re.finditer(r"\w+", unit.text))[place]
    text = unit.text[: word.start()] + _other_word(word[0]) + unit.text[word.end() :]
    return replace(unit, text=text, layout=None)


def _other(value: Value) -> Value:
    match value:
        case Decimal():
            exponent = value.as_tuple().exponent
            return value + Decimal(1).scaleb(min(0, exponent if isinstance(exponent, int) else 0))
        case date():  # a datetime is one too
            return value + timedelta(days=1)
        case str() if value:
            return _other_word(value)
        case _:
            return value


def _other_word(word: str) -> str:
    """Count its last digit up, or let it grow by a letter."""
    digit = re.search(r"\d(?=\D*$)", word)
    if digit is None:
        return f"{word}x"
    return word[: digit.start()] + str((int(digit[0]) + 1) % 10) + word[digit.end() :]


def _mark(unit: Unit) -> float:
    """A number in [0, 1) that follows from a unit's content alone."""
    content = repr((unit.kind, unit.text, sorted((n, str(v)) for n, v in unit.fields.items())))
    return int.from_bytes(hashlib.sha256(content.encode()).digest()[:7], "big") / 2**56


BURDEN = 2500
"""Characters of working files beyond which `burdened` does damage: about 700 tokens."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a reference worker is, parsed from its name.

    Attributes:
        name: As it was asked for, such as `lossy-0.02`.
        kind: The part before the numbers.
        probability: Per leaf or leg, where the kind has one.
        share: Of the leaves that can ever be lost, for `fragile`.
    """

    name: str
    kind: str
    probability: float = 0.0
    share: float = 1.0

    def under(self, *, others: int, characters: int, earlier: int) -> "Behaviour":
        """This worker as it works on one leg; some do damage only where something burdens them.

        Args:
            others: Files beside the working ones.
            characters: Of the working files.
            earlier: Legs before this one in the same conversation.
        """
        fine = {
            "distracted": others == 0, "burdened": characters <= BURDEN, "weary": earlier == 0,
        }  # fmt: skip
        return replace(self, probability=0.0) if fine.get(self.kind, False) else self

    def damage(self, document: Document, rng: Random, valid: Valid = lambda _: True) -> Document:
        """Do to a document in its basic form what this worker does in one leg."""
        match self.kind:
            case "lossy" | "hasty" | "distracted" | "burdened" | "weary":
                return lose(document, rng, probability=self.probability)
            case "fragile":
                return lose_fragile(document, rng, probability=self.probability, share=self.share)
            case "inserting":
                return duplicate(document, rng, probability=self.probability)
            case "catastrophic":
                return lose_half(document, rng, probability=self.probability)
            case "altering":
                return alter(document, rng, probability=self.probability, valid=valid)
            case _:
                return document


_NUMBERS = {
    "oracle": 0, "careful": 0, "noop": 0, "refusing": 0, "empty": 0,
    "lossy": 1, "altering": 1, "inserting": 1, "catastrophic": 1, "fragile": 2,
    "hasty": 1, "distracted": 1, "burdened": 1, "weary": 1,
}  # fmt: skip


def behaviour(name: str) -> Behaviour:
    """Read a reference worker's name.

    Raises:
        ConfigError: If there is no such worker or a number is missing or out of range.
    """
    kind, *written = name.split("-")
    if kind not in _NUMBERS or len(written) != _NUMBERS[kind]:
        known = ", ".join(kind + "-P-F"[: 2 * n] for kind, n in _NUMBERS.items())
        raise ConfigError(f"`reference/NAME` must be one of {known}; got {name!r}")
    try:
        numbers = [float(text) for text in written]
    except ValueError:
        numbers = [-1.0]
    if not all(0 <= number <= 1 for number in numbers):
        raise ConfigError(f"the numbers of `reference/{name}` must be in [0, 1]; try {kind}-0.02")
    return Behaviour(name, kind, *numbers)
