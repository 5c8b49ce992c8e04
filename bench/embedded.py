"""What the provider costs: its batched tokens a second, as a share of the bare engine's.

Both are measured in one run, in turns and on the same engine, so a busy machine slows both.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from inspect_ai.model import GenerateConfig, get_model

import worktrial.workers.embedded as provider
from worktrial.workers.engine import server

SLOTS, TOKENS, ROUNDS = 8, 64, 3
PROMPTS = [f"Write a long story about {n} ships, a storm and a lighthouse." for n in range(SLOTS)]


def through_the_provider() -> int:
    """Answer every prompt through Inspect."""
    model = get_model("embedded/smollm2-135m", slots=SLOTS)

    async def answers() -> list[int]:
        config = GenerateConfig(max_tokens=TOKENS)
        outputs = await asyncio.gather(*(model.generate(p, config=config) for p in PROMPTS))
        return [output.usage.output_tokens for output in outputs if output.usage]

    return sum(asyncio.run(answers()))


def through_the_bare_engine() -> int:
    """Answer every prompt with the engine alone."""
    setting = provider.EmbeddedAPI("smollm2-135m", slots=SLOTS).setting
    ask = server(setting).handle_chat_completions

    def answer(prompt: str) -> int:
        messages = [{"role": "user", "content": prompt}]
        reply = ask({"messages": messages, "temperature": 0, "max_tokens": TOKENS})
        tokens: int = reply["usage"]["completion_tokens"]
        return tokens

    with ThreadPoolExecutor(SLOTS) as threads:
        return sum(threads.map(answer, PROMPTS))


def measure() -> Iterator[dict[str, object]]:
    """Both ways in turns."""
    ways: list[Callable[[], int]] = [through_the_provider, through_the_bare_engine]
    tokens, seconds = dict.fromkeys(ways, 0), dict.fromkeys(ways, 0.0)
    ways[0]()  # the engine loads, and every prompt is in the cache from here on
    for round_ in range(ROUNDS):
        for way in ways if round_ % 2 else reversed(ways):
            began = time.monotonic()
            tokens[way] += way()
            seconds[way] += time.monotonic() - began
    rates = {way.__name__: tokens[way] / seconds[way] for way in ways}
    value = rates["through_the_provider"] / rates["through_the_bare_engine"]
    yield {
        "name": "embedded",
        "tokens_ratio": round(value, 3),
        "tokens_ratio_bar": 0.9,
        "tokens_a_second": {name: round(rate, 1) for name, rate in rates.items()},
    }
