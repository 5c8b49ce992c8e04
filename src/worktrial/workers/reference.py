"""The provider `reference/NAME`: through it each trial's reference workers speak.

A trial registers a voice. A voice checks a worker's name and answers conversations of its own
trial; it sees messages, tools and the seed of the call, as a model behind any provider does. A
worker for several trials at once is a profile, `lossy-0.02+premature+brittle`: in each trial it is
the first of these that the trial has.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo

from worktrial.errors import ConfigError
from worktrial.reference import PREFIX

_CHARACTERS_PER_TOKEN = 3.5
_MOST_CONNECTIONS = 1000


class Voice(Protocol):
    """How one trial's reference workers speak."""

    def check(self, name: str) -> None:
        """Raise `ConfigError` unless there is such a worker in this trial."""
        ...

    def hears(self, messages: Sequence[ChatMessage]) -> bool:
        """Whether a conversation is of this trial."""
        ...

    def answer(
        self, name: str, messages: Sequence[ChatMessage], tools: Sequence[ToolInfo], seed: int
    ) -> str | list[ToolCall]:
        """Answer it, in words or by calling tools."""
        ...


Key = TypeVar("Key")
"""What a reference worker is told of the call at hand, such as its item."""


@dataclass(frozen=True)
class KeyedVoice(Generic[Key]):
    """A voice that hears the calls in whose context its trial has put a key.

    Attributes:
        check: Raises `ConfigError` unless there is such a worker in this trial.
        at_hand: The key of the call that is made in this context.
        say: Answers a call, by the worker's name, the key and the messages so far.
    """

    check: Callable[[str], None]
    at_hand: ContextVar[Key | None]
    say: Callable[[str, Key, Sequence[ChatMessage]], str | list[ToolCall]]

    def hears(self, messages: Sequence[ChatMessage]) -> bool:
        """Whether the call at hand is of this trial."""
        return self.at_hand.get() is not None

    def answer(
        self, name: str, messages: Sequence[ChatMessage], tools: Sequence[ToolInfo], seed: int
    ) -> str | list[ToolCall]:
        """Answer it; nothing where it is of another trial."""
        key = self.at_hand.get()
        return "" if key is None else self.say(name, key, messages)


_VOICES: dict[str, Callable[[], Voice]] = {}


def register_voice(trial: str, voice: Callable[[], Voice]) -> None:
    """Let a trial's reference workers speak through `reference/NAME`."""
    _VOICES[trial] = voice


class ReferenceAPI(ModelAPI):
    """Inspect's view of the reference workers."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - Inspect's own signature
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        self.voices = _voices(self.service_model_name())
        """Each with the name under which the worker is known there."""

    def service_model_name(self) -> str:
        """The worker's name without the provider."""
        return self.model_name.removeprefix(PREFIX)

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's own signature
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Answer a conversation."""
        said: str | list[ToolCall] = "I do not know this trial."
        for voice, name in self.voices:
            if voice.hears(input):
                said = voice.answer(name, input, tools, config.seed or 0)
                break
        output = _output(self.model_name, said)
        output.usage = _usage(input, output)
        return output

    def max_connections(self) -> int:
        """As many as are asked for: nothing is waited for."""
        return _MOST_CONNECTIONS


def known_as(profile: str, check: Callable[[str], None]) -> str:
    """The first name of a profile that a trial has.

    Args:
        profile: One name, or several with `+` between them.
        check: Raises `ConfigError` unless the trial has this worker.

    Raises:
        ConfigError: If the trial has none of them.
    """
    refused = []
    for name in profile.split("+"):
        try:
            check(name)
        except ConfigError as error:
            refused.append(str(error))
        else:
            return name
    raise ConfigError("; ".join(refused))


def _voices(profile: str) -> list[tuple[Voice, str]]:
    """The voices of all trials that have this worker, each with its name there.

    Raises:
        ConfigError: If a name of the profile is known in no trial.
    """
    voices = [make() for make in _VOICES.values()]
    for name in profile.split("+"):
        _check_somewhere(name, voices)
    known = []
    for voice in voices:
        with suppress(ConfigError):
            known.append((voice, known_as(profile, voice.check)))
    return known


def _check_somewhere(name: str, voices: Sequence[Voice]) -> None:
    refused = []
    for voice in voices:
        try:
            voice.check(name)
        except ConfigError as error:
            refused.append(str(error))
        else:
            return
    raise ConfigError("; ".join(refused))


def _output(model: str, said: str | list[ToolCall]) -> ModelOutput:
    if isinstance(said, str):
        return ModelOutput.from_content(model, said)
    message = ChatMessageAssistant(content="", tool_calls=said, model=model, source="generate")
    choice = ChatCompletionChoice(message=message, stop_reason="tool_calls")
    return ModelOutput(model=model, choices=[choice])


def _usage(messages: Sequence[ChatMessage], output: ModelOutput) -> ModelUsage:
    read, written = (
        round(sum(map(_length, these)) / _CHARACTERS_PER_TOKEN)
        for these in (messages, [output.message])
    )
    return ModelUsage(input_tokens=read, output_tokens=written, total_tokens=read + written)


def _length(message: ChatMessage) -> int:
    calls = message.tool_calls or [] if isinstance(message, ChatMessageAssistant) else []
    return len(message.text) + sum(len(json.dumps(call.arguments)) for call in calls)
