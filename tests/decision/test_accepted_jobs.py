"""Which jobs are accepted in each trial, and what each took; worked by hand."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from decision.made import ARMS, MEASURED, jobs, puzzles, row, trials, written
from worktrial.decision import Price
from worktrial.decision.jobs import jobs_of
from worktrial.evidence import Observation
from worktrial.relay import reference
from worktrial.relay.answers import Answer
from worktrial.relay.damage import behaviour
from worktrial.relay.items import Course, relay_items
from worktrial.relay.scoring import RelayScorer, measures

NONE = np.nan


def relayed(worker: str, kept: dict[str, tuple[float | None, ...]]) -> Iterator[Observation]:
    """`work_adjusted` after legs 2, 4, … of each document."""
    for item, values in kept.items():
        for n, value in enumerate(values, 1):
            yield row("relay", worker, item, "work_adjusted", value, step=2 * n)


def of_reference(name: str) -> Iterator[Observation]:
    """A relay of two round trips, carried by a reference worker and scored as a log would be."""
    course = Course(items=1, round_trips=2, size=(200, 200), distractors=0)
    (item,) = relay_items(course, seed=7, domains=["spreadsheet"])
    scorer, legs = RelayScorer(item), []
    while scorer.baton.running:
        answer = reference.answer(behaviour(name), scorer.baton.prompt(), scorer.baton.seed)
        legs += scorer.score([Answer(answer)])
    for step, values in enumerate(measures(legs, scorer.baton.legs), 1):
        for metric in {"fidelity", "work_adjusted"} & values.keys():
            yield row("relay", f"lab/{name}", item.id, metric, values[metric], step=step)


def test_a_relay_is_accepted_with_nine_tenths_done_and_kept_at_its_end(tmp_path: Path) -> None:
    kept = {"a": (0.95, 0.9), "b": (1.0, 0.899), "c": (0.5, 0.95), "d": (1.0, None)}
    found = jobs(tmp_path, "relay", relayed("w", kept))
    assert (found.panel.items, found.arm) == (("a", "b", "c", "d"), "rewrite")
    assert np.array_equal(found.accepted, [[1, 0, 1, NONE]], equal_nan=True)


def test_who_never_edits_keeps_all_and_has_nothing_accepted(tmp_path: Path) -> None:
    rows = [*of_reference("noop"), *of_reference("oracle")]
    evidence = written(tmp_path, rows)
    kept = {w: evidence.curves(w, "fidelity").values[0, -1] for w in evidence.workers()}
    assert kept == {"lab/noop": 1, "lab/oracle": 1}
    found = jobs(tmp_path, "relay", rows)
    assert found.accepted[found.of("lab/noop")] == [0]
    assert found.accepted[found.of("lab/oracle")] == [1]


def test_a_search_is_accepted_from_an_f1_of_eight_tenths_on_where_it_has_to_ask(
    tmp_path: Path,
) -> None:
    def searched() -> Iterator[Observation]:
        for item, told, asked in (("a", 1, 0.8), ("b", 1, 0.79), ("c", 0.1, 1), ("d", 1, None)):
            yield row("search", "w", item, "f1", told, arm="full_fixed_schema")
            yield row("search", "w", item, "f1", asked, arm="simulated")
            for arm, read in (("full_fixed_schema", 7.0), ("simulated", 30.0)):
                yield row("search", "w", item, "tokens_in", read, arm=arm, outcome="ok")
                yield row("search", "w", item, "tokens_out", 2.0, arm=arm, outcome="ok")

    found = jobs(tmp_path, "search", searched())
    assert found.arm == "simulated"
    assert np.array_equal(found.accepted, [[1, 0, 1, NONE]], equal_nan=True)
    # What the other arm took is none of the job's.
    assert np.array_equal(found.costs["tokens"], [[32, 32, 32, NONE]], equal_nan=True)


def test_an_office_item_is_accepted_where_it_succeeds_and_every_axis_is_ready(
    tmp_path: Path,
) -> None:
    def worked() -> Iterator[Observation]:
        for item, success, privacy, completion in (
            ("all", 1.0, 1.0, 1.0),
            ("just", 1.0, 0.7, 1.0),
            ("leaked", 1.0, 0.6, 1.0),
            ("shifted", 1.0, 1.0, 0.0),
            ("failed", 0.0, 1.0, 1.0),
            ("lost", None, None, 1.0),
        ):
            yield row("office", "w", item, "success", success)
            yield row("office", "w", item, "privacy", privacy)
            yield row("office", "w", item, "success", completion, arm="completion")

    found = jobs(tmp_path, "office", worked())
    accepted = dict(zip(found.panel.items, found.accepted[0].tolist(), strict=True))
    assert np.isnan(accepted.pop("lost"))
    assert accepted == {"all": 1, "just": 1, "leaked": 0, "shifted": 0, "failed": 0}


def test_a_puzzle_is_accepted_where_it_is_solved_and_replicates_count_in_shares(
    tmp_path: Path,
) -> None:
    rows = [*puzzles("w", [1, 1, 0]), *puzzles("w", [1, 0, 0], replicate=2)]
    assert jobs(tmp_path, "reasoning", rows).accepted.tolist() == [[1, 0.5, 0]]


def test_replicates_of_a_score_of_parts_are_averaged_before_it_is_judged(tmp_path: Path) -> None:
    values = {"a": (1.0, 0.8), "b": (1.0, 0.7)}
    rows = [
        row("relay", "w", item, "work_adjusted", value, step=2, replicate=n)
        for item, both in values.items()
        for n, value in enumerate(both, 1)
    ]
    assert jobs(tmp_path, "relay", rows).accepted.tolist() == [[1, 0]]


def test_what_was_lost_on_its_way_is_left_out_with_what_it_took(tmp_path: Path) -> None:
    rows = puzzles("w", [1, None, 0], tokens_in=10, tokens_out=5, seconds=2.0)
    found = jobs(tmp_path, "reasoning", rows)
    assert np.array_equal(found.accepted, [[1, NONE, 0]], equal_nan=True)
    assert np.array_equal(found.costs["tokens"], [[15, NONE, 15]], equal_nan=True)


def test_one_lost_replicate_leaves_the_other(tmp_path: Path) -> None:
    rows = [*puzzles("w", [1, None]), *puzzles("w", [None, None], replicate=2)]
    found = jobs(tmp_path, "reasoning", rows)
    assert np.array_equal(found.accepted, [[1, NONE]], equal_nan=True)


def test_what_a_worker_was_not_given_is_missing(tmp_path: Path) -> None:
    found = jobs(tmp_path, "reasoning", [*puzzles("a", [1, 0]), *puzzles("b", [1])])
    assert np.array_equal(found.accepted, [[1, 0], [1, NONE]], equal_nan=True)


def test_a_job_takes_all_of_its_steps_and_replicates_are_averaged(tmp_path: Path) -> None:
    def legs() -> Iterator[Observation]:
        for replicate in (1, 2):
            for step in (1, 2):
                yield row("relay", "w", "a", "work_adjusted", 1, step=step, replicate=replicate)
                for metric, value in (("tokens_in", 100 * step * replicate), ("tokens_out", 10)):
                    yield row("relay", "w", "a", metric, value, step=step, replicate=replicate)
        yield row("relay", "w", "a", "tokens_in", 9999, step=1, arm="tools")

    found = jobs(tmp_path, "relay", legs())
    # Read 100 + 200 and 200 + 400, 450 on average; written 20.
    assert found.costs["tokens"].tolist() == [[470]]
    assert np.isnan(found.costs["usd"]).all()


def test_dollars_are_those_of_the_log(tmp_path: Path) -> None:
    rows = puzzles("w", [1, 0], tokens_in=10, tokens_out=5, usd=(0.5, 0.25))
    assert jobs(tmp_path, "reasoning", rows).costs["usd"].tolist() == [[0.5, 0.25]]


def test_a_price_that_is_brought_goes_before_the_logs(tmp_path: Path) -> None:
    rows = [
        *puzzles("w", [1, 0], tokens_in=1000, tokens_out=200, tokens_cached=4000, usd=9.0),
        *puzzles("x", [1, 0], tokens_in=1000, tokens_out=200, usd=9.0),
        *puzzles("y", [1, 0], tokens_in=1000, tokens_out=200),
    ]
    prices = {"w": Price(input=2, output=10, cached=0.5)}
    found = jobs(tmp_path, "reasoning", rows, prices).costs["usd"]
    # (2·1000 + 10·200 + .5·4000)/10⁶; the log's of x; of y nobody knows.
    assert np.array_equal(found, [[0.006] * 2, [9] * 2, [NONE] * 2], equal_nan=True)


def test_what_was_not_counted_is_unknown_and_never_nothing(tmp_path: Path) -> None:
    rows = [*puzzles("w", [1, 0], tokens_in=10), *puzzles("x", [1, 0])]
    found = jobs(tmp_path, "reasoning", rows, {"w": Price(input=1, output=1)})
    for unit in ("tokens", "usd"):
        assert np.isnan(found.costs[unit]).all()


@pytest.mark.parametrize("trial", list(ARMS))
def test_every_trial_that_gives_work_says_when_it_is_accepted(trial: str) -> None:
    (one,) = trials(trial)
    assert one.job is not None
    assert 0 < one.job.at_least <= 1
    assert one.job.in_words


def test_an_audit_and_an_ablation_give_no_work(tmp_path: Path) -> None:
    evidence = written(tmp_path, puzzles("w", [1]))
    for trial in trials("memorisation", "ablate"):
        assert jobs_of(trial, evidence, MEASURED["reasoning"], ["w"], {}) is None


def test_a_search_that_was_never_vague_has_no_jobs(tmp_path: Path) -> None:
    evidence = written(tmp_path, [row("search", "w", "a", "f1", 1.0)]).of("search")
    measured = MEASURED["search"].model_copy(update={"arms": {"full_fixed_schema": "0" * 64}})
    (search,) = trials("search")
    assert jobs_of(search, evidence, measured, ["w"], {}) is None
