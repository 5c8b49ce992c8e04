"""From evidence to findings and a page, in the run's folder."""

from worktrial.evidence import Evidence, RunFolder, finished
from worktrial.evidence.findings import Findings, RunFacts
from worktrial.evidence.folder import write_whole
from worktrial.evidence.logs import read_header
from worktrial.protocol import Manifest
from worktrial.relay.findings import relay_findings
from worktrial.relay.legs import LegStory, stories
from worktrial.relay.protocol import RELAY_TASK
from worktrial.report.page import render

_RELAYS_SHOWN = 12


def publish(folder: RunFolder) -> Findings:
    """Write `findings.json` and `report.html` from a run's evidence.

    Raises:
        EvidenceError: If the evidence, the protocol or a log cannot be read.
    """
    evidence = Evidence(folder.evidence)
    manifest = Manifest.read(folder.protocol)
    findings = relay_findings(evidence, manifest, facts=_facts(folder, manifest))
    write_whole(folder.findings, findings.text())
    write_whole(folder.report, render(findings, manifest, _stories(folder, evidence)))
    return findings


def _facts(folder: RunFolder, manifest: Manifest) -> RunFacts:
    stats = [read_header(log).stats for log in finished(folder.logs, RELAY_TASK).values()]
    return RunFacts(
        seed=manifest.measurement["seed"],
        course=manifest.incidental["course"],
        protocol_sha256=manifest.sha256,
        versions=manifest.incidental["versions"],
        started=min((s.started_at for s in stats if s.started_at), default=None),
        finished=max((s.completed_at for s in stats if s.completed_at), default=None),
    )


def _stories(folder: RunFolder, evidence: Evidence) -> dict[str, dict[str, list[LegStory]]]:
    """The worst relays of each worker, leg by leg."""
    shown = {}
    for worker, log in sorted(finished(folder.logs, RELAY_TASK).items()):
        rows = evidence.query(
            "select sample from evidence where worker = ? and metric = 'fidelity' "
            "group by sample order by arg_min(value, -step), sample limit ?",
            [worker, _RELAYS_SHOWN],
        )
        shown[worker] = stories(log, {sample for (sample,) in rows})
    return shown
