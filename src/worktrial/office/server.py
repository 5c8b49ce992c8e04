"""The office as an MCP server, over stdio or streamable HTTP, on the official SDK.

`python -m worktrial.office.server --database FILE --apps mail,calendar` serves an existing office
over stdio; another process may hold the same file, in turn.
"""

import argparse
import socket
import sys
from collections.abc import Callable, Collection
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worktrial import __version__
from worktrial.errors import ConfigError, WorktrialError
from worktrial.office.office import Office
from worktrial.office.sessions import PATH, SESSION, Sessions
from worktrial.office.surface import Surface, failed

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel import Server
    from mcp_types import (
        CallToolRequestParams,
        CallToolResult,
        DiscoverResult,
        ListToolsResult,
        RequestParams,
    )
    from mcp_types import PaginatedRequestParams as Page
    from starlette.applications import Starlette

    Context = ServerRequestContext[Any, Any]

LOCAL, PORT = "127.0.0.1", 8765
MOST_SESSIONS, IDLE_SECONDS, LARGEST_BODY = 64, 30 * 60, 1_000_000
_NAMES = (LOCAL, "localhost", "[::1]")


def serve_stdio(surface: Surface) -> None:
    """Serve one office over this process's stdin and stdout, until the client leaves.

    Raises:
        ConfigError: If the SDK is not installed.
    """
    require_sdk()
    import anyio
    from mcp.server.stdio import stdio_server

    server = _server(lambda _: surface)

    async def run() -> None:
        async with stdio_server() as (reads, writes):
            await server.run(reads, writes, server.create_initialization_options())

    anyio.run(run)


def serve_http(
    furnish: Callable[[str], Surface],
    *,
    host: str = LOCAL,
    port: int = PORT,
    names: Collection[str] = (),
    ready: Callable[[str], None],
) -> None:
    """Serve over HTTP, each session an office of its own, until interrupted (`KeyboardInterrupt`).

    Args:
        furnish: Makes the office of a session, by the session's name.
        host: The address to listen at.
        port: The port; 0 for any that is free.
        names: Other names by which this machine may be called.
        ready: Is told the address once connections are taken.

    Raises:
        ConfigError: If the SDK is not installed, or the address is taken.
    """
    require_sdk()
    import uvicorn

    sessions = Sessions(furnish, idle_seconds=IDLE_SECONDS)
    listening = _listen(host, port)
    config = uvicorn.Config(
        sessions.around(_http_app(sessions, (host, *names))),
        log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=1,
    )  # fmt: skip
    ready(f"http://{host}:{listening.getsockname()[1]}{PATH}")
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()
        sessions.close()


def require_sdk() -> None:
    """Check that the SDK is there.

    Raises:
        ConfigError: If it is not.
    """
    for name in ("mcp", "uvicorn"):
        try:
            import_module(name)
        except ImportError:
            raise ConfigError(
                f"serving the office needs {name}; install it with: pip install 'worktrial[mcp]'"
            ) from None


def _listen(host: str, port: int) -> socket.socket:
    listening = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Named as TCP, as asyncio else lets every answer wait for an acknowledgement of 40 ms.
        listening = socket.socket(*found[:3])
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(found[4])
        return listening
    except OSError as error:
        if listening is not None:
            listening.close()
        raise ConfigError(
            f"nothing can listen at {host}:{port} ({error.strerror}); give another `--port`"
        ) from None


def _http_app(sessions: Sessions, names: Collection[str]) -> "Starlette":
    """Host and Origin are checked, so that no page in a browser reaches the office."""
    from mcp.server.transport_security import TransportSecuritySettings
    from mcp_types import RequestParams

    known = [f"{name}:*" for name in dict.fromkeys((*_NAMES, *names))]
    server = _server(lambda context: sessions.surface(_session(context)))
    # Later revisions of the protocol have no sessions, and with them no office of one's own:
    # clients are told to shake hands in the way of the earlier ones.
    server.add_request_handler("server/discover", RequestParams, _discover)
    return server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        max_request_body_size=LARGEST_BODY,
        session_idle_timeout=IDLE_SECONDS,
        max_sessions=MOST_SESSIONS,
        transport_security=TransportSecuritySettings(
            allowed_hosts=known, allowed_origins=[f"http://{name}" for name in known]
        ),
    )


def _server(surface_of: "Callable[[Context], Surface]") -> "Server[Any]":
    """A server whose tools are those of the surface of a request."""
    from mcp.server.lowlevel import Server
    from mcp.shared.exceptions import MCPError
    from mcp_types import INVALID_PARAMS, CallToolResult, ListToolsResult, TextContent, Tool

    async def list_tools(context: "Context", params: "Page | None") -> "ListToolsResult":
        if params and params.cursor is not None:
            raise MCPError(INVALID_PARAMS, "All tools are on one page; leave out the cursor.")
        offers = surface_of(context).offers()
        return ListToolsResult(
            tools=[Tool(name=o.name, description=o.text, input_schema=o.schema) for o in offers]
        )

    async def call_tool(context: "Context", params: "CallToolRequestParams") -> "CallToolResult":
        reply = surface_of(context).call(params.name, params.arguments or {})
        content = TextContent(type="text", text=reply.text)
        return CallToolResult(content=[content], is_error=failed(reply))

    return Server(
        "worktrial-office", version=__version__, on_list_tools=list_tools, on_call_tool=call_tool
    )


async def _discover(context: "Context", params: "RequestParams | None") -> "DiscoverResult":
    from mcp_types import DiscoverResult, ServerCapabilities
    from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

    return DiscoverResult(
        supported_versions=list(HANDSHAKE_PROTOCOL_VERSIONS), capabilities=ServerCapabilities()
    )


def _session(context: "Context") -> str:
    return context.request.headers.get(SESSION, "") if context.request is not None else ""


def main(arguments: list[str] | None = None) -> None:
    """Serve an existing office over stdio."""
    parser = argparse.ArgumentParser(prog="python -m worktrial.office.server", description=__doc__)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--apps", required=True, help="such as mail,calendar")
    given = parser.parse_args(arguments)
    try:
        office = Office.open(given.database)
        serve_stdio(Surface(office, given.apps.split(",")))
        office.close()
    except WorktrialError as error:
        sys.exit(f"worktrial: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
