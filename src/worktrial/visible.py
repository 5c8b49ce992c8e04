"""Text of others, made safe to look at in a page or a terminal."""

import unicodedata
from collections.abc import Iterator

_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
_MOST_MARKS = 6
"""On one letter; more than any script stacks would be drawn over the lines above and below."""


def visible(text: str) -> str:
    r"""Show what would act on a page or terminal instead of being read: ESC as `\x1b`.

    Controls, bidirectional overrides, zero-width characters, lone surrogates and marks heaped on
    one letter are written as Python would escape them; line ends and tabs stay.
    """
    return text if text.isascii() and text.isprintable() else "".join(_visible(text))


def _visible(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in _MARKS else 0
        hidden = category in _HIDDEN and character not in "\n\t"
        escaped = hidden or marks > _MOST_MARKS
        yield character.encode("unicode_escape").decode("ascii") if escaped else character
