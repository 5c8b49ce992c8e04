"""One run of an instruction's arm: TRL's supervised fine-tuning on what the arm shows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from worktrial.training.asked import Recipe
from worktrial.training.callbacks import Watch, newest_checkpoint, quiet_options, told
from worktrial.training.families import Example


def tuned(
    model: Any,
    tokenizer: Any,
    examples: Sequence[Example],
    recipe: Recipe,
    *,
    seed: int,
    folder: Path,
    watch: Watch,
) -> list[dict[str, float]]:
    """Tune a model on examples, from its last checkpoint where there is one.

    Args:
        model: Changed in place.
        tokenizer: Its own.
        examples: Only what follows a prompt is learned.
        recipe: How.
        seed: Of the order of the examples.
        folder: For checkpoints.
        watch: Measures at every checkpoint, tells progress, and stops what diverges.

    Returns:
        What the trainer logged.

    Raises:
        DivergedError: If loss, gradient or weights are no longer numbers.
    """
    from datasets import Dataset
    from trl.trainer.sft_config import SFTConfig
    from trl.trainer.sft_trainer import SFTTrainer

    options = SFTConfig(
        output_dir=str(folder),
        per_device_train_batch_size=recipe.batch,
        completion_only_loss=True,
        max_length=None,
        packing=False,
        **quiet_options(recipe, seed),
    )
    trainer = SFTTrainer(
        model=model,
        args=options,
        train_dataset=Dataset.from_list([example._asdict() for example in examples]),
        processing_class=tokenizer,
        callbacks=[watch.callback(tokenizer)],
    )
    trainer.train(resume_from_checkpoint=newest_checkpoint(folder))
    return told(trainer.state.log_history)
