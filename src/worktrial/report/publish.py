"""From evidence to findings and a page, in the run's folder."""

from collections.abc import Sequence

from worktrial.evidence import Evidence, FinishedLog, RunFolder
from worktrial.evidence.findings import Findings, RunFacts
from worktrial.evidence.folder import write_whole
from worktrial.protocol import Manifest
from worktrial.protocol.registration import Endpoint, Registration, registered
from worktrial.relay.legs import LegStory, stories
from worktrial.report.page import render
from worktrial.running.extraction import logs_of, trials_of
from worktrial.running.looks import looks_findings
from worktrial.search.arms import WORK
from worktrial.search.stories import ConversationStory
from worktrial.search.stories import stories as conversation_stories
from worktrial.trial import Found

_RELAYS_SHOWN = 12
_CONVERSATIONS_SHOWN = 8


def publish(folder: RunFolder) -> Findings:
    """Write `findings.json` and `report.html` from a run's evidence.

    Raises:
        EvidenceError: If the evidence, the protocol or a log cannot be read.
    """
    evidence = Evidence(folder.evidence)
    manifest = Manifest.read(folder.protocol)
    logs = logs_of(folder, manifest)
    registration = Registration.read(folder.path)
    facts = _facts(manifest, [log for each in logs.values() for log in each], registration)
    endpoints = registration.endpoints if registration and facts.registered else ()
    looked = looks_findings(folder)
    found = _found(manifest, evidence, endpoints, looked_at=any(looked))
    findings = _joined(facts, found).with_first(*looked)
    write_whole(folder.findings, findings.text())
    page = render(
        findings,
        manifest,
        _stories(manifest, logs.get("relay", []), evidence),
        _conversations(logs.get("search", []), evidence),
    )
    write_whole(folder.report, page)
    return findings


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
    claims = [claim for each in found for claim in each.claims]
    return Findings(
        run=facts,
        estimates=tuple(e for each in found for e in each.estimates),
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
    )


def _stories(
    manifest: Manifest, logs: list[FinishedLog], evidence: Evidence
) -> dict[str, dict[str, list[LegStory]]]:
    """The worst relays of each worker under the primary arm, leg by leg."""
    if "relay" not in manifest.measurement:
        return {}
    primary = manifest.measurement["relay"].primary
    worst = evidence.of("relay").under(primary)
    shown = {}
    for log in logs:
        if log.arm != primary:
            continue
        rows = worst.query(
            "select sample from evidence where worker = ? and metric = 'fidelity' "
            "group by sample order by arg_min(value, -step), sample limit ?",
            [log.worker, _RELAYS_SHOWN],
        )
        shown[log.worker] = stories(log.path, {sample for (sample,) in rows})
    return shown


def _conversations(
    logs: list[FinishedLog], evidence: Evidence
) -> dict[str, list[ConversationStory]]:
    """The worst conversations of each worker where things had to be asked for."""
    shown = {}
    worst = evidence.of("search").under(WORK.name)
    for log in logs:
        if log.arm != WORK.name:
            continue
        rows = worst.query(
            "select sample from evidence where worker = ? and metric = 'f1' and step = 0 "
            "order by value, sample limit ?",
            [log.worker, _CONVERSATIONS_SHOWN],
        )
        order = [sample for (sample,) in rows]
        found = {story.name: story for story in conversation_stories(log.path, set(order))}
        shown[log.worker] = [found[sample] for sample in dict.fromkeys(order) if sample in found]
    return shown
