"""Likeness against its definition, worked out by trying every matching of small documents."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worktrial.documents.likeness import Likeness, likeness
from worktrial.documents.similarity import CLIP_FIELDS, CLIP_TEXT, NEARLY
from worktrial.documents.unit import Document, Unit, tokens

VALUES = st.sampled_from(("x", "y", Decimal(1), Decimal(2), True))
FIELDS = st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1)
WORDS = st.lists(st.sampled_from(("ab", "cd", "ef", ",")), max_size=9).map(" ".join)
ROWS = st.builds(Unit, st.just("row"), FIELDS, text=WORDS, ordered=st.booleans())
LINES = st.builds(Unit, st.just("line"), text=WORDS, ordered=st.booleans())
PAIRS = st.one_of(
    st.tuples(st.lists(units, max_size=5), st.lists(units, max_size=5)) for units in (ROWS, LINES)
)
Pairs = list[tuple[int, int]]


@settings(max_examples=400)
@given(PAIRS)
def test_the_best_of_all_matchings_is_found(pair: tuple[list[Unit], list[Unit]]) -> None:
    found = likeness(*(Document({"a": tuple(units)}) for units in pair))
    earned = {tuple(m): sum(gain(pair, i, j) for i, j in m) for m in matchings(pair)}
    most = max(earned.values())
    assert said(found, pair) == pytest.approx(most, abs=1e-9)
    best = [out_of_place(pair, list(m), e) for m, e in earned.items() if e > most - 1e-9]
    weight = sum(unit.weight for unit in pair[0]) or 1
    assert any(found.moved * weight == pytest.approx(moved, abs=1e-9) for moved in best)


def said(found: Likeness, pair: tuple[list[Unit], list[Unit]]) -> float:
    """What the matching earned before order, out of likeness = S′ / (W + W′ − S′)."""
    weights = [sum(unit.weight for unit in units) for units in pair]
    return found.value * sum(weights) / (1 + found.value) + found.moved * weights[0]


def matchings(pair: tuple[list[Unit], list[Unit]]) -> Iterator[Pairs]:
    """Every way to pair units that earn something."""
    ours, theirs = pair
    size = max(len(ours), len(theirs))
    for order in permutations(range(size)):
        whole = [(i, j) for i, j in enumerate(order) if i < len(ours) and j < len(theirs)]
        yield [(i, j) for i, j in whole if gain(pair, i, j) > 0]


def gain(pair: tuple[list[Unit], list[Unit]], i: int, j: int) -> float:
    one, other = pair[0][i], pair[1][j]
    return min(one.weight, other.weight) * alike(one, other)


def alike(one: Unit, other: Unit) -> float:
    """The share of what is equal, from the clip on; text counts for two fields."""
    if one.identity == other.identity:
        return 1.0
    ours, theirs = typed(one), typed(other)
    same, of = float(len(ours & theirs)), float(len({*one.fields, *other.fields}))
    words = tokens(one.text), tokens(other.text)
    if any(words):
        common = longest(*words)
        same += 2 * common / (len(words[0]) + len(words[1]) - common)
        of += 2
    clip = CLIP_FIELDS if one.fields else CLIP_TEXT
    return min(NEARLY, max(0.0, (same / of - clip) / (1 - clip))) if of else NEARLY


def typed(unit: Unit) -> set[tuple[object, ...]]:
    return {(name, type(value), value) for name, value in unit.fields.items()}


def longest(ours: Sequence[object], theirs: Sequence[object]) -> int:
    """The longest common subsequence, row by row."""
    above = [0] * (len(theirs) + 1)
    for a in ours:
        row = [0]
        for j, b in enumerate(theirs):
            row.append(above[j] + 1 if a == b else max(above[j + 1], row[j]))
        above = row
    return above[-1]


def out_of_place(pair: tuple[list[Unit], list[Unit]], matching: Pairs, earned: float) -> float:
    """Half of what ordered units earned, by how many left the longest common order."""
    ordered = [(i, j) for i, j in matching if pair[0][i].ordered and pair[1][j].ordered]
    if not ordered:
        return 0.0
    # Equal units are interchangeable, others are told apart by their pair.
    equal = {(i, j) for i, j in ordered if pair[0][i].identity == pair[1][j].identity}
    labels = {(i, j): pair[0][i].identity if (i, j) in equal else (i, j) for i, j in ordered}
    ours = [labels[m] for m in sorted(ordered)]
    theirs = [labels[m] for m in sorted(ordered, key=lambda m: m[1])]
    share = 1 - longest(ours, theirs) / len(ordered)
    return sum(gain(pair, i, j) for i, j in ordered) * share / 2
