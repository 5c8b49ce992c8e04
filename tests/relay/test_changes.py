"""Arms with a change: factors and remedies, each against reference workers whose truth is known."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.relay import simulate
from worktrial.relay.answers import Answer
from worktrial.relay.arms import ARMS, CHANGED, CHANGES, arm
from worktrial.relay.baton import Baton
from worktrial.relay.changes import given
from worktrial.relay.check import check
from worktrial.relay.damage import behaviour
from worktrial.relay.items import Errand, RelayItem, custom_course, relay_items
from worktrial.relay.legs import _told
from worktrial.relay.protocol import arm_hash, prompt_hash
from worktrial.relay.remedies import is_review, read_review
from worktrial.relay.scoring import RelayScorer, measures
from worktrial.relay.truth import expected_fidelity

FILES = {"a.csv": "id,n\nx,1\ny,2\n"}
LARGE = {"rewrite+size-3000", "rewrite+size-10000"}


def item(**changes: object) -> RelayItem:
    errand = Errand(name="scale", kind="scale", forward="Go.", backward="Come back.")
    fields: dict[str, object] = {
        "id": "spreadsheet-000", "domain": "spreadsheet", "files": FILES, "distractors": {},
        "schedule": [errand, errand], "budget_tokens": 100, "seed": 5,
    }  # fmt: skip
    return RelayItem.model_validate({**fields, **changes})


def drawn(
    *, items: int = 8, round_trips: int = 4, distractors: int = 0, size: int = 100,
    domains: Sequence[str] = (),
) -> list[RelayItem]:  # fmt: skip
    course = custom_course(
        "pocket", items=items, round_trips=round_trips, size=size, distractors=distractors
    )
    return relay_items(course, seed=3, domains=domains)


def rewritten(csv: str) -> Answer:
    return Answer(f"### a.csv\n\n```\n{csv}```")


# --- names -------------------------------------------------------------------------------------


def test_a_changed_arm_is_its_base_and_one_change() -> None:
    calls = {name for name, change in CHANGES.items() if change.calls}
    assert calls == {"conversation", "verify", "checkpoint-4", "checkpoint-10", "retry"}
    assert {"rewrite+retry", "tools+crowded", "search_replace+size-1000"} <= set(CHANGED)
    assert "tools+retry" not in CHANGED
    for name, changed in CHANGED.items():
        assert arm(name) is changed
        assert changed.base in ARMS
        assert changed.handover == changed.base
    with pytest.raises(ConfigError, match=r"and a change, .*\+retry; got 'tools\+retry'"):
        arm("tools+retry")


def test_every_arm_has_a_hash_of_its_own_and_a_changed_one_holds_its_items() -> None:
    some, others = drawn(items=2), drawn(items=1)
    arms = [name for name in CHANGED if not name.endswith(("alone", "10000"))]
    assert len({arm_hash(name, some) for name in [*ARMS, *arms]}) == len(ARMS) + len(arms)
    assert arm_hash("rewrite", some) == prompt_hash("rewrite") == arm_hash("rewrite", others)
    assert arm_hash("rewrite+repeated", some) != arm_hash("rewrite+repeated", others)


# --- what is given -----------------------------------------------------------------------------


def test_a_factor_changes_one_thing_that_is_given() -> None:
    (one,) = drawn(items=1)
    crowded = given(one, arm("tools+crowded"))
    assert not one.distractors
    assert 25_000 < sum(map(len, crowded.distractors.values())) < 50_000
    assert crowded.model_copy(update={"distractors": {}}) == one
    assert given(crowded, arm("rewrite+alone")) == one
    repeated = given(one, arm("rewrite+repeated"))
    assert len(set(repeated.schedule)) == 1 < len(set(one.schedule))
    assert len(repeated.schedule) == len(one.schedule)
    assert given(one, arm("rewrite+verify")) is one is given(one, arm("rewrite"))


@pytest.mark.parametrize(("name", "tokens"), [("rewrite+size-300", 300), ("tools+size-3000", 3000)])
def test_a_document_of_another_size_comes_with_edits_and_budget_of_its_own(
    name: str, tokens: int
) -> None:
    (one,) = drawn(items=1)
    sized = given(one, arm(name))
    length = sum(map(len, sized.files.values())) / 3.5
    assert tokens / 1.8 < length < tokens * 1.8
    assert (sized.id, sized.seed, len(sized.schedule)) == (one.id, one.seed, len(one.schedule))
    assert sized.budget_tokens > length
    assert given(one, arm(name)) == sized, "it follows from the item"


def test_a_change_that_changes_nothing_is_refused() -> None:
    (plain,), (among,) = drawn(items=1), drawn(items=1, distractors=300)
    with pytest.raises(ConfigError, match=r"`\+alone` takes other files away"):
        given(plain, arm("rewrite+alone"))
    with pytest.raises(ConfigError, match=r"`\+crowded` puts other files beside"):
        given(among, arm("rewrite+crowded"))


# --- remedies, answer by answer ----------------------------------------------------------------


def test_a_leg_is_shown_to_its_worker_once_and_what_it_puts_right_is_handed_on() -> None:
    baton = Baton(item(), arm("rewrite+verify"))
    first = baton.seed
    baton.receive(rewritten("id,n\nx,10\n"))
    assert baton.leg == 0
    assert baton.seed != first
    shown = baton.prompt()
    assert is_review(shown)
    assert " id,n\n-x,1\n-y,2\n+x,10\n" in shown
    assert "### 1 of 1\n\nGo.\n\n## Answer" in shown
    assert read_review(shown) == (FILES, ["Go."])
    baton.receive(rewritten("id,n\nx,10\ny,20\n"))
    assert (baton.leg, baton.files) == (1, {"a.csv": "id,n\nx,10\ny,20\n"})


@pytest.mark.parametrize("said", ["KEEP", "keep.", "I am not sure.", "", "```\nnever closed"])
def test_what_was_made_stays_where_a_review_brings_nothing_else(said: str) -> None:
    baton = Baton(item(), arm("rewrite+verify"))
    baton.receive(rewritten("id,n\nx,10\n"))
    baton.receive(Answer(said))
    assert (baton.leg, baton.outcome) == (1, "ok")
    assert baton.files == {"a.csv": "id,n\nx,10\n"}


def test_a_checkpoint_shows_all_that_was_asked_for_since_the_last_one() -> None:
    errands = [
        Errand(name=f"e{n}", kind="scale", forward=f"Go {n}.", backward=f"Back {n}.")
        for n in range(3)
    ]
    baton = Baton(item(schedule=errands), arm("rewrite+checkpoint-4"))
    for n in range(4):
        assert not is_review(baton.prompt())
        baton.receive(rewritten(f"id,n\nx,{n}\n"))
    assert (baton.leg, is_review(baton.prompt())) == (3, True)
    assert read_review(baton.prompt()) == (FILES, ["Go 0.", "Back 0.", "Go 1.", "Back 1."])
    baton.receive(rewritten("id,n\nx,1\ny,2\n"))
    assert (baton.leg, baton.files) == (4, FILES)


def test_two_answers_that_agree_settle_a_leg_and_two_that_differ_take_a_third() -> None:
    whole, half = "id,n\nx,10\ny,20\n", "id,n\nx,10\n"
    for given_answers, settled in (
        ([whole, whole], whole),
        ([half, whole, whole], whole),
        ([half, whole, "id,n\ny,20\n"], whole),
    ):
        baton = Baton(item(), arm("rewrite+retry"))
        seeds = []
        for csv in given_answers:
            assert baton.leg == 0
            seeds.append(baton.seed)
            baton.receive(rewritten(csv))
        assert (baton.leg, baton.files) == (1, {"a.csv": settled})
        assert len(set(seeds)) == len(seeds)


def test_a_retry_that_gives_nothing_leaves_the_first_and_a_first_that_gives_nothing_drops() -> None:
    baton = Baton(item(), arm("rewrite+retry"))
    for answer in (rewritten("id,n\nx,10\n"), Answer("no"), Answer("no")):
        baton.receive(answer)
    assert (baton.leg, baton.files) == (1, {"a.csv": "id,n\nx,10\n"})
    for _ in range(2):
        baton.receive(Answer("no"))
    assert (baton.leg, baton.outcome) == (1, "protocol")


# --- known truth -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(CHANGED) - LARGE - {"tools+size-10000"}))
def test_the_oracle_scores_full_marks_under_every_change_and_null_workers_nothing(
    name: str,
) -> None:
    items = drawn(items=1, round_trips=2, distractors=300 if name.endswith("alone") else 0)
    assert check(items, arm=arm(name)).sound


def fidelity(worker: str, name: str, items: list[RelayItem]) -> float:
    rows = [
        measures(simulate.relay(i, behaviour(worker), arm=arm(name)), 2 * len(i.schedule))
        for i in items
    ]
    return float(np.mean([row[-1]["fidelity"] for row in rows]))


PLANTED: Mapping[str, Mapping[str, bool]] = {
    "rewrite+crowded": {"distracted-0.1": True, "burdened-0.1": False, "weary-0.1": False},
    "rewrite+conversation": {"weary-0.1": True, "distracted-0.1": False, "burdened-0.1": False},
    "rewrite+size-3000": {"burdened-0.1": True, "distracted-0.1": False, "weary-0.1": False},
    "rewrite+repeated": {"weary-0.1": False},
}
"""Which factor costs which worker something; all are whole without it."""


@pytest.mark.parametrize("name", PLANTED)
def test_a_factor_costs_those_alone_whom_it_burdens(name: str) -> None:
    items = drawn(items=2, round_trips=2)
    for worker, hit in PLANTED[name].items():
        assert fidelity(worker, "rewrite", items) == 1
        assert (fidelity(worker, name, items) < 1) is hit


def test_who_tires_in_a_conversation_does_no_damage_on_its_first_leg() -> None:
    """Legs 2 to 8 drop each unit with a probability of .1: .9^7 of the units remain."""
    items = drawn(items=24)
    truth = np.mean([expected_fidelity(i, behaviour("lossy-0.1"), legs=7)[-1] for i in items])
    found = fidelity("weary-0.1", "rewrite+conversation", items)
    assert found == pytest.approx(truth, abs=0.06)


def test_a_review_recovers_all_that_haste_lost_and_nothing_of_what_care_would_lose() -> None:
    items = drawn(items=8)
    assert fidelity("hasty-0.1", "rewrite", items) < 0.7
    assert fidelity("hasty-0.1", "rewrite+verify", items) == 1
    assert fidelity("hasty-0.1", "rewrite+checkpoint-4", items) == 1
    lost = fidelity("lossy-0.1", "rewrite", items)
    assert fidelity("lossy-0.1", "rewrite+verify", items) == pytest.approx(lost, abs=0.12)


def test_a_checkpoint_leaves_one_loss_of_the_legs_before_it() -> None:
    """A worker that loses in reviews too loses once in four legs instead of four times."""
    items = drawn(items=24)
    truth = np.mean([expected_fidelity(i, behaviour("lossy-0.1"), legs=2)[-1] for i in items])
    found = fidelity("lossy-0.1", "rewrite+checkpoint-4", items)
    assert found == pytest.approx(truth, abs=0.06)


def test_asking_again_leaves_of_catastrophes_those_that_come_three_times() -> None:
    """Of many like units an intact answer is nearer to any half than halves are: (1 − P³/2)^k."""
    items = drawn(items=12, size=2000, domains=["spreadsheet"])
    p = 0.3
    worker, rare = f"catastrophic-{p}", behaviour(f"catastrophic-{p**3}")
    truth = np.mean([expected_fidelity(one, rare, legs=8)[-1] for one in items])
    assert fidelity(worker, "rewrite", items) < 0.5 < 0.85 < truth
    assert fidelity(worker, "rewrite+retry", items) == pytest.approx(truth, abs=0.1)


def test_a_leg_is_told_with_the_answer_that_made_it_and_the_one_to_its_review() -> None:
    # These words are no sentence of the domain, and have no oracle.
    free = [errand.model_copy(update={"scored": False}) for errand in item().schedule]
    scorer = RelayScorer(item(schedule=free), arm("rewrite+verify"))
    told = _told(scorer, [rewritten("id,n\nx,10\n"), Answer("KEEP")])
    assert len(told) == 1
    assert "x,10" in told[0].answer
    assert told[0].answer.endswith("KEEP")


def test_a_remedy_is_replayed_from_its_answers_alone() -> None:
    (one,) = drawn(items=1, round_trips=2)
    scorer = RelayScorer(one, arm("rewrite+retry"))
    said = []
    for answer in simulate._answers(scorer.baton, behaviour("lossy-0.2"), 0):
        said.append(answer)
        scorer.score([answer])
    assert len(said) > 8
    again = RelayScorer(one, arm("rewrite+retry")).score(said)
    assert again == simulate.relay(one, behaviour("lossy-0.2"), arm=arm("rewrite+retry"))
