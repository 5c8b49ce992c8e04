"""Plans against known truth: a run of the planned size decides as often as it was planned to."""

import numpy as np
import pytest

from worktrial.calibration.case import Case
from worktrial.calibration.plans import CASES
from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.estimate import equivalence
from worktrial.estimate.planning import Target, caution, plan_clusters
from worktrial.relay.damage import behaviour
from worktrial.relay.items import COURSES, RelayItem, relay_items
from worktrial.relay.simulate import damaged
from worktrial.relay.truth import expected_fidelity

LEGS = 10
WORKERS = [behaviour(f"lossy-{rate}") for rate in ("0.02", "0.03")]


def name(case: Case) -> str:
    return case.name


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_planned_size_attains_its_power(case: Case) -> None:
    result = case.judge(case.simulate(1, range(case.replicates)))
    print(f"\n{case.name}: {result.rate:.3f} of {case.nominal}")
    assert result.sound


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in CASES if c.control or c.clusters == 16][:2], ids=name)
def test_a_few_runs_of_the_planned_size_do(case: Case) -> None:
    assert case.judge(case.simulate(1, range(25))).sound


@pytest.mark.parametrize("case", [c for c in CASES if c.control], ids=name)
def test_the_textbook_at_the_pilots_own_spread_is_caught(case: Case) -> None:
    assert case.judge(case.simulate(1, range(case.replicates))).missed


def fidelity(items: list[RelayItem], seed: int) -> np.ndarray:
    """Differences of two reference workers' fidelity after the last leg, one a document."""
    originals = [domain(item.domain).parse(item.files) for item in items]
    one, other = (
        [
            likeness(original, damaged(item, worker, legs=LEGS, seed=seed)).value
            for item, original in zip(items, originals, strict=True)
        ]
        for worker in WORKERS
    )
    return np.subtract(one, other)


@pytest.mark.slow
def test_a_plan_from_sixteen_documents_decides_between_two_reference_workers() -> None:
    course = COURSES["pocket"].model_copy(update={"items": 960})
    items = relay_items(course, seed=3)
    draws = np.array([fidelity(items, seed) for seed in range(5)])
    one, other = (
        np.mean([expected_fidelity(item, worker, legs=LEGS)[-1] for item in items])
        for worker in WORKERS
    )
    target = Target("apart", float(one - other))
    rng = np.random.default_rng(1)

    def sample(documents: int) -> np.ndarray:
        """Neighbouring items, so that every domain has its share."""
        start = 8 * rng.integers(0, len(items) // 8)
        chosen = (start + np.arange(documents)) % len(items)
        return np.asarray(draws[rng.integers(0, len(draws)), chosen])

    verdicts = []
    for _ in range(40):
        pilot = sample(16)
        sd = caution(16) * float(np.std(pilot, ddof=1))
        plan = plan_clusters(pilot, sd=sd, target=target, strata=8)
        for _ in range(10):
            judged = equivalence(sample(plan.clusters), np.zeros(plan.clusters), margin=0.03)
            towards = judged.difference.value > 0
            verdicts.append(judged.verdict if towards else f"{judged.verdict}, reversed")
    decided = [verdict for verdict in verdicts if not verdict.startswith("cannot-tell")]
    print(f"\n{len(decided)} of {len(verdicts)} decided, {decided.count('apart')} rightly")
    assert len(decided) >= 0.85 * len(verdicts)
    assert decided.count("apart") >= 0.97 * len(decided)
