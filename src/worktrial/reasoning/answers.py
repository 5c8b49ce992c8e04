"""The last well-formed answer of what a model wrote.

The text is hostile: it is never evaluated, whatever it holds costs time in proportion to its
length, and nothing in it raises.
"""

import ast
import json
import re
import warnings
from collections.abc import Iterator
from math import isfinite
from typing import Any, NoReturn

from pydantic import JsonValue

_LONGEST = 100_000
"""Characters of one answer."""
_BUDGET = 500_000
"""Characters of all that are tried, from the last back."""
_COST = 64
"""Of a try, in characters, however short it is."""
_TAIL = 300_000
"""Characters at the end among which an answer without a tag is looked for."""
_DEEPEST = 20
_BROKEN = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError)

_TAG = re.compile(r"<(?P<close>/?)(?P<name>answer|mapping)>", re.I | re.A)
_OPENING = re.compile(r"[\[{]")
_LANGUAGE = re.compile(r"(?:json|python)?\s*", re.I)
_TOKEN = re.compile(
    r"(?P<open>[\[{(])|(?P<close>[\]})])|[\s,:]+"
    r"""|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'"""
    r"|-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|(?:true|false|null|True|False|None)\b"
)
_CLOSES = {"[": "]", "{": "}", "(": ")"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def answer_of(text: str) -> JsonValue | None:
    """The value of the last `<Answer>…</Answer>` or `<Mapping>…</Mapping>` that is JSON.

    A list or object of Python's, with single quotes, is read too, and either with a fence around
    it. An answer that is broken gives way to the one before. Where nothing stands between two
    tags, the last list or object of the text counts that is part of no other.

    Args:
        text: All that was written, of any length and content.

    Returns:
        The value, its keys all strings, of a repeated key the last; `None` where there is none, or
        none within bounds: 100,000 characters, nested 20 deep.
    """
    tagged = _tagged(text)
    tail = text[-_TAIL:]
    candidates = tagged or [tail[start:end] for start, end in _bare(tail)]
    budget = _BUDGET
    for candidate in reversed(candidates):
        budget -= _COST + (len(candidate) if len(candidate) <= _LONGEST else 0)
        found = _read(candidate) if budget > 0 and len(candidate) <= _LONGEST else None
        if found is not None or budget <= 0:
            return found
    return None


def _tagged(text: str) -> list[str]:
    """What stands between an opening tag and the next closing one of its name."""
    found: list[str] = []
    opened: dict[str, int] = {}
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if not tag["close"]:
            opened[name] = tag.end()
        elif (start := opened.pop(name, None)) is not None:
            found.append(text[start : tag.start()])
    return found


def _bare(text: str) -> Iterator[tuple[int, int]]:
    """Where lists and objects stand that are part of no other, each character read once or so."""
    at = 0
    while opening := _OPENING.search(text, at):
        at, depth = _lexed(text, opening.start())
        if depth:
            yield opening.start(), at


def _lexed(text: str, start: int) -> tuple[int, int]:
    """Where a list or object ends and how deep it is; where it breaks off, and 0."""
    open_brackets: list[str] = []
    at, depth = start, 0
    while token := _TOKEN.match(text, at):
        at = token.end()
        if token.lastgroup == "open":
            open_brackets.append(token[0])
            depth = max(depth, len(open_brackets))
        elif token.lastgroup == "close":
            if _CLOSES[open_brackets.pop()] != token[0]:
                return at, 0
            if not open_brackets:
                return at, depth
    return at, 0


def _read(text: str) -> JsonValue | None:
    fenced = text.rsplit("```", 2)[1:2]
    for inner in (text, *fenced):
        bare = inner.strip("` \t\r\n")
        for reader in (_json, _literal):
            try:
                return _plain(reader(bare[_language(bare) :]))
            except _BROKEN:
                continue
    return None


def _language(text: str) -> int:
    found = _LANGUAGE.match(text)
    return found.end() if found else 0


def _json(text: str) -> Any:
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _literal(text: str) -> Any:
    """A list or object as Python writes it: brackets, strings, numbers and constants alone."""
    end, depth = _lexed(text, 0) if text[:1] in tuple(_CLOSES) else (0, 0)
    if end != len(text) or not 0 < depth <= _DEEPEST:
        raise ValueError("no list or object")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that Python does not know
        return ast.literal_eval(text)


def _plain(value: Any, depth: int = 0) -> JsonValue:
    """The same in JSON's types.

    Raises:
        ValueError: If it cannot be written as JSON, or is nested too deeply.
    """
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {_key(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, str) and not _SURROGATE.search(value):
        return value
    if value is None or isinstance(value, bool | int):
        return value
    raise ValueError("not JSON")


def _key(key: Any) -> str:
    if not isinstance(key, str | int):
        raise ValueError("not a key")
    return str(_plain(key))
