"""The evidence table and the findings' file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from worktrial.errors import EvidenceError
from worktrial.evidence import Evidence, Observation, write_evidence
from worktrial.evidence.findings import Estimate, Findings, RunFacts, finite


def observation(item: str, step: int, value: float | None, worker: str = "w") -> Observation:
    return Observation(
        "relay", worker, item, item, "json", "rewrite", 1, step, "sort", "sort", "ok", "fidelity",
        value, "logs/x.eval", item,
    )  # fmt: skip


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    rows = [observation("a", 2, 1.0), observation("a", 4, 0.5), observation("b", 2, None)]
    assert write_evidence(tmp_path / "it's evidence.parquet", iter(rows)) == 3
    return Evidence(tmp_path / "it's evidence.parquet")


def test_curves_have_a_row_an_item_and_nan_for_what_is_missing(evidence: Evidence) -> None:
    curves = evidence.curves("w", "fidelity")
    assert (curves.items, curves.steps, curves.strata) == (["a", "b"], [2, 4], ["json", "json"])
    assert np.array_equal(curves.values, [[1, 0.5], [np.nan, np.nan]], equal_nan=True)


def test_what_was_never_measured_gives_an_empty_curve(evidence: Evidence) -> None:
    assert evidence.curves("nobody", "fidelity").values.shape == (0, 0)


def test_the_whole_table_can_be_had_as_a_frame(evidence: Evidence) -> None:
    assert evidence.frame().column_names == list(Observation._fields)
    assert evidence.workers() == ["w"]


def test_an_interrupted_write_leaves_the_table_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "evidence.parquet"
    write_evidence(path, iter([observation("a", 2, 1.0)]))

    def broken() -> Iterator[Observation]:
        yield observation("b", 2, 1.0)
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        write_evidence(path, broken())
    assert Evidence(path).curves("w", "fidelity").items == ["a"]


def test_a_file_that_is_no_table_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "evidence.parquet").write_text("not a table")
    with pytest.raises(EvidenceError, match="not a table of evidence"):
        Evidence(tmp_path / "evidence.parquet")
    with pytest.raises(EvidenceError, match="no evidence"):
        Evidence(tmp_path / "nothing.parquet")


def test_findings_are_written_and_read_back_without_absent_fields(tmp_path: Path) -> None:
    estimate = Estimate(id="e", trial="relay", metric="fidelity", worker="w", value=None, why="few")
    facts = RunFacts(seed=1, course="pocket", protocol_sha256="x", versions={"worktrial": "0"})
    found = Findings(run=facts, estimates=(estimate,), claims=(), outcomes=(), cost=())
    path = tmp_path / "findings.json"
    path.write_text(found.text())
    assert Findings.read(path) == found
    assert '"value": null' in found.text()
    assert "minus_worker" not in found.text()
    path.write_text("{}")
    with pytest.raises(EvidenceError):
        Findings.read(path)


def test_numbers_for_json_are_rounded_and_nan_is_absent() -> None:
    assert finite(float("nan")) is None
    assert finite(1 / 3) == 0.333333333
