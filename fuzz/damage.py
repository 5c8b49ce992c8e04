"""Texts as a careless or hostile writer leaves them: real ones, cut, spliced, nested and swollen.

A text is grown from a seed by a few changes, each drawn by Hypothesis, which makes a text that does
harm as short and as little changed as it can.
"""

import re
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

LONGEST = 60_000
"""Characters of a damaged text."""
_PERMILLE = 1000

BOMBS = (
    '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;">]><a>&d;</a>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
    "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n",
    "a: &a\n  b: *a\n",
    "!!python/object/apply:os.getcwd []\n",
    '{"a": NaN, "b": 1e999999999, "c": -Infinity, "a": {"a": []}}',
    "1" * 5000,
    "1e" + "9" * 30,
    "0x" + "f" * 400,
    "9" * 400 + "." + "9" * 400,
    "9999-99-99T99:99:99+99:99",
)
"""What has brought down parsers of XML, YAML, JSON, numbers and times."""
OPENINGS = (
    "[", "{", "(", "<", "<a>", "[[", "{a:", '{"a":', "- ", "\t", "  ", "> ", "#", "\\begin{a}",
    "/*", '"', "'''", "$(", "${", "a(", "if true\n", "<g>\n", "*", "_", "`", "|",
)  # fmt: skip
"""What may be repeated into a depth."""
ODD = (
    "", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\r", "\r\n", "\ufeff", "\u202e",
    "\ud800",
    "\U0010ffff", "\u0130", "ﬀ", "٣", "²", "１２", "½", "−1", "+", "--1", "1_000", "0", "-0", "1.",
    ".5", "1e400", "-1e-400", "nan", "inf", "True", "null", "%s", "{}", "\\", "\\x", "\\u12", "\\1",
    "\"", "'", "`", ";", ",", ":", "=", "|", "\t", "\n", "\n\n", " ", "#", "//", "<!--", "-->",
    "]]>", "&amp", "&#x110000;", "<![CDATA[", "```", "~~~", "---", "...", "END", "$", "@",
    "../../etc/passwd",
)  # fmt: skip
"""Signs and words that readers of text trip over, the commonest separators among them."""
_WORDS = re.compile(r"\w+|[^\w\s]+")
_WORDS_OF_A_SEED = 400


def damaged(seeds: Sequence[str]) -> SearchStrategy[str]:
    """Texts grown from some of one kind.

    Args:
        seeds: At least one text that is as it should be.
    """
    words = sorted({word for seed in seeds for word in _WORDS.findall(seed)[:_WORDS_OF_A_SEED]})
    place = st.integers(0, _PERMILLE)
    written = st.sampled_from([*words, *ODD])
    stretch = st.sampled_from([*seeds, *BOMBS])
    change = st.one_of(
        st.tuples(st.just(_cut), place, place),
        st.tuples(st.just(_write), place, written),
        st.tuples(st.just(_replace), place, written),
        st.tuples(st.just(_repeat), place, st.integers(1, 60), st.integers(2, 300)),
        st.tuples(st.just(_nest), place, st.sampled_from(OPENINGS), st.integers(2, 3000)),
        st.tuples(st.just(_splice), place, stretch, place, place),
        st.tuples(st.just(_write), place, st.text(max_size=8)),
        st.tuples(st.just(_move_line), place, place),
    )
    changes = st.lists(change, min_size=1, max_size=5)
    return st.builds(_changed, st.sampled_from(seeds), changes)


def _changed(text: str, changes: Sequence[tuple[Any, ...]]) -> str:
    for change, *arguments in changes:
        text = change(text, *arguments)[:LONGEST]
    return text


def _at(text: str, place: int) -> int:
    return len(text) * place // _PERMILLE


def _between(text: str, first: int, last: int) -> tuple[int, int]:
    return _at(text, min(first, last)), _at(text, max(first, last))


def _cut(text: str, first: int, last: int) -> str:
    start, end = _between(text, first, last)
    return text[:start] + text[end:]


def _write(text: str, place: int, written: str) -> str:
    at = _at(text, place)
    return f"{text[:at]}{written}{text[at:]}"


def _replace(text: str, place: int, written: str) -> str:
    """One word by another."""
    found = _WORDS.search(text, _at(text, place))
    return f"{text[: found.start()]}{written}{text[found.end() :]}" if found else text


def _repeat(text: str, place: int, length: int, times: int) -> str:
    at = _at(text, place)
    return text[:at] + text[at : at + length] * times + text[at + length :]


def _nest(text: str, place: int, opening: str, depth: int) -> str:
    return _write(text, place, opening * depth)


def _splice(text: str, place: int, other: str, first: int, last: int) -> str:
    """A stretch of another text."""
    start, end = _between(other, first, last)
    return _write(text, place, other[start:end])


def _move_line(text: str, first: int, last: int) -> str:
    lines = text.split("\n")
    start, end = (min(len(lines) - 1, len(lines) * place // _PERMILLE) for place in (first, last))
    lines.insert(end, lines.pop(start))
    return "\n".join(lines)
