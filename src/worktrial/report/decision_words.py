"""What a run says of a worker, in sentences, for the person who decides."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from worktrial.comparison.pairs import IN_WORDS
from worktrial.evidence.findings import Claim, Estimate
from worktrial.reference import on_trial
from worktrial.report.gaps import Gaps, Measured
from worktrial.report.words import number, one_line, points, why

_MOST_OTHERS = 3
"""With whom a worker is compared in its sentence; of more the tables tell."""
_NAME = 60


def sentence(gaps: Gaps, worker: str) -> str:
    """What is shown of a worker, what is not, and what cannot be told."""
    found = [measured for measured in gaps.every() if measured.worker == worker]
    shown = [_lost(m, loss) for m in found for loss in m.loss if _is_shown(loss)]
    text = f"{'; '.join(shown)}." if shown else "No gap is shown."
    parts = [text[0].upper() + text[1:]]
    rest = [m for m in found if not any(map(_is_shown, m.loss))]
    if small := [m for m in rest if m.claim is not None and m.claim.verdict == m.gap.good]:
        parts.append(f"Shown to be small: {_names(small)}.")
    if unknown := [m for m in rest if m not in small]:
        parts.append(f"Cannot tell: {_names(unknown)}.")
    return " ".join(parts)


def standing(gaps: Gaps, worker: str) -> list[str]:
    """How a worker stands to each other that is on trial, a sentence each: apart, level, unknown.

    Of more than a few others nothing: the tables tell.
    """
    real = on_trial(gaps.workers)
    others = [name for name in real if name != worker]
    if worker not in real or len(others) > _MOST_OTHERS:
        return []
    pairs = [found for claim in gaps.findings.claims if (found := _pair(gaps, claim)) is not None]
    by_other = {o: [p for p in pairs if p.of == {worker, o}] for o in others}
    return [
        f"Against {one_line(other, _NAME)}: {_against(found, worker)}."
        for other, found in by_other.items()
        if found
    ]


def _lost(measured: Measured, loss: Estimate) -> str:
    one = points(loss.value or 0.0) == "1"
    return measured.gap.lost.format(number(loss, points, "point" if one else "points"))


def _is_shown(loss: Estimate) -> bool:
    return loss.low is not None and loss.low > 0


def _names(found: Sequence[Measured]) -> str:
    """Gaps by name; why, where one could not be measured at all."""
    return ", ".join(
        f"{m.gap.name} ({why(m.loss[0])})" if m.loss[0].value is None else m.gap.name for m in found
    )


class _Pair(NamedTuple):
    """Two workers under both arms: the differences, and the verdicts on them in words."""

    proxy: Estimate
    work: Estimate
    verdicts: tuple[str, str]
    arms: tuple[str, str]

    @property
    def of(self) -> set[str | None]:
        """The two."""
        return {self.work.worker, self.work.minus_worker}

    @property
    def at_work(self) -> str:
        """The verdict on the difference at work."""
        return self.verdicts[1]


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


def _against(pairs: Sequence[_Pair], worker: str) -> str:
    """What is apart at work, beside what the proxy shows of it; where it is level; the rest."""
    said = [_apart(p, worker) for p in pairs if p.at_work == IN_WORDS["apart"]]
    for verdict in (IN_WORDS["level"], IN_WORDS["cannot-tell"]):
        trials = ", ".join(p.work.trial for p in pairs if p.at_work == verdict)
        said += [f"{verdict} at work in {trials}"] * bool(trials)
    return "; ".join(said)


def _apart(pair: _Pair, worker: str) -> str:
    sign = 1 if pair.proxy.worker == worker else -1
    proxy = _stands(pair.proxy, pair.verdicts[0], sign)
    return f"{_stands(pair.work, pair.at_work, sign)} {pair.arms[1]} ({proxy} {pair.arms[0]})"


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
