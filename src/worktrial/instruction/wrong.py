"""Instructions of other tasks, by output space, each with a key that a program computes."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from worktrial.instruction.items import AblateItem
from worktrial.instruction.space import Space, SpaceKind, letters


class Wrong(NamedTuple):
    """Another task's instruction, and its right answer on an item.

    Attributes:
        name: Of the task.
        text: The instruction.
        key: Its right answer.
    """

    name: str
    text: str
    key: str


class _Task(NamedTuple):
    text: str
    key: Callable[[str, Sequence[str]], str]
    """By the item's text and its options: of choices their texts, of labels the labels."""


def wrong_for(item: AblateItem, text: str, space: Space) -> Wrong:
    """Another task for an item, with an output space of the same kind and size.

    The first of the library whose key is not the item's own target, so that whoever follows it
    cannot be right by chance; the first of all where there is none.

    Args:
        item: The sample.
        text: What of its input is shown as the item's own.
        space: What answers can be.
    """
    options = item.choices if space.kind == "choices" else space.labels
    found = [
        Wrong(name, task.text, task.key(text, options))
        for name, task in LIBRARY[space.kind].items()
    ]
    return next((wrong for wrong in found if wrong.key not in item.targets), found[0])


def _letter_of(best: Callable[[Sequence[str]], int]) -> Callable[[str, Sequence[str]], str]:
    return lambda _, options: letters(len(options))[best(options)]


def _most_letters(options: Sequence[str]) -> int:
    return max(range(len(options)), key=lambda n: (_letters(options[n]), -n))


def _fewest_letters(options: Sequence[str]) -> int:
    return min(range(len(options)), key=lambda n: (_letters(options[n]), n))


def _first(options: Sequence[str]) -> int:
    return min(range(len(options)), key=lambda n: (options[n].casefold(), n))


def _last(options: Sequence[str]) -> int:
    return max(range(len(options)), key=lambda n: (options[n].casefold(), -n))


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def _word(at: int) -> Callable[[str, Sequence[str]], str]:
    """The first or last word, without the punctuation around it."""

    def key(text: str, _: Sequence[str]) -> str:
        words = [word for part in text.split() if (word := part.strip(_PUNCTUATION))]
        return words[at] if words else ""

    return key


_PUNCTUATION = ".,;:!?\"'()[]{}<>*_`…“”‘’–—-"

LIBRARY: Mapping[SpaceKind, Mapping[str, _Task]] = {
    "choices": {
        "most-letters": _Task(
            "Choose the option with the most letters; of several, the first. Nothing else counts.",
            _letter_of(_most_letters),
        ),
        "fewest-letters": _Task(
            "Choose the option with the fewest letters; of several, the first. Nothing else "
            "counts.",
            _letter_of(_fewest_letters),
        ),
        "first-in-alphabet": _Task(
            "Choose the option that comes first in the alphabet. Nothing else counts.",
            _letter_of(_first),
        ),
    },
    "labels": {
        "first-in-alphabet": _Task(
            "Choose the label that comes first in the alphabet, whatever the text says.",
            lambda _, labels: labels[_first(labels)],
        ),
        "last-in-alphabet": _Task(
            "Choose the label that comes last in the alphabet, whatever the text says.",
            lambda _, labels: labels[_last(labels)],
        ),
    },
    "number": {
        "words": _Task(
            "Count the words of the text, that is, what stands between spaces. Their number is "
            "the answer.",
            lambda text, _: str(len(text.split())),
        ),
        "letters-e": _Task(
            "Count how often the letter e stands in the text, small or capital. That number is "
            "the answer.",
            lambda text, _: str(text.casefold().count("e")),
        ),
    },
    "text": {
        "last-word": _Task("Write the last word of the text, and only that.", _word(-1)),
        "first-word": _Task("Write the first word of the text, and only that.", _word(0)),
    },
}
"""Other tasks, by kind of output space."""
