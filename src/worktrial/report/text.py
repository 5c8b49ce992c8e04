"""Findings in a terminal: one row a worker, then what may be claimed."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple

from worktrial.acceptance.found import ID as LABELLED
from worktrial.comparison.order import EVERYONE
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.memorisation.arms import FRESH, PUBLISHED
from worktrial.memorisation.measured import ACCURACY
from worktrial.reasoning.measured import CREDIT, PARTS, SOLVED
from worktrial.reference import is_reference
from worktrial.report.acceptance import AcceptanceReading
from worktrial.report.contrast import ContrastReading, contrast_legend, counted, score_text
from worktrial.report.decision_words import sentence, standing
from worktrial.report.gaps import Gaps
from worktrial.report.instruction import AblateReading
from worktrial.report.memorisation import MemorisationReading, flagged_text, p_text
from worktrial.report.public import PublicPage
from worktrial.report.readiness import AT, IN_SHORT, ReadinessReading
from worktrial.report.reading import Reading, of_interest, unique
from worktrial.report.reasoning import ReasoningReading
from worktrial.report.specification import SearchReading
from worktrial.report.tables import Table
from worktrial.report.words import (
    MISSING,
    VERDICTS,
    claim_text,
    condition,
    known,
    number,
    one_line,
    percent,
    plain,
    points,
    share,
    why,
)
from worktrial.running.budget import stopped_text

WIDTH = 110
_THRESHOLDS = 3


def summary(findings: Findings) -> str:
    """Write what a run found, for a person who does not know the code.

    Args:
        findings: What was found.

    Returns:
        Lines of at most 110 columns. Workers stand in order of name, never of score.
    """
    lines = list(_head(findings))
    reading, search = Reading(findings), SearchReading(findings)
    office = ReadinessReading(findings)
    audit, puzzles = MemorisationReading(findings), ReasoningReading(findings)
    ablated, contrast = AblateReading(findings), ContrastReading(findings)
    others = (search, office, audit, puzzles, ablated, contrast)
    if sum(bool(each.workers) for each in (reading, *others)) > 1:
        lines += [*_told(Gaps(findings)), ""]
    if reading.workers or not any(other.workers for other in others):
        lines += [*_table(_relay(reading)), "", *_legend(reading), ""]
    if search.workers:
        lines += [*_table(_search(search)), "", *_search_legend(search), ""]
    if office.workers:
        lines += [*_table(_office(office)), "", *_office_legend(office), ""]
    if audit.workers:
        lines += [*_table(_audit(audit)), "", *_audit_legend(audit), ""]
    if puzzles.workers:
        lines += [*_table(_puzzles(puzzles)), "", *_puzzles_legend(puzzles), ""]
    if ablated.workers:
        lines += [*_table(_ablate(ablated)), "", *_ablate_legend(ablated), ""]
    if contrast.workers:
        lines += [*_table(_contrast(contrast)), "", *_contrast_legend(contrast), ""]
    labelled = AcceptanceReading(findings)
    for trial in labelled.trials:
        lines += [f"Do the scores tell which jobs people accept? {one_line(trial, 40)}", ""]
        lines += [*_table(_accepted(labelled, trial)), "", *_accepted_legend(labelled, trial), ""]
    lines += _claims(findings)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _head(findings: Findings) -> Iterator[str]:
    """Which run it is, and what ended it before its time."""
    run = findings.run
    yield from (f"worktrial · course {one_line(run.course, 40)} · seed {run.seed}", "")
    if run.stopped:
        yield from (*wrap(f"This run was {one_line(stopped_text(run.stopped))}.", WIDTH), "")


def _told(gaps: Gaps) -> Iterator[str]:
    """What it comes to of each worker, where several trials were run."""
    for worker in gaps.workers:
        yield one_line(worker, WIDTH)
        for text in (sentence(gaps, worker), *standing(gaps, worker)):
            yield from _wrapped(text, indent=2, hang=2)


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


class _Table(NamedTuple):
    """A table for a terminal: two lines of heads, a row a worker, why something is missing."""

    heads: tuple[list[str], list[str]]
    rows: dict[str, list[str]]
    whys: dict[str, list[str]]


def _relay(reading: Reading) -> _Table:
    return _Table(
        _heads(reading),
        {worker: _cells(reading, worker) for worker in reading.workers},
        {worker: list(_whys(_estimates(reading, worker))) for worker in reading.workers},
    )


def _search(reading: SearchReading) -> _Table:
    """F1 by how much is said, the gap, what was learned by asking."""
    found = {worker: _search_estimates(reading, worker) for worker in reading.workers}
    rows = {
        worker: [
            number(e, points if name == "specification gap" else share) for name, e in row.items()
        ]
        for worker, row in found.items()
    }
    names = list(next(iter(found.values())))
    heads = ([_SEARCH_HEADS[n][0] for n in names], [_SEARCH_HEADS[n][1] for n in names])
    return _Table(heads, rows, {worker: list(_whys(row)) for worker, row in found.items()})


_SEARCH_HEADS = {
    "F1 with all said and the form given": ("F1, all said", "form given"),
    "F1 with all said": ("F1, all", "said"),
    "F1 where it has to be asked for": ("F1, to be", "asked for"),
    "specification gap": ("specification", "gap, points"),
    "share of what had to be asked": ("learned", "by asking"),
    "satisfaction": ("satisfaction", ""),
}


def _search_estimates(reading: SearchReading, worker: str) -> dict[str, Estimate | None]:
    wanted = {
        "F1 with all said and the form given": ("full_fixed_schema", "f1"),
        "F1 with all said": ("full", "f1"),
        "F1 where it has to be asked for": ("simulated", "f1"),
        "specification gap": ("", ""),
        "share of what had to be asked": ("simulated", "elicitation"),
        "satisfaction": ("simulated", "satisfaction"),
    }
    return {
        name: reading.get(worker, metric, arm) if arm else reading.gap(worker, "specification")
        for name, (arm, metric) in wanted.items()
        if not arm or arm in reading.arms
    }


def _search_legend(reading: SearchReading) -> Iterator[str]:
    yield from _wrapped(
        "The specification gap is what a score on complete requests hides of the same requests "
        "said vaguely, where the rest has to be asked for. Rows are in order of name."
    )
    if any(map(is_reference, reading.workers)):
        yield from _wrapped("Workers named reference/… are simulated: they check the instrument.")


def _office(reading: ReadinessReading) -> _Table:
    """Five axes, what success hides of them, and who is best where weights were given."""
    found = {worker: _office_estimates(reading, worker) for worker in reading.workers}
    rows = {
        worker: [number(e, points if name == _HIDDEN else share) for name, e in row.items()]
        for worker, row in found.items()
    }
    heads = [name.partition(" ")[::2] for name in next(iter(found.values()))]
    return _Table(
        ([first for first, _ in heads], [second for _, second in heads]),
        rows,
        {worker: list(_whys(row)) for worker, row in found.items()},
    )


_HIDDEN = "dimension gap, points"


def _office_estimates(reading: ReadinessReading, worker: str) -> dict[str, Estimate | None]:
    axes = {IN_SHORT[axis]: reading.axis(worker, axis) for axis in reading.axes}
    weighed = reading.chance(worker, "p_best")
    best = {"chance to be best": weighed} if weighed is not None else {}
    return {**axes, _HIDDEN: reading.hidden(worker), **best}


def _office_legend(reading: ReadinessReading) -> Iterator[str]:
    yield from _wrapped(
        "The dimension gap is what success hides: points of it on items on which some axis is "
        f"below {AT} %. Rows are in order of name, and there is no total."
    )
    weighed = (reading.chance(worker, "p_best") for worker in reading.workers)
    if given := next((e.method for e in weighed if e is not None and e.method), ""):
        yield from _wrapped(f"The chance to be best: {one_line(given)}.")
    if any(map(is_reference, reading.workers)):
        yield from _wrapped("Workers named reference/… are simulated: they check the instrument.")


def _audit(reading: MemorisationReading) -> _Table:
    """Accuracy as published and on fresh texts, what stands out, and the verdict."""
    return _Table(
        (
            ["accuracy,", "accuracy,", "gap,", "exposure", "items", "verdict"],
            ["published", "fresh", "points", "p", "flagged", ""],
        ),
        {worker: _audit_cells(reading, worker) for worker in reading.workers},
        {worker: list(_whys(_audit_estimates(reading, worker))) for worker in reading.workers},
    )


def _audit_estimates(reading: MemorisationReading, worker: str) -> dict[str, Estimate | None]:
    return {
        "accuracy as published": reading.get(worker, ACCURACY, PUBLISHED),
        "accuracy on fresh texts": reading.get(worker, ACCURACY, FRESH),
        "memorisation gap": reading.effects(worker)["variants"],
        "exposure": reading.exposure(worker),
    }


def _audit_cells(reading: MemorisationReading, worker: str) -> list[str]:
    published, fresh, gap, exposure = _audit_estimates(reading, worker).values()
    verdict = reading.verdict(worker) or MISSING
    return [number(published), number(fresh), number(gap, points), p_text(exposure),
            flagged_text(exposure), verdict]  # fmt: skip


def _audit_legend(reading: MemorisationReading) -> Iterator[str]:
    yield from _wrapped(
        "Fresh texts have the form of the items, and the model cannot have met them. The gap is "
        "accuracy as published less accuracy on them, paired by item. Exposure: whether the items "
        "stand out among them. No evidence is no proof that nothing was met. Rows are in order of "
        "name."
    )
    yield from _wrapped(
        "Of claims: met, it is shown; missed, the data speak against it or show nothing of it; "
        "cannot tell, they are not enough for either."
    )
    if any(map(is_reference, reading.workers)):
        yield from _wrapped("Workers named reference/… are simulated: they check the instrument.")


def _puzzles(reading: ReasoningReading) -> _Table:
    """What is solved beside a blind guess, and what traces would be credited."""
    found = {worker: _puzzle_estimates(reading, worker) for worker in reading.workers}
    return _Table(
        (
            ["solved", "guess", "solved", "cells right", "credited", "trace gap,", "cut off,"],
            ["", "", "beyond it", "(guess)", "", "points", "missing"],
        ),
        {worker: _puzzle_cells(reading, worker, of) for worker, of in found.items()},
        {worker: [*_whys(row), *_unsure(row)] for worker, row in found.items()},
    )


def _unsure(found: Mapping[str, Estimate | None]) -> Iterator[str]:
    """Why a number that is there has no interval."""
    for name, estimate in found.items():
        if estimate is not None and estimate.value is not None and estimate.low is None:
            yield from _wrapped(f"{name} without an interval: {estimate.why}", indent=4)


def _puzzle_estimates(reading: ReasoningReading, worker: str) -> dict[str, Estimate | None]:
    return {
        "solved": reading.get(worker, SOLVED),
        "cells right": reading.get(worker, PARTS),
        "trace gap": reading.gap(worker),
    }


def _puzzle_cells(
    reading: ReasoningReading, worker: str, found: Mapping[str, Estimate | None]
) -> list[str]:
    corrected, guess = reading.corrected(worker, SOLVED), reading.floor(worker, SOLVED)
    parts = f"{_share(found['cells right'])} ({_share(reading.floor(worker, PARTS))})"
    missed = ", ".join(map(str, reading.missed(worker).values()))
    credit, gap = reading.get(worker, CREDIT), found["trace gap"]
    return [number(found["solved"]), number(guess), _share(corrected), parts, number(credit),
            number(gap, points), missed]  # fmt: skip


def _puzzles_legend(reading: ReasoningReading) -> Iterator[str]:
    yield from _wrapped(
        "Solved: the final answer keeps every rule. Guess: what the best blind guess solves of the "
        "same puzzles. Credited: share of the steps of traces that are so, where any can be "
        "parsed. The trace gap is credit less what is solved, paired by puzzle. Rows are in order "
        "of name."
    )
    if any(map(is_reference, reading.workers)):
        yield from _wrapped("Workers named reference/… are simulated: they check the instrument.")


def _ablate(reading: AblateReading) -> _Table:
    """Scores with the instruction and without, what form explains, what is obeyed."""
    found = {worker: reading.row(worker) for worker in reading.workers}
    rows = {
        worker: [
            number(e, points if name == "instruction gap" else share) for name, e in row.items()
        ]
        for worker, row in found.items()
    }
    return _Table(
        (
            ["score,", "score,", "score,", "gap,", "share of", "sticks to", "new names"],
            ["full", "form only", "input only", "points", "form", "own task", "followed"],
        ),
        rows,
        {worker: list(_whys(_run(row))) for worker, row in found.items()},
    )


def _run(row: Mapping[str, Estimate | None]) -> dict[str, Estimate | None]:
    """What the arms that were run allow."""
    return {name: e for name, e in row.items() if e is not None}


def _ablate_legend(reading: AblateReading) -> Iterator[str]:
    yield from _wrapped(
        "The gap is the score with the instruction less that with the form of the answer alone, "
        "paired by item: what the instruction is used for. The share of form is what of the rise "
        "over the bare input is there without the instruction. A guess scores "
        f"{share(reading.guess)}. Rows are in order of name."
    )
    if any(map(is_reference, reading.workers)):
        yield from _wrapped("Workers named reference/… are simulated: they check the instrument.")


def _contrast(reading: ContrastReading) -> _Table:
    """Scores under both arms, the gap, and the rank under each."""
    found = {worker: reading.row(worker) for worker in reading.workers}
    units = {"level gap": points, "rank on the proxy": plain, "rank at work": plain}
    rows = {
        worker: [
            number(e, units[name]) if name in units else score_text(e) for name, e in row.items()
        ]
        for worker, row in found.items()
    }
    return _Table(
        (
            ["score,", "score,", "level gap,", "rank,", "rank,"],
            ["proxy", "work", "points", "proxy", "work"],
        ),
        rows,
        {w: [*_whys(_run(row)), *_left_out(reading, w)] for w, row in found.items()},
    )


def _left_out(reading: ContrastReading, worker: str) -> Iterator[str]:
    if said := counted(reading, worker):
        yield from _wrapped(f"left out: {said}", indent=4)


def _contrast_legend(reading: ContrastReading) -> Iterator[str]:
    for text in contrast_legend(reading):
        yield from _wrapped(text)
    if any(map(is_reference, reading.workers)):
        yield from _wrapped("Workers named reference/… are simulated: they check the instrument.")


def public_text(page: PublicPage) -> str:
    """Write where public ranks and ranks at work differ, and how far their orders agree.

    Args:
        page: What is shown of the leaderboard.

    Returns:
        Lines of at most 110 columns.
    """
    lines = _wrapped(
        "In public and at work: ranks among those on trial who have a public score. Differs: the "
        "two brackets do not meet; agrees: both are the same single rank."
    )
    for public in page.tables:
        lines += ["", *_row_by_row(public.table)]
        lines += [line for text in public.left_out for line in _wrapped(text)]
    if page.agreement:
        lines += ["", *_row_by_row(page.agreement)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _row_by_row(table: Table) -> Iterator[str]:
    """A line a cell, since the rows of such a table are wider than a terminal."""
    yield from _wrapped(table.caption)
    width = max(map(len, table.columns[1:]))
    for row in table.rows:
        yield from _wrapped(one_line(row.name), indent=2)
        for head, cell in zip(table.columns[1:], row.cells, strict=True):
            note = f" ({cell.note})" if cell.note else ""
            yield from _wrapped(f"{head:{width}}  {one_line(cell.text, 80)}{note}", indent=4)


def _table(table: _Table) -> Iterator[str]:
    """The rows, names on lines of their own where they would not fit; a missing value's why."""
    heads, rows = table.heads, table.rows
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
        yield from table.whys[worker]


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
    return known(None if estimate is None else estimate.value)


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


def _whys(estimates: Mapping[str, Estimate | None]) -> Iterator[str]:
    for name, estimate in estimates.items():
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


def _accepted(reading: AcceptanceReading, trial: str) -> _Table:
    """How well scores tell what people accepted, of all jobs and of each worker's."""
    rows = {row.name: row.cells for row in reading.areas(trial).rows}
    return _Table(
        (["accepted by", "area, score", "area, score", "area,", "labelled"],
         ["those who asked", "on the proxy", "at work", "smaller gap", "jobs"]),
        {name: [cell.text for cell in cells] for name, cells in rows.items()},
        {
            name: [
                line
                for note in unique(cell.note for cell in cells if cell.note)
                for line in _wrapped(f"{MISSING} {one_line(note)}", indent=4)
            ]
            for name, cells in rows.items()
        },
    )  # fmt: skip


def _accepted_legend(reading: AcceptanceReading, trial: str) -> Iterator[str]:
    for line in reading.lines(trial):
        yield from _wrapped(one_line(line), hang=2)
    for claim, text in reading.said(trial):
        yield from _wrapped(f"{VERDICTS[claim.verdict]:12}{one_line(text)}", hang=12)
    if counts := reading.left_out(trial):
        yield from _wrapped(f"Left out of every number: {'; '.join(counts)}.")


def _claims(findings: Findings) -> Iterator[str]:
    # What labels say of scores is told with them, by how much and within which margin.
    claims = [c for c in of_interest(findings) if not c.id.startswith(LABELLED)]
    if claims:
        yield "Claims"
    for claim in claims:
        verdict = VERDICTS[claim.verdict]
        yield from _wrapped(f"{verdict:12}{one_line(claim_text(claim))}", indent=2, hang=14)


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
