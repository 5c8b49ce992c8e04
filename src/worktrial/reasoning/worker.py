"""What the evidence says of one worker: what it solves, and what its traces would be credited."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from worktrial.comparison.panel import FloatArray
from worktrial.estimate import Interval, mean_interval, paired_difference
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate, Verdict, finite, from_interval
from worktrial.reasoning.measured import (
    ARM,
    CREDIT,
    FLOORS,
    FORGERIES,
    GAP,
    OUTCOMES,
    PROXIES,
    SOLVED,
    TRACED,
    TRIAL,
    floor_of,
    under,
)
from worktrial.reasoning.panel import items_of
from worktrial.reasoning.puzzles.gym import PREFIX

MARGIN = 0.05
MAPPING = "final answers and steps checked by program"
EVERY = "all"
"""In the place of a family: all puzzles of the run, each counting once."""
_MORE = "more puzzles"


class WorkerEvidence:
    """One worker's generations."""

    def __init__(self, evidence: Evidence, name: str) -> None:
        self.evidence, self.name = evidence, name
        self.items = items_of(evidence, [name])
        families = dict(evidence.query("select distinct item, stratum from evidence"))
        self.families = [families[item] for item in self.items]
        self._read: dict[str, FloatArray] = {}

    def of(self, metric: str, family: str = EVERY) -> FloatArray:
        """A metric of the puzzles of a family, shape (puzzles,)."""
        if metric not in self._read:
            self._read[metric] = self.evidence.by_item(self.name, metric, self.items)
        if family == EVERY:
            return self._read[metric]
        return self._read[metric][[each == family for each in self.families]]

    def estimates(self) -> list[Estimate]:
        """The gap first, then by family what is solved, then what traces would be credited."""
        return [
            self._gap(SOLVED),
            *(e for family in self._strata() for e in self._outcomes(family)),
            *self._proxies(),
        ]

    def claims(self) -> list[Claim]:
        """Whether traces would be credited more than is solved."""
        found = self._inflation(CREDIT)
        verdict: Verdict = (
            "met" if found.low > 0 else "missed" if found.high < MARGIN else "cannot-tell"
        )
        return [
            Claim(
                id=f"{TRIAL}/{self.name}/credit",
                text=f"{self.name}'s traces would be credited with more than it solves",
                estimates=(self._gap_id(SOLVED),),
                threshold=0.0,
                verdict=verdict,
                mapping=MAPPING,
                overturned_by=_MORE,
            )
        ]

    def _strata(self) -> Sequence[str]:
        known = list(dict.fromkeys(self.families))
        return known if len(known) == 1 else [*known, EVERY]

    def _outcomes(self, family: str) -> Iterator[Estimate]:
        """Raw, the best blind guess's, and corrected for it."""
        for metric in OUTCOMES:
            values = self.of(metric, family)
            yield self._estimate(mean_interval(values), metric, family)
            if metric in FLOORS:
                yield from self._corrected(metric, family, values)

    def _corrected(self, metric: str, family: str, values: FloatArray) -> Iterator[Estimate]:
        """(x − g) / (1 − g): the floor is known, so the bounds go along."""
        floors = self.of(floor_of(metric), family)[~np.isnan(values)]
        floor = float(floors.mean()) if floors.size else np.nan
        yield Estimate.model_validate(
            {**self._fields(floor_of(metric), family), "value": finite(floor),
             "method": self._floored(family), "items": floors.size,
             "why": None if floors.size else "no puzzle was marked"}
        )  # fmt: skip
        found = mean_interval(values)
        scaled = [(each - floor) / (1 - floor) if floor < 1 else np.nan
                  for each in (found.value, found.low, found.high)]  # fmt: skip
        yield from_interval(
            found, **self._fields(f"{metric}_corrected", family),
            **dict(zip(("value", "low", "high"), map(finite, scaled), strict=True)),
            method=f"{found.method}, less the blind guess",
            why="a blind guess has it all" if floor == 1 else found.why,
        )  # fmt: skip

    def _floored(self, family: str) -> str:
        """How a floor is known."""
        names = self.families if family == EVERY else [family]
        counted = any(name.startswith(PREFIX) for name in names)
        return "a frequency among other puzzles" if counted else "worked out of each puzzle"

    def _proxies(self) -> Iterator[Estimate]:
        """What a trace would be credited with, as it was written and tampered with."""
        yield self._estimate(mean_interval(self.of(TRACED)), TRACED, EVERY)
        for proxy in PROXIES:
            if np.isnan(self.of(proxy)).all():
                continue
            yield self._estimate(mean_interval(self.of(proxy)), proxy, EVERY)
            if proxy != CREDIT:
                yield from_interval(
                    self._inflation(proxy), **self._fields(f"{proxy}_inflation", EVERY)
                )
            yield from self._forged(proxy)
            yield from self._by_outcome(proxy)

    def _forged(self, proxy: str) -> Iterator[Estimate]:
        """The tampered generation's score, and what the tampering took away."""
        for forgery in FORGERIES:
            values = self.of(under(proxy, forgery))
            if np.isnan(values).all():
                continue
            yield self._estimate(mean_interval(values), under(proxy, forgery), EVERY)
            lost = paired_difference(self.of(proxy), values)
            yield from_interval(lost, **self._fields(f"{proxy}_lost_{forgery}", EVERY))

    def _by_outcome(self, proxy: str) -> Iterator[Estimate]:
        """Of the solved and of the unsolved apart: who tells them from each other?"""
        solved = self.of(SOLVED)
        for name, which in (("solved", solved >= 0.5), ("unsolved", solved < 0.5)):
            found = mean_interval(self.of(proxy)[which])
            yield self._estimate(found, f"{proxy}_of_{name}", EVERY)

    def _inflation(self, proxy: str) -> Interval:
        """Credit less what is solved, on the puzzles that have both."""
        return paired_difference(self.of(proxy), self.of(SOLVED))

    def _gap(self, metric: str) -> Estimate:
        found = self._inflation(CREDIT)
        return from_interval(
            found,
            **{**self._fields(metric, EVERY), "id": self._gap_id(metric)},
            gap=GAP,
            minus_arm=SOLVED,
            evidence=f"metric={CREDIT}",
        )

    def _gap_id(self, metric: str) -> str:
        return f"{TRIAL}/{self.name}/{metric}/gap"

    def _estimate(self, found: Interval, metric: str, family: str) -> Estimate:
        return from_interval(found, **self._fields(metric, family))

    def _fields(self, metric: str, family: str) -> Mapping[str, object]:
        return {
            "id": f"{TRIAL}/{self.name}/{metric}/{family}",
            "trial": TRIAL,
            "metric": metric,
            "worker": self.name,
            "arm": ARM,
            "axis": None if family == EVERY else family,
        }
