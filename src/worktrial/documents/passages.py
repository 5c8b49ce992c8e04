"""Passages: the lines of a text that another text changes, as few as are needed to find them."""

from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_COUNTED = 10
"""Occurrences beyond this are not counted: the text may be hostile."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines `start` to `end` of a text, in whose place lines `new_start` to `new_end` stand."""

    start: int
    end: int
    new_start: int
    new_end: int

    def wider(self, above: int, below: int) -> "Passage":
        """The same change with some of the unchanged lines around it."""
        return Passage(
            self.start - above, self.end + below, self.new_start - above, self.new_end + below
        )

    def joined(self, following: "Passage") -> "Passage":
        """This change and the one after it, as one."""
        return Passage(self.start, following.end, self.new_start, following.new_end)


def lines_of(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one."""
    parts = text.split("\n")
    return [f"{line}\n" for line in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def changed(before: list[str], after: list[str]) -> list[Passage]:
    """The least that changes, passage by passage."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [Passage(*at) for tag, *at in matcher.get_opcodes() if tag != "equal"]


def occurrences(text: str, search: str) -> int:
    """How often whole lines occur in a text of whole lines; counted up to `MOST_COUNTED`."""
    # A line begins after the end of another one, so that is looked for as well.
    text, search = f"\n{text}", f"\n{search}"
    count, at = 0, text.find(search)
    while at >= 0 and count < MOST_COUNTED:
        count += 1
        at = text.find(search, at + 1)
    return count


def unique_passages(before: str, after: str) -> list[tuple[str, str]]:
    """What changes between two texts, each passage wide enough to occur only once.

    Returns:
        Pairs of old and new lines. The old ones are empty only where `before` is.
    """
    if not before:
        return [("", after)] if after else []
    old, new = lines_of(before), lines_of(after)
    found = changed(old, new)
    _tell_apart(before, old, found)
    return [("".join(old[p.start : p.end]), "".join(new[p.new_start : p.new_end])) for p in found]


def first_passage(text: str) -> str:
    """The first lines of a text, as many as it takes for them to occur only once."""
    lines = lines_of(text)
    found = [Passage(0, 1, 0, 1)] if lines else []
    _tell_apart(text, lines, found)
    return "".join(lines[: found[0].end]) if found else ""


def often(count: int) -> str:
    """A number of occurrences in words."""
    return f"{count} times" + (" or more" if count >= MOST_COUNTED else "")


def _tell_apart(text: str, lines: list[str], passages: list[Passage]) -> None:
    """Widen passages by unchanged lines, or join neighbours, until each occurs only once."""
    at, reach = 0, 1
    while at < len(passages):
        passage = passages[at]
        search = "".join(lines[passage.start : passage.end])
        if search and occurrences(text, search) == 1:
            at, reach = at + 1, 1
            continue
        above, below = _room(passages, at, len(lines))
        if above or below:
            passages[at] = passage.wider(min(reach, above), min(reach, below))
            reach *= 2
        else:
            at = at if at + 1 < len(passages) else at - 1
            passages[at : at + 2] = [passages[at].joined(passages[at + 1])]


def _room(passages: list[Passage], at: int, end: int) -> tuple[int, int]:
    """How many unchanged lines stand above and below a passage."""
    first = passages[at - 1].end if at else 0
    last = passages[at + 1].start if at + 1 < len(passages) else end
    return passages[at].start - first, last - passages[at].end
