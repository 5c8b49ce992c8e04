"""Documents as units: what every domain parses into, and what likeness and edits act on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

Value = str | Decimal | bool | None | date | datetime
"""A typed field. Numbers are exact decimals, never strings of numbers."""

Files = Mapping[str, str]
"""The text of a document: file name to content."""

_TOKEN = re.compile(r"\w+|[^\w\s]|\s{2,}")
_NO_FIELDS: Mapping[str, Value] = MappingProxyType({})
_ENOUGH_CHARACTERS = 64
_ENOUGH_TOKENS = 8


def tokens(text: str) -> list[str]:
    """Split text into words and punctuation marks.

    A run of spaces is a token too: formats fold the runs that mean nothing before this.
    """
    return _TOKEN.findall(text)


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest piece of a document that can be lost, altered or moved as a whole.

    Attributes:
        kind: What it is, in the words of its format; units of different kinds are never alike.
        fields: Typed values by name, the key among them.
        key: The name of the field that identifies it, where the format has one.
        text: Running text, compared by tokens.
        ordered: Whether its place in its file means something.
        structural: A header, legend, look-up row or book-keeping: reference workers spare it.
        layout: How it was written, for rendering alone; never compared.
    """

    kind: str
    fields: Mapping[str, Value] = field(default_factory=lambda: _NO_FIELDS)
    key: str | None = None
    text: str = ""
    ordered: bool = True
    structural: bool = False
    layout: str | None = field(default=None, compare=False)

    @property
    def identity(self) -> tuple[object, ...]:
        """A hashable value that equal units share; `True` is not `1` and `1.0` is `1.00`."""
        fields = self.fields
        if not fields:
            return (self.kind, self.text)
        if bool in map(type, fields.values()):
            typed = frozenset((name, type(value), value) for name, value in fields.items())
            return (self.kind, self.text, typed)
        return (self.kind, self.text, frozenset(fields.items()))

    @property
    def weight(self) -> float:
        """1, or less for boilerplate: text alone and shorter than eight tokens."""
        if self.fields or len(self.text) >= _ENOUGH_CHARACTERS:
            return 1.0
        return min(1.0, max(1, len(tokens(self.text))) / _ENOUGH_TOKENS)


def equal(one: Unit, other: Unit) -> bool:
    """Whether two units say the same."""
    if one.text != other.text or one.kind != other.kind or one.fields != other.fields:
        return False
    # Python takes True for 1, a document does not.
    values = (*one.fields.values(), *other.fields.values())
    return bool not in map(type, values) or one.identity == other.identity


@dataclass(frozen=True, slots=True)
class Document:
    """Units in the order they stand, file by file."""

    files: Mapping[str, tuple[Unit, ...]]

    def units(self) -> Iterator[Unit]:
        """Every unit, file after file."""
        for units in self.files.values():
            yield from units

    def replacing(self, name: str, units: Iterable[Unit] | None) -> "Document":
        """The same document with one file's units replaced, or the file removed for `None`."""
        files = dict(self.files)
        if units is None:
            files.pop(name, None)
        else:
            files[name] = tuple(units)
        return Document(files)


def opaque(text: str, *, ordered: bool = True) -> Unit:
    """What could not be parsed, kept and compared as text."""
    return Unit("opaque", text=" ".join(text.split()), ordered=ordered, layout=text)
