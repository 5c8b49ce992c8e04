"""The audit's findings looked up, and what they say of a worker in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.memorisation.arms import FRESH, PUBLISHED
from worktrial.memorisation.measured import ACCURACY, CANARY, TRIAL, families
from worktrial.memorisation.verdict import Word
from worktrial.reference import by_name
from worktrial.report.words import EFFECT, MISSING, number, one_line, points, share, why

WORDS: Mapping[Word, str] = {
    "inflated": "its score on these items is higher than on fresh ones of the same form",
    "exposed but not inflated": "it can be shown to have met these items, and its score is not "
    "higher for it by more than the margin",
    "no evidence": "it cannot be shown to have met these items, and its score is not higher by "
    "more than the margin",
    "cannot tell": "the items, the fresh texts or the access are not enough to say",
}
"""The verdicts, and what each of them means."""
EFFECTS: Mapping[str, str] = {
    "variants": "published less fresh variants",
    "reference": "published less expected from reference workers",
    "unflagged": "published less items not flagged",
}
"""Three ways to say how much a score is too high; only the first decides."""
STANDING = "standing_"
"""How metrics of the items' place among fresh texts begin."""


@dataclass(frozen=True)
class MemorisationReading:
    """The audit's findings looked up; what is not there reads as `None`."""

    findings: Findings

    @cached_property
    def _mine(self) -> list[Estimate]:
        found = (e for e in self.findings.estimates if e.trial == TRIAL)
        return [e for e in found if e.minus_worker is None]

    @cached_property
    def _found(self) -> dict[tuple[str, str, str | None, str | None], Estimate]:
        return {(e.worker, e.metric, e.arm, e.gap): e for e in self._mine}

    @cached_property
    def _claims(self) -> dict[str, Claim]:
        return {claim.id: claim for claim in self.findings.claims}

    @cached_property
    def workers(self) -> list[str]:
        """Everyone on trial, by name and never by score; reference workers last."""
        counted = {o.worker for o in self.findings.outcomes if o.trial == TRIAL}
        names = {e.worker for e in self._mine if e.worker != EVERYONE} | counted
        return by_name(names)

    @cached_property
    def clusters(self) -> int:
        """How many items there are, at most."""
        return max((e.clusters for e in self._mine if e.clusters is not None), default=0)

    def get(self, worker: str, metric: str, arm: str | None = None) -> Estimate | None:
        """A mean under an arm, or what is said of both arms together."""
        return self._found.get((worker, metric, arm, None))

    def standing(self, worker: str, name: str) -> Estimate | None:
        """Where the items stand among fresh texts, by a statistic or a family of them."""
        return self._first(worker, f"{STANDING}{name}")

    def exposure(self, worker: str) -> Estimate | None:
        """The share of items that are flagged, with the p of all families together."""
        return self._first(worker, "exposure")

    def effects(self, worker: str) -> dict[str, Estimate | None]:
        """By how much the score is too high, three ways."""
        gap = self._found.get((worker, ACCURACY, PUBLISHED, TRIAL))
        others = {name: self._first(worker, f"{EFFECT}{name}") for name in list(EFFECTS)[1:]}
        return {"variants": gap, **others}

    def canary(self, worker: str) -> Estimate | None:
        """Whether the identifier planted in the file was written down."""
        return self._first(worker, CANARY)

    def families(self, worker: str) -> dict[str, list[str]]:
        """The statistics of a worker that were measured, by family."""
        mine = [e.metric for e in self._mine if e.worker == worker]
        return families([m.removeprefix(STANDING) for m in mine if m.startswith(STANDING)])

    def claim(self, worker: str, about: str) -> Claim | None:
        """What is claimed of a worker's exposure, inflation or verdict."""
        return self._claims.get(f"{TRIAL}/{worker}/{about}")

    def verdict(self, worker: str) -> Word | None:
        """The word that the verdict's claim begins with."""
        claim = self.claim(worker, "verdict")
        text = claim.text if claim else ""
        return next((word for word in WORDS if text.startswith(word)), None)

    def margin(self, worker: str) -> float | None:
        """The difference in accuracy that does not matter."""
        claim = self.claim(worker, "inflation")
        return claim.threshold if claim else None

    def _first(self, worker: str, metric: str) -> Estimate | None:
        of_metric = (e for e in self._mine if (e.worker, e.metric) == (worker, metric))
        return next(of_metric, None)


class Said(NamedTuple):
    """What an audit says of a worker: a word, a sentence and the three lines beneath it."""

    word: str
    sentence: str
    lines: tuple[tuple[str, str], ...]


def said(reading: MemorisationReading, worker: str) -> Said:
    """What an audit says of a worker, for the person who decides."""
    word = reading.verdict(worker)
    claim = reading.claim(worker, "verdict")
    because = claim.text.removeprefix(word or "").lstrip(":;,. ") if claim else ""
    sentence = one_line(because) or (WORDS[word] if word else "no verdict was given in this run")
    return Said(
        word or MISSING,
        f"{sentence[0].upper()}{sentence[1:]}".rstrip(".") + ".",
        (
            ("Exposure", exposure_line(reading, worker)),
            ("Effect", effect_line(reading, worker)),
            ("Detectable", detectable_line(reading, worker)),
        ),
    )


def exposure_line(reading: MemorisationReading, worker: str) -> str:
    """Whether it met the items: p over all families, and how many are flagged."""
    found = reading.exposure(worker)
    if found is None or (found.value is None and found.p_value is None):
        return f"not measured: {why(found)}"
    flagged = f"{flagged_text(found)} items that have fresh texts to be held against are flagged"
    return f"p {p_text(found)} over all statistics; {flagged}"


def effect_line(reading: MemorisationReading, worker: str) -> str:
    """What that is worth: accuracy as published, on fresh texts, and the difference."""
    gap = reading.effects(worker)["variants"]
    published, fresh = (reading.get(worker, ACCURACY, arm) for arm in (PUBLISHED, FRESH))
    if gap is None or gap.value is None:
        accuracy = "" if published is None else f"; accuracy as published {number(published)}"
        return f"not measured: {why(gap)}{accuracy}"
    text = f"accuracy {number(published)} as published, {number(fresh)} on fresh texts: "
    return f"{text}{number(gap, points, 'points')} apart, p {p_text(gap)}"


def detectable_line(reading: MemorisationReading, worker: str) -> str:
    """The smallest effect that so many items could have shown."""
    claim = reading.claim(worker, "inflation")
    if claim is None or claim.detectable is None:
        return "not known: the effect was not measured"
    least = points(claim.detectable)
    return (
        f"a score that is {least} points too high would most likely have been seen, less need not"
    )


def p_text(estimate: Estimate | None) -> str:
    """A p-value; a dash where there is none."""
    return MISSING if estimate is None or estimate.p_value is None else share(estimate.p_value)


def flagged_text(exposure: Estimate | None) -> str:
    """How many items are flagged, of how many: `34 of 100`; a dash where it is not known."""
    if exposure is None or exposure.value is None:
        return MISSING
    if exposure.items is None:
        return share(exposure.value)
    return f"{round(exposure.value * exposure.items):,} of {exposure.items:,}"
