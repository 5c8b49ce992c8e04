"""Shares of accepted jobs, what they cost, and the front of the two; worked by hand."""

from pathlib import Path

import pytest

from decision.made import jobs, puzzles, row
from worktrial.decision import Price
from worktrial.decision.economy import economy
from worktrial.decision.jobs import Jobs
from worktrial.estimate import mean_interval
from worktrial.evidence.findings import Estimate

HALF = [1.0, 0.0] * 4


def found(of: Jobs, seed: int = 1) -> dict[str, Estimate]:
    return {estimate.id: estimate for estimate in economy(of, seed=seed)}


def chances(of: Jobs) -> dict[str, float | None]:
    """By worker, the chance to be on the front."""
    return {e.worker: e.value for e in found(of).values() if e.metric == "p_front"}


def test_the_share_of_accepted_jobs_is_of_those_that_could_be_judged(tmp_path: Path) -> None:
    of = found(jobs(tmp_path, "reasoning", puzzles("w", [1, 1, None, 0, 1])))
    accepted = of["reasoning/accepted/w/traced"]
    expected = mean_interval([1, 1, 0, 1])
    assert (accepted.value, accepted.clusters) == (0.75, 4)
    assert (accepted.low, accepted.high) == pytest.approx((expected.low, expected.high))
    assert (accepted.trial, accepted.arm, accepted.evidence) == (
        "reasoning", "traced", "metric=solved",
    )  # fmt: skip


def test_an_accepted_job_costs_what_all_jobs_cost(tmp_path: Path) -> None:
    # Three of four at 100 read and 20 written: 480/3 tokens.
    rows = puzzles("w", [1, 1, 0, 1], tokens_in=100, tokens_out=20, seconds=2.0)
    of = found(jobs(tmp_path, "reasoning", rows))
    values = {e.metric: e.value for e in of.values()}
    assert values == {
        "accepted": 0.75,
        "tokens_per_job": 120,
        "tokens_per_accepted": 160,
    }
    for metric in ("tokens_per_job", "tokens_per_accepted"):
        one = of[f"reasoning/{metric}/w/traced"]
        assert one.low is not None
        assert one.high is not None
        assert one.value is not None
        assert 0 <= one.low < one.value < one.high


def test_an_accepted_job_costs_a_job_by_the_share_accepted_whatever_was_lost(
    tmp_path: Path,
) -> None:
    read = (10.0, 500.0, 30.0, 80.0)
    rows = puzzles("w", [1, None, 0, 1], tokens_in=read, tokens_out=0)
    values = {e.metric: e.value for e in found(jobs(tmp_path, "reasoning", rows)).values()}
    assert values["tokens_per_job"] == 40
    assert values["tokens_per_accepted"] == 60


def test_with_nothing_accepted_it_has_no_cost_and_says_why(tmp_path: Path) -> None:
    rows = puzzles("w", [0] * 6, tokens_in=100, tokens_out=20)
    of = found(jobs(tmp_path, "reasoning", rows))
    assert of["reasoning/tokens_per_job/w/traced"].value == 120
    none = of["reasoning/tokens_per_accepted/w/traced"]
    assert (none.value, none.low, none.why) == (None, None, "nothing succeeded")


def test_dollars_come_from_the_log_or_from_a_price_or_not_at_all(tmp_path: Path) -> None:
    spent = {"tokens_in": 1000, "tokens_out": 100}
    rows = [
        *puzzles("logged", HALF, usd=0.25, **spent),
        *puzzles("priced", HALF, **spent),
        *puzzles("unknown", HALF, **spent),
    ]
    of = found(jobs(tmp_path, "reasoning", rows, {"priced": Price(input=2, output=20)}))
    # (2·1000 + 20·100)/10⁶ a job; half of the jobs are accepted.
    assert of["reasoning/usd_per_accepted/logged/traced"].value == 0.5
    assert of["reasoning/usd_per_job/priced/traced"].value == pytest.approx(0.004)
    assert of["reasoning/usd_per_accepted/priced/traced"].value == pytest.approx(0.008)
    assert not [name for name in of if "usd" in name and "unknown" in name]


def test_bounds_do_not_hang_on_the_unit(tmp_path: Path) -> None:
    read = [100.0 * (n + 1) for n in range(8)]
    rows = list(puzzles("w", HALF, tokens_in=read, tokens_out=0))
    prices = {"w": Price(input=1e-3, output=0)}
    of = found(jobs(tmp_path, "reasoning", rows, prices))
    for metric in ("per_job", "per_accepted"):
        tokens, usd = (of[f"reasoning/{unit}_{metric}/w/traced"] for unit in ("tokens", "usd"))
        for end in ("value", "low", "high"):
            assert getattr(usd, end) == pytest.approx(
                getattr(tokens, end) * 1e-9, rel=1e-6, abs=1e-9
            )


def test_who_is_better_and_cheaper_is_alone_on_the_front(tmp_path: Path) -> None:
    rows = [
        *puzzles("good", [1] * 8, tokens_in=10, tokens_out=0),
        *puzzles("poor", [0] * 8, tokens_in=20, tokens_out=0),
    ]
    assert chances(jobs(tmp_path, "reasoning", rows)) == {"good": 1, "poor": 0}


def test_equals_are_on_the_front_together(tmp_path: Path) -> None:
    spent = [10.0 + n / 3 for n in range(8)]
    rows = [r for w in ("a", "b", "c") for r in puzzles(w, HALF, tokens_in=spent, tokens_out=0)]
    assert chances(jobs(tmp_path, "reasoning", rows)) == {"a": 1, "b": 1, "c": 1}


def test_better_and_dearer_are_both_on_the_front(tmp_path: Path) -> None:
    rows = [
        *puzzles("good", [1] * 8, tokens_in=20, tokens_out=0),
        *puzzles("cheap", HALF, tokens_in=1, tokens_out=0),
        *puzzles("dominated", HALF, tokens_in=30, tokens_out=0),
    ]
    # In a few resamples half of the items come to all of them.
    assert chances(jobs(tmp_path, "reasoning", rows)) == pytest.approx(
        {"good": 1, "cheap": 1, "dominated": 0}, abs=0.01
    )


def test_what_is_close_is_on_the_front_by_chance(tmp_path: Path) -> None:
    spent = {"tokens_in": 10, "tokens_out": 0}
    rows = [*puzzles("one", [1] * 12 + [0] * 4, **spent), *puzzles("other", HALF * 2, **spent)]
    of = chances(jobs(tmp_path, "reasoning", rows))
    # At the same cost one of the two is ahead, or neither.
    assert of["one"] is not None
    assert of["other"] is not None
    assert 0 < of["other"] < of["one"] < 1
    assert of["one"] + of["other"] >= 1


def test_reference_workers_are_left_out_where_others_are_on_trial(tmp_path: Path) -> None:
    spent = {"tokens_in": 10, "tokens_out": 0}
    rows = [
        *puzzles("reference/oracle", [1] * 8, tokens_in=1, tokens_out=0),
        *puzzles("a", HALF, **spent),
        *puzzles("b", HALF, **spent),
    ]
    assert chances(jobs(tmp_path, "reasoning", rows)) == {"a": 1, "b": 1}


def test_reference_workers_alone_have_a_front(tmp_path: Path) -> None:
    spent = {"tokens_in": 10, "tokens_out": 0}
    rows = [*puzzles("reference/a", [1] * 8, **spent), *puzzles("reference/b", [0] * 8, **spent)]
    assert chances(jobs(tmp_path, "reasoning", rows)) == {"reference/a": 1, "reference/b": 0}


def test_one_worker_has_no_front(tmp_path: Path) -> None:
    rows = [*puzzles("w", HALF, tokens_in=1, tokens_out=1), *puzzles("reference/oracle", HALF)]
    assert chances(jobs(tmp_path, "reasoning", rows)) == {}


def test_the_front_is_by_dollars_only_where_all_are_known(tmp_path: Path) -> None:
    # By tokens `a` is cheaper, by dollars `b`.
    rows = [
        *puzzles("a", [1, None, *HALF], tokens_in=10, tokens_out=0, usd=2.0),
        *puzzles("b", [1, 1, *HALF], tokens_in=20, tokens_out=0, usd=1.0),
    ]
    of = jobs(tmp_path, "reasoning", rows)
    # Where a resample has nothing accepted of either, they are alike.
    assert chances(of) == pytest.approx({"a": 0, "b": 1}, abs=0.01)
    assert "reasoning/p_front/a/usd" in found(of)
    unpriced = [r for r in rows if not (r.worker == "a" and r.metric == "usd" and r.item == "p0")]
    of = jobs(tmp_path, "reasoning", unpriced)
    assert chances(of) == pytest.approx({"a": 1, "b": 0}, abs=0.01)
    assert found(of)["reasoning/p_front/a/tokens"].method == (
        "cluster bootstrap; jobs accepted and tokens for one"
    )


@pytest.mark.parametrize(
    ("spent", "items", "why"),
    [
        (
            {"tokens_in": 1, "tokens_out": 1},
            4,
            "4 item(s) have cost and success of everyone; resampling needs 5",
        ),
        ({}, 8, "0 item(s) have cost and success of everyone; resampling needs 5"),
    ],
)
def test_without_items_or_costs_there_is_no_chance_and_it_says_why(
    tmp_path: Path, spent: dict[str, float], items: int, why: str
) -> None:
    rows = [r for w in ("a", "b") for r in puzzles(w, [1] * items, **spent)]
    fronts = [e for e in found(jobs(tmp_path, "reasoning", rows)).values() if "p_front" in e.id]
    assert [(e.value, e.why) for e in fronts] == [(None, why)] * 2


def test_all_of_it_is_exploratory_or_of_no_endpoint_and_the_same_for_the_same_seed(
    tmp_path: Path,
) -> None:
    rows = [
        *puzzles("one", [1] * 16, tokens_in=10, tokens_out=1),
        *puzzles("other", [1] * 15 + [0], tokens_in=10, tokens_out=1),
    ]
    of = jobs(tmp_path, "reasoning", rows)
    assert found(of) == found(of)
    assert found(of) != found(of, seed=2)
    assert {e.endpoint for e in found(of).values()} == {None, "exploratory"}


def test_a_worker_of_whom_nothing_could_be_judged_has_no_numbers(tmp_path: Path) -> None:
    rows = [
        row("reasoning", "w", "p0", "solved", None),
        row("reasoning", "w", "p0", "tokens_in", 10, outcome="ok"),
        row("reasoning", "w", "p0", "tokens_out", 10, outcome="ok"),
    ]
    of = found(jobs(tmp_path, "reasoning", rows))
    assert list(of) == ["reasoning/accepted/w/traced"]
    assert of["reasoning/accepted/w/traced"].value is None
