"""`worktrial office`: the mock office, served to any client of the Model Context Protocol."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from worktrial.errors import ConfigError

if TYPE_CHECKING:
    from worktrial.office.office import Office
    from worktrial.office.surface import Condition, Surface


@click.group()
def office() -> None:
    """The mock office of the office trial."""


@office.command()
@click.option(
    "--transport",
    type=click.Choice(["stdio", "http"]),
    default="stdio",
    show_default=True,
    help="How clients connect: one over stdin and stdout, or many over HTTP.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address for HTTP.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True,
    help="Port for HTTP; 0 for any that is free.",
)  # fmt: skip
@click.option("--seed", type=int, default=7, show_default=True, help="Which office.")
@click.option("--item", metavar="ID", help="The office of an item, with the item's apps.")
@click.option("--course", default="pocket", show_default=True, help="Of which course it is.")
@click.option(
    "--database", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Keep the office in a file, or go on with one (stdio).",
)  # fmt: skip
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
    help="Keep the office of each session as FOLDER/SESSION.db (HTTP).",
)  # fmt: skip
@click.option(
    "--condition", "conditions", multiple=True, metavar="NAME",
    help="crowd=N, page=N, renamed, limited, scoped or faulty; may be repeated.",
)  # fmt: skip
def serve(
    transport: str,
    host: str,
    port: int,
    seed: int,
    item: str | None,
    course: str,
    database: Path | None,
    keep: Path | None,
    conditions: tuple[str, ...],
) -> None:
    """Serve an office as an MCP server.

    Over HTTP every session has an office of its own, and nothing of one is seen in another.
    """
    from worktrial.office.server import require_sdk, serve_http, serve_stdio
    from worktrial.office.surface import Condition

    _fits(transport, database, keep)
    require_sdk()
    desk = _item_desk(item, course, seed) if item else _plain_desk(seed)
    condition = Condition.of(conditions)
    if desk.request:
        click.echo(desk.request, err=True)
    # Interrupting is how a server ends.
    with suppress(KeyboardInterrupt):
        if transport == "stdio":
            serve_stdio(desk.surface(database, condition))
        else:
            serve_http(
                lambda name: desk.surface(keep / f"{name}.db" if keep else None, condition),
                host=host, port=port,
                ready=lambda address: click.echo(f"serving at {address}", err=True),
            )  # fmt: skip


class _Desk(NamedTuple):
    """What is served: how its office is made, and what a worker has at hand."""

    furnish: "Callable[[Path | None], Office]"
    apps: tuple[str, ...]
    draw: int
    scopes: frozenset[str]
    request: str = ""

    def surface(self, path: Path | None, condition: "Condition") -> "Surface":
        from worktrial.office.office import Office
        from worktrial.office.surface import Surface

        there = path is not None and path.exists()
        office = Office.open(path) if path is not None and there else self.furnish(path)
        office.begin_session()
        return Surface(office, self.apps, condition, draw=self.draw, scopes=self.scopes)


def _fits(transport: str, database: Path | None, keep: Path | None) -> None:
    if database is not None and transport == "http":
        raise ConfigError(
            "`--database` is for stdio, as HTTP has an office a session; use `--keep`"
        )
    if keep is not None and transport == "stdio":
        raise ConfigError("`--keep` is for HTTP; over stdio there is one office: use `--database`")
    if keep is not None:
        try:
            keep.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"`keep`: {keep} cannot be made: {error.strerror}") from None


def _plain_desk(seed: int) -> _Desk:
    from worktrial.office.office import TOOLS, Office

    apps = tuple(dict.fromkeys(tool.app for tool in TOOLS.values()))
    return _Desk(
        lambda path: Office.furnished(seed, path=path), apps, seed,
        frozenset(f"{app}.write" for app in apps),
    )  # fmt: skip


def _item_desk(name: str, course: str, seed: int) -> _Desk:
    from worktrial.readiness.desk import scopes
    from worktrial.readiness.draw import custom_course, draw_items, open_office

    items = {item.id: item for item in draw_items(custom_course(course), seed=seed)}
    if name not in items:
        raise ConfigError(
            f"`item` must be one of the {course} course's at seed {seed}, such as "
            f"{', '.join(list(items)[:3])}; got {name!r}"
        )
    item = items[name]
    return _Desk(
        lambda path: open_office(item, path=path), item.apps, item.draw, scopes(item),
        "\n\n".join(item.told.turns),
    )  # fmt: skip
