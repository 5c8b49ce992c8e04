"""The JSON Schema of a tool's arguments, as short as it can be."""

from typing import Any

from worktrial.office.tool import Tool

_KEPT = ("type", "description", "enum", "const")


def schema(tool: Tool) -> dict[str, Any]:
    """The arguments of a tool: types, choices, defaults that say something; no lengths."""
    whole = tool.takes.model_json_schema()
    return {
        "type": "object",
        "properties": {name: _property(one) for name, one in whole["properties"].items()}
        if "properties" in whole
        else {},
        "required": whole.get("required", []),
        "additionalProperties": False,
    }


def _property(one: dict[str, Any]) -> dict[str, Any]:
    kept = {key: one[key] for key in _KEPT if key in one}
    if one.get("default"):
        kept["default"] = one["default"]
    return kept
