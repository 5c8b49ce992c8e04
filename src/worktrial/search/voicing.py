"""A model that puts a decided line into its own words, if a program agrees that nothing changed."""

import hashlib
from typing import NamedTuple

from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig, Model

from worktrial.search.items import SearchItem
from worktrial.search.user import UserTurn
from worktrial.search.words import Line, read_line

_LONGEST_TOKENS = 300
_PROMPT = (
    "You put what a colleague wants to say into natural words. Say exactly what the text says: "
    "every value as it stands, nothing left out, nothing added. Where it says that something was "
    "said before, keep `as I said`; where it says that something does not matter, keep `I don't "
    "mind` and the words for it; where it cannot say something yet, keep `I can't say` and the "
    "words for it. Where it wants to be asked first, keep `ask me first`. "
    "Write only the message, in the first person, in one paragraph."
)
VOICE_VERSION = hashlib.sha256(_PROMPT.encode()).hexdigest()[:12]


class Spoken(NamedTuple):
    """A line as it is said.

    Attributes:
        line: The words.
        voiced: Whether they are the model's.
        fault: Why the model's words were not used; empty where they were, or were not asked for.
    """

    line: str
    voiced: bool
    fault: str = ""


async def voiced(turn: UserTurn, item: SearchItem, model: Model) -> Spoken:
    """Let a model voice what the state machine decided to say.

    Args:
        turn: What was decided.
        item: Whose persona speaks.
        model: The voice, at temperature 0 and under a pinned prompt.

    Returns:
        The model's words if they state the values that are to be told and no other, and do nothing
        else that was not decided; otherwise the templated line and what was wrong.
    """
    if not turn.line:
        return Spoken("", voiced=False)
    output = await model.generate(
        [ChatMessageSystem(content=_PROMPT), ChatMessageUser(content=turn.line)],
        config=GenerateConfig(temperature=0, max_tokens=_LONGEST_TOKENS, seed=0),
    )
    text = " ".join(output.completion.split())
    fault = voice_fault(text, turn, item)
    return Spoken(turn.line, voiced=False, fault=fault) if fault else Spoken(text, voiced=True)


def voice_fault(text: str, turn: UserTurn, item: SearchItem) -> str:
    """What is wrong with a model's words for a decided line; empty where nothing is.

    Args:
        text: The model's words.
        turn: What was decided.
        item: Whose persona speaks.
    """
    if not text:
        return "nothing was said"
    line = read_line(text, item.about)
    return _wrong_values(line, turn, item) or _wrong_acts(line, turn)


def _wrong_values(line: Line, turn: UserTurn, item: SearchItem) -> str:
    stages = item.persona.stages
    covered = {stage.constraint.attribute for stage in stages}
    for i, stage in enumerate(stages):
        constraint = stage.constraint
        mine = [said for said in line.said if said.means(constraint)]
        if any(said.denies(constraint) for said in line.said):
            return f"it says something else about {constraint.attribute}"
        if i in turn.fired + turn.repeated and not mine:
            return f"it does not say {constraint.attribute}"
        if i in turn.repeated and not any(said.again for said in mine):
            return f"it does not say that it had told {constraint.attribute}"
        if i not in turn.fired + turn.repeated and any(said.sure for said in mine):
            return f"it says {constraint.attribute}, which is not to be told"
    extra = [said.attribute for said in line.said if said.sure and said.attribute not in covered]
    return f"it says something about {extra[0]}, of which nothing is to be told" if extra else ""


def _wrong_acts(line: Line, turn: UserTurn) -> str:
    if set(line.indifferent) != set(turn.uncovered):
        return "it does not mind about other things than decided"
    if set(line.put_off) != set(turn.put_off):
        return "it puts off other things than decided"
    if line.wants_questions != turn.refused:
        return "it asks to be asked, or does not, against what was decided"
    return ""
