"""Reference workers: each carries out the plan, and fails on its own axis alone.

`oracle` fails on none and `null` does nothing; `careful` is an oracle that looks again at all that
it did. `oversharer` asks for every record and fills every field; `trespasser` touches whatever is
lying about; `forgetful` notes nothing; `stale-reuser` never corrects a note; `mode-deaf` works with
tools only, and only as first told; `brittle` gives up at the first error. Where faults are seeded,
`trusting` checks nothing, though it tries again what it is told has failed, and
`checking-but-idle` checks all and does nothing about it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from worktrial.documents.blocks import write_blocks
from worktrial.documents.editor import write_calls
from worktrial.documents.handover import whole_lines, write_files
from worktrial.documents.unit import Files
from worktrial.errors import ConfigError
from worktrial.office.content import FORMS, content
from worktrial.office.surface import renamed_call
from worktrial.readiness.items import Call, Page, Scalar, Trap
from worktrial.readiness.keys import Key
from worktrial.readiness.modes import file_name
from worktrial.readiness.readback import looks_again
from worktrial.readiness.seeding import exchanged, rewritten

_GIVEN_UP = "Something went wrong, so I stopped."
_DEAF = "I would need my tools for that."
_ID = re.compile(r"\b[metsr]-\d+\b")
_MORE = re.compile(r'ask for the next with \w+="?(\d+)"?$')
_SCOPE = re.compile(r"\b[a-z]+\.write\b")
_CUT = "… [cut]"
_FOOLED = ("trusting", "checking-but-idle")
_IDLE = ("null", "mode-deaf")
"""Who does nothing where there are no tools of the office."""


class Done(NamedTuple):
    """A call that was made, and what came back.

    Attributes:
        name: Under which it was called.
        text: What it returned.
        failed: Whether it was marked as an error.
    """

    name: str
    text: str
    failed: bool


class Made(NamedTuple):
    """A call to be made, as the tools at hand are named."""

    name: str
    arguments: Mapping[str, object]


def check(name: str) -> None:
    """Raise `ConfigError` unless there is such a worker."""
    if name not in NAMES:
        raise ConfigError(
            f"the office's reference workers are {', '.join(NAMES)}; got {name!r}; choose one"
        )


def act(name: str, key: Key, done: Sequence[Done]) -> str | Made:
    """What a reference worker does next with tools: a call, or its message.

    Args:
        name: Who.
        key: What it knows.
        done: The calls of this turn so far.
    """
    if _gives_up(name, key) and any(_bad(each) for each in done):
        return _GIVEN_UP
    return _Walk(_plan(name, key), _answer(name, key), key).after(done)


def _gives_up(name: str, key: Key) -> bool:
    """Whether it stops at the first error."""
    return name == "brittle" or (name == "checking-but-idle" and key.arm.seeded)


def write(name: str, key: Key) -> str:
    """What a reference worker writes where all is to be done in one answer."""
    plan = _plan(name, key)
    if name in _IDLE:
        return _answer(name, key)
    lines = (json.dumps({"tool": c.tool, "arguments": c.arguments}) for c in plan)
    return "\n".join([*lines, f"DONE: {_answer(name, key)}"])


def write_call(made: Made) -> str:
    """A call in text."""
    return json.dumps({"tool": made.name, "arguments": made.arguments})


def hand_over(name: str, key: Key) -> str:
    """A changed file in an answer."""
    if name in _IDLE or key.item.page is None:
        return _answer(name, key)
    files, after = _page(key.item.page)
    return write_files(after) if key.arm.handover == "rewrite" else write_blocks(files, after)


def edit(name: str, key: Key) -> list[Made]:
    """A changed file as calls of an editor."""
    if name in _IDLE or key.item.page is None:
        return []
    files, after = _page(key.item.page)
    return [Made(call.tool, call.arguments) for call in write_calls(files, after)]


def _page(page: Page) -> tuple[Files, Files]:
    """A file before and after its change, as hand-overs show it."""
    name = file_name(page)
    return {name: whole_lines(page.before)}, {name: whole_lines(page.after)}


class _Walk:
    """A plan as it is carried out: failed calls again, lists to their end, scopes asked for."""

    def __init__(self, plan: Sequence[Call], answer: str, key: Key) -> None:
        self.plan, self.answer, self.key = plan, answer, key

    def after(self, done: Sequence[Done]) -> str | Made:
        """What comes after some calls."""
        at, last, page = 0, "", 0
        scope = ""
        for each in done:
            if scope and not _bad(each):
                scope = ""
            elif found := _SCOPE.search(each.text) if each.failed else None:
                scope = found[0]
            elif not _bad(each):
                more = _MORE.search(each.text)
                page = int(more[1]) if more else 0
                at, last = at + (not more), each.text
        if scope:
            return self._named(Call(tool="scope_ask", arguments=_asking(scope)), last)
        if at == len(self.plan):
            return self.answer
        return self._named(self.plan[at], last, page)

    def _named(self, call: Call, last: str, page: int = 0) -> Made:
        ids = _ID.findall(last)
        arguments: dict[str, object] = {
            name: value.replace("{last}", ids[-1]) if isinstance(value, str) and ids else value
            for name, value in call.arguments.items()
        }
        if page:
            arguments["page"] = page
        if self.key.arm.condition.renamed and call.tool != "scope_ask":
            return Made(*renamed_call(call.tool, arguments))
        return Made(call.tool, arguments)


def _asking(scope: str) -> dict[str, Scalar]:
    return {"scope": scope, "reason": "The task cannot be done without it."}


def _bad(done: Done) -> bool:
    """Whether a call has to be made again."""
    text = done.text
    return done.failed or not text or text.endswith(_CUT) or _broken(text)


def _broken(text: str) -> bool:
    """Whether a reply is JSON that does not end."""
    if not text.startswith("{"):
        return False
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


# --- what each does with a plan ---


def _answer(name: str, key: Key) -> str:
    if name == "null":
        return ""
    if name == "mode-deaf" and key.arm.mode != "loop":
        return _DEAF
    if name in _FOOLED and key.arm.seeded and key.item.seeded is not None:
        return exchanged(key.turn.answer, key.item.seeded.right, key.item.seeded.wrong)
    return "Done." if _deaf_now(name, key) else key.turn.answer


def _plan(name: str, key: Key) -> list[Call]:
    change = _CHANGES.get(name)
    return list(change(key)) if change else list(key.turn.plan)


def _nothing(key: Key) -> Iterator[Call]:
    yield from ()


def _mode_deaf(key: Key) -> Iterator[Call]:
    if not _deaf_now("mode-deaf", key) and key.arm.mode == "loop":
        yield from key.turn.plan


def _deaf_now(name: str, key: Key) -> bool:
    """Whether it overhears a turn after the first."""
    return name == "mode-deaf" and key.arm.midway and key.turn.number > 0


def _oversharer(key: Key) -> Iterator[Call]:
    """Ask for every record that is labelled, fill in every field before a form is sent off."""
    if not key.turn.part.own:
        yield from key.turn.plan
        return
    asked = {
        (c.arguments["person"], c.arguments["field"])
        for c in key.turn.plan if c.tool == "permission_ask"
    }  # fmt: skip
    for field in key.item.fields:
        if (field.person, field.field) not in asked:
            arguments = {"person": field.person, "field": field.field, "reason": "To be sure."}
            yield Call(tool="permission_ask", arguments=arguments)
    for call in key.turn.plan:
        if call.tool == "form_submit":
            yield from _filled(key, str(call.arguments["form"]))
        yield call


def _filled(key: Key, form: str) -> Iterator[Call]:
    fields = {field.name: field for field in FORMS[form]}
    for one in key.item.optional:
        if one.form == form and not one.useful:
            options = fields[one.field].options
            value = options[0] if options else "as usual"
            yield Call(
                tool="form_fill", arguments={"form": form, "field": one.field, "value": value}
            )


def _trespasser(key: Key) -> Iterator[Call]:
    """Look at, or note down, everything that is none of its business; then do the task."""
    if key.turn.part.own and key.turn.part.last and key.turn.number == 0:
        for trap in key.item.traps:
            yield _touch(trap)
    yield from key.turn.plan


_OPENS: Mapping[str, tuple[str, str]] = {
    "message": ("mail_read", "mail"),
    "file": ("file_read", "path"),
    "ticket": ("ticket_read", "ticket"),
}


def _touch(trap: Trap) -> Call:
    table, _, row = trap.target.partition(":")
    if table in _OPENS:
        tool, argument = _OPENS[table]
        return Call(tool=tool, arguments={argument: row})
    if table == "record":
        person, _, field = row.partition("/")
        return Call(tool="record_read", arguments={"person": person, "field": field})
    return Call(tool="memory_save", arguments={"key": f"note: {trap.name}", "text": trap.value})


def _forgetful(key: Key) -> Iterator[Call]:
    """Note nothing, and so leave out what would rest on a note."""
    kept = key.item.keeping
    if kept is None or key.arm.between is None:
        yield from key.turn.plan
        return
    for call in key.turn.plan:
        rests = (
            key.turn.part.last and kept.variant in ("keep", "change") and _holds(call, kept.right)
        )
        if call.tool != "memory_save" and not rests:
            yield call


def _stale_reuser(key: Key) -> Iterator[Call]:
    """Note what is told first, correct and remove nothing, and use what was noted."""
    kept = key.item.keeping
    if kept is None or key.arm.between is None or not key.turn.part.own:
        yield from key.turn.plan
        return
    correcting = not key.turn.part.last and key.turn.part.session is not key.item.apart[0]
    for call in key.turn.plan:
        if not (correcting and call.tool in ("memory_save", "memory_forget")):
            yield _with(call, kept.right, kept.stale) if key.turn.part.last and kept.stale else call


def _careful(key: Key) -> Iterator[Call]:
    """Do what is asked, and look again at all that is of consequence."""
    draft: Mapping[str, object] = {}
    for call in key.turn.plan:
        yield call
        draft = call.arguments if call.tool == "mail_draft" else draft
        if key.arm.mode in ("loop", "text_calls"):
            yield from looks_again(call, draft, content(key.item.seed).today)


def _trusting(key: Key) -> Iterator[Call]:
    """Check nothing, and so take what is wrong."""
    fault = key.item.seeded
    yield from _fooled(key, (*fault.checks, *fault.repairs) if fault else ())


def _idle(key: Key) -> Iterator[Call]:
    """Check, and still take what is wrong."""
    yield from _fooled(key, key.item.seeded.repairs if key.item.seeded else ())


def _fooled(key: Key, without: Sequence[int]) -> Iterator[Call]:
    fault = key.item.seeded
    if fault is None or not key.arm.seeded:
        yield from key.turn.plan
        return
    for at, call in enumerate(key.turn.plan):
        if at not in without:
            yield rewritten(call, fault.right, fault.wrong)


def _holds(call: Call, text: str) -> bool:
    return any(isinstance(value, str) and text in value for value in call.arguments.values())


def _with(call: Call, old: str, new: str) -> Call:
    arguments = {
        name: value.replace(old, new) if isinstance(value, str) else value
        for name, value in call.arguments.items()
    }
    return Call(tool=call.tool, arguments=arguments)


_CHANGES: Mapping[str, Callable[[Key], Iterator[Call]]] = {
    "null": _nothing,
    "oversharer": _oversharer,
    "trespasser": _trespasser,
    "forgetful": _forgetful,
    "stale-reuser": _stale_reuser,
    "mode-deaf": _mode_deaf,
    "careful": _careful,
    "trusting": _trusting,
    "checking-but-idle": _idle,
}
NAMES = ("oracle", "null", *(name for name in _CHANGES if name != "null"), "brittle")
