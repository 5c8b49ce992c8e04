"""Words renamed throughout a document, wherever they stand as whole words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from worktrial.documents.edits import sayable
from worktrial.documents.unit import Document, Unit, Value

_WORD = re.compile(r"\w+")
_LEAST_LETTERS, _MOST_CODES = 4, 5


def reword(document: Document, *, words: Mapping[str, str]) -> Document:
    """Replace whole words in every text and every text field; case counts."""

    def in_text(text: str) -> str:
        return _WORD.sub(lambda word: words.get(word[0], word[0]), text)

    def in_value(value: Value) -> Value:
        return in_text(value) if isinstance(value, str) else value

    def reworded(unit: Unit) -> Unit:
        fields = {name: in_value(value) for name, value in unit.fields.items()}
        changed = replace(unit, fields=fields, text=in_text(unit.text))
        return unit if changed == unit else replace(changed, layout=None)

    return Document({n: tuple(map(reworded, units)) for n, units in document.files.items()})


def fresh_names(
    document: Document, old: Sequence[str], pool: Iterable[str], rng: Random
) -> dict[str, str]:
    """New words for old ones, from a pool, that the document does not use yet.

    Returns:
        A new word for each old one, or nothing if the pool doesn't have enough.
    """
    used = used_words(document)
    free = [word for word in pool if word not in used and word.upper() not in used]
    return dict(zip(old, rng.sample(free, len(old)), strict=True)) if len(free) >= len(old) else {}


def code_words(document: Document, rng: Random) -> dict[str, str]:
    """A code word for each of some frequent longer words; nothing if one is in use already."""
    found = (word for unit in document.units() for text in _texts(unit) for word in words(text))
    count = Counter(long_words(found))
    frequent = sorted(count, key=lambda word: (-count[word], word))[: 4 * _MOST_CODES]
    old = rng.sample(frequent, min(len(frequent), _MOST_CODES))
    fresh = [f"TERM{at}" for at in range(1, len(old) + 1)]
    return {} if used_words(document) & set(fresh) else dict(zip(old, fresh, strict=True))


def long_words(found: Iterable[str]) -> Iterator[str]:
    """Those that are no mere particles and can stand in a sentence."""
    return (w for w in found if len(w) >= _LEAST_LETTERS and w[0].isalpha() and sayable(w))


def used_words(document: Document) -> set[str]:
    """Every word of the texts and text fields of a document."""
    return {word for unit in document.units() for text in _texts(unit) for word in words(text)}


def words(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)


def _texts(unit: Unit) -> list[str]:
    return [unit.text, *(value for value in unit.fields.values() if isinstance(value, str))]
