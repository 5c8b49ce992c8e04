"""The office's tools as Inspect's: thin, so that what they do is what the surface does."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool
from inspect_ai.tool import Tool, ToolDef, ToolError, ToolParams

from worktrial.documents.editor import DESCRIPTION, TOOL, Editor, schema
from worktrial.documents.editor import Call as EditorCall
from worktrial.office.office import Office
from worktrial.office.surface import Surface, failed
from worktrial.readiness.modes import FAILED, WrittenCall

_LONGEST_NAME, _MOST_WRITTEN = 100, 100_000
"""Characters of a call that are noted."""


def tools_of(surface: Surface) -> list[Tool]:
    """Every tool that a surface offers."""
    return [_tool(surface, *offer) for offer in surface.offers()]


def call_in_text(surface: Surface, call: WrittenCall) -> str:
    """What a call that was written in text returns."""
    reply = surface.call(call.tool, call.arguments)
    return f"{FAILED if failed(reply) else ''}{reply.text}"


def editor_tool(editor: Editor) -> Tool:
    """The text editor of the relay's third hand-over."""

    async def execute(**kwargs: Any) -> str:
        (result,) = editor.turn([EditorCall(TOOL, kwargs)])
        if result.mistaken:
            raise ToolError(result.text)
        return result.text

    return ToolDef(execute, TOOL, DESCRIPTION, ToolParams.model_validate(schema())).as_tool()


def note_malformed(office: Office, messages: Sequence[ChatMessage]) -> None:
    """Note calls that Inspect turned away before they reached the office."""
    calls = {
        call.id: call
        for message in messages
        if isinstance(message, ChatMessageAssistant)
        for call in message.tool_calls or []
    }
    for message in messages:
        if not isinstance(message, ChatMessageTool) or message.error is None:
            continue
        call = calls.get(message.tool_call_id or "")
        if call is not None and message.error.type == "parsing":
            written = json.dumps(call.arguments, ensure_ascii=False, default=str)
            office.fault(call.function[:_LONGEST_NAME], "malformed", written[:_MOST_WRITTEN])


def _tool(surface: Surface, name: str, text: str, parameters: dict[str, Any]) -> Tool:
    async def execute(**kwargs: Any) -> str:
        reply = surface.call(name, kwargs)
        if failed(reply):
            raise ToolError(reply.text)
        return reply.text

    return ToolDef(execute, name, text, ToolParams.model_validate(_said(parameters))).as_tool()


def _said(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema whose arguments all have a description, as Inspect wants it: their name at least."""
    named = {
        name: {"description": name.replace("_", " "), **_nested(of)}
        for name, of in schema.get("properties", {}).items()
    }
    return {**schema, "properties": named}


def _nested(of: Mapping[str, Any]) -> dict[str, Any]:
    return _said(of) if "properties" in of else dict(of)
