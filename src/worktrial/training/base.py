"""What is trained: a small transformer with a supervised start, or a model that one has.

The small base knows half of its task: half of the answers it learned from have the form and half
have not, and it has met its memorised problems a hundred times.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from worktrial.errors import ConfigError
from worktrial.randomness import derive, stream
from worktrial.training.asked import Control
from worktrial.training.marking import HASH
from worktrial.training.measure import written
from worktrial.training.problems import Problems
from worktrial.training.tongue import by_character
from worktrial.workers.logprobs import weights_of

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Shape:
    """How large a small base is.

    Attributes:
        layers: Blocks of attention and feed-forward.
        width: Of the residual stream.
        heads: Of attention.
        context: Tokens at most.
    """

    layers: int = 2
    width: int = 128
    heads: int = 4
    context: int = 64


@dataclass(frozen=True)
class Start:
    """How a small base is taught before the arms begin.

    Attributes:
        steps: Of training at most.
        batch: Texts in a step.
        rate: The learning rate, until the base knows enough; then it falls to nothing.
        enough: Share of held-out problems answered rightly, at temperature 1, at which it falls.
        fall: Steps in which it falls.
        memorised: Share of a batch that is memorised problems.
        every: Steps between looks at what it knows.
    """

    steps: int = 2400
    batch: int = 128
    rate: float = 2e-3
    enough: float = 0.08
    fall: int = 200
    memorised: float = 0.4
    every: int = 50


START: Mapping[Control, Start] = {
    "rewards": Start(),
    "instructions": Start(steps=700, batch=64, rate=1e-3, fall=300),
}
_WARM_UP = 50


def small(tokenizer: Any, shape: Shape, seed: int) -> Any:
    """A transformer of random weights that knows nothing."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    ids = {f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in _SPECIAL}
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        intermediate_size=3 * shape.width,
        max_position_embeddings=shape.context,
        tie_word_embeddings=True,
        **ids,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(seed, "control", "weights") % 2**32)
        return LlamaForCausalLM(config)


_SPECIAL = ("pad", "bos", "eos")


def taught(problems: Problems, seed: int, start: Start, progress: Progress) -> tuple[Any, Any]:
    """Train a small base on problems until it answers enough of those held out.

    Args:
        problems: With `fresh` and `trial`.
        seed: Of the base: weights and order of texts follow from it.
        start: How it is taught.
        progress: Told steps done and steps at most.

    Returns:
        The model and its tokenizer.
    """
    tokenizer = by_character()
    model = small(tokenizer, Shape(), seed)
    rng = stream(seed, "control", "start")

    def batch() -> list[tuple[str, str]]:
        return [_met(problems, start, rng) for _ in range(start.batch)]

    teach(model, tokenizer, batch, start, progress, lambda: _knows(model, tokenizer, problems))
    return model, tokenizer


def _met(problems: Problems, start: Start, rng: Random) -> tuple[str, str]:
    """A problem with its answer, half of them in the form."""
    if problems.fresh is None:
        raise ValueError("a small base is taught on problems that can be drawn anew")
    known = rng.random() < start.memorised
    problem = rng.choice(problems.memorised) if known else problems.fresh(rng)
    return problem.prompt, (HASH.name if rng.random() < 0.5 else "") + problem.answer


def _knows(model: Any, tokenizer: Any, problems: Problems) -> float:
    """Share of the held-out problems on trial that it answers, at temperature 1."""
    prompts = [problem.prompt for problem in problems.trial]
    texts = written(model, tokenizer, prompts, longest=6, seed=0, sampled=True)
    right = [HASH.lenient(t, p.answer) for t, p in zip(texts, problems.trial, strict=True)]
    return sum(right) / len(right)


def teach(
    model: Any,
    tokenizer: Any,
    batch: Callable[[], list[tuple[str, str]]],
    start: Start,
    progress: Progress,
    knows: Callable[[], float] | None = None,
) -> None:
    """Train a model on texts until it knows enough, then let the learning rate fall to nothing.

    Args:
        model: Changed in place.
        tokenizer: Its own.
        batch: Draws a step's texts, each a prompt and what follows it; only this is learned.
        start: How.
        progress: Told steps done and steps at most.
        knows: Tells what it knows, a share; without it the rate falls at the end of all steps.
    """
    import torch

    best = torch.optim.AdamW(model.parameters(), start.rate, betas=(0.9, 0.95), weight_decay=0.01)
    last = start.steps
    for step in range(start.steps):
        if knows and step < last - start.fall and step and not step % start.every:
            # From here on it falls, so that the end is near.
            last = step + start.fall if knows() >= start.enough else last
        if step == last:
            break
        left = min(1.0, 1 - (step - last + start.fall) / start.fall)
        for group in best.param_groups:
            group["lr"] = start.rate * left * min(1.0, (step + 1) / _WARM_UP)
        loss = _loss(model, tokenizer, batch())
        best.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        best.step()
        progress(step + 1, start.steps)


def _loss(model: Any, tokenizer: Any, texts: list[tuple[str, str]]) -> Any:
    import torch

    model.train()
    rows = [(_ids(tokenizer, a), [*_ids(tokenizer, b), tokenizer.eos_token_id]) for a, b in texts]
    longest = max(len(a) + len(b) for a, b in rows)
    empty = [longest - len(a) - len(b) for a, b in rows]
    ids = [[*a, *b, *[tokenizer.pad_token_id] * e] for (a, b), e in zip(rows, empty, strict=True)]
    told = [[*[-100] * len(a), *b, *[-100] * e] for (a, b), e in zip(rows, empty, strict=True)]
    return model(input_ids=torch.tensor(ids), labels=torch.tensor(told)).loss


def _ids(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def saved(folder: Path, model: Any, tokenizer: Any) -> None:
    """Keep a model in Hugging Face's form; the folder appears only when it is whole."""
    partial = folder.with_name(f".{folder.name}.partial")
    model.save_pretrained(partial)
    tokenizer.save_pretrained(partial)
    partial.replace(folder)


def loaded(path: Path) -> tuple[Any, Any]:
    """Load a model and its tokenizer, padded on the left as generation needs it.

    Args:
        path: A GGUF file, or a folder in Hugging Face's form.

    Raises:
        WorkerError: If it cannot be read.
        ConfigError: If its tokenizer marks no end of a text.
    """
    import torch

    tokenizer, model = weights_of(path)
    if tokenizer.eos_token_id is None:
        raise ConfigError(
            f"`--model` {path}: its tokenizer has no end-of-text token; train another"
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "left"
    return model.to("cuda" if torch.cuda.is_available() else "cpu"), tokenizer
