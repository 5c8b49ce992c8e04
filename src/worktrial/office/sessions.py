"""The offices of an HTTP server: one a session, made as it opens and put away as it ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worktrial.office.surface import Surface

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH, SESSION = "/mcp", "mcp-session-id"
_HEADER = SESSION.encode()
_GRACE_SECONDS, _OK, _GONE = 60, 200, 404


@dataclass
class _Open:
    surface: Surface
    asking: int = 0
    since: float = 0.0


class Sessions:
    """The offices of the sessions that are open.

    The SDK says neither that a session has opened nor that it has ended, so this looks at the
    requests and answers that pass: a first answer names a new session, a deletion or a 404 ends
    one. A session that was left is ended by the SDK after a while, and its office soon after.

    Args:
        furnish: Makes the office of a session, by the session's name.
        idle_seconds: After how long the SDK ends a session in which nothing is asked.
    """

    def __init__(self, furnish: Callable[[str], Surface], *, idle_seconds: float) -> None:
        self._furnish, self._idle = furnish, idle_seconds + _GRACE_SECONDS
        self._open: dict[str, _Open] = {}

    def surface(self, name: str) -> Surface:
        """The tools of a session.

        Raises:
            MCPError: If there is no such session.
        """
        from mcp.shared.exceptions import MCPError
        from mcp_types import INVALID_REQUEST

        if name not in self._open:
            raise MCPError(
                INVALID_REQUEST,
                "Every session has an office of its own: connect with `initialize` first.",
            )
        return self._open[name].surface

    def around(self, app: "ASGIApp") -> "ASGIApp":
        """The application, watched for sessions that open and end."""

        async def watched(scope: "Scope", receive: "Receive", send: "Send") -> None:
            name = _named(scope["headers"]) if scope.get("path") == PATH else ""
            found = self._open.get(name)
            if found is None:
                await app(scope, receive, self._opening(send) if not name else send)
                return
            found.asking += 1
            try:
                await app(scope, receive, self._ending(name, scope["method"], send))
            finally:
                found.asking -= 1
                found.since = time.monotonic()

        return watched

    def close(self) -> None:
        """Put all offices away."""
        for name in list(self._open):
            self._end(name)

    def _opening(self, send: "Send") -> "Send":
        async def watched(message: "Message") -> None:
            if message["type"] == "http.response.start" and message["status"] == _OK:
                self._begin(_named(message["headers"]))
            await send(message)

        return watched

    def _ending(self, name: str, method: str, send: "Send") -> "Send":
        async def watched(message: "Message") -> None:
            if message["type"] == "http.response.start":
                deleted = method == "DELETE" and message["status"] == _OK
                if deleted or message["status"] == _GONE:
                    self._end(name)
            await send(message)

        return watched

    def _begin(self, name: str) -> None:
        now = time.monotonic()
        for left in [
            n for n, o in self._open.items() if not o.asking and now - o.since > self._idle
        ]:
            self._end(left)
        if name and name not in self._open:
            self._open[name] = _Open(self._furnish(name), since=now)

    def _end(self, name: str) -> None:
        if name in self._open:
            self._open.pop(name).surface.office.close()


def _named(headers: Any) -> str:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == _HEADER), "")
