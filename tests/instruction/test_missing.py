"""A worker of whom nothing came back: every number is missing, each with a reason."""

from pathlib import Path

from worktrial.evidence import Evidence, Observation
from worktrial.evidence.table import write_evidence
from worktrial.instruction.arms import EMPTY, FORMAT_ONLY, FULL, PARAPHRASES
from worktrial.instruction.worker import WorkerEvidence

SPACE = {"kind": "choices", "uniform": 0.25, "majority": 0.25}


def test_what_is_missing_is_no_score(tmp_path: Path) -> None:
    arms = (FULL, *PARAPHRASES, FORMAT_ONLY, EMPTY)
    rows = [
        Observation(
            "ablate", "m", f"item-{n}", f"item-{n}", "none", arm, 1, 0, "", "", "infrastructure",
            "score", None, "logs/a.eval", str(n),
        )
        for n in range(4)
        for arm in arms
    ]  # fmt: skip
    write_evidence(path := tmp_path / "evidence.parquet", rows)
    worker = WorkerEvidence(Evidence(path).of("ablate"), "m", arms, SPACE)
    for estimate in worker.estimates():
        if estimate.metric != "guess":
            assert estimate.value is None, estimate.id
            assert estimate.why, estimate.id
    assert {claim.verdict for claim in worker.claims()} == {"cannot-tell"}
