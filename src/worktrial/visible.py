"""Text of others, made safe to look at in a page or a terminal."""

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""Show what would act on a page or terminal instead of being read: ESC as `\x1b`.

    Controls, bidirectional overrides, zero-width characters and lone surrogates are written as
    Python would escape them; line ends and tabs stay.
    """
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape").decode("ascii")
