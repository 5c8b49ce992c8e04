"""Likeness: one symmetric law that compares two documents of any domain.

Matched units earn their similarity, everything else dilutes it:
likeness = S / (W_reference + W_output − S), where S sums the similarity of the best matching,
less half of what stands in the wrong place. Losing, inventing, altering and moving all cost.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import LCSseq
from scipy.optimize import linear_sum_assignment

from worktrial.documents.similarity import FloatArray, similarities
from worktrial.documents.unit import Document, Unit, equal

_LARGEST_BLOCK = 800
"""Pairs are compared in blocks of at most this many units a side, cut by position."""
_OUTWEIGHS_PLACES = 1e-3
"""A similarity that earns more, at the least weight, than all places of a block: 1e-7 a pair."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two documents are, and where the difference lies.

    `missing`, `extra`, `altered` and `moved` are weights as a share of the reference's weight.
    """

    value: float
    lossless: bool
    missing: float
    extra: float
    altered: float
    moved: float


class _Placed(NamedTuple):
    """A unit with its place: the pair of files it stands in, and its position there in [0, 1]."""

    unit: Unit
    weight: float
    file: int
    position: float


class _Match(NamedTuple):
    left: _Placed
    right: _Placed
    similarity: float
    earned: float


def likeness(
    reference: Document, output: Document, *, clips: Mapping[str, float] | None = None
) -> Likeness:
    """Compare a worker's document with the one it should be.

    Args:
        reference: What the document should be.
        output: What the worker made of it.
        clips: By kind, the similarity under which two units are simply not the same unit.

    Returns:
        A value in [0, 1]: 1 for equal documents, 0 for nothing in common. Symmetric: swapping the
        arguments swaps `missing` with `extra` (and their base) and leaves the value alone.
    """
    if not _comes_first(reference, output):
        mirrored = _compare(output, reference, clips or {}, base_is_right=True)
        return replace(mirrored, missing=mirrored.extra, extra=mirrored.missing)
    return _compare(reference, output, clips or {}, base_is_right=False)


def _comes_first(one: Document, other: Document) -> bool:
    """An order on documents by content alone, so that ties never favour an argument."""
    for ours, theirs in zip_longest(_in_name_order(one), _in_name_order(other)):
        if ours != theirs:
            return repr(ours) < repr(theirs)
    return True


def _in_name_order(document: Document) -> Iterator[tuple[str, Unit | None]]:
    for name in sorted(document.files):
        yield name, None
        for unit in document.files[name]:
            yield name, unit


def _compare(
    left: Document, right: Document, clips: Mapping[str, float], *, base_is_right: bool
) -> Likeness:
    pairs = _pair_files(left, right)
    lefts, rights = _place(left, pairs.left), _place(right, pairs.right)
    matches, left_over, right_over = _match(lefts, rights, clips)
    moved = _moved(matches)
    # A file is worth something as the place of its units; names alone earn nothing.
    files = pairs.earned if matches or not (lefts or rights) else 0.0
    earned = sum(m.earned for m in matches) - moved + files
    left_weight = sum(p.weight for p in lefts) + pairs.left_weight
    right_weight = sum(p.weight for p in rights) + pairs.right_weight
    base = (right_weight if base_is_right else left_weight) or 1.0
    union = left_weight + right_weight - earned
    altered = sum(max(m.left.weight, m.right.weight) - m.earned for m in matches)
    lossless = not (left_over or right_over or moved or altered) and pairs.same
    return Likeness(
        value=1.0 if lossless else max(0.0, earned / union),
        lossless=lossless,
        missing=(sum(p.weight for p in left_over) + pairs.left_weight - files) / base,
        extra=(sum(p.weight for p in right_over) + pairs.right_weight - files) / base,
        altered=altered / base,
        moved=moved / base,
    )


# --- files -------------------------------------------------------------------------------------


class _FilePairs(NamedTuple):
    """Which files correspond. A lone file that keeps its name is no unit of its own."""

    left: Mapping[str, int]
    right: Mapping[str, int]
    earned: float
    left_weight: float
    right_weight: float
    same: bool


def _pair_files(left: Document, right: Document) -> _FilePairs:
    kept = [name for name in left.files if name in right.files]
    renamed = _pair_by_content(
        {n: u for n, u in left.files.items() if n not in right.files},
        {n: u for n, u in right.files.items() if n not in left.files},
    )
    pairs = [(name, name) for name in kept] + renamed
    index_left = {a: i for i, (a, _) in enumerate(pairs)}
    index_right = {b: i for i, (_, b) in enumerate(pairs)}
    fresh = iter(range(len(pairs), len(pairs) + len(left.files) + len(right.files)))
    for name in left.files:
        index_left.setdefault(name, next(fresh))
    for name in right.files:
        index_right.setdefault(name, next(fresh))
    same = set(left.files) == set(right.files)
    counted = not (same and len(left.files) <= 1)
    earned = len(kept) + len(renamed) / 2 if counted else 0.0
    return _FilePairs(
        index_left,
        index_right,
        earned,
        len(left.files) * float(counted),
        len(right.files) * float(counted),
        same,
    )


def _pair_by_content(
    left: Mapping[str, Sequence[Unit]], right: Mapping[str, Sequence[Unit]]
) -> list[tuple[str, str]]:
    """Pair files whose names differ by the units they share."""
    if not left or not right:
        return []
    bags_left = {name: Counter(u.identity for u in units) for name, units in left.items()}
    bags_right = {name: Counter(u.identity for u in units) for name, units in right.items()}
    shared = np.array(
        [[(a & b).total() for b in bags_right.values()] for a in bags_left.values()], dtype=float
    )
    rows, columns = linear_sum_assignment(shared, maximize=True)
    names_left, names_right = list(left), list(right)
    return [
        (names_left[i], names_right[j])
        for i, j in zip(rows, columns, strict=True)
        if shared[i, j] > 0
    ]


def _place(document: Document, index: Mapping[str, int]) -> list[_Placed]:
    return [
        _Placed(unit, unit.weight, index[name], place / len(units))
        for name, units in document.files.items()
        for place, unit in enumerate(units)
    ]


# --- matching ----------------------------------------------------------------------------------


def _match(
    lefts: list[_Placed], rights: list[_Placed], clips: Mapping[str, float]
) -> tuple[list[_Match], list[_Placed], list[_Placed]]:
    """Peel equal units by hash, then match the rest kind by kind; the rest of that is left over."""
    matches, lefts, rights = _peel(lefts, rights)
    left_over: list[_Placed] = []
    right_over: list[_Placed] = []
    by_kind_left, by_kind_right = _by_kind(lefts), _by_kind(rights)
    for kind in dict.fromkeys([*by_kind_left, *by_kind_right]):
        ours, theirs = by_kind_left.get(kind, []), by_kind_right.get(kind, [])
        for some, others in _blocks(ours, theirs):
            found = _assign(some, others, clips.get(kind))
            matches += found
            left_over += _without(some, [m.left for m in found])
            right_over += _without(others, [m.right for m in found])
    return matches, left_over, right_over


def _peel(
    lefts: list[_Placed], rights: list[_Placed]
) -> tuple[list[_Match], list[_Placed], list[_Placed]]:
    """Match equal units: at the same place, then anywhere in the file, then in any file."""
    matches = [
        _Match(a, b, 1.0, a.weight) for a, b in _in_place(lefts, rights) if equal(a.unit, b.unit)
    ]
    lefts = _without(lefts, [m.left for m in matches])
    rights = _without(rights, [m.right for m in matches])
    several = len({p.file for p in (*lefts, *rights)}) > 1
    for by_file in (True, False) if several else (False,):
        if not lefts or not rights:
            break
        found = _peel_by_hash(lefts, rights, by_file=by_file)
        matches += found
        lefts = _without(lefts, [m.left for m in found])
        rights = _without(rights, [m.right for m in found])
    return matches, lefts, rights


def _in_place(lefts: list[_Placed], rights: list[_Placed]) -> Iterator[tuple[_Placed, _Placed]]:
    """Pairs at the same place of files of one length: what mostly did not change is cheap."""
    theirs = _by_file(rights)
    for file, ours in _by_file(lefts).items():
        if len(ours) == len(theirs.get(file, ())):
            yield from zip(ours, theirs[file], strict=True)


def _by_file(placed: list[_Placed]) -> dict[int, list[_Placed]]:
    files: dict[int, list[_Placed]] = defaultdict(list)
    for p in placed:
        files[p.file].append(p)
    return files


def _peel_by_hash(lefts: list[_Placed], rights: list[_Placed], *, by_file: bool) -> list[_Match]:
    waiting: dict[Hashable, list[_Placed]] = defaultdict(list)
    for right in reversed(rights):
        waiting[(right.unit.identity, right.file if by_file else None)].append(right)
    found = []
    for left in lefts:
        twins = waiting.get((left.unit.identity, left.file if by_file else None))
        if twins:
            found.append(_Match(left, twins.pop(), 1.0, left.weight))
    return found


def _without(placed: list[_Placed], taken: Iterable[_Placed]) -> list[_Placed]:
    gone = set(map(id, taken))
    return [p for p in placed if id(p) not in gone] if gone else placed


def _by_kind(placed: list[_Placed]) -> dict[str, list[_Placed]]:
    kinds: dict[str, list[_Placed]] = defaultdict(list)
    for p in placed:
        kinds[p.unit.kind].append(p)
    return kinds


def _blocks(
    lefts: list[_Placed], rights: list[_Placed]
) -> list[tuple[list[_Placed], list[_Placed]]]:
    """Cut what is too large to compare all against all into stretches at the same place."""
    count = -(-max(len(lefts), len(rights)) // _LARGEST_BLOCK)
    if count <= 1:
        return [(lefts, rights)]
    cut_left = [round(i * len(lefts) / count) for i in range(count + 1)]
    cut_right = [round(i * len(rights) / count) for i in range(count + 1)]
    return [
        (lefts[cut_left[i] : cut_left[i + 1]], rights[cut_right[i] : cut_right[i + 1]])
        for i in range(count)
    ]


def _assign(lefts: list[_Placed], rights: list[_Placed], clip: float | None) -> list[_Match]:
    """The matching of one kind that earns most; near ties go to the nearest place."""
    if not lefts or not rights:
        return []
    similarity = similarities([p.unit for p in lefts], [p.unit for p in rights], clip)
    if _unrivalled(similarity):
        rows, columns = np.nonzero(similarity)
    else:
        value = _distance(lefts, rights)
        np.multiply(value, -1e-7, out=value)
        value += _lighter(lefts, rights) * similarity
        rows, columns = linear_sum_assignment(value, maximize=True)
    found = zip(rows.tolist(), columns.tolist(), similarity[rows, columns].tolist(), strict=True)
    return [
        _Match(lefts[i], rights[j], alike, min(lefts[i].weight, rights[j].weight) * alike)
        for i, j, alike in found
        if alike > 0
    ]


def _unrivalled(similarity: FloatArray) -> bool:
    """Whether no unit is like two others, nor like one by so little that places could outweigh it.

    Then the matching is plain; to find it by assignment is slowest just where most pairs are zero.
    """
    if max(np.count_nonzero(similarity, axis=axis).max() for axis in (0, 1)) > 1:
        return False
    return not bool(((similarity > 0) & (similarity < _OUTWEIGHS_PLACES)).any())


def _distance(lefts: list[_Placed], rights: list[_Placed]) -> FloatArray:
    """How far apart the places of every pair are, at most 1."""
    ours, theirs = ([p.file + p.position for p in placed] for placed in (lefts, rights))
    distance: FloatArray = np.subtract.outer(ours, theirs)
    np.abs(distance, out=distance)
    return np.minimum(distance, 1.0, out=distance)


def _lighter(lefts: list[_Placed], rights: list[_Placed]) -> FloatArray | float:
    """The smaller weight of every pair."""
    ours, theirs = ([p.weight for p in placed] for placed in (lefts, rights))
    if min(ours) == min(theirs) == 1.0:
        return 1.0
    lighter: FloatArray = np.minimum.outer(ours, theirs)
    return lighter


# --- order -------------------------------------------------------------------------------------


def _moved(matches: list[_Match]) -> float:
    """Half of what was earned by units in the wrong place.

    Ordered units are out of place when they leave the longest common subsequence of the two
    documents; equal units are interchangeable. Others only by standing in the wrong file.
    """
    ordered = [m for m in matches if m.left.unit.ordered and m.right.unit.ordered]
    strays = [m for m in matches if not (m.left.unit.ordered and m.right.unit.ordered)]
    lost = sum(m.earned for m in strays if m.left.file != m.right.file)
    if ordered:
        in_place = _longest_in_order(ordered)
        lost += sum(m.earned for m in ordered) * (1 - in_place / len(ordered))
    return lost / 2


def _longest_in_order(matches: list[_Match]) -> int:
    by_file: dict[int, list[_Match]] = defaultdict(list)
    for m in matches:
        if m.left.file == m.right.file:
            by_file[m.left.file].append(m)
    return sum(map(_in_order, by_file.values()))


def _in_order(matches: list[_Match]) -> int:
    """The longest common subsequence of one file's matched units."""
    ours = sorted(matches, key=lambda m: m.left.position)
    if all(a.right.position < b.right.position for a, b in pairwise(ours)):
        return len(matches)
    theirs = sorted(matches, key=lambda m: m.right.position)
    labels: dict[Hashable, int] = {}

    def label(m: _Match) -> int:
        return labels.setdefault(m.left.unit.identity if m.similarity == 1 else id(m), len(labels))

    return int(LCSseq.similarity([label(m) for m in ours], [label(m) for m in theirs]))
