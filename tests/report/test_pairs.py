"""Workers against each other: level on the benchmark arm, apart on the work arm."""

import numpy as np

from report.factory import findings
from worktrial.estimate import p_flip, rank_agreement
from worktrial.evidence.findings import Claim, Estimate
from worktrial.report.reading import Reading
from worktrial.report.tables import Tables


def pair(metric: str, arm: str, value: float, **more: object) -> Estimate:
    fields = {"id": f"{metric}/{arm}", "trial": "relay", "metric": metric, "arm": arm, **more}
    return Estimate.model_validate({"worker": "a", "minus_worker": "b", "value": value, **fields})


def test_a_pair_has_both_differences_its_flip_and_its_verdict() -> None:
    found = findings()
    reading = Reading(found)
    first, last = f"legs-{reading.first}", f"legs-{reading.last}"
    claim = Claim(id="relay/level-then-apart-a-b", text="…", estimates=(), verdict="met")
    more = (
        pair("fidelity", first, 0.01, low=-0.02, high=0.04),
        pair("fidelity", last, -0.2, low=-0.3, high=-0.1),
        pair("p_flip", first, 0.4, minus_arm=last),
    )
    both = found.model_copy(
        update={"estimates": (*found.estimates, *more), "claims": (*found.claims, claim)}
    )
    (row,) = Tables(Reading(both), {}).pairs().rows[-1:]
    assert row.name == "a − b"
    assert [cell.text for cell in row.cells[:3]] == ["1 [−2, 4]", "−20 [−30, −10]", ".40"]
    assert row.cells[3].verdict == "met"
    assert "a" not in Reading(both).workers, "a difference puts nobody on trial"


def test_agreement_of_eight_documents_without_any_spread_promises_nothing() -> None:
    scores = np.repeat([[0.1], [0.5], [0.9]], 8, axis=1)
    found = rank_agreement(scores, scores)
    assert found.value == 1
    assert (found.low, found.high) == (-1, 1)


def test_two_workers_that_change_places_flip() -> None:
    proxy = np.array([np.full(8, 0.9), np.full(8, 0.8)])
    assert p_flip(proxy, proxy[::-1], seed=1).probability == 1
    assert p_flip(proxy, proxy, seed=1).probability == 0
