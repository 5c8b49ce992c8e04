"""How often a gate on drift is right: reruns of one worker, and a worker that became worse."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from gate.drifting import observations, run
from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.estimate.planning import Target
from worktrial.evidence import RunFolder, write_evidence
from worktrial.gate import Policy, judge
from worktrial.randomness import stream
from worktrial.relay import simulate
from worktrial.relay.damage import behaviour
from worktrial.relay.items import RelayItem, custom_course, relay_items
from worktrial.running.planning import Usage, pilot, plan

RERUNS = 300
LEGS = 10
ANY = Policy.model_validate({"gates": {"drift": {"drift": {"metric": "fidelity"}}}})


@cache
def documents() -> Sequence[RelayItem]:
    """All that runs take their documents from, half of them in each domain."""
    course = custom_course("pocket", round_trips=1, size=None, distractors=None, items=160)
    return relay_items(course, seed=7, domains=("json", "spreadsheet"))


def scores(worker: str, chosen: Sequence[int], seed: int) -> dict[str, float]:
    """What is left of some documents after a relay of a worker, by item."""
    known, found = behaviour(worker), {}
    for item in (documents()[place] for place in chosen):
        kind = domain(item.domain)
        left = simulate.damaged(item, known, legs=LEGS, seed=seed)
        found[item.id] = likeness(kind.parse(item.files), left, clips=kind.clips).value
    return found


def sample(size: int, number: int) -> list[int]:
    rng = stream(7, "documents of a run", number)
    return rng.sample(range(len(documents())), size)


def verdicts(folder: Path, before: str, now: str, items: int) -> list[str]:
    """The gate's verdict on each rerun of a schedule: fresh noise, and each time other items."""
    found = []
    for number in range(RERUNS):
        chosen = sample(items, number)
        baseline = run(folder / "before", scores(before, chosen, 2 * number))
        later = run(folder / "now", scores(now, chosen, 2 * number + 1))
        found.append(judge(later, ANY, baseline=baseline).results[1].verdict)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("items", [8, 24, 48])
def test_a_rerun_of_the_same_worker_raises_no_alarm_in_95_of_100(
    items: int, tmp_path: Path
) -> None:
    found = verdicts(tmp_path, "lossy-0.02", "lossy-0.02", items)
    alarms = found.count("missed")
    print(f"{items} items: {alarms} alarms and {found.count('met')} no drift of {RERUNS} reruns")
    assert stats.binomtest(alarms, RERUNS, 0.05, alternative="greater").pvalue > 1e-3


@pytest.mark.slow
def test_twice_the_loss_is_found_at_the_size_that_the_plan_gives(tmp_path: Path) -> None:
    everything = range(len(documents()))
    means = [
        np.mean(list(scores(w, everything, 999).values())) for w in ("lossy-0.02", "lossy-0.04")
    ]
    difference = float(means[0] - means[1])
    # What .02 and .04 of the units a leg leave of ten legs: about .98^10 = .82 and .96^10 = .66.
    assert difference == pytest.approx(0.98**10 - 0.96**10, abs=0.04)
    write_evidence(
        RunFolder(run(tmp_path / "pilot", [0.5])).evidence,
        [
            row
            for place, worker in enumerate(("lossy-0.02", "lossy-0.04"))
            for row in observations(worker, scores(worker, sample(24, 999), 1000 + place))
        ],
    )
    _, spread, _ = pilot(tmp_path / "pilot")
    target = Target("apart", difference, margin=0.03, power=0.9)
    planned = plan(spread, Usage(), target, replicates=1, seed=7).row
    found = verdicts(tmp_path, "lossy-0.02", "lossy-0.04", planned.items).count("missed")
    print(f"{planned.items} items for {difference:.3f}: found {found} of {RERUNS}")
    assert stats.binomtest(found, RERUNS, target.power, alternative="less").pvalue > 1e-3
    # With a third of the items it is found too seldom: the size is no more than is needed.
    fewer = verdicts(tmp_path, "lossy-0.02", "lossy-0.04", planned.items // 3).count("missed")
    assert stats.binomtest(fewer, RERUNS, target.power, alternative="less").pvalue < 1e-3
