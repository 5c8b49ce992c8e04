"""What a run says of a worker, in sentences, for the person who decides."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from worktrial.comparison.pairs import IN_WORDS
from worktrial.evidence.findings import Claim, Estimate
from worktrial.reference import on_trial
from worktrial.report.gaps import Gaps, Measured
from worktrial.report.words import number, one_line, points, why

_MOST_OTHERS = 3
"""With whom a worker is compared in its sentence; of more the tables tell."""
_NAME = 60


def sentences(gaps: Gaps, worker: str) -> list[str]:
    """What is shown of a worker, what is not, what cannot be told, and how it stands to others."""
    found = [measured for measured in gaps.every() if measured.worker == worker]
    shown = [_lost(m, loss) for m in found for loss in m.loss if _is_shown(loss)]
    text = f"{'; '.join(shown)}." if shown else "No gap is shown."
    parts = [text[0].upper() + text[1:]]
    if level := _names(m for m in found if all(map(_is_level, m.loss))):
        parts.append(f"Nothing to be told from 0: {level}.")
    if unknown := [m for m in found if all(loss.value is None for loss in m.loss)]:
        parts.append(f"Cannot be told: {_names(unknown)} ({why(unknown[0].loss[0])}).")
    return [*parts, *_standing(gaps, worker)]


def _lost(measured: Measured, loss: Estimate) -> str:
    one = points(loss.value or 0.0) == "1"
    return measured.gap.lost.format(number(loss, points, "point" if one else "points"))


def _is_shown(loss: Estimate) -> bool:
    return loss.low is not None and loss.low > 0


def _is_level(loss: Estimate) -> bool:
    return loss.value is not None and not _is_shown(loss)


def _names(found: Iterator[Measured] | Sequence[Measured]) -> str:
    return ", ".join(measured.gap.name for measured in found)


def _standing(gaps: Gaps, worker: str) -> Iterator[str]:
    """How a worker stands to each other that is on trial, under both arms of every trial."""
    others = [name for name in on_trial(gaps.workers) if name != worker]
    if worker not in on_trial(gaps.workers) or len(others) > _MOST_OTHERS:
        return
    pairs = [found for claim in gaps.findings.claims if (found := _pair(gaps, claim)) is not None]
    for other in others:
        said = [
            text
            for pair in pairs
            if {worker, other} == {pair.proxy.worker, pair.proxy.minus_worker}
            for text in [_against(pair, 1 if pair.proxy.worker == worker else -1)]
        ]
        if said:
            yield f"Against {one_line(other, _NAME)}: {'; '.join(said)}."


class _Pair(NamedTuple):
    """Two workers under both arms: the differences, and the verdicts on them in words."""

    proxy: Estimate
    work: Estimate
    verdicts: tuple[str, str]
    arms: tuple[str, str]


_VERDICT = "|".join(map(re.escape, IN_WORDS.values()))


def _pair(gaps: Gaps, claim: Claim) -> _Pair | None:
    """The pair that a claim of `compare_pairs` is about."""
    if "/level-then-apart-" not in claim.id or len(claim.estimates) != 2:
        return None
    proxy, work = (gaps.between.get(identity) for identity in claim.estimates)
    said = re.fullmatch(rf".* are ({_VERDICT}) (.+) and ({_VERDICT}) (.+)", claim.text, re.DOTALL)
    if proxy is None or work is None or said is None:
        return None
    return _Pair(proxy, work, (said[1], said[3]), (said[2], said[4]))


def _against(pair: _Pair, sign: int) -> str:
    ends = zip((pair.proxy, pair.work), pair.verdicts, pair.arms, strict=True)
    return ", ".join(f"{_stands(found, verdict, sign)} {arm}" for found, verdict, arm in ends)


def _stands(found: Estimate, verdict: str, sign: int) -> str:
    if verdict != IN_WORDS["apart"] or found.value is None:
        return verdict
    size = number(_sized(found), points, "points")
    return f"{size} {'ahead' if sign * found.value > 0 else 'behind'}"


def _sized(found: Estimate) -> Estimate:
    """A difference as its size."""
    value, low, high = found.value or 0.0, found.low, found.high
    if value >= 0 or low is None or high is None:
        return found.model_copy(update={"value": abs(value)})
    return found.model_copy(update={"value": -value, "low": -high, "high": -low})
