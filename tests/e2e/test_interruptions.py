"""Every trial survives: killed, interrupted, on a full disk, with a provider that goes and returns.

Whatever happened, the same command goes on: evidence is that of an undisturbed run, and what is
paid for twice is at most what was in flight.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from e2e import full_disk
from e2e.test_audit import write_items
from hostile import carried
from hostile.mood import Latency, Mood
from hostile.provider import Provider
from worktrial.cli.main import main
from worktrial.evidence import Evidence

pytestmark = pytest.mark.xdist_group("hostile")
"""One process has the server."""

TESTS = Path(__file__).parents[1]
LETTERS = f"{TESTS / 'instruction' / 'shapes.py'}@letters"
TRIALS: Mapping[str, Sequence[object]] = {
    "relay": ("run", "--domain", "json", "--items", 4, "--round-trips", 3),
    "search": ("run", "--trial", "search", "--items", 4, "--arm", "full", "--arm", "simulated"),
    "office": ("run", "--trial", "office", "--items", 4, "--arm", "native", "--arm", "midway"),
    "reasoning": ("run", "--trial", "reasoning", "--family", "sudoku", "--items", 12),
    "memorisation": ("audit", "ITEMS", "--items", 3),
    "ablate": ("ablate", LETTERS, "--items", 8, "--arm", "full", "--arm", "empty"),
}


def but_slow(*fast: str) -> list[Any]:
    """Every trial; all but a few are slow."""
    return [pytest.param(name, marks=() if name in fast else pytest.mark.slow) for name in TRIALS]


MAIN = {
    "relay": "fidelity", "search": "f1", "office": "success", "reasoning": "solved",
    "memorisation": "accuracy", "ablate": "score",
}  # fmt: skip
"""The metric that decides."""
MODEL = "carried/oracle"


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


class Disturbed:
    """One trial against the hostile provider, in a folder of its own, as often as it is asked."""

    def __init__(self, trial: str, folder: Path, provider: Provider, model: str = MODEL) -> None:
        self.provider, self.out = provider, folder / "r"
        items = write_items(folder / "items.jsonl", 3)
        given = [str(items if part == "ITEMS" else part) for part in TRIALS[trial]]
        self.asked = [*given, "--model", model]
        self.whole = self.rows(folder / "whole")
        self.contents = set(provider.history)
        provider.begin(Mood())

    def rows(self, out: Path) -> list[tuple[Any, ...]]:
        """What a run here finds, but for times."""
        assert command(*self.asked, "--out", out) == 0
        return Evidence(out / "evidence.parquet").query(
            "select trial, arm, item, replicate, step, operation, kind, metric, value, outcome "
            "from evidence where metric != 'seconds' order by all"
        )

    def started(self) -> "subprocess.Popen[str]":
        """The command as a process that can be killed."""
        paths = [str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
        return subprocess.Popen(
            [sys.executable, "-m", carried.__name__, *self.asked, "--out", str(self.out)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def stopped(self, by: signal.Signals, after: int) -> tuple[int, str]:
        """Start it and stop it once so many more calls were answered; its code and last line."""
        after += self.provider.answered
        process = self.started()
        try:
            wait_for(lambda: self.provider.answered >= after or process.poll() is not None)
            assert process.poll() is None, process.communicate()
            process.send_signal(by)
            _, said = process.communicate(timeout=120)
        finally:
            process.kill()
            process.wait()
        return process.returncode, said.strip().splitlines()[-1] if said.strip() else ""

    def goes_on(self, *, twice: int) -> None:
        """The same command comes to the undisturbed evidence, with so many answers paid twice."""
        assert self.rows(self.out) == self.whole
        assert set(self.provider.history) == self.contents, "the same was asked, and nothing else"
        assert self.provider.paid - len(self.contents) <= twice
        assert not (self.out / "generations").exists()
        paid = self.provider.paid
        assert command(*self.asked, "--out", self.out) == 0
        assert self.provider.paid == paid, "what is finished is not asked for again"


def wait_for(ready: Callable[[], bool], seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.02)


@pytest.mark.parametrize("trial", but_slow("ablate"))
def test_a_killed_run_goes_on_and_pays_twice_at_most_for_what_was_in_flight(
    trial: str, tmp_path: Path, provider: Provider
) -> None:
    run = Disturbed(trial, tmp_path, provider)
    provider.mood = Mood(latency=Latency(0.4, sigma=1.0))
    in_flight = 0
    for _ in range(2):
        provider.most_at_once = 0
        code, _ = run.stopped(signal.SIGKILL, after=len(run.contents) // 3)
        assert code == -signal.SIGKILL
        in_flight += provider.most_at_once
    provider.mood = Mood()
    run.goes_on(twice=in_flight)


@pytest.mark.parametrize(
    "by", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)]
)
def test_an_interrupted_run_says_so_with_130_and_goes_on(
    by: signal.Signals, tmp_path: Path, provider: Provider
) -> None:
    """In the first of two arms, the second of which must not begin."""
    run = Disturbed("ablate", tmp_path, provider)
    provider.mood = Mood(latency=Latency(2.0, sigma=1.0))
    code, said = run.stopped(by, after=1)
    assert (code, said) == (130, "worktrial: interrupted; the same command goes on where it was")
    assert len(provider.history) <= len(run.contents) // 2
    assert not (run.out / "findings.json").exists()
    provider.mood = Mood()
    run.goes_on(twice=provider.most_at_once)


@pytest.mark.parametrize("trial", but_slow())
def test_what_a_provider_lost_that_went_down_is_asked_for_when_it_is_back(
    trial: str, tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Disturbed(trial, tmp_path, provider)
    monkeypatch.setattr(import_module("worktrial.running.evaluation"), "_RETRIES", 1)
    provider.fall_after = len(run.contents) // 2
    assert command(*run.asked, "--out", run.out) == 0
    assert provider.paid == len(run.contents) // 2
    ((missing, counted),) = Evidence(run.out / "evidence.parquet").query(
        "select count(*) filter (value is null), "
        "count(*) filter (outcome = 'infrastructure' and value is not null) "
        "from evidence where metric = ?",
        [MAIN[trial]],
    )
    assert missing
    assert not counted, "missing is missing, never zero"
    provider.fall_after, provider.down = None, False
    run.goes_on(twice=0)


@pytest.mark.parametrize("trial", but_slow())
def test_a_provider_that_is_back_before_retries_end_leaves_no_trace(
    trial: str, tmp_path: Path, provider: Provider
) -> None:
    run = Disturbed(trial, tmp_path, provider)
    provider.begin(Mood({"reset": 0.3, "error": 0.3}, seed=3))
    assert run.rows(run.out) == run.whole
    assert provider.counts["reset"]
    assert provider.counts["error"]
    run.goes_on(twice=0)


@pytest.mark.parametrize("trial", but_slow())
@pytest.mark.parametrize("room", [3000, 12000])
def test_a_full_disk_is_one_line_and_the_same_command_goes_on(
    trial: str, room: int, tmp_path: Path, provider: Provider
) -> None:
    run = Disturbed(trial, tmp_path, provider, model="reference/oracle")
    full = subprocess.run(
        [sys.executable, full_disk.__file__, str(room), *run.asked, "--out", str(run.out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert full.returncode == 2, full.stderr
    assert "Traceback" not in full.stderr
    assert full.stderr.strip().splitlines()[-1].startswith("worktrial: ")
    assert run.rows(run.out) == run.whole


BREAKS = {
    "relay": ("relay", "_run_leg"),
    "search": ("search", "_Talk.turn"),
    "office": ("readiness", "_Desk.work"),
    "reasoning": ("reasoning", "_Sitting.ask"),
    "memorisation": ("memorisation", "_Sitting.hold"),
}
"""Of each trial, what its solver does for an item; the ablation runs others' solvers."""


@pytest.mark.parametrize("trial", [p for p in but_slow("memorisation") if p.values[0] in BREAKS])
def test_an_item_that_breaks_off_outside_of_a_call_is_missing_and_asked_for_again(
    trial: str, tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Disturbed(trial, tmp_path, provider, model="reference/oracle")
    monkeypatch.setattr(import_module("worktrial.running.run"), "_PASSES", 1)
    package, name = BREAKS[trial]
    with monkeypatch.context() as broken:
        broken.setattr(f"worktrial.{package}.task.{name}", no_room)
        assert {row[-1] for row in run.rows(run.out)} <= {"infrastructure", None}
        assert {row[-2] for row in run.rows(run.out)} == {None}
    assert run.rows(run.out) == run.whole


async def no_room(*_: object) -> None:
    raise OSError(28, "No space left on device")
