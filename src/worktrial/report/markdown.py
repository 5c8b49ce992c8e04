"""Findings as a comment on a pull request, in GitHub-flavoured Markdown.

What others wrote is shown and never acts. A word of letters or a number stands as it is; whatever
else may be in a text, such as a name, stands as code, in which GitHub sees no HTML, link, image,
mention, reference, emoji or formula.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from worktrial.evidence.findings import Claim, Estimate, Findings, Verdict
from worktrial.evidence.observation import FAULTS
from worktrial.report.gaps import Gaps, Measured
from worktrial.report.reading import of_interest
from worktrial.report.words import (
    MISSING,
    VERDICTS,
    claim_text,
    figure,
    number,
    one_line,
    points,
)
from worktrial.running.budget import stopped_text

_CLAIMS, _WORKERS, _ALERTS, _OUTCOMES = 30, 20, 3, 8
"""How many of each are shown; what a comment may hold, 65,536 characters, is never reached."""
_TEXT, _NAME, _NUMBER = 240, 80, 60
"""The longest of each, in characters before they are made safe."""
_ORDER: Sequence[Verdict] = ("missed", "cannot-tell", "met")


def pull_request(findings: Findings) -> str:
    """Write what a run found for whoever reviews a pull request.

    Args:
        findings: Of a run or a control.

    Returns:
        Markdown of less than 60,000 characters: whether the instrument is sound, claims by
        verdict, gaps by worker, outcomes and faults, and how the report is opened. A line says
        what was left out.
    """
    run = findings.run
    versions = ", ".join(f"{name} {version}" for name, version in sorted(run.versions.items()))
    head = f"## Work trial: {_prose(run.course, 40)}, seed {run.seed}, protocol "
    parts = [
        [head + _code(run.protocol_sha256[:12])],
        [f"{_prose(versions, _TEXT)}{', registered before it ran' if run.registered else ''}."],
        *(
            [[_prose(f"This run was {stopped_text(run.stopped)}.", 3 * _TEXT)]]
            if run.stopped
            else []
        ),
        _instrument(findings.claims),
        *_claims(findings),
        *_gaps(findings),
        [_outcomes(findings)],
        [_OPENED],
    ]
    return "\n".join("\n".join([*part, ""]) for part in parts)


_OPENED = (
    "Every number with its evidence: open `report.html` in the run's folder; `worktrial report RUN`"
    " makes it again from the run's logs."
)


def _instrument(claims: Sequence[Claim]) -> list[str]:
    checks = [claim for claim in claims if claim.evidence_class == "instrument"]
    failed = [claim for claim in checks if claim.verdict != "met"]
    if not checks:
        return ["Whether the instrument is sound is not said: there is no check of it."]
    if not failed:
        return [f"The instrument is sound: {len(checks)} of {len(checks)} checks are met."]
    return [
        "> [!CAUTION]",
        "> **The instrument is not sound in this run, so nothing below can be relied on.**",
        *(
            f"> {VERDICTS[claim.verdict].capitalize()}: {_prose(claim.text, _TEXT)}."
            for claim in failed[:_ALERTS]
        ),
        *_left_out(f"> {len(failed[_ALERTS:])} more checks are not met.", failed[_ALERTS:]),
    ]


# Claims.


def _claims(findings: Findings) -> Iterator[list[str]]:
    known = {e.id: e for e in findings.estimates}
    claims = [c for c in of_interest(findings) if c.evidence_class != "instrument"]
    claims.sort(key=lambda claim: _ORDER.index(claim.verdict))
    if not claims:
        yield ["Nothing is claimed."]
        return
    yield [f"### Claims: {_counted(claims)}"]
    yield _table(
        ["verdict", "claim", "number"],
        [
            [
                VERDICTS[claim.verdict],
                _prose(claim_text(claim), _TEXT),
                _numbers([known[name] for name in claim.estimates if name in known]),
            ]
            for claim in claims[:_CLAIMS]
        ],
    )
    rest = claims[_CLAIMS:]
    if rest:
        yield [f"Left out here and told in the report: {len(rest)} more claims, {_counted(rest)}."]


def _counted(claims: Sequence[Claim]) -> str:
    counts = Counter(claim.verdict for claim in claims)
    return ", ".join(f"{counts[v]} {VERDICTS[v]}" for v in _ORDER if counts[v])


def _numbers(estimates: Sequence[Estimate]) -> str:
    """The first number that a claim rests on; of two, the proxy's and the work's, both."""
    shown = estimates if len(estimates) == 2 else estimates[:1]
    return "; ".join(one_line(figure(e), _NUMBER) for e in shown) or MISSING


# Gaps.


def _gaps(findings: Findings) -> Iterator[list[str]]:
    """A row a worker, in order of name and never of score; reference workers last."""
    gaps = Gaps(findings)
    if not gaps.rows:
        return
    shown, rest = gaps.workers[:_WORKERS], gaps.workers[_WORKERS:]
    rows = [
        [_code(worker, _NAME), *(_gap(gaps.of(gap, worker)) for gap in gaps.rows)]
        for worker in shown
    ]
    yield [f"### Gaps in points, with {_levels(list(gaps.every()))} intervals"]
    yield _table(["worker", *(gap.name for gap in gaps.rows)], rows)
    if any(MISSING in row for row in rows):
        yield [f"{MISSING} has no value; the report says why."]
    if rest:
        yield [f"Left out here and told in the report: {len(rest)} more workers."]


def _gap(found: Measured | None) -> str:
    """Its number; of several arms the largest, and of how many it is."""
    if found is None:
        return MISSING
    largest = max(found.loss, key=lambda e: abs(e.value or 0.0))
    several = f" (largest of {len(found.loss)})" if len(found.loss) > 1 else ""
    return one_line(number(largest, points), _NUMBER) + several


def _levels(found: Sequence[Measured]) -> str:
    levels = sorted({e.level for each in found for e in each.loss if e.level is not None})
    return one_line(" and ".join(f"{100 * level:g} %" for level in levels) or "95 %", _NUMBER)


# Outcomes.


def _outcomes(findings: Findings) -> str:
    counts: Counter[str] = Counter()
    for each in findings.outcomes:
        counts[each.outcome] += each.count
    shown = counts.most_common(_OUTCOMES)
    told = [f"{count:,} {_prose(name.replace('_', ' '), _NAME)}" for name, count in shown]
    told += _left_out(f"{len(counts) - len(shown)} more kinds", list(counts)[_OUTCOMES:])
    faults = sum(counts[name] for name in FAULTS)
    listed = f": {', '.join(told)}" if told else ""
    return (
        f"{counts.total():,} outcomes{listed}. Faults that are none of the worker's doing: "
        f"{faults:,}."
    )


# Text of others.


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]


def _left_out(line: str, rest: Sequence[object]) -> list[str]:
    return [line] if rest else []


_PLAIN = re.compile(
    r"""
    (?! .* [0-9a-f]{7} )                  # may name a commit
    [(“"]?
    (?: [^\W\d_]+ (?:['’-][^\W\d_]+)*     # a word
      | −?\d{0,6}(?:[.,]\d{1,6})?         # a number
    )
    [)”"%,.;:]*
    | [=≥≤×−–%]
    """,
    re.VERBOSE | re.IGNORECASE,
)


def _prose(text: str, most: int) -> str:
    """A sentence of others: what is no plain word of it, as code."""
    return " ".join(map(_word, one_line(text, most).split(" "))) or MISSING


def _word(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    core = word.rstrip(",.;:")
    return f"{_code(core.strip('`') or core)}{word[len(core) :]}"


def _code(text: str, most: int = _TEXT) -> str:
    """Text as code; what would end it, or a cell of a table, as Python would escape it."""
    line = one_line(text, most).replace("`", r"\x60").replace("|", r"\x7c")
    return f"`{line}`" if line else MISSING
