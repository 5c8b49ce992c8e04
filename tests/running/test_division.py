"""A run divided for a budget: the same items under every arm and by every worker in a block."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from worktrial.evidence import RunFolder
from worktrial.evidence.logs import Block
from worktrial.running.division import MOST_BLOCKS, Division, incomplete
from worktrial.trial import Request

WORKERS = ["reference/oracle", "reference/null+noop"]


def division(out: Path, **changed: object) -> Division:
    asked = Request(workers=WORKERS, out=out, items=5, round_trips=1, domains=["json"])
    return Division(replace(asked, **changed), RunFolder(out))


def test_a_round_has_the_same_items_under_all_arms_and_by_all_workers(tmp_path: Path) -> None:
    rounds = division(tmp_path, arms=["rewrite", "tools"]).rounds()
    assert len(rounds) == 5
    for number, each in enumerate(rounds):
        (items,) = each.items.values()
        assert {work.items for work in each.works} == {items}
        assert {work.block for work in each.works} == {Block(number, 5)}
        assert Counter((w.arm, w.worker) for w in each.works) == Counter(
            (arm, worker) for arm in ("rewrite", "tools") for worker in WORKERS
        )


def test_there_are_at_most_so_many_blocks_and_every_item_is_in_one(tmp_path: Path) -> None:
    rounds = division(tmp_path, items=45).rounds()
    assert len(rounds) == MOST_BLOCKS
    items = [item for each in rounds for item in each.items["relay"]]
    assert len(set(items)) == len(items) == 45
    assert {len(each.items["relay"]) for each in rounds} == {2, 3}


def test_an_arm_of_some_items_alone_has_blocks_of_its_own(tmp_path: Path) -> None:
    found = division(
        tmp_path, trials=["office"], arms=["native", "completion"], items=None, round_trips=None,
        domains=(),
    )  # fmt: skip
    for arm in ("native", "completion"):
        samples = [str(sample.id) for sample in found.tasks["office", arm].dataset]
        works = [
            work
            for each in found.rounds()
            for work in each.works
            if (work.arm, work.worker) == (arm, WORKERS[0])
        ]
        assert sorted(item for work in works for item in work.items) == sorted(samples)
        assert [work.block for work in works] == [Block(n, len(works)) for n in range(len(works))]
    assert len(found.tasks["office", "completion"].dataset) == 6
    assert found.ends(0) == {"office": {"native": (0, 12), "completion": (0, 6)}}
    assert found.ends(12) == {"office": {"native": (12, 12), "completion": (6, 6)}}


def test_what_is_missing_after_some_rounds(tmp_path: Path) -> None:
    rounds = division(tmp_path).rounds()
    found = incomplete("relay", rounds, 3)
    assert (found.done, found.items) == (3, 5)
    assert found.missing == tuple(item for each in rounds[3:] for item in each.items["relay"])
