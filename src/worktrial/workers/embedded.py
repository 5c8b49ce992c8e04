"""`embedded/…`: an Inspect model provider for GGUF files, in this process: no key, no server.

`embedded/smollm2-135m` is a small real model, fetched once; `embedded//path/to/any.gguf`
runs any other. Answers are greedy unless a temperature is given. They repeat exactly at
one slot (`-M slots=1`); with more, what is batched together changes floating-point sums.
"""

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from anyio import CapacityLimiter, to_thread
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    Content,
    ContentReasoning,
    ContentText,
    GenerateConfig,
    ModelAPI,
    ModelCall,
    ModelOutput,
    ModelUsage,
    StopReason,
    modelapi,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolFunction, ToolInfo
from inspect_ai.util import concurrency

from worktrial.errors import ConfigError, WorkerError
from worktrial.workers.engine import Json, Reply, Setting, chat, require_engine, spare_cores
from worktrial.workers.logprobs import TokenLogprobs, reader_of
from worktrial.workers.toolwords import heard, ignores_tools, in_words
from worktrial.workers.weights import find_weights

# Greedy, and with the engine's own truncation of the distribution off: a temperature of 1
# samples from what the model believes. The engine would keep the best 40 tokens and drop tails.
_PLAIN = {"temperature": 0.0, "top_p": 1.0, "top_k": 0, "min_p": 0.0}


@modelapi(name="embedded")
def embedded() -> type[ModelAPI]:
    """Provide `embedded/…` to Inspect."""
    return EmbeddedAPI


class EmbeddedAPI(ModelAPI):
    """A GGUF model in this process.

    A call whose configuration says `extra_body={"raw": True}` has no chat template: its one message
    is the bare text that is continued.

    Args:
        model_name: A known model, such as `smollm2-135m`, or the path of a GGUF file.
        base_url: Not used.
        api_key: Not used.
        config: Generation defaults.
        slots: Generations at the same time.
        context: Tokens for prompt and answer together, in each slot.
        threads: Engine threads; by default one fewer than the cores.
        **unknown: Anything else is a mistake.

    Raises:
        ConfigError: If an argument is wrong, there are no such weights or no engine.
        WorkerError: If known weights cannot be fetched.
    """

    continues_text = True

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        *,
        slots: int = 8,
        context: int = 4096,
        threads: int | None = None,
        **unknown: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        for name in unknown:
            raise ConfigError(f"`-M {name}` must be one of slots, context, threads")
        require_engine()
        threads = spare_cores() if threads is None else threads
        self.setting = Setting(find_weights(model_name), slots, context, threads)

    def max_connections(self) -> int:
        """Allow one connection a slot."""
        return self.setting.slots

    def connection_key(self) -> str:
        """Share connections with the models that share the engine."""
        return str(self.setting)

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 (Inspect's name)
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> tuple[ModelOutput, ModelCall]:
        """Answer a conversation."""
        request = _request(input, tools, tool_choice, config)
        # Inspect's adaptive connections start at 20 whatever `max_connections` says. Wait here
        # for a slot, where Inspect counts it as waiting; inside the engine it would be work.
        async with concurrency("slots", self.setting.slots, self.connection_key(), visible=False):
            told = await self._told(request)
            began = time.monotonic()
            reply = await self._chat(told)
            seconds = time.monotonic() - began
        said = reply if told is request else heard(reply, request)
        output = _output(self.model_name, said, config)
        output.time = seconds
        return output, ModelCall.create(told, asdict(reply), time=seconds)

    async def token_logprobs(self, texts: Sequence[str]) -> list[TokenLogprobs]:
        """Read texts, without a template, and tell how probable the model finds their tokens.

        Args:
            texts: Any; read by one thread at a time.

        Raises:
            ConfigError: If the extra `audit` is not installed.
            WorkerError: If the weights cannot be read a second time, through transformers.
        """
        return await to_thread.run_sync(self._read, texts)

    def _read(self, texts: Sequence[str]) -> list[TokenLogprobs]:
        return reader_of(str(self.setting.weights)).read(texts)

    async def _told(self, request: Json) -> Json:
        """The request, its tools in words where the model's template has no place for them."""
        if "tools" not in request or not await to_thread.run_sync(ignores_tools, self.setting):
            return request
        return in_words(request)

    async def _chat(self, request: Json) -> Reply:
        cancelled = threading.Event()
        try:
            # The slots already bound the threads; anyio's own limit of 40 might be lower.
            return await to_thread.run_sync(
                chat,
                self.setting,
                request,
                cancelled,
                abandon_on_cancel=True,
                limiter=CapacityLimiter(1),
            )
        finally:
            cancelled.set()


def _request(
    messages: list[ChatMessage], tools: list[ToolInfo], choice: ToolChoice, config: GenerateConfig
) -> Json:
    asked = {
        "temperature": config.temperature,
        "top_p": config.top_p,
        "top_k": config.top_k,
        "frequency_penalty": config.frequency_penalty,
        "presence_penalty": config.presence_penalty,
        "max_tokens": config.max_tokens,
        "stop": config.stop_seqs,
        # The engine takes 32 bits, of which all ones mean "draw one".
        "seed": None if config.seed is None else config.seed % (2**32 - 1),
    }
    given = {name: value for name, value in asked.items() if value is not None}
    if (config.extra_body or {}).get("raw"):
        return {"prompt": _bare(messages)} | _PLAIN | given
    told = {"messages": [_message(message) for message in messages]}
    return told | _PLAIN | given | _tools(tools, choice)


def _bare(messages: list[ChatMessage]) -> str:
    """The bare text, where it is that."""
    if len(messages) != 1:
        raise WorkerError(
            f"`embedded/…` continues one bare text under `raw`, got {len(messages)} messages"
        )
    return _text(messages[0])


def _message(message: ChatMessage) -> Json:
    told: Json = {"role": message.role, "content": _text(message)}
    if isinstance(message, ChatMessageTool):
        told["tool_call_id"] = message.tool_call_id
        if message.error:
            told["content"] = f"Error: {message.error.message}"
    if isinstance(message, ChatMessageAssistant) and message.tool_calls:
        told["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.function, "arguments": json.dumps(call.arguments)},
            }
            for call in message.tool_calls
        ]
    return told


def _text(message: ChatMessage) -> str:
    parts = [] if isinstance(message.content, str) else message.content
    for part in parts:
        if part.type not in ("text", "reasoning"):
            raise WorkerError(f"`embedded/…` reads text only, got a message with {part.type}")
    return message.text


def _tools(tools: list[ToolInfo], choice: ToolChoice) -> Json:
    if isinstance(choice, ToolFunction):  # the engine knows no choice by name: offer that one alone
        tools = [tool for tool in tools if tool.name == choice.name]
    if not tools or choice == "none":
        return {}
    offered = [tool.model_dump(exclude_none=True, exclude={"options"}) for tool in tools]
    return {
        "tools": [{"type": "function", "function": tool} for tool in offered],
        "tool_choice": "auto" if choice == "auto" else "required",
    }


def _output(model: str, reply: Reply, config: GenerateConfig) -> ModelOutput:
    if reply.error:
        return _refusal(model, reply.error)
    message = ChatMessageAssistant(
        content=_content(reply),
        tool_calls=[_tool_call(call) for call in reply.tool_calls] or None,
        model=model,
        source="generate",
    )
    choice = ChatCompletionChoice(message=message, stop_reason=_stop_reason(reply, config))
    return ModelOutput(model=model, choices=[choice], usage=_usage(reply))


def _content(reply: Reply) -> str | list[Content]:
    if not reply.reasoning:
        return reply.text
    return [ContentReasoning(reasoning=reply.reasoning), ContentText(text=reply.text)]


def _tool_call(call: Json) -> ToolCall:
    try:
        arguments, mistake = json.loads(call["arguments"] or "{}"), None
        if not isinstance(arguments, dict):
            arguments, mistake = {}, "the arguments must be a JSON object"
    except json.JSONDecodeError as error:
        arguments, mistake = {}, f"the arguments must be JSON: {error}"
    return ToolCall(call["id"], call["name"], arguments, parse_error=mistake)


def _stop_reason(reply: Reply, config: GenerateConfig) -> StopReason:
    if reply.finish == "length":  # either limit: the caller's, or the end of the slot
        spent = reply.usage["completion_tokens"] == config.max_tokens
        return "max_tokens" if spent else "model_length"
    return "tool_calls" if reply.tool_calls else "stop"


def _usage(reply: Reply) -> ModelUsage:
    usage = reply.usage
    cached = usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)
    return ModelUsage(
        input_tokens=usage["prompt_tokens"] - cached,  # Inspect counts cached ones apart
        input_tokens_cache_read=cached,
        output_tokens=usage["completion_tokens"],
        total_tokens=usage["total_tokens"],
    )


def _refusal(model: str, error: Json) -> ModelOutput:
    """Too long a prompt is the worker's own limit and an output; anything else is not."""
    if error["type"] != "exceed_context_size_error":
        raise WorkerError(f"`embedded/{model}` refused the request: {error['message']}")
    message = (
        f"a prompt of {error['n_prompt_tokens']} tokens must fit a slot of {error['n_ctx']}; "
        "raise -M context"
    )
    return ModelOutput.from_content(model, message, stop_reason="model_length", error=message)
