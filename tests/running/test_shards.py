"""A run divided into shards: nothing left out, nothing twice, no more than there is to share."""

from collections import Counter
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.evidence.logs import Block, Key
from worktrial.running.executors import Executor
from worktrial.running.shards import (
    MOST_CONNECTIONS,
    blocks,
    divided,
    share_of,
    task_of,
    with_full_paths,
)
from worktrial.running.trials import TRIALS
from worktrial.trial import Ablation, Request

REQUEST = Request(
    workers=["reference/oracle", "reference/null+noop"],
    out=Path("out"),
    trials=["relay", "search"],
    items=5,
    round_trips=1,
    pages=200,
)
BOTH = {
    ("relay", "rewrite"): ["reference/oracle", "reference/null+noop"],
    ("search", "full"): ["reference/oracle"],
}


class Places(Executor):
    """An executor that is only asked how far dividing helps."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    @property
    def at_once(self) -> int:
        return self.count

    def places(self, worker: str) -> int:
        return self.count

    def submit(self, *_: Any) -> Future[Any]:
        raise AssertionError


@given(st.lists(st.text(), unique=True, min_size=1, max_size=60), st.integers(1, 80))
def test_every_item_is_in_exactly_one_block_and_blocks_are_alike(
    items: list[str], count: int
) -> None:
    made = list(blocks(items, count))
    assert Counter(item for _, some in made for item in some) == Counter(items)
    sizes = [len(some) for _, some in made]
    assert min(sizes) >= 1
    assert max(sizes) - min(sizes) <= 1
    assert [block for block, _ in made] == [Block(n, len(made)) for n in range(len(made))]
    assert len(made) == min(count, len(items))


@pytest.mark.parametrize("count", [1, 3, 7])
def test_every_worker_trial_arm_and_item_is_in_exactly_one_shard(count: int) -> None:
    works = divided(REQUEST, BOTH, Places(count), {})
    got = Counter((w.trial, w.arm, w.worker, item) for w in works for item in w.items)
    wanted = Counter(
        (trial, arm, worker, str(sample.id))
        for (trial, arm), workers in BOTH.items()
        for worker in workers
        for sample in task_of(REQUEST, trial, arm).dataset
    )
    assert got == wanted
    assert len(wanted) == 15


@given(st.integers(1, 300), st.integers(1, 64))
def test_shares_add_up_to_no_more_than_all(connections: int, wanted: int) -> None:
    at_once = min(wanted, connections)  # as the coordinator does
    share = share_of(connections, at_once)
    assert share >= 1
    assert at_once * share <= connections
    assert connections - at_once * share < at_once, "no more is left over than cannot be divided"


def test_unless_it_is_said_a_provider_has_what_inspect_goes_up_to() -> None:
    assert share_of(None, 1) == MOST_CONNECTIONS
    assert share_of(None, 3) == 33


def test_a_division_that_was_begun_is_kept_to() -> None:
    key = Key(TRIALS["relay"].task, "reference/oracle", "rewrite")
    begun = {key: [Block(0, 3), Block(2, 3)]}
    one = {("relay", "rewrite"): ["reference/oracle"]}
    (left,) = divided(REQUEST, one, Places(2), begun)
    assert left.block == Block(1, 3)
    ids = [str(sample.id) for sample in task_of(REQUEST, "relay", "rewrite").dataset]
    assert left.items == (ids[1], ids[4])


def test_paths_hold_wherever_a_process_was_started() -> None:
    request = Request(
        workers=["m"], out=Path("out"), ablation=Ablation(task="t", arms_file=Path("arms.json"))
    )
    full = with_full_paths(request)
    assert full.out == Path.cwd() / "out"
    assert full.ablation is not None
    assert full.ablation.arms_file == Path.cwd() / "arms.json"
    assert full.documents is None
