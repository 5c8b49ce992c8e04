"""Texts as a careless or hostile writer leaves them: real ones, cut, spliced, nested and swollen.

A text is grown from a seed by a few changes, each drawn by Hypothesis, which makes a text that does
harm as short and as little changed as it can.
"""

import re
from collections.abc import Sequence

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
        st.builds(_Cut, place, place),
        st.builds(_Write, place, written),
        st.builds(_Replace, place, written),
        st.builds(_Repeat, place, st.integers(1, 60), st.integers(2, 300)),
        st.builds(_Nest, place, st.sampled_from(OPENINGS), st.integers(2, 3000)),
        st.builds(_Splice, place, stretch, place, place),
        st.builds(_Write, place, st.text(max_size=8)),
        st.builds(_MoveLine, place, place),
    )
    changes = st.lists(change, min_size=1, max_size=5)
    return st.builds(_changed, st.sampled_from(seeds), changes)


def _changed(text: str, changes: "Sequence[_Change]") -> str:
    for change in changes:
        text = change(text)[:LONGEST]
    return text


def _at(text: str, place: int) -> int:
    return len(text) * place // _PERMILLE


class _Change:
    """One change of a text, told by its arguments when it did harm."""

    def __init__(self, *arguments: int | str) -> None:
        self.arguments = arguments

    def __call__(self, text: str) -> str:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.arguments}"


class _Cut(_Change):
    def __call__(self, text: str) -> str:
        first, last = sorted(_at(text, place) for place in self.arguments)  # type: ignore[arg-type]
        return text[:first] + text[last:]


class _Write(_Change):
    def __call__(self, text: str) -> str:
        place, written = self.arguments
        at = _at(text, int(place))
        return f"{text[:at]}{written}{text[at:]}"


class _Replace(_Change):
    """One word by another."""

    def __call__(self, text: str) -> str:
        place, written = self.arguments
        found = _WORDS.search(text, _at(text, int(place)))
        return f"{text[: found.start()]}{written}{text[found.end() :]}" if found else text


class _Repeat(_Change):
    def __call__(self, text: str) -> str:
        place, length, times = map(int, self.arguments)
        at = _at(text, place)
        return text[:at] + text[at : at + length] * times + text[at + length :]


class _Nest(_Change):
    def __call__(self, text: str) -> str:
        place, opening, depth = self.arguments
        at = _at(text, int(place))
        return f"{text[:at]}{str(opening) * int(depth)}{text[at:]}"


class _Splice(_Change):
    """A stretch of another text."""

    def __call__(self, text: str) -> str:
        place, other, *bounds = self.arguments
        first, last = sorted(_at(str(other), int(bound)) for bound in bounds)
        at = _at(text, int(place))
        return text[:at] + str(other)[first:last] + text[at:]


class _MoveLine(_Change):
    def __call__(self, text: str) -> str:
        lines = text.split("\n")
        first, last = (
            min(len(lines) - 1, len(lines) * int(p) // _PERMILLE) for p in self.arguments
        )
        lines.insert(last, lines.pop(first))
        return "\n".join(lines)
