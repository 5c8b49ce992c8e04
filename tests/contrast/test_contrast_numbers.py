"""Numbers of contrasts, worked out by hand."""

from pathlib import Path

import numpy as np
import pytest

from contrast.brought import COLUMNS, findings, table
from worktrial.estimate import mean_interval, unpaired_difference

ARMS = ("proxy", "work")


def rows(worker: str, proxy: list[object], work: list[object]) -> list[tuple[object, ...]]:
    return [
        (worker, f"i{n}", arm, score)
        for arm, scores in zip(ARMS, (proxy, work), strict=True)
        for n, score in enumerate(scores)
    ]


def test_replicates_are_averaged_in_items_and_items_in_clusters(tmp_path: Path) -> None:
    lines = [
        # Items of cluster a lose 1 and 0, that of b loses half: its two replicates are 0 and 1.
        ("w", "a1", "proxy", 1, "a", 1), ("w", "a1", "work", 0, "a", 1),
        ("w", "a2", "proxy", 1, "a", 1), ("w", "a2", "work", 1, "a", 1),
        ("w", "b1", "proxy", 1, "b", 1), ("w", "b1", "work", 0, "b", 1),
        ("w", "b1", "work", 1, "b", 2),
        ("w", "c1", "proxy", 1, "c", 1), ("w", "c1", "work", 0, "c", 1),
    ]  # fmt: skip
    path = table(tmp_path / "s.csv", lines, (*COLUMNS, "cluster", "replicate"))
    found = findings(path).estimate("contrast/score/contrast/w/proxy")
    # (1/2 + 1/2 + 1) / 3; by item it would be (1 + 0 + 1/2 + 1) / 4.
    assert found.value == pytest.approx(2 / 3)
    assert found.clusters == 3


def test_what_has_no_partner_enters_no_number_and_is_counted(tmp_path: Path) -> None:
    lines = [
        *rows("w", [1, 1, 0, ""], [1, 0, 0, 1]),
        ("w", "alone", "proxy", 1), ("w", "other", "work", 0), ("w", "third", "work", 0),
    ]  # fmt: skip
    found = findings(table(tmp_path / "s.csv", lines))
    gap = found.estimate("contrast/score/contrast/w/proxy")
    assert (gap.value, gap.clusters) == (pytest.approx(1 / 3), 3)
    assert found.estimate("contrast/score/w/proxy").value == pytest.approx(2 / 3)
    counts = {e.arm: e.value for e in found.estimates if e.metric == "unpaired"}
    assert counts == {"proxy": 1, "work": 2}
    lost = {(o.arm, o.outcome): o.count for o in found.outcomes}
    assert lost == {("proxy", "ok"): 4, ("proxy", "judge_fault"): 1, ("work", "ok"): 6}


def test_arms_that_share_no_item_are_independent_samples(tmp_path: Path) -> None:
    proxy, work = [1, 1, 1, 0, 1, 1, 1, 1], [0, 1, 0, 1, 0, 0]
    lines = [
        *(("w", f"p{n}", "proxy", s) for n, s in enumerate(proxy)),
        *(("w", f"q{n}", "work", s) for n, s in enumerate(work)),
        *(("v", f"p{n}", "proxy", 1 - s) for n, s in enumerate(proxy)),
        *(("v", f"q{n}", "work", s) for n, s in enumerate(work)),
    ]
    found = findings(table(tmp_path / "s.csv", lines))
    gap = found.estimate("contrast/score/contrast/w/proxy")
    one, other = mean_interval(proxy), mean_interval(work)
    assert gap.value == pytest.approx(7 / 8 - 2 / 6)
    below = np.hypot(7 / 8 - one.low, other.high - 2 / 6)
    assert gap.low == pytest.approx(gap.value - below)
    assert (gap.method, gap.clusters) == ("unpaired, MOVER", 6)
    # v loses −5/24 and w 13/24; at work the two are the same, item by item.
    gaps = found.estimate("contrast/score/gap/v-minus-w/work")
    assert gaps.value == pytest.approx(-3 / 4)
    assert found.estimate("contrast/score/v-minus-w/work").value == 0


def test_pairing_can_be_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", rows("w", [1, 1, 0], [0, 1, 1]))
    found = findings(path, pair="none").estimate("contrast/score/contrast/w/proxy")
    assert found.method == "unpaired, MOVER"


@pytest.mark.parametrize(("factor", "why"), [((1, 100), "scales differ"), ((100, 100), "[0, 1]")])
def test_on_other_scales_only_the_order_is_told(
    tmp_path: Path, factor: tuple[float, float], why: str
) -> None:
    rng = np.random.default_rng(1)
    lines = [
        row
        for worker, (proxy, work) in {"a": (0.9, 0.2), "b": (0.6, 0.5), "c": (0.3, 0.8)}.items()
        for row in rows(
            worker,
            list(np.round(factor[0] * rng.beta(20 * proxy, 20 * (1 - proxy), 40), 3)),
            list(np.round(factor[1] * rng.beta(20 * work, 20 * (1 - work), 40), 3)),
        )
    ]
    found = findings(table(tmp_path / "s.csv", lines))
    gap = found.estimate("contrast/score/contrast/a/proxy")
    assert gap.value is None
    assert why in (gap.why or "")
    score = found.estimate("contrast/raw_score/a/work")
    assert score.value == pytest.approx(0.2 * factor[1], abs=0.05 * factor[1])
    assert score.low is None
    # All three are apart by far in both arms, in reversed order.
    agreement = found.estimate("contrast/rank_agreement")
    assert (agreement.value, agreement.low, agreement.high) == (-1, -1, -1)
    assert found.estimate("contrast/p_flip/a-minus-c/work").value == 1
    assert {c.verdict for c in found.claims if "keeps" in c.id} == {"cannot-tell"}
    assert not [c for c in found.claims if "at-work" in c.id]
    assert not [e for e in found.estimates if e.minus_worker and e.metric != "p_flip"]


def test_level_on_the_proxy_and_apart_at_work_is_found(tmp_path: Path) -> None:
    alike = [1, 0] * 60
    lines = [*rows("a", alike, [1] * 120), *rows("b", alike, [0] * 60 + [1] * 60)]
    found = findings(table(tmp_path / "s.csv", lines))
    claim = next(c for c in found.claims if c.id == "contrast/level-then-apart-a-b")
    assert claim.verdict == "met"


def test_a_worker_under_one_arm_alone_leaves_the_others_their_order(tmp_path: Path) -> None:
    lines = [
        *rows("a", [1, 1, 1], [1, 1, 0]),
        *rows("b", [1, 0, 0], [0, 0, 0]),
        *rows("c", [1, 1, 0], [1, 0, 0]),
        ("only", "i0", "proxy", 1),
    ]
    found = findings(table(tmp_path / "s.csv", lines))
    assert found.estimate("contrast/rank_agreement").value == 1
    assert found.estimate("contrast/score/contrast/only/proxy").value is None
    assert not [e for e in found.estimates if e.minus_worker and "only" in e.id]


def test_unpaired_bounds_hold_their_mirror_image() -> None:
    one, other = [0.2, 0.4, 0.9], [1, 0.5, 0.7, 0.1]
    there, back = unpaired_difference(one, other), unpaired_difference(other, one)
    assert (there.value, there.low, there.high) == pytest.approx(
        (-back.value, -back.high, -back.low)
    )
    assert unpaired_difference([0.5], other).why == "1 cluster(s) measured; an interval needs 2"
