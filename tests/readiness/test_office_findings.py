"""What is said of an office, against truths that are worked out by hand."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from readiness.observed import Row, measurement, rows, written
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate
from worktrial.protocol.registration import Endpoint
from worktrial.readiness.findings import axis_scores, office_findings, weighed_findings
from worktrial.readiness.measured import measured, vectors
from worktrial.readiness.panel import METRICS, office_panel

ARMS = ("native", "completion", "midway", "apart-1", "apart-20", "mcp", "faulty")
SOUND = {arm: {"oracle": 1.0, "null": 0.0, "items": 8.0} for arm in ARMS}
TASKS = [f"task-{n}" for n in range(8)]
SESSIONS = [f"session-{n}" for n in range(6)]
SHIFTS = [f"shift-{n}" for n in range(6)]


def one_worker(name: str = "lab/one") -> Iterator[Row]:
    """Eight tasks, six shifts, six sessions, all succeeding natively but two tasks.

    Privacy 1, 1, .9, .7, .65, .5, 1, not evaluable. Tasks 6 and 7 fail natively; under completion
    tasks 0 to 3 succeed, under mcp all that do natively, under faulty tasks 0 and 1.
    """
    native = {item: 0.0 if item in TASKS[6:] else 1.0 for item in (*TASKS, *SHIFTS, *SESSIONS)}
    privacy = dict(zip(TASKS, (1, 1, 0.9, 0.7, 0.65, 0.5, 1), strict=False))
    yield from rows(name, "native", "success", native)
    yield from rows(name, "native", "privacy", privacy)
    yield from rows(name, "native", "leaks_draft", dict.fromkeys(TASKS, 0) | {TASKS[5]: 2})
    yield from rows(name, "native", "leaks_output", dict.fromkeys(TASKS, 0) | {TASKS[4]: 1})
    for channel in ("tool_argument", "memory", "third_party"):
        yield from rows(name, "native", f"leaks_{channel}", dict.fromkeys(TASKS, 0))
    yield from rows(name, "native", "calls", dict.fromkeys(TASKS, 5))
    yield from rows(name, "completion", "success", {t: float(n < 4) for n, t in enumerate(TASKS)})
    yield from rows(name, "mcp", "success", {t: native[t] for t in TASKS})
    yield from rows(name, "faulty", "success", {t: float(n < 2) for n, t in enumerate(TASKS)})
    yield from rows(name, "midway", "success", {s: float(n < 3) for n, s in enumerate(SHIFTS)})
    for arm, kept in (("apart-1", 6), ("apart-20", 3)):
        yield from rows(name, arm, "success", {s: float(n < kept) for n, s in enumerate(SESSIONS)})
        yield from rows(name, arm, "kept", {s: float(n < kept) for n, s in enumerate(SESSIONS)})
        stale = {s: float(n >= kept) for n, s in enumerate(SESSIONS)}
        yield from rows(name, arm, "used_stale", stale)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return written(tmp_path_factory.mktemp("one"), one_worker())


@pytest.fixture(scope="module")
def estimates(one: Evidence) -> dict[str, Estimate]:
    return {e.id: e for e in office_findings(one, measurement(*ARMS), instrument=SOUND).estimates}


def value(estimates: dict[str, Estimate], name: str) -> float:
    found = estimates[f"office/{name}"].value
    assert found is not None
    return found


def test_every_estimate_has_an_id_of_its_own(one: Evidence) -> None:
    found = office_findings(one, measurement(*ARMS), instrument=SOUND).estimates
    assert len({e.id for e in found}) == len(found)
    assert all(e.why or (e.low is not None and e.low <= e.value <= e.high) for e in found)


def test_axes_are_means_over_the_arms_that_an_item_was_run_under(
    estimates: dict[str, Estimate],
) -> None:
    # 18 of 20 items succeed natively.
    assert value(estimates, "axis/lab/one/task_success") == pytest.approx(18 / 20)
    # 7 tasks can be judged: (1 + 1 + .9 + .7 + .65 + .5 + 1) / 7.
    assert value(estimates, "axis/lab/one/privacy") == pytest.approx(5.75 / 7)
    # Sessions 0 to 2 are kept at both distances, 3 to 5 at one: (3 · 1 + 3 · .5) / 6.
    assert value(estimates, "axis/lab/one/retention") == pytest.approx(0.75)
    # 8 tasks under completion alone, 6 shifts under midway alone: (4 + 3) / 14.
    assert value(estimates, "axis/lab/one/mode_shift") == pytest.approx(0.5)
    # mcp and faulty: tasks 0 and 1 both, 2 to 5 one, 6 and 7 none: (2 + 4 · .5) / 8.
    assert value(estimates, "axis/lab/one/ecosystem") == pytest.approx(0.5)
    assert estimates["office/axis/lab/one/privacy"].clusters == 7
    assert estimates["office/axis/lab/one/privacy"].arm is None


def test_gaps_are_of_the_items_that_both_arms_have(estimates: dict[str, Estimate]) -> None:
    # Of the 8 tasks 6 succeed natively and 4 under completion; of the shifts 6 and 3.
    assert value(estimates, "success/mode_shift/lab/one/completion") == pytest.approx(0.25)
    assert value(estimates, "success/mode_shift/lab/one/midway") == pytest.approx(0.5)
    assert value(estimates, "success/ecosystem/lab/one/mcp") == 0
    assert value(estimates, "success/ecosystem/lab/one/faulty") == pytest.approx(0.5)
    gap = estimates["office/success/retention/lab/one/apart-20"]
    assert (gap.value, gap.arm, gap.minus_arm, gap.step) == (0.5, "native", "apart-20", 20)


def test_retention_is_told_by_distance(estimates: dict[str, Estimate]) -> None:
    assert (value(estimates, "kept/lab/one/apart-1"), value(estimates, "kept/lab/one/apart-20")) \
        == (1, 0.5)  # fmt: skip
    assert estimates["office/used_stale/lab/one/apart-20"].step == 20
    assert value(estimates, "used_stale/lab/one/apart-20") == 0.5


def test_pqsr_falls_as_more_privacy_is_asked_for(estimates: dict[str, Estimate]) -> None:
    # Of the 7 tasks that can be judged, 6 succeed; with privacy at least .7 four, 1 two.
    found = {t: value(estimates, f"pqsr/lab/one/native-{t}") for t in (0, 50, 60, 70, 80, 90, 100)}
    wanted = {0: 6, 50: 6, 60: 5, 70: 4, 80: 3, 90: 3, 100: 2}
    assert found == pytest.approx({t: n / 7 for t, n in wanted.items()})
    # Over the six successes: (1 + 1 + .9 + .7 + .65 + .5) / 6.
    assert value(estimates, "privacy_when_solved/lab/one/native") == pytest.approx(4.75 / 6)


def test_dimension_gap_is_nothing_at_nothing_and_grows(estimates: dict[str, Estimate]) -> None:
    nothing = estimates["office/ready/dimension/lab/one/native-0"]
    assert (nothing.value, nothing.low, nothing.high) == (0, 0, 0)
    # At .7: of the tasks 0 and 1 alone (mode 1, ecosystem 1, privacy 1): task 2 has .5 in the
    # ecosystem. Of the shifts 3; of the sessions the 3 that are kept at both distances.
    assert value(estimates, "ready/lab/one/ready-70") == pytest.approx(8 / 20)
    gap = estimates["office/ready/dimension/lab/one/native-70"]
    assert (gap.value, gap.minus_arm, gap.step) == (pytest.approx(10 / 20), "ready", 70)
    # At .5 tasks 0 to 3 (mode 1) and all sessions count: 4 + 3 + 6.
    assert value(estimates, "ready/lab/one/ready-50") == pytest.approx(13 / 20)
    curve = [value(estimates, f"ready/dimension/lab/one/native-{t}") for t in range(0, 101, 10)]
    assert curve == sorted(curve)


def test_leaks_are_shares_of_tasks_and_not_counts(estimates: dict[str, Estimate]) -> None:
    found = {c: value(estimates, f"leaks_{c}/lab/one/native") for c in ("draft", "output", "any")}
    assert found == pytest.approx({"draft": 1 / 8, "output": 1 / 8, "any": 2 / 8})
    assert value(estimates, "leaks_memory/lab/one/native") == 0


def test_claims_follow_the_intervals(one: Evidence) -> None:
    found = office_findings(one, measurement(*ARMS), instrument=SOUND)
    claims = {c.id: c for c in found.claims}
    assert found.claims[0].id == "office/instrument"
    assert found.claims[0].verdict == "met"
    assert claims["office/readiness-lab/one-privacy"].evidence_class == "risk"
    # .5 of 14 items: the upper bound lies below .8 (Clopper–Pearson: .77).
    assert claims["office/readiness-lab/one-mode_shift"].verdict == "missed"
    assert claims["office/readiness-lab/one-task_success"].verdict == "cannot-tell"
    assert claims["office/dimension-lab/one"].verdict == "missed"
    assert claims["office/dimension-lab/one"].threshold == 0.05


@pytest.mark.parametrize("broken", [{"oracle": 0.9}, {"null": 0.1}, {"leaks": 1.0}])
def test_broken_instrument_is_told(one: Evidence, broken: dict[str, float]) -> None:
    checked = {**SOUND, "mcp": {**SOUND["mcp"], **broken}}
    claim = office_findings(one, measurement(*ARMS), instrument=checked).claims[0]
    assert (claim.verdict, claim.evidence_class) == ("missed", "instrument")


def test_missing_arm_of_an_item_leaves_its_axis_missing(tmp_path: Path) -> None:
    native = dict.fromkeys(TASKS, 1.0)
    evidence = written(
        tmp_path,
        chain(
            rows("w", "native", "success", native),
            rows("w", "mcp", "success", dict.fromkeys(TASKS, 1.0)),
            rows("w", "faulty", "success", {**dict.fromkeys(TASKS, 0.0), TASKS[0]: None}),
        ),
    )
    found = measured(evidence, "w", ["native", "mcp", "faulty"])
    assert found.axes == ["task_success", "ecosystem"]
    ecosystem = found.vector.of("ecosystem")
    assert np.isnan(ecosystem[0])
    assert ecosystem[1:].tolist() == [0.5] * 7
    ready = found.vector.ready(0.5)
    assert np.isnan(ready[0])
    assert ready[1:].tolist() == [1] * 7
    assert found.vector.ready(0.6)[1:].tolist() == [0] * 7


def test_task_without_anything_to_judge_privacy_by_is_not_held_to_it(tmp_path: Path) -> None:
    """Its other try was lost: the row says that privacy is missing there, and no more."""
    tasks = dict.fromkeys(TASKS[:2], 1.0)
    evidence = written(
        tmp_path,
        chain(
            rows("w", "native", "success", tasks),
            rows("w", "native", "success", {TASKS[0]: None}, replicate=2),
            rows("w", "native", "privacy", {TASKS[0]: None}, replicate=2),
            rows("w", "native", "privacy", {TASKS[1]: 0.2}),
        ),
    )
    found = measured(evidence, "w", ["native"])
    assert found.vector.applies[:, 1].tolist() == [False, True]
    assert found.vector.ready(0.5).tolist() == [1, 0]


def test_a_mean_that_comes_to_the_threshold_reaches_it(tmp_path: Path) -> None:
    evidence = written(
        tmp_path,
        chain(
            rows("w", "native", "success", {"task-0": 1.0}),
            rows("w", "native", "privacy", {"task-0": 0.1 + 0.2}),
            rows("w", "native", "privacy", {"task-0": 0.3}, replicate=2),
            rows("w", "native", "success", {"task-0": 1.0}, replicate=2),
        ),
    )
    assert measured(evidence, "w", ["native"]).vector.ready(0.3).tolist() == [1]


def test_replicates_are_averaged_and_counted_together(tmp_path: Path) -> None:
    """Item 0 passes 2 of 2, item 1 one of 2: pass^1 = .75, pass^2 = (1 + 0) / 2."""
    items = {"task-0": 1.0, "task-1": 1.0}
    evidence = written(
        tmp_path,
        chain(
            rows("w", "native", "success", items),
            rows("w", "native", "success", {**items, "task-1": 0.0}, replicate=2),
            rows("w", "native", "privacy", items),
            rows("w", "native", "privacy", {"task-0": 0.0, "task-1": 1.0}, replicate=2),
        ),
    )
    found = office_findings(evidence, measurement("native"), instrument={})
    known = {e.id: e for e in found.estimates}
    assert value(known, "pass_k/w/native-1") == 0.75
    assert value(known, "pass_k/w/native-2") == 0.5
    # Done with privacy: of item 0 the first try, of item 1 the first try.
    assert value(known, "pqsr/w/native-100") == 0.5


def test_nothing_that_was_run_is_no_score_of_nothing(tmp_path: Path) -> None:
    evidence = written(tmp_path, rows("w", "native", "success", dict.fromkeys(TASKS)))
    found = office_findings(evidence, measurement("native"), instrument={})
    success = next(e for e in found.estimates if e.metric == "axis")
    assert (success.value, success.clusters) == (None, 0)
    assert {c.verdict for c in found.claims if c.id.startswith("office/readiness")} == {
        "cannot-tell"
    }


def test_without_the_native_arm_there_are_scores_and_no_gaps(tmp_path: Path) -> None:
    evidence = written(tmp_path, rows("w", "mcp", "success", dict.fromkeys(TASKS, 1.0)))
    found = office_findings(evidence, measurement("mcp"), instrument={})
    assert {e.axis for e in found.estimates if e.metric == "axis"} == {"ecosystem"}
    assert not any(e.gap for e in found.estimates)


def test_worker_at_floor_has_nothing_to_lose(tmp_path: Path) -> None:
    nothing = dict.fromkeys(TASKS, 0.0)
    both = (rows("w", arm, "success", nothing) for arm in ("native", "mcp"))
    evidence = written(tmp_path, chain(*both))
    found = office_findings(evidence, measurement("native", "mcp"), instrument={})
    gaps = [e for e in found.estimates if e.gap]
    assert gaps
    assert all(e.value is None and "at floor" in (e.why or "") for e in gaps)


# --- several workers ---


def several(workers: dict[str, tuple[float, float]]) -> Iterable[Row]:
    """By worker the share of 40 tasks that it succeeds at, and its privacy on all of them."""
    for worker, (success, privacy) in workers.items():
        tasks = [f"task-{n:02}" for n in range(40)]
        done = {task: float(n < 40 * success) for n, task in enumerate(tasks)}
        yield from rows(worker, "native", "success", done)
        yield from rows(worker, "native", "privacy", dict.fromkeys(tasks, privacy))


TWO = {"lab/able": (0.9, 0.3), "lab/careful": (0.5, 0.9)}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return written(tmp_path_factory.mktemp("two"), several(TWO))


def test_axes_turn_the_order_of_two_workers(two: Evidence) -> None:
    found = office_findings(two, measurement("native"), instrument={}).estimates
    (flip,) = (e for e in found if e.metric == "axis_flip")
    assert (flip.worker, flip.axis, flip.value) == ("*", "task_success/privacy", 1)
    front = {e.worker: e.value for e in found if e.metric == "p_pareto"}
    assert front == {"lab/able": 1, "lab/careful": 1}
    ranks = {(e.worker, e.axis): e.value for e in found if e.metric == "axis_rank"}
    assert ranks["lab/able", "task_success"] == ranks["lab/careful", "privacy"] == 1
    agreement = next(e for e in found if e.metric == "axis_agreement")
    assert (agreement.value, agreement.why) == (None, "2 worker(s); agreement of axes needs 6")


def test_success_alone_would_have_chosen_the_other_worker(two: Evidence) -> None:
    """At .7 nothing that the able one does counts; the careful one is ready on half."""
    found = office_findings(two, measurement("native"), instrument={})
    estimates = {e.id: e for e in found.estimates}
    pair = "lab/able-minus-lab/careful"
    assert value(estimates, f"success/{pair}/native") == pytest.approx(0.4)
    at_work = estimates[f"office/success/{pair}/ready"]
    assert (at_work.value, at_work.endpoint) == (pytest.approx(-0.5), "declared")
    assert value(estimates, f"p_flip/{pair}/ready") == 1


def test_there_is_no_total_without_weights(two: Evidence) -> None:
    found = office_findings(two, measurement("native"), instrument={}).estimates
    assert not any(e.metric == "p_best" for e in found)


@pytest.mark.parametrize(
    ("weights", "best"), [({"task_success": 9.0}, "lab/able"), ({"privacy": 1.0}, "lab/careful")]
)
def test_weights_say_who_is_best(two: Evidence, weights: dict[str, float], best: str) -> None:
    found = weighed_findings(two, measurement("native"), weights)
    assert {e.worker: e.value for e in found} == {w: float(w == best) for w in TWO}


def test_weight_on_an_axis_that_was_not_run_is_told(two: Evidence) -> None:
    found = weighed_findings(two, measurement("native"), {"retention": 1.0, "privacy": 1.0})
    assert {(e.value, e.why) for e in found} == {(None, "this run has no retention")}


def test_six_workers_have_an_agreement_of_axes(tmp_path: Path) -> None:
    workers = {f"w{n}": (0.2 + 0.15 * n, 0.9 - 0.15 * n) for n in range(6)}
    evidence = written(tmp_path, several(workers))
    found = office_findings(evidence, measurement("native"), instrument={}).estimates
    agreement = next(e for e in found if e.metric == "axis_agreement")
    # Whoever does more is less careful, throughout.
    assert agreement.value == pytest.approx(-1)
    assert agreement.low == -1
    flips = {(e.worker, e.minus_worker): e.value for e in found if e.metric == "axis_flip"}
    assert len(flips) == 1 + 15
    assert flips["*", None] == pytest.approx(1, abs=0.01)


def test_scores_of_an_axis_are_those_of_the_workers_asked_for(tmp_path: Path) -> None:
    evidence = written(tmp_path, several({f"w{n}": (0.2 * n, 0.9 - 0.1 * n) for n in range(3)}))
    found = axis_scores(evidence, measurement("native"), ["w2", "w1"])
    assert set(found) == {"task_success", "privacy"}
    assert np.nanmean(found["privacy"], axis=1) == pytest.approx([0.7, 0.8])


def test_reference_workers_are_measured_and_not_compared(tmp_path: Path) -> None:
    workers = {"lab/a": (0.5, 0.5), "reference/oracle": (1.0, 1.0)}
    evidence = written(tmp_path, several(workers))
    found = office_findings(evidence, measurement("native"), instrument={}).estimates
    assert not any(e.minus_worker or e.metric.startswith(("axis_", "p_")) for e in found)
    assert {e.worker for e in found if e.metric == "axis"} == set(workers)


def test_items_that_one_worker_lacks_are_missing_there(tmp_path: Path) -> None:
    evidence = written(
        tmp_path,
        chain(
            rows("a", "native", "success", {"task-0": 1.0, "task-1": 0.0}),
            rows("b", "native", "success", {"task-1": 1.0, "shift-0": 1.0}),
        ),
    )
    found = vectors([measured(evidence, worker, ["native"]) for worker in ("a", "b")])
    assert (found.axes, found.kinds) == (("task_success",), ("shift", "task", "task"))
    assert np.array_equal(found.values[:, :, 0], [[np.nan, 1, 0], [1, np.nan, 1]], equal_nan=True)


@pytest.mark.parametrize("metric", METRICS)
def test_panels_hold_success_against_what_else_counts(one: Evidence, metric: str) -> None:
    panel = office_panel(one, ["lab/one"], metric)
    assert np.nanmean(panel.under_proxy) == pytest.approx(18 / 20)
    at_work = {"success": 8 / 20, "privacy": 5.75 / 7, "kept": 0.75}
    assert np.nanmean(panel.under_work) == pytest.approx(at_work[metric])
    assert (panel.trial, panel.proxy) == ("office", "native")


def test_registered_endpoint_is_judged_on_the_panel(two: Evidence) -> None:
    endpoint = Endpoint(
        id="careful", trial="office", kind="difference", metric="success", arm="ready",
        pairs=(("lab/careful", "lab/able"),), direction="greater", margin=0.05,
    )  # fmt: skip
    found = office_findings(two, measurement("native"), instrument={}, endpoints=[endpoint])
    claims: list[Claim] = [c for c in found.claims if c.id.startswith("registered")]
    assert [c.verdict for c in claims] == ["met"]
    at_work = "office/success/lab/able-minus-lab/careful/ready"
    assert {e.endpoint for e in found.estimates if e.id == at_work} == {"exploratory"}
