"""The office's database: a connection to it, in memory or in a file."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from worktrial.errors import ConfigError
from worktrial.office.content import content

Scalar = str | int | float | None
SCHEMA = files("worktrial.office").joinpath("schema.sql").read_text("utf-8")
MOST_ROWS = 1_000
MOST_STEPS = 20_000_000
MOST_CHARACTERS = 20_000_000
_STEPS_AT_ONCE = 10_000
_PATIENCE_SECONDS = 30


def storable(text: str) -> str:
    """A text that SQLite keeps whole: halves of surrogates and NUL are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def canonical(value: object) -> str:
    """A value as JSON, always in the same form."""
    text = json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return storable(text)


def in_memory(seed: int) -> sqlite3.Connection:
    """The furnished office of a seed, in memory."""
    connection = _prepared(
        sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    )
    connection.deserialize(_image(seed))
    return connection


def in_file(seed: int, path: Path) -> sqlite3.Connection:
    """The furnished office of a seed, in a new file.

    Raises:
        ConfigError: If there is something at the path.
    """
    try:
        with path.open("xb") as out:
            out.write(_image(seed))
    except OSError as error:
        raise ConfigError(
            f"the office cannot be written to {path}: {error.strerror}; name a new file"
        ) from None
    return opened(path)


def opened(path: Path) -> sqlite3.Connection:
    """The office in an existing file.

    Raises:
        ConfigError: If there is none.
    """
    try:
        connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode=rw",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=_PATIENCE_SECONDS,
        )
    except sqlite3.Error as error:
        raise ConfigError(f"there is no office at {path}: {error}") from None
    try:
        connection.execute("pragma synchronous = off")
        connection.execute("select person.* from setting, person, log limit 1")
    except sqlite3.Error as error:
        connection.close()
        raise ConfigError(f"{path} is no office: {error}; name a file that holds one") from None
    return _prepared(connection)


def insert(connection: sqlite3.Connection, table: str, values: Iterable[Scalar]) -> None:
    """Add a row, its values in the order of the table's columns.

    Raises:
        ConfigError: If there is no such table, or the row does not fit.
    """
    if table not in columns():
        raise ConfigError(f"the office has no table {table!r}; it has {', '.join(columns())}")
    row = tuple(values)
    try:
        connection.execute(
            f"insert into {table} values ({', '.join('?' * len(row))})",  # noqa: S608 - known name
            row,
        )
    except sqlite3.Error as error:
        raise ConfigError(f"{str(row)[:100]} does not fit the table {table}: {error}") from None


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing of what is done within."""
    connection.execute("begin immediate")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def answer(connection: sqlite3.Connection, sql: str) -> list[tuple[Scalar, ...]]:
    """The first rows that a select returns; nothing can be changed.

    Raises:
        ConfigError: If it is not one select, is wrong, or takes too many steps.
    """
    if not sql.lstrip().lower().startswith(("select", "with")):
        raise ConfigError(f"a question to the office must be one select, got {sql[:60]!r}")
    with _reading(connection):
        try:
            with closing(connection.execute(sql)) as cursor:
                return cursor.fetchmany(MOST_ROWS)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise ConfigError(f"the office cannot answer {sql[:200]!r}: {error}") from None


@lru_cache(maxsize=1)
def columns() -> Mapping[str, tuple[str, ...]]:
    """The columns of each table, in order."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    names = connection.execute("select name from sqlite_master where type = 'table'")
    found = {
        name: tuple(row[1] for row in connection.execute(f"pragma table_info({name})"))
        for (name,) in names.fetchall()
        if not name.startswith("sqlite_")
    }
    connection.close()
    return found


@lru_cache(maxsize=64)
def _image(seed: int) -> bytes:
    """The furnished office of a seed as the bytes of a database."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    with transaction(connection):
        for table, values in content(seed).rows:
            insert(connection, table, values)
    image: bytes = connection.serialize()
    connection.close()
    return image


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("pragma foreign_keys = on")
    connection.create_function("holds", 2, _holds, deterministic=True)
    return connection


def _holds(text: Any, words: Any) -> bool:
    """Whether every word of `words` is in `text`, in whatever case."""
    folded = str(text).casefold()
    return all(word in folded for word in str(words).casefold().split())


@contextmanager
def _reading(connection: sqlite3.Connection) -> Iterator[None]:
    """A bound to what a statement takes, and no way to write."""
    rounds = iter(range(MOST_STEPS // _STEPS_AT_ONCE))
    length = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_CHARACTERS)
    connection.execute("pragma query_only = on")
    connection.set_progress_handler(lambda: next(rounds, None) is None, _STEPS_AT_ONCE)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
        connection.execute("pragma query_only = off")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, length)
