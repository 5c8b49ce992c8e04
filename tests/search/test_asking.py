"""The matcher says what a message asks about, brings up and shows."""

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worktrial.search.agreement import Part, Question, labelled, matcher_agreement
from worktrial.search.asking import Heard, NameIndex, hear
from worktrial.search.cues import CUES, brought_up, folded
from worktrial.search.sentences import MOST_CHARACTERS, sentences
from worktrial.search.topics import TOPICS

NAMES = NameIndex(["Brelda Works", "Brelda", "KRT-10422", "Jana Vost"])


def _hear(topic: str, message: str) -> Heard:
    return hear(message, TOPICS[topic], NAMES)


ASKING = [
    ("suppliers", "Which country should it be from?", ["country"]),
    ("suppliers", "Is a French firm OK and are 30 days to pay enough", ["country", "payment_days"]),
    ("suppliers", "Do you need any certificates, e.g. ISO 9001?", ["certification"]),
    ("suppliers", "Their lead time is 12 days, would you accept that?", ["lead_days"]),
    ("suppliers", "They only sell from 500 units on. Would that be a problem?", ["minimum_order"]),
    ("suppliers", "Let me know how soon you need it.", ["lead_days"]),
    ("people", "How senior must they be, and in what language?", ["language", "grade"]),
    ("people", "Is a basic clearance enough?", ["clearance"]),
    ("people", "What security level do they need?", ["clearance"]),
    ("people", "What level of experience do you need?", ["grade"]),
    ("people", "When do you need somebody?", ["available"]),
    ("people", "Could you share your preferred working mode.", ["mode"]),
    ("studies", "How many people should have taken part?", ["sample"]),
    ("studies", "How long should they have been followed?", ["months"]),
    ("studies", "What is the oldest year of publication that you would accept?", ["published"]),
    ("venues", "How many people will come?", ["capacity"]),
    ("venues", "Will your guests want lunch?", ["catering"]),
    ("venues", "What's your budget?", ["day_rate"]),
    ("defects", "How many devices have it, and since when?", ["units", "seen"]),
    ("defects", "Who reported it?", ["channel"]),
    ("policies", "Who is it for?", ["group"]),
    ("policies", "How many days in advance can you ask?", ["notice_days"]),
    ("policies", "Who has to sign it off?", ["approval"]),
    ("venues", "Wie viele Gäste kommen?", ["capacity"]),
    ("venues", "Quel est votre budget ?", ["day_rate"]),
    ("suppliers", "¿En qué moneda quiere pagar?", ["currency"]),
    ("people", "Od kiedy ma być dostępna?", ["available"]),
    ("venues", "Please tell me:\n- the budget\n- the number of guests", ["capacity", "day_rate"]),
    ("venues", "1. **Guests:** how many?\n2. **Meals:** any?", ["catering", "capacity"]),
    ("people", 'Here is my question: "Which office should they be in?"', ["office"]),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "message", "asked"), ASKING)
def test_a_question_asks_about_its_attributes(topic: str, message: str, asked: list[str]) -> None:
    heard = _hear(topic, message)
    assert sorted(heard.asks) == sorted(asked)
    assert set(heard.asks) <= set(heard.mentions)
    assert heard.questions >= 1


NOT_ASKING = [
    ("suppliers", "Their lead time is 12 days.", ["lead_days"]),
    ("venues", "How many people fit in? The site says 120.", ["capacity"]),
    ("venues", "Their form asks how many guests there are.", ["capacity"]),
    ("suppliers", 'The page pops up with "Which currency do you want?" again.', ["currency"]),
    ("defects", "Why would production report this? Strange.", ["channel"]),
    ("venues", "You asked how far the station is: nine minutes.", ["station_minutes"]),
    ("suppliers", "There is no need to tell me your payment term.", ["payment_days"]),
    ("suppliers", "Do you want to know their lead time?", ["lead_days"]),
    ("suppliers", "Shall I look up the certification of each?", ["certification"]),
    ("venues", "Would you like a summary?", []),
    ("policies", "Shall I keep going?", []),
    ("policies", "Do you want the policy owner's e-mail address?", []),
    ("suppliers", "Would you like the unit price?", []),
    ("studies", "I will search for route planning next.", []),
    ("suppliers", "Tell me everything you want.", []),
    ("people", "", []),
]


@pytest.mark.parametrize(("topic", "message", "mentioned"), NOT_ASKING)
def test_what_is_only_said_or_offered_asks_nothing(
    topic: str, message: str, mentioned: list[str]
) -> None:
    heard = _hear(topic, message)
    assert heard.asks == ()
    assert list(heard.mentions) == mentioned


@pytest.mark.parametrize("topic", TOPICS)
def test_every_label_is_understood(topic: str) -> None:
    for attribute in TOPICS[topic].attributes:
        assert _hear(topic, f"Which {attribute.label} do you need?").asks == (attribute.key,)
        remark = _hear(topic, f"I am also looking at the {attribute.label}.")
        assert (remark.asks, remark.mentions) == ((), (attribute.key,))


@pytest.mark.parametrize("topic", TOPICS)
def test_every_attribute_has_cues_and_every_value_of_a_question_is_understood(topic: str) -> None:
    assert list(CUES[topic]) == [attribute.key for attribute in TOPICS[topic].attributes]
    for attribute in TOPICS[topic].attributes:
        for choice in attribute.choices or {}:
            text = f"Should the {attribute.label} be {choice}?"
            assert attribute.key in _hear(topic, text).asks


def test_a_statement_before_a_question_is_only_mentioned() -> None:
    heard = _hear("venues", "I see that lunch is included, but what is your budget?")
    assert (heard.asks, heard.mentions) == (("day_rate",), ("catering", "day_rate"))


def test_the_longer_of_two_cues_counts() -> None:
    assert brought_up("the security level", TOPICS["people"]) == ("clearance",)
    assert brought_up("the level", TOPICS["people"]) == ("grade",)


def test_weak_cues_give_way_to_strong_ones() -> None:
    venues = TOPICS["venues"]
    assert brought_up("how many", venues) == ("capacity",)
    assert brought_up("how many minutes", venues) == ("station_minutes",)
    assert brought_up("how many", venues, weakly=False) == ()


def test_words_are_folded() -> None:
    assert folded("Gdańsk – 1,250 €/day!") == " gdansk 1250 eur day "


def test_questions_are_counted_by_sentence() -> None:
    heard = _hear("venues", "What is your budget? I see. How many guests? And do you like jazz?")
    assert heard.questions == 3
    assert heard.words == 14


# --- names ---


def test_names_are_found_in_any_case_and_the_longest_counts() -> None:
    assert _hear("suppliers", "See BRELDA WORKS, Jana Vost and krt-10422.").shows == (
        "Brelda Works",
        "Jana Vost",
        "KRT-10422",
    )


def test_a_name_of_one_word_counts_only_as_it_is_written() -> None:
    assert _hear("suppliers", "See Brelda.").shows == ("Brelda",)
    assert _hear("suppliers", "a brelda, that is").shows == ()


def test_each_name_counts_once_and_parts_of_words_do_not() -> None:
    assert _hear("suppliers", "Jana Vost, Jana Vost, Jana Vostok").shows == ("Jana Vost",)


# --- answers ---


@pytest.mark.parametrize(
    "message",
    [
        "FINAL ANSWER\nx", "final answer: x", "Right.\n**Final Answer**\nx", "## Final answer\nx",
        "__FINAL ANSWER:__ x", "FINAL ANSWER x", "x\r\nFINAL ANSWER\r\nx", "Final answer – x",
        "a" * 30_000 + "\nFINAL ANSWER\nx",
    ],
)  # fmt: skip
def test_a_line_with_the_words_makes_it_an_answer(message: str) -> None:
    assert _hear("venues", message).final


@pytest.mark.parametrize(
    "message", ["", "My final answer will follow.", "Final answers are hard.", "The FINAL ANSWER"]
)
def test_the_words_within_a_sentence_do_not(message: str) -> None:
    assert not _hear("venues", message).final


# --- anything at all ---


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(TOPICS)), st.text(max_size=300))
def test_anything_can_be_heard(topic: str, message: str) -> None:
    heard = _hear(topic, message)
    keys = [attribute.key for attribute in TOPICS[topic].attributes]
    assert set(heard.asks) <= set(heard.mentions) <= set(keys)
    assert heard == _hear(topic, message)


@pytest.mark.parametrize(
    "piece",
    ["a", "? ", "how many ", '"how ', "( ", "- ", "i would like to ", "FINAL ANSWER ", "\n"],
)
def test_a_huge_message_is_cut(piece: str) -> None:
    message = piece * (1_000_000 // len(piece))
    heard = _hear("venues", message + " What is your budget?")
    assert "day_rate" not in heard.asks
    assert sum(len(s.text) for s in sentences(message)) <= MOST_CHARACTERS


# --- agreement with labels ---


@pytest.mark.parametrize(("part", "utterances"), [("development", 252), ("held_out", 348)])
@pytest.mark.parametrize("question", ["asks", "mentions"])
def test_the_matcher_agrees_with_the_labels(
    part: Part, utterances: int, question: Question
) -> None:
    agreement = matcher_agreement(part, question=question)
    assert agreement.utterances == utterances
    assert (agreement.precision.value or 0) >= 0.9
    assert (agreement.recall.value or 0) >= 0.9


def test_the_parts_were_told_apart_by_their_hashes() -> None:
    by = "a large language model"
    first = [
        sha256(one.text.encode()).hexdigest() for one in labelled("development") if one.by == by
    ]
    second = [sha256(one.text.encode()).hexdigest() for one in labelled("held_out") if one.by == by]
    assert (len(first), len(second)) == (192, 288)
    assert all(a < b for a, b in pairwise(first + second))


def test_labels_name_attributes_of_their_topic() -> None:
    for one in (*labelled("development"), *labelled("held_out")):
        keys = {attribute.key for attribute in TOPICS[one.topic].attributes}
        assert set(one.asks) <= set(one.mentions) <= keys


def test_a_rate_has_its_wilson_interval() -> None:
    rate = matcher_agreement("held_out", by="nobody").precision
    assert rate == (0, 0, None, 0.0, 1.0)
    rate = matcher_agreement("held_out").precision
    assert rate.value == rate.hits / rate.of
    assert 0 < rate.low < rate.value < rate.high < 1
