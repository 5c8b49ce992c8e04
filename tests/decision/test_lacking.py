"""What a verdict still lacks, and what that costs; worked by hand."""

from typing import Any

import pytest

from decision.made import findings
from worktrial.decision.lacking import MOST_ITEMS, with_lacking
from worktrial.evidence.findings import Claim, Cost, Estimate

SPENT = [
    Cost(worker="a", trial="relay", tokens_in=9000, tokens_out=1000, usd=2.0),
    Cost(worker="b", trial="relay", tokens_in=4000, tokens_out=1000, usd=1.0),
    Cost(worker="a", trial="search", tokens_in=7, tokens_out=7, usd=7.0),
]


def estimate(**fields: Any) -> Estimate:
    """A gap of .1 [−.1, .3] of ten items."""
    known = {"id": "e", "trial": "relay", "metric": "fidelity", "worker": "a", "value": 0.1,
             "low": -0.1, "high": 0.3, "items": 10, "clusters": 10,
             "method": "paired-t"}  # fmt: skip
    return Estimate.model_validate({**known, **fields})


def claim(**fields: Any) -> Claim:
    known = {"id": "c", "text": "it loses at most so much", "estimates": ("e",), "threshold": 0.2,
             "verdict": "cannot-tell"}  # fmt: skip
    return Claim.model_validate({**known, **fields})


def lacks(
    of: Estimate | None = None, said: Claim | None = None, spent: list[Cost] | None = None
) -> tuple[int | None, int | None, float | None]:
    """Items, tokens and dollars that a claim lacks."""
    found = findings([of or estimate()], [said or claim()])
    (one,) = with_lacking(found, SPENT if spent is None else spent)
    return one.more_items, one.more_tokens, one.more_usd


def test_an_end_twice_too_far_lacks_three_times_the_items_and_one() -> None:
    # .3 is .2 away, the threshold .1: more than 4·10 in all, which is 31 more than 10. Ten cost
    # 10,000 tokens and two dollars.
    assert lacks() == (31, 31_000, 6.2)


def test_sparse_damage_lacks_as_many_as_its_end_is_too_far() -> None:
    assert lacks(estimate(method="clopper-pearson")) == (11, 11_000, 2.2)


def test_an_end_on_the_threshold_lacks_one() -> None:
    assert lacks(estimate(high=0.2)) == (1, 1000, 0.2)


@pytest.mark.parametrize("verdict", ["met", "missed"])
def test_only_what_cannot_be_told_lacks_something(verdict: str) -> None:
    assert lacks(said=claim(verdict=verdict)) == (None, None, None)


def test_without_a_threshold_or_with_several_estimates_nothing_is_said() -> None:
    assert lacks(said=claim(threshold=None)) == (None, None, None)
    assert lacks(said=claim(estimates=())) == (None, None, None)
    assert lacks(said=claim(estimates=("unknown",))) == (None, None, None)
    other = estimate(id="f")
    found = findings([estimate(), other], [claim(estimates=("e", "f"))])
    assert [c.more_items for c in with_lacking(found, SPENT)] == [None]


@pytest.mark.parametrize(
    "fields",
    [{"value": None}, {"low": None}, {"high": None}, {"clusters": None}, {"clusters": 0}],
)
def test_without_an_interval_nothing_is_said(fields: dict[str, Any]) -> None:
    assert lacks(estimate(**fields)) == (None, None, None)


def test_a_threshold_out_of_the_interval_is_not_what_it_lacks() -> None:
    assert lacks(said=claim(threshold=0.31)) == (None, None, None)
    assert lacks(said=claim(threshold=-0.11)) == (None, None, None)


def test_a_value_on_the_threshold_is_never_settled() -> None:
    assert lacks(said=claim(threshold=0.1)) == (None, None, None)


def test_beyond_what_anyone_runs_nothing_is_said() -> None:
    # 20,000 in all are 44.7 times too far for ten.
    assert MOST_ITEMS == 20_000
    assert lacks(estimate(high=0.1 + 0.1 * 44.7))[0] == 19_981 - 10
    assert lacks(estimate(high=0.1 + 0.1 * 44.8)) == (None, None, None)


def test_between_two_workers_that_seem_apart_it_is_nothing_that_must_be_left() -> None:
    # Down to −.1 from .1, whatever the margin of .05 is: more than 4·10. Both cost 15,000 for ten.
    both = estimate(minus_worker="b")
    assert lacks(both, claim(threshold=0.05)) == (31, 46_500, 9.3)
    assert (
        lacks(estimate(minus_worker="b", value=-0.1, low=-0.3, high=0.1), claim(threshold=0.05))[0]
        == 31
    )


def test_between_two_workers_that_seem_level_it_is_the_margin_that_must_be_kept_to() -> None:
    # From .1 to .3, and the margin is .1 further: more than 4·10; the other margin is left already.
    both = estimate(minus_worker="b")
    assert lacks(both, claim(threshold=0.2))[0] == 31
    # .2 down to the margin of −.2, .1 up to that of .2: (.3/.1)²·10 is the more of the two.
    wide = estimate(minus_worker="b", value=0.1, low=-0.4, high=0.4)
    assert lacks(wide, claim(threshold=0.2))[0] == 81


def test_between_equals_there_is_a_margin_to_keep_to() -> None:
    # (.2/.05)²·10 for a difference of exactly 0.
    level = estimate(minus_worker="b", value=0.0, low=-0.2, high=0.2)
    assert lacks(level, claim(threshold=0.05))[0] == 151


def test_tokens_and_dollars_are_told_where_they_are_known_of_all() -> None:
    unpriced = [cost.model_copy(update={"usd": None}) for cost in SPENT]
    assert lacks(spent=unpriced) == (31, 31_000, None)
    uncounted = [cost.model_copy(update={"tokens_out": None}) for cost in SPENT]
    assert lacks(spent=uncounted) == (31, None, 6.2)
    assert lacks(spent=[]) == (31, None, None)


def test_of_two_workers_the_cost_of_one_is_not_that_of_both() -> None:
    both = estimate(minus_worker="b")
    assert lacks(both, claim(threshold=0.05), SPENT[:1]) == (31, None, None)
    one_priced = [SPENT[0], SPENT[1].model_copy(update={"usd": None})]
    assert lacks(both, claim(threshold=0.05), one_priced) == (31, 46_500, None)


def test_the_cost_is_that_of_the_trial() -> None:
    assert lacks(spent=[SPENT[2]]) == (31, None, None)


def test_claims_keep_their_order_and_all_else_that_they_say() -> None:
    claims = [claim(id="one"), claim(id="two", verdict="met"), claim(id="three", threshold=0.25)]
    found = list(with_lacking(findings([estimate()], claims), SPENT))
    added = {"more_items": None, "more_tokens": None, "more_usd": None}
    assert [each.model_copy(update=added) for each in found] == claims
