"""Tools in words, for models whose chat template leaves them out: the Hermes form in plain text.

The engine says nothing when a template has no place for tools; the model would never learn of
them. So tools go into the system message, calls and results into the text between marks.
"""

import functools
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from worktrial.workers.engine import Json, Reply, Setting, chat

_OPEN, _CLOSE = "<tool_call>", "</tool_call>"
_TOLD = (
    "You can call these functions, one JSON description a line:\n<tools>\n{tools}\n</tools>\n"
    'To call a function, answer:\n<tool_call>\n{{"name": "the function", "arguments": '
    '{{"its argument": "a value"}}}}\n</tool_call>'
)
_MUST = "\nAnswer with a call."


@functools.cache
def ignores_tools(setting: Setting) -> bool:
    """Whether a model's prompt is no longer for having a tool in it; blocks while it is tried."""
    request: Json = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 1}
    tool = {"type": "function", "function": {"name": "clock", "description": "Tell the time."}}
    plain, with_tool = (
        chat(setting, request | more, threading.Event()).usage.get("prompt_tokens")
        for more in ({}, {"tools": [tool]})
    )
    return plain is not None and plain == with_tool


def in_words(request: Json) -> Json:
    """The same request with its tools, calls and results in the messages' text."""
    tools = "\n".join(json.dumps(tool["function"]) for tool in request["tools"])
    told = _TOLD.format(tools=tools) + (_MUST if request["tool_choice"] == "required" else "")
    messages: list[Json] = []
    for message in request["messages"]:
        worded = _worded(message)
        if messages and worded["role"] == messages[-1]["role"] == "user":
            messages[-1]["content"] += f"\n{worded['content']}"
        else:
            messages.append(worded)
    if messages[0]["role"] == "system":
        messages[0]["content"] += f"\n\n{told}"
    else:
        messages.insert(0, {"role": "system", "content": told})
    kept = {name: value for name, value in request.items() if name not in ("tools", "tool_choice")}
    return {**kept, "messages": messages}


def _worded(message: Mapping[str, Any]) -> Json:
    if message["role"] == "tool":
        result = f"<tool_response>\n{message['content']}\n</tool_response>"
        return {"role": "user", "content": result}
    calls = (
        f"\n{_OPEN}\n{_call(call['function'])}\n{_CLOSE}" for call in message.get("tool_calls", [])
    )
    return {"role": message["role"], "content": "".join([message["content"], *calls]).strip()}


def _call(function: Json) -> str:
    arguments = json.loads(function["arguments"])
    return json.dumps({"name": function["name"], "arguments": arguments})


def heard(reply: Reply, request: Json) -> Reply:
    """The reply with the calls that its text holds taken out of it.

    Args:
        reply: The engine's.
        request: As it was before its tools were put in words.
    """
    text, *rest = reply.text.split(_OPEN)
    parts = [part.partition(_CLOSE) for part in rest]
    calls = [_read(body, f"{len(request['messages'])}-{n}", request["tools"])
             for n, (body, _, _) in enumerate(parts)]  # fmt: skip
    said = "".join([text, *(after for _, _, after in parts)]).strip()
    return replace(reply, text=said, tool_calls=calls) if calls else reply


def _read(body: str, number: str, tools: Sequence[Json]) -> Json:
    """A call in the engine's form; what is no call has arguments that its reader refuses."""
    call = {"id": number, "name": tools[0]["function"]["name"], "arguments": "null"}
    try:
        found = json.loads(body)
        named, arguments = found["name"], found.get("arguments", {})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return call
    return {**call, "name": str(named), "arguments": json.dumps(arguments)}
