"""What a person declares in a file: plain YAML, read with limits and checked as a whole."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from worktrial.errors import ConfigError

MOST_BYTES = 1_000_000
DEEPEST = 12
"""Levels of nesting that a declaration may have."""
_LONGEST_PLACE, _LONGEST_MESSAGE = 80, 400
"""Characters; what stands in a file may be far longer."""

Declared = TypeVar("Declared", bound=BaseModel)


def read_declared(path: Path, model: type[Declared], *, name: str) -> Declared:
    """Read a declaration, or say in one line what is wrong with it.

    Plain data alone is taken: no tags, no anchors (which can stand for far more than the file
    holds), no key twice (of which YAML would keep the last).

    Args:
        path: The file.
        model: What it must be.
        name: What the file is called in messages, such as `--policy`.

    Raises:
        ConfigError: If it cannot be read, breaks a limit, or is not what `model` says.
    """
    text = read_text(path, name=name)
    try:
        _checked_shape(text)
        return model.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise ConfigError(f"`{name}` {path} {_first(error, text)}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError(f"`{name}` {path} is not plain YAML: {_reason(error)}") from None


def read_text(path: Path, *, name: str) -> str:
    """Read a text of bounded size.

    Args:
        path: The file.
        name: What the file is called in messages, such as `--policy`.

    Raises:
        ConfigError: If it cannot be read, is too large, or is not UTF-8.
    """
    try:
        # One byte more than may be there: a device or a huge file is not read to its end.
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ConfigError(f"`{name}` must have at most {MOST_BYTES:,} bytes; {path} has more")
        return content.decode("utf-8")
    except OSError as error:
        raise ConfigError(f"`{name}` {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"`{name}` {path} is not UTF-8 text; save it as UTF-8") from None


def line_of(text: str, place: Sequence[str | int]) -> int:
    """The line, from 1, in which a part of a declaration begins.

    Args:
        text: The declaration, which has been read.
        place: Keys and positions that lead to the part; one that isn't there is passed over, so
            of what is missing this is the line of what lacks it.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for part in place:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
    return 1 if node is None else int(node.start_mark.line) + 1


def _checked_shape(text: str) -> None:
    """Walk the events, before anything is built of them."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ValueError(f"{_line(event)}anchors and aliases are not taken; write it out")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValueError(f"{_line(event)}nested deeper than {DEEPEST} levels")
    for key in _repeated(yaml.compose(text, Loader=yaml.SafeLoader)):
        raise ValueError(f"{_line(key)}{key.value!r} stands there twice; keep one")


def _repeated(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Every key that its mapping already has."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield key
                seen.add(key.value)
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated(value)


def _line(where: Any) -> str:
    return f"line {where.start_mark.line + 1}: "


def _reason(error: Exception) -> str:
    """What is wrong and in which line, without YAML's excerpt of the file."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if problem is None:
        return " ".join(str(error).split())
    return f"line {mark.line + 1}: {problem}" if mark else str(problem)


def _first(error: ValidationError, text: str) -> str:
    """The first thing that is wrong, with its line, its place and the value that stands there."""
    found = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in found["loc"])[:_LONGEST_PLACE]
    message = found["msg"].removeprefix("Value error, ")[:_LONGEST_MESSAGE]
    value = repr(found["input"])
    shown = f"; got {value[:80]}" if found["type"] not in ("missing", "value_error") else ""
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    line = line_of(text, found["loc"])
    return f"line {line}: {f'`{place}` ' if place else ''}{message}{shown}{more}"
