"""Remedies: what can be done about the losses of a relay, at the cost of further calls.

None knows the right result. What a worker made of a leg passes through its remedy before it is
handed on.
"""

import re
from collections.abc import Sequence

from worktrial.documents.domain import domain
from worktrial.documents.handover import fence_for, read_files, write_files
from worktrial.documents.likeness import likeness
from worktrial.documents.marked import marked, read_marked
from worktrial.documents.unit import Files
from worktrial.relay.answers import Answer, Refused, read_rewrite
from worktrial.relay.arms import Arm
from worktrial.relay.items import RelayItem

KEEP = "KEEP"
"""The answer to a review that changes nothing."""
_MOST_TIMES = 3
_NUMBER = re.compile(r"^### \d+ of \d+\n\n", re.MULTILINE)


class Remedy:
    """No remedy: what was made is handed on."""

    @property
    def turn(self) -> tuple[str | int, ...]:
        """What the next call is for, as a name of its seed; nothing where it is the leg's own."""
        return ()

    def take(self, made: Files, task: str) -> Files | None:
        """Take what was made of a task.

        Returns:
            The files to hand on, or `None` where another call is made first.
        """
        return made

    def give_up(self) -> Files | None:
        """The files to hand on where a call gave nothing usable; `None` where there are none."""
        return None

    def prompt(self) -> str:
        """The message of a review, where one is due; nothing otherwise."""
        return ""

    def settle(self, answer: Answer) -> Files | None:
        """The files to hand on after the answer to a review; `None` where none was due."""
        return None


class Retry(Remedy):
    """Ask twice; if the two differ, ask again and take the one that is most like the others."""

    def __init__(self, item: RelayItem) -> None:
        self._domain = domain(item.domain)
        self._made: list[Files] = []

    @property
    def turn(self) -> tuple[str | int, ...]:
        """The first time is the leg's own."""
        return ("again", len(self._made)) if self._made else ()

    def take(self, made: Files, task: str) -> Files | None:
        """Settle as soon as two agree."""
        self._made.append(made)
        agreed = made in self._made[:-1]
        if not agreed and len(self._made) < _MOST_TIMES:
            return None
        settled = made if agreed else self._most_alike()
        self._made = []
        return settled

    def give_up(self) -> Files | None:
        """The first that was made."""
        first, self._made = next(iter(self._made), None), []
        return first

    def _most_alike(self) -> Files:
        """The first of those that are most like the rest."""
        documents = [self._domain.parse(files) for files in self._made]
        like = [
            sum(likeness(one, other, clips=self._domain.clips).value for other in documents)
            for one in documents
        ]
        return self._made[like.index(max(like))]


class Review(Remedy):
    """Every so many legs, show what has changed since the last review beside what was asked for."""

    def __init__(self, item: RelayItem, arm: Arm, every: int, start: Files) -> None:
        self._item, self._arm, self._every = item, arm, every
        self._before: Files = start
        self._tasks: list[str] = []
        self._made: Files | None = None

    @property
    def turn(self) -> tuple[str | int, ...]:
        """A review has a seed of its own."""
        return () if self._made is None else ("review",)

    def take(self, made: Files, task: str) -> Files | None:
        """Hand on, or show first."""
        self._tasks.append(task)
        if len(self._tasks) < self._every:
            return made
        self._made = made
        return None

    def prompt(self) -> str:
        """Every line with its mark, the tasks, how to answer."""
        made = self._made
        if made is None:
            return ""
        shown = marked(self._before, made)
        names = ", ".join(f"`{name}`" for name in made)
        answer = self._arm.wording.answer.format(fence=fence_for(*made.values()))
        return "\n\n".join(
            (
                self._arm.wording.introduction,
                "## Changes\n\nA line that begins with - is gone, one with + is new, and one with "
                f"a space has stayed.\n\n{write_files(shown)}",
                f"## Task\n\nCheck these changes of the working files {names}. This was asked "
                f"for:\n\n{_numbered(self._tasks)}",
                f"## Answer\n\nIf the changes do all of that and nothing else, answer with the one "
                f"word {KEEP}. If not, put right what is wrong. {answer}",
            )
        )

    def settle(self, answer: Answer) -> Files | None:
        """What was made stays, unless other files can be read."""
        made, self._made = self._made, None
        if made is None:
            return None
        kept = answer.text.strip().strip(".`*").upper() == KEEP
        found = made if kept else read_rewrite(answer, made, self._item.distractors)
        self._before = made if isinstance(found, Refused) else found
        self._tasks = []
        return self._before


def remedy_of(item: RelayItem, arm: Arm, start: Files) -> Remedy:
    """The remedy of an arm, for a relay that starts with some files."""
    change = arm.change
    if change is None or change.kind != "remedy":
        return Remedy()
    return Retry(item) if change.name == "retry" else Review(item, arm, change.number, start)


def _numbered(tasks: Sequence[str]) -> str:
    return "\n\n".join(f"### {n} of {len(tasks)}\n\n{task}" for n, task in enumerate(tasks, 1))


# --- reading, as reference workers do ----------------------------------------------------------


def is_review(prompt: str) -> bool:
    """Whether a message is that of a review."""
    return "\n\n## Changes\n\n" in prompt and "\n\n## Task\n\nCheck " in prompt


def read_review(prompt: str) -> tuple[Files, list[str]]:
    """The files as they were before the tasks of a review, and the tasks."""
    changes, _, rest = prompt.rpartition("\n\n## Task\n\n")
    shown = read_files(changes)
    tasks = _NUMBER.split(rest.rpartition("\n\n## Answer\n\n")[0])[1:]
    before, _ = read_marked(shown if isinstance(shown, dict) else {})
    return before, [task.strip() for task in tasks]
