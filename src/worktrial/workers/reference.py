"""The provider `reference/NAME`: through it each trial's reference workers speak.

A trial registers a voice. A voice checks a worker's name and answers a prompt of its own trial;
it sees the prompt's text and the seed of the call, as a model behind any provider does.
"""

from collections.abc import Callable
from typing import Any, Protocol

from inspect_ai.model import (
    ChatMessage,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.tool import ToolChoice, ToolInfo

_CHARACTERS_PER_TOKEN = 3.5
_MOST_CONNECTIONS = 1000


class Voice(Protocol):
    """How one trial's reference workers speak."""

    def check(self, name: str) -> None:
        """Raise `ConfigError` unless there is such a worker in this trial."""
        ...

    def hears(self, prompt: str) -> bool:
        """Whether a prompt is of this trial."""
        ...

    def answer(self, name: str, prompt: str, seed: int) -> str:
        """Answer it."""
        ...


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
        self.voices = [make() for make in _VOICES.values()]
        for voice in self.voices:
            voice.check(self.service_model_name())

    def service_model_name(self) -> str:
        """The worker's name without the provider."""
        return self.model_name.removeprefix("reference/")

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's own signature
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Answer the last message."""
        prompt = input[-1].text
        voice = next((v for v in self.voices if v.hears(prompt)), None)
        text = (
            voice.answer(self.service_model_name(), prompt, config.seed or 0)
            if voice
            else "I do not know this trial."
        )
        output = ModelOutput.from_content(self.model_name, text)
        output.usage = _usage(prompt, text)
        return output

    def max_connections(self) -> int:
        """As many as are asked for: nothing is waited for."""
        return _MOST_CONNECTIONS


def _usage(prompt: str, text: str) -> ModelUsage:
    read, written = (round(len(t) / _CHARACTERS_PER_TOKEN) for t in (prompt, text))
    return ModelUsage(input_tokens=read, output_tokens=written, total_tokens=read + written)
