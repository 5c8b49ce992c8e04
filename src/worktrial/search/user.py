"""The simulated user: a state machine that answers what it is asked and volunteers nothing.

It draws nothing and keeps no clock: the same messages get the same lines, so a transcript can be
replayed. Which trigger fired what is in every turn's record.
"""

from typing import Literal, NamedTuple

from worktrial.search.asking import Heard, NameIndex, hear
from worktrial.search.items import SearchItem, Stage
from worktrial.search.styles import Act, listed, phrase
from worktrial.search.topics import Attribute

End = Literal["answered", "gave up"]


class UserTurn(NamedTuple):
    """One turn of the simulated user, and why it said what it said.

    Attributes:
        turn: Its number, from 1.
        heard: What the message did.
        fired: Indices of the stages told now.
        repeated: Indices of the stages that were asked for again.
        put_off: Keys of the attributes that were asked for before they were on its mind.
        uncovered: Keys of the attributes that were asked for and to which it does not mind.
        line: What it says; empty where an answer was taken.
        ended: Whether the conversation is over.
        why: How it ended: the worker `answered`, or the user `gave up`.
        patience: Turns without anything new that it will still bear; `None` without end.
        refused: Whether an answer was not taken, since too little had been asked.
    """

    turn: int
    heard: Heard
    fired: tuple[int, ...]
    repeated: tuple[int, ...]
    put_off: tuple[str, ...]
    uncovered: tuple[str, ...]
    line: str
    ended: bool
    why: End | None
    patience: int | None
    refused: bool = False


class SimulatedUser:
    """The person behind an item's request, after the request was made.

    A stage is told once its trigger fires, see `items.Stage`; asked again, it is repeated. A
    question about an attribute that no stage covers is answered with not minding, one about a
    `shown` stage is put off until a subject was named. Nothing else makes it tell anything. It
    ends when the message is an answer, or when its patience is out; a limit of turns is its
    caller's.

    Args:
        item: Whose persona it is.
        names: Names by which subjects are recognised; those that fit the vague request by default.
        least_questions: So many questions have to have been asked before an answer is taken; an
            earlier one gets nothing but the request to ask first.
    """

    def __init__(
        self, item: SearchItem, names: NameIndex | None = None, *, least_questions: int = 0
    ) -> None:
        self._item = item
        self._names = names or NameIndex((item.subject, *item.admissible))
        self._least_questions = least_questions
        self._turn = 0
        self._asked = 0
        self._shown = False
        self._told: set[int] = set()
        self._idle = 0
        self._over = False

    def hear(self, message: str) -> UserTurn:
        """Answer a message of the worker's.

        Raises:
            RuntimeError: If the conversation is over.
        """
        if self._over:
            raise RuntimeError("the conversation is over: the simulated user hears nothing more")
        self._turn += 1
        heard = hear(message, self._item.about, self._names)
        if heard.final and self._asked >= self._least_questions:
            self._over = True
            return UserTurn(
                self._turn, heard, (), (), (), (), "", True, "answered", self._patience_left()
            )
        turn = self._refusing(heard) if heard.final else self._answering(heard)
        return self._losing_patience(turn)

    # --- what a message triggers ---

    def _refusing(self, heard: Heard) -> UserTurn:
        line = self._say("ask first")
        return UserTurn(self._turn, heard, (), (), (), (), line, False, None, None, refused=True)

    def _answering(self, heard: Heard) -> UserTurn:
        self._asked += heard.questions
        self._shown = self._shown or bool(heard.shows)
        stages = {s.constraint.attribute: i for i, s in enumerate(self._item.persona.stages)}
        repeated = tuple(stages[key] for key in heard.asks if stages.get(key) in self._told)
        fired = self._fire(heard)
        covered = [stages[key] for key in heard.asks if key in stages]
        put_off = tuple(self._key(i) for i in covered if i not in self._told)
        uncovered = tuple(key for key in heard.asks if key not in stages)
        return UserTurn(
            self._turn,
            heard,
            fired,
            repeated,
            put_off,
            uncovered,
            self._line(fired, repeated, put_off, uncovered),
            False,
            None,
            None,
        )

    def _fire(self, heard: Heard) -> tuple[int, ...]:
        """Tell the stages that are due, in order."""
        fired = []
        in_order = True
        for i, stage in enumerate(self._item.persona.stages):
            if i not in self._told and self._due(stage, heard, in_order):
                self._told.add(i)
                fired.append(i)
            in_order = in_order and (stage.must_ask or i in self._told)
        return tuple(fired)

    def _due(self, stage: Stage, heard: Heard, in_order: bool) -> bool:
        key = stage.constraint.attribute
        if stage.trigger == "asked":
            return key in heard.asks
        if stage.trigger == "mentioned":
            return key in heard.asks or (in_order and key in heard.mentions)
        return (self._shown and key in heard.asks) or (in_order and bool(heard.shows))

    def _key(self, stage: int) -> str:
        return self._item.persona.stages[stage].constraint.attribute

    # --- patience ---

    def _losing_patience(self, turn: UserTurn) -> UserTurn:
        self._idle = 0 if turn.fired else self._idle + 1
        left = self._patience_left()
        if left is None or left > 0:
            return turn._replace(patience=left)
        self._over = True
        answered = turn.repeated or turn.put_off or turn.uncovered or turn.refused
        said = [turn.line] if answered else []
        line = " ".join([*said, self._say("give up")])
        return turn._replace(line=line, ended=True, why="gave up", patience=0)

    def _patience_left(self) -> int | None:
        patience = self._item.persona.patience
        return None if patience is None else max(0, patience - self._idle)

    # --- words ---

    def _line(
        self,
        fired: tuple[int, ...],
        repeated: tuple[int, ...],
        put_off: tuple[str, ...],
        uncovered: tuple[str, ...],
    ) -> str:
        stages = self._item.persona.stages
        said = [stages[i].line for i in fired]
        said += [self._say("again", line=stages[i].line) for i in repeated]
        if put_off:
            said.append(self._say("put off", what=listed(self._attributes(put_off))))
        if uncovered:
            said.append(self._say("indifferent", what=listed(self._attributes(uncovered))))
        return " ".join(said) or self._say("nothing")

    def _attributes(self, keys: tuple[str, ...]) -> list[Attribute]:
        return [self._item.about.attribute(key) for key in keys]

    def _say(self, act: Act, **holes: str) -> str:
        return phrase(self._item.persona.style, act, self._turn, **holes)
