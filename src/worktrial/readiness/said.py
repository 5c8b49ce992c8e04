"""What texts an event holds, and how a text is compared with what must not be in it.

The events of an item can be megabytes of whatever a worker wrote, so all of this is linear in them.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

_LETTERS_AND_DIGITS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")


def letters(text: str) -> str:
    """Only letters and digits, without case, accents or width: `A-1 é` and `a1e` are the same.

    Marks are dropped before and after they are taken apart: a long run of them would otherwise be
    sorted, in a time that grows with its square.
    """
    plain = _LETTERS_AND_DIGITS.sub("", text.casefold())
    if plain.isascii():
        return plain
    return _LETTERS_AND_DIGITS.sub("", unicodedata.normalize("NFKD", plain).casefold())


def words(text: str) -> str:
    """The words of a text, without case, between single spaces and with one at each end."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def texts(value: str) -> list[str]:
    """All texts and numbers in a JSON text, keys too; the text itself if it is no JSON."""
    try:
        parsed = json.loads(value, object_pairs_hook=list, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return [value]
    return list(_leaves(parsed))


def row(value: str) -> dict[str, Any]:
    """The row of a `write` event; empty if it is none."""
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _leaves(parsed: Any) -> Iterator[str]:
    left = [parsed]
    while left:
        one = left.pop()
        if isinstance(one, list | tuple):
            left.extend(reversed(one))
        elif isinstance(one, str):
            yield one
