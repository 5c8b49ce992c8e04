"""The native engine: llama.cpp's server inside this process, one for each model and setting."""

import atexit
import functools
import importlib.util
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from worktrial.errors import ConfigError, WorkerError

Json = dict[str, Any]


def own_cores() -> int:
    """Count the cores that this process may have."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS or Windows
        return os.cpu_count() or 1


def spare_cores() -> int:
    """Count the cores to use: all that this process may have, less one, and at least one.

    The engine's threads spin at a barrier, so on every core they stall whenever anything
    else runs: measured on two cores, generation halved beside one busy process, and fell
    from 24 tokens a second to 0.3 beside two.
    """
    return max(1, own_cores() - 1)


@dataclass(frozen=True)
class Setting:
    """What an engine is made from; equal settings share one engine."""

    weights: Path
    slots: int = 8
    """Generations at the same time."""
    context: int = 4096
    """Tokens for prompt and answer together, in each slot."""
    threads: int = field(default_factory=spare_cores)

    def __post_init__(self) -> None:
        for name in ("slots", "context", "threads"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise ConfigError(
                    f"`{name}` must be a whole number from 1, got {value!r}; write -M {name}=4"
                )


@dataclass
class Reply:
    """What the engine said, gathered from its stream."""

    text: str = ""
    reasoning: str = ""
    tool_calls: list[Json] = field(default_factory=list)
    finish: str = "unknown"
    usage: Json = field(default_factory=dict)
    timings: Json = field(default_factory=dict)
    error: Json | None = None

    def hear(self, chunk: Json) -> None:
        """Take in the next chunk of the stream."""
        self.error = chunk.get("error", self.error)
        self.usage = chunk.get("usage", self.usage)
        self.timings = chunk.get("timings", self.timings)
        for choice in chunk.get("choices", []):
            delta = choice.get("delta", {})
            self.finish = choice["finish_reason"] or self.finish
            self.text += choice.get("text") or ""  # of a bare text that is continued
            self.text += delta.get("content") or ""
            self.reasoning += delta.get("reasoning_content") or ""
            for part in delta.get("tool_calls", []):
                self._hear_call(part)

    def _hear_call(self, part: Json) -> None:
        if part["index"] == len(self.tool_calls):
            self.tool_calls.append({"id": "", "name": "", "arguments": ""})
        call = self.tool_calls[part["index"]]
        call["id"] += part.get("id") or ""
        for key in ("name", "arguments"):
            call[key] += part.get("function", {}).get(key) or ""


def require_engine() -> None:
    """Check that the engine is installed, without loading it.

    Raises:
        ConfigError: If it is not.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise ConfigError(
            "`embedded/…` needs the xllamacpp engine, which is not installed; "
            "pip install 'worktrial[local]'"
        )


def chat(setting: Setting, request: Json, cancelled: threading.Event) -> Reply:
    """Answer one request; blocks until the answer is whole.

    Args:
        setting: Which engine answers. The first call for a setting loads it.
        request: A chat completion request in OpenAI's form, or with a `prompt` in place of messages
            a completion request: the bare text is continued, without a template.
        cancelled: Set it from another thread to give up at the next token.

    Returns:
        The answer, or the engine's refusal in `error`.

    Raises:
        WorkerError: If the engine cannot load the weights.
    """
    reply = Reply()

    def hear(chunk: Json) -> bool:
        reply.hear(chunk)
        return cancelled.is_set()  # true ends the generation and frees its slot

    # Streamed, because only a stream can be stopped half-way.
    streamed = request | {"stream": True, "stream_options": {"include_usage": True}}
    engine = server(setting)
    bare = "prompt" in request
    (engine.handle_completions if bare else engine.handle_chat_completions)(streamed, hear)
    return reply


class Server(Protocol):
    """The part of `xllamacpp.Server` that is used."""

    def handle_chat_completions(
        self, request: Json, on_chunk: Callable[[Json], bool] | None = None, /
    ) -> Any:
        """Answer a request, in one piece or, where it is a stream, to `on_chunk`."""
        ...

    def handle_completions(
        self, request: Json, on_chunk: Callable[[Json], bool] | None = None, /
    ) -> Any:
        """Continue a text, likewise."""
        ...


def server(setting: Setting) -> Server:
    """Return the engine of a setting, loading it the first time."""
    with _loading:
        return _load(setting)


_loading = threading.Lock()


@functools.cache
def _load(setting: Setting) -> Server:
    import xllamacpp

    try:
        made: Server = xllamacpp.Server(_params(xllamacpp.CommonParams(), setting))
    except RuntimeError as error:
        raise WorkerError(
            f"`embedded/{setting.weights}` cannot be loaded by xllamacpp {xllamacpp.__version__}: "
            f"{error} The file is damaged, of an unknown architecture, or larger than the memory"
        ) from error
    return made


# Its threads are joined while Python still runs; left to the interpreter's end, they may not be.
atexit.register(_load.cache_clear)


def _params(params: Any, setting: Setting) -> Any:
    params.model.path = str(setting.weights)
    params.n_parallel = setting.slots
    params.n_ctx = setting.slots * setting.context  # the engine divides it among the slots
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = setting.threads
    params.verbosity = -1
    # A cached prefix changes the shape of the sums, so an answer would depend on what was asked
    # before. One slot is the promise of exact repetition; with more, batching breaks it anyway.
    params.cache_prompt = setting.slots > 1
    params.cache_ram_mib = 0  # else up to 8 GiB of finished prompts
    # The engine also listens on loopback and this cannot be turned off: locked and bare instead.
    params.api_keys = [secrets.token_urlsafe()]
    params.ui = params.endpoint_slots = params.endpoint_props = False
    return params
