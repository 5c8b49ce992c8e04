"""A hostile provider: chat completions over HTTP on loopback, by reference workers, with faults.

What a request meets with follows from its content and how often it was asked before, so it is the
same however many are in flight. What was served can be read back, here or at `GET /counts`.
"""

import asyncio
import hashlib
import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

import worktrial._registry  # noqa: F401 - the voices of all trials
from worktrial.errors import ConfigError

from .mood import PAID, Fault, Mood
from .speech import Said, answer, pieces

_LINGER_NOT = struct.pack("ii", 1, 0)
"""A socket closed with this tells the other side at once that the connection was reset."""
_NOT_CONTENT = ("stream", "stream_options")
_START_SECONDS = 30.0


class Provider:
    """The server, as a context.

    Attributes:
        mood: How it behaves; may be changed while it runs.
        down: Whether every connection is reset.
        fall_after: After how many requests it goes down by itself.
        history: By content, what each of its requests was answered with: `ok`, a fault or `down`.
        most_at_once: The most requests that were in flight together.
        answered: How many requests were answered, or failed, so far.
    """

    def __init__(self, mood: Mood | None = None) -> None:
        self.begin(mood or Mood())
        self._at_once = 0
        # Named as TCP, as asyncio else lets every answer wait for an acknowledgement of 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        routes = [
            Route("/v1/chat/completions", self._complete, methods=["POST"]),
            Route("/counts", self._counts),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), http=_Abortable, lifespan="off", log_level="critical",
            access_log=False, timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    def begin(self, mood: Mood) -> None:
        """Forget what was served; the address stays, since Inspect remembers a model with it."""
        self.mood = mood
        self.down = False
        self.fall_after: int | None = None
        self.history: dict[str, list[str]] = {}
        self.most_at_once = 0
        self.answered = 0

    @property
    def base_url(self) -> str:
        """Where it is reached, as an OpenAI client takes it."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes `openai-api/hostile/NAME` speak with it."""
        return {"HOSTILE_BASE_URL": self.base_url, "HOSTILE_API_KEY": "none"}

    @property
    def counts(self) -> Counter[str]:
        """How often each answer or fault was served."""
        return Counter(served for of in list(self.history.values()) for served in of)

    @property
    def paid(self) -> int:
        """How many answers came back, usable or not."""
        return sum(self.counts[served] for served in PAID)

    def __enter__(self) -> "Provider":
        self._thread.start()
        until = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if time.monotonic() > until or not self._thread.is_alive():
                raise RuntimeError("the hostile provider did not start")
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    # --- a request ---

    async def _counts(self, request: Request) -> Response:
        return JSONResponse(self.counts)

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        with self._in_flight():
            served, seconds = self._served(_digest(body))
            if served == "down":
                return _Reset()
            await asyncio.sleep(seconds)
            response = await self._response(body, served)
            self.answered += 1
            return response

    @contextmanager
    def _in_flight(self) -> Any:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            self._at_once -= 1

    def _served(self, content: str) -> tuple[str, float]:
        """What a request is answered with, noted before it is."""
        earlier = self.history.setdefault(content, [])
        if self.fall_after is not None and sum(map(len, self.history.values())) >= self.fall_after:
            self.down = True
        if self.down:
            earlier.append("down")
            return "down", 0.0
        drawn = self.mood.draw(content, sum(served != "down" for served in earlier))
        earlier.append(drawn.fault or "ok")
        return drawn.fault or "ok", drawn.seconds

    async def _response(self, body: Mapping[str, Any], served: "Fault | str") -> Response:
        match served:
            case "rate_limited":
                wait = self.mood.retry_after_seconds
                told = {"retry-after": str(round(wait)), "retry-after-ms": str(round(wait * 1e3))}
                return _failure(429, "rate_limit_exceeded", told)
            case "error":
                return _failure(500, "server_error")
            case "reset":
                return _Reset()
            case "garbled":
                return Response(b'{"choices": [{"mess', media_type="application/json")
        try:
            said = await answer(body)
        except ConfigError as error:
            return _failure(404, str(error))
        said = {"empty": said.emptied, "truncated": said.truncated}.get(served, lambda: said)()
        return _spoken(said, body, cut=served == "cut", seconds=self._pause(served))

    def _pause(self, served: str) -> float:
        return self.mood.slow_seconds if served == "slow" else 0.0


def _spoken(said: Said, body: Mapping[str, Any], *, cut: bool, seconds: float) -> Response:
    """An answer as it was asked for, whole or cut, at once or slowly."""
    model, streamed = str(body["model"]), bool(body.get("stream"))
    parts = list(said.chunks(model)) if streamed else pieces(said.completion(model))
    kind = "text/event-stream" if streamed else "application/json"
    if cut:
        return _Cut(parts[: len(parts) // 2], media_type=kind)
    return StreamingResponse(_dripped(parts, seconds), media_type=kind)


async def _dripped(parts: Iterable[bytes], seconds: float) -> AsyncIterator[bytes]:
    parts = list(parts)
    for part in parts:
        await asyncio.sleep(seconds / len(parts))
        yield part


def _failure(status: int, code: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"message": code, "code": code}}, status, headers)


def _digest(body: Mapping[str, Any]) -> str:
    content = {name: value for name, value in body.items() if name not in _NOT_CONTENT}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


# --- connections that break ---

_open: dict[tuple[Any, Any], asyncio.Transport] = {}
"""Every connection, by server and client: what ASGI has no word for is done to it."""


class _Abortable(H11Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        _open[self.server, self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _open.pop((self.server, self.client), None)
        super().connection_lost(exc)


async def _abort(scope: Scope, receive: Receive) -> None:
    transport = _open[tuple(scope["server"]), tuple(scope["client"])]
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


class _Reset(Response):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _abort(scope, receive)


class _Cut(StreamingResponse):
    def __init__(self, parts: list[bytes], *, media_type: str) -> None:
        super().__init__(_dripped(parts, 0.0), media_type=media_type)
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        for part in self._parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await asyncio.sleep(0.05)  # an abort throws away what has not left yet
        await _abort(scope, receive)
