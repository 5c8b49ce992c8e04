"""A user's file as text: its encoding found, its line ends made one, what is no text refused.

UTF-8 is tried first and byte order marks are believed. What is no UTF-8 is taken as Windows-1252,
of which Latin-1's letters are a part, if it reads like a text then. Nothing else is guessed: a text
in the wrong letters would be measured as if it were right.
"""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from charset_normalizer import from_bytes

from worktrial.errors import DocumentError

LARGEST_BYTES = 10 * 2**20
"""A document must not be larger."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_WESTERN = "cp1252"
_SAMPLE_BYTES = 1 << 16
_NO_TEXT = re.compile("[\x00-\x07\x0e-\x1a\x7f]")
"""Controls that no text has; tab, line and page breaks, backspace and escape are in some."""


class Reading(NamedTuple):
    """A text and how it was read.

    Attributes:
        text: With a line feed at the end of lines.
        how: The encoding and the line ends, where they are not the usual ones; else empty.
    """

    text: str
    how: str


def read(path: Path) -> Reading:
    """Read a file.

    Raises:
        DocumentError: If it is too large, unreadable, or no text; with the line where that shows.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise DocumentError(f"is larger than 10 MB ({size / 2**20:.1f} MB); split it first")
        return decoded(path.read_bytes())
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror}") from None


def decoded(data: bytes) -> Reading:
    """Read bytes as text.

    Raises:
        DocumentError: If they are none; with the line.
    """
    text, encoding = _text(data)
    if odd := _NO_TEXT.search(text):
        line = _line(text[: odd.start()])
        raise DocumentError(f"line {line}: is binary: no text has the character {ord(odd[0])}")
    ends = "CRLF line ends" if "\r\n" in text else "CR line ends" if "\r" in text else ""
    how = ", ".join(part for part in (encoding, ends) if part)
    return Reading(text.replace("\r\n", "\n").replace("\r", "\n"), how)


def _text(data: bytes) -> tuple[str, str]:
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name), name
    try:
        return data.decode(), ""
    except UnicodeDecodeError as error:
        where = _line(data[: error.start].decode("latin-1"))
        if b"\0" in data:
            raise DocumentError(f"line {where}: is binary") from None
        if not _is_western(data):
            said = "neither UTF-8 nor Windows-1252; convert it to UTF-8 first"
            raise DocumentError(f"line {where}: {said}") from None
        return data.decode(_WESTERN), "Windows-1252"


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="ignore")
        raise DocumentError(f"line {_line(before)}: breaks off as {name}") from None


def _is_western(data: bytes) -> bool:
    """Whether bytes read like a text in Windows-1252, judged by their first lines with such."""
    try:
        data.decode(_WESTERN)
    except UnicodeDecodeError:
        return False
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE_BYTES]
    return from_bytes(sample, cp_isolation=[_WESTERN]).best() is not None


def _line(before: str) -> int:
    return before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
