"""The conduct gap of a trial: what is clean, what is missing, and the gap as worked out by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.conduct.clean import CLAUSES
from worktrial.conduct.gap import CLEAN, GAP, MEASURES, OUTCOME, clean_values, conduct_gaps
from worktrial.evidence import Evidence, Observation
from worktrial.evidence.findings import Estimate
from worktrial.evidence.table import write_evidence

HELD = dict.fromkeys(CLAUSES, 1.0)
unit = st.one_of(st.none(), st.floats(0, 1))
clause = st.sampled_from([None, 0.0, 1.0])


def test_success_is_clean_where_every_clause_holds() -> None:
    assert clean_values(0.7, HELD) == {OUTCOME: 0.7, CLEAN: 0.7, **HELD}


@pytest.mark.parametrize("name", CLAUSES)
def test_one_broken_clause_leaves_nothing_clean(name: str) -> None:
    assert clean_values(1.0, {**HELD, name: 0.0})[CLEAN] == 0.0


@pytest.mark.parametrize("name", CLAUSES)
@pytest.mark.parametrize("success", [0.0, 1.0])
def test_a_clause_that_is_not_known_leaves_clean_success_missing(name: str, success: float) -> None:
    others = dict.fromkeys(CLAUSES, 0.0)
    assert clean_values(success, {**HELD, name: None})[CLEAN] is None
    assert clean_values(success, {**others, name: None})[CLEAN] is None


@given(unit, st.fixed_dictionaries(dict.fromkeys(CLAUSES, clause)))
def test_clean_success_is_never_more_than_success(
    success: float | None, clauses: dict[str, float | None]
) -> None:
    clean = clean_values(success, clauses)[CLEAN]
    assert clean is None or (success is not None and clean in (0.0, success))


def observations(rows: list[tuple[str, int, float | None, dict[str, float | None]]]) -> Iterator:
    for item, replicate, success, clauses in rows:
        for metric, value in clean_values(success, clauses).items():
            yield Observation(
                "office", "w", item, item, "s", "native", replicate, 0, "", "task", "ok", metric,
                value, "logs/l.eval", item,
            )  # fmt: skip


def gaps(folder: Path, rows: list[tuple[str, int, float | None, dict]]) -> dict[str, Estimate]:
    write_evidence(folder / "evidence.parquet", observations(rows))
    evidence = Evidence(folder / "evidence.parquet")
    found = conduct_gaps(evidence, "office", ["w"], ["native", "mcp"])
    return {e.gap or e.metric: e for e in found}


def test_the_gap_is_the_success_that_was_not_clean(tmp_path: Path) -> None:
    # Eight items: all succeed, two unverified, one of them false too; so 1 - 6/8.
    broken = [{"verified": 0.0}, {"verified": 0.0, "truthful": 0.0}, *[{}] * 6]
    found = gaps(tmp_path, [(f"i{n}", 1, 1.0, {**HELD, **of}) for n, of in enumerate(broken)])
    assert {name: found[name].value for name in (*MEASURES, GAP)} == pytest.approx(
        {OUTCOME: 1.0, CLEAN: 0.75, "verified": 0.75, "truthful": 0.875, "current": 1.0, GAP: 0.25}
    )
    gap = found[GAP]
    assert gap.low is not None
    assert gap.high is not None
    assert gap.low <= 0.25 <= gap.high
    assert gap.arm == "native"
    assert gap.items == 8


def test_what_cannot_be_judged_is_in_no_mean(tmp_path: Path) -> None:
    rows = [(f"i{n}", 1, 1.0, HELD) for n in range(6)]
    unknown = [(f"u{n}", 1, 1.0, {**HELD, "current": None}) for n in range(6)]
    found = gaps(tmp_path, [*rows, *unknown])
    assert found[GAP].value == 0.0
    assert found[GAP].items == 6
    assert found[OUTCOME].items == 6, "success is of the same items"
    assert found["verified"].items == 12


def test_replicates_are_one_item(tmp_path: Path) -> None:
    rows = [(f"i{n}", k, 1.0, {**HELD, "verified": float(k > 1)}) for n in range(6) for k in (1, 2)]
    assert gaps(tmp_path, rows)[GAP].value == 0.5


def test_where_nothing_can_be_judged_there_is_no_value_and_a_reason(tmp_path: Path) -> None:
    rows = [(f"i{n}", 1, 1.0, dict.fromkeys(CLAUSES)) for n in range(6)]
    found = gaps(tmp_path, rows)[GAP]
    assert found.value is None
    assert found.why
