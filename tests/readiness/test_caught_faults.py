"""What is said of faults in a worker's way, against truths that are worked out by hand."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from readiness.observed import measurement, observation
from worktrial.evidence import Evidence, Observation, write_evidence
from worktrial.evidence.findings import Estimate, Findings, RunFacts
from worktrial.readiness.caught import per_accepted
from worktrial.readiness.findings import office_findings
from worktrial.readiness.items import FAULTS
from worktrial.report.readiness import ReadinessReading
from worktrial.report.readiness_tables import ReadinessTables

ARMS = ("native", "faulty", "seeded")
SOUND = {arm: {"oracle": 1.0, "null": 0.0, "items": 8.0} for arm in ARMS}
TASKS = {f"task-{n:02}": FAULTS[n % 5] for n in range(20)}
"""Four of each kind."""
ONE, NOBODY = "lab/one", "lab/nobody"


def _observed(
    worker: str, arm: str, metric: str, values: Mapping[str, float]
) -> Iterator[Observation]:
    for item, value in values.items():
        row = observation((worker, arm, item, "task", 1, metric, value))
        yield row._replace(kind=TASKS[item]) if arm == "seeded" else row


def one_worker() -> Iterator[Observation]:
    """Meets all faults but the four in notes; detects false successes and timeouts, repairs these.

    Done are the four tasks with timeouts, and those with notes that it never looked at. It checks
    twice in each task with a false success.
    """
    met = {item for item, kind in TASKS.items() if kind != "stale_memory"}
    seen = {item for item, kind in TASKS.items() if kind in ("false_success", "timeout")}
    late = {item for item, kind in TASKS.items() if kind == "timeout"}
    done = {item: float(item in late or item not in met) for item in TASKS}
    yield from _observed(ONE, "native", "success", dict.fromkeys(TASKS, 1.0))
    yield from _observed(ONE, "faulty", "success", dict.fromkeys(TASKS, 1.0))
    yield from _observed(ONE, "seeded", "success", done)
    yield from _observed(ONE, "seeded", "fault_met", {i: float(i in met) for i in TASKS})
    yield from _observed(ONE, "seeded", "fault_detected", {i: float(i in seen) for i in met})
    yield from _observed(ONE, "seeded", "fault_repaired", {i: float(i in late) for i in met})
    turns = dict(zip(sorted(late), (1.0, 1.0, 2.0, 4.0), strict=True))
    yield from _observed(ONE, "seeded", "turns_to_repair", turns)
    checks = {i: 2.0 * (kind == "false_success") for i, kind in TASKS.items()}
    yield from _observed(ONE, "seeded", "verification_calls", checks)


def nobody() -> Iterator[Observation]:
    for arm in ARMS:
        yield from _observed(NOBODY, arm, "success", dict.fromkeys(TASKS, 0.0))
    for metric in ("fault_met", "verification_calls"):
        yield from _observed(NOBODY, "seeded", metric, dict.fromkeys(TASKS, 0.0))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    path = tmp_path_factory.mktemp("caught") / "evidence.parquet"
    write_evidence(path, [*one_worker(), *nobody()])
    evidence = Evidence(path, trial="office")
    said = office_findings(evidence, measurement(*ARMS), instrument=SOUND)
    facts = RunFacts(seed=7, course="pocket", protocol_sha256="0" * 64, versions={})
    return Findings(
        run=facts, estimates=said.estimates, claims=said.claims, outcomes=said.outcomes,
        cost=said.cost,
    )  # fmt: skip


def estimate(found: Findings, metric: str, worker: str = ONE, kind: str | None = None) -> Estimate:
    name = "seeded" if kind is None else f"seeded-{kind}"
    return found.estimate(f"office/{metric}/{worker}/{name}")


def test_rates_are_of_the_faults_that_were_met(found: Findings) -> None:
    # 16 of 20 are met, 8 of these detected, 4 repaired.
    assert estimate(found, "met_rate").value == pytest.approx(16 / 20)
    assert estimate(found, "catch_rate").value == pytest.approx(8 / 16)
    assert estimate(found, "repair_rate").value == pytest.approx(4 / 16)
    assert estimate(found, "catch_rate").clusters == 16
    assert estimate(found, "turns_to_repair").value == pytest.approx((1 + 1 + 2 + 4) / 4)


def test_every_kind_has_its_own_and_is_exploratory(found: Findings) -> None:
    wanted = {"false_success": 1.0, "timeout": 1.0, "contradiction": 0.0, "wrong_number": 0.0}
    for kind, rate in wanted.items():
        assert estimate(found, "catch_rate", kind=kind).value == pytest.approx(rate)
        assert estimate(found, "catch_rate", kind=kind).endpoint == "exploratory"
        assert estimate(found, "catch_rate", kind=kind).clusters == 4
    unmet = estimate(found, "catch_rate", kind="stale_memory")
    assert (unmet.value, unmet.why) == (None, "no fault was met")
    never = estimate(found, "turns_to_repair", kind="false_success")
    assert (never.value, never.why) == (None, "no fault was repaired")


def test_checks_are_paid_for_by_the_tasks_that_are_done(found: Findings) -> None:
    # 8 checks in 20 tasks, 8 of which are done.
    per = estimate(found, "verification_calls_per_accepted")
    assert per.value == pytest.approx(8 / 8)
    assert per.low is not None
    assert per.high is not None
    assert per.low < 1 < per.high
    assert estimate(found, "verification_calls").value == pytest.approx(8 / 20)


def test_the_loss_is_a_gap_of_its_own_and_no_axis(found: Findings) -> None:
    lost = next(e for e in found.estimates if e.worker == ONE and e.gap == "seeded")
    assert (lost.value, lost.arm, lost.minus_arm) == (pytest.approx(12 / 20), "native", "seeded")
    axes = {e.axis: e.value for e in found.estimates if e.worker == ONE and e.metric == "axis"}
    assert axes == {"task_success": 1.0, "ecosystem": 1.0}


def test_of_who_does_nothing_nothing_is_said(found: Findings) -> None:
    assert estimate(found, "met_rate", NOBODY).value == 0.0
    for metric in ("catch_rate", "repair_rate", "turns_to_repair"):
        said = estimate(found, metric, NOBODY)
        assert said.value is None
        assert said.why
    per = estimate(found, "verification_calls_per_accepted", NOBODY)
    assert (per.value, per.why) == (None, "nothing was accepted")


def test_a_cost_is_never_without_a_catch_rate(found: Findings) -> None:
    priced = {(e.worker, e.arm) for e in found.estimates if e.metric.endswith("_per_accepted")}
    caught = {(e.worker, e.arm) for e in found.estimates if e.metric == "catch_rate"}
    assert priced
    assert priced <= caught


def test_every_estimate_has_an_id_of_its_own_and_bounds_or_a_reason(found: Findings) -> None:
    assert len({e.id for e in found.estimates}) == len(found.estimates)
    for one in (e for e in found.estimates if "seeded" in (e.arm, e.minus_arm)):
        assert one.why or (
            one.low is not None and one.value is not None and one.high is not None
            and one.low <= one.value <= one.high
        )  # fmt: skip


def test_the_cost_of_a_task_has_bounds_only_where_something_is_surely_done() -> None:
    spent = np.full(30, 2.0)
    sure = per_accepted(spent, np.array([1.0] * 24 + [0.0] * 6))
    assert sure.value == pytest.approx(2 / 0.8)
    assert sure.low < sure.value < sure.high
    single = per_accepted(np.array([2.0]), np.array([1.0]))
    assert single.value == 2.0
    assert single.why
    none = per_accepted(spent, np.zeros(30))
    assert np.isnan(none.value)
    wide = per_accepted(spent, np.array([1.0] * 24 + [0.0] * 6), level=0.99)
    assert wide.low < sure.low
    assert wide.high > sure.high


def test_the_report_has_what_was_found_beside_what_it_cost(found: Findings) -> None:
    reading = ReadinessReading(found)
    first, *by_kind = ReadinessTables(reading, {}).faults()
    assert "detected, of those met" in first.columns
    assert "checks per task done" in first.columns
    assert [row.name for row in first.rows] == [NOBODY, ONE]
    assert len(by_kind) == 2
    assert by_kind[0].columns[1:] == [kind.replace("_", " ") for kind in FAULTS]
    assert reading.arms_of("ecosystem") == ["faulty"]


def test_nothing_spent_on_checks_has_no_bounds(tmp_path: Path) -> None:
    path = tmp_path / "evidence.parquet"
    none = _observed(ONE, "seeded", "verification_tokens", dict.fromkeys(TASKS, 0.0))
    write_evidence(path, [*one_worker(), *none])
    said = office_findings(
        Evidence(path, trial="office"), measurement(*ARMS), instrument=SOUND
    ).estimates
    tokens = [e for e in said if e.metric.startswith("verification_tokens")]
    assert [(e.value, e.low, e.why) for e in tokens] == [(0.0, None, "no check was seen")] * 2
