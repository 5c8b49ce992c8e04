"""Workers on one panel: what is said of two, of all, and of what was registered."""

import numpy as np
import pytest

from worktrial.comparison.endpoints import corrected_together, judge_endpoints
from worktrial.comparison.order import compare_order
from worktrial.comparison.pairs import compare_pairs, decided
from worktrial.comparison.panel import Panel, joined
from worktrial.evidence.findings import Claim, Estimate
from worktrial.protocol.registration import Endpoint

STEPS = (2, 4, 6)


def panel(
    ends: dict[str, tuple[float, float]], items: int = 30, noise: float = 0.02, seed: int = 1
) -> Panel:
    """Workers that fall evenly from one mean to another, with noise of their own."""
    rng = np.random.default_rng(seed)
    means = np.array([np.linspace(first, last, 3) for first, last in ends.values()])
    scores = means[:, None, :] + rng.uniform(-noise, noise, (len(ends), items, 3))
    return Panel(
        trial="relay", gap="horizon", metric="fidelity", proxy="legs-2", work="legs-6",
        in_words=("after the first round trip", "after leg 6"), workers=tuple(ends),
        items=tuple(f"item-{i:02}" for i in range(items)), steps=STEPS,
        scores=scores.clip(0, 1),
    )  # fmt: skip


LEVEL_THEN_APART = panel({"a": (0.9, 0.8), "b": (0.9, 0.5)})


def test_level_under_the_proxy_and_apart_at_work_is_found() -> None:
    found = compare_pairs(LEVEL_THEN_APART, margin=0.03, seed=1, mapping="m")
    claims = {claim.id: claim for claim in found.claims}
    assert claims["relay/at-work-a-b"].text == "a and b are apart after leg 6"
    then = claims["relay/level-then-apart-a-b"]
    assert (then.verdict, then.text) == (
        "met", "a and b are level after the first round trip and apart after leg 6",
    )  # fmt: skip
    assert decided(found.claims)


def test_the_difference_at_work_is_what_is_declared_and_all_else_is_exploratory() -> None:
    found = compare_pairs(LEVEL_THEN_APART, margin=0.03, seed=1, mapping="m")
    by_kind: dict[str | None, list[str]] = {}
    for estimate in found.estimates:
        by_kind.setdefault(estimate.endpoint, []).append(estimate.id)
    assert by_kind["declared"] == ["relay/fidelity/a-minus-b/legs-6"]
    assert "relay/p_flip/a-minus-b/legs-6" in by_kind["exploratory"]
    assert None not in by_kind


def test_the_gap_of_gaps_is_the_difference_of_what_each_loses() -> None:
    found = compare_pairs(LEVEL_THEN_APART, margin=0.03, seed=1, mapping="m")
    gap = next(e for e in found.estimates if e.gap == "horizon" and e.metric == "fidelity")
    # a loses .9 − .8 = .1, b loses .9 − .5 = .4: −.3, up to noise of .02 on thirty items.
    assert gap.value == pytest.approx(-0.3, abs=0.02)
    low, high = gap.low or 0, gap.high or 0
    assert low < -0.3 < high < 0


def test_the_curve_of_differences_has_a_band_about_its_intervals() -> None:
    found = compare_pairs(LEVEL_THEN_APART, margin=0.03, seed=1, mapping="m")
    curve = [e for e in found.estimates if e.metric == "fidelity_curve"]
    assert [e.step for e in curve] == list(STEPS)
    for e in curve:
        assert (e.band_low or 0) <= (e.low or 0) < (e.high or 0) <= (e.band_high or 0)


def test_many_pairs_are_adjusted_together() -> None:
    four = panel({"a": (0.9, 0.8), "b": (0.9, 0.795), "c": (0.9, 0.79), "d": (0.9, 0.3)})
    found = compare_pairs(four, margin=0.03, seed=1, mapping="m")
    declared = [e for e in found.estimates if e.endpoint == "declared"]
    p_values = sorted((e.p_value, e.p_adjusted) for e in declared if e.p_value is not None)
    # Holm: the smallest of six is multiplied by 6, and adjusted values never fall.
    assert p_values[0][1] == pytest.approx(6 * p_values[0][0], rel=1e-3)
    adjusted = [p for _, p in p_values if p is not None]
    assert adjusted == sorted(adjusted)


def test_a_worker_that_differs_only_without_the_others_is_not_called_apart() -> None:
    rng = np.random.default_rng(9)
    base = rng.uniform(0.4, 0.6, 30)
    scores = np.stack([base + shift + rng.normal(0, 0.05, 30) for shift in (0, 0.022, 0, 0)])
    many = Panel(
        "relay", "horizon", "fidelity", "legs-2", "legs-4", ("", ""),
        tuple("abcd"), tuple(map(str, range(30))), (2, 4), np.stack([scores, scores], axis=2),
    )  # fmt: skip
    alone = compare_pairs(many.only("ab"), margin=0.001, seed=1, mapping="m")
    (p_alone,) = [e.p_value for e in alone.estimates if e.endpoint == "declared"]
    among = compare_pairs(many, margin=0.001, seed=1, mapping="m")
    (pair,) = [e for e in among.estimates if e.id == "relay/fidelity/a-minus-b/legs-4"]
    assert (p_alone or 1) <= 0.05 < (pair.p_adjusted or 0), "the seed is one where Holm matters"
    verdicts = {c.id: c.verdict for c in among.claims}
    assert verdicts["relay/at-work-a-b"] == "cannot-tell"
    assert {c.id: c.verdict for c in alone.claims}["relay/at-work-a-b"] == "met"


def test_panels_join_on_the_items_and_steps_that_they_share() -> None:
    one, other = panel({"a": (0.9, 0.8)}, items=3), panel({"b": (0.9, 0.5)}, items=4)
    both = joined(one, other)
    assert both.workers == ("a", "b")
    assert both.scores.shape == (2, 4, 3)
    assert np.isnan(both.of("a")[3]).all(), "a was not given the fourth item"


def test_ranks_have_bounds_and_the_last_cannot_be_the_best() -> None:
    three = panel({"a": (0.9, 0.8), "b": (0.9, 0.8), "c": (0.9, 0.2)}, seed=2)
    found = {(e.metric, e.worker, e.arm): e for e in compare_order(three)}
    last = found["rank", "c", "legs-6"]
    assert (last.value, last.low, last.high) == (3, 3, 3)
    first = found["rank", "a", "legs-6"]
    assert (first.low, first.high) == (1, 2)
    assert found["may_be_best", "c", "legs-6"].value == 0
    assert found["may_be_best", "a", "legs-6"].value == 1
    assert list(compare_order(three.only("ab"))) == [], "two workers have no order"


# --- what was registered ----------------------------------------------------------------------


def endpoint(**fields: object) -> Endpoint:
    return Endpoint.model_validate({"id": "e", "metric": "fidelity", **fields})


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"kind": "difference", "pairs": [("a", "b")], "margin": 0.03}, "met"),
        ({"kind": "difference", "pairs": [("a", "b")], "margin": 0.03, "direction": "greater"},
         "met"),
        ({"kind": "difference", "pairs": [("a", "b")], "margin": 0.03, "direction": "less"},
         "missed"),
        ({"kind": "difference", "pairs": [("a", "b")], "margin": 0.03, "step": 2}, "missed"),
        ({"kind": "level", "pairs": [("a", "b")], "margin": 0.03, "step": 2}, "met"),
        ({"kind": "level", "pairs": [("a", "b")], "margin": 0.03}, "missed"),
        ({"kind": "gap", "workers": ["a"], "gap": "horizon", "margin": 0.05}, "met"),
        ({"kind": "gap", "workers": ["a"], "gap": "horizon", "margin": 0.05, "direction": "less"},
         "missed"),
        ({"kind": "gap", "workers": ["a"], "gap": "horizon", "margin": 0.2, "direction": "less"},
         "met"),
        ({"kind": "difference", "pairs": [("a", "x")], "margin": 0.03}, "cannot-tell"),
        ({"kind": "difference", "pairs": [("a", "b")], "margin": 0.03, "step": 99}, "cannot-tell"),
    ],
)  # fmt: skip
def test_a_registered_endpoint_gets_its_verdict(fields: dict[str, object], verdict: str) -> None:
    found = judge_endpoints([endpoint(**fields)], lambda _: LEVEL_THEN_APART, mapping="m")
    (claim,), (estimate,) = found.claims, found.estimates
    assert claim.verdict == verdict
    assert claim.estimates == (estimate.id,)
    assert (estimate.value is None) == (estimate.why is not None)


def test_registered_endpoints_are_adjusted_together_and_what_was_not_measured_counts() -> None:
    declared = [
        endpoint(id=f"e{i}", kind="difference", pairs=[("a", "b")], margin=0.03, step=step)
        for i, step in enumerate((6, 99, 99))
    ]
    found = judge_endpoints(declared, lambda _: LEVEL_THEN_APART, mapping="m")
    measured = found.estimates[0]
    assert measured.p_value is not None
    assert measured.p_adjusted == pytest.approx(3 * measured.p_value)


def test_what_was_registered_of_several_trials_is_one_family() -> None:
    def told(trial: str, p: float) -> tuple[Estimate, Claim]:
        name = f"endpoint/{trial}/a-minus-b"
        return (
            Estimate(id=name, trial=trial, metric="x", worker="a", value=0.1, endpoint="declared",
                     p_value=p, p_adjusted=p),
            Claim(id=f"registered-{name}", text="", estimates=(name,), verdict="met"),
        )  # fmt: skip

    pairs = [told("relay", 0.001), told("search", 0.03), told("office", 0.04)]
    other = Estimate(id="relay/x", trial="relay", metric="x", worker="a", value=1.0, p_adjusted=0.5)
    estimates, claims = corrected_together([*(e for e, _ in pairs), other], [c for _, c in pairs])
    # Holm: 3 · .001, 2 · .03, and the last no less than the one before it.
    assert [e.p_adjusted for e in estimates] == pytest.approx([0.003, 0.06, 0.06, 0.5])
    assert [c.verdict for c in claims] == ["met", "cannot-tell", "cannot-tell"]
