"""One seed of a smaller self-test: sets of known inflation, as many as one training allows.

The recipe is that of the self-test with one number of copies and a third of the background, so
that forty seeds take half an hour of one core. Accuracy on planted items is then about .7 and on
twins .12 (.6 and .2 in the whole recipe). What the model makes of texts is kept; the audit judges
it anew each time.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from worktrial.memorisation.measured import LIKELIHOOD
from worktrial.memorisation.selftest import model, recipe, texts
from worktrial.memorisation.selftest.model import Reader
from worktrial.memorisation.selftest.recipe import Recipe, plant
from worktrial.memorisation.selftest.scores import Scores, likelihood_of
from worktrial.memorisation.selftest.verdicts import ANSWERED, Scenario, scenario
from worktrial.randomness import derive
from worktrial.workers.logprobs import torch_threads

COPIES = 16
SMALLER = Recipe((COPIES,), items=300, twins=600, variants=ANSWERED, background=6000)
SET = 200
"""Items of a set; of one that was planted, half of them were."""
FOLDER = "WORKTRIAL_CALIBRATION_DIR"


@dataclass(frozen=True)
class Replicate:
    """What one seed's model makes of what was planted in it and of what was not."""

    planted: Scores
    twins: Scores


def replicate(seed: int) -> Replicate:
    """Train a seed's model and let it read, or take what it made of the texts from the folder.

    The folder is named by `WORKTRIAL_CALIBRATION_DIR`, or is `.calibration` here: a run that was
    broken off goes on. What is kept is kept by the code that made it, and not read by another.

    Args:
        seed: From which texts, weights and order follow.
    """
    kept = Path(os.environ.get(FOLDER) or ".calibration") / f"self-test-{_version()}-{seed}.npz"
    if not kept.is_file():
        made = _trained(seed)
        kept.parent.mkdir(parents=True, exist_ok=True)
        with (partial := kept.with_suffix(".part")).open("wb") as file:
            np.savez(file, **_arrays("planted", made.planted), **_arrays("twins", made.twins))
        partial.replace(kept)
    with np.load(kept, allow_pickle=False) as of:
        planted, twins = (
            Scores({n: of[f"{name}-{n}"] for n in LIKELIHOOD}, of[f"{name}-right"])
            for name in ("planted", "twins")
        )
    return Replicate(planted, twins)


def _version() -> str:
    """Of the code that draws and trains, and of the recipe."""
    sources = (Path(str(of.__file__)).read_bytes() for of in (texts, recipe, model))
    return hashlib.sha256(b"".join((*sources, repr(SMALLER).encode()))).hexdigest()[:12]


def _trained(seed: int) -> Replicate:
    planting = plant(SMALLER, seed)
    with torch_threads(1):
        reader = Reader(texts.vocabulary(), SMALLER.shape, derive(seed, "self-test", "weights"))
        reader.train(planting.corpus, lambda *_: None)
        sets = (planting.planted[COPIES], planting.twins)
        return Replicate(*(likelihood_of(reader, items) for items in sets))


def _arrays(name: str, scores: Scores) -> dict[str, Any]:
    return {f"{name}-{n}": v for n, v in scores.of.items()} | {f"{name}-right": scores.right}


def planted_sets(of: Replicate, seed: int) -> Iterator[Scenario]:
    """Sets of which half was planted; no item is in two of them."""
    truth = (of.planted.right[:, 0].mean() - of.twins.right.mean()) / 2
    half = SET // 2
    for at in range(0, len(of.planted.right), half):
        both = of.planted[at : at + half].beside(of.twins[at : at + half])
        yield scenario("planted", both, truth=float(truth), seed=seed)


def unplanted_set(of: Replicate, seed: int) -> Scenario:
    """A set of which nothing was planted, and no item is in another set."""
    return scenario("never planted", of.twins[-SET:], truth=0.0, seed=seed)
