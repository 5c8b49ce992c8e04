"""Files as text: encodings, line ends, and what is no text."""

import codecs
from pathlib import Path

import pytest

from worktrial.documents import reading
from worktrial.documents.reading import decoded, read
from worktrial.errors import DocumentError


@pytest.mark.parametrize(
    ("data", "text", "how"),
    [
        ("Zürich\n".encode(), "Zürich\n", ""),
        (b"", "", ""),
        (codecs.BOM_UTF8 + b"a,b\r\n", "a,b\n", "UTF-8 with a byte order mark, CRLF line ends"),
        ("Zürich\n".encode("utf-16"), "Zürich\n", "UTF-16"),
        (codecs.BOM_UTF16_BE + "ß".encode("utf-16-be"), "ß", "UTF-16"),
        ("ß".encode("utf-32"), "ß", "UTF-32"),
        ("A-3,café,1\n".encode("latin-1"), "A-3,café,1\n", "Windows-1252"),
        ("price: 12 \N{EURO SIGN}\n".encode("cp1252"), "price: 12 \N{EURO SIGN}\n", "Windows-1252"),
        (b"one\rtwo\r", "one\ntwo\n", "CR line ends"),
        (b"no end", "no end", ""),
        (b"page\x0cnext \x1b[1mbold\n", "page\x0cnext \x1b[1mbold\n", ""),
    ],
)
def test_a_text_is_read_whatever_its_encoding_and_line_ends(
    data: bytes, text: str, how: str
) -> None:
    assert decoded(data) == (text, how)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"one\ntwo\n\x89PNG\x00\xff\n", "line 3: is binary"),
        (b"one\ntwo \x00 three\n", "line 2: is binary: no text has the character 0"),
        (b"one\r\ntwo\r\n\x07", "line 3: is binary: no text has the character 7"),
        ("два\n".encode("koi8-r") * 9, "line 1: neither UTF-8 nor Windows-1252"),
        ("文章です。\n".encode("shift-jis") * 9, "line 1: neither UTF-8 nor Windows-1252"),
        (codecs.BOM_UTF16_LE + b"a\x00\n\x00b", "line 2: breaks off as UTF-16"),
    ],
)
def test_what_is_no_text_is_refused_with_the_line_where_it_shows(data: bytes, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        decoded(data)


def test_a_file_that_is_too_large_or_gone_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    monkeypatch.setattr(reading, "LARGEST_BYTES", 4)
    with pytest.raises(DocumentError, match="larger than 10 MB"):
        read(path)
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        read(tmp_path / "gone.txt")
