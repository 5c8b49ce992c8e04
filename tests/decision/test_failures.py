"""The worst failures: which, in what order, and where they can be read."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from decision.made import jobs, puzzles, row, written
from worktrial.decision.failures import worst_failures
from worktrial.decision.jobs import Jobs
from worktrial.evidence import Evidence, Observation
from worktrial.evidence.findings import Failure


def worst(folder: Path, rows: Sequence[Observation], *names: str) -> list[Failure]:
    all_jobs: list[Jobs] = [jobs(folder, name, rows) for name in names]
    evidence = Evidence(folder / "evidence.parquet")
    return list(worst_failures(all_jobs, evidence))


def searched(worker: str, scores: dict[str, tuple[float | None, float]]) -> Iterator[Observation]:
    """F1 with all said, and where it had to be asked for."""
    for item, (told, asked) in scores.items():
        yield row("search", worker, item, "f1", told, arm="full_fixed_schema")
        yield row("search", worker, item, "f1", asked, arm="simulated", outcome="protocol")


def test_the_greatest_hidden_loss_comes_first(tmp_path: Path) -> None:
    rows = list(puzzles("w", [0, 0, 0, 0, 1], credit=(0.2, 0.9, 0.5, 0.7, 1.0)))
    found = worst(tmp_path, rows, "reasoning")
    assert [(f.item, f.proxy, f.work) for f in found] == [
        ("p1", 0.9, 0), ("p3", 0.7, 0), ("p2", 0.5, 0),
    ]  # fmt: skip
    assert {(f.metric, f.proxy_arm, f.work_arm) for f in found} == {("solved", "credit", "solved")}


def test_of_equal_losses_the_lower_score_and_then_the_name_goes_first(tmp_path: Path) -> None:
    # Losses of .5, .5 and .5, of which `b` is left with less.
    rows = list(searched("w", {"c": (1.0, 0.5), "b": (0.75, 0.25), "a": (1.0, 0.5)}))
    assert [f.item for f in worst(tmp_path, rows, "search")] == ["b", "a", "c"]


def test_failures_of_different_trials_come_first(tmp_path: Path) -> None:
    rows = [
        *puzzles("w", [0, 0, 0], credit=(0.9, 0.8, 0.7)),
        *searched("w", {"a": (0.6, 0.5), "b": (0.5, 0.45)}),
    ]
    found = worst(tmp_path, rows, "reasoning", "search")
    # .9 and .1 are the worst of the two trials; .8 is the worst of what comes second in its own.
    assert [(f.trial, f.item) for f in found] == [
        ("reasoning", "p0"), ("search", "a"), ("reasoning", "p1"),
    ]  # fmt: skip


def test_only_jobs_that_were_not_accepted_are_failures(tmp_path: Path) -> None:
    # An F1 of .8 is accepted, whatever it has lost; what was lost on its way is no failure.
    rows = [
        *searched("w", {"a": (1.0, 0.8), "b": (0.8, 0.79)}),
        row("search", "w", "c", "f1", 1.0, arm="full_fixed_schema"),
        row("search", "w", "c", "f1", None, arm="simulated"),
    ]
    assert [f.item for f in worst(tmp_path, rows, "search")] == ["b"]
    assert worst(tmp_path, list(puzzles("w", [1, 1])), "reasoning") == []


def test_a_job_done_in_some_replicates_is_a_failure_of_the_others(tmp_path: Path) -> None:
    rows = [
        *puzzles("w", [1], credit=[1.0]),
        *puzzles("w", [0], credit=[1.0], replicate=2),
        *puzzles("w", [None], credit=[None], replicate=3),
    ]
    (found,) = worst(tmp_path, rows, "reasoning")
    assert (found.work, found.replicate, found.outcome) == (0.5, 2, "ok")


def test_a_gain_is_less_of_a_failure_than_what_no_proxy_has_seen(tmp_path: Path) -> None:
    rows = list(searched("w", {"gained": (0.1, 0.5), "unseen": (None, 0.5), "fell": (0.6, 0.5)}))
    found = worst(tmp_path, rows, "search")
    assert [(f.item, f.proxy) for f in found] == [("fell", 0.6), ("unseen", None), ("gained", 0.1)]


def test_at_most_three_of_each_worker_and_only_of_those_on_trial(tmp_path: Path) -> None:
    rows = [r for w in ("a", "b", "reference/null") for r in puzzles(w, [0] * 5, credit=[0.5] * 5)]
    found = worst(tmp_path, rows, "reasoning")
    assert [(f.worker, f.item) for f in found] == [(w, f"p{n}") for w in "ab" for n in range(3)]
    alone = [r for r in rows if r.worker == "reference/null"]
    assert len(worst(tmp_path, alone, "reasoning")) == 3


def test_it_leads_to_the_sample_of_the_arm_at_work(tmp_path: Path) -> None:
    rows = list(searched("w", {"a": (1.0, 0.25)}))
    (found,) = worst(tmp_path, rows, "search")
    assert (found.arm, found.sample, found.replicate, found.outcome) == (
        "simulated", "a-sample", 1, "protocol",
    )  # fmt: skip
    assert (found.proxy_arm, found.work_arm) == ("full_fixed_schema", "simulated")


def test_of_a_relay_it_is_the_outcome_of_the_last_leg(tmp_path: Path) -> None:
    steps = ((2, 0.9, "ok"), (4, 0.3, "noop"), (6, 0.1, "protocol"))
    rows = [
        row("relay", "w", "a", "work_adjusted", value, step=step, outcome=outcome)
        for step, value, outcome in steps
    ]
    (found,) = worst(tmp_path, rows, "relay")
    assert (found.proxy, found.work, found.outcome) == (0.9, 0.1, "protocol")
    assert (found.proxy_arm, found.work_arm) == ("legs-2", "legs-6")


def test_an_office_item_fails_by_an_axis_that_its_success_hid(tmp_path: Path) -> None:
    rows = [
        row("office", "w", "a", "success", 1.0),
        row("office", "w", "a", "privacy", 0.2),
        row("office", "w", "a", "success", 1.0, arm="completion"),
    ]
    (found,) = worst(tmp_path, rows, "office")
    assert (found.proxy, found.work, found.work_arm) == (1, 0, "ready")
    assert (found.metric, found.arm) == ("success", "native")


def test_a_worker_that_one_trial_does_not_know_fails_in_the_others(tmp_path: Path) -> None:
    rows = [*puzzles("a", [0], credit=[1.0]), *searched("b", {"x": (1.0, 0.0)})]
    found = worst(tmp_path, rows, "reasoning", "search")
    assert [(f.worker, f.trial) for f in found] == [("a", "reasoning"), ("b", "search")]


def test_without_jobs_there_are_no_failures(tmp_path: Path) -> None:
    assert list(worst_failures([], written(tmp_path, puzzles("w", [0])))) == []
