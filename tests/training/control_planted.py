"""Evidence of controls whose truth is planted: no model, no training."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from worktrial.evidence import Observation, RunFolder, write_evidence
from worktrial.training.asked import Asked, Recipe
from worktrial.training.jobs import Ended, runs

STEPS, RATE = 8, 2e-5
BEFORE = 0.4
"""What every base scores in every metric."""
ITEMS = [f"{n:02}" for n in range(20)]
Change = Callable[[str, int, int], float]
"""By base, seed and place of the item."""


def asked_rewards(**fields: Any) -> Asked:
    return _asked(control="rewards", **fields)


def asked_instructions(**fields: Any) -> Asked:
    return _asked(**{"control": "instructions", "data": "families"} | fields)


def _asked(**fields: Any) -> Asked:
    usual = {
        "data": "sums",
        "seed": 7,
        "arms": ("correct", "format", "random", "inverted"),
        "seeds": 3,
    }
    usual |= {"bases": ("small-1",), "items": 20, "recipe": Recipe(steps=STEPS, rate=RATE, every=4)}
    return Asked.model_validate(usual | fields)


def dither(seed: int, place: int, size: float = 0.004) -> float:
    """Noise whose mean over an even number of items is 0 in every run."""
    return size if (seed + place) % 2 else -size


def steady(effect: float) -> Change:
    return lambda _base, seed, place: effect + dither(seed, place)


def observation(**fields: Any) -> Observation:
    usual: dict[str, Any] = {
        "trial": "control",
        "worker": "small-1",
        "stratum": "clean",
        "arm": "correct",
        "replicate": 1,
        "step": 0,
        "operation": f"{RATE:g}",
        "kind": "rewards",
        "outcome": "ended",
        "metric": "lenient_sampled",
        "log": "runs/run",
    }
    known = usual | fields
    return Observation(**{"cluster": known["item"], "sample": known["item"]} | known)


def scored(metric: str, change: Change, **fields: Any) -> Iterator[Observation]:
    """Before, half-way and after, of all items of one run."""
    base, seed = fields.get("worker", "small-1"), fields.get("replicate", 1)
    for place, item in enumerate(ITEMS):
        for step in (0, 4, 8):
            value = BEFORE + change(base, seed, place) * step / STEPS
            yield observation(item=item, metric=metric, step=step, value=value, **fields)


def planted(
    asked: Asked, strict: dict[str, Change], lenient: dict[str, Change], **fields: Any
) -> Iterator[Observation]:
    """Every arm on every base by every seed: strict and lenient, sampled and greedy alike."""
    for base in asked.bases:
        for seed in range(1, asked.seeds + 1):
            known = {"worker": base, "replicate": seed} | fields
            for arm in asked.arms:
                for marked, changes in (("strict", strict), ("lenient", lenient)):
                    for decoding in ("sampled", "greedy"):
                        yield from scored(f"{marked}_{decoding}", changes[arm], arm=arm, **known)


def written(asked: Asked, out: Path, observations: Iterable[Observation]) -> Path:
    """Write evidence, and that every run ended well."""
    out.mkdir(parents=True, exist_ok=True)
    write_evidence(RunFolder(out).evidence, observations)
    for job in runs(asked):
        Ended("ended", step=STEPS).keep(job.folder(out))
    return out
