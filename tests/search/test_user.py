"""The simulated user answers what it is asked, tells what is due, and volunteers nothing."""

import asyncio
from typing import Any

import pytest
from conversations import GREEDY, HABITS, NAMES, in_words, make_item, mention, question, script
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from worktrial.search.asking import NameIndex
from worktrial.search.items import STYLES, Constraint, Persona, SearchItem, Stage, Style, Trigger
from worktrial.search.styles import PHRASES, listed, phrase
from worktrial.search.topics import TOPICS
from worktrial.search.user import SimulatedUser, UserTurn
from worktrial.search.voicing import voice_fault, voiced
from worktrial.search.words import read_line


def _stage(key: str, operator: Any, value: str, trigger: Trigger, line: str) -> Stage:
    constraint = Constraint(attribute=key, operator=operator, value=value)
    return Stage(constraint=constraint, trigger=trigger, line=line)


COUNTRY = _stage("country", "is", "Poland", "asked", "It has to be from Poland.")
LEAD = _stage("lead_days", "at most", "12 days", "mentioned", "The lead time is at most 12 days.")
TERMS = _stage("delivery_terms", "is", "DAP", "shown", "Delivery terms: DAP.")
ORDER = _stage(
    "minimum_order", "at most", "200 units", "mentioned", "Minimum order at most 200 units."
)


def _item(
    *stages: Stage, style: Style = "terse", patience: int | None = None, topic: str = "suppliers"
) -> SearchItem:
    persona = Persona(style=style, patience=patience, stages=stages)
    return make_item(0).model_copy(update={"persona": persona, "topic": topic})


def _talk(user: SimulatedUser, *messages: str) -> list[UserTurn]:
    return [user.hear(message) for message in messages]


# --- telling ---


def test_a_question_gets_the_exact_line() -> None:
    (turn,) = _talk(SimulatedUser(_item(COUNTRY)), "Which country should it be from?")
    assert (turn.turn, turn.fired, turn.line) == (1, (0,), "It has to be from Poland.")
    assert (turn.ended, turn.why, turn.patience) == (False, None, None)


def test_an_asked_stage_is_not_told_on_a_mention() -> None:
    (turn,) = _talk(SimulatedUser(_item(COUNTRY)), "I found one in Poland.")
    assert (turn.fired, turn.line) == ((), "Fine.")


def test_a_mentioned_stage_is_told_on_any_mention() -> None:
    (turn,) = _talk(SimulatedUser(_item(LEAD)), "Their lead time is 30 days.")
    assert (turn.fired, turn.line) == ((0,), LEAD.line)


def test_a_mentioned_stage_waits_for_earlier_ones_but_a_question_does_not() -> None:
    user = SimulatedUser(_item(ORDER, LEAD))
    waiting, asked = _talk(user, "Their lead time is 30 days.", "What lead time do you need?")
    assert waiting.fired == ()
    assert asked.fired == (1,)


def test_an_asked_stage_holds_nothing_up() -> None:
    (turn,) = _talk(SimulatedUser(_item(COUNTRY, LEAD)), "Their lead time is 30 days.")
    assert turn.fired == (1,)


def test_one_message_can_set_off_several_stages_in_order() -> None:
    message = f"{NAMES[0]} has a lead time of 30 days and a minimum order of 5."
    (turn,) = _talk(SimulatedUser(_item(LEAD, TERMS, ORDER)), message)
    assert turn.fired == (0, 1, 2)
    assert turn.line == f"{LEAD.line} {TERMS.line} {ORDER.line}"


def test_a_shown_stage_is_put_off_until_something_was_shown() -> None:
    user = SimulatedUser(_item(TERMS))
    early, shown = _talk(user, "Which delivery terms do you want?", f"What about {NAMES[1]}?")
    assert early.put_off == ("delivery_terms",)
    assert early.line == "About the delivery terms I can't say yet."
    assert (shown.fired, shown.line) == ((0,), TERMS.line)


def test_a_shown_stage_out_of_order_can_be_asked_for_once_something_was_shown() -> None:
    user = SimulatedUser(_item(LEAD, TERMS))
    shown, asked = _talk(user, f"What about {NAMES[1]}?", "Which delivery terms do you want?")
    assert shown.fired == ()
    assert asked.fired == (1,)


def test_what_was_told_is_repeated_when_asked_for_again() -> None:
    user = SimulatedUser(_item(COUNTRY))
    _, again = _talk(user, "Which country?", "Sorry, which country was it?")
    assert (again.fired, again.repeated) == ((), (0,))
    assert again.line == "As I said: It has to be from Poland."


def test_what_was_told_is_not_repeated_on_a_mention() -> None:
    _, again = _talk(SimulatedUser(_item(LEAD)), "Their lead time is 3 days.", "Lead time: 5 days.")
    assert (again.repeated, again.line) == ((), "Go on.")


def test_it_does_not_mind_what_it_does_not_cover() -> None:
    user = SimulatedUser(_item(COUNTRY))
    (turn,) = _talk(user, "Which currency do you pay in? And which certification is needed?")
    assert turn.uncovered == ("certification", "currency")
    assert turn.line == "No preference about the certification and the invoicing currency."


def test_everything_that_was_asked_is_answered_in_one_line() -> None:
    user = SimulatedUser(_item(COUNTRY, TERMS))
    (turn,) = _talk(user, "Which country? Which delivery terms? Which currency?")
    assert turn.line == (
        "It has to be from Poland. About the delivery terms I can't say yet. "
        "No preference about the invoicing currency."
    )


@pytest.mark.parametrize("greedy", GREEDY)
@pytest.mark.parametrize("style", STYLES)
def test_nobody_gets_everything_by_asking_for_everything(greedy: str, style: Style) -> None:
    (turn,) = _talk(SimulatedUser(_item(COUNTRY, LEAD, TERMS, style=style)), greedy)
    assert (turn.fired, turn.repeated, turn.uncovered, turn.put_off) == ((), (), (), ())
    assert turn.line == phrase(style, "nothing", 1)


# --- ending ---


def test_an_answer_ends_it_without_a_word() -> None:
    user = SimulatedUser(_item(COUNTRY))
    (turn,) = _talk(user, "**FINAL ANSWER**\nIt is Brelda Works. Which country?")
    assert (turn.line, turn.ended, turn.why, turn.fired) == ("", True, "answered", ())
    with pytest.raises(RuntimeError, match="over"):
        user.hear("Hello?")


def test_patience_runs_out_after_turns_in_a_row_without_anything_new() -> None:
    user = SimulatedUser(_item(COUNTRY, LEAD, style="impatient", patience=2))
    turns = _talk(user, "Hm.", "Which country?", "Which country?", "Which currency?")
    assert [turn.patience for turn in turns] == [1, 2, 1, 0]
    assert [turn.ended for turn in turns] == [False, False, False, True]
    assert turns[-1].why == "gave up"
    assert turns[-1].line == (
        "I don't care about the invoicing currency, get on with it. "
        "Enough, I have no more time for this."
    )


def test_without_a_limit_it_never_loses_patience() -> None:
    turns = _talk(SimulatedUser(_item(COUNTRY)), *["Hm."] * 50)
    assert not any(turn.ended for turn in turns)
    assert {turn.patience for turn in turns} == {None}


def test_an_answer_is_not_taken_before_enough_was_asked() -> None:
    user = SimulatedUser(_item(COUNTRY, LEAD), least_questions=2)
    early, asked, still, more, taken = _talk(
        user,
        "FINAL ANSWER\nBrelda Works, lead time 3 days. Which country?",
        "Which country?",
        "FINAL ANSWER\nIt is it.",
        "Do you have a favourite colour?",
        "FINAL ANSWER\nIt is it.",
    )
    assert (early.refused, early.fired, early.line) == (True, (), "Ask me a few things first.")
    assert (asked.fired, still.refused, more.line) == ((0,), True, "Fine.")
    assert (taken.ended, taken.why) == (True, "answered")


# --- names and styles ---


def test_names_are_those_of_the_item_unless_others_are_given() -> None:
    own = SimulatedUser(_item(TERMS)).hear("What about Zorn Supply?")
    given_names = SimulatedUser(_item(TERMS), NameIndex(["Zorn Supply"]))
    assert own.fired == ()
    assert given_names.hear("What about Zorn Supply?").fired == (0,)


@pytest.mark.parametrize("style", STYLES)
def test_every_phrase_does_its_act_and_says_no_value(style: Style) -> None:
    for topic in TOPICS.values():
        what = listed(topic.attributes)
        everything = tuple(attribute.key for attribute in topic.attributes)
        for act, phrases in PHRASES[style].items():
            for text in phrases:
                line = read_line(text.format(what=what, line="Well."), topic)
                assert line.said == ()
                assert line.indifferent == (everything if act == "indifferent" else ())
                assert line.put_off == (everything if act == "put off" else ())
                assert line.wants_questions == (act == "ask first")


# --- laws ---

_TEXT = st.one_of(
    st.text(max_size=60),
    st.sampled_from([q for t in TOPICS.values() for a in t.attributes for q in (question(a),)]),
    st.sampled_from([q for t in TOPICS.values() for a in t.attributes for q in (mention(a),)]),
    st.sampled_from([*GREEDY, *NAMES, "FINAL ANSWER\nnone"]),
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 500), st.lists(_TEXT, max_size=8), st.integers(0, 2))
def test_telling_is_monotone_and_no_line_states_what_is_not_told(
    number: int, messages: list[str], least: int
) -> None:
    item = make_item(number)
    user = SimulatedUser(item, least_questions=least)
    told: set[int] = set()
    for message in messages:
        turn = user.hear(message)
        assert not told & set(turn.fired)
        assert set(turn.repeated) <= told
        told |= set(turn.fired)
        spoken = {
            i for i, s in enumerate(item.persona.stages) if in_words(s.constraint) in turn.line
        }
        lines = {i for i, s in enumerate(item.persona.stages) if s.line in turn.line}
        assert lines == set(turn.fired) | set(turn.repeated)
        values = {item.persona.stages[i].constraint.value for i in lines}
        assert {item.persona.stages[i].constraint.value for i in spoken} <= values | {"none"}
        if turn.ended:
            break


@pytest.mark.parametrize("habit", HABITS)
def test_a_transcript_can_be_replayed(habit: str) -> None:
    for number in range(6):
        item = make_item(number)
        assert _transcript(item, habit, number) == _transcript(item, habit, number)


def _transcript(item: SearchItem, habit: str, number: int) -> list[UserTurn]:
    user, turns = SimulatedUser(item), []
    for message in script(item, habit, number):
        turns.append(user.hear(message))
        if turns[-1].ended:
            break
    return turns


# --- a model's voice ---


def _voice(*texts: str) -> Any:
    outputs = [ModelOutput.from_content("mockllm/model", text) for text in texts]
    for output in outputs:
        output.usage = ModelUsage()  # else the mock counts tokens with files from the network
    return get_model("mockllm/model", custom_outputs=outputs)


def test_a_models_words_are_used_if_they_say_the_same() -> None:
    item = _item(COUNTRY, LEAD)
    turn = SimulatedUser(item).hear("Which country?")
    spoken = asyncio.run(voiced(turn, item, _voice("Oh, Poland it is,\nplease!")))
    assert spoken == ("Oh, Poland it is, please!", True, "")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "nothing was said"),
        ("From Germany, please.", "something else about country"),
        ("Somewhere in the east.", "does not say country"),
        ("Poland, and a lead time of at most 12 days.", "says lead_days"),
        ("Poland, invoiced in EUR please.", "something about currency"),
        ("Poland. I don't mind about the certification.", "does not mind"),
        ("Poland. I can't say anything about the certification yet.", "puts off"),
        ("Poland. Ask me something else first.", "asks to be asked"),
    ],
)
def test_a_models_words_are_dropped_if_they_say_anything_else(text: str, wrong: str) -> None:
    item = _item(COUNTRY, LEAD)
    turn = SimulatedUser(item).hear("Which country?")
    spoken = asyncio.run(voiced(turn, item, _voice(text)))
    assert (spoken.line, spoken.voiced) == (COUNTRY.line, False)
    assert wrong in spoken.fault


def test_a_voice_must_not_turn_a_bound_around_or_forget_that_it_repeats() -> None:
    item = _item(LEAD)
    user = SimulatedUser(item)
    first, again = _talk(user, "Lead time?", "Which lead time?")
    assert voice_fault("The lead time: 12 days at most.", first, item) == ""
    assert "something else" in voice_fault("At least 12 days of lead time.", first, item)
    assert voice_fault("As I said, twelve days at most.", again, item) == ""
    assert "had told" in voice_fault("Twelve days at most.", again, item)


def test_an_empty_line_needs_no_voice() -> None:
    item = _item(COUNTRY)
    turn = SimulatedUser(item).hear("FINAL ANSWER\nx")
    assert asyncio.run(voiced(turn, item, _voice())) == ("", False, "")
