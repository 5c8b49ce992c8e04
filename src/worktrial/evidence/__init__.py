"""Evidence: one tidy table of observations, out of Inspect's logs, in a run folder."""

from worktrial.evidence.folder import RunFolder
from worktrial.evidence.logs import FinishedLog, SampleLog, Source, finished, read_samples, snapshot
from worktrial.evidence.observation import Observation
from worktrial.evidence.table import Evidence, write_evidence

__all__ = [
    "Evidence",
    "FinishedLog",
    "Observation",
    "RunFolder",
    "SampleLog",
    "Source",
    "finished",
    "read_samples",
    "snapshot",
    "write_evidence",
]
