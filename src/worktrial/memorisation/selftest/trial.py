"""The self-test from its seed to its report."""

from collections.abc import Callable, Mapping

from worktrial.memorisation.blind import Blind, blind_check
from worktrial.memorisation.exposure import item_p_values
from worktrial.memorisation.measured import JUDGED, PREFIXES
from worktrial.memorisation.selftest.gates import gates
from worktrial.memorisation.selftest.model import Reader
from worktrial.memorisation.selftest.recipe import Planting, Recipe, plant
from worktrial.memorisation.selftest.report import Report
from worktrial.memorisation.selftest.scores import (
    Array,
    Scores,
    completion_of,
    likelihood_of,
)
from worktrial.memorisation.selftest.table import VARIANT_RANK, Row, rows, variant_ranks
from worktrial.memorisation.selftest.texts import Item, vocabulary
from worktrial.memorisation.selftest.verdicts import ANSWERED, Scenario, scenario
from worktrial.randomness import derive
from worktrial.workers.logprobs import torch_threads

HELD_OUT = 400
"""Twins that the planted items are told from."""
INFLATING = 16
"""Copies at which half of a set is planted whose score must be called inflated."""
_TOLD = 10


def self_test(recipe: Recipe, seed: int, progress: Callable[[str], None]) -> Report:
    """Train a model on planted items, and let the audit find them.

    Args:
        recipe: What is planted.
        seed: From which all follows.
        progress: Told in words what is being done.
    """
    progress("drawing texts")
    planting = plant(recipe, seed)
    # On one thread sums are the same on every machine's number of cores.
    with torch_threads(1):
        reader = Reader(vocabulary(), recipe.shape, derive(seed, "self-test", "weights"))
        read = reader.train(planting.corpus, lambda done, of: _tell(progress, done, of))
        progress("reading items, twins and their variants")
        sets = {copies: likelihood_of(reader, items) for copies, items in planting.planted.items()}
        twins = likelihood_of(reader, planting.twins)
        progress("continuing their beginnings")
        table = _table(reader, planting, sets, twins, seed)
        progress("judging")
        scenarios = _scenarios(reader, planting, sets[INFLATING], twins, seed)
    own = twins.of["loss"]
    p_values = item_p_values(own[:, 0], own[:, 1:])
    found = gates(table, p_values.tolist(), _blind(planting, seed), scenarios)
    return Report(seed, read, reader.parameters, found, table, scenarios)


def _tell(progress: Callable[[str], None], done: int, of: int) -> None:
    if done * _TOLD // of > (done - 1) * _TOLD // of:
        progress(f"training: {done} of {of} steps")


def _table(
    reader: Reader, planting: Planting, sets: dict[int, Scores], twins: Scores, seed: int
) -> tuple[Row, ...]:
    *planted, other = variant_ranks([*(of.of for of in sets.values()), twins.of])
    held_out = planting.twins[:HELD_OUT]
    by_copies = {
        copies: {
            **_published(sets[copies].of),
            VARIANT_RANK: ranks,
            **_published(completion_of(reader, items, PREFIXES)),
        }
        for (copies, items), ranks in zip(planting.planted.items(), planted, strict=True)
    }
    unplanted = {
        **_published(twins[:HELD_OUT].of),
        VARIANT_RANK: other[:HELD_OUT],
        **_published(completion_of(reader, held_out, PREFIXES)),
    }
    return rows(by_copies, unplanted, seed=derive(seed, "self-test", "table"))


def _published(of: Mapping[str, Array]) -> dict[str, Array]:
    return {name: values[:, 0] for name, values in of.items()}


def _scenarios(
    reader: Reader, planting: Planting, planted: Scores, twins: Scores, seed: int
) -> tuple[Scenario, ...]:
    """A set of which half was planted and one that was not, each as large as the other."""
    items, count = planting.planted[INFLATING], len(planted.right)
    whole = _with_completions(reader, items, planted)
    others = _with_completions(reader, planting.twins[: 3 * count], twins[: 3 * count])
    gained = float(planted.right[:, 0].mean() - twins.right.mean())
    named = {
        f"half of its items planted {INFLATING} times": (whole.beside(others[:count]), gained / 2),
        "none of its items planted": (others[count:], 0.0),
    }
    return tuple(
        scenario(name, scores, truth=truth, seed=derive(seed, "self-test", name))
        for name, (scores, truth) in named.items()
    )


def _with_completions(reader: Reader, items: tuple[Item, ...], scores: Scores) -> Scores:
    return Scores({**scores.of, **completion_of(reader, items, JUDGED, ANSWERED)}, scores.right)


def _blind(planting: Planting, seed: int) -> Blind:
    items = [item for of in planting.planted.values() for item in of]
    names = [str(at) for at, _ in enumerate(items)]
    fresh = [
        (name, each) for name, item in zip(names, items, strict=True) for each in item.variants
    ]
    return blind_check(
        [item.published.question for item in items],
        names,
        [problem.question for _, problem in fresh],
        [name for name, _ in fresh],
        seed=derive(seed, "self-test", "blind"),
    )
