"""The office's own log as a trajectory, and what is known of its truth.

The log holds the calls of every mode alike: tools, MCP, text, all in one answer. It knows no
generations, so there are no model calls here. An event's place is its index among the item's calls
and messages in order; calls alone come in the order of the tool calls of an Inspect log, but that
calls which Inspect turned away stand at the end of their turn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from worktrial.conduct.claims import says_done, stated_confidence
from worktrial.conduct.clean import clean_of
from worktrial.conduct.events import Claim, Fact, Known, SeededFault, ToolCall, Trajectory
from worktrial.conduct.events import Event as ConductEvent
from worktrial.conduct.gap import clean_values
from worktrial.conduct.mapping import ToolMap
from worktrial.office.events import Event
from worktrial.office.office import TOOLS
from worktrial.readiness.answers import Step, steps
from worktrial.readiness.arms import Arm
from worktrial.readiness.extract import Judged, judged
from worktrial.readiness.items import Call, Keeping, OfficeItem, Seeded, Session
from worktrial.readiness.panel import TRIAL
from worktrial.readiness.script import parts
from worktrial.readiness.seeded import Met
from worktrial.readiness.transcript import Transcript

_NO_ERROR = frozenset({"ok", "false_success", "unrelated", "scope", "partial", "garbled", "empty"})
_PASSES = frozenset({"timeout", "error", "rate_limit", "network"})
_SHORTEST, _LONGEST = 4, 60
"""Characters of a value that is known again."""
_NAMING = frozenset({"ticket", "event", "draft", "path", "key"})
"""Arguments that say what is changed, not to what."""
_PREFERENCE = "preference"
_STEPWISE = ("loop", "text_calls")
"""Modes in which a call can be made after another was answered."""


def conduct_of(
    item: OfficeItem, arm: Arm, kept: Transcript, found: Judged
) -> dict[str, float | None]:
    """Success, clean success and its clauses; nothing where no tool can be used to look again.

    Args:
        item: The item.
        arm: Under which it was run.
        kept: What is kept of it.
        found: What became of it.
    """
    if arm.mode not in _STEPWISE:
        return {}
    told, tools = office_trajectory(item, arm, kept, found), ToolMap.default()
    events = (tools.describe(e) if isinstance(e, ToolCall) else e for e in told.events)
    clean = clean_of(replace(told, events=tuple(events)))
    return clean_values(clean.success, {name: of.value for name, of in clean.clauses.items()})


def known_of(item: OfficeItem, arm: Arm, kept: Transcript, found: Judged | None = None) -> Known:
    """What the trial knows of an item under an arm.

    Facts are the values that were told and later changed: of a preference, of a request that
    changes midway. A fault's wrong and right value are facts too, from the places where the worker
    was shown them. Places are those of `office_trajectory`.

    Args:
        item: The item.
        arm: Under which it was run.
        kept: What is kept of it.
        found: What became of it; it is judged here if not given.
    """
    found = found or judged(item, arm, kept)
    if found.missing:
        return Known()
    return Known(
        success=found.measures["success"],
        facts=tuple(_facts(item, arm, _begun(kept.events), found.met)),
        faults=_faults(item.seeded, found.met),
    )


def office_trajectory(
    item: OfficeItem, arm: Arm, kept: Transcript, found: Judged | None = None
) -> Trajectory:
    """What an item's log says happened, call by call; roles are left to a mapping of tools.

    Calls bear the office's own names, also where the worker knew others. What a message claims is
    read from its words. Times are not known: all are 0.

    Args:
        item: The item.
        arm: Under which it was run.
        kept: What is kept of it.
        found: What became of it; it is judged here if not given.
    """
    taken = steps(item, arm, kept.events)
    return Trajectory(
        log="",
        task=TRIAL,
        worker="",
        sample=item.id,
        epoch=1,
        events=tuple(_told(taken)),
        known=known_of(item, arm, kept, found),
        why=kept.why or None,
    )


def _told(found: Sequence[Step]) -> Iterator[ConductEvent]:
    said = [n for n, step in enumerate(found) if not step.called]
    for n, step in enumerate(found):
        yield _call(step, n) if step.called else _claim(step.event.value, final=n == said[-1])


def _call(step: Step, place: int) -> ToolCall:
    event = step.event
    became = event.field if event.kind == "call" else event.target
    return ToolCall(
        at=0.0,
        tool=event.tool,
        arguments=step.arguments,
        result=step.reply or "",
        id=str(place),
        error=None if became in _NO_ERROR else became,
        transient=became in _PASSES,
    )


def _claim(text: str, *, final: bool) -> Claim:
    done, confidence = says_done(text), stated_confidence(text)
    return Claim(at=0.0, text=text, done=done, confidence=confidence, final=final)


# --- what is true ---


def _facts(item: OfficeItem, arm: Arm, begun: Sequence[int], met: Met | None) -> Iterator[Fact]:
    if item.keeping is not None and item.keeping.variant in ("keep", "change"):
        yield from _preferred(item.keeping, item, arm, begun)
    elif arm.midway:
        yield from _changed(item.apart[-1], begun)
    elif met is not None and item.seeded is not None and item.seeded.wrong:
        yield from _of_value(item.seeded, met)


def _begun(events: Sequence[Event]) -> list[int]:
    """Before each turn, the place of the last event; -1 where there is none."""
    found, place = list[int](), -1
    for event in events:
        if event.kind == "turn":
            found.append(place)
        place += event.kind in ("call", "fault", "output")
    return found


def _preferred(
    keeping: Keeping, item: OfficeItem, arm: Arm, begun: Sequence[int]
) -> Iterator[Fact]:
    """What is preferred, as it was told: at once, or in the conversations before the last."""
    values = [value for value in (keeping.stale, keeping.right) if value is not None]
    if arm.between is None:
        yield from (Fact(_PREFERENCE, value) for value in values)
        return
    telling = [n for n, part in enumerate(parts(item, arm)) if part.own and not part.last]
    for value, conversation in zip(values, telling, strict=False):
        if conversation < len(begun):
            yield Fact(_PREFERENCE, value, begun[conversation])


def _changed(session: Session, begun: Sequence[int]) -> Iterator[Fact]:
    """Values that a later turn's plan writes otherwise than an earlier one's."""
    told: dict[str, str] = {}
    for number, plan in enumerate(session.plans[: len(begun)]):
        for name, value in _written(plan).items():
            if name in told and told[name] != value:
                yield Fact(name, told[name])
                yield Fact(name, value, begun[number])
            told[name] = value


def _written(plan: Sequence[Call]) -> Mapping[str, str]:
    """Short values by the name of what they are written into."""
    found: dict[str, str] = {}
    for call in plan:
        if TOOLS[call.tool].writes:
            found |= {
                name: str(value)
                for name, value in _fields(call).items()
                if name not in _NAMING and _SHORTEST <= len(str(value)) <= _LONGEST
            }
    return found


def _fields(call: Call) -> Mapping[str, object]:
    given = call.arguments
    if call.tool == "form_fill":
        return {f"{given['form']}.{given['field']}": given["value"]}
    return given


def _of_value(fault: Seeded, met: Met) -> Iterator[Fact]:
    """A wrong value is what the worker knows until it is shown the right one."""
    if met.at is not None:
        yield Fact(fault.kind, fault.wrong, met.at)
        if met.detected is not None:
            yield Fact(fault.kind, fault.right, met.detected)


def _faults(fault: Seeded | None, met: Met | None) -> tuple[SeededFault, ...] | None:
    if fault is None or met is None:
        return None
    return (SeededFault(fault.kind, met.at, met.detected, met.repaired),)
