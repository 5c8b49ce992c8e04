"""What of a prompt is the item's own, what is instruction, what is form, what answers can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.instruction.form import answer_form, form_of
from worktrial.instruction.items import AblateItem
from worktrial.instruction.parts import (
    Part,
    Prompt,
    Shared,
    lead_of,
    shared_by,
    taken_apart,
)
from worktrial.instruction.space import space_of


def item(name: int, target: str = "x", choices: tuple[str, ...] = ()) -> AblateItem:
    return AblateItem(str(name), "", f"text {name}", (target,), choices)


def test_shared_words_are_cut_at_the_end_of_a_sentence_or_line() -> None:
    inputs = [f"Add them up. What is {n} and 2? Reply shortly." for n in (3, 4, 5)]
    assert shared_by(inputs) == Shared("Add them up. ", "Reply shortly.")
    assert shared_by(inputs[:2]) == Shared(), "two inputs share words by chance"
    assert shared_by(["What is 3?", "What is 4?", "What is 5?"]) == Shared()
    assert shared_by(["Do it:\na", "Do it:\nb", "Do it:\nc"]) == Shared("Do it:\n", "")


def test_an_input_that_is_all_shared_leaves_nothing_to_share() -> None:
    assert shared_by(["Do it.\n", "Do it.\nb", "Do it.\nc"]) == Shared()


def test_input_choices_and_instruction_are_told_apart() -> None:
    text = "Pick one.\n\nWhich?\n\nA) red\nB) blue\n\nGo."
    found = taken_apart(text, "Which?", choices=("red", "blue"))
    assert found == (
        Part("instruction", "Pick one.\n\n"),
        Part("input", "Which?"),
        Part("instruction", "\n\n"),
        Part("choices", "A) red\nB) blue"),
        Part("instruction", "\n\nGo."),
    )
    prompt = Prompt(("Be brief.",), found)
    assert prompt.instruction == "Be brief.\n\nPick one.\n\nGo."
    assert prompt.item == "Which?\n\nA) red\nB) blue"


def test_choices_before_the_input_are_found_and_those_in_another_order_are_not() -> None:
    before = taken_apart("A) red\nB) blue\nWhich?", "Which?", choices=("red", "blue"))
    assert before is not None
    assert [part.kind for part in before] == ["choices", "instruction", "input"]
    other = taken_apart("Which?\nA) blue\nB) red", "Which?", choices=("red", "blue"))
    assert other is not None
    assert all(part.kind != "choices" for part in other)


def test_of_several_places_the_one_with_the_same_words_before_it_counts() -> None:
    messages = [("Say a: a", "a"), ("Say a: b", "b"), ("Say a: c", "c")]
    assert lead_of(messages) == "Say a: "
    found = taken_apart("Say a: a", "a", lead="Say a: ")
    assert found == (Part("instruction", "Say a: "), Part("input", "a"))


def test_what_is_not_there_or_blank_is_not_found() -> None:
    assert taken_apart("Say it", "that") is None
    assert taken_apart("Say it", " ") is None


@given(st.text(), st.text(min_size=1), st.text(), st.lists(st.text(min_size=1), max_size=4))
def test_the_parts_make_up_the_message(
    before: str, wanted: str, after: str, some: list[str]
) -> None:
    text = before + wanted + after
    found = taken_apart(text, wanted, choices=some, shared=shared_by([wanted, *some]))
    assert found is None or "".join(part.text for part in found) == text


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("The last line should be of the form ANSWER: $LETTER.", True),
        ("Put it within \\boxed{}.", True),
        ("Wrap it in <answer> tags.", True),
        ("Respond with a single word.", True),
        ("Use JSON.", True),
        ("Classify the mood as one of good, bad.", False),
        ("Classify the mood and write ANSWER: good or ANSWER: bad.", True),
        ("Solve the problem step by step.", False),
        ("You are a kind tutor.", False),
    ],
)
def test_form_is_what_speaks_of_the_answers_form(sentence: str, kept: bool) -> None:
    assert form_of(f"You are here. {sentence}") == (sentence if kept else "")


def test_the_form_of_an_answer() -> None:
    assert answer_form("end with ANSWER: $X").format("C") == "ANSWER: C"
    assert answer_form("in \\boxed{}").format("7") == "\\boxed{7}"
    assert answer_form("in <answer> tags").format("7") == "<answer>7</answer>"
    assert answer_form("be brief").format("7") == "7"


def test_kinds_of_output_space_and_what_a_guess_scores() -> None:
    four = ("a", "b", "c", "d")
    found = space_of([item(n, "AAB"[n], four) for n in range(3)])
    assert (found.kind, found.uniform, found.majority) == ("choices", 0.25, pytest.approx(2 / 3))
    found = space_of([item(n, ("no", "yes")[n % 2]) for n in range(4)])
    assert (found.kind, found.labels, found.guess) == ("labels", ("no", "yes"), 0.5)
    assert space_of([item(n, f"{n},000.5") for n in range(9)]).kind == "number"
    assert space_of([item(n, f"word {n}") for n in range(9)]).kind == "text"
    assert space_of([item(n, "same") for n in range(9)]).kind == "text", "one label is no choice"


def test_several_right_choices_are_guessed_as_a_set() -> None:
    two = AblateItem("1", "", "t", ("A", "B"), ("a", "b", "c"))
    assert space_of([two, two]).uniform == pytest.approx(1 / 7)
