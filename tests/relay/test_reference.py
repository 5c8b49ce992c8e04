"""Reference workers against their truth, through prompts, answers, parsing and scoring."""

from functools import cache

import numpy as np
import pytest

from worktrial.documents.domain import DOMAINS, FALLBACKS, STANDARD
from worktrial.errors import ConfigError
from worktrial.relay import simulate
from worktrial.relay.damage import behaviour
from worktrial.relay.items import RelayItem, custom_course, relay_items
from worktrial.relay.scoring import measures
from worktrial.relay.truth import expected_fidelity, follow


@cache
def items(count: int, *, size: int = 300, round_trips: int = 5, seed: int = 7) -> list[RelayItem]:
    course = custom_course(
        "pocket", items=count, round_trips=round_trips, size=size, distractors=300
    )
    return relay_items(course, seed=seed)


def final(item: RelayItem, name: str) -> float:
    legs = 2 * len(item.schedule)
    value = measures(simulate.relay(item, behaviour(name)), legs)[-1]["fidelity"]
    assert value is not None
    return value


@pytest.mark.parametrize(
    "domain",
    [pytest.param(name, marks=() if name in STANDARD else pytest.mark.slow)
     for name in (*DOMAINS, *FALLBACKS)],
)  # fmt: skip
def test_the_oracle_scores_full_marks_at_every_leg_of_every_edit(domain: str) -> None:
    course = custom_course("pocket", items=4, round_trips=14, size=600, distractors=500)
    for item in relay_items(course, seed=3, domains=[domain]):
        rows = measures(simulate.relay(item, behaviour("oracle")), 28)
        assert all(v == 1 for row in rows for n, v in row.items() if n in ("fidelity", "forward"))
        assert [row["lossless"] for row in rows[1::2]] == [1] * 14


@pytest.mark.parametrize("domain", [*DOMAINS, *FALLBACKS])
def test_the_null_workers_score_nothing(domain: str) -> None:
    for item in relay_items(custom_course("pocket", items=2, round_trips=3, size=None,
                                          distractors=None), seed=3, domains=[domain]):  # fmt: skip
        for name, outcome in (("empty", "protocol"), ("refusing", "refusal")):
            scores = simulate.relay(item, behaviour(name))
            assert [s.outcome for s in scores] == [outcome]
            assert measures(scores, 6)[-1]["fidelity"] == 0
        scores = simulate.relay(item, behaviour("noop"))
        assert {s.outcome for s in scores if s.direction == "forward"} == {"noop"}
        assert measures(scores, 6)[-1]["work_adjusted"] == 0


@pytest.mark.parametrize(
    "name",
    [
        "lossy-0.05",
        "fragile-0.2-0.5",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("catastrophic-0.1", "inserting-0.05", "altering-0.05")
        ),
    ],
)
def test_the_instrument_finds_each_truth(name: str) -> None:
    """The mean over relays lies within three standard errors of the tracked truth."""
    relays = [item for seed in range(8) for item in items(8, seed=seed)]
    found = np.array([final(item, name) for item in relays])
    truth = np.array([expected_fidelity(i, behaviour(name), legs=10, draws=15)[-1] for i in relays])
    error = (found - truth).std(ddof=1) / len(relays) ** 0.5
    assert abs((found - truth).mean()) < 3 * error + 0.002
    assert 0.2 < truth.mean() < 0.97


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("lossy-0.1", "missing"),
        ("catastrophic-0.5", "missing"),
        ("inserting-0.1", "extra"),
        ("altering-0.02", "altered"),
    ],
)
def test_each_damage_shows_in_the_anatomy_under_its_own_name(name: str, place: str) -> None:
    """A unit of two or three fields that was altered falls under the clip: missing and extra."""
    found = dict.fromkeys(("missing", "extra", "altered", "moved"), 0.0)
    for seed in range(3):
        for item in items(8, seed=seed):
            last = measures(simulate.relay(item, behaviour(name)), 10)[-1]
            found = {n: value + (last[n] or 0.0) for n, value in found.items()}
    both = min(found["missing"], found["extra"])
    assert found[place] >= 0.7 * (sum(found.values()) - both)
    if place != "altered":
        assert found[place] == pytest.approx(sum(found.values()))


def test_the_closed_form_of_insertion_is_the_followed_one() -> None:
    # (1 + P)^−k·(1 + c′), c′ = P(1 − P)(m^k − 1)/(N·m^(k+1)(m − 1)), m = 1 + P, for N equal units.
    p, k = 0.05, 10
    course = custom_course("pocket", items=1, round_trips=1, size=1300, distractors=0)
    table = relay_items(course, seed=1, domains=["spreadsheet"])[0]
    values = [follow(table, behaviour(f"inserting-{p}"), legs=k, seed=s)[-1] for s in range(300)]
    n, m = table.files["orders.csv"].count("\n"), 1 + p
    closed = m**-k * (1 + p * (1 - p) * (m**k - 1) / (n * m ** (k + 1) * (m - 1)))
    assert np.mean(values) == pytest.approx(closed, abs=0.02)


def test_lossy_and_fragile_are_level_after_one_round_trip_and_apart_after_25() -> None:
    item = items(1)[0]
    one, other = (
        expected_fidelity(item, behaviour(name), legs=50)
        for name in ("lossy-0.02", "fragile-0.22284-0.1")
    )
    assert one[1] == pytest.approx(other[1], abs=1e-4)
    assert other[49] - one[49] > 0.3


@pytest.mark.parametrize(
    "name", ["losy-0.1", "lossy", "lossy-2", "lossy-x", "fragile-0.1", "oracle-1"]
)
def test_an_unknown_reference_worker_is_named_in_one_line(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        behaviour(name)
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)
