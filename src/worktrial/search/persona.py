"""A persona written in prose: its stages, by the words that mark them.

A stage begins with `Stage` and a number, larger than the one before; within it `Trigger:` says what
makes the person speak, `Line:` what is said, and `Otherwise:` what is done else. Markdown and case
carry no meaning. Every pattern is linear.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Literal

Part = Literal["trigger", "line", "unmet"]

_HEAD = re.compile(r"(?:\bstage|阶段|第)\s{0,3}[*_#]{0,3}\s{0,3}(\d{1,3})", re.IGNORECASE)
_BEGINS = re.compile(r"[\s>#*_\-•|]*")
_LABEL = re.compile(
    r"(?:\b(?:(?P<trigger>triggers?(?: condition)?)|(?P<line>(?:exact )?line|says?)|"
    r"(?P<unmet>otherwise|(?:behaviou?r )?if (?:unmet|not)|unmet))|"
    r"(?P<trigger_zh>触发(?:条件)?)|(?P<line_zh>台词|回复)|(?P<unmet_zh>否则|未触发))"
    r"[*_]{0,3}\s{0,3}[:：][*_]{0,3}\s{0,9}",
    re.IGNORECASE,
)
_QUOTES: Mapping[str, str] = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」"}
_MARKS = " \t\r\n*_`>#-–—•|.,;"


def stages_of(text: str) -> list[Mapping[str, str]]:
    """The stages of a persona in prose.

    Args:
        text: Of at most 100,000 characters.

    Returns:
        Of each stage `trigger` and `line`, and `unmet` where there is one.

    Raises:
        ValueError: If there is no stage, or one lacks its trigger or its line.
    """
    heads = _heads(text)
    if not heads:
        raise ValueError("holds no stage: begin each with `Stage` and its number")
    ends = [start for start, _, _ in heads[1:]] + [len(text)]
    return [
        _stage(number, text[after:end]) for (_, after, number), end in zip(heads, ends, strict=True)
    ]


def _heads(text: str) -> list[tuple[int, int, int]]:
    """Where each stage begins, where its head ends, and its number.

    Heads at the beginning of a line count alone where there are some. Elsewhere a stage may be
    spoken of: there a head is one only if a trigger comes next.
    """
    found = list(_HEAD.finditer(text))
    first = [head for head in found if _BEGINS.fullmatch(text, _line(text, head), head.start())]
    rising: list[tuple[int, int, int]] = []
    for head in first or _before_triggers(text, found):
        if not rising or int(head[1]) > rising[-1][2]:
            rising.append((head.start(), head.end(), int(head[1])))
    return rising


def _before_triggers(text: str, heads: list[re.Match[str]]) -> list[re.Match[str]]:
    labels = list(_LABEL.finditer(text))
    starts = [label.start() for label in labels]
    after = [bisect_left(starts, head.end()) for head in heads]
    return [
        head
        for head, at in zip(heads, after, strict=True)
        if at < len(labels) and _part(labels[at]) == "trigger"
    ]


def _line(text: str, head: re.Match[str]) -> int:
    """Where the line of a head begins."""
    return text.rfind("\n", 0, head.start()) + 1


def _stage(number: int, text: str) -> Mapping[str, str]:
    parts: dict[str, str] = {}
    for part, said in _parts(text):
        parts.setdefault(part, said)
    for part in ("trigger", "line"):
        if not parts.get(part):
            raise ValueError(f"has no `{part.capitalize()}:` in its stage {number}: write it out")
    return parts


def _parts(text: str) -> Iterator[tuple[Part, str]]:
    """The labelled parts of a stage; what stands in quotation marks is taken whole."""
    label = _LABEL.search(text)
    while label:
        part = _part(label)
        close = _QUOTES.get(text[label.end() : label.end() + 1], "")
        end = text.find(close, label.end() + 1) if close and part == "line" else -1
        after = _LABEL.search(text, max(end, label.end()))
        whole = text[label.end() + 1 : end] if end >= 0 else ""
        yield part, whole or _bare(text[label.end() : after.start() if after else len(text)])
        label = after


def _part(label: re.Match[str]) -> Part:
    groups: tuple[Part, ...] = ("trigger", "line", "unmet")
    return next(part for part in groups if label[part] or label[f"{part}_zh"])


def _bare(text: str) -> str:
    """A part without the marks of a list around it; a sentence keeps its end."""
    bare = text.strip(_MARKS)
    end = text[text.find(bare) + len(bare) :][:1] if bare else ""
    return f"{bare}." if end == "." else bare
