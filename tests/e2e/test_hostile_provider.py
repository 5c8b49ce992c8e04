"""A relay over HTTP through a provider that fails: what it finds, and that every fault adds up."""

from collections import Counter, defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hostile.mood import PAID, Mood
from hostile.provider import Provider
from worktrial.cli.main import main
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Findings

pytestmark = pytest.mark.xdist_group("hostile")
"""One process has the server."""

WORKER = "lossy-0.02"
SERVED = f"openai-api/hostile/{WORKER}"
FAULTS = {"error": 0.05, "rate_limited": 0.05, "empty": 0.02, "truncated": 0.01, "reset": 0.01}
ITEMS, ROUND_TRIPS = 24, 5
OWN = ("empty", "truncated")
"""Faults in which an answer comes: the worker's own, asked once more."""


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def relays(out: Path, model: str, items: int = ITEMS, round_trips: int = ROUND_TRIPS) -> Path:
    sizes = ("--items", items, "--round-trips", round_trips)
    assert command("run", "--model", model, *sizes, "--out", out) == 0
    return out


def rows(out: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What is known of each item, but for times."""
    found = Evidence(out / "evidence.parquet").query(
        "select item, step, metric, value, outcome from evidence "
        "where metric != 'seconds' order by all"
    )
    of_item = defaultdict(list)
    for item, *row in found:
        of_item[item].append(tuple(row))
    return of_item


def attempts(out: Path) -> dict[str, list[int]]:
    """How often each leg of each item was asked."""
    return {
        item: [int(value) for _, metric, value, _ in of if metric == "attempts"]
        for item, of in rows(out).items()
    }


def outcomes(out: Path) -> Counter[str]:
    found = Findings.read(out / "findings.json").outcomes
    return Counter({o.outcome: o.count for o in found})


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return relays(tmp_path_factory.mktemp("undisturbed") / "r", f"reference/{WORKER}")


@pytest.mark.slow
def test_faults_do_not_move_the_estimates_and_every_one_is_accounted_for(
    undisturbed: Path, tmp_path: Path, provider: Provider
) -> None:
    provider.begin(Mood(FAULTS, retry_after_seconds=0.2, seed=1))
    out = relays(tmp_path / "r", SERVED)
    served = provider.counts
    assert all(served[fault] for fault in FAULTS), "every fault was met"

    before, after = (Findings.read(of / "findings.json") for of in (undisturbed, out))
    for leg in range(2, 2 * ROUND_TRIPS + 1, 2):
        truth = before.estimate(f"relay/fidelity/reference/{WORKER}/legs-{leg}")
        found = after.estimate(f"relay/fidelity/{SERVED}/legs-{leg}")
        assert truth.low <= found.value <= truth.high
        assert found.items == ITEMS, "no item is lost"

    asked = attempts(out)
    assert sum(map(sum, asked.values())) == provider.paid
    # An answer of the worker's that could not be used is asked for once more, nothing else is.
    again = sum(n - 1 for of in asked.values() for n in of)
    ended = outcomes(out)
    assert again + ended["protocol"] + ended["truncated"] == sum(served[fault] for fault in OWN)
    assert ended["infrastructure"] == 0

    alone = [item for item, of in asked.items() if set(of) == {1}]
    assert ITEMS / 2 < len(alone) < ITEMS
    whole, disturbed = rows(undisturbed), rows(out)
    for item in alone:
        assert disturbed[item] == whole[item], "failures of the transport leave no trace"


def test_lost_calls_are_infrastructure_and_alone_are_asked_for_the_next_time(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Inspect's retries and with an answer in three that no client retries."""
    items, round_trips = 8, 2
    whole = relays(tmp_path / "whole", f"reference/{WORKER}", items, round_trips)
    monkeypatch.setattr(import_module("worktrial.running.evaluation"), "_RETRIES", 0)
    monkeypatch.setattr(import_module("worktrial.running.run"), "_PASSES", 1)
    provider.begin(Mood({"garbled": 0.3}, seed=1))
    out = relays(tmp_path / "r", SERVED, items, round_trips)
    never = [of for of in provider.history.values() if not set(of) & set(PAID)]
    assert never
    assert outcomes(out)["infrastructure"] == len(never)
    assert set(rows(out)) == set(rows(whole)), "every item is in the evidence"
    assert sum(map(sum, attempts(out).values())) == provider.paid + len(never)

    once = provider.paid
    provider.mood = Mood()
    relays(out, SERVED, items, round_trips)
    legs = items * round_trips * 2
    assert provider.paid == len(provider.history) == legs, "each answer is paid for once"
    assert once < legs
    assert rows(out) == rows(whole)
    assert not (out / "generations").exists()


def test_what_was_lost_is_asked_for_once_more_before_a_run_ends(
    tmp_path: Path, provider: Provider
) -> None:
    provider.begin(Mood({"garbled": 0.1}, seed=1))
    out = relays(tmp_path / "r", SERVED, 8, 2)
    assert provider.counts["garbled"]
    assert outcomes(out) == {"ok": 32}
    assert rows(out) == rows(relays(tmp_path / "whole", f"reference/{WORKER}", 8, 2))
