"""Registering from the command line: before the first call, once, and never replaced."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from worktrial.cli.main import main
from worktrial.evidence.findings import Findings
from worktrial.protocol.registration import Registration, registered

PLAN = """
question: Does the relay cost more than three points?
endpoints:
  - {id: loss, kind: gap, gap: horizon, metric: fidelity, margin: 0.03,
     workers: [reference/oracle]}
looks: [2]
"""
RUN = ("--model", "reference/oracle", "--items", "2", "--round-trips", "1")


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN)
    return path


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.strip().splitlines()
    return line


def test_a_registered_run_goes_on_in_its_folder(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "r"
    assert command("register", plan, "--out", out) == 0
    printed = capsys.readouterr().out
    found = Registration.read(out)
    assert found is not None
    assert found.sha256 in printed
    assert "loss: horizon gap of relay fidelity, reference/oracle, margin 0.03" in printed
    assert "after 2 items" in printed
    assert (datetime.now(UTC) - found.registered).total_seconds() < 60
    assert command("run", *RUN, "--out", out) == 0
    started = Findings.read(out / "findings.json").run.started
    assert registered(found, started)


def test_the_same_again_changes_nothing_even_after_the_run(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "r"
    assert command("register", plan, "--out", out) == 0
    before = (out / "registration.json").read_bytes()
    assert command("run", *RUN, "--out", out) == 0
    plan.write_text("# said otherwise\n" + PLAN)
    assert command("register", plan, "--out", out) == 0
    assert (out / "registration.json").read_bytes() == before


def test_another_is_refused_and_the_first_stays(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r"
    assert command("register", plan, "--out", out) == 0
    before = (out / "registration.json").read_bytes()
    plan.write_text(PLAN.replace("0.03", "0.30"))
    capsys.readouterr()
    assert command("register", plan, "--out", out) == 2
    assert "never replaced" in refused(capsys)
    assert (out / "registration.json").read_bytes() == before


@pytest.mark.parametrize("place", ["logs/x.eval", "generations/x"])
def test_a_run_that_has_begun_is_refused(
    place: str, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r" / place
    path.parent.mkdir(parents=True)
    path.write_text("")
    assert command("register", plan, "--out", tmp_path / "r") == 2
    assert "has begun" in refused(capsys)
    assert not (tmp_path / "r" / "registration.json").exists()


def test_a_wrong_file_leaves_no_folder(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text("question: ''")
    assert command("register", plan, "--out", tmp_path / "r") == 2
    assert "`FILE`" in refused(capsys)
    assert not (tmp_path / "r").exists()


def test_a_registration_edited_by_hand_stops_everything(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r"
    assert command("register", plan, "--out", out) == 0
    path = out / "registration.json"
    path.write_text(path.read_text().replace("0.03", "0.3"))
    capsys.readouterr()
    assert command("register", plan, "--out", out) == 2
    assert "was changed" in refused(capsys)
