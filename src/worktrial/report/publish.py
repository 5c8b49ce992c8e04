"""From evidence to findings and a page, in the run's folder."""

from worktrial.evidence import Evidence, FinishedLog, RunFolder, finished
from worktrial.evidence.findings import Findings, RunFacts
from worktrial.evidence.folder import write_whole
from worktrial.protocol import Manifest
from worktrial.protocol.registration import Registration, registered
from worktrial.relay.findings import relay_findings
from worktrial.relay.legs import LegStory, stories
from worktrial.relay.protocol import RELAY_TASK
from worktrial.report.page import render
from worktrial.running.looks import looks_findings

_RELAYS_SHOWN = 12


def publish(folder: RunFolder) -> Findings:
    """Write `findings.json` and `report.html` from a run's evidence.

    Raises:
        EvidenceError: If the evidence, the protocol or a log cannot be read.
    """
    evidence = Evidence(folder.evidence)
    manifest = Manifest.read(folder.protocol)
    logs = finished(folder.logs, RELAY_TASK)
    registration = Registration.read(folder.path)
    facts = _facts(manifest, logs, registration)
    endpoints = registration.endpoints if registration and facts.registered else ()
    looked = looks_findings(folder)
    findings = relay_findings(
        evidence, manifest, facts=facts, endpoints=endpoints, looked_at=any(looked)
    ).with_first(*looked)
    write_whole(folder.findings, findings.text())
    write_whole(folder.report, render(findings, manifest, _stories(manifest, logs, evidence)))
    return findings


def _facts(
    manifest: Manifest, logs: list[FinishedLog], registration: Registration | None
) -> RunFacts:
    started = min((log.started for log in logs if log.started), default=None)
    return RunFacts(
        seed=manifest.measurement["relay"].seed,
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
    primary = manifest.measurement["relay"].primary
    worst = evidence.under(primary)
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
