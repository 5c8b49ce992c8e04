"""A folder of runs over time: order, what is left out and why, and what is written."""

import json
from pathlib import Path

import pytest

from gate.drifting import GPT, run
from worktrial.cli.main import main
from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence.findings import Findings
from worktrial.protocol import Manifest, Worker
from worktrial.report.trend import render_trend, trend_text
from worktrial.running.trend import trend

BEFORE, NOW, WORSE = [0.5] * 40, [0.51, 0.49] * 20, [0.41, 0.39] * 20


def dated(path: Path, scores: list[float], day: int, *, snapshot: str | None = None) -> Path:
    run(path, scores, snapshot=snapshot)
    file = path / "findings.json"
    found = Findings.read(file)
    facts = found.run.model_copy(update={"started": f"2026-03-{day:02}T04:00:00+00:00"})
    file.write_text(found.model_copy(update={"run": facts}).text())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Names are not in order of time; one run measured something else, and one is no run."""
    dated(tmp_path / "zero", BEFORE, 1, snapshot="gpt-9-a")
    dated(tmp_path / "b", WORSE, 15, snapshot="gpt-9-b")
    dated(tmp_path / "c", NOW, 8, snapshot="gpt-9-a")
    other = dated(tmp_path / "other", BEFORE, 9)
    manifest = Manifest.read(other / "protocol.json")
    relay = manifest.measurement["relay"].model_copy(update={"seed": 8})
    changed = manifest.model_copy(update={"measurement": {"relay": relay}, "worker": {
        GPT: Worker()}})  # fmt: skip
    (other / "protocol.json").write_text(changed.text())
    text = (other / "findings.json").read_text()
    (other / "findings.json").write_text(text.replace(manifest.sha256, changed.sha256))
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_runs_are_in_order_of_time_and_held_against_the_first(folder: Path) -> None:
    found = trend(folder)
    assert [r.name for r in found.runs] == ["zero", "c", "b"]
    assert [r.snapshots[GPT] for r in found.runs] == ["gpt-9-a", "gpt-9-a", "gpt-9-b"]
    (line,) = found.lines
    assert (line.trial, line.metric, line.margin) == ("relay", "fidelity", 0.03)
    verdicts = [p.change.verdict if p.change else None for p in line.points]
    assert verdicts == [None, "level", "apart"]
    last = line.points[-1].change
    assert last is not None
    assert last.difference.value == pytest.approx(-0.1)


def test_what_measured_something_else_is_named_with_its_hash(folder: Path) -> None:
    (other,) = trend(folder).left_out
    assert other.name == "other"
    assert other.protocol_sha256 == Manifest.read(folder / "other" / "protocol.json").sha256
    assert other.why.endswith("relay seed: 8 against 7")
    assert other.protocol_sha256[:12] in other.why


def test_a_run_that_cannot_be_read_is_named_and_the_others_go_on(folder: Path) -> None:
    (folder / "c" / "findings.json").unlink()
    (folder / "b" / "protocol.json").write_text("{}")
    left_out = {each.name: each.why for each in trend(folder).left_out}
    assert set(left_out) == {"other", "b", "c"}
    assert "findings" in left_out["c"]
    assert "not a protocol" in left_out["b"]


def test_a_run_whose_instrument_is_broken_is_left_out(folder: Path) -> None:
    file = folder / "c" / "findings.json"
    found = Findings.read(file)
    broken = [
        c.model_copy(update={"verdict": "missed"}) if c.evidence_class == "instrument" else c
        for c in found.claims
    ]
    file.write_text(found.model_copy(update={"claims": tuple(broken)}).text())
    left_out = {each.name: each.why for each in trend(folder).left_out}
    assert "instrument" in left_out["c"]


def test_a_later_baseline_leaves_earlier_runs_out(folder: Path) -> None:
    found = trend(folder, baseline=folder / "c")
    assert [r.name for r in found.runs] == ["c", "b"]
    assert {e.name: e.why for e in found.left_out}["zero"] == "it is earlier than the baseline"
    with pytest.raises(ConfigError, match="`--baseline` must be one of the runs"):
        trend(folder, baseline=folder / "nowhere")


def test_a_folder_without_runs_and_a_run_itself_are_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="is one run"):
        trend(folder / "zero")
    with pytest.raises(EvidenceError, match="holds no run"):
        trend(folder / "notes")
    with pytest.raises(ConfigError, match="cannot be read"):
        trend(folder / "nowhere")
    with pytest.raises(ConfigError, match=r"write 0\.03"):
        trend(folder, margin=3)


def test_the_terminal_and_the_page_say_the_same(folder: Path) -> None:
    found = trend(folder)
    text, page = trend_text(found), render_trend(found)
    assert "−10 [−10, −9.7]" in text or "−10 [−10, −10]" in text
    (drifted,) = [row for row in text.splitlines() if row.startswith("  b ")]
    assert "drift" in drifted
    assert "2026-03-15 04:00" in drifted
    assert "not comparable: other" in text
    assert all(len(row) <= 110 for row in text.splitlines())
    assert "<svg" in page
    assert "gpt-9-b" in page
    assert render_trend(trend(folder)) == page


def test_a_hostile_name_of_a_run_is_escaped(folder: Path) -> None:
    (folder / "c").rename(folder / "<script>x")
    page = render_trend(trend(folder))
    assert "<script>" not in page
    assert "&lt;script&gt;x" in page


def test_the_command_writes_the_page_and_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["trend", str(folder), "--json"])
    assert not left.value.code
    record = json.loads(capsys.readouterr().out)
    assert record["schema"] == "worktrial/trend@1"
    assert [r["run"] for r in record["runs"]] == ["zero", "c", "b"]
    assert record["lines"][0]["points"][2]["change"]["verdict"] == "apart"
    assert (folder / "trend.html").is_file()
