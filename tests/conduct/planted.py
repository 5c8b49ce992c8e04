"""Trajectories of a made-up job, with a known number of each defect.

The job without defects has every metric at its best. A room is found and written down, the work
is handed over, the deadline changes, a plan is written, read back and checked, and a seeded fault
is met and repaired. Whatever a tool or a user says holds a code of its own, and the next message
of the worker's quotes it, so that nothing is supplied in vain unless that is planted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from worktrial.conduct.events import (
    Claim,
    Compaction,
    Event,
    Fact,
    HandOff,
    Known,
    ModelCall,
    Piece,
    SeededFault,
    ToolCall,
    Trajectory,
)  # fmt: skip

TOKENS_IN, TOKENS_OUT, CACHED, WINDOW = 1000, 100, 500, 8000
SLOW = 3
"""Turns that a slow recovery or repair takes."""
LOOK_SECONDS, ASK_SECONDS = 2.0, 1.0
BRIEF = "Please do the job JOB-1000."


@dataclass(frozen=True)
class Defects:
    """How many of each defect are planted."""

    repeats: int = 0
    backtracks: int = 0
    useless_reads: int = 0
    unrecovered_errors: int = 0
    slow_recoveries: int = 0
    unverified_writes: int = 0
    missed_subgoals: int = 0
    stale_entries: int = 0
    unsourced_entries: int = 0
    duplicates: int = 0
    unused_memories: int = 0
    obsolete_uses: int = 0
    wasted_pieces: int = 0
    full_calls: int = 0
    uncached_calls: int = 0
    lost_in_compaction: int = 0
    lost_in_hand_off: int = 0
    needless_checks: int = 0
    minutes_of_checking: int = 0
    missed_faults: int = 0
    unrepaired_faults: int = 0
    slow_repairs: int = 0
    false_claim: int = 0
    unclaimed: int = 0
    overconfidence: int = 0


NAMES = tuple(each.name for each in fields(Defects))
AT_MOST_ONE = frozenset({"false_claim", "unclaimed", "overconfidence"})


@dataclass
class Planting:
    """Writes one trajectory; what it supplied in vain is counted as it goes."""

    defects: Defects = Defects()
    wasted: int = 0
    supplied: int = 0
    asks: int = 0
    _events: list[Event] = field(default_factory=list)
    _facts: list[Fact] = field(default_factory=list)
    _faults: list[SeededFault] = field(default_factory=list)
    _pending: list[tuple[Piece, str]] = field(default_factory=list)
    _agent: str = "first"
    _codes: int = 1000

    def trajectory(self) -> Trajectory:
        self._first_half()
        self._second_half()
        self._end()
        return Trajectory(
            "planted.eval", "job", "worker", "s1", 1, tuple(self._events), self._known()
        )

    def _known(self) -> Known:
        goals = {"room found": True, "plan written": True}
        goals |= {f"goal {i}": False for i in range(self.defects.missed_subgoals)}
        return Known(
            success=0.5 if self.defects.false_claim else 1.0, accepted=1, subgoals=goals,
            facts=tuple(self._facts), faults=tuple(self._faults),
            human_minutes=5.0 + self.defects.minutes_of_checking,
        )  # fmt: skip

    # The job

    def _first_half(self) -> None:
        venue, deadline = self._code("VE"), self._code("DL")
        facts = [self._told("venue", venue), self._told("deadline", deadline)]
        source = self._code("RC")
        for _ in range(1 + self.defects.repeats):
            self._call("open_file", "read", {"path": "a.txt"}, target="file:a.txt", code=source)
        self._each("useless_reads", self._useless_read)
        self._remember(f"venue: {venue}")
        self._retrieve(f"venue: {venue}", venue)
        self._each("unused_memories", self._unused_memory)
        self._each("duplicates", lambda: self._remember(f"venue: {venue}"))
        self._each("unsourced_entries", lambda: self._remember(f"guess: {self._code('GU')}"))
        self._recovered(1)
        self._each("slow_recoveries", lambda: self._recovered(SLOW))
        self._each("unrecovered_errors", self._unrecovered)
        self._compact_and_hand_over(facts)

    def _compact_and_hand_over(self, facts: list[tuple[Piece, str]]) -> None:
        squeezed = [self._fact("key") for _ in range(self.defects.lost_in_compaction)]
        dropped = [self._fact("desk") for _ in range(self.defects.lost_in_hand_off)]
        self._ask(facts + squeezed + dropped)
        self._events.append(Compaction(self._now(), "summary", 900, 300, self._agent))
        self._ask(facts + dropped)
        text = "Take over: " + ", ".join(value for _, value in facts + squeezed)
        self._events.append(HandOff(self._now(), "first", "second", text))
        self._agent = "second"

    def _second_half(self) -> None:
        old = self._facts[1].value
        _, new = self._told("deadline", self._code("DL"))
        self._write("file:plan.txt", f"All is ready by {new}.")
        self._look("open_file", "read", {"path": "plan.txt"}, target="file:plan.txt")
        self._each("backtracks", self._backtrack)
        self._each("stale_entries", self._stale)
        self._each("obsolete_uses", lambda: self._write(self._file(), f"Ready by {old}."))
        self._each("wasted_pieces", self._waste)
        self._each("full_calls", lambda: self._ask(tokens=2 * TOKENS_IN, cached=2 * CACHED))
        self._each("uncached_calls", lambda: self._ask(cached=0))
        self._fault(detected=True, turns=1)
        self._each("missed_faults", lambda: self._fault(detected=False, turns=0))
        self._each("unrepaired_faults", lambda: self._fault(detected=True, turns=0))
        self._each("slow_repairs", lambda: self._fault(detected=True, turns=SLOW))
        self._each("needless_checks", self._check)
        self._check()
        self._each("unverified_writes", lambda: self._write(self._file(), "Late.", weighty=True))

    def _end(self) -> None:
        done = not self.defects.unclaimed
        text = f"The job JOB-1000 is {'done' if done else 'not done'}."
        self._ask(said=text)
        sure = 1.0 if self.defects.overconfidence else 0.9
        self._events.append(Claim(self._now(), text, done, sure, self._agent))

    # Its parts

    def _each(self, defect: str, plant: Any) -> None:
        for _ in range(getattr(self.defects, defect)):
            plant()

    def _code(self, kind: str) -> str:
        self._codes += 1
        return f"{kind}-{self._codes}"

    def _file(self) -> str:
        return f"file:{self._code('FI')}.txt"

    def _now(self) -> float:
        return float(len(self._events))

    def _ask(
        self, extra: Iterable[tuple[Piece, str]] = (), *, said: str = "", tokens: int = TOKENS_IN,
        cached: int = CACHED, calls: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """A model call that is supplied with what came last, and quotes all of it."""
        given = [*self._pending, *extra]
        self._pending = []
        pieces = (Piece("brief", "user", BRIEF), *(piece for piece, _ in given))
        words = " ".join([said, *(code for _, code in given)])
        self.asks += 1
        self.supplied += sum(len(piece.text) for piece in pieces)
        self._events.append(ModelCall(
            self._now(), self._agent, pieces, words, calls, tokens, TOKENS_OUT, cached,
            seconds=ASK_SECONDS, window=WINDOW, stop="tool_calls" if calls else "stop",
        ))  # fmt: skip

    def _call(
        self, tool: str, role: str, arguments: dict[str, Any], *, code: str | None = None,
        more: str = "", **call: Any,
    ) -> int:  # fmt: skip
        """A turn: the model asks for a tool, and what comes back is quoted in the next turn."""
        name = f"call-{len(self._events)}"
        self._ask(calls=(name,))
        fresh = code or self._code("RC")
        result = f"receipt {fresh}" + more
        place = len(self._events)
        self._events.append(ToolCall(
            self._now(), tool, arguments, result, name, self._agent, frozenset({role}),
            seconds=LOOK_SECONDS, **call,
        ))  # fmt: skip
        self._pending.append((Piece(f"piece-{place}", "tool", result, place), fresh))
        if code and self._seen(code):
            self.wasted += len(result)
        return place

    def _seen(self, code: str) -> bool:
        return sum(isinstance(e, ToolCall) and code in e.result for e in self._events) > 1

    def _told(self, name: str, value: str) -> tuple[Piece, str]:
        piece = Piece(f"told-{value}", "user", f"{name}: {value}")
        self._facts.append(Fact(name, value, len(self._events)))
        self._ask([(piece, value)])
        return piece, value

    def _fact(self, name: str) -> tuple[Piece, str]:
        value = self._code("FA")
        return self._told(f"{name} {value}", value)

    def _write(self, target: str, text: str, *, weighty: bool = False) -> int:
        return self._call(
            "write_file", "mutation", {"path": target, "text": text}, target=target, value=text,
            change="change", weighty=weighty,
        )  # fmt: skip

    def _look(self, tool: str, role: str, arguments: dict[str, Any], **call: Any) -> None:
        self._call(tool, role, arguments, **call)
        self._ask()

    def _check(self) -> None:
        self._look("run_checks", "check", {"scope": self._code("SC")})

    def _remember(self, entry: str) -> None:
        target = f"memory:{self._code('ME')}"
        self._call(
            "note", "memory_write", {"key": target, "text": entry}, target=target, value=entry,
            change="create",
        )  # fmt: skip

    def _retrieve(self, entry: str, value: str) -> None:
        self._call("recall", "memory_read", {"about": value}, more=f"\n{entry}", target="memory:*")
        piece, code = self._pending.pop()
        self._pending.append((piece, f"{code} {value}"))

    def _unused_memory(self) -> None:
        topic = self._code("TO")
        self._call("recall", "memory_read", {"about": "more"}, more=f"\nold note {topic}")
        self._write(self._file(), "So that asking again is no repeat.")

    def _useless_read(self) -> None:
        path = self._code("FI")
        place = self._call("open_file", "read", {"path": path}, target=f"file:{path}")
        piece, _ = self._pending.pop()
        self._pending.append((piece, ""))
        self.wasted += len(piece.text)
        assert piece.source == place

    def _recovered(self, turns: int) -> None:
        target = f"mail:{self._code('MA')}"
        self._call("send", "mutation", {"to": target}, target=target, value="x", error="invalid")
        for _ in range(turns - 1):
            self._ask()
        self._call("send", "mutation", {"to": target, "cc": ""}, target=target, value="x")

    def _unrecovered(self) -> None:
        target = f"mail:{self._code('MA')}"
        self._call("send", "mutation", {"to": target}, target=target, value="x", error="invalid")

    def _backtrack(self) -> None:
        target = self._file()
        for text in ("one way", "another way", "one way"):
            self._write(target, text)

    def _stale(self) -> None:
        old, new = self._code("OL"), self._code("NE")
        name = f"room {old}"
        self._told(name, old)
        self._remember(f"seat: {old}")
        self._told(name, new)

    def _waste(self) -> None:
        piece = Piece(f"waste-{self._code('WA')}", "user", f"By the way, {self._code('WA')}.")
        self.wasted += len(piece.text)
        self._ask([(piece, "")])

    def _fault(self, *, detected: bool, turns: int) -> None:
        met = self._write(self._file(), "Met.")
        for _ in range(turns - 1):
            self._ask()
        repaired = self._write(self._file(), "Repaired.") if turns else None
        self._faults.append(
            SeededFault("wrong_number", met, met + 1 if detected else None, repaired)
        )


def planted(**defects: int) -> Trajectory:
    """The job with so many of each defect."""
    return Planting(Defects(**defects)).trajectory()
