"""The coordinator: a lost shard runs again, a log counts once, and what cannot finish is said."""

import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import pytest

from e2e import slow
from worktrial import steps
from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence import Evidence, RunFolder, finished
from worktrial.evidence.logs import Block, block_of, finished_blocks, read_header
from worktrial.relay.protocol import RELAY_TASK
from worktrial.running import extract, run
from worktrial.running.executors import Executor, ShardLost, chosen
from worktrial.running.ledger import Ledger
from worktrial.running.shard import run_shard
from worktrial.running.wire import Counted, Report, Shard, read_answer, read_shard
from worktrial.trial import Request


class Here(Executor):
    """Shards one after the other in this process, over the wire; a fate may befall each."""

    def __init__(self, count: int, fate: Callable[["Here", Shard], Report | None]) -> None:
        self.count, self.fate = count, fate
        self.shards: list[Shard] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    @property
    def at_once(self) -> int:
        return self.count

    def places(self, worker: str) -> int:
        return self.count

    def submit(self, shard: Shard, heard: Callable[[Counted], None]) -> Future[Report]:
        self.shards.append(shard)
        future: Future[Report] = Future()
        try:
            future.set_result(self.fate(self, shard) or carried_out(shard, heard))
        except ShardLost as lost:
            future.set_exception(lost)
        return future


def carried_out(shard: Shard, heard: Callable[[Counted], None] = lambda _: None) -> Report:
    # As in a process of its own: who listens to this one's steps hears of them through `heard`.
    outside, steps.listeners[:] = steps.listeners[:], []
    try:
        answer = read_answer(run_shard(read_shard(shard.text()), heard).text())
    finally:
        steps.listeners[:] = outside
    assert isinstance(answer, Report)
    return answer


def request(out: Path, **changed: Any) -> Request:
    small = Request(
        workers=["reference/lossy-0.05"], out=out, domains=["spreadsheet"], items=3, round_trips=1
    )
    return replace(small, **changed)


def rows(out: Path) -> list[tuple[Any, ...]]:
    return Evidence(out / "evidence.parquet").query(
        "select * exclude (log) from evidence where metric != 'seconds'"
    )


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("alone") / "r"
    run(request(out))
    return out


def test_shards_give_the_evidence_of_one_process_in_the_same_order(
    tmp_path: Path, alone: Path
) -> None:
    where = Here(2, lambda here, shard: None)
    run(request(tmp_path / "r", connections=9), executor=where)
    assert rows(tmp_path / "r") == rows(alone)
    assert [len(shard.items) for shard in where.shards] == [2, 1]
    assert {shard.share.connections for shard in where.shards} == {4}
    assert len(list((tmp_path / "r" / "logs").iterdir())) == 2
    assert not (tmp_path / "r" / "shards").exists()
    assert not (tmp_path / "r" / "generations").exists()


def test_a_lost_shard_runs_again_and_what_it_left_counts_nowhere(
    tmp_path: Path, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost_once_done(here: Here, shard: Shard) -> Report | None:
        if len(here.shards) == 1:
            assert carried_out(shard).log
            raise ShardLost("its process ended with signal 9")
        return None

    where = Here(2, lost_once_done)
    run(request(tmp_path / "r"), executor=where)
    assert rows(tmp_path / "r") == rows(alone)
    assert Counter(shard.number for shard in where.shards) == {0: 2, 1: 1}
    assert len({shard.logs for shard in where.shards}) == 3
    said = capsys.readouterr().err
    assert "worktrial: shard 0 was lost: its process ended with signal 9" in said
    assert "steps 6 of 6" in said, "the steps of the lost attempt were taken back"


def test_a_shard_that_kills_whatever_runs_it_ends_the_run_and_the_others_are_kept(
    tmp_path: Path, alone: Path
) -> None:
    def poisoned(here: Here, shard: Shard) -> Report | None:
        if shard.block.number == 0:
            raise ShardLost("its process ended with signal 9")
        return None

    where = Here(3, poisoned)
    with pytest.raises(EvidenceError, match="lost 5 times, last its process ended with signal 9"):
        run(request(tmp_path / "r"), executor=where)
    assert Counter(shard.block.number for shard in where.shards) == {0: 5, 1: 1, 2: 1}
    (done,) = finished_blocks(tmp_path / "r" / "logs").values()
    assert done == {Block(1, 3), Block(2, 3)}
    assert finished(tmp_path / "r" / "logs") == {}, "who is done in part is not done"

    rest = Here(2, lambda here, shard: None)
    run(request(tmp_path / "r"), executor=rest)
    assert [shard.block for shard in rest.shards] == [Block(0, 3)], "the division is kept to"
    assert rows(tmp_path / "r") == rows(alone)


def test_one_process_finishes_what_shards_began(tmp_path: Path, alone: Path) -> None:
    def failing(here: Here, shard: Shard) -> Report | None:
        if shard.block.number == 0:
            return Report(number=shard.number, error="no such weights")
        return None

    with pytest.raises(EvidenceError, match="did not finish: no such weights; run it again"):
        run(request(tmp_path / "r"), executor=Here(2, failing))
    run(request(tmp_path / "r"))
    assert rows(tmp_path / "r") == rows(alone)
    assert len(list((tmp_path / "r" / "logs").iterdir())) == 1, "the part is in the whole"
    again = Here(2, failing)
    run(request(tmp_path / "r"), executor=again)
    assert again.shards == [], "it is done"


def test_of_two_logs_of_one_block_the_later_counts(tmp_path: Path, alone: Path) -> None:
    logs = tmp_path / "r" / "logs"
    run(request(tmp_path / "r"), executor=Here(2, lambda here, shard: None))
    (first, second) = finished(logs)[RELAY_TASK][0].parts
    later = shutil.copy(first, logs / "9999-again.eval")
    assert finished(logs)[RELAY_TASK][0].parts == (later, second)
    extract(RunFolder(tmp_path / "r"))
    assert rows(tmp_path / "r") == rows(alone)


@pytest.mark.parametrize("said", [None, "0/2", [1], [2, 2], [-1, 2], [0.5, 2], {"0": 2}])
def test_a_log_that_says_no_block_is_refused(alone: Path, said: object) -> None:
    (log,) = (alone / "logs").iterdir()
    header = read_header(log)
    header.eval.metadata = {"worktrial_block": said}
    with pytest.raises(EvidenceError, match="worktrial_block"):
        block_of(log, header)


def test_a_log_that_is_not_the_shards_own_is_refused(tmp_path: Path) -> None:
    def swapped(here: Here, shard: Shard) -> Report | None:
        if shard.block.number == 1:
            return carried_out(shard.model_copy(update={"block": Block(0, 2)}))
        return None

    with pytest.raises(EvidenceError, match="is not that of shard 1"):
        run(request(tmp_path / "r"), executor=Here(2, swapped))


def test_a_shard_whose_folder_or_items_are_not_there_says_so(tmp_path: Path) -> None:
    reports = []

    def elsewhere(here: Here, shard: Shard) -> Report | None:
        gone = shard.model_copy(update={"logs": tmp_path / "r" / "nowhere"})
        strange = shard.model_copy(update={"items": ("no-such",)})
        reports.extend([carried_out(gone), carried_out(strange)])
        return None

    run(request(tmp_path / "r"), executor=Here(1, elsewhere))
    assert "`--out` must be a folder that every machine sees" in str(reports[0].error)
    assert reports[1].error == "a shard names 'no-such', which its request does not give"


def test_ids_are_no_patterns(tmp_path: Path) -> None:
    reports = []

    def patterned(here: Here, shard: Shard) -> Report | None:
        reports.append(carried_out(shard.model_copy(update={"items": ("spreadsheet-*",)})))
        return None

    run(request(tmp_path / "r"), executor=Here(1, patterned))
    assert "'spreadsheet-*'" in str(reports[0].error)


def test_usage_and_replicates_of_all_shards_add_up(tmp_path: Path) -> None:
    out = tmp_path / "r"
    run(request(out, replicates=2), executor=Here(3, lambda here, shard: None))
    logged = Evidence(out / "evidence.parquet").query(
        "select sum(value) from evidence where metric = 'tokens_out'"
    )
    spent = Ledger(out / "spent").totals()
    assert spent["reference/lossy-0.05"].tokens_out == logged[0][0]
    assert len(finished(out / "logs")[RELAY_TASK][0].parts) == 3


def test_items_lost_to_infrastructure_are_run_again_in_shards(
    tmp_path: Path, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow.Slow, "calls", tmp_path / "calls", raising=False)
    monkeypatch.setattr(slow.Slow, "failing", 1)
    down = request(tmp_path / "r", workers=["slow/lossy-0.05"])
    run(down, executor=Here(2, lambda here, shard: None))
    assert {row[10] for row in rows(tmp_path / "r")} == {"infrastructure", None}
    before = set((tmp_path / "r" / "logs").iterdir())
    monkeypatch.setattr(slow.Slow, "failing", 0)
    run(down, executor=Here(3, lambda here, shard: None))
    after = set((tmp_path / "r" / "logs").iterdir())
    assert [row[2:] for row in rows(tmp_path / "r")] == [row[2:] for row in rows(alone)]
    assert len(before) == 2
    assert len(after) == 3
    assert not before & after


def test_what_waits_for_another_worker_is_not_divided(tmp_path: Path) -> None:
    both = request(
        tmp_path / "r", workers=["reference/oracle", "reference/noop"], items=60, until_decided=True
    )
    with pytest.raises(ConfigError, match="leave out --executor and --processes"):
        run(both, executor=Here(2, lambda here, shard: None))
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"processes": 0}, "`--processes` must be at least 1; got 0"),
        ({"address": "host:1"}, "`--address` is for `--executor ray`"),
        ({"name": "slurm"}, "`--executor` must be local or ray; got 'slurm'"),
    ],
)
def test_an_executor_that_cannot_be_is_refused(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        chosen(**asked)


def test_ray_that_is_not_installed_says_which_extra_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(ConfigError, match=r"pip install 'worktrial\[ray\]'"):
        chosen("ray")


def test_connections_are_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`--connections` must be at least 1; got 0"):
        run(request(tmp_path / "r", connections=0))
