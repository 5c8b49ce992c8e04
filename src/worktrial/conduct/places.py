"""Where logs are: files, folders and addresses."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import fsspec
from fsspec import AbstractFileSystem

SUFFIXES = (".eval", ".json")
_NO_LOGS = frozenset({"eval-set.json", "logs.json", "listing.json", "eval-set-id.json"})
"""What Inspect writes beside its logs."""
_MOST_FILES = 100_000


class Place(NamedTuple):
    """A log, wherever it is.

    Attributes:
        name: As it is shown, and as Inspect opens it.
        files: Of what it is a file.
        path: Its path in there.
    """

    name: str
    files: AbstractFileSystem
    path: str


class NoPlace(NamedTuple):
    """What cannot be looked into, and why."""

    name: str
    why: str


def places(locations: Sequence[str]) -> Iterator[Place | NoPlace]:
    """The logs at some locations: a file is one, a folder holds them at any depth."""
    for location in locations:
        try:
            yield from _at(location)
        except Exception as error:  # whatever a file system raises
            yield NoPlace(location, f"cannot be opened: {reason(error)}; check the address")


def reason(error: Exception) -> str:
    """What an exception says, on a short line."""
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _at(location: str) -> Iterator[Place | NoPlace]:
    files, path = fsspec.url_to_fs(location)
    if files.isdir(path):
        yield from _in_folder(location, files, path)
    elif not files.exists(path):
        yield NoPlace(location, "there is no such file or folder; check the path")
    elif path.endswith(SUFFIXES):
        yield Place(location, files, path)
    else:
        yield NoPlace(location, "is no Inspect log by its name; give an .eval or .json log")


def _in_folder(location: str, files: AbstractFileSystem, path: str) -> Iterator[Place | NoPlace]:
    found = sorted(one for one in files.find(path)[:_MOST_FILES] if _may_be_log(one))
    if not found:
        yield NoPlace(location, "holds no log; give a folder with .eval or .json logs")
    for one in found:
        name = files.unstrip_protocol(one) if "://" in location else one
        yield Place(name, files, one)


def _may_be_log(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(SUFFIXES) and name not in _NO_LOGS and not name.startswith(".")
