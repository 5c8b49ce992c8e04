"""What goes wrong on the way: how often, in what share, and never for long."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.office.faults import PROBABILITY, WEIGHTS, Faults, Limit


def troubles(draw: int, calls: int) -> list[str]:
    faults = Faults(draw)
    replies = [faults.next() for _ in range(calls)]
    return [reply.trouble or "" if reply else "" for reply in replies]


@given(st.integers(0, 2**63 - 1))
def test_never_three_in_a_row(draw: int) -> None:
    kinds = troubles(draw, 200)
    assert not any(a and b and c for (a, b), (_, c) in pairwise(pairwise(kinds)))


def test_the_share_that_fails_is_that_of_the_chain() -> None:
    # States are failures so far in a row: 0 → 1 and 1 → 2 at p, 2 → 0 always. The share of calls
    # that fail is (p + p²) / (1 + p + p²), a quarter where p + p² is a third. Of 40,000 calls
    # .25 ± 4 × .0022.
    assert pytest.approx(1 / 3) == PROBABILITY + PROBABILITY**2
    kinds = [kind for draw in range(200) for kind in troubles(draw, 200)]
    assert sum(map(bool, kinds)) / len(kinds) == pytest.approx(0.25, abs=0.0088)


def test_each_kind_has_its_weight() -> None:
    assert sum(WEIGHTS.values()) == 100
    counts = Counter(kind for draw in range(200) for kind in troubles(draw, 200) if kind)
    total = counts.total()  # about 10,000: four standard errors of a share of .3 are .019
    for kind, weight in WEIGHTS.items():
        assert counts[kind] / total == pytest.approx(weight / 100, abs=0.02)


def test_one_draw_fails_the_same_calls() -> None:
    assert troubles(5, 50) == troubles(5, 50)
    assert troubles(5, 50) != troubles(6, 50)


def test_three_go_through_then_two_are_refused() -> None:
    limit = Limit()
    passed = ["." if limit.next() is None else "x" for _ in range(12)]
    assert "".join(passed) == "...xx...xx.."
