"""A real Ray cluster of two machines on loopback: the evidence of one machine, also if one dies.

CI's slow run has Ray installed; elsewhere these tests are skipped without it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.elsewhere import Elsewhere, rows, wait_for
from worktrial.errors import ConfigError
from worktrial.running.executors import chosen

pytest.importorskip("ray", reason="Ray is not installed; CI's slow run has it")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("ray"),
    pytest.mark.filterwarnings("ignore"),
]

RELAY = ("--model", "elsewhere/lossy-0.05", "--items", 8, "--round-trips", 5)
LEGS = 8 * 10
QUICK_TO_NOTICE = {
    "health_check_initial_delay_ms": 500,
    "health_check_period_ms": 500,
    "health_check_timeout_ms": 500,
    "health_check_failure_threshold": 4,
}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    Elsewhere(folder, seconds=0).run(*RELAY, "--out", folder / "r")
    return folder / "r"


@pytest.fixture
def workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    made = Elsewhere(tmp_path, seconds=0.5)
    for name, value in {**made.environment, "RAY_USAGE_STATS_ENABLED": "0"}.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def cluster(workers: Elsewhere) -> Iterator[Any]:
    """One CPU on each of two machines, each of which can be killed."""
    made = two_machines()
    yield made
    made.shutdown()


def two_machines() -> Any:
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 1, "include_dashboard": False, "_system_config": QUICK_TO_NOTICE}
    made = Cluster(initialize_head=True, head_node_args=head)
    made.second = made.add_node(num_cpus=1)
    return made


def test_two_machines_give_the_evidence_of_one(
    tmp_path: Path, alone: Path, workers: Elsewhere, cluster: Any
) -> None:
    where = ("--executor", "ray", "--address", cluster.address)
    workers.run(*RELAY, "--out", tmp_path / "r", *where)
    assert rows(tmp_path / "r") == rows(alone)
    assert len({process for process, _ in workers.made()}) == 2
    assert len(list((tmp_path / "r" / "logs").iterdir())) == 2


def test_a_killed_raylets_shard_runs_on_the_other_machine_and_nothing_counts_twice(
    tmp_path: Path, alone: Path, workers: Elsewhere, cluster: Any
) -> None:
    where = ("--executor", "ray", "--address", cluster.address)
    running = workers.start(*RELAY, "--out", tmp_path / "r", *where)
    wait_for(lambda: len({process for process, _ in workers.made()}) == 2)
    cluster.remove_node(cluster.second, allow_graceful=False)
    said = running.communicate(timeout=300)[1]
    assert running.returncode == 0, said
    assert "was lost" in said
    assert rows(tmp_path / "r") == rows(alone)
    calls = [call for _, call in workers.made()]
    assert len(set(calls)) == LEGS


def test_a_killed_head_ends_the_run_and_the_same_command_goes_on_with_another(
    tmp_path: Path, alone: Path, workers: Elsewhere, cluster: Any
) -> None:
    asked = (*RELAY, "--out", tmp_path / "r", "--executor", "ray", "--address")
    running = workers.start(*asked, cluster.address)
    wait_for(lambda: len(workers.made()) > LEGS // 3)
    cluster.remove_node(cluster.head_node, allow_graceful=False)
    said = running.communicate(timeout=300)[1]
    assert running.returncode not in (0, None), said
    assert not (tmp_path / "r" / "findings.json").exists()
    cluster.shutdown()
    another = two_machines()
    try:
        workers.run(*asked, another.address)
    finally:
        another.shutdown()
    assert rows(tmp_path / "r") == rows(alone)
    calls = [call for _, call in workers.made()]
    assert len(set(calls)) == LEGS
    in_flight = 2 * 8
    assert len(calls) <= LEGS + in_flight, "what was finished is not paid for again"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1:1", "`--address` 127.0.0.1:1 cannot be joined: Connection refused"),
        ("somewhere", "`--address` must be HOST:PORT"),
        ("host:99999", "`--address` must be HOST:PORT"),
    ],
)
def test_an_address_without_a_cluster_is_one_clear_line(address: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        chosen("ray", address=address)
