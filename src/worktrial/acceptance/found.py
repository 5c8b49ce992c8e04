"""What labels say of scores: how well each predicts acceptance, and which predicts it better."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from worktrial.acceptance.labels import Label
from worktrial.acceptance.matched import Matched
from worktrial.comparison.order import EVERYONE
from worktrial.comparison.panel import FloatArray
from worktrial.errors import ConfigError
from worktrial.estimate import (
    Added,
    Discrimination,
    Interval,
    added_odds,
    compare_roc_areas,
    mean_interval,
    rank_correlation,
    roc_area,
)
from worktrial.evidence.findings import Claim, Estimate, finite, from_interval

LEVEL = 0.95
MARGIN = 0.05
"""A difference of two areas under the ROC curve that does not matter."""
STEP = 0.1
"""Of the gap, for which its odds ratio is told: ten points."""
PREDICTORS = ("proxy", "work", "gap")
ID = "acceptance/"
"""How the ids of all that rests on labels begin."""
_MAPPING = "labels that were brought; areas under the ROC curve, clusters left out in turn"
_MORE = "more labelled jobs"


def acceptance_findings(matched: Matched) -> tuple[list[Estimate], list[Claim]]:
    """Estimate of a trial how well scores tell accepted jobs, and claim which does it better.

    Args:
        matched: Its labelled jobs.
    """
    found = _Validity(matched)
    return list(found.estimates()), list(found.claims())


def left_over(labels: Sequence[Label], matched: Sequence[Matched]) -> list[Estimate]:
    """Count the labels that enter no number: of no job of the run, and blank ones.

    Args:
        labels: All that were brought.
        matched: What of them is of the trials of a run.

    Raises:
        ConfigError: If not one of them is of a job of the run.
    """
    known = {place for each in matched for place in each.labels}
    if not known:
        asked = ", ".join(sorted({w for each in matched for w in each.panel.workers})[:4])
        raise ConfigError(
            "`--accepted` must have labels of this run's jobs; none is of a worker and an item of "
            f"it; the first is of {labels[0].worker[:60]!r}, {labels[0].item[:60]!r}, and the run "
            f"has {asked or 'no trial with two arms'}; write the names alike"
        )
    counts = {
        "labels_unmatched": len(labels) - len(known),
        "labels_blank": sum(labels[place].accepted is None for place in known),
    }
    trial = next(each.panel.trial for each in matched if each.labels)
    return [_counted(trial, name, EVERYONE, count) for name, count in counts.items() if count]


class _Validity:
    """How well scores under the proxy arm, scores at work and the gap predict acceptance."""

    def __init__(self, matched: Matched) -> None:
        self._jobs, self._panel = matched, matched.panel
        self._clusters = np.array(matched.clusters, dtype=object).astype(str)
        # The smaller the gap the better, so that every predictor points the same way.
        self._scores = {"proxy": matched.proxy, "work": matched.work, "gap": -matched.gap}

    def estimates(self) -> Iterator[Estimate]:
        """Shares accepted, areas of each predictor, their differences, odds, minutes, counts."""
        workers = sorted(set(self._jobs.workers))
        for worker in workers:
            yield self._estimate(self._share(worker), "accepted_share", worker)
        for worker in (EVERYONE, *(workers if len(workers) > 1 else ())):
            chosen = np.ones(len(self._jobs.workers), bool)
            chosen = chosen if worker == EVERYONE else self._jobs.of(worker)
            for name in PREDICTORS:
                yield self._estimate(self._area(name, chosen), f"auc_{name}", worker)
        for name, found in self._compared.items():
            yield self._estimate(found.difference, f"auc_{name}_minus_proxy", EVERYONE)
        yield self._estimate(
            self._added.odds, "odds_of_gap", EVERYONE, p_value=finite(self._added.p_value)
        )
        if not np.isnan(self._jobs.minutes).all():
            for name in PREDICTORS:
                yield self._estimate(self._minutes(name), f"minutes_{name}", EVERYONE)
        yield from self._counts()

    def claims(self) -> Iterator[Claim]:
        """Whether work and the gap predict acceptance better than the proxy, and add to it."""
        yield self._claim("work", self._named("work"))
        yield self._claim("gap", "the gap")
        yield self._adds()

    @cached_property
    def _compared(self) -> dict[str, Discrimination]:
        return {
            name: compare_roc_areas(
                self._scores[name],
                self._scores["proxy"],
                self._jobs.accepted,
                self._clusters,
                margin=MARGIN,
                level=LEVEL,
            )
            for name in ("work", "gap")
        }

    @cached_property
    def _added(self) -> Added:
        return added_odds(
            self._jobs.proxy,
            self._jobs.gap,
            self._jobs.accepted,
            self._clusters,
            step=STEP,
            level=LEVEL,
        )

    def _area(self, name: str, chosen: FloatArray) -> Interval:
        return roc_area(
            self._scores[name][chosen],
            self._jobs.accepted[chosen],
            self._clusters[chosen],
            level=LEVEL,
        )

    def _minutes(self, name: str) -> Interval:
        scores = self._jobs.gap if name == "gap" else self._scores[name]
        return rank_correlation(scores, self._jobs.minutes, self._clusters, level=LEVEL)

    def _share(self, worker: str) -> Interval:
        """The share of a worker's labelled jobs that was accepted, averaged within clusters."""
        mine = self._jobs.of(worker)
        groups, labels = self._clusters[mine], self._jobs.accepted[mine]
        return mean_interval([labels[groups == g].mean() for g in np.unique(groups)], level=LEVEL)

    def _counts(self) -> Iterator[Estimate]:
        for name, counts in (
            ("jobs_unlabelled", self._jobs.unlabelled),
            ("labels_without_score", self._jobs.unscored),
        ):
            for worker, count in counts.items():
                if count:
                    yield _counted(self._panel.trial, name, worker, count)

    def _estimate(self, found: Interval, metric: str, worker: str, **more: object) -> Estimate:
        why = found.why
        if metric.endswith(("gap", "gap_minus_proxy")) and not self._panel.comparable:
            why = "the arms are on no common scale: there is no gap"
        return from_interval(
            found,
            id=f"{ID}{self._panel.trial}/{metric}/{worker}",
            trial=self._panel.trial,
            metric=metric,
            worker=worker,
            endpoint="exploratory",
            **{"why": why, "items": self._labelled(worker), **more},
        )

    def _labelled(self, worker: str) -> int:
        mine = self._jobs.workers if worker == EVERYONE else np.flatnonzero(self._jobs.of(worker))
        return len(mine)

    def _named(self, arm: str) -> str:
        under_proxy, under_work = self._panel.in_words
        return f"the score {under_proxy if arm == 'proxy' else under_work}"

    def _claim(self, name: str, words: str) -> Claim:
        found, proxy = self._compared[name], self._named("proxy")
        return Claim(
            id=f"{ID}{self._panel.trial}/{name}",
            text=f"{self._panel.trial}: {_SAID[found.verdict].format(words, proxy)}",
            estimates=(f"{ID}{self._panel.trial}/auc_{name}_minus_proxy/{EVERYONE}",),
            threshold=MARGIN,
            verdict="cannot-tell" if found.verdict == "cannot-tell" else "met",
            detectable=finite(found.detectable),
            mapping=_MAPPING,
            overturned_by=_MORE,
        )

    def _adds(self) -> Claim:
        shown = self._added.p_value <= 1 - LEVEL and bool(self._added.odds.value < 1)
        says = "says more of acceptance than that score does"
        start = f"{self._panel.trial}: at the same score {self._panel.in_words[0]} the gap"
        return Claim(
            id=f"{ID}{self._panel.trial}/adds",
            text=f"{start} {says}" if shown else f"{start} is not shown to say more of acceptance",
            estimates=(f"{ID}{self._panel.trial}/odds_of_gap/{EVERYONE}",),
            verdict="met" if shown else "cannot-tell",
            mapping="people's labels; logistic model with errors by cluster, score test",
            overturned_by=_MORE,
        )


def _counted(trial: str, metric: str, worker: str, count: int) -> Estimate:
    return Estimate(
        id=f"{ID}{trial}/{metric}/{worker}",
        trial=trial,
        metric=metric,
        worker=worker,
        value=count,
        method="counted",
        endpoint="exploratory",
    )


_SAID = {
    "better": "{0} predicts acceptance better than {1}",
    "level": "{1} predicts acceptance as well as {0}",
    "worse": "{0} predicts acceptance worse than {1}",
    "cannot-tell": "whether {0} predicts acceptance better than {1} cannot be told",
}
