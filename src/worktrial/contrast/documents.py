"""A JSON file of another tool, read with limits."""

import json
from pathlib import Path
from typing import Any

from worktrial.errors import ConfigError

MOST_BYTES = 500_000_000


def read_json(path: Path) -> Any:
    """Read a whole file.

    Raises:
        ConfigError: If it cannot be read, is too large, or is no JSON.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigError(
                f"{path} must have at most {MOST_BYTES:,} bytes; split it, or make a table"
            )
        with path.open("rb") as file:
            return json.load(file)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ConfigError(f"{path} is no JSON ({type(error).__name__}: {reason})") from None


def part(record: object, *path: str) -> Any:
    """What stands at a path of fields; `None` where there is none."""
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def items_at(record: object, *path: str) -> list[dict[str, Any]]:
    """The objects of the list at a path; nothing where there is none."""
    found = part(record, *path)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def plain_fields(record: object) -> dict[str, str]:
    """The fields of an object that hold a text or a number."""
    found = record.items() if isinstance(record, dict) else ()
    return {str(name): str(value) for name, value in found if isinstance(value, str | int | float)}
