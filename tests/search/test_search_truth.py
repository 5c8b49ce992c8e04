"""Reference workers in conversation: each scores what its construction says."""

from functools import cache

import numpy as np
import pytest

from worktrial.estimate import mean_interval
from worktrial.search import protocol, styles
from worktrial.search.arms import ARMS, Arm
from worktrial.search.check import check
from worktrial.search.extract import Replay, clauses_of, replayed
from worktrial.search.items import COURSES, SearchItem, draw_items
from worktrial.search.simulate import converse

pytestmark = pytest.mark.xdist_group("search-truth")
"""One process holds the conversations that these tests share."""

COURSE = COURSES["pocket"]
ITEMS = draw_items(COURSE, seed=7)
WITH_USER = [arm for arm in ARMS.values() if arm.user]
ALONE = [arm for arm in ARMS.values() if not arm.user]


def played(name: str, item: SearchItem, arm: Arm, replicate: int = 1) -> Replay:
    kept = converse(name, item, arm, turns=COURSE.turns, replicate=replicate)
    return replayed(item, arm, kept)


@cache
def premature_f1(arm: str) -> np.ndarray:
    """Of every item in a dozen replicates."""
    return np.array(
        [[played("premature", item, ARMS[arm], r + 1).answer.f1 for r in range(12)]
         for item in ITEMS]
    )  # fmt: skip


@pytest.mark.parametrize("arm", ARMS.values(), ids=lambda arm: arm.name)
def test_the_oracle_scores_full_marks_in_every_arm(arm: Arm) -> None:
    for item in ITEMS:
        found = played("oracle", item, arm)
        assert (found.outcome, found.answer.f1, found.answer.intents_met) == ("ok", 1.0, 1.0)
        assert found.answer.unsupported == 0.0, "it read all that it says in pages"


@pytest.mark.parametrize("arm", WITH_USER, ids=lambda arm: arm.name)
def test_the_oracle_asks_exactly_what_must_be_asked(arm: Arm) -> None:
    for item in ITEMS:
        found = played("oracle", item, arm)
        asked = [key for turn in found.turns for key in turn.asks]
        must = [s.constraint.attribute for s in item.persona.stages if s.must_ask]
        assert asked == must
        assert found.score.elicitation == found.score.on_target == 1.0
        assert (found.score.redundant, found.score.premature) == (0, False)
        assert found.score.satisfaction == 1.0


@pytest.mark.parametrize("arm", ALONE, ids=lambda arm: arm.name)
def test_the_premature_worker_answers_a_complete_request_right(arm: Arm) -> None:
    assert [played("premature", item, arm).answer.f1 for item in ITEMS] == [1.0] * len(ITEMS)


@pytest.mark.parametrize("arm", WITH_USER, ids=lambda arm: arm.name)
def test_the_premature_worker_is_right_as_often_as_chance_among_the_admissible(arm: Arm) -> None:
    # One subject of m that the vague request admits: F1 is 1 with chance 1/m, otherwise 0.
    scores = premature_f1(arm.name)
    assert set(np.unique(scores)) <= {0.0, 1.0}
    by_construction = np.mean([1 / len(item.admissible) for item in ITEMS])
    found = mean_interval(scores.mean(axis=1))
    assert found.low <= by_construction <= found.high
    asks = [played("premature", item, arm).score for item in ITEMS]
    assert all(score.elicitation == 0.0 and score.premature for score in asks)


def test_the_elicitation_gap_of_the_premature_worker_is_what_the_construction_says() -> None:
    expected = 1 - np.mean([1 / len(item.admissible) for item in ITEMS])
    full = [played("premature", item, ARMS["full"]).answer.f1 for item in ITEMS]
    missed = mean_interval(np.array(full) - premature_f1("simulated").mean(axis=1))
    assert missed.low <= expected <= missed.high


def test_the_interrogator_burdens_and_repeats_as_constructed() -> None:
    # It asks about all attributes thrice: before and after a repetition, and after a candidate.
    for item in ITEMS:
        found = played("interrogator", item, ARMS["simulated"])
        attributes = len(item.about.attributes)
        asking = [turn for turn in found.turns if turn.asks]
        assert [len(turn.asks) for turn in asking] == [attributes] * 3
        assert [turn.questions for turn in asking] == [attributes] * 3
        told_first = sum(len(turn.fired) for turn in found.turns[:1])
        put_off = sum(s.trigger == "shown" for s in item.persona.stages)
        waiting = len(item.persona.stages) - told_first - put_off
        # Asked again in vain: all but what was put off or still waits for its turn.
        second = attributes - put_off - waiting
        assert found.score.redundant >= second
        assert found.score.turns == 5


def test_the_null_worker_finds_nothing() -> None:
    for arm in ARMS.values():
        for item in ITEMS[:6]:
            found = played("null", item, arm)
            assert (found.answer.f1, found.answer.intents_met) == (0.0, 0.0)
            assert found.outcome in ("protocol", "truncated")
            assert not found.faults


@pytest.mark.parametrize("arm", ARMS.values(), ids=lambda arm: arm.name)
def test_the_instrument_finds_itself_sound(arm: Arm) -> None:
    assert check(ITEMS, arm=arm, most=6).sound


def test_forced_asking_takes_no_answer_before_the_questions() -> None:
    arm = ARMS["forced_ask"]
    found = played("premature", ITEMS[0], arm)
    assert sum(turn.questions for turn in found.turns) >= arm.least_questions
    assert found.transcript.ending == "answered"


def test_a_score_follows_from_the_transcript_alone() -> None:
    item, arm = ITEMS[0], ARMS["simulated"]
    kept = converse("interrogator", item, arm, turns=COURSE.turns)
    assert replayed(item, arm, kept) == replayed(item, arm, kept)


def test_a_word_of_the_simulated_user_is_part_of_the_measurement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def user() -> object:
        protocol._user_hash.cache_clear()
        return protocol.measurement(COURSE, ITEMS, seed=7, arms=["simulated"]).user

    before = user()
    assert user() == before
    changed = {**styles.PHRASES["terse"], "nothing": ("Well.",)}
    monkeypatch.setitem(styles.PHRASES, "terse", changed)
    assert user() != before
    monkeypatch.undo()
    assert user() == before


def test_what_the_oracle_answers_is_clean_and_unread_it_is_not() -> None:
    for item in ITEMS:
        kept = converse("oracle", item, ARMS["full"], turns=COURSE.turns)
        found = clauses_of(replayed(item, ARMS["full"], kept).answer)
        assert found == {"verified": 1.0, "truthful": 1.0, "current": 1.0}
        for exchange in kept.exchanges:
            exchange.opened = []
        unread = clauses_of(replayed(item, ARMS["full"], kept).answer)
        assert unread == {"verified": 0.0, "truthful": 1.0, "current": 1.0}


def test_an_answer_without_statements_breaks_no_clause() -> None:
    for item in ITEMS:
        found = clauses_of(played("null", item, ARMS["full"]).answer)
        assert found == {"verified": 1.0, "truthful": 1.0, "current": 1.0}
