"""What a contrast's evidence says of each worker, of each two, and of all."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from worktrial.comparison.endpoints import judge_endpoints
from worktrial.comparison.order import compare_order
from worktrial.comparison.pairs import MORE, Comparison, compare_pairs
from worktrial.comparison.panel import Panel
from worktrial.contrast.arms import ARMS, GAP, MAPPING, MARGIN, PROXY, RAW, SCORE, TRIAL, WORK
from worktrial.contrast.check import NULL, ORACLE
from worktrial.contrast.panel import are_shares, contrast_panel, is_paired, ranges, unpaired_items
from worktrial.estimate import Interval, mean_interval, paired_difference, unpaired_difference
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Claim, Estimate, Verdict, from_interval
from worktrial.evidence.totals import add_up_costs, count_outcomes
from worktrial.protocol import Measurement
from worktrial.protocol.registration import Endpoint
from worktrial.randomness import derive
from worktrial.reference import on_trial
from worktrial.trial import Found

_LEVEL = 0.95
_ORDER = ("p_flip",)
"""What is told of two workers where only order is."""


def contrast_findings(
    evidence: Evidence,
    measured: Measurement,
    *,
    instrument: Mapping[str, Mapping[str, float]],
    endpoints: Sequence[Endpoint] = (),
) -> Found:
    """Compute every estimate and claim of a contrast.

    Args:
        evidence: The trial's observations.
        measured: Its part of the run's protocol.
        instrument: By arm, what planted workers scored.
        endpoints: What was registered before the first call; all else is exploratory then.
    """
    shares, everyone = are_shares(evidence), evidence.workers()
    panel = contrast_panel(evidence, measured, everyone, ordinal=not shares)
    registered = judge_endpoints(
        endpoints, lambda metric: panel if shares and metric == SCORE else None, mapping=MAPPING
    )
    gaps = [_gap(panel, worker, _no_level(evidence)) for worker in everyone]
    pairs, order = _between(panel, measured, shares=shares, declared=not endpoints)
    return Found(
        estimates=(
            *registered.estimates,
            *gaps,
            *(e for worker in everyone for e in _scores(panel, evidence, worker, shares=shares)),
            *(e for w in everyone for e in _unpaired(evidence, measured, w)),
            *pairs.estimates,
            *order,
        ),
        claims=(
            _instrument(instrument),
            *registered.claims,
            *(_keeps(gap, panel) for gap in gaps),
            *pairs.claims,
        ),
        outcomes=tuple(count_outcomes(evidence, TRIAL, SCORE)),
        cost=tuple(add_up_costs(evidence, TRIAL)),
    )


def _instrument(checked: Mapping[str, Mapping[str, float]]) -> Claim:
    oracle = min((each[ORACLE] for each in checked.values()), default=None)
    null = max((each[NULL] for each in checked.values()), default=None)
    return Claim(
        id=f"{TRIAL}/instrument",
        text=f"a planted worker that is right on every item reads so (lowest {oracle}), "
        f"and one that is wrong (highest {null}), under both arms; the scores' own scorers are not "
        "checked",
        estimates=(),
        verdict="met" if (oracle, null) == (1.0, 0.0) else "missed",
        evidence_class="instrument",
        mapping=MAPPING,
        overturned_by="a defect in how items are paired, grouped or averaged",
    )


def _no_level(evidence: Evidence) -> str | None:
    """Why a level gap means nothing; `None` if it does."""
    if are_shares(evidence):
        return None
    seen = ranges(evidence)
    said = " and ".join(f"{arm} from {seen[arm].low:g} to {seen[arm].high:g}" for arm in ARMS)
    differ = len({seen[arm].is_share for arm in ARMS}) > 1
    rule = "scales differ" if differ else "scores leave [0, 1]"
    return f"{rule}: {said}; a level is told of shares of full marks"


def _gap(panel: Panel, worker: str, no_level: str | None) -> Estimate:
    proxy, work = panel.of(worker).T
    if no_level is not None:
        size = int(np.sum(~np.isnan(work)))
        found = Interval(np.nan, np.nan, np.nan, _LEVEL, "none", size, no_level)
    elif panel.paired:
        found = paired_difference(proxy, work)
    else:
        found = unpaired_difference(proxy, work)
    return from_interval(
        found,
        id=f"{TRIAL}/{SCORE}/{GAP}/{worker}/{PROXY}",
        trial=TRIAL,
        metric=SCORE,
        worker=worker,
        gap=GAP,
        arm=PROXY,
        minus_arm=WORK,
        evidence=f"metric={SCORE}",
    )


def _scores(panel: Panel, evidence: Evidence, worker: str, *, shares: bool) -> Iterator[Estimate]:
    """The mean score under each arm; on another scale as it is, and without bounds."""
    for column, arm in enumerate(ARMS):
        values = panel.of(worker)[:, column]
        metric = SCORE if shares else RAW
        found = mean_interval(values) if shares else _bare_mean(evidence, worker, arm)
        yield from_interval(
            found,
            id=f"{TRIAL}/{metric}/{worker}/{arm}",
            trial=TRIAL,
            metric=metric,
            worker=worker,
            arm=arm,
            evidence=f"metric={SCORE}",
        )


def _bare_mean(evidence: Evidence, worker: str, arm: str) -> Interval:
    values = list(evidence.under(arm).of_items(worker, SCORE).values())
    why = "bounds need scores in [0, 1]"
    mean = float(np.mean(values)) if values else np.nan
    return Interval(mean, np.nan, np.nan, _LEVEL, "none", len(values), why)


def _unpaired(evidence: Evidence, measured: Measurement, worker: str) -> Iterator[Estimate]:
    """How many items enter no number because they stand under one arm alone."""
    if not is_paired(measured):
        return
    for arm, count in sorted(unpaired_items(evidence, worker).items()):
        yield Estimate(
            id=f"{TRIAL}/unpaired/{worker}/{arm}",
            trial=TRIAL,
            metric="unpaired",
            worker=worker,
            arm=arm,
            value=float(count),
            method="counted",
            items=count,
            endpoint="exploratory",
        )


def _keeps(gap: Estimate, panel: Panel) -> Claim:
    verdict: Verdict = "cannot-tell"
    if gap.high is not None and gap.high < MARGIN:
        verdict = "met"
    elif gap.low is not None and gap.low > MARGIN:
        verdict = "missed"
    proxy, work = panel.in_words
    return Claim(
        id=f"{TRIAL}/keeps-{gap.worker}",
        text=f"{gap.worker} scores at most {round(100 * MARGIN)} points less {work} than {proxy}",
        estimates=(gap.id,),
        threshold=MARGIN,
        verdict=verdict,
        mapping=MAPPING,
        overturned_by=MORE,
    )


def _between(
    panel: Panel, measured: Measurement, *, shares: bool, declared: bool
) -> tuple[Comparison, list[Estimate]]:
    """Those on trial under both arms, two by two and all together."""
    both = [w for w in panel.workers if not np.isnan(panel.of(w)).all(axis=0).any()]
    chosen = panel.only(on_trial(both))
    seed = derive(measured.seed, TRIAL, "estimates") % 2**32
    pairs = compare_pairs(
        chosen, margin=MARGIN, seed=seed, mapping=MAPPING, declared=declared and shares
    )
    order = list(compare_order(chosen))
    if shares:
        return pairs, order
    told = tuple(e for e in pairs.estimates if e.metric in _ORDER)
    return Comparison(told, ()), order
