"""What the jobs of a control work on, before any model: problems, prompts, marks of a text."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.training.asked import Asked, Recipe
from worktrial.training.families import Instance, Task
from worktrial.training.grpo import _paid
from worktrial.training.instructing import _marks, rouge_l
from worktrial.training.marking import BOXED, HASH
from worktrial.training.measure import Mark, _mark
from worktrial.training.problems import Problem, Problems, Size, asked, drawn
from worktrial.training.rewarding import _prompts, form_of, problems_of, trained_on
from worktrial.training.rewards import ARMS, reward_of


def control(**fields: Any) -> Asked:
    usual = {"control": "rewards", "seed": 7, "arms": ("correct",), "seeds": 1, "data": "sums"}
    usual |= {"bases": ("small-1", "/models/one"), "items": 5, "recipe": Recipe(steps=8, rate=1e-5)}
    return Asked.model_validate(usual | fields)


# Problems of a base.


def test_small_bases_write_after_a_hash_and_others_in_a_box() -> None:
    assert form_of(control(), 1) is HASH
    assert form_of(control(), 2) is BOXED


@pytest.mark.parametrize("data", ["sums", "calculation"])
def test_problems_are_of_the_base_and_the_seed(data: str) -> None:
    small, words = (problems_of(control(data=data), base) for base in (1, 2))
    assert len(small.clean) == len(words.clean) == 5
    assert all(p.prompt.endswith("=") for p in small.clean)
    assert all(p.prompt.endswith("\nAnswer:") for p in words.clean)
    assert small.clean == drawn("sums" if data == "sums" else "calculation", 7, Size(clean=5)).clean
    assert set(trained_on(small)) == {*small.train, *small.memorised}


def test_of_own_problems_so_many_clean_ones_are_measured(tmp_path: Path) -> None:
    lines = [
        {"question": f"{n}", "answer": "1", "set": name}
        for n, name in enumerate(("train", "train", *["clean"] * 8, "memorised"))
    ]
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    def of(**fields: Any) -> Problems:
        return problems_of(control(data=str(path), data_sha256="ab", **fields), 2)

    found = of()
    assert found.train == (Problem(asked("0"), "1"), Problem(asked("1"), "1"))
    assert found.memorised == (Problem(asked("10"), "1"),)
    clean = {Problem(asked(f"{n}"), "1") for n in range(2, 10)}
    assert len(set(found.clean)) == 5
    assert set(found.clean) < clean == set(of(items=100).clean)
    assert of().clean == found.clean != of(seed=8).clean


def test_a_wrong_majority_is_paid_for_where_it_is_wrong() -> None:
    problems = (Problem("a", "1"), Problem("b", "2"), Problem("c", "3"))
    known = {"a": "1", "b": "9", "c": ""}
    assert _prompts("majority-incorrect", problems, known) == (Problem("b", "2"),)
    for arm in set(ARMS) - {"majority-incorrect"}:
        assert _prompts(arm, problems, known) == problems


# What is paid for, as the trainer calls it.


class _State:
    def __init__(self, step: int) -> None:
        self.global_step = step


def call(arm: str, step: int, *, seed: int = 7, texts: tuple[str, ...] = ("#5", "5") * 20) -> Any:
    count = len(texts)
    return _paid(reward_of(arm, 0.5), HASH, seed)(
        prompts=["2+3="] * count,
        completions=list(texts),
        answer=["5"] * count,
        label=["6"] * count,
        trainer_state=_State(step),
        completion_ids=[[]] * count,
    )


def test_the_coins_are_those_of_the_step_whatever_came_before() -> None:
    assert call("random", 4) == call("random", 4, texts=("x",) * 40)
    assert call("random", 4) != call("random", 8)
    assert call("random", 4) != call("random", 4, seed=8)
    assert call("correct", 4) == call("correct", 8) == [1.0, 0.0] * 20


# Marks.


def test_a_mark_is_the_mean_of_what_was_written() -> None:
    assert _mark(HASH, ["#5", "5", "6", "#6"], "5") == Mark(strict=0.25, lenient=0.5)
    assert _mark(HASH, ["#5"], "5") == Mark(1, 1)


LABEL = Task("t", "label", "test", "sort", ("ja", "nein"), "one", (Instance("x", "ja"),))
PICK = Task("t", "pick", "test", "pick", (), "a word", (Instance("a mela b kota", "kota"),))
FREE = Task("t", "generation", "test", "say", (), "a text", (Instance("x", "the red cat"),))


@pytest.mark.parametrize(
    ("text", "score", "inside"),
    [
        (" ja", 1, 1),
        ("ja \nnein", 1, 1),
        ("\n\nja", 1, 1),
        ("nein", 0, 1),
        ("ja nein", 0, 0),
        ("Ja", 0, 0),
        ("", 0, 0),
        ("\n", 0, 0),
    ],
)
def test_labels_are_marked_exactly(text: str, score: int, inside: int) -> None:
    assert dict(_marks(LABEL, LABEL.instances[0], text)) == {"score": score, "in_space": inside}


def test_picks_are_marked_against_the_words_of_their_input() -> None:
    (instance,) = PICK.instances
    assert dict(_marks(PICK, instance, " kota")) == {"score": 1, "in_space": 1}
    assert dict(_marks(PICK, instance, " mela")) == {"score": 0, "in_space": 1}
    assert dict(_marks(PICK, instance, " b")) == {"score": 0, "in_space": 0}


def test_free_text_is_marked_by_rouge_l() -> None:
    assert dict(_marks(FREE, FREE.instances[0], "The cat\nand more")) == {"score": 0.8}
    assert dict(_marks(FREE, FREE.instances[0], "")) == {"score": 0}


@pytest.mark.parametrize(
    ("said", "wanted", "by_hand"),
    [
        ("the red cat", "the red cat", 1),
        ("THE  red cat", "the red cat", 1),
        # In common "the cat", 2 words of 2 and of 3: precision 1, recall 2/3.
        ("the cat", "the red cat", 0.8),
        # In common one of "red" and "the" alone, which change places; of 2 and of 3.
        ("red the", "the red cat", 0.4),
        ("a dog", "the red cat", 0),
        ("", "the red cat", 0),
        ("", "", 0),
    ],
)
def test_rouge_l_by_hand(said: str, wanted: str, by_hand: float) -> None:
    assert rouge_l(said, wanted) == pytest.approx(by_hand)


WORDS = st.lists(st.sampled_from("abc"), max_size=6).map(" ".join)


@given(one=WORDS, other=WORDS)
def test_rouge_l_is_a_share_and_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0 <= rouge_l(one, other) <= 1
    assert rouge_l(one, other) == rouge_l(other, one)
    assert rouge_l(one, one) == (1 if one else 0)
    assert (rouge_l(one, other) == 1) == (one == other and one != "")
