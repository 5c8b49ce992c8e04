"""Findings in a terminal: one row a worker, then what may be claimed."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.report.reading import Reading, is_reference, unique
from worktrial.report.words import (
    MISSING,
    VERDICTS,
    condition,
    number,
    one_line,
    percent,
    plain,
    points,
    share,
    why,
)

WIDTH = 110
_THRESHOLDS = 3


def summary(findings: Findings) -> str:
    """Write what a run found, for a person who does not know the code.

    Args:
        findings: What was found.

    Returns:
        Lines of at most 110 columns. Workers stand in order of name, never of score.
    """
    reading = Reading(findings)
    run = findings.run
    lines = [f"worktrial · course {one_line(run.course, 40)} · seed {run.seed}", ""]
    lines += [*_table(reading), "", *_legend(reading), "", *_claims(findings)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def comparison_text(estimates: Sequence[Estimate], claims: Sequence[Claim]) -> str:
    """Write what a comparison of two runs found: every pair, then what may be said.

    Args:
        estimates: Of the comparison.
        claims: Of the comparison.

    Returns:
        Lines of at most 110 columns.
    """
    lines = [line for pair in _pairs(estimates) for line in _differences(estimates, pair)]
    lines += [line for e in estimates if not e.minus_worker for line in _of_all(e)]
    lines += ["", *_verdicts(claims)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _pairs(estimates: Sequence[Estimate]) -> list[tuple[str, str]]:
    return unique((e.worker, e.minus_worker) for e in estimates if e.minus_worker)


def _differences(estimates: Sequence[Estimate], pair: tuple[str, str]) -> Iterator[str]:
    """The numbers of one pair, without those of the curve between its ends."""
    yield f"{one_line(pair[0])} minus {one_line(pair[1])}"
    for e in estimates:
        if (e.worker, e.minus_worker) != pair or e.metric.endswith("_curve"):
            continue
        name = e.metric.replace("_", " ")
        what = f"{e.gap} gap" if e.gap and e.metric != "p_flip" else f"{name} {condition(e.arm)}"
        what = "chance that work turns the order" if e.metric == "p_flip" else what
        found = number(e, share if e.metric == "p_flip" else points)
        adjusted = "" if e.p_adjusted is None else f"  p {share(e.p_adjusted)} of those declared"
        yield f"  {what:34}{found}{adjusted}"
        if e.value is None:
            yield from _wrapped(f"– {e.why}", indent=4)


def _of_all(e: Estimate) -> Iterator[str]:
    name = e.metric.replace("_", " ")
    who = "" if e.worker == EVERYONE else f"{one_line(e.worker)} "
    found = number(e, plain if e.metric == "rank" else share)
    yield from _wrapped(f"{who}{name}: {found}{f' ({e.why})' if e.why else ''}")


def _verdicts(claims: Sequence[Claim]) -> Iterator[str]:
    for claim in claims:
        text = f"{VERDICTS[claim.verdict]:12}{one_line(claim.text)}"
        if claim.verdict == "cannot-tell" and claim.detectable is not None:
            text += f"; a difference of {points(claim.detectable)} points would have been seen"
        yield from _wrapped(text, hang=12)


def _table(reading: Reading) -> Iterator[str]:
    """The rows, names on lines of their own where they would not fit; a missing value's why."""
    heads, rows = _heads(reading), {w: _cells(reading, w) for w in reading.workers}
    widths = [max(map(len, column)) for column in zip(*heads, *rows.values(), strict=True)]
    names = {worker: one_line(worker, WIDTH) for worker in rows}
    margin = max([len("worker"), *map(len, names.values())])
    own_line = margin + 2 + sum(widths) + 2 * len(widths) > WIDTH
    margin = 2 if own_line else margin
    for label, head in zip(("", "" if own_line else "worker"), heads, strict=True):
        yield _row(label, head, margin, widths)
    for worker, cells in rows.items():
        if own_line:
            yield names[worker]
        yield _row("" if own_line else names[worker], cells, margin, widths)
        yield from _whys(reading, worker)


def _row(label: str, cells: Sequence[str], margin: int, widths: Sequence[int]) -> str:
    return "  ".join(
        [f"{label:{margin}}", *(f"{c:{w}}" for c, w in zip(cells, widths, strict=True))]
    )


def _heads(reading: Reading) -> tuple[list[str], list[str]]:
    arms = reading.thresholds[:_THRESHOLDS]
    thresholds = "/".join(percent(arm).removesuffix(" %") for arm in arms) or MISSING
    first, last = (f"after {leg} legs" for leg in (reading.first, reading.last))
    return (
        ["fidelity", "fidelity", "horizon", "lossless", "forward", "safe legs", "share"],
        [first, last, "gap", "share", "", f"at {thresholds} %", "dropped"],
    )


def _cells(reading: Reading, worker: str) -> list[str]:
    found = _estimates(reading, worker)
    intervals = [number(found[name]) for name in list(found)[:3]]
    shares = [_share(found[name]) for name in ("lossless share", "forward compliance")]
    return [*intervals, *shares, _safe(reading, worker), _share(found["relays dropped"])]


def _estimates(reading: Reading, worker: str) -> dict[str, Estimate | None]:
    return {
        "fidelity after one round trip": reading.at(worker, reading.first),
        f"fidelity after {reading.last} legs": reading.at(worker, reading.last),
        "horizon gap": reading.gap(worker),
        "lossless share": reading.at(worker, reading.last, "lossless"),
        # A relay that was dropped asks for nothing more: how far it complied until then.
        "forward compliance": next(reversed(reading.curve(worker, "forward")), None),
        "relays dropped": reading.get(worker, "dropped"),
    }


def _share(estimate: Estimate | None) -> str:
    return MISSING if estimate is None or estimate.value is None else share(estimate.value)


def _safe(reading: Reading, worker: str) -> str:
    """Lengths in legs; a question mark where the data cannot tell whether it goes further."""
    parts = []
    for arm in reading.thresholds[:_THRESHOLDS]:
        found = reading.get(worker, "safe_length", arm)
        claim = reading.claims.get(f"safe-{worker}-{arm.removeprefix('threshold-')}")
        doubt = "?" if claim is not None and claim.verdict == "cannot-tell" else ""
        length = MISSING if found is None or found.value is None else plain(found.value)
        parts.append(length + doubt)
    return "/".join(parts) or MISSING


def _whys(reading: Reading, worker: str) -> Iterator[str]:
    for name, estimate in _estimates(reading, worker).items():
        if reason := why(estimate):
            yield from _wrapped(f"{MISSING} {name}: {one_line(reason)}", indent=4)


def _legend(reading: Reading) -> Iterator[str]:
    yield from _wrapped(
        f"Brackets are {reading.level} intervals. The horizon gap is what the fidelity after "
        f"{reading.first} legs hides of that after {reading.last}. Rows are in order of name."
    )
    if any("?" in _safe(reading, worker) for worker in reading.workers):
        yield from _wrapped(
            "Safe legs: how long it can be left alone; ? the data cannot tell beyond."
        )
    if any(map(is_reference, reading.workers)):
        yield from _wrapped("Workers named reference/… are simulated: they check the instrument.")


def _claims(findings: Findings) -> Iterator[str]:
    claims = _of_interest(findings)
    if claims:
        yield "Claims"
    for claim in claims:
        verdict = VERDICTS[claim.verdict]
        yield from _wrapped(f"{verdict:12}{one_line(claim.text)}", indent=2, hang=14)


def _of_interest(findings: Findings) -> list[Claim]:
    """The claims about those on trial; about reference workers only where nobody else is."""
    about = {e.id: e.worker for e in findings.estimates}
    real = [
        claim
        for claim in findings.claims
        if not claim.estimates
        or not any(is_reference(about.get(identity, "")) for identity in claim.estimates)
    ]
    return real if any(claim.estimates for claim in real) else list(findings.claims)


def _wrapped(text: str, *, indent: int = 0, hang: int | None = None) -> list[str]:
    after = " " * (indent + 2 if hang is None else hang)
    return wrap(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent="" if not indent else after,
        drop_whitespace=True,
        replace_whitespace=False,
    )
