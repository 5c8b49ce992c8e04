"""Several processes on this machine: the evidence of one, whoever of them is killed."""

import os
import signal
import time
from pathlib import Path

import pytest

from e2e.elsewhere import Elsewhere, rows, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]

RELAY = ("--model", "elsewhere/lossy-0.05", "--items", 8, "--round-trips", 3)
LEGS = 8 * 6


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    Elsewhere(folder, seconds=0).run(*RELAY, "--out", folder / "r")
    return folder / "r"


def test_two_processes_give_the_evidence_of_one(tmp_path: Path, alone: Path) -> None:
    workers = Elsewhere(tmp_path, seconds=0.2)
    workers.run(*RELAY, "--out", tmp_path / "r", "--processes", 2)
    assert rows(tmp_path / "r") == rows(alone)
    assert len({process for process, _ in workers.made()}) == 2


def test_a_killed_shard_runs_again_and_pays_for_no_finished_call(
    tmp_path: Path, alone: Path
) -> None:
    workers = Elsewhere(tmp_path, seconds=0.3)
    running = workers.start(*RELAY, "--out", tmp_path / "r", "--processes", 2)
    wait_for(lambda: len(workers.made()) >= 16)
    os.kill(workers.made()[-1][0], signal.SIGKILL)
    said = running.communicate(timeout=200)[1]
    assert running.returncode == 0, said
    assert "was lost: its process ended with signal 9" in said
    assert rows(tmp_path / "r") == rows(alone)
    calls = [call for _, call in workers.made()]
    assert len(set(calls)) == LEGS
    assert len(calls) - LEGS <= 4, "what a shard of four relays had in flight is all that is paid"
    assert len({process for process, _ in workers.made()}) == 3


def test_a_killed_coordinator_takes_its_shards_with_it_and_the_same_command_goes_on(
    tmp_path: Path, alone: Path
) -> None:
    workers = Elsewhere(tmp_path, seconds=0.3)
    command = (*RELAY, "--out", tmp_path / "r", "--processes", 2)
    running = workers.start(*command)
    wait_for(lambda: len(workers.made()) >= 16)
    running.kill()
    running.communicate()
    time.sleep(1.5)
    before = workers.made()
    time.sleep(1.5)
    assert workers.made() == before, "no process goes on without its coordinator"
    assert len(before) < LEGS
    workers.run(*command)
    assert rows(tmp_path / "r") == rows(alone)
    calls = [call for _, call in workers.made()]
    assert len(set(calls)) == LEGS
    assert len(calls) - LEGS <= 8
    assert not (tmp_path / "r" / "shards").exists()
