"""The office: its tools are called here, and everything that happens is logged."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from sqlite3 import Connection
from threading import RLock
from typing import Any, Literal

from worktrial.errors import ConfigError
from worktrial.office import database
from worktrial.office.apps import TOOLS
from worktrial.office.calls import MOST_CHARACTERS, Given, given, validated
from worktrial.office.database import Scalar, canonical, storable
from worktrial.office.events import Event, Kind
from worktrial.office.people import Person
from worktrial.office.schemas import schema
from worktrial.office.tool import Offer, Refusal, Reply

__all__ = ["TOOLS", "Office", "offers"]

PAGE = 20
_LONGEST_NAME = 100
_Noted = tuple[Kind, str, str, str]
_NUMBERED: Mapping[str, str] = {
    "message": "m", "event": "e", "ticket": "t", "submission": "s", "remark": "r", "contact": "c",
}  # fmt: skip
_KEYS: Mapping[str, str] = {"file": "path", "memory": "key"}


class _UndoneError(Exception):
    """Ends a rehearsal, so that nothing of it remains."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Office:
    """One office: what is in it, and what was done in it.

    Attributes:
        page: How many rows a list shows at once.
        today: The day on which it is worked in.
        user: For whom the work is done.
    """

    def __init__(self, connection: Connection) -> None:
        self._database = connection
        self._lock = RLock()
        self._noted: list[_Noted] = []
        self.page = PAGE
        facts = dict(connection.execute("select name, value from setting"))
        self.today = date.fromisoformat(facts["today"])
        self.user = Person(*self.rows("select * from person where id = ?", facts["user"])[0])

    @classmethod
    def furnished(
        cls,
        seed: int,
        rows: Iterable[tuple[str, tuple[Scalar, ...]]] = (),
        *,
        path: Path | None = None,
        permits: Iterable[tuple[str, str, bool]] = (),
    ) -> "Office":
        """The office of a seed, with rows added to it.

        Args:
            seed: Of its content.
            rows: What is added, as table and values.
            path: A new file to keep it in; in memory without.
            permits: What is decided when a record is asked for: person, field, granted.

        Raises:
            ConfigError: If a row does not fit, or there is something at the path.
        """
        connection = database.in_file(seed, path) if path else database.in_memory(seed)
        granted = (("permit", (who, field, int(yes), 0)) for who, field, yes in permits)
        try:
            with database.transaction(connection):
                for table, values in (*rows, *granted):
                    database.insert(connection, table, values)
        except ConfigError:
            connection.close()
            raise
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> "Office":
        """The office in an existing file.

        Raises:
            ConfigError: If there is none.
        """
        return cls(database.opened(path))

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> "Office":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what happens ---

    def call(self, tool: str, arguments: Mapping[str, Any]) -> Reply:
        """Call a tool: all of what it does or nothing is done, and the call is logged."""
        return self._called(storable(tool)[:_LONGEST_NAME], given(arguments))

    def rehearse(self, tool: str, arguments: Mapping[str, Any]) -> Reply:
        """What a call would answer now; nothing is done, and nothing is logged."""
        try:
            with self._alone():
                raise _UndoneError(self._carried_out(tool, given(arguments)))
        except _UndoneError as undone:
            return Reply(undone.text)
        except Refusal as no:
            return Reply(no.text, no.trouble)

    def begin_session(self) -> None:
        """Begin a conversation that knows nothing of the ones before."""
        session, _ = self._place()
        self._log([("session", "", "", "")], place=(session + 1, 0))

    def begin_turn(self) -> None:
        """Begin a turn: the user has said something."""
        session, turn = self._place()
        self._log([("turn", "", "", "")], place=(session, turn + 1))

    def say(self, text: str) -> None:
        """Log a message to the user."""
        self._log([("output", "", "", storable(text))])

    def fault(self, tool: str, name: str, arguments_json: str) -> None:
        """Log a call that did not reach its tool."""
        tool = storable(tool)[:_LONGEST_NAME]
        written = storable(arguments_json)[:MOST_CHARACTERS]
        self._log([("fault", storable(name), "", written)], tool)

    def repeat(self, event: Event) -> Reply | None:
        """Let happen again what was logged; reads and writes follow from the calls.

        Returns:
            What a call answers.
        """
        match event.kind:
            case "session":
                self.begin_session()
            case "turn":
                self.begin_turn()
            case "output":
                self.say(event.value)
            case "fault":
                self.fault(event.tool, event.target, event.value)
            case "call":
                return self._called(event.tool, Given.logged(event.value))
        return None

    # --- what is known ---

    def events(self) -> list[Event]:
        """Everything that was logged, in order."""
        return [Event(*row) for row in self.rows("select * from log order by seq")]

    def ask(self, sql: str) -> list[tuple[Scalar, ...]]:
        """The first rows, at most 1,000, that one select returns.

        Raises:
            ConfigError: If it is not one select, is wrong, or takes too long.
        """
        with self._lock:
            return database.answer(self._database, sql)

    # --- for the tools ---

    def rows(self, sql: str, *values: Scalar) -> list[Any]:
        """The rows of a query with bound values."""
        return self._database.execute(sql, values).fetchall()

    def new_id(self, table: str) -> str:
        """The id of the next row: one more than the largest number that there is."""
        largest = f"select max(cast(substr(id, 3) as integer)) from {table}"  # noqa: S608
        number = (self.rows(largest)[0][0] or 0) + 1
        return f"{_NUMBERED[table]}-{number:0{2 if table == 'contact' else 3}}"

    def add(self, table: str, /, **values: Scalar) -> None:
        """Add a row, and note it; the columns in their order."""
        database.insert(self._database, table, values.values())
        self._noted.append(("write", _target(table, values), "added", canonical(values)))

    def change(self, table: str, key: str, /, **values: Scalar) -> None:
        """Change a row, and note it as it is now."""
        name = _KEYS.get(table, "id")
        columns = ", ".join(f"{column} = ?" for column in values)
        self._database.execute(
            f"update {table} set {columns} where {name} = ?",  # noqa: S608 - names of columns
            (*values.values(), key),
        )
        self._note_row(table, key, "changed")

    def remove(self, table: str, key: str) -> None:
        """Remove a row, and note it as it was."""
        self._note_row(table, key, "removed")
        name = _KEYS.get(table, "id")
        self._database.execute(f"delete from {table} where {name} = ?", (key,))  # noqa: S608

    def do(self, sql: str, *values: Scalar) -> None:
        """Change rows without a note of it."""
        self._database.execute(sql, values)

    def note_read(self, *targets: str) -> None:
        """Note that rows were opened."""
        self._noted.extend(("read", target, "", "") for target in targets)

    def note_write(
        self, target: str, how: Literal["added", "changed", "removed"], row: Mapping[str, Scalar]
    ) -> None:
        """Note a write of a row that has no id of its own."""
        self._noted.append(("write", target, how, canonical(row)))

    def note_typed(self, target: str, fields: Mapping[str, str]) -> None:
        """Note what was put into the fields of a draft; empty is nothing."""
        self._noted.extend(
            ("keystroke", target, field, text) for field, text in fields.items() if text
        )

    def note_permission(self, target: str, reason: str, *, granted: bool) -> None:
        """Note a decision on a request."""
        self._noted.append(("permission", target, "granted" if granted else "denied", reason))

    # --- inside ---

    def _called(self, name: str, arguments: Given) -> Reply:
        try:
            with self._alone():
                text = self._carried_out(name, arguments)
                self._insert([("call", "", "ok", arguments.written), *self._noted], name)
        except Refusal as no:
            self._log([("call", "", no.trouble, arguments.written)], name)
            return Reply(no.text, no.trouble)
        return Reply(text)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """All or nothing of what is done within, with notes of its own."""
        with self._lock, database.transaction(self._database):
            self._noted = []
            yield

    def _carried_out(self, name: str, arguments: Given) -> str:
        tool = TOOLS.get(name)
        if tool is None:
            raise Refusal("unknown", f"There is no tool {name!r}.")
        return tool.run(self, validated(tool, arguments))

    def _note_row(self, table: str, key: str, how: Literal["changed", "removed"]) -> None:
        names = database.columns()[table]
        row = self.rows(f"select * from {table} where {_KEYS.get(table, 'id')} = ?", key)[0]  # noqa: S608
        self.note_write(f"{table}:{key}", how, dict(zip(names, row, strict=True)))

    def _place(self) -> tuple[int, int]:
        """The session and turn that are under way; before the first session 0 and 0."""
        last = self.rows("select session, turn from log order by seq desc limit 1")
        return last[0] if last else (0, 0)

    def _log(
        self, events: Iterable[_Noted], tool: str = "", *, place: tuple[int, int] | None = None
    ) -> None:
        with self._alone():
            self._insert(events, tool, place)

    def _insert(
        self, events: Iterable[_Noted], tool: str, place: tuple[int, int] | None = None
    ) -> None:
        session, turn = place or self._place()
        self._database.executemany(
            "insert into log (session, turn, kind, tool, target, field, value)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            [(session, turn, kind, tool, *rest) for kind, *rest in events],
        )


def offers(apps: Collection[str]) -> list[Offer]:
    """The tools of some apps, as a worker is offered them.

    Raises:
        ConfigError: If there is no such app.
    """
    known = {tool.app for tool in TOOLS.values()}
    if strange := set(apps) - known:
        raise ConfigError(
            f"`apps` must be among {', '.join(sorted(known))}; got {', '.join(sorted(strange))}"
        )
    return [
        Offer(one.name, one.text, schema(one.takes)) for one in TOOLS.values() if one.app in apps
    ]


def _target(table: str, row: Mapping[str, Scalar]) -> str:
    return f"{table}:{row[_KEYS.get(table, 'id')]}"
