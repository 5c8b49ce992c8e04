"""From the command line to the report, with reference workers and the real local model."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from e2e import full_disk, slow
from worktrial.cli.main import main
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Findings

pytestmark = pytest.mark.xdist_group("run")
"""One process makes the runs that these tests share."""

FIVE = ("oracle", "noop", "refusing", "empty", "lossy-0.02")


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def run_five(out: Path) -> Findings:
    models = [part for name in FIVE for part in ("--model", f"reference/{name}")]
    assert (
        command("run", *models, "--trial", "relay", "--course", "pocket", "--seed", 7, "--out", out)
        == 0
    )
    return Findings.read(out / "findings.json")


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("five") / "r"
    run_five(out)
    return out


def test_the_oracle_scores_full_marks_at_every_leg_domain_and_edit(five: Path) -> None:
    rows = Evidence(five / "evidence.parquet").query(
        "select metric, min(value), max(value), count(distinct stratum), count(distinct kind) "
        "from evidence where worker = 'reference/oracle' "
        "and metric in ('fidelity', 'lossless', 'forward') group by metric order by metric"
    )
    assert [row[:4] for row in rows] == [(m, 1, 1, 8) for m in ("fidelity", "forward", "lossless")]
    assert all(kinds >= 5 for *_, kinds in rows)


def test_a_worker_that_does_nothing_earns_nothing(five: Path) -> None:
    evidence = Evidence(five / "evidence.parquet")
    rows = evidence.query(
        "select distinct outcome, value from evidence "
        "where worker = 'reference/noop' and metric = 'forward'"
    )
    assert rows == [("noop", 0.0)]
    rows = evidence.query(
        "select max(value) from evidence "
        "where worker = 'reference/noop' and metric = 'work_adjusted'"
    )
    assert rows == [(0.0,)]


@pytest.mark.parametrize(("worker", "outcome"), [("refusing", "refusal"), ("empty", "protocol")])
def test_refusals_and_empty_answers_score_nothing(five: Path, worker: str, outcome: str) -> None:
    evidence = Evidence(five / "evidence.parquet")
    curves = evidence.curves(f"reference/{worker}", "fidelity")
    assert curves.values.shape == (8, 5)
    assert not curves.values.any()
    found = Findings.read(five / "findings.json")
    counts = {(o.outcome, o.count) for o in found.outcomes if o.worker == f"reference/{worker}"}
    assert counts == {(outcome, 8)}


def test_the_same_command_gives_the_same_findings_but_for_times_and_paths(
    five: Path, tmp_path: Path
) -> None:
    run_five(tmp_path / "again")
    one, other = (
        without_times((p / "findings.json").read_text()) for p in (five, tmp_path / "again")
    )
    assert one == other


def without_times(text: str) -> str:
    return re.sub(r'"(started|finished|seconds)": [^\n]*', r'"\1"', text)


def test_the_instrument_checks_itself(five: Path) -> None:
    claim = next(
        c for c in Findings.read(five / "findings.json").claims if c.id == "relay/instrument"
    )
    assert claim.verdict == "met"


def test_every_number_of_a_curve_is_the_mean_of_its_observations(five: Path) -> None:
    found = Findings.read(five / "findings.json")
    evidence = Evidence(five / "evidence.parquet")
    for estimate in found.estimates:
        if estimate.metric == "fidelity" and estimate.gap is None and not estimate.minus_worker:
            ((mean,),) = evidence.query(
                "select avg(value) from evidence "
                "where worker = ? and metric = 'fidelity' and step = ?",
                [estimate.worker, estimate.step],
            )
            assert estimate.value == pytest.approx(mean, abs=1e-8)


def test_report_rebuilds_everything_from_the_logs(
    five: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (five / "findings.json").read_bytes()
    for name in ("evidence.parquet", "findings.json", "report.html"):
        (five / name).unlink()
    assert command("report", five) == 0
    assert (five / "findings.json").read_bytes() == before
    assert (five / "report.html").is_file()
    assert "report.html" in capsys.readouterr().out
    assert command("report", five, "--json") == 0
    assert json.loads(capsys.readouterr().out) == json.loads(before)


def test_more_workers_can_join_a_run_but_no_other_measurement(
    five: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = sorted((five / "logs").iterdir())
    assert command("run", "--model", "reference/oracle", "--out", five) == 0
    assert sorted((five / "logs").iterdir()) == logs, "what is finished is not run again"
    capsys.readouterr()
    assert command("run", "--model", "reference/oracle", "--seed", 8, "--out", five) == 2
    assert "items" in one_line(capsys)
    assert command("run", "--model", "reference/oracle", "--temperature", 1, "--out", five) == 2
    assert "other settings" in one_line(capsys)


# --- what goes wrong ---------------------------------------------------------------------------


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    error = capsys.readouterr().err.strip().splitlines()
    assert len(error) == 1, error
    return error[0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--domain", "spreadshet"], "spreadshet"),
        (["--model", "reference/losy-0.1"], "losy-0.1"),
        (["--model", "no-such-provider/x"], "no-such-provider"),
        (["--model", "embedded//nowhere/x.gguf"], "/nowhere/x.gguf"),
        (["--model", "embedded//etc/hostname"], "/etc/hostname"),
        (["--trial", "sprint"], "sprint"),
        (["--documents", "/nowhere"], "/nowhere"),
        (["--round-trips", "0"], "round_trips"),
        (["--size", "1"], "size"),
        (["--course", "huge"], "huge"),
        (["--frobnicate"], "frobnicate"),
        (["-M", "threads"], "NAME=VALUE"),
    ],
)
def test_bad_input_is_one_clear_line_before_any_call(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("run", "--model", "reference/oracle", "--out", tmp_path / "r", *arguments) == 2
    assert says in one_line(capsys)
    assert not list(tmp_path.rglob("*.eval"))


def test_a_folder_that_cannot_be_written_is_said_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    assert command("run", "--model", "reference/oracle", "--out", tmp_path / "file" / "r") == 2
    assert "--out" in one_line(capsys)


def test_a_corrupt_log_is_named_and_the_rest_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ("--model", "reference/oracle", "--round-trips", 1, "--out", tmp_path / "r")
    assert command("run", *small) == 0
    (log,) = (tmp_path / "r" / "logs").iterdir()
    findings = (tmp_path / "r" / "findings.json").read_bytes()
    whole = log.read_bytes()
    capsys.readouterr()
    for broken in (whole[: len(whole) // 2], b"", b"not a log"):
        log.write_bytes(broken)
        assert command("report", tmp_path / "r") == 2
        assert log.name in one_line(capsys)
        assert log.read_bytes() == broken
        assert (tmp_path / "r" / "findings.json").read_bytes() == findings
    log.write_bytes(whole)
    assert command("report", tmp_path / "r") == 0


def test_a_folder_without_a_run_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("report", tmp_path) == 2
    assert "not a run folder" in one_line(capsys)


def test_a_full_disk_is_one_line_and_the_same_command_goes_on(tmp_path: Path) -> None:
    small = ["run", "--model", "reference/oracle", "--out", str(tmp_path / "r")]
    full = subprocess.run(
        [sys.executable, full_disk.__file__, "6000", *small],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert full.returncode == 2, full.stderr
    assert [line for line in full.stderr.splitlines() if line.startswith("worktrial: ")]
    assert "Traceback" not in full.stderr
    assert command(*small) == 0


# --- a run that is killed ----------------------------------------------------------------------


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(slow.Slow, "calls", tmp_path / "calls", raising=False)
    return tmp_path / "calls"


def test_a_killed_run_goes_on_and_pays_at_most_for_what_was_in_flight(
    tmp_path: Path, calls: Path
) -> None:
    out = tmp_path / "r"
    arguments = ["run", "--model", "slow/lossy-0.02", "--round-trips", "3", "--out", str(out)]
    started = subprocess.Popen(
        [sys.executable, slow.__file__, str(calls), "0.2", "0", *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        wait_for(lambda: calls.exists() and len(calls.read_text().split()) >= 18)
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
    paid = calls.read_text().split()
    assert command(*arguments) == 0
    both = calls.read_text().split()
    legs = 8 * 6
    assert len(set(both)) == legs
    assert len(both) - legs <= 8, "at most the relays' generations in flight are paid again"
    assert len(both) < legs + len(paid), "finished generations were kept"
    undisturbed = tmp_path / "whole"
    assert command(*arguments[:-1], undisturbed) == 0
    assert rows(out) == rows(undisturbed)


def test_a_kill_in_the_middle_of_writing_a_log_does_not_stop_the_next_run(tmp_path: Path) -> None:
    small = ("--model", "reference/oracle", "--domain", "spreadsheet", "--items", 2,
             "--round-trips", 1, "--out", tmp_path / "r")  # fmt: skip
    assert command("run", *small) == 0
    (log,) = (tmp_path / "r" / "logs").iterdir()
    log.write_bytes(log.read_bytes()[:2000])
    (tmp_path / "r" / "generations").mkdir()  # as a run leaves it that did not come to its end
    assert command("run", *small) == 0
    assert log.with_suffix(".unreadable").exists()
    assert Findings.read(tmp_path / "r" / "findings.json").outcomes[0].count == 4


def rows(run: Path) -> list[tuple[Any, ...]]:
    return Evidence(run / "evidence.parquet").query(
        "select item, step, metric, value, outcome from evidence "
        "where metric != 'seconds' order by all"
    )


def wait_for(ready: Any, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.05)


def test_a_provider_that_is_down_is_missing_data_and_tried_again(
    tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "r"
    arguments = ["run", "--model", "slow/oracle", "--round-trips", "1", "--out", str(out)]
    monkeypatch.setattr(slow.Slow, "failing", 1)
    assert command(*arguments) == 0
    found = Findings.read(out / "findings.json")
    assert {(o.outcome, o.count) for o in found.outcomes} == {("infrastructure", 8)}
    curve = [e for e in found.estimates if e.metric == "fidelity"]
    assert all(e.value is None and e.why for e in curve), "missing is missing, never zero"
    assert (out / "generations").exists(), "what was finished is kept for the next try"
    assert not calls.exists()
    monkeypatch.setattr(slow.Slow, "failing", 0)
    assert command(*arguments) == 0
    found = Findings.read(out / "findings.json")
    assert {(o.outcome, o.count) for o in found.outcomes} == {("ok", 16)}
    assert not (out / "generations").exists()


# --- the real model ----------------------------------------------------------------------------


def test_the_real_model_runs_to_a_report(tmp_path: Path) -> None:
    code = command(
        "run", "--model", "embedded/smollm2-135m", "-M", "slots=1", "-M", "context=420",
        "--model", "reference/oracle", "--domain", "spreadsheet", "--size", 50,
        "--items", 1, "--round-trips", 1, "--out", tmp_path / "r",
    )  # fmt: skip
    assert code == 0
    found = Findings.read(tmp_path / "r" / "findings.json")
    cost = next(c for c in found.cost if c.worker == "embedded/smollm2-135m")
    assert cost.tokens_out
    assert cost.tokens_out > 10
    outcomes = {o.outcome for o in found.outcomes if o.worker == "embedded/smollm2-135m"}
    assert outcomes <= {"ok", "noop", "protocol", "refusal", "truncated"}
    assert "embedded/smollm2-135m" in (tmp_path / "r" / "report.html").read_text()


def test_plain_inspect_runs_the_same_task(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("inspect")), "eval", "worktrial/relay",
            "--model", "reference/lossy-0.02", "--limit", "2", "-T", "round_trips=2",
            "-T", "domains=spreadsheet,recipe", "--log-dir", str(tmp_path), "--display", "plain",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "fidelity" in done.stdout
