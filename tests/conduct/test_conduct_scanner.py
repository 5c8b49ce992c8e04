"""Metrics of conduct as an Inspect Scout scanner, over a real log."""

import json
from pathlib import Path

import pytest

scout = pytest.importorskip(
    "inspect_scout",
    reason="extra `scout` is apart: Scout needs duckdb below 2",
    exc_type=ImportError,
)

from conduct.scripted import make_log  # noqa: E402
from worktrial.conduct.events import Trajectory  # noqa: E402
from worktrial.conduct.mapping import ToolMap  # noqa: E402
from worktrial.conduct.metrics import METRICS  # noqa: E402
from worktrial.conduct.reading import read_trajectories  # noqa: E402
from worktrial.conduct.scout import conduct, sample_of  # noqa: E402
from worktrial.conduct.tally import measured_of  # noqa: E402

MEMORY = {name for name, metric in METRICS.items() if metric.family == "memory"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_log(tmp_path_factory.mktemp("scanned"), samples=3)


def test_scan_of_a_log_gives_what_the_command_finds(log: Path, tmp_path: Path) -> None:
    status = scout.scan(
        scanners=[("all", conduct()), ("memory", conduct(family="memory"))],
        transcripts=scout.transcripts_from(str(log)),
        scans=str(tmp_path / "scans"),
        max_processes=1,
        display="none",
    )
    assert status.complete, status.errors
    found = scout.scan_results_df(status.location).scanners
    trajectories = {
        t.sample: t
        for t in read_trajectories([str(log)], ToolMap.default())
        if isinstance(t, Trajectory)
    }
    rows = found["all"].to_dict("records")
    assert len(rows) == len(trajectories) == 3
    for row in rows:
        known = measured_of(trajectories[str(row["transcript_task_id"])])
        values = {name: m.value for name, m in known.items() if m.value is not None}
        assert json.loads(row["value"]) == pytest.approx(values)
        assert "catch_rate: no fault was seeded" in row["explanation"]
    for row in found["memory"].to_dict("records"):
        assert set(json.loads(row["value"] or "{}")) <= MEMORY
        assert "stale_entries" in row["explanation"]


def test_transcript_without_events_is_read_from_its_messages(log: Path) -> None:
    from inspect_ai.model import ChatMessageAssistant, ChatMessageUser

    transcript = scout.Transcript(
        transcript_id="t1",
        model="lab/model",
        success=False,
        messages=[ChatMessageUser(content="do it"), ChatMessageAssistant(content="All done.")],
    )
    from worktrial.conduct.typed import trajectory_of

    sample = sample_of(transcript)
    trajectory = trajectory_of(sample, log="", task="", worker="", tools=ToolMap.default())
    assert measured_of(trajectory)["false_completion"].value == 1
