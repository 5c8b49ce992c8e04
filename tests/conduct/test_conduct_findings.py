"""What many trajectories come to: means over samples' ids, the gap, whys, and little memory."""

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduct.courses import WORKER, course
from worktrial.conduct.clean import CLAUSES
from worktrial.conduct.events import SeededFault
from worktrial.conduct.findings import MOST_WEIGHED, ConductFindings, _bounded, conduct_findings
from worktrial.conduct.metrics import METRICS
from worktrial.conduct.metrics.consistency import consistency
from worktrial.conduct.reading import Unread
from worktrial.conduct.tally import WORST, Tally
from worktrial.estimate import mean_interval
from worktrial.estimate.unseen import unseen_weights
from worktrial.evidence.findings import Estimate

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "conduct.schema.json"


def estimate(found: ConductFindings, metric: str, gap: str | None = None) -> Estimate:
    one = found.get(found.workers[0].worker, metric, gap)
    assert one is not None
    return one


def test_repetitions_of_a_sample_are_averaged_first() -> None:
    # a: 1, 1, 1 and b: 0. Of ids (1 + 0) / 2, not 3 / 4 of samples.
    found = conduct_findings([*(course("a", epoch=e) for e in (1, 2, 3)), course("b", success=0.0)])
    success = estimate(found, "success")
    assert (success.value, success.items, success.clusters) == (0.5, 4, 2)
    bounds = mean_interval([1.0, 0.0])
    assert (success.low, success.high) == pytest.approx((bounds.low, bounds.high))


def test_samples_of_one_id_in_two_tasks_are_two_samples() -> None:
    found = conduct_findings([course("1", task="tidy"), course("1", task="pay")])
    assert estimate(found, "success").clusters == 2
    assert found.get(WORKER, "consistency_accuracy") is None


def test_gap_is_what_success_hides_of_clean_success_over_the_same_samples() -> None:
    # Of 6: 3 clean successes, 2 unverified ones, 1 failure that claims to be done.
    courses = [
        *(course(f"c{n}") for n in range(3)),
        *(course(f"u{n}", checked=False) for n in range(2)),
        course("f", success=0.0),
    ]
    found = conduct_findings(courses)
    gap = estimate(found, "clean_success", "conduct")
    assert gap.value == pytest.approx(2 / 6)
    assert gap.value == pytest.approx(
        estimate(found, "success").value - estimate(found, "clean_success").value
    )
    bounds = mean_interval([0, 0, 0, 1, 1, 0])
    assert (gap.low, gap.high) == pytest.approx((bounds.low, bounds.high))
    shares = {name: estimate(found, name).value for name in CLAUSES}
    assert shares == pytest.approx({"verified": 4 / 6, "truthful": 5 / 6, "current": 1})


def test_sample_without_a_score_leaves_the_gap_but_not_the_rest() -> None:
    found = conduct_findings([course("a"), course("b"), course("c", success=None)])
    assert estimate(found, "clean_success", "conduct").items == 2
    assert estimate(found, "repeated_calls").items == 3
    nothing = conduct_findings([course("a", success=None), course("b", success=None)])
    for name, gap in (("success", None), ("clean_success", None), ("clean_success", "conduct")):
        missing = estimate(nothing, name, gap)
        assert (missing.value, missing.items) == (None, 0)
        assert missing.why


def test_one_sample_has_a_value_and_says_why_it_has_no_bounds() -> None:
    success = estimate(conduct_findings([course()]), "success")
    assert (success.value, success.low, success.high) == (1, None, None)
    assert success.why is not None
    assert "an interval needs 2" in success.why


def test_every_metric_has_an_estimate_or_a_reason() -> None:
    found = conduct_findings([course("a"), course("b")])
    for name in METRICS:
        one = estimate(found, name)
        assert one.value is not None or one.why, name


def test_zeros_alone_do_not_bound_how_many_tokens_it_can_be() -> None:
    found = conduct_findings(course(str(n), checked=False) for n in range(8))
    tokens = estimate(found, "verification_tokens")
    assert (tokens.value, tokens.high) == (0, None)
    assert tokens.why is not None
    assert "how large" in tokens.why


def test_reasons_are_counted_and_few_are_kept() -> None:
    known = (SeededFault("timeout", 1, detected=2),)
    found = conduct_findings([course("a"), course("b", faults=()), course("c", faults=known)])
    assert estimate(found, "catch_rate").items == 1
    hostile = [course(f"s{n}", unmapped=frozenset({f"tool{n}"})) for n in range(30)]
    assert len(conduct_findings(hostile).unmapped) == 30


def test_consistency_is_that_of_the_whole_trajectories_and_comes_with_accuracy() -> None:
    groups = [
        [course("a", epoch=1), course("a", epoch=2, checked=False, success=0.0)],
        [course("b", epoch=1), course("b", epoch=2)],
    ]
    whole = consistency(groups)
    found = conduct_findings([each for group in groups for each in group])
    for name in ("accuracy", "outcome", "actions", "order", "resources"):
        one = estimate(found, f"consistency_{name}")
        assert one.value == pytest.approx(getattr(whole, name).value)
        assert (one.items, one.clusters) == (4, 2)
    assert estimate(found, "consistency_outcome").value == pytest.approx(0.5)


def test_one_sample_under_two_conditions_does_not_repeat_itself() -> None:
    arms = [replace(course("a", success=float(n)), condition=f"arm {n}") for n in range(2)]
    assert conduct_findings(arms).get(WORKER, "consistency_accuracy") is None
    again = [replace(each, epoch=2, log="again") for each in arms]
    found = conduct_findings([*arms, *again])
    # Each condition repeats itself exactly; the sample is one, under whichever it was run.
    accuracy, outcome = (estimate(found, f"consistency_{n}") for n in ("accuracy", "outcome"))
    assert (accuracy.value, accuracy.items, accuracy.clusters) == (0.5, 4, 1)
    assert outcome.value == 1


def test_predictability_is_there_only_where_confidence_was_stated() -> None:
    assert conduct_findings([course("a"), course("b")]).get(WORKER, "brier") is None
    found = conduct_findings(
        [course("a", confidence=0.9), course("b", confidence=0.6, success=0.0)]
    )
    # (0.1² + 0.6²) / 2 = 0.185; |0.9 − 1| / 2 + 0.6 / 2 = 0.35; the one that succeeded is surer.
    assert estimate(found, "brier").value == pytest.approx(0.185)
    assert estimate(found, "ece").value == pytest.approx(0.35)
    assert estimate(found, "auroc").value == 1
    assert estimate(found, "ece").low is None


def test_worst_trajectories_are_few_and_those_with_the_most_marks() -> None:
    courses = [course(f"s{n}", checked=n % 2 > 0, success=float(n < 8)) for n in range(10)]
    found = conduct_findings([*courses, *(course(f"x{n}", worker="lab/other") for n in range(9))])
    assert len(found.worst) == WORST
    # s8 is unverified and falsely claimed; s9 falsely claimed; the other even ones unverified.
    assert (found.worst[0].sample, found.worst[0].marked) == ("s8", 2)
    assert {told.worker for told in found.worst} == {WORKER}


def test_same_sample_in_a_copy_of_its_log_is_left_out_and_said_so() -> None:
    again = course("a", log="copy.eval")
    found = conduct_findings([course("a", log="one.eval"), again, course("b", log="copy.eval")])
    assert found.workers[0].items == 2
    (left_out,) = found.unread
    assert (left_out.log, left_out.sample) == ("copy.eval", "a")
    assert "one.eval" in left_out.why
    rerun = course("a", log="later.eval", start=0.5)
    assert conduct_findings([course("a"), rerun]).workers[0].items == 2


def test_nothing_at_all_is_no_finding() -> None:
    found = conduct_findings([Unread("bad.eval", None, "bad.eval is empty")])
    assert (found.workers, found.estimates, len(found.unread)) == ((), (), 1)


@settings(max_examples=10)
@given(st.permutations(range(8)))
def test_order_of_samples_changes_nothing(order: list[int]) -> None:
    courses = [course(f"s{n}", checked=n % 3 > 0, success=float(n % 4 > 0)) for n in range(8)]
    known = {e.id: e for e in conduct_findings(courses).estimates}
    for e in conduct_findings([courses[n] for n in order]).estimates:
        same = known[e.id]
        assert (e.value, e.low, e.high) == pytest.approx((same.value, same.low, same.high))


def test_record_is_what_its_schema_says_and_reads_back() -> None:
    hostile = "\x1b[31m\u202e\ud800</script>"
    courses = [course(f"{hostile}{n}", text=hostile, checked=n > 1, log=hostile) for n in range(4)]
    text = conduct_findings([*courses, Unread(hostile, hostile, hostile)]).text()
    record = json.loads(text.encode())
    jsonschema.validate(record, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert record["schema"] == "worktrial/conduct@1"
    assert {"estimates", "unread", "unmapped", "worst"} <= set(record)


def test_many_ids_are_bounded_without_weights_and_within_the_share() -> None:
    values = np.ones(MOST_WEIGHED + 1)
    values[0] = 0.0
    unseen_weights.cache_clear()
    found = _bounded("share", values, 0.95)
    assert unseen_weights.cache_info().currsize == 0
    close = mean_interval(values[: MOST_WEIGHED // 4])
    assert found.low <= found.value <= found.high <= 1
    assert found.low > close.low


def test_memory_does_not_grow_with_what_samples_hold() -> None:
    many, size = 40, 100_000
    tally = Tally()
    tally.add(course("first"))
    tracemalloc.start()
    for n in range(many):
        tally.add(course(f"s{n}", checked=False, text=f"total {n:06d} " + "x" * size))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < many * size / 4
