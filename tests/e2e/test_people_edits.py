"""Edits in people's words, from the command line to the report: published rows, and one's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from relay import rows
from worktrial.cli.main import main
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Findings
from worktrial.protocol import Manifest

EDITS = """\
- name: tidy
  forward: Make it tidier.
  backward: Put everything back as it was.
"""


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def relay(out: Path, *arguments: object, models: tuple[str, ...] = ("oracle", "noop")) -> int:
    named = [part for name in models for part in ("--model", f"reference/{name}")]
    return command("run", *named, "--round-trips", 2, "--out", out, *arguments)


def settings(out: Path) -> dict[str, Any]:
    return dict(Manifest.read(out / "protocol.json").measurement["relay"].settings)


def test_published_rows_are_run_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rows.write(tmp_path / "delegate52.jsonl", [*rows.good(), *rows.bad()])
    out = tmp_path / "r"
    assert relay(out, "--documents", path) == 0
    said = capsys.readouterr()
    assert "line 6, helper: its context names 'helper.py'" in said.err
    kept = (out / "remarks.txt").read_text().splitlines()
    assert len(kept) == len(rows.WHY)
    assert "8 of 8 errands have no oracle" in " ".join(said.out.split())

    # Who does nothing keeps all: that is said, and is no score of the work.
    evidence = Evidence(out / "evidence.parquet")
    assert evidence.query(
        "select metric, min(value), max(value), count(*) from evidence where worker = "
        "'reference/noop' and metric in ('fidelity', 'forward', 'work_adjusted') "
        "group by metric order by metric"
    ) == [("fidelity", 1, 1, 8), ("forward", None, None, 8), ("work_adjusted", None, None, 8)]
    outcomes = "select distinct step % 2, outcome from evidence where metric = 'fidelity' or "
    assert sorted(evidence.query(outcomes + "metric = 'forward'")) == [(0, "ok"), (1, "noop")]
    found = {e.id: e for e in Findings.read(out / "findings.json").estimates}
    missing = found["relay/work_adjusted/reference/noop/legs-4"]
    assert missing.value is None
    assert missing.why is not None
    assert "8 of 8 such legs changed nothing" in missing.why
    assert found["relay/unscored/reference/noop"].value == 1

    page = (out / "report.html").read_text()
    assert "the files as they were received; no program knows" in page
    assert "what a program makes of the same files" not in page
    assert "rows of DELEGATE-52" in page

    again = ("--protocol", out / "protocol.json", "--documents", path)
    assert relay(tmp_path / "again", *again, models=("oracle",)) == 0
    assert settings(tmp_path / "again") == settings(out)


def test_who_damages_is_refused_before_any_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rows.write(tmp_path / "delegate52.jsonl", rows.good())
    assert relay(tmp_path / "r", "--documents", path, models=("lossy-0.1",)) == 2
    assert "can't be asked in free words" in capsys.readouterr().err
    assert not (tmp_path / "r" / "logs").exists()


def test_own_edits_join_a_relay_over_own_documents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, edits, out = tmp_path / "mine", tmp_path / "edits.yaml", tmp_path / "r"
    mine.mkdir()
    (mine / "stock.csv").write_text(rows.STOCK)
    (mine / "posts.json").write_text(rows.POSTS)
    edits.write_text(EDITS)
    asked = ("--documents", mine, "--edits", edits, "--round-trips", 12)
    assert relay(out, *asked) == 0
    evidence = Evidence(out / "evidence.parquet").query(
        "select operation = 'tidy', max(value) from evidence where worker = 'reference/oracle' "
        "and metric = 'forward' group by all order by all"
    )
    assert evidence == [(False, 1), (True, None)]
    assert len(settings(out)["edits"]) == 64

    edits.write_text(EDITS.replace("tidier", "tidier still"))
    assert relay(out, *asked) == 2
    assert "settings.edits" in capsys.readouterr().err
    repeated = ("--documents", mine, "--protocol", out / "protocol.json")
    assert relay(tmp_path / "again", *repeated) == 2
    assert "name them by --edits" in capsys.readouterr().err
    assert relay(tmp_path / "none", "--edits", edits) == 2
    assert "name their folder by `--documents`" in capsys.readouterr().err
    edits.write_text(json.dumps([{"name": "a", "forward": "x"}]))
    assert relay(tmp_path / "none", *asked) == 2
    assert "line 1: `edits.0.backward` Field required" in capsys.readouterr().err
