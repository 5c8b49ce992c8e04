"""Chat completions: a request read into Inspect's messages, an answer as a provider writes it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    GenerateConfig,
    ModelOutput,
)
from inspect_ai.tool import ToolCall, ToolCallError, ToolInfo

from worktrial.workers.reference import ReferenceAPI

CARRIED = "carried"
"""The part of a request that holds its own answer, where a worker needs more than its text."""
_PIECES = 8


class Said:
    """An answer: words, calls and why it ended there."""

    def __init__(self, text: str, calls: list[dict[str, Any]], usage: Mapping[str, int]) -> None:
        self.text, self.calls, self.usage = text, calls, usage
        self.finish = "tool_calls" if calls else "stop"

    def emptied(self) -> "Said":
        """The same without a word."""
        return Said("", [], self.usage)

    def truncated(self) -> "Said":
        """The first half of its words, as where there is no room for more."""
        half = Said(self.text[: len(self.text) // 2], [], self.usage)
        half.finish = "length"
        return half

    def completion(self, model: str) -> bytes:
        """The whole as one body."""
        message: dict[str, Any] = {"role": "assistant", "content": self.text}
        if self.calls:
            message["tool_calls"] = self.calls
        choice = {"index": 0, "finish_reason": self.finish, "message": message}
        return json.dumps({**_head(model, ""), "choices": [choice], "usage": self.usage}).encode()

    def chunks(self, model: str) -> Iterator[bytes]:
        """The same as server-sent events."""
        head = _head(model, ".chunk")
        calls = [{"index": n, **call} for n, call in enumerate(self.calls)]
        deltas: list[tuple[dict[str, Any], str | None]] = [({"role": "assistant"}, None)]
        deltas += [({"content": piece}, None) for piece in pieces(self.text)]
        deltas += [({"tool_calls": calls}, None)] if calls else []
        deltas += [({}, self.finish)]
        for delta, finish in deltas:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            yield _event({**head, "choices": [choice]})
        yield _event({**head, "choices": [], "usage": self.usage})
        yield b"data: [DONE]\n\n"


def pieces(text: Any) -> list[Any]:
    """A text or body in a few pieces."""
    step = max(1, -(-len(text) // _PIECES))
    return [text[n : n + step] for n in range(0, len(text), step)]


async def answer(body: Mapping[str, Any]) -> Said:
    """What the reference worker of the request's model says."""
    if CARRIED in body:
        carried = body[CARRIED]
        return Said(carried["text"], carried["calls"], carried["usage"])
    worker = ReferenceAPI(body["model"])
    tools = [ToolInfo(name=t["function"]["name"], description="") for t in body.get("tools", [])]
    config = GenerateConfig(seed=body.get("seed"))
    return said(await worker.generate(list(_messages(body["messages"])), tools, "auto", config))


def said(output: ModelOutput) -> Said:
    """What a reference worker put out, in the words of the protocol."""
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {"name": call.function, "arguments": json.dumps(call.arguments)},
        }
        for call in output.message.tool_calls or []
    ]
    used = output.usage
    counted = (used.input_tokens, used.output_tokens, used.total_tokens) if used else (0, 0, 0)
    names = ("prompt_tokens", "completion_tokens", "total_tokens")
    return Said(output.completion, calls, dict(zip(names, counted, strict=True)))


def _messages(given: list[Mapping[str, Any]]) -> Iterator[ChatMessage]:
    for message in given:
        text = _text(message.get("content"))
        match message["role"]:
            case "system" | "developer":
                yield ChatMessageSystem(content=text)
            case "user":
                yield ChatMessageUser(content=text)
            case "assistant":
                calls = [
                    ToolCall(c["id"], c["function"]["name"], json.loads(c["function"]["arguments"]))
                    for c in message.get("tool_calls") or []
                ]
                yield ChatMessageAssistant(content=text, tool_calls=calls or None)
            case "tool":
                # A provider is not told what was mistaken but in the words of the result.
                wrong = ToolCallError("parsing", text) if text.startswith("Error") else None
                yield ChatMessageTool(content=text, error=wrong)


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""


def _head(model: str, kind: str) -> dict[str, Any]:
    return {"id": "hostile", "object": f"chat.completion{kind}", "created": 0, "model": model}


def _event(data: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()
