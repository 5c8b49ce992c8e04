"""The conversations behind a search's numbers, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from worktrial.evidence import Source
from worktrial.report.diffs import cut
from worktrial.search.stories import ConversationStory, TurnStory

Conversations = Mapping[str, Sequence[ConversationStory]]
"""By worker."""
_MOST_LOOKED = 12


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
    return replace(story, turns=tuple(map(_cut_turn, story.turns)))


def _cut_turn(turn: TurnStory) -> TurnStory:
    left_out = len(turn.looked) - _MOST_LOOKED
    more = (f"and {left_out} more",) if left_out > 0 else ()
    looked = (*turn.looked[:_MOST_LOOKED], *more)
    return replace(turn, looked=looked, worker=cut(turn.worker), user=cut(turn.user))
