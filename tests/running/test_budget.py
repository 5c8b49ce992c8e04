"""A budget: what tokens cost, what still fits, and what is refused before any call."""

from pathlib import Path

import numpy as np
import pytest

from worktrial.decision import Price
from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence.findings import Stopped
from worktrial.running.budget import Amount, Budget, of, stopped_text
from worktrial.running.forecast import Range, total
from worktrial.running.ledger import Ledger, Spent

PRICES = {"p/a": Price(input=2, output=10, cached=1)}


def test_a_users_price_goes_before_what_inspect_knows() -> None:
    spent = Spent(tokens_in=500_000, tokens_out=100_000, tokens_cached=1_000_000, usd=7)
    # 0.5 × 2 + 0.1 × 10 + 1 × 1
    assert Budget(prices=PRICES).cost("p/a", spent) == Amount(1_600_000, 3.0)
    assert Budget().cost("p/a", spent) == Amount(1_600_000, 7)


def test_what_has_no_price_is_not_known_and_what_is_simulated_or_embedded_costs_nothing() -> None:
    spent = Spent(tokens_in=10, tokens_out=5)
    assert Budget().cost("p/b", spent) == Amount(15, None)
    assert Budget().cost("reference/oracle", spent) == Amount(15, 0.0)
    assert Budget().cost("embedded/smollm2-135m", spent) == Amount(15, 0.0)
    assert Budget().amount({"p/b": spent, "reference/oracle": spent}) == Amount(30, None)
    with pytest.raises(ConfigError, match="no price"):
        of(Amount(30, None), "usd")


def test_every_limit_must_hold() -> None:
    both = Budget(usd=1.0, tokens=100)
    assert both.fits(Amount(60, 0.5), Amount(40, 0.5))
    assert both.lacks(Amount(101, 0.5)) == ["tokens"]
    assert both.lacks(Amount(101, 1.1)) == ["usd", "tokens"]
    assert Budget().fits(Amount(1e12, None), Amount(1e12, None))


@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf")])
def test_a_limit_is_an_amount(limit: float) -> None:
    with pytest.raises(ConfigError, match="`--budget-usd` must be more than 0"):
        Budget(usd=limit).checked(["reference/oracle"])


def test_a_worker_without_a_price_is_refused_with_what_to_write() -> None:
    with pytest.raises(ConfigError) as refused:
        Budget(usd=1, prices=PRICES).checked(["p/a", "p/b", "reference/oracle"])
    assert str(refused.value) == (
        "`--budget-usd` needs the price of p/b; write `p/b: {input: 1.25, output: 10}` with your "
        "US dollars a million tokens, 0 for what costs nothing, into a file and name it by "
        "`--prices FILE`"
    )
    assert Budget(tokens=1, prices=PRICES).checked(["p/a", "p/b"])
    with pytest.raises(ConfigError, match=r"must name a model of this run, p/b; got p/a"):
        Budget(prices=PRICES).checked(["p/b"])


def test_what_some_items_took_is_scaled_with_students_bounds() -> None:
    found = total(np.array([100.0, 140.0]), 10)
    # mean 120; sd 28.2843; t(.975, 1) = 12.7062; half = 12.7062 × 28.2843 / √2 × 10 = 2541.2
    assert found.value == 1200
    assert found.low == 0.0
    assert found.high == pytest.approx(1200 + 2541.2, abs=0.1)
    assert total(np.array([100.0, 140.0]), 2) == Range(240, 240, 240), "all were seen"
    assert total(np.array([100.0]), 3) == Range(300, 0, np.inf), "one item shows no spread"


def test_a_ledger_counts_every_line_once_and_none_that_is_cut_off(tmp_path: Path) -> None:
    call = '{"model": "p/a", "tokens_in": 3, "tokens_out": 2, "tokens_cached": 0}\n'
    one, other = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    one.write_text(call + call[:20])
    ledger = Ledger(tmp_path)
    assert ledger.totals() == {"p/a": Spent(tokens_in=3, tokens_out=2)}
    one.write_text(call + call)
    other.write_text(call)
    assert ledger.totals() == {"p/a": Spent(tokens_in=9, tokens_out=6)}
    assert ledger.totals() == Ledger(tmp_path).totals()
    other.write_text(call + "null\n")
    with pytest.raises(EvidenceError, match="has a line that is no call of a model"):
        Ledger(tmp_path).totals()


def test_what_is_missing_is_said_of_each_trial() -> None:
    stopped = Stopped.model_validate(
        {
            "budget_tokens": 1000,
            "spent_tokens": 900,
            "trials": {
                "relay": {"done": 1, "items": 2, "missing": ["a"]},
                "search": {"done": 1, "items": 7, "missing": list("bcdefg")},
            },
            "blocks": {},
        }
    )
    assert stopped_text(stopped) == (
        "stopped by its budget of 1,000 tokens after 1 of 2 items of relay, 1 of 7 items of "
        "search, complete under all arms and by all workers (900 tokens spent); missing: a, b, c, "
        "d, e and 2 more. The same command with a larger budget goes on"
    )
