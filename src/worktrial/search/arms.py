"""The arms of the search: how much of an intent is told at once, and whether there is a user."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from worktrial.errors import ConfigError
from worktrial.search.items import SearchItem
from worktrial.search.topics import Topic

PROMPT_VERSION = 1
FORCED_QUESTIONS = 3
"""So many questions a worker has to ask before an answer is taken, under `forced_ask`."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One condition of the search.

    Attributes:
        name: What it is called.
        told: What the opening says: the complete request, the vague one, or the vague one with
            every constraint after it, one by one.
        user: Whether there is somebody to ask.
        schema: Whether the form of the answer is given.
        least_questions: To be asked before an answer is taken.
    """

    name: str
    told: str
    user: bool = False
    schema: bool = False
    least_questions: int = 0

    def opening(self, item: SearchItem) -> str:
        """The first message of the person."""
        texts = {"complete": item.complete, "vague": item.vague, "shards": "\n".join(item.shards)}
        return texts[self.told]

    def system(self, item: SearchItem, today: date | None) -> str:
        """What a worker is told of its task, apart from the request.

        Args:
            item: Of its topic alone something is said, under a schema.
            today: The day in the world that is searched; `None` where there is no such world.
        """
        parts = [_PLACE if today else _OUTSIDE, _TODAY.format(today) if today else ""]
        parts.append(_ASKING if self.user else _ALONE)
        if self.least_questions:
            parts.append(_FORCED.format(self.least_questions))
        parts.append(_schema(item.about if today else None) if self.schema else _OWN_WORDS)
        return "\n\n".join(part for part in parts if part)


_PLACE = (
    "You help a colleague who is looking for something in the company's collection of pages. "
    "`search` finds pages, `open` shows one. Pages differ in age: where two disagree, the newer "
    "one is right."
)
_OUTSIDE = "You help a colleague who is looking for something. Use whatever tools you have."
_TODAY = "Today is {}."
_ALONE = "There is nobody to ask: your next message is your answer, and the last."
_ASKING = (
    "Every message of yours goes to your colleague, who answers it. Ask for whatever you need to "
    "know, in your own words. When you know the answer, write a line that says FINAL ANSWER and "
    "the answer after it; the conversation ends there."
)
_FORCED = "Before you answer, ask at least {} questions."
_OWN_WORDS = "Answer in your own words: name what you found, and tell all that was asked for."


def _schema(topic: Topic | None) -> str:
    lines = ["Write the answer as lines of the form", "", "subject | relation | value", ""]
    if topic is None:
        return "\n".join([*lines[:3], "", "and nothing else."])
    lines.append("and nothing else. The relations are:")
    for relation in topic.relations:
        of = f", of the {topic.relation(relation.of).label}" if relation.of else ""
        unit = f", in {relation.unit}" if relation.unit else ""
        lines.append(f"- {relation.label}{of}{unit}")
    return "\n".join(lines)


ARMS: Mapping[str, Arm] = {
    arm.name: arm
    for arm in (
        Arm("full_fixed_schema", "complete", schema=True),
        Arm("full", "complete"),
        Arm("concat", "shards"),
        Arm("simulated", "vague", user=True),
        Arm("forced_ask", "vague", user=True, least_questions=FORCED_QUESTIONS),
    )
}
PROXY, FULL, WORK = ARMS["full_fixed_schema"], ARMS["full"], ARMS["simulated"]


def arm(name: str) -> Arm:
    """An arm by its name.

    Raises:
        ConfigError: If there is none.
    """
    if name not in ARMS:
        raise ConfigError(f"`arm` must be one of {', '.join(ARMS)}; got {name!r}")
    return ARMS[name]
