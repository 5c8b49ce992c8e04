"""Faults put in the way of tasks: made out of a task's own plan and goal, so that it can be solved.

A value is at fault where the plan writes one that it has read: a note that no longer holds, a mail
that changes it, a second source that has it otherwise. Else the call that the task comes down to
times out, or answers as if it had been carried out.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import NamedTuple

from worktrial.office.content import Content, content
from worktrial.office.office import TOOLS, Office
from worktrial.randomness import stream
from worktrial.readiness.items import FAULTS, Call, FaultKind, OfficeItem, Query, Row, Seeded
from worktrial.readiness.readback import reads_back
from worktrial.readiness.scene import step, told

_VALUE = re.compile(
    r"(?<![\w.:-])(?:(?:[A-Z]{2,3}[- ])?[A-Z]{4}-\d{4}|BC-\d{4}|\d+\.\d\d|\d{6}|4\d{3})"
    r"(?![\w.:-]*\w)"
)
"""Codes, sums, desks, numbers of telephones: what is written in one way alone."""
_SOURCES = frozenset({"mail_read", "file_read", "ticket_read", "directory_find", "contact_find"})
_PROSE = frozenset({"body", "text", "remark"})
_LAST_GROUP = re.compile(r"\d+(?=\D*\Z)")
_AMOUNT = re.compile(r"(\d+)(\.\d\d)\Z")
_MAIL, _FOLDER, _NOTED_DAYS_AGO = "m-950", "checks", 30
_TRIES = 1000
_AHEAD = 1
_VALUES: tuple[FaultKind, ...] = ("stale_memory", "contradiction", "wrong_number")

_SAID: Mapping[FaultKind, str] = {
    "stale_memory": (
        "You noted something on this for me a while ago; it is in your memory. What the office "
        "says today counts."
    ),
    "contradiction": (
        "Something about this may have changed: a mail of today counts more than anything older."
    ),
    "wrong_number": (
        "Compare the figures with the file {path}: where they differ, that file is right."
    ),
    "false_success": "Please make sure that it has really been done.",
    "timeout": "",
}
"""What the user adds, so that it is fair."""


def seed_faults(items: Sequence[OfficeItem], *, seed: int) -> tuple[OfficeItem, ...]:
    """Put a fault in the way of tasks, of each kind about as many as of any other.

    Each task in turn takes the kind that is rarest so far among those that can be seeded in it; it
    has none if that is already ahead of the rarest of all by more than one. What comes later does
    not matter to it.

    Args:
        items: Tasks.
        seed: Of the order in which kinds are tried.
    """
    order = list(FAULTS)
    stream(seed, "office", "seeded", "order").shuffle(order)
    counted = Counter(dict.fromkeys(order, 0))
    return tuple(_with_fault(item, order, counted) for item in items)


def _with_fault(
    item: OfficeItem, order: Sequence[FaultKind], counted: Counter[FaultKind]
) -> OfficeItem:
    """A task with the fault whose turn it is, which is counted."""
    task = _Task(item)
    possible = [kind for kind in order if kind in task.kinds]
    kind = min(possible, key=lambda one: counted[one])
    if counted[kind] > min(counted.values()) + _AHEAD:
        return item
    counted[kind] += 1
    return item.model_copy(update={"seeded": task.seeded(kind)})


class _Value(NamedTuple):
    """A value that a plan reads and writes.

    Attributes:
        text: As it is.
        other: Another that is nowhere in the office.
        sources: The calls of the plan that show it.
        about: What it is read from, in words.
        line: What is written of it, in a line.
    """

    text: str
    other: str
    sources: tuple[int, ...]
    about: str
    line: str

    def said(self, text: str) -> str:
        """What is written, with one of the values."""
        return f"{self.about}: {exchanged(self.line, self.text, text)}"


@dataclass
class _Task:
    """A task, and the faults that can be put in its way."""

    item: OfficeItem

    @cached_property
    def kinds(self) -> tuple[FaultKind, ...]:
        """Which can be."""
        values = _VALUES if self.value else ()
        lost: tuple[FaultKind, ...] = ("false_success",) if self._read_back else ()
        return (*values, "timeout", *lost)

    def seeded(self, kind: FaultKind) -> Seeded:
        """A fault of a kind."""
        made: Mapping[FaultKind, Callable[[], Seeded]] = {
            "stale_memory": self._stale_memory,
            "contradiction": self._contradiction,
            "wrong_number": self._wrong_number,
            "timeout": self._timeout,
            "false_success": self._false_success,
        }
        return made[kind]()

    # --- a value at fault ---

    def _stale_memory(self) -> Seeded:
        """A note has another value than what the plan reads."""
        value = self._one_value
        day = self._office.today - timedelta(days=_NOTED_DAYS_AGO)
        note = Row(
            table="memory", values=(value.about, f"{value.said(value.other)} (noted on {day})")
        )
        return self._made(
            "stale_memory",
            (step("memory_list"), *self._plan),
            checks=tuple(1 + at for at in value.sources),
            rows=(note,),
            right=value.text,
            wrong=value.other,
        )

    def _contradiction(self) -> Seeded:
        """A mail of today changes what the plan reads."""
        value, me = self._one_value, self._office.people[0]
        boss = next(one for one in self._office.people if one.name == me.manager)
        subject = f"Change: {value.about}"
        body = (
            f"Hello {me.name.split()[0]},\n\nthis no longer holds: {value.line}\n\nFrom today: "
            f"{exchanged(value.line, value.text, value.other)}\n\nBest regards\n{boss.name}\n"
        )
        day = self._office.today.isoformat()
        mail = Row(table="message", values=(_MAIL, "inbox", boss.mail, me.mail, subject, body, day))
        looks = (step("mail_search", text=subject), step("mail_read", mail=_MAIL))
        return self._corrected("contradiction", looks, mail, ("mail",))

    def _wrong_number(self) -> Seeded:
        """A file that the task names has another value than what the plan reads."""
        value = self._one_value
        path = f"{_FOLDER}/{self.item.id}.txt"
        text = f"Checked figures\n\n{value.said(value.other)}\n"
        file = Row(table="file", values=(path, self._office.people[0].mail, text))
        return self._corrected(
            "wrong_number", (step("file_read", path=path),), file, ("files",), path=path
        )

    def _corrected(
        self, kind: FaultKind, looks: Sequence[Call], row: Row, apps: tuple[str, ...],
        path: str = "",
    ) -> Seeded:  # fmt: skip
        """The plan looks at what corrects a value, and takes that; so does the goal."""
        value = self._one_value
        at = max(value.sources) + 1
        plan = (*self._plan[:at], *looks, *self._plan[at:])
        return self._made(
            kind,
            tuple(rewritten(call, value.text, value.other) for call in plan),
            checks=tuple(range(at, at + len(looks))),
            rows=(row,),
            apps=apps,
            right=value.other,
            wrong=value.text,
            path=path,
        )

    # --- a call at fault ---

    def _timeout(self) -> Seeded:
        return self._made("timeout", self._plan, tool=self._commits or self._plan[-1].tool)

    def _false_success(self) -> Seeded:
        """The plan reads back, and calls again."""
        at = next(n for n, call in enumerate(self._plan) if call.tool == self._commits)
        again = (*self._read_back, self._plan[at])
        return self._made(
            "false_success",
            (*self._plan[: at + 1], *again, *self._plan[at + 1 :]),
            checks=(at + 1,),
            repairs=(at + 2,),
            tool=self._commits,
        )

    @cached_property
    def _commits(self) -> str:
        """The tool of the last call that changes something; empty where none does."""
        writes = (c.tool for c in reversed(self._plan) if _writes(c))
        return next(writes, "")

    @cached_property
    def _read_back(self) -> tuple[Call, ...]:
        """The call that shows whether the first call of that tool was carried out."""
        call = next((c for c in self._plan if c.tool == self._commits), None)
        drafts = (c.arguments for c in self._plan if c.tool == "mail_draft")
        return tuple(reads_back(call, next(drafts, {}))) if call else ()

    # --- in common ---

    def _made(
        self, kind: FaultKind, plan: tuple[Call, ...], *, checks: tuple[int, ...] = (),
        repairs: tuple[int, ...] = (), rows: tuple[Row, ...] = (), apps: tuple[str, ...] = (),
        tool: str = "", right: str = "", wrong: str = "", path: str = "",
    ) -> Seeded:  # fmt: skip
        request, answer = self.item.told.turns[0], self.item.told.answers[0]
        corrected = bool(wrong) and kind != "stale_memory"
        old, new = (wrong, right) if corrected else ("", "")
        return Seeded(
            kind=kind,
            told=told(
                f"{request} {_SAID[kind].format(path=path)}".strip(),
                plan,
                exchanged(answer, old, new),
            ),
            checks=checks,
            repairs=repairs,
            goal=tuple(
                Query(name=q.name, sql=exchanged(q.sql, old, new), rows=q.rows)
                for q in self.item.goal
            ),
            rows=rows,
            apps=apps,
            tool=tool,
            right=right,
            wrong=wrong,
        )

    @property
    def _plan(self) -> tuple[Call, ...]:
        return self.item.told.plans[0]

    @property
    def _office(self) -> Content:
        return content(self.item.seed)

    @property
    def _one_value(self) -> _Value:
        if self.value is None:
            raise ValueError(f"{self.item.id} reads no value that it writes")
        return self.value

    @cached_property
    def value(self) -> _Value | None:
        """The value that the fewest of the plan's calls show; `None` where there is none."""
        if self.item.page is not None:
            return None
        found = sorted(self._values(), key=lambda value: len(value.sources))
        return found[0] if found else None

    def _values(self) -> Iterator[_Value]:
        written = [line for c in self._plan if _writes(c) for line in _lines(c)]
        written += [self.item.told.answers[0]]
        texts = dict.fromkeys(v for line in written for v in _VALUE.findall(line))
        shown = _shown(self.item) if texts else {}
        for text in texts:
            sources = tuple(at for at, reply in shown.items() if holds(reply, text))
            if sources and self._serves(text, sources):
                line = max((line for line in written if holds(line, text)), key=len)
                about = _about(self._plan[sources[0]], shown[sources[0]])
                yield _Value(text, self._other(text), sources, about, line)

    def _serves(self, text: str, sources: Sequence[int]) -> bool:
        """Whether a value can be exchanged: only read, and asked for by the goal."""
        asked = [self.item.told.turns[0]]
        asked += [str(v) for c in self._plan if not _writes(c) for v in c.arguments.values()]
        return (
            all(self._plan[at].tool in _SOURCES for at in sources)
            and any(holds(query.sql, text) for query in self.item.goal)
            and not any(holds(one, text) for one in asked)
            and not any(holds(trap.value, text) for trap in self.item.traps)
        )

    def _other(self, text: str) -> str:
        taken = f"{self._office.rows}{self.item.setup}{self.item.goal}"
        rng = stream(self.item.draw, "seeded", text)
        ways = (_mutated(text, rng) for _ in range(_TRIES))
        return next(other for other in ways if other != text and other not in taken)


def holds(text: str, value: str) -> bool:
    """Whether a text holds a value as a word of its own."""
    return bool(value) and value in text and re.search(_alone(value), text) is not None


def exchanged(text: str, old: str, new: str) -> str:
    """A text with another value in place of one, wherever that is a word of its own."""
    return re.sub(_alone(old), lambda _: new, text) if old and old in text else text


def rewritten(call: Call, old: str, new: str) -> Call:
    """A call that changes something, with another value in its arguments."""
    if not _writes(call):
        return call
    arguments = {
        name: exchanged(value, old, new) if isinstance(value, str) else value
        for name, value in call.arguments.items()
    }
    return Call(tool=call.tool, arguments=arguments)


def _alone(value: str) -> str:
    return rf"(?<![\w.]){re.escape(value)}(?!\w|\.\d)"


def _writes(call: Call) -> bool:
    return TOOLS[call.tool].writes and call.tool != "permission_ask"


def _lines(call: Call) -> Iterator[str]:
    """What a call writes, line by line, each saying what it is."""
    arguments = dict(call.arguments)
    if call.tool == "form_fill":
        yield f"{arguments['field']}: {arguments['value']}"
        return
    for name, value in arguments.items():
        for line in str(value).splitlines():
            yield line if name in _PROSE else f"{name}: {line}"


def _shown(item: OfficeItem) -> dict[int, str]:
    """What the reading calls of a plan return, by their places."""
    rows = ((row.table, row.values) for row in item.setup)
    with Office.furnished(item.seed, rows) as office:
        return {
            at: office.call(call.tool, call.arguments).text
            for at, call in enumerate(item.told.plans[0])
            if not TOOLS[call.tool].writes and call.tool != "record_read"
        }


def _about(call: Call, reply: str) -> str:
    """What a call reads, in words."""
    if call.tool == "mail_read":
        return next(x for x in reply.splitlines() if x.startswith("Subject: "))[9:]
    return str(next(iter(call.arguments.values())))


def _mutated(text: str, rng: random.Random) -> str:
    """The same with other digits: of a sum those before the point, else the last but the first."""
    amount = _AMOUNT.match(text)
    if amount:
        return f"{_digits(amount[1], rng)}{amount[2]}"
    return _LAST_GROUP.sub(lambda group: f"{group[0][0]}{_digits(group[0][1:], rng)}", text)


def _digits(text: str, rng: random.Random) -> str:
    return str(rng.randrange(10 ** (len(text) - 1), 10 ** len(text)))
