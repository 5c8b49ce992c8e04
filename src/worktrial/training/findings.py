"""What a control of rewards found: every change with its interval, and the verdict.

The rule is fixed before the run. There is *skill* where, on clean problems and without regard to
form, the true signal's gain is above 0 and every spurious one's below 1 point, by Holm over arms.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from worktrial.estimate import Interval, crossed_mean, crossed_p_value, crossed_ratio, holm
from worktrial.estimate.intervals import unbounded
from worktrial.evidence import Evidence, RunFolder
from worktrial.evidence.findings import (
    Claim,
    Estimate,
    Findings,
    OutcomeCount,
    RunFacts,
    Verdict,
    from_interval,
)
from worktrial.training.asked import Asked
from worktrial.training.cells import Array, Cells, cells, mean_score
from worktrial.training.measure import GREEDY, LENIENT, METRICS, SAMPLED, STRICT
from worktrial.training.problems import CLEAN, MEMORISED
from worktrial.training.rewards import CORRECT
from worktrial.training.run import TRIAL, base_name, ended_runs

MAPPING = "training-signal control, rule 1"
MARGIN = 0.01
"""A spurious gain of so much is none: one point."""
LEVEL = 0.95
PRIMARY = f"{LENIENT}_{SAMPLED}"
BEFORE = "base"


class Tested(NamedTuple):
    """The primary endpoint of one arm."""

    arm: str
    interval: Interval
    p_value: float
    adjusted: float
    holds: bool


def rewards_findings(asked: Asked, out: Path) -> Findings:
    """Compute every estimate and claim of a control of rewards.

    Raises:
        EvidenceError: If there is no evidence.
    """
    evidence = Evidence(RunFolder(out).evidence)
    tested = _tested(evidence, asked)
    estimates = [*_changes(evidence, asked, tested), *_format_shares(evidence, asked)]
    estimates += [*_curves(evidence, asked), *_swept(evidence, asked)]
    return Findings(
        run=run_facts(asked),
        estimates=tuple(estimates),
        claims=(_verdict(tested, asked), *_by_arm(tested), _unearned(estimates, tested)),
        outcomes=outcome_counts(asked, out),
        cost=(),
    )


def run_facts(asked: Asked) -> RunFacts:
    """Which control the findings are of."""
    libraries = ("torch", "transformers", "trl", "worktrial")
    return RunFacts(
        seed=asked.seed,
        course=f"{asked.control}, {_count(asked.seeds, 'seed')}, "
        f"{_count(len(asked.bases), 'base')}",
        protocol_sha256=asked.sha256,
        versions={name: version(name) for name in libraries},
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def outcome_counts(asked: Asked, out: Path) -> tuple[OutcomeCount, ...]:
    """How the runs of each arm ended."""
    counts = Counter((job.arm, ended.outcome) for job, ended in ended_runs(asked, out))
    return tuple(
        OutcomeCount(worker=all_bases(asked), trial=TRIAL, arm=arm, outcome=outcome, count=count)
        for (arm, outcome), count in sorted(
            counts.items(), key=lambda entry: (asked.arms.index(entry[0][0]), entry[0][1])
        )
    )


def all_bases(asked: Asked) -> str:
    """The bases, as the worker that the findings are of."""
    return ", ".join(base_name(asked, n) for n in range(1, len(asked.bases) + 1))


def identity(asked: Asked, *parts: str | int) -> str:
    """The id of an estimate."""
    return "/".join([TRIAL, asked.control, *map(str, parts)])


def rate_of(asked: Asked) -> str:
    """The recipe's learning rate, as evidence has it."""
    return f"{asked.recipe.rate:g}"


# The primary endpoints.


def _tested(evidence: Evidence, asked: Asked) -> list[Tested]:
    found = []
    for arm in asked.arms:
        change = _cells(evidence, asked, arm, CLEAN, PRIMARY).change
        # Two-sided, so that the test and the interval of 95 % say the same.
        one_sided = (
            crossed_p_value(change, above=True)
            if arm == CORRECT
            else crossed_p_value(change, above=False, null=MARGIN)
        )
        found.append(
            (arm, crossed_mean(change, level=LEVEL), float(np.minimum(1.0, 2 * one_sided)))
        )
    judged = holm([p for _, _, p in found], level=LEVEL)
    return [
        Tested(arm, interval, p, float(adjusted), bool(holds))
        for (arm, interval, p), adjusted, holds in zip(
            found, judged.p_values, judged.rejected, strict=True
        )
    ]


def _cells(
    evidence: Evidence,
    asked: Asked,
    arm: str,
    name: str,
    metric: str,
    *,
    step: int | None = None,
    rate: str | None = None,
) -> Cells:
    at = asked.recipe.steps if step is None else step
    return cells(evidence, arm, metric, name, rate=rate or rate_of(asked), step=at)


def _changes(evidence: Evidence, asked: Asked, tested: Sequence[Tested]) -> Iterator[Estimate]:
    """Of each arm the change of every metric; the primary one's with its p-values."""
    primary = {each.arm: each for each in tested}
    for arm in asked.arms:
        for name in (CLEAN, MEMORISED):
            for metric in _MARKED:
                found = _cells(evidence, asked, arm, name, metric)
                if not found.items:
                    continue
                declared = _declared(primary[arm]) if (name, metric) == (CLEAN, PRIMARY) else {}
                yield _estimate(
                    asked,
                    crossed_mean(found.change, level=LEVEL),
                    arm,
                    f"{name}_{metric}",
                    items=len(found.items),
                    **({"endpoint": "exploratory"} | declared),
                )


_MARKED = [f"{metric}_{decoding}" for metric in METRICS for decoding in (SAMPLED, GREEDY)]


def _declared(tested: Tested) -> dict[str, Any]:
    known = {"p_value": tested.p_value, "p_adjusted": tested.adjusted}
    return {"endpoint": "declared", **{n: p for n, p in known.items() if p == p}}


def _estimate(
    asked: Asked, interval: Interval, arm: str, metric: str, *parts: str | int, **fields: Any
) -> Estimate:
    return from_interval(
        interval,
        id=identity(asked, arm, metric, *(parts or ("change",))),
        trial=TRIAL,
        metric=metric,
        worker=all_bases(asked),
        arm=arm,
        **({"minus_arm": BEFORE} | fields),
    )


def _format_shares(evidence: Evidence, asked: Asked) -> Iterator[Estimate]:
    """How much of an arm's strict gain is the form: one less lenient's gain over strict's."""
    for arm in asked.arms:
        strict, lenient = (
            _cells(evidence, asked, arm, CLEAN, f"{metric}_{SAMPLED}").change
            for metric in (STRICT, LENIENT)
        )
        if strict.shape[1]:
            share = _format_share(strict, lenient)
            yield _estimate(asked, share, arm, "clean_format_share", "share", minus_arm=None)


def _format_share(strict: Array, lenient: Array) -> Interval:
    if crossed_mean(strict, level=LEVEL).low > 0:
        # Of strict's gain what lenient's leaves is strict less lenient.
        return crossed_ratio(strict - lenient, strict, level=LEVEL, bound=2.0)
    return unbounded(np.nan, level=LEVEL, clusters=len(strict), why="no rise is shown")


def _curves(evidence: Evidence, asked: Asked) -> Iterator[Estimate]:
    """Scores at every checkpoint."""
    for arm in asked.arms:
        for name in (CLEAN, MEMORISED):
            for metric in (f"{STRICT}_{SAMPLED}", PRIMARY):
                yield from _curve(evidence, asked, arm, name, metric)


def _curve(
    evidence: Evidence, asked: Asked, arm: str, name: str, metric: str
) -> Iterator[Estimate]:
    for step in checkpoints(evidence):
        found = _cells(evidence, asked, arm, name, metric, step=step)
        if found.items:
            score = mean_score(found.after, LEVEL)
            label = f"{name}_{metric}"
            yield _estimate(asked, score, arm, label, step, step=step, minus_arm=None)


def checkpoints(evidence: Evidence) -> list[int]:
    """The steps at which all was measured."""
    return [step for (step,) in evidence.query("select distinct step from evidence order by 1")]


def _swept(evidence: Evidence, asked: Asked) -> Iterator[Estimate]:
    """The primary change under every further learning rate, by its one seed."""
    for rate in asked.rates:
        for arm in asked.arms:
            found = _cells(evidence, asked, arm, CLEAN, PRIMARY, rate=f"{rate:g}")
            if found.items:
                yield _estimate(
                    asked,
                    crossed_mean(found.change, level=LEVEL),
                    arm,
                    f"clean_{PRIMARY}",
                    f"rate {rate:g}",
                    axis=f"learning rate {rate:g}",
                    endpoint="exploratory",
                )


# What is claimed.


def _verdict(tested: Sequence[Tested], asked: Asked) -> Claim:
    spurious = [each for each in tested if each.arm != CORRECT]
    risen = [each.arm for each in spurious if each.interval.low > MARGIN]
    verdict: Verdict = "met" if spurious and all(each.holds for each in tested) else "cannot-tell"
    fallen = tested[0].interval.high < 0
    if risen or fallen:
        verdict = "missed"
    more = _UNEARNED.format(arms=", ".join(risen)) if risen else _FALLEN if fallen else ""
    return Claim(
        id=f"{TRIAL}/rewards/skill",
        text=_SKILL + more,
        estimates=tuple(_primary_id(each.arm) for each in tested),
        threshold=0.0,
        verdict=verdict,
        mapping=MAPPING,
        overturned_by="more seeds or bases whose intervals cross the bounds; a base or data of "
        "another kind",
    )


_SKILL = "skill: on clean problems only the true signal raises accuracy, whatever the form"
_UNEARNED = "; the metric moves without skill, under {arms}"
_FALLEN = f"; under {CORRECT} it falls"


def _primary_id(arm: str) -> str:
    return f"{TRIAL}/rewards/{arm}/clean_{PRIMARY}/change"


def _by_arm(tested: Sequence[Tested]) -> Iterator[Claim]:
    for each in tested:
        above = each.arm == CORRECT
        low, high = each.interval.low, each.interval.high
        refuted = high < 0 if above else low > MARGIN
        verdict: Verdict = "met" if each.holds else "missed" if refuted else "cannot-tell"
        yield Claim(
            id=f"{TRIAL}/rewards/{each.arm}",
            text=f"the reward {each.arm} raises accuracy on clean problems"
            if above
            else f"the reward {each.arm} raises accuracy on clean problems by less than a point",
            estimates=(_primary_id(each.arm),),
            threshold=0.0 if above else MARGIN,
            verdict=verdict,
            mapping=MAPPING,
            overturned_by="more seeds or bases",
        )


def _unearned(estimates: Sequence[Estimate], tested: Sequence[Tested]) -> Claim:
    """Whether some metric rises under a spurious reward that gives no skill."""
    # An interval without bounds is none of either: no comparison with NaN holds.
    no_skill = {each.arm for each in tested if each.arm != CORRECT and each.interval.low <= 0}
    moved = [
        e
        for e in estimates
        if e.minus_arm == BEFORE
        and e.axis is None
        and e.arm in no_skill
        and e.low is not None
        and e.low > 0
    ]
    said = ", ".join(f"{e.metric.replace('_', ' ')} under {e.arm}" for e in moved)
    return Claim(
        id=f"{TRIAL}/rewards/unearned",
        text="no metric rises under a reward that gives no skill"
        + (f"; these do: {said}" if moved else ""),
        estimates=tuple(e.id for e in moved),
        threshold=0.0,
        verdict="missed" if moved else "met" if no_skill else "cannot-tell",
        mapping=MAPPING,
        overturned_by="more seeds or bases; these are exploratory, each at 95 %",
    )
