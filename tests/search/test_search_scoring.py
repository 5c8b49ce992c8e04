"""Scores of answers and conversations: worked by hand, and by laws that no rewording can break."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.search.conversation import (
    Turn,
    TurnClass,
    score_conversation,
    turn_class,
)
from worktrial.search.extract import clauses_of
from worktrial.search.items import (
    COURSES,
    Constraint,
    Persona,
    SearchItem,
    Stage,
    Trigger,
    Triple,
    draw_items,
)
from worktrial.search.pages import forms
from worktrial.search.scoring import AnswerScore, score_answer
from worktrial.search.world import Fact, World, world

SEED = 5
ITEMS = draw_items(COURSES["pocket"], seed=SEED)
WORLD: World = world(SEED, COURSES["pocket"].pages)


def triple(head: str, relation: str, tail: str) -> Triple:
    return Triple(head=head, relation=relation, tail=tail)


def claim(fact: Fact) -> Triple:
    return triple(fact.head, fact.relation, fact.tail)


def score(item: SearchItem, claims: Sequence[Triple], opened: Sequence[str] = ()) -> AnswerScore:
    return score_answer(item, claims, WORLD, opened)


def numbers(score: AnswerScore) -> tuple[float | None, float, float, float | None]:
    return score.precision, score.recall, score.f1, score.unsupported


def stale(item: SearchItem) -> list[Triple]:
    """What once held of the subjects of an item's scope."""
    facts = (fact for name in item.admissible for fact in WORLD.facts(name))
    return [claim(fact) for fact in facts if fact.until]


def true(item: SearchItem) -> list[Triple]:
    """What holds of the item's scope and is not in the goal."""
    facts = [f for name in item.admissible for f in WORLD.facts(name) if not f.until]
    return [c for c in map(claim, facts) if c not in item.goal]


def false(item: SearchItem) -> list[Triple]:
    """What never held of the subject: what is known of others, and what no one has."""
    own = {(f.relation, f.tail) for f in WORLD.facts(item.subject)}
    others = (f for n in item.admissible for f in WORLD.facts(n) if f.head != item.subject)
    moved = [triple(item.subject, f.relation, f.tail) for f in others
             if (f.relation, f.tail) not in own and f.tail not in WORLD.entities]  # fmt: skip
    return [*moved, triple("Nobody Known", item.wanted[0], "7 EUR")]


# Worked by hand


def test_the_goal_alone_is_worth_all() -> None:
    for item in ITEMS:
        found = score(item, item.goal)
        assert (found.precision, found.recall, found.f1) == (1, 1, 1)
        assert (found.subject, found.candidates, found.intents_met) == (item.subject, 1, 1)


def test_nothing_is_worth_nothing_and_has_no_precision() -> None:
    found = score(ITEMS[0], [])
    assert numbers(found) == (None, 0, 0, None)
    assert (found.subject, found.candidates, found.intents_met) == ("", 0, 0)


def test_two_of_three_with_one_false_and_one_stale() -> None:
    item = next(item for item in ITEMS if stale(item))
    claims = [*item.goal[:2], false(item)[-1], stale(item)[0], true(item)[0]]
    found = score(item, claims)
    # 2 of 3 found; 2 right of 4 that are right or wrong; the true one is neither.
    assert found.recall == pytest.approx(2 / 3)
    assert found.precision == pytest.approx(2 / 4)
    assert found.f1 == pytest.approx(2 * (2 / 3) * 0.5 / (2 / 3 + 0.5))
    assert [found.count(t) for t in ("goal", "true", "stale", "false")] == [2, 1, 1, 1]
    clauses = clauses_of(found)
    assert (clauses["truthful"], clauses["current"]) == (0.0, 0.0)


def test_a_claim_is_supported_by_an_opened_page_that_states_it() -> None:
    item = ITEMS[0]
    stating = [
        page.id
        for page in WORLD.pages()
        if page.kind == "profile" and any(f.head == item.subject for f in page.states)
    ]
    # The profile states what is the subject's own, and not how its person is reached.
    assert score(item, item.goal, [*stating, "p99999", "nonsense"]).unsupported == pytest.approx(
        1 / 3
    )
    assert score(item, item.goal).unsupported == 1


def test_a_persons_relation_may_be_said_of_the_subject() -> None:
    for item in ITEMS:
        hop = item.goal[-1]
        assert hop.head != item.subject
        said = [*item.goal[:-1], triple(item.subject, hop.relation, hop.tail)]
        assert score(item, said).f1 == 1
        assert score(item, [*said, hop]).claims == score(item, said).claims


def test_of_several_subjects_the_least_fitting_counts() -> None:
    item = ITEMS[0]
    other = min(
        (name for name in item.admissible if name != item.subject),
        key=lambda name: WORLD.current(name)[item.wanted[0]] == item.goal[0].tail,
    )
    key = item.wanted[0]
    both = [item.goal[0], triple(other, key, WORLD.current(other)[key])]
    found = score(item, both)
    assert found.candidates == 2
    assert found.subject == other
    assert found.intents_met < 1
    # A second claim about the right one decides it.
    assert score(item, [*both, item.goal[1]]).intents_met == 1


def test_an_answer_about_no_subject_of_the_topic_meets_no_intent() -> None:
    found = score(ITEMS[0], [triple("Nobody Known", ITEMS[0].wanted[0], "7 EUR")])
    assert (found.subject, found.intents_met, found.count("false")) == ("", 0, 1)


# Laws


@st.composite
def answers(draw: st.DrawFn) -> tuple[SearchItem, list[Triple]]:
    """An item and some claims of every class."""
    item = draw(st.sampled_from(ITEMS))
    pool = [*item.goal, *true(item)[:20], *stale(item)[:10], *false(item)[:10]]
    return item, draw(st.lists(st.sampled_from(pool), max_size=12))


@given(answers(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(
    answer: tuple[SearchItem, list[Triple]], rng: Random
) -> None:
    item, claims = answer
    again = claims + claims
    rng.shuffle(again)
    assert numbers(score(item, again)) == numbers(score(item, claims))
    assert score(item, again).intents_met == score(item, claims).intents_met


@given(answers(), st.data())
def test_alias_unit_and_date_form_change_nothing(
    answer: tuple[SearchItem, list[Triple]], data: st.DataObject
) -> None:
    item, claims = answer
    said = []
    for one in claims:
        entity = WORLD.entities.get(one.head)
        head = data.draw(st.sampled_from([one.head, *(entity.aliases if entity else ())]))
        tail = data.draw(st.sampled_from(forms(item.about, one.relation, one.tail)))
        said.append(triple(head.upper(), one.relation, tail))
    assert score(item, said).claims == score(item, claims).claims


@given(answers(), st.data())
def test_a_true_claim_that_was_not_asked_for_changes_nothing(
    answer: tuple[SearchItem, list[Triple]], data: st.DataObject
) -> None:
    item, claims = answer
    more = [*claims, data.draw(st.sampled_from(true(item)))]
    assert numbers(score(item, more))[:3] == numbers(score(item, claims))[:3]


@given(answers(), st.data())
def test_a_false_claim_never_raises_precision(
    answer: tuple[SearchItem, list[Triple]], data: st.DataObject
) -> None:
    item, claims = answer
    before = score(item, claims)
    after = score(item, [*claims, data.draw(st.sampled_from(false(item)))])
    assert after.precision is not None
    assert after.precision <= (1 if before.precision is None else before.precision)
    assert after.f1 <= before.f1
    assert after.recall == before.recall


@given(answers(), st.integers(0, 11))
def test_leaving_a_claim_out_never_raises_recall(
    answer: tuple[SearchItem, list[Triple]], at: int
) -> None:
    item, claims = answer
    fewer = claims[:at] + claims[at + 1 :]
    assert score(item, fewer).recall <= score(item, claims).recall


@given(answers())
def test_f1_is_one_only_for_the_whole_goal_and_nothing_wrong(
    answer: tuple[SearchItem, list[Triple]],
) -> None:
    item, claims = answer
    found = score(item, claims)
    whole = set(item.goal) <= set(claims)
    clean = not found.count("stale") and not found.count("false")
    assert (found.f1 == 1) == (whole and clean)


# Conversations


def stage(attribute: str, trigger: Trigger) -> Stage:
    constraint = Constraint(attribute=attribute, operator="is", value="x")
    return Stage(constraint=constraint, trigger=trigger, line=f"{attribute} x")


PERSONA = Persona(
    style="terse",
    patience=None,
    stages=(stage("country", "asked"), stage("currency", "mentioned"), stage("lead", "asked")),
)


def test_a_conversation_measured_by_hand() -> None:
    turns = [
        # Two asked about, one tells something, the other the person does not mind.
        Turn("a", asks=("country", "colour"), questions=2, words=10, fired=(0,),
             uncovered=("colour",)),
        # Both again: two redundant asks.
        Turn("b", asks=("country", "colour"), questions=1, words=20, uncovered=("colour",)),
        # Something brought up in passing.
        Turn("c", questions=0, words=3, fired=(1,)),
        Turn("d", words=7, answers=True),
    ]  # fmt: skip
    found = score_conversation(PERSONA, turns, intents_met=0.75)
    assert found.turns == 4
    assert found.elicitation == 1 / 2
    assert found.on_target == 1 / 4
    assert found.redundant == 2
    assert found.questions_per_turn == 3 / 4
    assert found.words_per_turn == 40 / 4
    assert found.premature is True
    assert found.satisfaction == 0.75
    assert sum(found.classes.values()) == 4
    late = score_conversation(PERSONA, turns, intents_met=0.75, impatient=True)
    assert late.satisfaction == 0


def test_an_answer_after_all_was_told_is_not_premature() -> None:
    turns = [Turn("a", asks=("country", "lead"), fired=(0, 1, 2)), Turn("b", answers=True)]
    assert score_conversation(PERSONA, turns, intents_met=1).premature is False
    refused = [*turns[:1], Turn("b", answers=True, refused=True)]
    assert score_conversation(PERSONA, refused, intents_met=1).premature is None
    unanswered = score_conversation(PERSONA, turns[:1], intents_met=0)
    assert unanswered.premature is None
    assert unanswered.satisfaction == 0


def test_what_cannot_be_measured_is_missing() -> None:
    found = score_conversation(PERSONA, [], intents_met=0)
    assert (found.on_target, found.questions_per_turn, found.words_per_turn) == (None, None, None)
    volunteer = Persona(style="terse", patience=None, stages=PERSONA.stages[1:2])
    assert score_conversation(volunteer, [Turn("a")], intents_met=0).elicitation is None


@pytest.mark.parametrize(
    ("turn", "name"),
    [
        (Turn(" \n"), "missing"),
        (Turn("FINAL ANSWER\nx", answers=True, asks=("a", "b", "c")), "answer attempt"),
        (Turn("Which a, b and c?", asks=("a", "b", "c"), questions=1), "interrogation"),
        (Turn("Which a, a and a?", asks=("a", "a", "a"), questions=1), "clarification"),
        (Turn("Anything else?", questions=1), "clarification"),
        (Turn("I'm sorry, I cannot help with that."), "refusal"),
        (Turn("It might be either of the two."), "hedge"),
        (Turn("I have looked at the list."), "discussion"),
    ],
)
def test_a_message_has_one_class(turn: Turn, name: TurnClass) -> None:
    assert turn_class(turn) == name
