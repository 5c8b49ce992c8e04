"""What is planted is what is counted, and nothing else moves."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import (
    ASK_SECONDS,
    AT_MOST_ONE,
    CACHED,
    LOOK_SECONDS,
    NAMES,
    SLOW,
    TOKENS_IN,
    TOKENS_OUT,
    Defects,
    Planting,
    planted,
)  # fmt: skip

from worktrial.conduct.clean import clean_of
from worktrial.conduct.metric import Measure
from worktrial.conduct.metrics import METRICS

# Every effect of one defect on every metric, worked out before any was measured. Defects down,
# metrics across: + and - say which way the value moves, 0 that it does not.
METRICS_ACROSS = """
progress repeated_calls backtracks recovered_errors turns_to_recover unverified_mutations
dead_ends stale_entries unsourced_entries duplicate_entries retrieval_precision obsolete_uses
context_used peak_occupancy mean_occupancy cached_share compaction_loss tokens_per_accepted
verification_tokens verification_seconds verification_minutes catch_rate repair_rate
turns_to_repair facts_handed_over false_completion unclaimed_success stated_confidence
"""
MATRIX = """
repeats              0 + 0 0 0 0 0 0 0 0 0 0 - 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
backtracks           0 0 + 0 0 0 + 0 0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
useless_reads        0 0 0 0 0 0 + 0 0 0 0 0 - 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
unrecovered_errors   0 0 0 - 0 0 + 0 0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
slow_recoveries      0 0 0 0 + 0 0 0 0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
unverified_writes    0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
missed_subgoals      - 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
stale_entries        0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
unsourced_entries    0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
duplicates           0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
unused_memories      0 0 0 0 0 0 0 0 0 0 - 0 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
obsolete_uses        0 0 0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
wasted_pieces        0 0 0 0 0 0 0 0 0 0 0 0 - 0 0 0 0 + 0 0 0 0 0 0 0 0 0 0
full_calls           0 0 0 0 0 0 0 0 0 0 0 0 0 + + 0 0 + 0 0 0 0 0 0 0 0 0 0
uncached_calls       0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 - 0 + 0 0 0 0 0 0 0 0 0 0
lost_in_compaction   0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 + + 0 0 0 0 0 0 0 0 0 0
lost_in_hand_off     0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 - 0 0 0
needless_checks      0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 + + + 0 0 0 0 0 0 0 0
minutes_of_checking  0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 0 0
missed_faults        0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 + 0 0 0 - - 0 0 0 0 0
unrepaired_faults    0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 + 0 0 0 0 - 0 0 0 0 0
slow_repairs         0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 + 0 0 0 0 0 + 0 0 0 0
false_claim          0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 + 0 0
unclaimed            0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 + 0
overconfidence       0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 +
"""
ACROSS = METRICS_ACROSS.split()
CELLS = {
    (metric, words[0]): sign
    for words in map(str.split, MATRIX.strip().splitlines())
    for metric, sign in zip(ACROSS, words[1:], strict=True)
}
BREAKS_A_CLAUSE = {
    "unverified_writes": "verified", "obsolete_uses": "current", "false_claim": "truthful"
}  # fmt: skip


def measures(**defects: int) -> dict[str, Measure]:
    trajectory = planted(**defects)
    return {name: metric.measure(trajectory) for name, metric in METRICS.items()}


@pytest.fixture(scope="module")
def without_defects() -> dict[str, Measure]:
    return measures()


def test_every_metric_of_the_job_without_defects_is_measured(
    without_defects: Mapping[str, Measure],
) -> None:
    assert {name: each.why for name, each in without_defects.items() if each.value is None} == {}


def test_the_matrix_has_a_cell_for_every_metric_and_defect() -> None:
    assert set(CELLS) == {(metric, defect) for metric in METRICS for defect in NAMES}
    assert len(CELLS) == len(MATRIX.split()) - len(NAMES)
    assert set(CELLS.values()) == {"+", "-", "0"}


def test_every_metric_sees_a_defect_and_every_defect_is_seen() -> None:
    moving = {cell for cell, sign in CELLS.items() if sign != "0"}
    assert {metric for metric, _ in moving} == set(METRICS)
    assert {defect for _, defect in moving} == set(NAMES)


@pytest.mark.parametrize("defect", NAMES)
def test_a_defect_moves_what_the_matrix_says(
    defect: str, without_defects: Mapping[str, Measure]
) -> None:
    for many in (1,) if defect in AT_MOST_ONE else (1, 3):
        moved = {
            name: direction(without_defects[name], measure)
            for name, measure in measures(**{defect: many}).items()
        }
        assert moved == {metric: CELLS[metric, defect] for metric in METRICS}


def direction(before: Measure, after: Measure) -> str:
    assert before.value is not None
    assert after.value is not None
    change = after.value - before.value
    return "0" if abs(change) < 1e-12 else "+" if change > 0 else "-"


@pytest.mark.parametrize("defect", NAMES)
def test_a_defect_breaks_the_clause_that_it_should(defect: str) -> None:
    clean = clean_of(planted(**{defect: 1}))
    broken = [name for name, clause in clean.clauses.items() if not clause.value]
    assert broken == ([BREAKS_A_CLAUSE[defect]] if defect in BREAKS_A_CLAUSE else [])
    assert clean.clean == (0 if broken else 1)


MANY = {
    name: st.integers(0, 1 if name in AT_MOST_ONE else 4) for name in NAMES
}  # fmt: skip


@settings(max_examples=60)
@given(st.fixed_dictionaries(MANY).map(lambda many: Defects(**many)))
def test_any_mixture_of_defects_is_counted_exactly(d: Defects) -> None:
    planting = Planting(d)
    trajectory = planting.trajectory()
    found = {name: metric.measure(trajectory) for name, metric in METRICS.items()}
    assert {name: found[name].count for name in bad(d)} == bad(d)
    assert {name: missing(found[name]) for name in not_good(d)} == not_good(d)
    assert {name: found[name].value for name in amounts(d, planting.asks)} == pytest.approx(
        amounts(d, planting.asks)
    )
    assert missing(found["context_used"]) == planting.wasted
    assert found["context_used"].of == planting.supplied
    assert found["stale_entries"].of == entries(d)
    assert all(0 <= p < len(trajectory.events) for each in found.values() for p in each.places)


def bad(d: Defects) -> dict[str, int]:
    """How many each metric must find of what should not be."""
    return {
        "repeated_calls": d.repeats,
        "backtracks": d.backtracks,
        "unverified_mutations": d.unverified_writes,
        "dead_ends": d.backtracks + d.useless_reads + d.unrecovered_errors,
        "stale_entries": d.stale_entries,
        "unsourced_entries": d.unsourced_entries,
        "duplicate_entries": d.duplicates,
        "obsolete_uses": d.obsolete_uses,
        "compaction_loss": d.lost_in_compaction,
        "false_completion": d.false_claim * (1 - d.unclaimed),
        "unclaimed_success": d.unclaimed * (1 - d.false_claim),
        "turns_to_recover": 1 + SLOW * d.slow_recoveries,
        "turns_to_repair": 1 + SLOW * d.slow_repairs,
    }


def not_good(d: Defects) -> dict[str, int]:
    """How many each metric must miss of what should be."""
    return {
        "progress": d.missed_subgoals,
        "recovered_errors": d.unrecovered_errors,
        "retrieval_precision": d.unused_memories,
        "catch_rate": d.missed_faults,
        "repair_rate": d.missed_faults + d.unrepaired_faults,
        "facts_handed_over": d.lost_in_hand_off,
    }


def amounts(d: Defects, asks: int) -> dict[str, float]:
    tokens_in = TOKENS_IN * (asks + d.full_calls)
    cached = CACHED * (asks + d.full_calls - d.uncached_calls)
    looks = 2 + d.needless_checks
    return {
        "tokens_per_accepted": tokens_in + TOKENS_OUT * asks,
        "cached_share": cached / tokens_in,
        "mean_occupancy": tokens_in / asks / 8000,
        "peak_occupancy": (2 if d.full_calls else 1) * TOKENS_IN / 8000,
        "verification_seconds": looks * (LOOK_SECONDS + ASK_SECONDS),
        # "receipt RC-1234" is 15 of the 42 characters of the call in which it first comes back.
        "verification_tokens": looks * (TOKENS_IN + TOKENS_OUT + TOKENS_IN * 15 / 42),
        "verification_minutes": 5 + d.minutes_of_checking,
        "stated_confidence": 1 if d.overconfidence else 0.9,
    }


def entries(d: Defects) -> int:
    return 1 + d.stale_entries + d.unsourced_entries + d.duplicates


def missing(measure: Measure) -> int:
    assert measure.of is not None
    assert measure.count is not None
    return measure.of - measure.count


def test_the_events_to_blame_are_those_that_were_planted() -> None:
    trajectory = planted(repeats=2, unverified_writes=1)
    repeats = [trajectory.events[p] for p in METRICS["repeated_calls"].measure(trajectory).places]
    assert [event.arguments for event in repeats] == [{"path": "a.txt"}] * 2
    (late,) = METRICS["unverified_mutations"].measure(trajectory).places
    assert trajectory.events[late].value == "Late."
