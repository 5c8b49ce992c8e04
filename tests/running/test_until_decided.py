"""Runs until decided, with reference workers, from the command line to the findings."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from inspect_ai.log import EvalSample, read_eval_log

from e2e import slow
from worktrial.cli.main import main
from worktrial.errors import EvidenceError
from worktrial.evidence import Evidence, RunFolder, finished
from worktrial.evidence.findings import Findings
from worktrial.relay.items import COURSES, relay_items
from worktrial.relay.protocol import RELAY_TASK
from worktrial.running import Request, run
from worktrial.running.looks import (
    Diary,
    Meeting,
    balanced,
    looks_file,
    looks_findings,
    looks_text,
)

pytestmark = pytest.mark.xdist_group("looks")
"""One process makes the runs that these tests share."""

SMALL = ("--round-trips", 1, "--domain", "spreadsheet", "--domain", "json", "--items", 48)
BETTER, WORSE = "reference/oracle", "reference/catastrophic-0.5"


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def until_decided(out: Path, *more: object, models: tuple[str, ...] = (BETTER, WORSE)) -> int:
    named = [part for model in models for part in ("--model", model)]
    return command("run", *named, *SMALL, "--compare-until-decided", "--out", out, *more)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    error = capsys.readouterr().err.strip().splitlines()
    assert len(error) == 1, error
    return error[0]


def diary(out: Path) -> Diary:
    return Diary.read(looks_file(RunFolder(out)))


def logged_samples(out: Path) -> dict[str, list[EvalSample]]:
    logs = finished(RunFolder(out).logs)[RELAY_TASK]
    return {log.worker: read_eval_log(str(log.parts[0])).samples or [] for log in logs}


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("looks") / "r"
    assert until_decided(out) == 0
    return out


# --- a run that is decided ---------------------------------------------------------------------


def test_a_great_difference_is_decided_early(apart: Path) -> None:
    found = diary(apart)
    assert found.plan.items == (12, 24, 36, 48)
    assert [look.verdict for look in found.looks[:-1]] == [None] * (len(found.looks) - 1)
    assert found.looks[-1].verdict == "apart"
    assert found.looks[-1].items < 48


def test_both_ran_the_items_of_the_looks_and_no_others(apart: Path) -> None:
    found = diary(apart)
    expected = set(found.plan.order[: found.looks[-1].items])
    samples = logged_samples(apart)
    assert set(samples) == {BETTER, WORSE}
    for of_worker in samples.values():
        assert {str(s.id) for s in of_worker} == expected
        strata = Counter((s.metadata or {})["domain"] for s in of_worker)
        assert set(strata.values()) == {found.looks[-1].items // 2}


def test_the_decision_is_a_claim_with_its_estimate(apart: Path) -> None:
    (estimate,), (claim,) = looks_findings(RunFolder(apart))
    last = diary(apart).looks[-1]
    assert (estimate.worker, estimate.minus_worker, estimate.step) == (BETTER, WORSE, 2)
    assert (estimate.value, estimate.low, estimate.high) == (last.value, last.low, last.high)
    assert estimate.low is not None
    assert estimate.low > 0
    assert (estimate.level, estimate.items) == (0.95, last.items)
    assert estimate.method is not None
    assert f"O'Brien–Fleming-type spending, look {last.look} of 4" in estimate.method
    assert (claim.verdict, claim.estimates) == ("met", (estimate.id,))
    assert f"apart at look {last.look} of 4, {last.items} of 48 items" in claim.text


def test_the_difference_is_that_of_the_evidence(apart: Path) -> None:
    ((mean,),) = Evidence(apart / "evidence.parquet").query(
        "select avg(case worker when ? then value else -value end) * 2 from evidence "
        "where metric = 'fidelity' and step = 2", [BETTER],
    )  # fmt: skip
    assert diary(apart).looks[-1].value == pytest.approx(mean, abs=1e-8)


def test_the_looks_are_printed_with_their_bounds(apart: Path) -> None:
    lines = looks_text(RunFolder(apart)).splitlines()
    assert lines[0] == f"Until decided: {BETTER} minus {WORSE}, fidelity, margin 0.03"
    looks = diary(apart).looks
    assert len(lines) == 2 + len(looks) + 1
    assert lines[2].split()[:4] == ["1", "12", "1.5e-05", "8.9e-05"]
    assert lines[-2].endswith("apart")


def test_the_report_is_made_of_the_logs_again(apart: Path) -> None:
    before = (apart / "findings.json").read_bytes(), looks_findings(RunFolder(apart))
    for name in ("evidence.parquet", "findings.json", "report.html"):
        (apart / name).unlink()
    assert command("report", apart) == 0
    assert ((apart / "findings.json").read_bytes(), looks_findings(RunFolder(apart))) == before
    assert {o.count for o in Findings.read(apart / "findings.json").outcomes} == {
        2 * diary(apart).looks[-1].items
    }


def test_the_same_command_runs_nothing_again(apart: Path) -> None:
    before = looks_file(RunFolder(apart)).read_bytes(), sorted((apart / "logs").iterdir())
    assert until_decided(apart) == 0
    assert (looks_file(RunFolder(apart)).read_bytes(), sorted((apart / "logs").iterdir())) == before


@pytest.mark.slow
def test_two_that_do_the_same_are_level_or_cannot_be_told_apart(tmp_path: Path) -> None:
    twins = ("reference/lossy-0.02", "reference/lossy-0.020")
    assert until_decided(tmp_path / "wide", "--margin", 0.2, models=twins) == 0
    _, (claim,) = looks_findings(RunFolder(tmp_path / "wide"))
    assert claim.verdict == "missed"
    assert "level at look" in claim.text
    assert until_decided(tmp_path / "narrow", "--margin", 0.001, models=twins) == 0
    _, (claim,) = looks_findings(RunFolder(tmp_path / "narrow"))
    assert claim.verdict == "cannot-tell"
    assert "all 48 would likely have shown" in claim.text


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--margin", "0.05"], "other margin"),
        (["--looks", "3"], "other items"),
        (["--model", "reference/noop"], "two workers, got 3"),
    ],
)
def test_another_plan_in_the_same_folder_is_refused(
    apart: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = looks_file(RunFolder(apart)).read_bytes()
    assert until_decided(apart, *arguments) == 2
    assert says in one_line(capsys)
    assert until_decided(apart, models=(WORSE, BETTER)) == 2
    assert "other workers" in one_line(capsys)
    assert looks_file(RunFolder(apart)).read_bytes() == before


def test_a_run_until_decided_is_not_a_plain_run(
    apart: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = ("run", "--model", BETTER, "--model", WORSE, *SMALL[:4])
    assert command(*plain, "--items", 48, "--out", apart) == 2
    assert "--compare-until-decided" in one_line(capsys)
    assert command(*plain, "--items", 2, "--out", tmp_path / "r") == 0
    capsys.readouterr()
    assert until_decided(tmp_path / "r") == 2
    assert "began without a plan" in one_line(capsys)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--model", BETTER, "--compare-until-decided"], "two workers, got 1"),
        (["--model", BETTER, "--model", BETTER, "--compare-until-decided"], "two workers, got 1"),
        (["--model", BETTER, "--model", WORSE, "--compare-until-decided"],
         "4 looks need at least 48 items, got 8"),
        (["--model", BETTER, "--model", WORSE, "--items", "48", "--looks", "5",
          "--compare-until-decided"], "at least 60 items"),
        (["--model", BETTER, "--model", WORSE, "--items", "48", "--margin", "0",
          "--compare-until-decided"], "`margin` must be positive"),
        (["--model", BETTER, "--margin", "0.1"], "`--margin` is for `--compare-until-decided`"),
        (["--model", BETTER, "--looks", "4"], "`--looks` is for `--compare-until-decided`"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_carried_out_is_one_line_before_any_call(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("run", *arguments, "--out", tmp_path / "r") == 2
    assert says in one_line(capsys)
    assert not (tmp_path / "r").exists()


def test_looks_that_were_changed_by_hand_are_refused(apart: Path, tmp_path: Path) -> None:
    changed = RunFolder(tmp_path)
    (tmp_path / "evidence.parquet").write_bytes((apart / "evidence.parquet").read_bytes())
    whole = json.loads(looks_file(RunFolder(apart)).read_text())
    for path, value, says in (
        (("plan", "margin"), 0.2, "its hash does not fit its plan"),
        (("looks", 0, "value"), 0.5, "look 1 in .* is not what the evidence gives"),
        (("looks", 0, "lost"), whole["plan"]["order"][:1], "is not what the evidence gives"),
        (("looks",), whole["looks"][:1], "is not decided yet"),
        (("schema",), "other", "holds no looks"),
    ):
        record = json.loads(json.dumps(whole))
        inner = record
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = value
        looks_file(changed).write_text(json.dumps(record))
        with pytest.raises(EvidenceError, match=says):
            looks_findings(changed)


def test_a_run_without_looks_has_nothing_to_say_of_them(tmp_path: Path) -> None:
    assert looks_findings(RunFolder(tmp_path)) == ([], [])
    assert looks_text(RunFolder(tmp_path)) == ""


# --- the order ---------------------------------------------------------------------------------


def test_every_start_of_the_order_has_each_domain_in_its_proportion() -> None:
    (item,) = relay_items(COURSES["pocket"].model_copy(update={"items": 1}), seed=7)
    sizes = {"a": 50, "b": 25, "c": 5}
    items = [
        item.model_copy(update={"id": f"{domain}-{i:02}", "domain": domain})
        for domain, size in sizes.items()
        for i in range(size)
    ]
    order = balanced(items, seed=7)
    assert sorted(order) == sorted(item.id for item in items)
    for stop in range(1, 81):
        counts = Counter(name[0] for name in order[:stop])
        assert all(abs(counts[d] - stop * size / 80) < 1.5 for d, size in sizes.items())
    assert order == balanced(items[::-1], seed=7)
    assert order != balanced(items, seed=8)


# --- what goes wrong ---------------------------------------------------------------------------


def request(out: Path) -> Request:
    return Request(
        workers=(BETTER, WORSE), out=out, round_trips=1, items=48, domains=("spreadsheet", "json"),
        until_decided=True,
    )  # fmt: skip


def test_if_one_fails_the_other_does_not_wait_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = Meeting.note

    def fails(self: Meeting, worker: str, sample: EvalSample) -> None:
        note(self, worker, sample)
        if worker == WORSE and self.diary.looks:
            raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(Meeting, "note", fails)
    started = time.monotonic()
    with pytest.raises(EvidenceError, match="the disk is on fire"):
        run(request(tmp_path / "r"))
    assert time.monotonic() - started < 60
    assert not finished(tmp_path / "r" / "logs"), "half a run is not a finished one"
    monkeypatch.undo()
    run(request(tmp_path / "r"))
    assert diary(tmp_path / "r").looks[-1].verdict == "apart"


def test_other_answers_than_those_of_the_looks_are_refused(tmp_path: Path, apart: Path) -> None:
    whole = json.loads(looks_file(RunFolder(apart)).read_text())
    whole["looks"][0]["value"] = 0.123
    (tmp_path / "r").mkdir()
    looks_file(RunFolder(tmp_path / "r")).write_text(json.dumps(whole))
    with pytest.raises(EvidenceError, match="the answers are not those of the earlier run"):
        run(request(tmp_path / "r"))


def worse_and_slow(out: Path) -> list[str]:
    return [
        "run", "--model", "slow/oracle", "--model", "slow/catastrophic-0.5",
        "--round-trips", "1", "--domain", "json", "--items", "36", "--looks", "3",
        "--compare-until-decided", "--out", str(out),
    ]  # fmt: skip


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(slow.Slow, "calls", tmp_path / "calls", raising=False)
    return tmp_path / "calls"


def wait_for(ready: Callable[[], bool], seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_killed_run_comes_to_the_same_looks_and_pays_nothing_twice(
    tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "r"
    started = subprocess.Popen(
        [sys.executable, slow.__file__, str(calls), "0.15", "0", *worse_and_slow(out)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    first = 12 * 2 * 2
    try:
        wait_for(lambda: calls.exists() and len(calls.read_text().split()) >= first + 8)
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
    taken = diary(out).looks
    assert taken, "the first look was written down"
    assert command(*worse_and_slow(out)) == 0
    looks = diary(out).looks
    assert looks[: len(taken)] == taken
    both = calls.read_text().split()
    assert len(set(both)) == looks[-1].items * 2 * 2
    assert len(both) - len(set(both)) <= 2 * 12, "only what was in flight is paid again"
    monkeypatch.setattr(slow.Slow, "calls", tmp_path / "2")
    assert command(*worse_and_slow(tmp_path / "whole")) == 0
    assert diary(out) == diary(tmp_path / "whole")


@pytest.mark.slow
def test_relays_lost_to_infrastructure_are_missing_pairs_and_stay_so(
    tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "r"
    monkeypatch.setattr(slow.Slow, "failing", 5)
    assert command(*worse_and_slow(out)) == 0
    assert calls.exists()
    looks = diary(out).looks
    assert looks[-1].lost
    assert looks[-1].pairs == looks[-1].items - len(looks[-1].lost)
    monkeypatch.setattr(slow.Slow, "failing", 0)
    assert command(*worse_and_slow(out)) == 0
    assert diary(out).looks == looks, "what was decided stays decided, by what was known then"
    rows = Evidence(out / "evidence.parquet").query(
        "select count(*), count(value) from evidence where metric = 'fidelity' and step = 2"
    )
    assert rows == [(2 * looks[-1].items, 2 * looks[-1].items)]
    _, (claim,) = looks_findings(RunFolder(out))
    assert claim.verdict == "met"
