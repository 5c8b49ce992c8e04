"""What the evidence says of one worker: scores by arm, what the form explains, what it obeys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from worktrial.comparison.panel import FloatArray
from worktrial.estimate import Interval, mean_interval, paired_difference, ratio_of_means
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate, Verdict, from_interval
from worktrial.instruction.arms import (
    EMPTY,
    FORMAT_ONLY,
    FULL,
    NO_INPUT,
    PARAPHRASES,
    PERMUTED,
    WRONG,
)
from worktrial.instruction.extract import LENIENT, SCORE, TRIAL, WRONG_KEY
from worktrial.instruction.panel import GAP, items_of

MARGIN = 0.05
"""A difference in score that does not matter."""
HALF, OBEYS = 0.5, 0.8
"""From where on a score is mostly form; from where on new names of answers are followed."""
MAPPING = "the task's own scorer; lenient: the last option, label or number, by program"
_MORE = "more items; another wording of the instruction"
_LEVEL = 0.95


class WorkerEvidence:
    """One worker under every arm that was run."""

    def __init__(
        self, evidence: Evidence, name: str, arms: Sequence[str], space: Mapping[str, Any]
    ) -> None:
        """Read what was measured."""
        self.name, self.arms = name, list(arms)
        self.uniform, self.majority = float(space["uniform"]), float(space["majority"])
        self.guess = max(self.uniform, self.majority)
        self.closed = space["kind"] in ("choices", "labels")
        self._under = {arm: evidence.under(arm) for arm in self.arms}
        self._items = items_of(evidence)

    def values(self, arm: str, metric: str = SCORE) -> FloatArray:
        """A metric under an arm by item; NaN where there is none."""
        return self._under[arm].by_item(self.name, metric, self._items)

    def estimates(self) -> list[Estimate]:
        """Everything that is estimated of this worker, the gap first."""
        return [
            *self._gap(),
            *(e for arm in self.arms for e in self._scores(arm)),
            *self._guesses(),
            *self._shares(),
            *self._wording(),
        ]

    def claims(self) -> list[Claim]:
        """Whether the instruction is used, the score is mostly form, and what is obeyed."""
        found = {e.id: e for e in self.estimates()}
        made = (self._used, self._mostly_form, self._sticks, self._flips)
        return [claim for make in made if (claim := make(found)) is not None]

    def _gap(self) -> Iterator[Estimate]:
        """Instruction use: what the instruction adds to the form of the answer."""
        if self._ran(FULL, FORMAT_ONLY):
            found = paired_difference(self.values(FULL), self.values(FORMAT_ONLY))
            yield self._estimate(SCORE, found, arm=FULL, minus_arm=FORMAT_ONLY, gap=GAP)

    def _scores(self, arm: str) -> Iterator[Estimate]:
        """Raw, above chance, and leniently read."""
        found = mean_interval(self.values(arm))
        yield self._estimate(SCORE, found, arm=arm)
        yield self._estimate("kappa", _above_chance(found, self.guess), arm=arm)
        for metric in (LENIENT, WRONG_KEY):
            values = self.values(arm, metric)
            if not np.isnan(values).all():
                yield self._estimate(metric, mean_interval(values), arm=arm)

    def _guesses(self) -> Iterator[Estimate]:
        for name, value in (("uniform", self.uniform), ("majority", self.majority)):
            known = Interval(value, value, value, _LEVEL, "arithmetic", len(self._items))
            yield self._estimate("guess", known, arm=f"guess-{name}")

    def _shares(self) -> Iterator[Estimate]:
        full = self.values(FULL) if FULL in self.arms else None
        if full is None:
            return
        if self._ran(FORMAT_ONLY, EMPTY):
            empty = self.values(EMPTY)
            share = ratio_of_means(self.values(FORMAT_ONLY) - empty, full - empty)
            yield self._estimate("format_share", share)
        if self._ran(FORMAT_ONLY):
            kept = ratio_of_means(self.values(FORMAT_ONLY), full)
            yield self._estimate("format_kept", kept, arm=FORMAT_ONLY)
        if self._ran(PERMUTED):
            flipped = ratio_of_means(self.values(PERMUTED), full)
            yield self._estimate("flip_compliance", flipped, arm=PERMUTED)
        if self._ran(WRONG):
            stuck = mean_interval(self.values(WRONG))
            yield self._estimate("stickiness", stuck, arm=WRONG)
        if self._ran(NO_INPUT):
            without = paired_difference(full, self.values(NO_INPUT))
            yield self._estimate("input_use", without, arm=FULL, minus_arm=NO_INPUT)
        read = self.values(FULL, LENIENT)
        if not np.isnan(read).all():
            lost = paired_difference(read, full)
            yield self._estimate("format_penalty", lost, arm=FULL)

    def _wording(self) -> Iterator[Estimate]:
        """What another form of the same words does, each and all together."""
        others = [arm for arm in PARAPHRASES if arm in self.arms]
        if FULL not in self.arms or not others:
            return
        full = self.values(FULL)
        for arm in others:
            found = paired_difference(full, self.values(arm))
            yield self._estimate("wording", found, arm=FULL, minus_arm=arm)
        table = np.array([full, *(self.values(arm) for arm in others)])
        complete = table[:, ~np.isnan(table).any(axis=0)]
        spread = float(np.ptp(complete.mean(axis=1))) if complete.size else np.nan
        why = "a range grows with the number of wordings; the differences to `full` have bounds"
        why = why if complete.size else "no item has a score under every wording"
        of_all = Interval(spread, np.nan, np.nan, _LEVEL, "range of means", len(self._items), why)
        yield self._estimate("wording_spread", of_all, arm=FULL)

    def _used(self, found: Mapping[str, Estimate]) -> Claim | None:
        gap = found.get(self._id(SCORE, FULL, GAP))
        if gap is None:
            return None
        verdict = _judged(gap, above=0.0, below=MARGIN)
        text = "uses the instruction: its score is higher with it than with the form alone"
        return self._claim("used", text, gap, verdict, 0.0)

    def _mostly_form(self, found: Mapping[str, Estimate]) -> Claim | None:
        share = found.get(self._id("format_share"))
        if share is None:
            return None
        text = "scores mostly by form: more than half of what the prompt adds is there without the "
        text += "instruction"
        return self._claim("form", text, share, _judged(share, above=HALF, below=HALF), HALF)

    def _sticks(self, found: Mapping[str, Estimate]) -> Claim | None:
        stuck = found.get(self._id("stickiness", WRONG))
        if stuck is None:
            return None
        text = "gives the item's own answer although it was asked for something else"
        verdict = _judged(stuck, above=self.guess, below=self.guess + MARGIN)
        return self._claim("sticks", text, stuck, verdict, round(self.guess, 9), risk=True)

    def _flips(self, found: Mapping[str, Estimate]) -> Claim | None:
        flipped = found.get(self._id("flip_compliance", PERMUTED))
        if flipped is None:
            return None
        text = "answers by new names where these are stated, at least four times in five"
        return self._claim(
            "flips", text, flipped, _judged(flipped, above=OBEYS, below=OBEYS), OBEYS
        )

    def _claim(
        self,
        name: str,
        text: str,
        estimate: Estimate,
        verdict: Verdict,
        threshold: float,
        *,
        risk: bool = False,
    ) -> Claim:
        return Claim(
            id=f"{TRIAL}/{name}-{self.name}",
            text=f"{self.name} {text}",
            estimates=(estimate.id,),
            threshold=threshold,
            verdict=verdict,
            evidence_class="risk" if risk else "outcome",
            mapping=MAPPING,
            overturned_by=_MORE,
        )

    def _ran(self, *arms: str) -> bool:
        return all(arm in self.arms for arm in arms)

    def _id(self, metric: str, arm: str = "", gap: str = "", minus: str = "") -> str:
        return "/".join(part for part in (TRIAL, metric, gap, self.name, arm, minus) if part)

    def _estimate(self, metric: str, interval: Interval, **more: Any) -> Estimate:
        arm, gap = more.get("arm", ""), more.get("gap", "")
        minus = "" if gap else more.get("minus_arm", "")
        return from_interval(
            interval,
            id=self._id(metric, arm, gap, minus),
            trial=TRIAL,
            metric=metric,
            worker=self.name,
            **more,
        )


def _above_chance(found: Interval, guess: float) -> Interval:
    """κ = (S − g) / (1 − g), of a score and its bounds."""
    if guess >= 1:
        why = "one answer is always right: there is nothing above chance"
        return replace(found, value=np.nan, low=np.nan, high=np.nan, why=why)
    value, low, high = ((s - guess) / (1 - guess) for s in (found.value, found.low, found.high))
    return replace(found, value=value, low=low, high=high)


def _judged(estimate: Estimate, *, above: float, below: float) -> Verdict:
    if estimate.low is None or estimate.high is None:
        return "cannot-tell"
    if estimate.low > above:
        return "met"
    return "missed" if estimate.high < below else "cannot-tell"
