"""Numbers and sentences as a person reads them; text of others made safe to look at."""

import re
from collections.abc import Callable

from worktrial.evidence.findings import Claim, Estimate
from worktrial.report.reading import Reading, threshold
from worktrial.visible import visible

MISSING = "–"
EFFECT = "effect_"
"""How the metrics of an audit begin that say by how much a score is too high."""
VERDICTS = {"met": "met", "missed": "missed", "cannot-tell": "cannot tell"}


def one_line(text: str, most: int = 400) -> str:
    """Text on one line of at most `most` characters."""
    line = " ".join(visible(text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def share(value: float) -> str:
    """A fraction: `.93`. Only a true 0 and 1 read `0` and `1`; what is close keeps its distance."""
    size, sign = abs(value), "−" if value < 0 else ""
    if size in (0, 1):
        return f"{sign if size else ''}{size:.0f}"
    if size < 0.001 or 0.999 < size < 1:
        return sign + ("<.001" if size < 0.001 else ">.999")
    digits = 3 if size < 0.005 or 0.995 <= size < 1 else 2
    return sign + f"{size:.{digits}f}".removeprefix("0")


def known(value: float | None) -> str:
    """A fraction, or a dash where there is none."""
    return MISSING if value is None else share(value)


def points(value: float) -> str:
    """A difference of fractions in hundredths: `32`."""
    hundredths = 100 * value
    whole = abs(hundredths) >= 0.95 or abs(hundredths) < 0.05
    text = f"{hundredths:.0f}" if whole else f"{hundredths:.1f}"
    return "0" if text == "-0" else text.replace("-", "−")


def plain(value: float) -> str:
    """A count or a time, as it is: `4` or `4.5`."""
    return f"{value:,.1f}".removesuffix(".0").replace("-", "−")


def number(estimate: Estimate | None, unit: Callable[[float], str] = share, noun: str = "") -> str:
    """A value with its bounds: `.93 [.88, .96]`; a dash where there is none."""
    if estimate is None or estimate.value is None:
        return MISSING
    value = f"{unit(estimate.value)} {noun}".strip()
    if estimate.low is None or estimate.high is None:
        return value
    return f"{value} [{unit(estimate.low)}, {unit(estimate.high)}]"


def figure(estimate: Estimate) -> str:
    """An estimate with its bounds in what it is counted in: points, legs, or a share."""
    compared = estimate.gap or estimate.minus_worker or estimate.minus_arm
    if compared or estimate.metric.startswith(EFFECT):
        return number(estimate, points, "points")
    return number(estimate, plain, "legs") if estimate.metric == "safe_length" else number(estimate)


def claim_text(claim: Claim) -> str:
    """A claim in words; an audit's verdict, which begins with its word, with whom it is about."""
    found = re.fullmatch(r"memorisation/(.+)/verdict", claim.id, re.DOTALL)
    return f"{found[1]}: {claim.text}" if found else claim.text


def percent(arm: str) -> str:
    """A threshold as a person writes it: `98 %`."""
    return f"{100 * threshold(arm):g} %"


def condition(arm: str | None) -> str:
    """An arm in words: `after 10 legs`, `at 98 %`."""
    if arm is None:
        return ""
    if arm.startswith("threshold-"):
        return f"at {percent(arm)}"
    return f"after {arm.removeprefix('legs-')} legs" if arm.startswith("legs-") else arm


def why(estimate: Estimate | None) -> str:
    """The reason why there is no value."""
    if estimate is None:
        return "not estimated in this run"
    return "" if estimate.value is not None else estimate.why or "no reason was given"


def sentence(reading: Reading, worker: str) -> str:
    """What a run says of a worker, for the person who decides."""
    first, last = (reading.at(worker, leg) for leg in (reading.first, reading.last))
    text = f"Fidelity {number(first)} after one round trip"
    if reading.last > reading.first:
        text += f", {number(last)} after {reading.last // 2}: {_loss(reading.gap(worker))}"
    return f"{text}. {_safe(reading, worker)}".strip()


def _loss(gap: Estimate | None) -> str:
    if gap is None or gap.value is None:
        return f"how much it loses over the relay cannot be told ({why(gap)})"
    size = number(gap, points, "point" if points(gap.value) == "1" else "points")
    if gap.low is not None and gap.low > 0:
        return f"it loses {size} over the relay"
    if gap.high is not None and gap.high < 0:
        return f"over the relay it rises, a loss of {size}"
    return f"no loss over the relay is shown: {size}"


def _safe(reading: Reading, worker: str) -> str:
    arm = next(iter(reading.thresholds), None)
    found = reading.get(worker, "safe_length", arm) if arm else None
    if arm is None or found is None:
        return ""
    length = MISSING if found.value is None else f"{plain(found.value)} legs"
    reason = f" ({found.why})" if found.why else ""
    return f"Safe delegation length at {percent(arm)}: {length}{reason}."


def money(value: float) -> str:
    """US dollars: `$12.30`; of less than one, as many digits as say something."""
    if abs(value) >= 1:
        return f"${value:,.2f}"
    return f"${float(f'{value:.2g}'):.10f}".rstrip("0").removesuffix(".")
