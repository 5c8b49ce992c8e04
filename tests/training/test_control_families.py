"""Families of tasks: their truth, what each arm shows of them, and one's own."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.training.families import (
    ARMS,
    Instance,
    Task,
    examples,
    families,
    own_families,
    prompt,
    unanswered,
    vocabulary,
)

DRAWN = families(7, 5)
LABEL = Task(
    name="fruit",
    group="label",
    split="train",
    instruction="write ja if the input is fruit , else nein",
    space=("ja", "nein"),
    kind="one of ja , nein",
    instances=(Instance("apple", "ja"), Instance("stone", "nein")),
)
PICK = Task(
    name="second",
    group="pick",
    split="train",
    instruction="write the word that follows b in the input",
    space=(),
    kind="a word of the input",
    instances=(Instance("a mela b kota c zibi d rano", "kota"),),
)


def of(group: str, split: str) -> list[Task]:
    return [task for task in DRAWN if (task.group, task.split) == (group, split)]


def shown(split: str) -> set[tuple[str, str]]:
    tasks = [task for task in DRAWN if task.split == split]
    return {(task.instruction, i.input) for task in tasks for i in task.instances}


# Drawn families.


def test_a_seed_gives_its_families_and_another_others() -> None:
    assert families(7, 5) == DRAWN
    assert families(8, 5) != DRAWN
    assert len({task.name for task in DRAWN}) == len(DRAWN)


def test_there_are_two_groups_in_each_split() -> None:
    counts = Counter((task.group, task.split) for task in DRAWN)
    assert counts == {
        ("label", "train"): 240,
        ("pick", "train"): 480,
        ("label", "test"): 24,
        ("pick", "test"): 16,
    }
    assert {len(task.instances) for task in DRAWN if task.split == "train"} == {8}
    assert {len(task.instances) for task in DRAWN if task.split == "test"} == {5}


def test_how_much_is_measured_changes_nothing_of_training() -> None:
    trained = [task for task in DRAWN if task.split == "train"]
    assert [task for task in families(7, 50) if task.split == "train"] == trained


def test_nothing_that_is_measured_was_trained_on() -> None:
    assert not shown("train") & shown("test")


def test_words_are_made_up_and_never_a_mark() -> None:
    words = vocabulary(7)
    assert len(set(words)) == len(words) == 240
    assert all(re.fullmatch(r"([bdfgklmnprstvz][aeiou]){2,3}", word) for word in words)
    assert vocabulary(7) == words != vocabulary(8)


def test_what_is_picked_follows_its_mark() -> None:
    for task in of("pick", "train") + of("pick", "test"):
        mark = task.name[-1]
        assert task.instruction == f"write the word that follows {mark} in the input"
        for given_input, output in task.instances:
            words = given_input.split()
            assert words[::2] == ["a", "b", "c", "d"]
            assert output == words[words.index(mark) + 1]
            assert len(set(words[1::2])) == 4


def test_a_label_is_one_of_two_and_the_same_word_has_the_same() -> None:
    for task in of("label", "train") + of("label", "test"):
        one, other = task.space
        assert one != other
        assert task.instruction.startswith(f"write {one} if the input is ")
        assert task.instruction.endswith(f" , else {other}")
        assert {i.output for i in task.instances} <= {one, other}
        assert len({i.input for i in task.instances}) == len(set(task.instances))
        assert not {one, other} & {i.input for i in task.instances}


def test_labels_are_even_over_families() -> None:
    # 1,920 outputs of even chance: four standard errors are .046.
    first = [i.output == task.space[0] for task in of("label", "train") for i in task.instances]
    assert sum(first) / len(first) == pytest.approx(0.5, abs=0.046)


def test_a_base_reads_tasks_without_their_outputs() -> None:
    words, rng = vocabulary(7), stream(7, "test")
    read = [unanswered(words, rng) for _ in range(200)]
    assert all(text.endswith("\nOutput:") and "Input: " in text for text in read)
    again = stream(7, "test")
    assert read == [unanswered(words, again) for _ in range(200)]
    assert any("Instruction:" in text for text in read)
    assert any(text.startswith("The output is") for text in read)
    assert any(text.startswith("Input:") for text in read)


# A guess.


def test_a_guess_by_hand() -> None:
    assert LABEL.guess() == 1 / 2
    assert PICK.guess() == 1 / 4
    assert PICK.space_of(PICK.instances[0]) == ("mela", "kota", "zibi", "rano")
    assert LABEL.space_of(LABEL.instances[0]) == ("ja", "nein")
    free = Task("x", "generation", "test", "say", (), "a text", LABEL.instances)
    assert free.guess() == 0
    assert Task("x", "label", "test", "say", ("a", "b", "c"), "one", ()).guess() == 0


def test_a_guess_of_a_family_with_inputs_of_two_lengths() -> None:
    two = (*PICK.instances, Instance("a mela b kota", "kota"))
    assert Task("x", "pick", "test", "say", (), "a word", two).guess() == (1 / 4 + 1 / 2) / 2


@pytest.mark.parametrize(("group", "guess"), [("label", 0.5), ("pick", 0.25)])
def test_a_guess_of_drawn_families(group: str, guess: float) -> None:
    assert {task.guess() for task in of(group, "test")} == {guess}


# What arms show.


def test_prompts_by_hand() -> None:
    told = "Instruction: write ja if the input is fruit , else nein .\n"
    space, given_input = "The output is one of ja , nein .\n", "Input: apple\n"
    by_hand = {
        "full": told + space + given_input + "Output:",
        "delusive": told + space + given_input + "Output:",
        "output-space": space + given_input + "Output:",
        "empty": given_input + "Output:",
        "response-only": "Output:",
    }
    assert {arm: prompt(LABEL, LABEL.instances[0], arm) for arm in ARMS} == by_hand
    assert prompt(LABEL, LABEL.instances[0]) == by_hand["full"]


@pytest.mark.parametrize("arm", ARMS)
def test_every_arm_is_tuned_on_every_training_instance(arm: str) -> None:
    found = examples(DRAWN, arm, 7)
    trained = [(task, i) for task in DRAWN if task.split == "train" for i in task.instances]
    assert [each.prompt for each in found] == [prompt(task, i, arm) for task, i in trained]
    assert found == examples(DRAWN, arm, 7)
    if arm != "delusive":
        assert [each.completion for each in found] == [f" {i.output}" for _, i in trained]
        assert found == examples(DRAWN, arm, 8)


def delusive(task: Task, seed: int) -> list[str]:
    return [each.completion.removeprefix(" ") for each in examples([task], "delusive", seed)]


@settings(max_examples=20)
@given(seed=st.integers(0, 2**31), at=st.integers(0, 239))
def test_delusive_labels_are_the_true_ones_dealt_out_anew(seed: int, at: int) -> None:
    task = of("label", "train")[at]
    dealt = delusive(task, seed)
    assert sorted(dealt) == sorted(i.output for i in task.instances)
    assert dealt == delusive(task, seed)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**31), at=st.integers(0, 479))
def test_delusive_picks_are_words_of_their_own_input(seed: int, at: int) -> None:
    task = of("pick", "train")[at]
    pairs = zip(delusive(task, seed), task.instances, strict=True)
    assert all(word in i.input.split()[1::2] for word, i in pairs)


def test_delusive_outputs_are_right_no_more_often_than_by_chance() -> None:
    dealt = examples(of("pick", "train"), "delusive", 7)
    true = examples(of("pick", "train"), "full", 7)
    right = sum(a == b for a, b in zip(dealt, true, strict=True)) / len(true)
    # 3,840 coins of chance 1/4: four standard errors are .028.
    assert right == pytest.approx(0.25, abs=0.028)
    assert dealt != examples(of("pick", "train"), "delusive", 8)


# One's own.


def line(task: str, split: str, **fields: object) -> dict[str, object]:
    told = {"instruction": f"do {task}", "input": "x", "output": "y"}
    return {"task": task, "split": split, **told, **fields}


OWN = [
    line("a", "train", outputs=["y", "z"]),
    line("b", "train"),
    line("c", "test", outputs=["y", "z"], kind="y or z"),
    line("d", "test", output=" y y "),
    line("a", "train", outputs=["y", "z"], input="x2", output="z"),
]


def written(folder: Path, lines: list[dict[str, object]]) -> Path:
    path = folder / "own.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    return path


def test_own_families_are_read(tmp_path: Path) -> None:
    a, b, c, d = own_families(written(tmp_path, OWN))
    both = (Instance("x", "y"), Instance("x2", "z"))
    assert a == Task("a", "classification", "train", "do a", ("y", "z"), "one of y, z", both)
    assert b == Task("b", "generation", "train", "do b", (), "a text", (Instance("x", "y"),))
    assert (c.kind, c.split, c.guess()) == ("y or z", "test", 0.5)
    assert d.instances == (Instance("x", "y y"),)


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        own_families(path)
    said = str(caught.value)
    assert "\n" not in said
    assert str(path) in said
    assert len(said) < 400
    return said


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ({"split": "dev"}, "line 6: `split` must be train or test; got 'dev'"),
        ({"task": ""}, "line 6: `task` must be a text; got ''"),
        ({"instruction": None}, "line 6: `instruction` must be a text; got None"),
        ({"input": {}}, "line 6: `input` must be a text; got {}"),
        ({"output": []}, "line 6: `output` must be a text; got []"),
        ({"outputs": "yz"}, "line 6: `outputs` must be a list of texts; got 'yz'"),
        ({"outputs": ["y", 1]}, "line 6: `outputs` must be a list of texts; got ['y', 1]"),
        ({"outputs": ["y", ""]}, "line 6: `outputs` must be a list of texts; got ['y', '']"),
        ({"outputs": ["y"]}, "`outputs` must be two texts or more, none twice; got ['y']"),
        ({"outputs": ["y", "y"]}, "two texts or more, none twice; got ['y', 'y']"),
        ({"outputs": ["Y", "z"]}, "line 6: `output` must be one of `outputs`; got 'y'"),
        ({"outputs": [["y"] * 500] * 50}, "line 6: `outputs` must be a list of texts; got [["),
    ],
)
def test_a_line_that_is_no_instance_is_refused(
    tmp_path: Path, added: dict[str, object], said: str
) -> None:
    assert said in refusal(written(tmp_path, [*OWN, line("e", "train") | added]))


@pytest.mark.parametrize(
    "changed",
    [{"split": "test"}, {"instruction": "do it"}, {"outputs": ["z", "y"]}, {"kind": "a word"}],
)
def test_a_family_that_changes_between_lines_is_refused(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    # A test line of a family that is trained on would be trained on too.
    again = OWN[0] | changed
    assert "line 6: 'a' had another split" in refusal(written(tmp_path, [*OWN, again]))


def test_a_split_with_too_few_families_is_refused(tmp_path: Path) -> None:
    assert "has 1 family of `train`; it needs 2" in refusal(written(tmp_path, OWN[1:4]))
    assert "has 0 family of `test`; it needs 2" in refusal(written(tmp_path, OWN[:2]))
    assert "has 0 family of `train`; it needs 2" in refusal(written(tmp_path, []))


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.jsonl")
    (tmp_path / "text.jsonl").write_text("no JSON\n", encoding="utf-8")
    assert "line 1: must be a JSON object; got 'no JSON'" in refusal(tmp_path / "text.jsonl")
