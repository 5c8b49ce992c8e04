"""How alike two units are: the share of fields that are equal, and of tokens in one order."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cdist

from worktrial.documents.unit import Unit, tokens

CLIP_FIELDS = 0.5
CLIP_TEXT = 0.3
TEXT_WEIGHT = 2.0
"""How many fields the running text of a unit counts for."""
NEARLY = 0.99
"""The most that two unequal units can be alike, though they differ in no token."""

FloatArray = NDArray[np.float64]
_ABSENT = object()


def unit_similarity(left: Unit, right: Unit, *, clip: float | None = None) -> float:
    """The similarity of two units, clipped: 0 for units that are not the same unit."""
    if left.kind != right.kind:
        return 0.0
    if left.identity == right.identity:
        return 1.0
    return float(similarities([left], [right], clip)[0, 0])


def similarities(lefts: Sequence[Unit], rights: Sequence[Unit], clip: float | None) -> FloatArray:
    """Clipped similarity of every pair of unequal units of a kind, shape (lefts, rights)."""
    names = dict.fromkeys(name for unit in (*lefts, *rights) for name in unit.fields)
    equal, union = _equal_fields(names, lefts, rights), _all_fields(lefts, rights)
    if any(unit.text for unit in (*lefts, *rights)):
        shared, present = _text_similarities(lefts, rights)
        equal += TEXT_WEIGHT * shared
        union += TEXT_WEIGHT * present
    alike: FloatArray = np.ones_like(equal)
    np.divide(equal, union, out=alike, where=union > 0)
    threshold = clip if clip is not None else (CLIP_FIELDS if names else CLIP_TEXT)
    alike -= threshold
    alike /= 1 - threshold
    return np.clip(alike, 0.0, NEARLY, out=alike)


def _equal_fields(
    names: Iterable[str], lefts: Sequence[Unit], rights: Sequence[Unit]
) -> FloatArray:
    """In how many fields every pair is equal."""
    equal = np.zeros((len(lefts), len(rights)), np.uint32)
    same = np.empty(equal.shape, bool)
    for name in names:
        ours, theirs = _codes(name, lefts, rights)
        if ours.max() >= 0 <= theirs.max():
            np.equal.outer(ours, theirs, out=same)
            np.add(equal, same, out=equal)
    return equal.astype(float)


def _codes(
    name: str, lefts: Sequence[Unit], rights: Sequence[Unit]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """A field's values as integers; where the field is absent, one that equals no other."""
    seen: dict[object, int] = {}

    def codes(units: Sequence[Unit], absent: int) -> NDArray[np.int32]:
        values = (unit.fields.get(name, _ABSENT) for unit in units)
        return np.array(
            [absent if v is _ABSENT else seen.setdefault((type(v), v), len(seen)) for v in values],
            np.int32,
        )

    return codes(lefts, -1), codes(rights, -2)


def _all_fields(lefts: Sequence[Unit], rights: Sequence[Unit]) -> FloatArray:
    """How many fields every pair has between them."""
    ours, theirs = ([frozenset(unit.fields) for unit in units] for units in (lefts, rights))
    kinds_left, kinds_right = _numbered(ours), _numbered(theirs)
    counts = np.array([[len(a | b) for b in kinds_right] for a in kinds_left], float)
    rows, columns = [kinds_left[a] for a in ours], [kinds_right[b] for b in theirs]
    every: FloatArray = counts[:, columns][rows]
    return every


def _numbered(values: Iterable[frozenset[str]]) -> dict[frozenset[str], int]:
    return {value: n for n, value in enumerate(dict.fromkeys(values))}


def _text_similarities(
    lefts: Sequence[Unit], rights: Sequence[Unit]
) -> tuple[FloatArray, FloatArray]:
    """Longest common subsequence of tokens over their union, and whether there is any text."""
    character = _Alphabet().__getitem__
    # One character a token, so that a fast string metric compares tokens.
    ours, theirs = (
        ["".join(map(character, tokens(unit.text))) for unit in units] for units in (lefts, rights)
    )
    common = cdist(ours, theirs, scorer=LCSseq.similarity, dtype=np.int32).astype(float)
    union = np.add.outer([len(t) for t in ours], [len(t) for t in theirs]) - common
    present = (union > 0).astype(float)
    return np.divide(common, union, out=common, where=union > 0), present


class _Alphabet(dict[str, str]):
    """A character of its own for each token."""

    def __missing__(self, token: str) -> str:
        surrogates, index = 0xD800, len(self) + 1
        self[token] = chr(index if index < surrogates else index + 0x800)
        return self[token]
