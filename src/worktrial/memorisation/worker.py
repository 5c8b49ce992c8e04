"""What the evidence says of one worker: exposure, effect, verdict, and single items' flags."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from worktrial.comparison.panel import FloatArray
from worktrial.estimate import Interval, mean_interval, paired_difference
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate, Verdict, finite, from_interval
from worktrial.memorisation.arms import FRESH, PUBLISHED
from worktrial.memorisation.effect import (
    Effect,
    control_gap,
    reference_gap,
    unflagged_gap,
    variant_gap,
)
from worktrial.memorisation.exposure import (
    MANY,
    Flags,
    Standing,
    cauchy,
    flagged,
    item_p_values,
    order_test,
    rank_test,
)
from worktrial.memorisation.measured import (
    ACCURACY,
    CANARY,
    GUIDED,
    JUDGED,
    LIKELIHOOD,
    MASKED,
    ORDER,
    REGISTERED,
    SAMPLED,
    TRIAL,
    at,
    families,
)
from worktrial.memorisation.panel import GAP, SHARES, Scores, items_of, read_scores
from worktrial.memorisation.references import NOBODY, References, Role
from worktrial.memorisation.verdict import Judgement, judge
from worktrial.protocol import Measurement
from worktrial.randomness import derive

MAPPING = "raw text and answers compared by program, each against fresh texts of its own form"
LEVEL = 0.95
_MORE = "more items, other fresh texts, or a probe that this model allows and this run lacked"
_STANDING = (
    *(at(name, percent) for percent in JUDGED for name in ("verbatim", "exact", "rouge")),
    *SAMPLED,
    GUIDED,
    MASKED,
    *LIKELIHOOD,
)
"""Statistics of exposure; `ORDER` beside them is of shards."""


class Flag(NamedTuple):
    """One item as the registered score sees it.

    Attributes:
        item: Its id.
        score: The registered score; NaN where it is missing.
        p: Against fresh texts; NaN where there is none.
        flagged: Whether it is, at the audit's rate of false discoveries.
        correct: Whether it was answered rightly; NaN where it was not asked.
    """

    item: str
    score: float
    p: float
    flagged: bool
    correct: float


@dataclass(frozen=True)
class BlindCheck:
    """What a classifier that never sees the model said when the items were drawn.

    Attributes:
        broken: Whether it tells items from controls.
        why: In words.
        auc: How well it tells them apart; NaN where it was not run.
        low: Lower bound.
        high: Upper bound.
    """

    broken: bool = False
    why: str | None = "it was not run"
    auc: float = np.nan
    low: float = np.nan
    high: float = np.nan

    @classmethod
    def from_settings(cls, settings: object) -> "BlindCheck":
        """Out of `measurement.settings["blind"]`."""
        if not isinstance(settings, Mapping):
            return cls()
        auc, low, high = (
            float(np.nan if settings.get(name) is None else settings[name])
            for name in ("auc", "low", "high")
        )
        return cls(bool(settings.get("broken")), settings.get("why"), auc, low, high)


def flags(evidence: Evidence, worker: str, *, rate: float = 0.1) -> list[Flag]:
    """Every item's registered score, its p, and whether it is flagged.

    Args:
        evidence: The trial's observations, all arms.
        worker: Whose.
        rate: Of false discoveries among the flagged.
    """
    return WorkerEvidence(evidence, worker, rate=rate).flags()


class WorkerEvidence:
    """One worker, under both arms."""

    def __init__(
        self,
        evidence: Evidence,
        name: str,
        measured: Measurement | None = None,
        *,
        rate: float = 0.1,
        margin: float = 0.05,
    ) -> None:
        """Read what was measured; the measurement's own settings take precedence."""
        settings = measured.settings if measured else {}
        self.name, self.evidence = name, evidence
        self.rate = float(settings.get("rate", rate))
        self.margin = float(settings.get("margin", margin))
        self.blind = BlindCheck.from_settings(settings.get("blind"))
        self.references = References.from_settings(settings.get("references"))
        self.seed = derive(measured.seed if measured else 0, "memorisation", "estimates") % 2**32
        self.items = items_of(evidence, [name])
        self.metrics = {
            metric
            for (metric,) in evidence.query(
                "select distinct metric from evidence where worker = ?", [name]
            )
        }
        self._read: dict[str, Scores] = {}

    def scores(self, metric: str) -> Scores:
        """One metric."""
        if metric not in self._read:
            self._read[metric] = read_scores(self.evidence, self.name, metric, self.items)
        return self._read[metric]

    def flags(self) -> list[Flag]:
        """Of every item."""
        scores, correct = self.registered.published, self.scores(ACCURACY).published
        columns = (self.items, scores, self._item_p, self._flagged, correct)
        return [
            Flag(item, float(score), float(p), bool(flag), float(right))
            for item, score, p, flag, right in zip(*columns, strict=True)
        ]

    def estimates(self) -> list[Estimate]:
        """Everything that is estimated of this worker, the gap first."""
        return [
            self._effect(ACCURACY, self.effect, gap=GAP, minus_arm=FRESH),
            *self._means(),
            self._exposed(),
            *(self._standing(name, found) for name, found in self.standings.items()),
            *self._families(),
            self._effect("effect_reference", self._by_references()),
            self._effect("effect_unflagged", self._by_flags()),
        ]

    def claims(self) -> list[Claim]:
        """Exposure, inflation, verdict."""
        return [self._exposure_claim(), self._inflation_claim(), self._verdict_claim()]

    @cached_property
    def registered(self) -> Scores:
        """The one score that decides an item's p: of the deepest access that has fresh texts."""
        deep, plain = (self.scores(REGISTERED[tier]) for tier in ("logprobs", "chat"))
        return deep if deep.held else plain

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """The mean rank of the items by statistic."""
        read = {m: self.scores(m) for m in _STANDING if m in self.metrics}
        found = {
            metric: rank_test(each.published, each.fresh, each.control, seed=self.seed, level=LEVEL)
            for metric, each in read.items()
            if each.measured
        }
        return {**found, **self._order()}

    @cached_property
    def voices(self) -> dict[str, float]:
        """The p of each family: of its one statistic, or of all of them combined."""
        return {
            family: cauchy([self.standings[metric].p for metric in of])
            for family, of in families(list(self.standings)).items()
        }

    @cached_property
    def exposure_p(self) -> float:
        """Over all families."""
        return cauchy(list(self.voices.values()))

    @cached_property
    def effect(self) -> Effect:
        """The gap that decides."""
        read = self.scores(ACCURACY)
        if read.by_control:
            return control_gap(read.published, read.control, level=LEVEL)
        return variant_gap(read.published, read.fresh, level=LEVEL)

    @cached_property
    def judgement(self) -> Judgement:
        """The verdict."""
        return judge(
            self.exposure_p, self.effect, margin=self.margin, level=LEVEL, blind=self.blind
        )

    @cached_property
    def _item_p(self) -> FloatArray:
        read = self.registered
        return item_p_values(read.published, read.fresh, read.control)

    @cached_property
    def _flagged(self) -> Flags:
        return flagged(self._item_p, self.rate)

    def _order(self) -> dict[str, Standing]:
        rows = self.evidence.query(
            "select avg(value) from evidence where worker = ? and metric = ? "
            "and value is not null group by item order by item",
            [self.name, ORDER],
        )
        return {ORDER: order_test([gain for (gain,) in rows], level=LEVEL)} if rows else {}

    def _means(self) -> Iterator[Estimate]:
        for metric in (ACCURACY, *SHARES, GUIDED):
            if metric == ACCURACY or metric in self.metrics:
                read = self.scores(metric)
                fresh = np.concatenate([read.variants, read.control])
                for arm, values in ((PUBLISHED, read.published), (FRESH, fresh)):
                    found = _mean(values, signed=metric == GUIDED)
                    yield from_interval(found, **self._fields(metric, arm))
        yield from self._canary()

    def _canary(self) -> Iterator[Estimate]:
        """Of the whole file, once: no sample, so no bounds."""
        rows = self.evidence.query(
            "select avg(value) from evidence where worker = ? and metric = ? and arm = ?",
            [self.name, CANARY, PUBLISHED],
        )
        if rows[0][0] is not None:
            why = "of the file as a whole, once"
            fields = self._fields(CANARY, PUBLISHED)
            yield Estimate.model_validate({**fields, "value": finite(rows[0][0]), "why": why})

    def _exposed(self) -> Estimate:
        """The share of items that are flagged."""
        registered = self.registered.metric
        known = ~np.isnan(self._item_p)
        share = float(self._flagged[known].mean()) if known.any() else np.nan
        nothing = "no item has a score, and fresh texts to hold it against"
        return Estimate.model_validate(
            {
                **self._fields("exposure", PUBLISHED),
                "value": finite(share),
                "items": int(known.sum()),
                "p_value": finite(self.exposure_p),
                "method": f"conformal {registered}{self._reordered(registered)}, "
                f"false discovery rate {self.rate:g}; p: families combined by Cauchy",
                "why": None if known.any() else nothing,
            }
        )

    def _standing(self, name: str, found: Standing) -> Estimate:
        return Estimate.model_validate(
            {
                **self._fields(f"standing_{name}", PUBLISHED),
                "minus_arm": FRESH,
                "value": finite(found.value),
                "low": finite(found.low),
                "high": finite(found.high),
                "level": found.level,
                "method": found.method + self._reordered(name),
                "items": found.items,
                "p_value": finite(found.p),
                "why": found.why,
            }
        )

    def _reordered(self, metric: str) -> str:
        relative = metric != ORDER and self.scores(metric).relative
        return ", above own reorderings" if relative else ""

    def _families(self) -> Iterator[Estimate]:
        """The p of each family that has more than one statistic."""
        for family, of in families(list(self.standings)).items():
            if len(of) > 1:
                yield Estimate.model_validate(
                    {
                        **self._fields(f"standing_{family}", PUBLISHED),
                        "minus_arm": FRESH,
                        "value": None,
                        "why": "several statistics, one voice: their p-values are combined",
                        "method": f"cauchy over {', '.join(of)}",
                        "p_value": finite(self.voices[family]),
                    }
                )

    def _by_references(self) -> Effect:
        read, known = self.scores(ACCURACY), self.references or NOBODY
        fresh = _by_id(read.items, read.variants) | _by_id(read.controls, read.control)
        own: dict[Role, dict[str, float]] = {
            "published": _by_id(read.items, read.published),
            "fresh": fresh,
        }
        published, texts = (
            np.array([values.get(name, np.nan) for name in known.items[role]], dtype=np.float64)
            for role, values in own.items()
        )
        return reference_gap(
            published,
            texts,
            known.answers("published"),
            known.answers("fresh"),
            level=LEVEL,
            seed=self.seed,
            paired=known.items["published"] == known.items["fresh"],
        )

    def _by_flags(self) -> Effect:
        read = self.scores(ACCURACY)
        # Three classes of difficulty: variants are never, at times, or always answered rightly.
        classes = np.sign(read.variants) + (read.variants >= 1)
        strata = np.where(np.isnan(classes), -1.0, classes)
        return unflagged_gap(
            read.published,
            self._flagged,
            rate=self.rate,
            strata=strata,
            level=LEVEL,
            seed=self.seed,
        )

    def _effect(self, metric: str, found: Effect, **more: str) -> Estimate:
        gap = "/gap" if more else ""
        return Estimate.model_validate(
            {
                **self._fields(metric, PUBLISHED),
                "id": f"{TRIAL}/{self.name}/{metric}{gap}",
                "value": finite(found.value),
                "low": finite(found.low),
                "high": finite(found.high),
                "level": found.level,
                "method": found.method,
                "items": found.items,
                "clusters": found.items,
                "p_value": finite(found.p),
                "why": found.why,
                **more,
            }
        )

    def _fields(self, metric: str, arm: str) -> dict[str, object]:
        return {
            "id": f"{TRIAL}/{self.name}/{metric}/{arm}",
            "trial": TRIAL,
            "metric": metric,
            "worker": self.name,
            "arm": arm,
        }

    def _exposure_claim(self) -> Claim:
        met = self.exposure_p <= 1 - LEVEL and not self.blind.broken
        found = [self._exposed(), *(self._standing(n, s) for n, s in self.standings.items())]
        return Claim(
            id=f"{TRIAL}/{self.name}/exposure",
            text=f"{self.name} has met some of these items: they stand out among fresh texts",
            estimates=tuple(e.id for e in found),
            threshold=1 - LEVEL,
            verdict="met" if met else "cannot-tell",
            mapping=MAPPING,
            overturned_by=_MORE,
        )

    def _inflation_claim(self) -> Claim:
        return self._about_the_gap(
            "inflation", f"{self.name} scores higher on these items for having met them"
        )

    def _verdict_claim(self) -> Claim:
        return self._about_the_gap("verdict", f"{self.judgement.word}: {self.judgement.why}")

    def _about_the_gap(self, name: str, text: str) -> Claim:
        """Met where inflation is shown, missed where it is shown not to matter."""
        verdicts: dict[str, Verdict] = {"inflated": "met", "cannot tell": "cannot-tell"}
        verdict = verdicts.get(self.judgement.word, "missed")
        if name == "inflation" and not self.blind.broken and self.effect.upper < self.margin:
            verdict = "met" if self.effect.lower > 0 else "missed"
        gap = f"{TRIAL}/{self.name}/{ACCURACY}/gap"
        rests_on = (gap,) if name == "inflation" else (gap, self._exposed().id)
        return Claim(
            id=f"{TRIAL}/{self.name}/{name}",
            text=text,
            estimates=rests_on,
            threshold=self.margin,
            verdict=verdict,
            detectable=finite(self.effect.detectable),
            mapping=MAPPING,
            overturned_by=_MORE,
        )


def _by_id(names: tuple[str, ...], values: FloatArray) -> dict[str, float]:
    return dict(zip(names, values.tolist(), strict=True))


def _mean(values: FloatArray, *, signed: bool) -> Interval:
    known = values[~np.isnan(values)]
    if signed or known.size >= MANY:
        return paired_difference(known, np.zeros(known.size), level=LEVEL)
    return mean_interval(known, level=LEVEL)
