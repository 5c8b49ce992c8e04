"""From what a user gives to what a control is asked: defaults, and what cannot be done."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from worktrial.errors import ConfigError
from worktrial.training.asked import SMALL, Asked, Recipe, sha256_of
from worktrial.training.families import ARMS as INSTRUCTION_ARMS
from worktrial.training.families import FULL, SPACE, own_families
from worktrial.training.grpo import fitting
from worktrial.training.problems import SOURCES, Size, drawn, own
from worktrial.training.rewards import ARMS as REWARD_ARMS
from worktrial.training.rewards import QUICK, checked_arms
from worktrial.training.run import require_train
from worktrial.workers.weights import KNOWN, find_weights

FAMILIES = "families"
_QUICK_BASES, _QUICK_SEEDS = 1, 3
_BASES, _SEEDS = 3, 5

REWARDS = Recipe(
    steps=100, rate=2e-5, batch=128, generations=16, updates=4, longest=6, every=20, draws=8
)
"""How rate, batch and steps were chosen is in docs/methods/training.md, with what others do."""
WORDED = Recipe(
    steps=100, rate=1e-6, batch=8, generations=8, updates=4, longest=64, every=20, draws=1
)
TUNING = Recipe(steps=260, rate=1e-3, batch=64, longest=4, every=130)
TUNING_OWN = Recipe(steps=200, rate=2e-5, batch=16, longest=32, every=100)


def ask_rewards(given: Mapping[str, Any]) -> Asked:
    """What a control of rewards is to do.

    Raises:
        ConfigError: If it cannot be done.
    """
    require_train()
    data = given["data"] or SOURCES[0]
    hashed = _own_data(data, SOURCES)
    if hashed:
        own(Path(data))
    if hashed and not given["models"]:
        raise ConfigError(
            "`--data` of your own needs `--model`: a small base knows sums and calculation alone"
        )
    items = given["items"] or (100 if given["models"] else 1000)
    if not given["models"]:
        drawn(data, given["seed"], Size(clean=items))
    recipe = _recipe(WORDED if given["models"] else REWARDS, given)
    if why := fitting(recipe):
        raise ConfigError(f"`--batch`, `--updates` and `--every` must fit: {why}")
    return Asked(
        control="rewards",
        arms=checked_arms(given["arms"] or (QUICK if given["quick"] else tuple(REWARD_ARMS))),
        data=_place(data, hashed),
        data_sha256=hashed,
        operations=given["operations"],
        items=items,
        gamma=given["gamma"],
        recipe=recipe,
        **_sizes(given),
    )


def ask_instructions(given: Mapping[str, Any]) -> Asked:
    """What a control of instructions is to do.

    Raises:
        ConfigError: If it cannot be done.
    """
    require_train()
    data = given["data"] or FAMILIES
    hashed = _own_data(data, (FAMILIES,))
    if hashed:
        own_families(Path(data))
    if hashed and not given["models"]:
        raise ConfigError("`--data` of your own needs `--model`: a small base has no such words")
    arms = given["arms"] or tuple(INSTRUCTION_ARMS)
    if unknown := next((arm for arm in arms if arm not in INSTRUCTION_ARMS), None):
        raise ConfigError(f"`--arm` must be one of {', '.join(INSTRUCTION_ARMS)}; got {unknown!r}")
    return Asked(
        control="instructions",
        arms=tuple(arm for arm in INSTRUCTION_ARMS if arm in {FULL, SPACE, *arms}),
        data=_place(data, hashed),
        data_sha256=hashed,
        items=given["items"] or 30,
        recipe=_recipe(TUNING_OWN if given["models"] else TUNING, given),
        **_sizes(given),
    )


def _own_data(data: str, names: tuple[str, ...]) -> str | None:
    """The hash of one's own file, or `None` for a name."""
    if data in names:
        return None
    if not Path(data).is_file():
        raise ConfigError(f"`--data` must be {' or '.join(names)} or a JSONL file; got {data!r}")
    return sha256_of(Path(data))


def _place(data: str, hashed: str | None) -> str:
    return str(Path(data).resolve()) if hashed else data


def _recipe(usual: Recipe, given: Mapping[str, Any]) -> Recipe:
    """The usual one, but for what was given; a last checkpoint is at the end in any case."""
    known = {n: given[n] for n in Recipe.model_fields if given.get(n) is not None}
    recipe = usual.model_copy(update=known)
    if "steps" in known and "every" not in known:
        every = max(recipe.updates, recipe.steps // 5)
        recipe = recipe.model_copy(update={"every": every - every % recipe.updates})
    return recipe


def _sizes(given: Mapping[str, Any]) -> dict[str, Any]:
    quick, models = given["quick"], given["models"]
    count = given["bases"] or (_QUICK_BASES if quick else _BASES)
    if models and given["bases"]:
        raise ConfigError("`--bases` counts small bases; leave it out with `--model`")
    for option, rates in (("--rate", [given["rate"] or 0.0]), ("--try-rate", given["rates"])):
        if not all(map(math.isfinite, rates)):
            raise ConfigError(f"`{option}` must be a number that is finite; give a smaller one")
    own_bases = _own_bases(models)
    return {
        "seed": given["seed"],
        "seeds": given["seeds"] or (_QUICK_SEEDS if quick else _SEEDS),
        "bases": own_bases or tuple(f"{SMALL}-{number}" for number in range(1, count + 1)),
        "bases_sha256": tuple(sha256_of(Path(base)) for base in own_bases),
        "rates": tuple(dict.fromkeys(given["rates"])),
        "threads": given["threads"],
    }


def _own_bases(models: Sequence[str]) -> tuple[str, ...]:
    """Their weights; findings call a base by its last name, and so no two may share one."""
    paths = tuple(map(_weights, models))
    if doubles := [name for name, n in Counter(Path(p).name for p in paths).items() if n > 1]:
        raise ConfigError(f"`--model` must be of different names; {doubles[0]!r} is there twice")
    return paths


def _weights(model: str) -> str:
    """The full path of a model's weights, since a control goes on from anywhere."""
    path = Path(model).expanduser()
    if not (path / "config.json").is_file() and not path.is_file() and model not in KNOWN:
        raise ConfigError(
            f"`--model` must be a folder in Hugging Face's form, a GGUF file or "
            f"{', '.join(KNOWN)}; got {model!r}"
        )
    return str((path if path.is_dir() else find_weights(model)).resolve())
