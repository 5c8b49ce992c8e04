"""The relay's reference workers as a voice of `reference/NAME`."""

from worktrial.relay import reference
from worktrial.relay.damage import behaviour


class RelayVoice:
    """Answers a relay's legs."""

    def check(self, name: str) -> None:
        """Raise `ConfigError` unless the relay has such a worker."""
        behaviour(name)

    def hears(self, prompt: str) -> bool:
        """Whether a prompt is a leg's."""
        return "## Task\n\nThe working files are " in prompt

    def answer(self, name: str, prompt: str, seed: int) -> str:
        """Answer a leg."""
        return reference.answer(behaviour(name), prompt, seed)
