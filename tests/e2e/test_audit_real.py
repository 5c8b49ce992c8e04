"""The audit of a real model, in the process that has its weights loaded already."""

import json
from pathlib import Path

import pytest

from e2e.test_audit import VARIANTS, command, write_items
from worktrial.evidence import Evidence

pytestmark = pytest.mark.xdist_group("weights-reader")


def test_a_real_model_continues_bare_texts(tmp_path: Path) -> None:
    line = json.loads(write_items(tmp_path / "sums.jsonl").read_text("utf-8").splitlines()[0])
    file, out = tmp_path / "unanswered.jsonl", tmp_path / "real"
    file.write_text(json.dumps({"id": "q0", "question": line["question"]}) + "\n", "utf-8")
    asked = ("--model", "embedded/smollm2-135m", "-M", "slots=2", "-M", "context=512")
    assert command("audit", file, *asked, "--out", out) == 0
    rows = Evidence(out / "evidence.parquet").query(
        "select kind, outcome, count(*), count(value) from evidence "
        "where metric = 'verbatim_60' group by all"
    )
    assert rows == [("raw", "ok", 1 + VARIANTS, 1 + VARIANTS)]
    seen = Evidence(out / "evidence.parquet").query(
        "select count(*) from evidence where metric = 'rouge_60' and value > 0"
    )
    assert seen[0][0] >= 1, "something that it wrote stands in the text"
