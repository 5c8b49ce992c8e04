"""Legs scored by hand on one small table."""

from collections.abc import Sequence

import pytest

from worktrial.documents.handover import write_files
from worktrial.relay.answers import Answer
from worktrial.relay.items import Errand, RelayItem
from worktrial.relay.scoring import RelayScorer, compliance, measures

TABLE = "order,quantity,buyer\n" + "".join(f"PO-{i},{i + 1},Weber\n" for i in range(4))
TENFOLD = "order,quantity,buyer\n" + "".join(f"PO-{i},{(i + 1) * 10},Weber\n" for i in range(4))
ERRAND = Errand(
    name="scale",
    kind="scale",
    forward="Multiply the column `quantity` of every row by `10`.",
    backward="Divide the column `quantity` of every row by `10`.",
)


def item(round_trips: int = 2) -> RelayItem:
    return RelayItem(
        id="spreadsheet-000", domain="spreadsheet", files={"a.csv": TABLE}, distractors={},
        schedule=[ERRAND] * round_trips, budget_tokens=100, seed=1,
    )  # fmt: skip


def run(*tables: str | None) -> list[dict[str, float | None]]:
    scores = RelayScorer(item()).score(wrapped(tables))
    return [dict(row) for row in measures(scores, 4)]


def wrapped(tables: Sequence[str | None]) -> list[Answer | None]:
    return [None if t is None else Answer(write_files({"a.csv": t}) if t else "") for t in tables]


def test_a_perfect_relay_scores_one_throughout() -> None:
    rows = run(TENFOLD, TABLE, TENFOLD, TABLE)
    assert [rows[0]["forward"], rows[2]["forward"]] == [1, 1]
    for row in (rows[1], rows[3]):
        assert (row["fidelity"], row["lossless"], row["work_adjusted"]) == (1, 1, 1)


def test_a_worker_that_does_nothing_keeps_the_document_and_earns_no_work() -> None:
    rows = run(TABLE, TABLE, TABLE, TABLE)
    assert rows[0]["forward"] == 0
    assert (rows[3]["fidelity"], rows[3]["work_adjusted"]) == (1, 0)
    scores = RelayScorer(item()).score(wrapped([TABLE] * 4))
    assert [s.outcome for s in scores] == ["noop"] * 4


def test_half_of_the_work_is_half_of_the_way() -> None:
    # Two of four rows done. Unchanged rows keep 2 of 3 fields, so r = 2/3, clipped at .5 to 1/3.
    # The header has three tokens and weighs 3/8, all weighs 4 3/8. L = S/(8.75 − S), with
    # S = 3/8 + 4/3 before and 3/8 + 2 + 2/3 after.
    half = "\n".join([*TENFOLD.splitlines()[:3], *TABLE.splitlines()[3:]]) + "\n"
    before, after = ((3 / 8 + s) / (8.75 - 3 / 8 - s) for s in (4 / 3, 2 + 2 / 3))
    assert run(half)[0]["forward"] == pytest.approx((after - before) / (1 - before))


def test_fidelity_is_measured_against_the_original_not_against_what_was_received() -> None:
    short = "\n".join(TENFOLD.splitlines()[:4]) + "\n"
    shorter = "\n".join(TABLE.splitlines()[:4]) + "\n"
    rows = run(short, shorter, short, shorter)
    assert rows[1]["fidelity"] == rows[3]["fidelity"] == pytest.approx(1 - 1 / 4.375)
    assert rows[2]["forward"] == 1
    assert rows[3]["missing"] == pytest.approx(1 / 4.375)


def test_from_a_dropped_baton_on_nothing_is_left() -> None:
    rows = run(TENFOLD, TABLE, "", "")
    assert rows[1]["fidelity"] == 1
    assert rows[2]["forward"] == 0
    assert (rows[3]["fidelity"], rows[3]["lossless"], rows[3]["work_adjusted"]) == (0, 0, 0)


def test_a_lost_call_ends_the_relay_without_a_score() -> None:
    rows = run(TENFOLD, TABLE, None)
    assert rows[1]["fidelity"] == 1
    assert rows[2] == {}
    assert rows[3] == {"fidelity": None, "lossless": None, "work_adjusted": None}


def test_compliance_is_the_way_that_was_gone() -> None:
    assert compliance(0.5, 0.75) == 0.5
    assert compliance(0.5, 0.2) == 0
    assert compliance(0.5, 1.0) == 1
