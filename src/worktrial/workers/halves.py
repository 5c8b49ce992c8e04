"""Halves of characters in what a worker wrote, made storable before all else."""

from typing import Any

from inspect_ai.model import ChatMessageAssistant


def whole(value: Any) -> Any:
    """Write halves of characters as logs do, so that scoring again reads what was scored."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {whole(key): whole(of) for key, of in value.items()}
    if isinstance(value, list):
        return [whole(of) for of in value]
    return value


def logged(message: ChatMessageAssistant) -> ChatMessageAssistant:
    """The message as a log will hold it, since half a character cannot be sent back either."""
    return ChatMessageAssistant.model_validate(whole(message.model_dump()))
