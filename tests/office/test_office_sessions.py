"""Offices over HTTP: made as a session opens, put away as it ends or is left."""

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from mcp import MCPError

from worktrial.office import sessions as module
from worktrial.office.office import Office
from worktrial.office.sessions import PATH, Sessions
from worktrial.office.surface import Surface

IDLE = 100.0
Answer = tuple[int, dict[str, str]]


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(lambda _: Surface(Office.furnished(7), ["memory"]), idle_seconds=IDLE)


def ask(
    sessions: Sessions,
    answer: Answer,
    *,
    name: str = "",
    method: str = "POST",
    path: str = PATH,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """A request that passes, answered as the SDK would."""

    async def app(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        meanwhile()
        status, headers = answer
        pairs = [(key.encode(), value.encode()) for key, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": b""})

    async def nothing(*_: Any) -> None:
        return None

    headers = [(b"mcp-session-id", name.encode())] if name else []
    scope = {"type": "http", "path": path, "method": method, "headers": headers}
    anyio.run(sessions.around(app), scope, nothing, nothing)


def opened(name: str) -> Answer:
    return 200, {"mcp-session-id": name}


def is_open(sessions: Sessions, name: str) -> bool:
    try:
        return bool(sessions.surface(name))
    except MCPError:
        return False


def test_a_first_answer_opens_an_office(sessions: Sessions) -> None:
    ask(sessions, opened("a"))
    ask(sessions, opened("b"))
    assert sessions.surface("a") is sessions.surface("a") is not sessions.surface("b")
    with pytest.raises(MCPError, match="connect with `initialize` first"):
        sessions.surface("c")
    with pytest.raises(MCPError, match="connect with `initialize` first"):
        sessions.surface("")


def test_a_refused_request_opens_none(sessions: Sessions) -> None:
    ask(sessions, (421, {"mcp-session-id": "a"}))
    ask(sessions, (200, {}))
    ask(sessions, opened("a"), name="guessed")
    assert not is_open(sessions, "a")
    assert not is_open(sessions, "guessed")


@pytest.mark.parametrize(
    ("method", "status", "path", "ended"),
    [
        ("DELETE", 200, PATH, True),
        ("POST", 404, PATH, True),
        ("DELETE", 421, PATH, False),
        ("POST", 200, PATH, False),
        ("POST", 404, "/elsewhere", False),
    ],
)
def test_a_deletion_or_a_404_puts_it_away(
    sessions: Sessions, method: str, status: int, path: str, ended: bool
) -> None:
    ask(sessions, opened("a"))
    ask(sessions, opened("b"))
    ask(sessions, (status, {}), name="a", method=method, path=path)
    assert is_open(sessions, "a") is not ended
    assert is_open(sessions, "b")


def test_what_was_left_is_put_away_as_another_opens(sessions: Sessions, clock: Clock) -> None:
    ask(sessions, opened("a"))
    clock.now += IDLE / 2
    ask(sessions, opened("b"))
    ask(sessions, (200, {}), name="a")
    clock.now += IDLE * 0.9 + 60
    ask(sessions, (200, {}), name="b")
    clock.now += IDLE * 0.2
    ask(sessions, opened("c"))
    assert [is_open(sessions, name) for name in "abc"] == [False, True, True]


def test_a_session_with_an_open_stream_is_not_left(sessions: Sessions, clock: Clock) -> None:
    ask(sessions, opened("a"))

    def long_after() -> None:
        clock.now += 10 * IDLE + 60
        ask_from_within()

    def ask_from_within() -> None:
        sessions._begin("b")

    ask(sessions, (200, {}), name="a", method="GET", meanwhile=long_after)
    assert is_open(sessions, "a")


def test_all_are_put_away_at_the_end(sessions: Sessions) -> None:
    ask(sessions, opened("a"))
    sessions.close()
    assert not is_open(sessions, "a")
