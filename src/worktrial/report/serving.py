"""A run's folder on this machine's own address: Inspect's viewer reads logs in parts, over HTTP."""

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from worktrial.errors import ConfigError
from worktrial.evidence import RunFolder

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_HOST = "127.0.0.1"


def serve(folder: RunFolder, port: int, *, ready: Callable[[str], None]) -> None:
    """Serve a run's report and viewer to this machine until interrupted.

    Python's own `http.server` will not do: it sends whole files where parts are asked for, and
    the viewer then finds no log unless the browser happens to have kept the file.

    Args:
        folder: The run's folder.
        port: Where; 0 for any that is free.
        ready: Is told the report's address once connections are taken.

    Raises:
        ConfigError: If the port is taken.
    """
    import uvicorn

    config = uvicorn.Config(_site(folder), log_level="warning", access_log=False, lifespan="off")
    with _listening(port) as taken:
        ready(f"http://{_HOST}:{taken.getsockname()[1]}/{folder.report.name}")
        uvicorn.Server(config).run(sockets=[taken])


def _site(folder: RunFolder) -> "ASGIApp":
    """The folder's files; the host is checked, so that no other site reads them in a browser."""
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.staticfiles import StaticFiles

    return TrustedHostMiddleware(StaticFiles(directory=folder.path), [_HOST, "localhost"])


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((_HOST, port))
    except OSError as error:
        raise ConfigError(
            f"`--port` must be free, and {port} is not ({error.strerror}); give another"
        ) from None
