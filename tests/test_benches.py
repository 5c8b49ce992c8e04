"""Benches yield what they say, at a size of nothing; what they measure no test knows."""

from typing import Any

import pytest
from bench import growth, hostile, search, sequential
from bench.__main__ import BENCHES


def keys(row: dict[str, Any], *named: str) -> bool:
    return set(named) <= set(row)


def test_every_bench_has_measure() -> None:
    assert len(BENCHES) == len(set(BENCHES))
    assert {"hostile", "growth", "sequential", "search", "office"} <= set(BENCHES)


def test_looks_take_fewer_items_the_larger_the_difference() -> None:
    rows = list(sequential.measure(runs=12))
    assert [row["true_difference_in_planned_effects"] for row in rows] == [0, 0.5, 1, 2]
    for row in rows:
        assert keys(row, "fixed_items", "items_ratio_bar", "apart", "apart_at_fixed_size")
        assert 1 / sequential.LOOKS < row["low"] <= row["items_ratio"] <= row["high"]
        assert row["items_ratio"] <= row["most_items"] / row["fixed_items"]
    assert rows[3]["items_ratio"] < rows[2]["items_ratio"]


def test_several_looks_need_a_few_more_items() -> None:
    # Early looks ask for so much that they cost the last one next to nothing.
    assert 1.01 < sequential._inflation() < 1.05


def test_a_slope_is_the_exponent() -> None:
    assert growth.slope((1, 2, 4, 8), (3, 6, 12, 24)) == 1
    assert growth.slope((1, 2, 4, 8), (3, 12, 48, 192)) == 2
    assert growth.slope((2, 8), (5, 10)) == 0.5


def test_growth_has_a_row_for_each_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    # A run of so many items takes so many seconds squared, and two that any run takes.
    def taken(sizes: dict[str, int]) -> float:
        return 2.0 + (sizes["items"] ** 2 if sizes != growth.SMALLEST else 0)

    monkeypatch.setattr(growth, "_cpu_seconds", taken)
    rows = {row["factor"]: row for row in growth.measure()}
    assert set(rows) == set(growth.SIZES)
    assert (rows["items"]["slope"], rows["items"]["slope_of_largest"]) == (2, 2)
    assert rows["workers"]["slope"] == 0
    assert rows["items"]["fixed_seconds"] == 2


def test_a_small_run_costs_cpu() -> None:
    assert growth._cpu_seconds({**growth.SMALLEST, "workers": 2}) > 0


def test_the_ideal_is_calls_by_latency_by_how_many_at_once() -> None:
    served = hostile.Served({"ok": 80, "empty": 8, "error": 12}, paid=88, wall=11.0)
    # 88 answers of half a second, eight at once: 5.5 s; with the failures 100, 6.25 s.
    assert hostile._over_ideal(served, 0.5) == pytest.approx((2.0, 1.76))
    row = hostile._row(served, lost=3, items=6, latency=0.5)
    assert row["retries"] == 100 - 6 * 10
    assert row["share_of_items_lost"] == 0.5


def test_the_engine_stands_beside_plain_sqlite() -> None:
    (row,) = search.measure(pages=200, rounds=1)
    assert row["search_ratio"] == pytest.approx(
        row["searches_a_second"] / row["searches_a_second_of_plain_sqlite"], rel=0.01
    )
    assert keys(row, "opens_a_second", "opens_a_second_of_plain_sqlite", "open_ratio")


def test_plain_sqlite_finds_and_opens_what_the_engine_does() -> None:
    drawn = search.world(search.SEED, 200)
    engine, plain = search.Engine(drawn), search.Plain(drawn)
    query = search._queries(drawn)[0]
    assert [hit.id for hit in engine.search(query)] == [f"p{n:05}" for n, *_ in plain.search(query)]
    assert engine.open("p00007") == plain.open("p00007")
