"""What watches a trainer: measuring at checkpoints, progress, and an end to what diverges."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worktrial.training.asked import Recipe

LOGGED = (
    "loss",
    "reward",
    "reward_std",
    "grad_norm",
    "entropy",
    "clip_ratio/region_mean",
    "completions/mean_length",
)
"""Of what a trainer logs; the clipping rate among it, since without it nothing was clipped."""


class DivergedError(Exception):
    """Loss, gradient or weights are no longer numbers."""


@dataclass
class Watch:
    """What is done beside training.

    Attributes:
        measure: Called at every checkpoint, and before the first step, with model and step.
        progress: Told steps done and steps in all.
        every: Steps between checkpoints.
    """

    measure: Callable[[Any, int], None]
    progress: Callable[[int, int], None]
    every: int

    def callback(self, tokenizer: Any) -> Any:
        """The watch as a callback of transformers' trainer."""
        from transformers import TrainerCallback

        watch = self

        class Callback(TrainerCallback):
            def on_train_begin(self, args: Any, state: Any, control: Any, **known: Any) -> None:
                if not state.global_step:
                    watch.measure(known["model"], 0)

            def on_log(self, args: Any, state: Any, control: Any, **known: Any) -> None:
                _refuse_infinite(state.global_step, known.get("logs") or {})

            def on_step_end(self, args: Any, state: Any, control: Any, **known: Any) -> None:
                step, last = state.global_step, state.max_steps
                if not step % watch.every or step == last:
                    _check(known["model"], step)
                    watch.measure(known["model"], step)
                watch.progress(step, last)

        return Callback()


def told(history: Sequence[Mapping[str, Any]]) -> list[dict[str, float]]:
    """What is wanted of what a trainer logged, step by step."""
    return [
        {"step": entry["step"], **{name: float(entry[name]) for name in LOGGED if name in entry}}
        for entry in history
        if "loss" in entry
    ]


def _refuse_infinite(step: int, logs: Mapping[str, Any]) -> None:
    for name in ("loss", "grad_norm"):
        if not math.isfinite(float(logs.get(name, 0.0))):
            raise DivergedError(f"{name} is {logs[name]} at step {step}")


def _check(model: Any, step: int) -> None:
    import torch

    if not all(torch.isfinite(weights).all() for weights in model.parameters()):
        raise DivergedError(f"weights are no numbers at step {step}")


def quiet_options(recipe: Recipe, seed: int) -> dict[str, Any]:
    """Options that every trainer shares: a constant rate, checkpoints, no noise, no network."""
    import torch

    return {
        "max_steps": recipe.steps,
        "learning_rate": recipe.rate,
        "lr_scheduler_type": "constant",
        "gradient_accumulation_steps": 1,
        "seed": seed,
        "data_seed": seed,
        "use_cpu": not torch.cuda.is_available(),
        "bf16": False,
        "save_steps": recipe.every,
        "save_strategy": "steps",
        "save_total_limit": 2,
        "logging_steps": recipe.updates,
        "logging_nan_inf_filter": False,
        "report_to": [],
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
        "dataloader_num_workers": 0,
    }


def newest_checkpoint(folder: Path) -> str | None:
    """The newest checkpoint that is whole: its trainer's state is what is written last."""
    found = [place for place in folder.glob("checkpoint-*") if _whole(place)]
    newest = max(found, key=lambda place: int(place.name.rpartition("-")[2]), default=None)
    return None if newest is None else str(newest)


def _whole(checkpoint: Path) -> bool:
    try:
        json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return checkpoint.name.rpartition("-")[2].isdigit()
