"""From evidence to findings and a page, in the run's folder."""

from collections.abc import Iterator, Mapping, Sequence

from worktrial.acceptance import Matched, acceptance_findings, left_over, match
from worktrial.comparison.endpoints import corrected_together
from worktrial.comparison.public import AtWork, compare_public
from worktrial.decision import with_decision
from worktrial.evidence import Evidence, FinishedLog, RunFolder, Source
from worktrial.evidence.findings import Claim, Estimate, Findings, RunFacts
from worktrial.evidence.folder import write_whole
from worktrial.evidence.totals import count_runs
from worktrial.protocol import Manifest
from worktrial.protocol.registration import Endpoint, Registration, registered
from worktrial.readiness.findings import axis_scores, weighed_findings
from worktrial.reasoning.measured import TRIAL as REASONING
from worktrial.reference import on_trial
from worktrial.report.brought import Brought
from worktrial.report.evaluator import Kept
from worktrial.report.items import Observed, item_links
from worktrial.report.leaderboard import Leaderboard, matched
from worktrial.report.page import render
from worktrial.report.public import MEASURES, PublicPage, public_page
from worktrial.report.telling import (
    ablation_told,
    audit_told,
    conversations_told,
    generations_told,
    items_told,
    relays_told,
)
from worktrial.report.viewer import Viewer
from worktrial.running.extraction import logs_of, stopped_of, trials_of
from worktrial.running.looks import diary_of, looks_findings
from worktrial.trial import AnyTrial, Found

_OFFICE = "office"


def publish(
    folder: RunFolder, brought: Brought | None = None, *, viewer: Viewer | None = None
) -> Findings:
    """Write `findings.json` and `report.html` from a run's evidence.

    Args:
        folder: The run's folder.
        brought: What a user brought: a leaderboard, weights, prices, labels.
        viewer: Inspect's viewer beside the page, if samples are to lead there.

    Raises:
        EvidenceError: If the evidence, the protocol or a log cannot be read.
        ConfigError: If labels were brought, and none is of the run's jobs.
    """
    brought = brought or Brought()
    evidence = Evidence(folder.evidence)
    manifest = Manifest.read(folder.protocol)
    logs = logs_of(folder, manifest)
    registration = Registration.read(folder.path)
    facts = _facts(manifest, [log for each in logs.values() for log in each], registration)
    endpoints = registration.endpoints if registration and facts.registered else ()
    looked = looks_findings(folder)
    found = _found(manifest, evidence, endpoints, looked_at=any(looked))
    findings = with_decision(
        _joined(facts, found).with_first(*looked),
        trials_of(manifest),
        evidence,
        manifest.measurement,
        brought.prices,
    )
    labelled, claims = _accepted(manifest, evidence, brought)
    added = [*_weighed(manifest, evidence, brought), *_public(manifest, evidence, brought)]
    findings = findings.model_copy(
        update={
            "estimates": (*findings.estimates, *added, *labelled),
            "claims": (*findings.claims, *claims),
        }
    )
    write_whole(folder.findings, findings.text())
    observed = _observed(manifest, evidence)
    page = render(
        findings,
        manifest,
        relays_told(manifest, logs.get("relay", []), evidence, findings.failures),
        conversations_told(logs.get("search", []), evidence, findings.failures),
        items=items_told(logs.get(_OFFICE, []), evidence, findings.failures),
        public=_beside_public(findings, brought, observed),
        audited=audit_told(manifest, logs, evidence),
        written=generations_told(logs.get(REASONING, []), evidence, findings.failures),
        ablated=ablation_told(manifest, logs, evidence),
        observed=observed,
        viewer=viewer,
        kept=Kept(count_runs(evidence), registration, diary_of(folder)),
    )
    write_whole(folder.report, page)
    return findings


def _beside_public(
    findings: Findings, brought: Brought, observed: Mapping[str, Observed]
) -> PublicPage | None:
    """What is shown of a leaderboard, if there is one."""
    if brought.leaderboard is None:
        return None
    return public_page(findings, brought.leaderboard, item_links(observed))


def _observed(manifest: Manifest, evidence: Evidence) -> dict[str, Observed]:
    """By trial, what every item of everyone scored, and where each lies at work."""
    found = {}
    for trial in trials_of(manifest):
        mine, measured = evidence.of(trial.name), manifest.measurement[trial.name]
        panel = trial.panel(mine, measured, mine.workers())
        if panel is not None:
            arm = panel.work if panel.work in measured.arms else measured.primary
            found[trial.name] = Observed(panel, _sources(mine.under(arm)))
    return found


def _sources(evidence: Evidence) -> dict[tuple[str, str], Source]:
    """Where each worker's items lie, of several replicates the first."""
    rows = evidence.query(
        "select worker, item, arg_min(log, replicate), arg_min(sample, replicate), min(replicate) "
        "from evidence group by worker, item"
    )
    return {(worker, item): Source(*at) for worker, item, *at in rows}


def _weighed(manifest: Manifest, evidence: Evidence, brought: Brought) -> list[Estimate]:
    """Who is best by a user's weights, if there are any."""
    if not brought.weights:
        return []
    return weighed_findings(evidence.of(_OFFICE), manifest.measurement[_OFFICE], brought.weights)


def _accepted(
    manifest: Manifest, evidence: Evidence, brought: Brought
) -> tuple[list[Estimate], list[Claim]]:
    """How well scores predict acceptance, trial by trial, if there are labels."""
    if not brought.accepted:
        return [], []
    found = [
        matched
        for trial in trials_of(manifest)
        if (matched := _matched(trial, manifest, evidence, brought)) is not None
    ]
    estimates: list[Estimate] = left_over(brought.accepted, found)
    claims: list[Claim] = []
    for matched in found:
        if matched.labels:
            more, said = acceptance_findings(matched)
            estimates.extend(more)
            claims.extend(said)
    return estimates, claims


def _matched(
    trial: AnyTrial, manifest: Manifest, evidence: Evidence, brought: Brought
) -> Matched | None:
    measured = manifest.measurement[trial.name]
    return match(trial, evidence.of(trial.name), measured, brought.accepted)


def _public(manifest: Manifest, evidence: Evidence, brought: Brought) -> list[Estimate]:
    """Ranks in public and at work, trial by trial, if there is a leaderboard."""
    if brought.leaderboard is None:
        return []
    ranked = {measure.trial for measure in MEASURES}
    return [
        estimate
        for trial in trials_of(manifest)
        if trial.name in ranked
        for estimate in _beside(trial, manifest, evidence.of(trial.name), brought.leaderboard)
    ]


def _beside(
    trial: AnyTrial, manifest: Manifest, evidence: Evidence, leaderboard: Leaderboard
) -> Iterator[Estimate]:
    """One trial's workers beside each benchmark."""
    workers = on_trial(evidence.workers())
    works = list(_works(trial, manifest, evidence, workers)) if workers else []
    for benchmark, scores in leaderboard.benchmarks.items():
        models = matched(workers, list(scores))
        public = {worker: scores[model] for worker, model in models.items()}
        yield from compare_public(benchmark, public, works)


def _works(
    trial: AnyTrial, manifest: Manifest, evidence: Evidence, workers: Sequence[str]
) -> Iterator[AtWork]:
    """The work arm of a trial's panel, where it was run, and the axes of an office."""
    measured = manifest.measurement[trial.name]
    panel = trial.panel(evidence, measured, workers)
    if panel is not None:
        yield AtWork.under(panel)
    if trial.name == _OFFICE:
        for axis, scores in axis_scores(evidence, measured, workers).items():
            yield AtWork(_OFFICE, tuple(workers), scores, axis=axis)


def _found(
    manifest: Manifest, evidence: Evidence, endpoints: Sequence[Endpoint], *, looked_at: bool
) -> list[Found]:
    return [
        trial.findings(
            evidence.of(trial.name),
            manifest.measurement[trial.name],
            instrument=manifest.incidental.get("instrument", {}).get(trial.name, {}),
            endpoints=[e for e in endpoints if e.trial == trial.name],
            looked_at=looked_at,
        )
        for trial in trials_of(manifest)
    ]


def _joined(facts: RunFacts, found: Sequence[Found]) -> Findings:
    """Everything that was found, what the instruments' checks say first."""
    estimates, claims = corrected_together(
        [e for each in found for e in each.estimates],
        [claim for each in found for claim in each.claims],
    )
    return Findings(
        run=facts,
        estimates=tuple(estimates),
        claims=tuple(sorted(claims, key=lambda claim: claim.evidence_class != "instrument")),
        outcomes=tuple(o for each in found for o in each.outcomes),
        cost=tuple(c for each in found for c in each.cost),
    )


def _facts(
    manifest: Manifest, logs: list[FinishedLog], registration: Registration | None
) -> RunFacts:
    started = min((log.started for log in logs if log.started), default=None)
    return RunFacts(
        seed=next(iter(manifest.measurement.values())).seed,
        course=manifest.incidental["course"],
        protocol_sha256=manifest.sha256,
        versions=manifest.incidental["versions"],
        registered=registered(registration, started),
        started=started,
        finished=max((log.completed for log in logs if log.completed), default=None),
        stopped=stopped_of(manifest),
    )
