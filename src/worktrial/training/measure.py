"""What a model writes, and how it is marked: strict and lenient, sampled and greedy."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from worktrial.training.marking import Form
from worktrial.training.problems import Problem

STRICT, LENIENT = "strict", "lenient"
METRICS = (STRICT, LENIENT)
SAMPLED, GREEDY = "sampled", "greedy"
_TOKENS = 16_384
"""Of a batch, what is written included."""


class Mark(NamedTuple):
    """How a model did on one problem: means over what it wrote of it, in [0, 1]."""

    strict: float
    lenient: float


def marked(
    model: Any,
    tokenizer: Any,
    problems: Sequence[Problem],
    form: Form,
    *,
    longest: int,
    seed: int,
    draws: int,
) -> list[Mark]:
    """Mark a model's answers.

    Args:
        model: On trial.
        tokenizer: Its own.
        problems: What is asked.
        form: What strict wants.
        longest: Tokens of an answer at most.
        seed: Of the sampling, the same at every checkpoint; training's own is left as it was.
        draws: Answers to each problem at temperature 1; 0 for the most probable one.

    Returns:
        One mark a problem.
    """
    prompts = [problem.prompt for problem in problems for _ in range(max(1, draws))]
    texts = written(model, tokenizer, prompts, longest=longest, seed=seed, sampled=draws > 0)
    of_each = [texts[at : at + max(1, draws)] for at in range(0, len(texts), max(1, draws))]
    return [_mark(form, t, problem.answer) for t, problem in zip(of_each, problems, strict=True)]


def _mark(form: Form, texts: Sequence[str], answer: str) -> Mark:
    strict = sum(form.strict(text, answer) for text in texts)
    return Mark(strict / len(texts), sum(form.lenient(t, answer) for t in texts) / len(texts))


def written(
    model: Any, tokenizer: Any, prompts: Sequence[str], *, longest: int, seed: int, sampled: bool
) -> list[str]:
    """Let a model write after each prompt.

    Args:
        model: It writes; its mode and the generators of random numbers are left as they were.
        tokenizer: Its own, padding on the left.
        prompts: Any.
        longest: Tokens to write at most.
        seed: Of the sampling.
        sampled: At temperature 1 over the whole vocabulary; else the most probable token.
    """
    import torch

    training, texts = model.training, []
    model.eval()
    with torch.random.fork_rng(), torch.inference_mode():
        torch.manual_seed(seed % 2**32)
        for batch in _batches(tokenizer, prompts, longest):
            texts += _written(model, tokenizer, batch, longest, sampled=sampled)
    model.train(training)
    return texts


def _batches(tokenizer: Any, prompts: Sequence[str], longest: int) -> list[list[str]]:
    most = max((len(tokenizer(p)["input_ids"]) for p in set(prompts)), default=0) + longest
    size = max(1, _TOKENS // max(1, most))
    return [list(prompts[at : at + size]) for at in range(0, len(prompts), size)]


def _written(
    model: Any, tokenizer: Any, prompts: list[str], longest: int, *, sampled: bool
) -> list[str]:
    told = tokenizer(prompts, return_tensors="pt", padding=True, return_token_type_ids=False)
    told = told.to(model.device)
    chosen = {"do_sample": True, "temperature": 1.0, "top_k": 0, "top_p": 1.0} if sampled else {
        "do_sample": False, "temperature": None, "top_k": None, "top_p": None,
    }  # fmt: skip
    made = model.generate(
        **told, max_new_tokens=longest, pad_token_id=tokenizer.pad_token_id, **chosen
    )
    return list(
        tokenizer.batch_decode(made[:, told["input_ids"].shape[1] :], skip_special_tokens=True)
    )
