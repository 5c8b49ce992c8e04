"""What a control is asked: defaults, refusals, and the record in its folder."""

import json
from pathlib import Path
from typing import Any

import pytest

from worktrial.errors import ConfigError, EvidenceError
from worktrial.training.ask import REWARDS as USUAL
from worktrial.training.ask import ask_instructions, ask_rewards
from worktrial.training.asked import Asked, Recipe, sha256_of
from worktrial.training.grpo import fitting

NOTHING: dict[str, Any] = {
    "quick": False, "models": (), "data": None, "arms": (), "seeds": None, "bases": None,
    "items": None, "steps": None, "every": None, "rate": None, "rates": (), "batch": None,
    "longest": None, "seed": 7, "jobs": None, "threads": 1, "memory_gib": None,
    "out": Path("control"), "as_json": False,
}  # fmt: skip
"""The options of the command line where none is given; and those of rewards alone."""
REWARDS: dict[str, Any] = {"gamma": 0.5, "generations": None, "updates": None, "operations": 1}


def rewards(**given: Any) -> Asked:
    return ask_rewards(NOTHING | REWARDS | given)


def instructions(**given: Any) -> Asked:
    return ask_instructions(NOTHING | given)


def model(folder: Path, name: str = "model") -> str:
    """A folder that looks like one of weights; nothing is loaded before a run."""
    (folder / name).mkdir(parents=True)
    (folder / name / "config.json").write_text("{}", encoding="utf-8")
    return str(folder / name)


def problems(folder: Path) -> Path:
    path = folder / "own.jsonl"
    sets = ["train", "train", "clean", "clean"]
    lines = [{"question": f"{n}", "answer": "1", "set": name} for n, name in enumerate(sets)]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


# What is asked where little is given.


def test_rewards_are_whole_by_default() -> None:
    asked = rewards()
    assert asked.arms == (
        "correct",
        "format",
        "random",
        "inverted",
        "majority",
        "majority-offline",
        "majority-incorrect",
    )
    assert (asked.bases, asked.seeds) == (("small-1", "small-2", "small-3"), 5)
    assert (asked.data, asked.data_sha256, asked.own_data) == ("sums", None, None)
    assert (asked.items, asked.gamma, asked.rates) == (1000, 0.5, ())
    assert asked.recipe == USUAL
    assert (USUAL.every, USUAL.updates, USUAL.draws) == (20, 4, 8)


def test_quick_is_fewer_arms_seeds_and_bases() -> None:
    asked = rewards(quick=True)
    assert asked.arms == ("correct", "format", "random", "inverted")
    assert (asked.bases, asked.seeds) == (("small-1",), 3)
    assert asked.recipe == rewards().recipe
    assert instructions(quick=True).bases == ("small-1",)
    assert instructions(quick=True).seeds == 3


def test_what_is_given_goes_before_what_is_usual() -> None:
    asked = rewards(
        quick=True, seeds=9, bases=2, items=50, arms=("majority",), gamma=0.25, seed=11,
        data="calculation", rate=1e-3, batch=8, generations=4, updates=2, longest=9, steps=40,
        every=10, rates=(1e-4, 1e-2, 1e-4),
    )  # fmt: skip
    assert asked == Asked(
        control="rewards",
        seed=11,
        arms=("correct", "majority"),
        seeds=9,
        bases=("small-1", "small-2"),
        data="calculation",
        items=50,
        gamma=0.25,
        rates=(1e-4, 1e-2),
        recipe=Recipe(
            steps=40, rate=1e-3, batch=8, generations=4, updates=2, longest=9, every=10, draws=8
        ),
    )


@pytest.mark.parametrize(
    ("given", "every"),
    [
        ({"steps": 300}, 60),
        ({"steps": 1000}, 200),
        # A fifth of the steps, in whole batches of four updates, and one batch at least.
        ({"steps": 50}, 8),
        ({"steps": 39}, 4),
        ({"steps": 5}, 4),
        ({"steps": 1}, 4),
        ({"steps": 50, "updates": 1}, 10),
        ({"steps": 50, "every": 20}, 20),
        ({"every": 100}, 100),
    ],
)
def test_a_short_run_has_checkpoints_too(given: dict[str, Any], every: int) -> None:
    asked = rewards(**given)
    assert asked.recipe.every == every
    assert fitting(asked.recipe) is None


def test_instructions_always_have_the_two_arms_that_are_compared() -> None:
    assert instructions().arms == ("full", "output-space", "empty", "delusive", "response-only")
    assert instructions(arms=("delusive",)).arms == ("full", "output-space", "delusive")
    assert (instructions().data, instructions().items) == ("families", 30)


def test_a_model_of_ones_own_has_another_recipe(tmp_path: Path) -> None:
    path = model(tmp_path)
    asked = rewards(models=(path,))
    assert asked.bases == (str(Path(path).resolve()),)
    assert (asked.items, asked.recipe.steps, asked.recipe.generations) == (100, 100, 8)
    assert instructions(models=(path,)).recipe.batch == 16


def test_own_data_are_kept_by_path_and_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, weights = problems(tmp_path), model(tmp_path)
    monkeypatch.chdir(tmp_path)
    asked = rewards(models=(weights,), data="own.jsonl")
    assert asked.own_data == path.resolve()
    assert asked.data_sha256 == sha256_of(path)


# What cannot be done.


def refusal(given: dict[str, Any], *, of: Any = rewards) -> str:
    with pytest.raises(ConfigError) as caught:
        of(**given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"data": "nothing"},
            "`--data` must be sums or calculation or a JSONL file; got 'nothing'",
        ),
        ({"data": "families"}, "`--data` must be sums or calculation or a JSONL file"),
        ({"arms": ("wrong",)}, "`--arm` must be one of correct, "),
        ({"updates": 3}, "must fit: 128 prompts cannot be split into 3 updates"),
        ({"batch": 2}, "must fit: 2 prompts cannot be split into 4 updates"),
        ({"every": 10}, "a checkpoint each 10 steps splits a batch of 4 updates"),
        ({"rate": float("inf")}, "a learning rate of inf is none"),
        ({"rates": (float("nan"),)}, "`--try-rate` must be a number that is finite"),
        ({"models": ("none.gguf",)}, "`--model` must be a folder"),
        ({"items": 3001}, "`--items` must be at most 3000 with small bases; 3001"),
    ],
)
def test_rewards_that_cannot_be_are_refused(given: dict[str, Any], said: str) -> None:
    assert said in refusal(given)


def test_instructions_that_cannot_be_are_refused(tmp_path: Path) -> None:
    said = refusal({"data": "sums"}, of=instructions)
    assert said == "`--data` must be families or a JSONL file; got 'sums'"
    assert "`--arm` must be one of full, " in refusal({"arms": ("correct",)}, of=instructions)
    said = refusal({"rate": float("inf")}, of=instructions)
    assert "`--rate` must be a number that is finite" in said
    own = {"data": str(problems(tmp_path)), "models": (model(tmp_path),)}
    assert "line 1: `task` must be a text" in refusal(own, of=instructions)


def test_own_data_need_a_model(tmp_path: Path) -> None:
    assert "`--data` of your own needs `--model`" in refusal({"data": str(problems(tmp_path))})


def test_small_bases_are_not_counted_beside_a_model(tmp_path: Path) -> None:
    said = refusal({"models": (model(tmp_path),), "bases": 2})
    assert said == "`--bases` counts small bases; leave it out with `--model`"


def test_two_models_of_one_name_are_refused(tmp_path: Path) -> None:
    # Evidence and findings call them by it, and would take both for one.
    models = (model(tmp_path / "a"), model(tmp_path / "b"))
    assert "`--model` must be of different names; 'model' is there twice" in refusal(
        {"models": models}
    )
    assert "'model' is there twice" in refusal({"models": (models[0], models[0])})


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"updates": 1, "every": 7}, None),
        ({"batch": 6, "updates": 3, "every": 3}, None),
        ({"batch": 6, "updates": 4}, "6 prompts cannot be split into 4 updates"),
        ({"batch": 2, "generations": 2}, "2 prompts cannot be split into 4 updates"),
        ({"every": 6}, "a checkpoint each 6 steps splits a batch of 4 updates"),
        ({"rate": 0.0}, "a learning rate of 0.0 is none"),
        ({"rate": float("nan")}, "a learning rate of nan is none"),
    ],
)
def test_batches_updates_and_checkpoints_must_fit(changed: dict[str, Any], why: str | None) -> None:
    assert fitting(Recipe(steps=10, rate=1e-5).model_copy(update=changed)) == why


# The record.

ASKED = Asked(
    control="rewards",
    seed=7,
    arms=("correct", "random"),
    seeds=2,
    bases=("small-1",),
    data="sums",
    items=20,
    recipe=Recipe(steps=8, rate=1e-5),
)
CHANGED: dict[str, Any] = {
    "control": "instructions",
    "seed": 8,
    "arms": ("correct", "format"),
    "seeds": 3,
    "bases": ("small-1", "small-2"),
    "data": "calculation",
    "data_sha256": "ab",
    "operations": 2,
    "items": 21,
    "gamma": 0.25,
    "rates": (1e-4,),
    "bases_sha256": ("ab",),
    "threads": 2,
    "recipe": Recipe(steps=9, rate=1e-5),
}


def test_a_control_is_kept_and_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "control"
    ASKED.keep(folder)
    ASKED.keep(folder)
    assert Asked.read(folder) == ASKED
    assert Asked.read(folder).sha256 == ASKED.sha256


def test_a_run_is_not_overwritten_by_a_control(tmp_path: Path) -> None:
    (tmp_path / "protocol.json").write_text("{}")
    with pytest.raises(ConfigError, match="holds a run, which would be lost"):
        ASKED.keep(tmp_path)


@pytest.mark.parametrize("field", CHANGED)
def test_another_control_in_the_folder_is_refused_by_what_differs(
    tmp_path: Path, field: str
) -> None:
    ASKED.keep(tmp_path)
    other = ASKED.model_copy(update={field: CHANGED[field]})
    assert other.sha256 != ASKED.sha256
    with pytest.raises(ConfigError, match=f"holds a control with another `{field}`; "):
        other.keep(tmp_path)
    assert Asked.read(tmp_path) == ASKED


def test_the_hash_changes_with_everything() -> None:
    assert set(CHANGED) == set(Asked.model_fields)
    recipe = {
        name: ASKED.recipe.model_copy(update={name: getattr(ASKED.recipe, name) * 2})
        for name in Recipe.model_fields
    }
    hashes = {ASKED.model_copy(update={"recipe": each}).sha256 for each in recipe.values()}
    assert len(hashes | {ASKED.sha256}) == len(recipe) + 1


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be written: "):
        ASKED.keep(tmp_path / "file" / "control")


@pytest.mark.parametrize("text", [None, "", "{", "{}", '{"control": "other"}', "[]", "\xff"])
def test_a_folder_without_a_whole_record_holds_no_control(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "control.json").write_text(text, encoding="latin-1")
    with pytest.raises(EvidenceError, match=r"holds no control \(\w+\)$"):
        Asked.read(tmp_path)


def test_weights_are_known_by_their_bytes_and_not_by_where_they_are(tmp_path: Path) -> None:
    folders = [tmp_path / name / "model" for name in ("here", "there")]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
        (folder / "model.safetensors").write_bytes(b"weights")
    one, other = (rewards(models=(str(folder),), quick=True) for folder in folders)
    assert one.bases != other.bases
    assert (one.bases_sha256, one.sha256) == (other.bases_sha256, other.sha256)

    one.keep(tmp_path / "control")
    (folders[0] / "model.safetensors").write_bytes(b"others")
    with pytest.raises(ConfigError, match="another `bases_sha256`"):
        rewards(models=(str(folders[0]),), quick=True).keep(tmp_path / "control")


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256_of(tmp_path / "x") == empty
    with pytest.raises(ConfigError, match="cannot be read: "):
        sha256_of(tmp_path / "none")
