"""The checker finds every planted mistake of the simulated user, and none where there is none."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple

import pytest
from conversations import FINAL, HABITS, NAMES, Exchange, line_of, make_item, script, value_of

from worktrial.randomness import stream
from worktrial.search.asking import Heard
from worktrial.search.checking import Fault, check
from worktrial.search.items import SearchItem, Stage, custom_course, draw_items
from worktrial.search.styles import listed, phrase
from worktrial.search.user import SimulatedUser, UserTurn

Transcript = tuple[list[Exchange], str | None]


def _transcript(item: SearchItem, user: SimulatedUser, messages: list[str]) -> Transcript:
    exchanges: list[Exchange] = []
    for message in messages:
        turn = user.hear(message)
        exchanges.append((message, turn.line))
        if turn.ended:
            return exchanges, turn.why
    return exchanges, None


# --- worked conversations ---

ITEM = make_item(0, patience=3)
ASKED = next(stage for stage in ITEM.persona.stages if stage.trigger == "asked")
KEY = ASKED.constraint.attribute
ASKING = f"Which {ITEM.about.attribute(KEY).label} do you need?"


def _kinds(exchanges: list[Exchange], why: str | None, least_questions: int = 0) -> list[Fault]:
    return list(check(ITEM, exchanges, why, least_questions=least_questions))


def test_a_good_answer_has_no_fault() -> None:
    assert _kinds([(ASKING, ASKED.line), (FINAL, "")], "answered") == []


def test_telling_before_the_question_is_too_early() -> None:
    assert _kinds([("Hello.", ASKED.line)], None) == [(1, "revealed too early", f"told {KEY}")]


def test_not_telling_what_was_asked_is_a_missed_trigger() -> None:
    assert _kinds([(ASKING, "OK.")], None) == [(1, "missed a trigger", f"did not tell {KEY}")]


def test_not_minding_what_it_minds_contradicts_itself() -> None:
    label = ITEM.about.attribute(KEY).label
    line = f"{ASKED.line} I don't mind about the {label}."
    assert (1, "contradicted itself", f"did not mind about {KEY}") in _kinds([(ASKING, line)], None)


def test_a_repetition_must_say_that_it_is_one() -> None:
    twice = [(ASKING, ASKED.line), (ASKING, ASKED.line)]
    assert [fault.kind for fault in _kinds(twice, None)] == ["contradicted itself"]
    told_so = [(ASKING, ASKED.line), (ASKING, f"As I said: {ASKED.line}")]
    assert _kinds(told_so, None) == []


def test_going_on_after_the_answer_never_ends() -> None:
    faults = _kinds([(FINAL, "OK."), ("Hello?", "OK.")], None)
    assert {fault.kind for fault in faults} == {"never ended"}


def test_going_on_after_patience_is_out_never_ends() -> None:
    assert [f.kind for f in _kinds([("Hm.", "OK.")] * 4, None)] == ["never ended"]
    assert [f.kind for f in _kinds([("Hm.", "OK.")] * 3, "gave up")] == []


def test_ending_without_reason_is_too_early() -> None:
    assert [f.kind for f in _kinds([("Hm.", "OK.")], "gave up")] == ["ended too early"]
    assert [f.kind for f in _kinds([("Hm.", "")], "answered")] == ["ended too early"]


def test_an_answer_before_enough_was_asked_must_be_refused() -> None:
    refused = [(FINAL, "Ask me first."), (ASKING, ASKED.line), (FINAL, "")]
    assert _kinds(refused, "answered", least_questions=1) == []
    taken = _kinds([(FINAL, "")], "answered", least_questions=1)
    assert {fault.kind for fault in taken} == {"missed a trigger", "ended too early"}


def test_running_out_of_turns_is_nobodys_fault() -> None:
    assert _kinds([("Hm.", "OK.")], "turns") == []


def test_a_message_that_the_user_never_heard_is_not_held_against_it() -> None:
    assert _kinds([("Hm.", "OK."), (ASKING, "")], "silent tools") == []


# --- no fault where there is none ---


@pytest.mark.slow
def test_two_thousand_conversations_have_no_fault() -> None:
    habits = list(HABITS)
    for number in range(2000):
        item = make_item(number)
        messages = script(item, habits[number % len(habits)], number)
        least = 2 if number % 5 == 0 else 0
        exchanges, why = _transcript(item, SimulatedUser(item, least_questions=least), messages)
        assert check(item, exchanges, why, least_questions=least) == (), (item.id, exchanges)


@pytest.fixture(scope="module")
def drawn() -> list[SearchItem]:
    return draw_items(custom_course("pocket", items=24, pages=2000), seed=5)


def test_conversations_about_drawn_items_have_no_fault(drawn: list[SearchItem]) -> None:
    for number, item in enumerate(drawn):
        for habit in HABITS:
            messages = [m.replace(NAMES[0], item.subject) for m in script(item, habit, number)]
            exchanges, why = _transcript(item, SimulatedUser(item), messages)
            assert check(item, exchanges, why) == (), (item.id, exchanges)


# --- planted mistakes ---


class _Early(SimulatedUser):
    """Tells the first untold stage without being asked, at one turn."""

    def _fire(self, heard: Heard) -> tuple[int, ...]:
        fired = super()._fire(heard)
        left = [i for i in range(len(self._item.persona.stages)) if i not in self._told]
        if self._turn != 2 or not left:
            return fired
        self._told.add(left[0])
        return tuple(sorted((*fired, left[0])))


class _Relined(SimulatedUser, ABC):
    """Says something else than was decided."""

    def hear(self, message: str) -> UserTurn:
        turn = super().hear(message)
        return turn if turn.why == "answered" or turn.refused else self.changed(turn)

    @abstractmethod
    def changed(self, turn: UserTurn) -> UserTurn:
        """What it says in place of it."""

    def stages(self, indices: tuple[int, ...]) -> list[Stage]:
        return [self._item.persona.stages[i] for i in indices]


class _Extra(_Relined):
    """Adds a stage that is not due to every line that tells one."""

    def changed(self, turn: UserTurn) -> UserTurn:
        stages = self._item.persona.stages
        left = [stage for i, stage in enumerate(stages) if i not in self._told]
        return turn._replace(line=f"{turn.line} {left[0].line}") if turn.fired and left else turn


class _AnotherValue(_Relined):
    """Tells another value than its own."""

    def changed(self, turn: UserTurn) -> UserTurn:
        line = turn.line
        for stage in self.stages(turn.fired + turn.repeated):
            line = line.replace(stage.line, self._other(stage))
        return turn._replace(line=line)

    def _other(self, stage: Stage) -> str:
        attribute = self._item.about.attribute(stage.constraint.attribute)
        rng = stream(self._turn, "tests", attribute.key)
        values = (value_of(attribute, rng) for _ in range(1000))
        value = next(v for v in values if v != stage.constraint.value)
        return line_of(attribute, stage.constraint.model_copy(update={"value": value}))


class _TurnedBound(_Relined):
    """Turns bounds around."""

    def changed(self, turn: UserTurn) -> UserTurn:
        line = turn.line
        for one, other in (("at most", "at least"), ("be not before", "be by")):
            line = line.replace(one, "@").replace(other, one).replace("@", other)
        return turn._replace(line=line)


class _Denies(_Relined):
    """Does not mind about what it minds."""

    def changed(self, turn: UserTurn) -> UserTurn:
        line = turn.line
        for stage in self.stages(turn.fired + turn.repeated):
            attribute = self._item.about.attribute(stage.constraint.attribute)
            style = self._item.persona.style
            said = phrase(style, "indifferent", self._turn, what=listed([attribute]))
            line = line.replace(stage.line, said)
        return turn._replace(line=line)


class _IgnoresQuestions(SimulatedUser):
    """Does not hear what the second and every later message asks."""

    def _answering(self, heard: Heard) -> UserTurn:
        return super()._answering(heard._replace(asks=()) if self._turn > 1 else heard)


class _IgnoresOneQuestion(SimulatedUser):
    """Does not hear the last thing that a message asks."""

    def _answering(self, heard: Heard) -> UserTurn:
        return super()._answering(heard._replace(asks=heard.asks[:-1]))


class _IgnoresMentions(SimulatedUser):
    """Hears only questions."""

    def _answering(self, heard: Heard) -> UserTurn:
        return super()._answering(heard._replace(mentions=heard.asks))


class _IgnoresShown(SimulatedUser):
    """Does not see candidates."""

    def _answering(self, heard: Heard) -> UserTurn:
        return super()._answering(heard._replace(shows=()))


class _Disordered(SimulatedUser):
    """Tells stages out of order."""

    def _due(self, stage: Stage, heard: Heard, in_order: bool) -> bool:
        return super()._due(stage, heard, True)


class _GoesOnAfterAnswer(SimulatedUser):
    """Takes no answer."""

    def hear(self, message: str) -> UserTurn:
        turn = super().hear(message)
        if turn.why != "answered":
            return turn
        self._over = False
        return turn._replace(ended=False, why=None, line="Go on.")


class _GoesOnSilently(_GoesOnAfterAnswer):
    """Takes no answer and says nothing to it."""

    def hear(self, message: str) -> UserTurn:
        turn = super().hear(message)
        return turn._replace(line="") if turn.heard.final and not turn.refused else turn


class _NeverGivesUp(SimulatedUser):
    """Has more patience than its persona."""

    def _patience_left(self) -> int | None:
        left = super()._patience_left()
        return None if left is None else left + 1


class _EndsEarly(SimulatedUser):
    """Gives up after its second line."""

    def hear(self, message: str) -> UserTurn:
        turn = super().hear(message)
        if self._turn == 2 and not turn.ended:
            return turn._replace(ended=True, why="gave up")
        return turn


class _TakesNoAnswer(SimulatedUser):
    """Takes any message as an answer once, at its second turn."""

    def hear(self, message: str) -> UserTurn:
        turn = super().hear(message)
        if self._turn == 2 and not turn.ended:
            return turn._replace(ended=True, why="answered", line="")
        return turn


class _TakesItAtOnce(SimulatedUser):
    """Takes an answer before enough was asked."""

    def __init__(self, item: SearchItem, *, least_questions: int = 0) -> None:
        super().__init__(item)


class _Forgets(SimulatedUser):
    """Does not know what it told."""

    def _answering(self, heard: Heard) -> UserTurn:
        self._told.clear()
        return super()._answering(heard)


class _ForgetsOne(SimulatedUser):
    """Does not know the last thing that it told."""

    def _answering(self, heard: Heard) -> UserTurn:
        self._told -= {max(self._told, default=0)}
        return super()._answering(heard)


class _Volunteers(_Relined):
    """Says unasked what it told before."""

    def changed(self, turn: UserTurn) -> UserTurn:
        told = sorted(self._told - set(turn.fired) - set(turn.repeated))
        said = [self._say("again", line=stage.line) for stage in self.stages(tuple(told[:1]))]
        return turn._replace(line=" ".join([turn.line, *said]))


MISTAKEN: tuple[Callable[..., SimulatedUser], ...] = (
    _Early, _Extra, _AnotherValue, _TurnedBound, _Denies, _IgnoresQuestions, _IgnoresOneQuestion,
    _IgnoresMentions, _IgnoresShown, _Disordered, _GoesOnAfterAnswer, _GoesOnSilently,
    _NeverGivesUp, _EndsEarly, _TakesNoAnswer, _TakesItAtOnce, _Forgets, _ForgetsOne, _Volunteers,
)  # fmt: skip


class _Talk(NamedTuple):
    item: SearchItem
    messages: list[str]
    least_questions: int
    right: Transcript


@pytest.fixture(scope="module")
def talks(drawn: list[SearchItem]) -> list[_Talk]:
    """Conversations about items of both kinds, with what a faultless user says in them."""
    habits = [habit for habit in HABITS if habit != "very long"]
    found = []
    for number, item in enumerate([*map(make_item, range(90)), *drawn]):
        messages = script(item, habits[number % len(habits)], number)
        messages = [message.replace(NAMES[0], item.subject) for message in messages]
        least = 2 * (number % 3 == 0)
        right = _transcript(item, SimulatedUser(item, least_questions=least), messages)
        found.append(_Talk(item, messages, least, right))
    return found


@pytest.mark.parametrize("mistaken", MISTAKEN)
def test_every_planted_mistake_that_shows_is_found(
    mistaken: Callable[..., SimulatedUser], talks: list[_Talk]
) -> None:
    shown = 0
    for item, messages, least, right in talks:
        wrong = _transcript(item, mistaken(item, least_questions=least), messages)
        if wrong != right:
            shown += 1
            assert check(item, *wrong, least_questions=least), (item.id, wrong, right)
    assert shown >= 5
