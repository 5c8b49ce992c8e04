"""Each arm of one prompt, written out; other tasks' keys; answers read; scores of any kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.scorer import Score

from worktrial.instruction import reference
from worktrial.instruction.answers import follows, lenient, same
from worktrial.instruction.arms import (
    ARMS,
    EMPTY,
    FORMAT_ONLY,
    NO_INPUT,
    PARAPHRASES,
    PERMUTED,
    WRONG,
    Rewritten,
    Setting,
    new_names,
    renamed,
    rewritten,
)
from worktrial.instruction.extract import score_of
from worktrial.instruction.items import AblateItem
from worktrial.instruction.keys import Key
from worktrial.instruction.parts import Part, Prompt
from worktrial.instruction.space import Space, SpaceKind
from worktrial.instruction.wrong import wrong_for

ITEM = AblateItem("1", "", "Which is red?", ("B",), ("sky", "a ripe cherry"))
PROMPT = Prompt(
    ("Be kind.",),
    (
        Part("instruction", "Pick one. Write ANSWER: X.\n\n"),
        Part("input", "Which is red?"),
        Part("instruction", "\n\n"),
        Part("choices", "A) sky\nB) a ripe cherry"),
    ),
)
SETTING = Setting(Space("choices", (), 0.5, 0.5), seed=7)
SAID = "Be kind.\n\nPick one. Write ANSWER: X."
SHOWN = "Which is red?\n\nA) sky\nB) a ripe cherry"
FORM = "Write ANSWER: X.\nAnswer with one of the letters A, B."


@pytest.mark.parametrize(
    ("arm", "shown"),
    [
        ("full", Rewritten(("Be kind.",), f"Pick one. Write ANSWER: X.\n\n{SHOWN}")),
        ("full-2", Rewritten((), f"{SHOWN}\n\n{SAID}")),
        ("full-3", Rewritten((), f"Instruction:\n{SAID}\n\nInput:\n{SHOWN}")),
        ("full-4", Rewritten((SAID,), SHOWN)),
        (EMPTY, Rewritten((), SHOWN)),
        (FORMAT_ONLY, Rewritten((), f"{FORM}\n\n{SHOWN}")),
        (
            NO_INPUT,
            Rewritten(
                ("Be kind.",),
                "Pick one. Write ANSWER: X.\n\n(no input)\n\nA) sky\nB) a ripe cherry",
            ),
        ),
        (
            WRONG,
            Rewritten(
                (),
                "Choose the option with the fewest letters; of several, the first. Nothing else "
                f"counts.\n{FORM}\n\nText:\n{SHOWN}",
            ),
        ),
        (
            PERMUTED,
            Rewritten(
                ("Be kind.",),
                "In what follows all answers have new names: where you would answer A, write B; "
                "where you would answer B, write A. Write the new name.\n\n"
                f"Pick one. Write ANSWER: X.\n\n{SHOWN}",
            ),
        ),
    ],
)
def test_what_an_arm_shows(arm: str, shown: Rewritten) -> None:
    assert rewritten(arm, PROMPT, ITEM, SETTING) == shown


def test_every_paraphrase_has_all_the_words() -> None:
    for arm in PARAPHRASES:
        found = rewritten(arm, PROMPT, ITEM, SETTING)
        assert SAID in "\n\n".join((*found.system, found.text))
        assert SHOWN in found.text


def test_an_instruction_that_is_all_system_message_becomes_the_users() -> None:
    prompt = Prompt(("Be kind.",), (Part("input", "Hello"),))
    assert rewritten("full-4", prompt, ITEM, SETTING) == Rewritten((), "Be kind.\n\nHello")


def test_an_arm_that_is_written_out_is_filled_in_once() -> None:
    item = AblateItem("1", "", "{choices}", ("A",), ("x", "y"))
    prompt = Prompt((), (Part("input", "{choices}"),))
    setting = Setting(SETTING.space, 7, templates={EMPTY: "{input} | {choices}"})
    assert rewritten(EMPTY, prompt, item, setting).text == "{choices} | A) x\nB) y"


@given(st.lists(st.text(max_size=3), min_size=2, max_size=20, unique=True), st.integers(0, 99))
def test_new_names_are_a_permutation_without_a_fixed_point(names: list[str], seed: int) -> None:
    found = new_names(names, seed)
    assert sorted(found.values()) == sorted(names)
    assert all(old != new for old, new in found.items())


def test_targets_get_their_new_names() -> None:
    assert renamed(("B",), ITEM, SETTING) == ("A",)


@pytest.mark.parametrize(
    ("kind", "target", "key"),
    [("number", "9", "4"), ("number", "4", "6"), ("text", "x", "kept"), ("text", "kept", "The")],
)
def test_keys_of_other_tasks(kind: SpaceKind, target: str, key: str) -> None:
    text = '"The tree seems (kept)."'
    assert wrong_for(AblateItem("1", "", text, (target,)), text, Space(kind)).key == key


def test_other_tasks_on_choices_and_labels() -> None:
    four = AblateItem("1", "", "", ("B",), ("bb", "dddd", "a", "ccc"))
    space = Space("choices")
    assert [wrong_for(four, "", space).key, wrong_for(
        AblateItem("1", "", "", ("C",), four.choices), "", space
    ).key] == ["C", "B"]  # fmt: skip
    labels = Space("labels", ("bad", "good"))
    keys = [wrong_for(AblateItem("1", "", "", (t,)), "", labels).key for t in labels.labels]
    assert keys == ["good", "bad"]


@pytest.mark.parametrize(
    ("text", "kind", "options", "found"),
    [
        ("I think A, but ANSWER: C", "choices", ("A", "B", "C"), "C"),
        ("I'd say (B).", "choices", ("A", "B"), "B"),
        ("ABBA Dabble", "choices", ("A", "B"), None),
        ("Not good: very bad", "labels", ("bad", "good"), "bad"),
        ("goodness", "labels", ("good", "bad"), None),
        ("not entailed", "labels", ("entailed", "not entailed"), "not entailed"),
        ("2 and 2 make 1,004.50.", "number", (), "1,004.50"),
        ("x" * 30_000, "number", (), None),
        ("anything", "text", (), None),
        ("7" * 1_000_000, "number", (), None),
        ("\ud800 A \x00", "choices", ("A",), "A"),
        ("", "labels", ("a", "b"), None),
    ],
)
def test_the_last_answer_is_read(
    text: str, kind: SpaceKind, options: tuple[str, ...], found: str | None
) -> None:
    read = lenient(text, kind, options)
    assert read == found


def test_answers_are_compared_by_value_or_by_words() -> None:
    assert same("1,004.50", "1004.5", "number")
    assert not same("NaN", "NaN", "number")
    assert not same("9" * 200, "9" * 200, "number"), "too long to be a number"
    assert same(" The  end. ", "the end", "text")
    assert not same("a", "A", "choices")
    assert follows("So:\nANSWER: plum", "plum", "text", (), "ANSWER: {}")
    assert follows("Plum.", "plum", "text", ())
    assert not follows("no plum here", "plum", "text", ())
    assert not follows("", "", "text", ())


@pytest.mark.parametrize(
    ("scores", "key", "value"),
    [
        ({"a": Score(value=0.25)}, "", 0.25),
        ({"a": Score(value="C")}, "", 1.0),
        ({"a": Score(value="P")}, "", 0.5),
        ({"a": Score(value="N")}, "", 0.0),
        ({"a": Score(value=True)}, "", 1.0),
        ({"a": Score(value={"x": 1, "y": 0})}, "", 1.0),
        ({"a": Score(value={"x": 1, "y": 0})}, "y", 0.0),
        ({"a": Score(value={"x": 1}), "b": Score(value={"x": 0})}, "b/x", 0.0),
        ({"a": Score(value=1), "b": Score(value="I")}, "b", 0.0),
        ({"a": Score(value=1), "b": Score(value={"x": 0})}, "x", 0.0),
        ({"a": Score(value=1)}, "typo", None),
        ({"a": Score(value={"x": 1})}, "typo", None),
        ({"a": Score(value=1)}, "a/typo", None),
        ({"a": Score(value=float("nan"))}, "", None),
        ({"a": Score(value=7)}, "", None),
        ({"a": Score(value="good")}, "", None),
        ({"a": Score(value=[1, 2])}, "", None),
        ({"a": Score(value={})}, "", None),
        ({}, "", None),
    ],
)
def test_scores_of_any_kind(scores: dict[str, Score], key: str, value: float | None) -> None:
    assert score_of(scores, key) == value


def key(arm: str, right: str | None, wrong: str = "") -> Key:
    return Key("1", arm, "choices", ("A", "B"), "B", right, wrong, "ANSWER: {}", 7, 1)


@pytest.mark.parametrize("arm", ARMS)
def test_reference_workers_do_what_their_table_says(arm: str) -> None:
    right = {FORMAT_ONLY: None, EMPTY: None, WRONG: "A", PERMUTED: "A"}.get(arm, "B")
    said = {name: reference.answer(name, key(arm, right)) for name in reference.NAMES}
    assert said["null"] == ""
    assert said["memoriser"] == "ANSWER: B"
    assert said["oracle"] == (reference.MUTE if right is None else f"ANSWER: {right}")
    assert said["guesser"] in ("ANSWER: A", "ANSWER: B")
    assert (said["formatter"] == reference.MUTE) is (arm == EMPTY)
    if right is not None and arm != NO_INPUT:
        assert said["literalist"] == f"ANSWER: {right}"
