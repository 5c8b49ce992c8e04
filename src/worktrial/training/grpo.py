"""One run of a reward's arm: TRL's GRPO with updates that are off-policy, so that clipping happens.

TRL's own defaults make one update a batch of rollouts. The ratio is then always 1 and clipping,
which Shao et al. hold to be what makes a random reward work, is switched off.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from worktrial.randomness import stream
from worktrial.training.asked import Recipe
from worktrial.training.callbacks import Watch, newest_checkpoint, quiet_options, told
from worktrial.training.marking import Form
from worktrial.training.problems import Problem
from worktrial.training.rewards import Reward, Rollouts

Paid = Callable[..., list[float | None]]


def trained(
    model: Any,
    tokenizer: Any,
    problems: Sequence[Problem],
    labels: Mapping[str, str],
    reward: Reward,
    form: Form,
    recipe: Recipe,
    *,
    seed: int,
    folder: Path,
    watch: Watch,
) -> list[dict[str, float]]:
    """Train a model under a reward, from its last checkpoint where there is one.

    Args:
        model: Changed in place.
        tokenizer: Its own.
        problems: Prompts.
        labels: The majority's answer by prompt, where the reward needs them.
        reward: What pays.
        form: Of an answer.
        recipe: How.
        seed: Of the run.
        folder: For checkpoints.
        watch: Measures at every checkpoint, tells progress, and stops what diverges.

    Returns:
        What the trainer logged, the rate of clipping among it.

    Raises:
        DivergedError: If loss, gradient or weights are no longer numbers.
    """
    from datasets import Dataset
    from trl.trainer.grpo_config import GRPOConfig
    from trl.trainer.grpo_trainer import GRPOTrainer

    rows = [
        {"prompt": p.prompt, "answer": p.answer, "label": labels.get(p.prompt, "")}
        for p in problems
    ]
    options = GRPOConfig(
        output_dir=str(folder),
        loss_type="grpo",
        per_device_train_batch_size=recipe.batch * recipe.generations // recipe.updates,
        steps_per_generation=recipe.updates,
        num_generations=recipe.generations,
        max_completion_length=recipe.longest,
        epsilon=recipe.epsilon,
        beta=0.0,
        **quiet_options(recipe, seed),
    )
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=[_paid(reward, form, seed)],
        args=options,
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        callbacks=[watch.callback(tokenizer)],
    )
    trainer.train(resume_from_checkpoint=newest_checkpoint(folder))
    return told(trainer.state.log_history)


def _paid(reward: Reward, form: Form, seed: int) -> Paid:
    """The reward as TRL calls it; its coins are those of the step, whatever came before."""

    def paid(
        prompts: list[str],
        completions: list[str],
        answer: list[str],
        label: list[str],
        trainer_state: Any,
        **_: Any,
    ) -> list[float | None]:
        coins = stream(seed, "reward", trainer_state.global_step)
        return [*reward(Rollouts(prompts, completions, answer, label), form, coins)]

    return paid


def fitting(recipe: Recipe) -> str | None:
    """Why a recipe cannot be trained by, or `None`."""
    rollouts = recipe.batch * recipe.generations
    if rollouts % recipe.updates or (rollouts // recipe.updates) % recipe.generations:
        return f"{recipe.batch} prompts cannot be split into {recipe.updates} updates"
    if recipe.every % recipe.updates:
        return f"a checkpoint each {recipe.every} steps splits a batch of {recipe.updates} updates"
    if not math.isfinite(recipe.rate) or recipe.rate <= 0:
        return f"a learning rate of {recipe.rate} is none"
    return None
