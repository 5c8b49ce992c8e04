"""The conversations behind a search's numbers, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from worktrial.evidence import Source
from worktrial.report.diffs import cut
from worktrial.report.words import one_line
from worktrial.search.stories import ConversationStory, TurnStory

Conversations = Mapping[str, Sequence[ConversationStory]]
"""By worker."""
_MOST_LOOKED = 12
_MOST_CLAIMS = 60
_LINE = 400
"""Characters of what is a line."""


@dataclass(frozen=True, slots=True)
class ShownWorker:
    """All conversations of a worker that are shown, the worst first."""

    anchor: str
    name: str
    conversations: tuple[ConversationStory, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The samples that are told."""
        return tuple(talk.source for talk in self.conversations if talk.source)


def conversations(workers: Sequence[str], told: Conversations) -> list[ShownWorker]:
    """What a page shows of every worker that has a conversation to show."""
    return [
        ShownWorker(f"s{number}", worker, tuple(map(_cut, told[worker])))
        for number, worker in enumerate(workers, 1)
        if told.get(worker)
    ]


def _cut(story: ConversationStory) -> ConversationStory:
    claims = tuple((one_line(text, _LINE), became) for text, became in story.claims[:_MOST_CLAIMS])
    left_out = len(story.claims) - _MOST_CLAIMS
    return replace(
        story,
        opening=cut(story.opening),
        ended=one_line(story.ended, _LINE),
        turns=tuple(map(_cut_turn, story.turns)),
        goal=_first(story.goal, _MOST_CLAIMS),
        claims=(*claims, *([(f"and {left_out:,} more", "in the log")] if left_out > 0 else [])),
        faults=_first(story.faults, _MOST_LOOKED),
    )


def _cut_turn(turn: TurnStory) -> TurnStory:
    return replace(
        turn,
        looked=_first(turn.looked, _MOST_LOOKED),
        worker=cut(turn.worker),
        user=cut(turn.user),
        state=_first(turn.state, _MOST_LOOKED),
    )


def _first(lines: Sequence[str], most: int) -> tuple[str, ...]:
    """The first lines, each of bounded length, and how many more there are."""
    left_out = len(lines) - most
    more = (f"and {left_out:,} more",) if left_out > 0 else ()
    return (*(one_line(line, _LINE) for line in lines[:most]), *more)
