"""A contrast's findings looked up, and what they say of a worker and of the order in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from worktrial.comparison.order import EVERYONE
from worktrial.contrast.arms import GAP, OK, PROXY, RAW, SCORE, TRIAL, WORK
from worktrial.evidence.findings import Claim, Estimate, Findings, OutcomeCount
from worktrial.protocol import Manifest
from worktrial.reference import by_name
from worktrial.report.reading import unique
from worktrial.report.words import number, one_line, plain, points, share, why

_PAIRING = {
    True: "The same items under both arms: every gap is paired by item.",
    False: "The arms share no items: they are independent samples, and the gap is the difference "
    "of two means, whose interval is wider than a paired one.",
}


@dataclass(frozen=True)
class ContrastReading:
    """The contrast's findings looked up; what is not there reads as `None`."""

    findings: Findings

    @cached_property
    def _mine(self) -> list[Estimate]:
        # What was registered is told by itself, beside the trial's own numbers.
        own = f"{TRIAL}/"
        return [e for e in self.findings.estimates if e.trial == TRIAL and e.id.startswith(own)]

    @cached_property
    def _alone(self) -> Mapping[tuple[str, str, str | None, str | None], Estimate]:
        return {(e.worker, e.metric, e.arm, e.gap): e for e in self._mine if not e.minus_worker}

    @cached_property
    def workers(self) -> list[str]:
        """Everyone on trial, by name and never by score; reference workers last."""
        counted = {o.worker for o in self.findings.outcomes if o.trial == TRIAL}
        return by_name({e.worker for e in self._mine if e.worker != EVERYONE} | counted)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Workers that were compared."""
        return unique((e.worker, str(e.minus_worker)) for e in self._mine if e.minus_worker)

    def get(
        self, worker: str, metric: str, arm: str | None = None, gap: str | None = None
    ) -> Estimate | None:
        """An estimate of one worker."""
        return self._alone.get((worker, metric, arm, gap))

    def score(self, worker: str, arm: str) -> Estimate | None:
        """The mean score under an arm, on whatever scale."""
        return self.get(worker, SCORE, arm) or self.get(worker, RAW, arm)

    def gap(self, worker: str) -> Estimate | None:
        """What the score under the proxy arm hides of that at work."""
        return self.get(worker, SCORE, PROXY, GAP)

    def between(
        self, pair: tuple[str, str], metric: str, arm: str, gap: str | None = None
    ) -> Estimate | None:
        """An estimate about two workers."""
        wanted = (*pair, metric, arm, gap)
        found = (
            e for e in self._mine if (e.worker, e.minus_worker, e.metric, e.arm, e.gap) == wanted
        )
        return next(found, None)

    def claim(self, kind: str, pair: tuple[str, str]) -> Claim | None:
        """A claim about two workers."""
        name = f"{TRIAL}/{kind}-{pair[0]}-{pair[1]}"
        return next((claim for claim in self.findings.claims if claim.id == name), None)

    @property
    def agreement(self) -> Estimate | None:
        """How far the two orders agree."""
        return self.get(EVERYONE, "rank_agreement", PROXY, GAP)

    def missing(self, worker: str, arm: str) -> int:
        """How many scores of a worker are missing under an arm."""
        return sum(o.count for o in self._counted(worker, arm) if o.outcome != OK)

    def scores(self, worker: str, arm: str) -> int:
        """How many scores of a worker there are under an arm."""
        return sum(o.count for o in self._counted(worker, arm) if o.outcome == OK)

    def unpaired(self, worker: str, arm: str) -> int:
        """How many items of a worker stand under an arm alone, of a contrast that is paired."""
        found = self.get(worker, "unpaired", arm)
        return int(found.value or 0) if found is not None else 0

    def _counted(self, worker: str, arm: str) -> Iterator[OutcomeCount]:
        mine = (o for o in self.findings.outcomes if o.trial == TRIAL)
        return (o for o in mine if (o.worker, o.arm) == (worker, arm))

    def row(self, worker: str) -> dict[str, Estimate | None]:
        """What the table in a terminal says of a worker."""
        return {
            "score on the proxy": self.score(worker, PROXY),
            "score at work": self.score(worker, WORK),
            "level gap": self.gap(worker),
            "rank on the proxy": self.get(worker, "rank", PROXY),
            "rank at work": self.get(worker, "rank", WORK),
        }


def score_text(found: Estimate | None) -> str:
    """A mean score: a share of full marks, or as it is on a scale of its own."""
    return number(found, plain if found is not None and found.metric == RAW else share)


def names_of(manifest: Manifest) -> tuple[str, str]:
    """What the two arms are called."""
    settings = manifest.measurement[TRIAL].settings
    return str(settings[PROXY]), str(settings[WORK])


def pairing(manifest: Manifest) -> str:
    """How items under the two arms belong together, in a sentence."""
    settings = manifest.measurement[TRIAL].settings
    text = _PAIRING[bool(settings["paired"])]
    return f"{text} Joined by {settings['pair']}." if settings["paired"] else text


def contrast_sentence(reading: ContrastReading, worker: str) -> str:
    """What a contrast says of a worker, for the person who decides."""
    gap = reading.gap(worker)
    scores = [score_text(reading.score(worker, arm)) for arm in (PROXY, WORK)]
    text = f"Scored {scores[0]} on the proxy and {scores[1]} at work"
    if gap is None or gap.value is None:
        return f"{text}; how much is lost cannot be told: {why(gap)}."
    size = number(gap, points, "point" if points(gap.value) == "1" else "points")
    if gap.low is not None and gap.low > 0:
        return f"{text}: it loses {size}."
    if gap.high is not None and gap.high < 0:
        return f"{text}: it scores higher at work, a loss of {size}."
    return f"{text}: no loss is shown, {size}."


def order_sentence(reading: ContrastReading) -> str:
    """Whether the proxy would have put the workers in the order that work does."""
    found = reading.agreement
    if found is None:
        count = len({name for pair in reading.pairs for name in pair})
        if count == 2:
            return "Two workers are under both arms: the chance that their order turns says it all."
        return "Fewer than two workers are under both arms: there is no order to compare."
    if found.value is None:
        return f"Agreement of the two orders cannot be told: {why(found)}."
    said = f"The two orders agree to {number(found)} (Kendall's tau-b: 1 the same, −1 reversed)"
    if found.low is not None and found.low > 0:
        return f"{said}: more alike than not."
    if found.high is not None and found.high < 0:
        return f"{said}: the proxy misleads."
    return f"{said}: whether the proxy's order is that of work cannot be told."


def verdict_of(claim: Claim | None) -> str:
    """What the proxy shows of two workers, beside what work shows."""
    if claim is None:
        return "not judged: there is no common scale"
    return _LEVEL_THEN_APART[claim.verdict]


_LEVEL_THEN_APART = {
    "met": "level on the proxy and apart at work",
    "missed": "not level on the proxy and apart at work",
    "cannot-tell": "cannot tell",
}


def counted(reading: ContrastReading, worker: str) -> str:
    """What of a worker's items enters no number; nothing where all do."""
    parts = []
    for arm, name in ((PROXY, "on the proxy"), (WORK, "at work")):
        if missing := reading.missing(worker, arm):
            parts.append(f"{missing:,} missing {name}")
        if unpaired := reading.unpaired(worker, arm):
            parts.append(f"{unpaired:,} unpaired {name}")
    return ", ".join(parts)


def contrast_legend(reading: ContrastReading) -> Iterator[str]:
    """What the table of a contrast means, and what it says of the order."""
    paired = any(e.method != "unpaired, MOVER" for e in map(reading.gap, reading.workers) if e)
    yield (
        "The level gap is the score on the proxy less that at work"
        f"{', paired by item' if paired else '; the arms share no items'}. Brackets are 95 % "
        "intervals. Rows are in order of name."
    )
    yield order_sentence(reading)
    if told := list(_flips(reading)):
        yield f"Chance that work turns the order of two: {'; '.join(told)}."


def _flips(reading: ContrastReading) -> Iterator[str]:
    for pair in reading.pairs:
        found = reading.between(pair, "p_flip", PROXY, GAP)
        said = share(found.value) if found is not None and found.value is not None else why(found)
        yield f"{one_line(pair[0], 60)} and {one_line(pair[1], 60)} {said}"
