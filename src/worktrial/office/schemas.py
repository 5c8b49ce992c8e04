"""The JSON Schema of a tool's arguments, as short as it can be."""

from copy import deepcopy
from functools import cache
from typing import Any

from worktrial.office.tool import Takes

_KEPT = ("type", "description", "enum", "const")


def schema(takes: type[Takes]) -> dict[str, Any]:
    """Arguments: types, choices, defaults that say something; no lengths."""
    return deepcopy(_schema(takes))


@cache
def _schema(takes: type[Takes]) -> dict[str, Any]:
    whole = takes.model_json_schema()
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
