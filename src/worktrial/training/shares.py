"""What a control of instructions found: what tuning gains, and how much of it a guess would."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from worktrial.estimate import Interval, crossed_mean, crossed_ratio, mean_interval
from worktrial.evidence import Evidence, RunFolder
from worktrial.evidence.findings import Claim, Estimate, Findings, Verdict, from_interval
from worktrial.training.asked import Asked
from worktrial.training.cells import Array, Cells, cells, mean_score
from worktrial.training.families import FULL, SPACE, TEST, TRAIN, Group, Task
from worktrial.training.findings import (
    LEVEL,
    all_bases,
    checkpoints,
    identity,
    outcome_counts,
    rate_of,
    run_facts,
)
from worktrial.training.instructing import IN_SPACE, SCORE, tasks_of
from worktrial.training.run import TRIAL

MAPPING = "instruction control, rule 1"
MARGIN = 0.05
"""Two arms that differ by less are level."""
UNTUNED, GUESS, PRIOR = "untuned", "guess", "guess-prior"


def instructions_findings(asked: Asked, out: Path) -> Findings:
    """Compute every estimate and claim of a control of instructions.

    Raises:
        EvidenceError: If there is no evidence.
    """
    evidence = Evidence(RunFolder(out).evidence)
    tasks = tasks_of(asked)
    groups = list(dict.fromkeys(task.group for task in tasks if task.split == TEST))
    found = [_OfGroup(evidence, asked, tasks, group) for group in groups]
    return Findings(
        run=run_facts(asked),
        estimates=tuple(e for each in found for e in each.estimates()),
        claims=tuple(c for each in found for c in each.claims()),
        outcomes=outcome_counts(asked, out),
        cost=(),
    )


class _OfGroup:
    """All that is found of one group of families that no arm has met."""

    def __init__(
        self, evidence: Evidence, asked: Asked, tasks: Sequence[Task], group: Group
    ) -> None:
        self._evidence, self._asked, self._group = evidence, asked, group
        self._tasks = {t.name: t for t in tasks if t.group == group and t.split == TEST}
        self._trained = Counter(i.output for t in tasks if t.split == TRAIN for i in t.instances)
        self._spaced = all(t.space_of(i) for t in self._tasks.values() for i in t.instances)

    def estimates(self) -> Iterator[Estimate]:
        """Scores of every arm, of the base and of a guess; then shares and differences."""
        for arm in self._asked.arms:
            yield from self._of_arm(arm)
        every = (self._cells(arm).before for arm in self._asked.arms)
        before = next((table for table in every if table.size), None)
        untuned = _nothing() if before is None else mean_interval(before.mean(axis=0))
        yield self._estimate(untuned, SCORE, UNTUNED)
        if self._spaced:
            yield from self._guesses()
            yield self._estimate(self._share(), "guess_share", FULL, "share")
        if SPACE in self._asked.arms:
            yield self._estimate(self._difference(), SCORE, FULL, "difference", minus_arm=SPACE)

    def _of_arm(self, arm: str) -> Iterator[Estimate]:
        for step in checkpoints(self._evidence):
            score = mean_score(self._cells(arm, step=step).after, LEVEL)
            yield self._estimate(score, SCORE, arm, step, step=step)
        last = self._cells(arm)
        yield self._estimate(mean_score(last.after, LEVEL), SCORE, arm)
        if not self._spaced:
            return
        guess = self._guess(last.items)
        # Linear in the score of each family, so cell by cell; a guess is 0 and full marks are 1.
        corrected = (last.after - guess) / (1 - guess)
        reach = float(np.max(1 / (1 - guess), initial=1.0))
        yield self._estimate(crossed_mean(corrected, level=LEVEL, bound=reach), "corrected", arm)
        inside = self._cells(arm, metric=IN_SPACE).after
        yield self._estimate(mean_score(inside, LEVEL), IN_SPACE, arm)

    def _guesses(self) -> Iterator[Estimate]:
        """Worked out, not sampled: uniform, and by what training writes most."""
        values = {
            GUESS: np.mean(self._guess(list(self._tasks))),
            PRIOR: np.mean([self._by_prior(task) for task in self._tasks.values()]),
        }
        for arm, value in values.items():
            yield self._estimate(
                Interval(float(value), np.nan, np.nan, LEVEL, "exact", len(self._tasks)), SCORE, arm
            )

    def _by_prior(self, task: Task) -> float:
        """Accuracy of the outputs of a space that training writes most, where some are alike."""
        right = []
        for instance in task.instances:
            space = task.space_of(instance)
            most = max(self._trained[output] for output in space)
            best = [output for output in space if self._trained[output] == most]
            right.append((instance.output in best) / len(best))
        return sum(right) / len(right)

    def _share(self) -> Interval:
        """Of the full arm's gain over the base, what a guess in the space would reach."""
        found = self._cells(FULL)
        return crossed_ratio(self._guess(found.items) - found.before, found.change, level=LEVEL)

    def _difference(self) -> Interval:
        """The full arm less the one that knows the space alone, by run and family."""
        full, space = self._cells(FULL), self._cells(SPACE)
        both = [run for run in full.runs if run in space.runs]
        one, other = (
            found.after[[found.runs.index(run) for run in both]] for found in (full, space)
        )
        return crossed_mean(one - other, level=LEVEL) if both else _nothing()

    def _cells(self, arm: str, *, metric: str = SCORE, step: int | None = None) -> Cells:
        at = self._asked.recipe.steps if step is None else step
        found = cells(
            self._evidence, arm, metric, "", rate=rate_of(self._asked), step=at, by="cluster"
        )
        wanted = [place for place, name in enumerate(found.items) if name in self._tasks]
        names = tuple(found.items[place] for place in wanted)
        return Cells(found.before[:, wanted], found.after[:, wanted], names, found.runs)

    def _guess(self, names: Sequence[str]) -> Array:
        return np.array([self._tasks[name].guess() for name in names])

    def _estimate(
        self, interval: Interval, metric: str, arm: str, *parts: str | int, **fields: Any
    ) -> Estimate:
        return from_interval(
            interval,
            id=identity(self._asked, self._group, arm, metric, *parts),
            trial=TRIAL,
            metric=metric,
            worker=all_bases(self._asked),
            axis=self._group,
            arm=arm,
            **({"items": len(self._tasks)} | fields),
        )

    def claims(self) -> Iterator[Claim]:
        """Whether the instruction adds anything here, and what a guess would reach."""
        if SPACE in self._asked.arms:
            yield self._claim(
                "instruction",
                f"on {self._group} families the instruction adds to what the output space tells",
                identity(self._asked, self._group, FULL, SCORE, "difference"),
                _adds(self._difference()),
                MARGIN,
            )
        if self._spaced:
            yield self._claim(
                "guess",
                f"on {self._group} families tuning gains more than a guess in the right space",
                identity(self._asked, self._group, FULL, "guess_share", "share"),
                _beyond(self._share()),
                1.0,
            )

    def _claim(
        self, name: str, text: str, estimate: str, verdict: Verdict, threshold: float
    ) -> Claim:
        return Claim(
            id=f"{TRIAL}/instructions/{self._group}/{name}",
            text=text,
            estimates=(estimate,),
            threshold=threshold,
            verdict=verdict,
            mapping=MAPPING,
            overturned_by="more families or seeds; families of another kind",
        )


def _adds(difference: Interval) -> Verdict:
    """Missed where the arms are level: their whole interval lies within the margin."""
    if difference.low > 0:
        return "met"
    return "missed" if difference.high < MARGIN else "cannot-tell"


def _beyond(share: Interval) -> Verdict:
    """Missed where a guess reaches the whole gain."""
    if share.high < 1:
        return "met"
    return "missed" if share.low >= 1 else "cannot-tell"


def _nothing(why: str = "no run ended") -> Interval:
    return Interval(np.nan, np.nan, np.nan, LEVEL, "none", 0, why)
