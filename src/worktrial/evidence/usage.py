"""What a sample's worker used: tokens and seconds."""

from collections.abc import Mapping

from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalSample
from inspect_ai.model import ModelOutput


def usage_of(sample: EvalSample) -> Mapping[str, float]:
    """Tokens and seconds of a sample's calls, those of models in a role left out."""
    spent: dict[str, float] = {}
    for event in sample.events:
        if isinstance(event, ModelEvent) and not event.error and event.role is None:
            for name, value in usage_of_call(event).items():
                spent[name] = spent.get(name, 0.0) + value
    return spent


def usage_of_call(event: ModelEvent) -> Mapping[str, float]:
    """Tokens and seconds of one call, as far as they are known."""
    return usage_of_output(event.output)


def usage_of_output(output: ModelOutput) -> Mapping[str, float]:
    """Tokens, seconds and dollars of the call behind an output, as far as they are known."""
    usage, time = output.usage, output.time
    seconds = {} if time is None else {"seconds": time}
    if usage is None:
        return seconds
    price = {} if usage.total_cost is None else {"usd": usage.total_cost}
    return (
        seconds
        | price
        | {
            "tokens_in": usage.input_tokens,
            "tokens_out": usage.output_tokens,
            "tokens_cached": usage.input_tokens_cache_read or 0,
        }
    )
