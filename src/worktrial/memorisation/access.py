"""What a model allows, and how it is asked: by message, by bare text, by its log-probabilities."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from inspect_ai.model import GenerateConfig, Model
from inspect_ai.util import collect

from worktrial.memorisation.likelihood import TokenLogprobs
from worktrial.memorisation.probes import Access

_BARE = ("openai-api-completions", "vllm-completions")
"""Inspect's providers to which a message is the bare text; they have no chat."""
_PROMPT_LOGPROBS = "vllm-completions"
"""The one of them that is known to tell the prompt's log-probabilities."""


@runtime_checkable
class Reads(Protocol):
    """A provider that tells the log-probabilities of a text's tokens."""

    async def token_logprobs(self, texts: Sequence[str]) -> list[TokenLogprobs]:
        """Read texts, without a template."""
        ...


def access_of(model: Model) -> Access:
    """What a model allows, by its provider."""
    provider = str(model).partition("/")[0]
    bare = provider in _BARE
    return Access(
        raw=bare or bool(getattr(model.api, "continues_text", False)),
        chat=not bare,
        logprobs=hasattr(model.api, "token_logprobs") or provider == _PROMPT_LOGPROBS,
    )


def as_bare_text(model: Model) -> dict[str, Any]:
    """What a call's configuration says so that a provider continues the bare text."""
    return {"extra_body": {"raw": True}} if getattr(model.api, "continues_text", False) else {}


async def token_logprobs(model: Model, texts: Sequence[str]) -> list[TokenLogprobs]:
    """The log-probabilities of texts' tokens.

    Args:
        model: One whose access says that it tells them.
        texts: Without a template.

    Raises:
        ValueError: If the provider answers without them.
    """
    if isinstance(model.api, Reads):
        return await model.api.token_logprobs(texts)
    return await collect(*(_prompt_logprobs(model, text) for text in texts))


async def _prompt_logprobs(model: Model, text: str) -> TokenLogprobs:
    config = GenerateConfig(max_tokens=1, temperature=0.0, prompt_logprobs=1)
    told = (await model.generate(text, config=config)).choices[0].prompt_logprobs
    if told is None:
        raise ValueError("the provider told no log-probabilities of the prompt")
    return TokenLogprobs(np.array([token.logprob for token in told.content], dtype=np.float64))
