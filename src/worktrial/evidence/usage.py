"""What a sample's worker used: tokens, seconds and dollars."""

from collections.abc import Mapping

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample
from inspect_ai.model import ModelOutput, ModelUsage


def usage_of(sample: EvalSample) -> Mapping[str, float]:
    """What a sample's calls used, those of models in a role left out."""
    spent: dict[str, float] = {}
    for event in sample.events:
        if isinstance(event, ModelEvent) and not event.error and event.role is None:
            for name, value in usage_of_call(event).items():
                spent[name] = spent.get(name, 0.0) + value
    return spent


def usage_of_call(event: ModelEvent) -> Mapping[str, float]:
    """Tokens, seconds and dollars of one call, as far as they are known."""
    return usage_of_output(event.output)


def usage_of_output(output: ModelOutput) -> Mapping[str, float]:
    """Tokens, seconds and dollars of the call behind an output, as far as they are known."""
    seconds = {} if output.time is None else {"seconds": output.time}
    return {**seconds, **spent_of(output.usage)}


def spent_of(usage: ModelUsage | None) -> Mapping[str, float]:
    """Tokens and dollars by the names of evidence; nothing where nothing is known.

    Tokens that were read into the provider's cache were read; Inspect counts them apart.
    """
    if usage is None:
        return {}
    tokens = {
        "tokens_in": usage.input_tokens + (usage.input_tokens_cache_write or 0),
        "tokens_out": usage.output_tokens,
        "tokens_cached": usage.input_tokens_cache_read or 0,
    }
    return tokens if usage.total_cost is None else {**tokens, "usd": usage.total_cost}
