"""How an answer is laid out: its lines and tables, without the marks of markdown and JSON."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping

MOST_CHARACTERS, _LONGEST_LINE = 50_000, 1500
Row = tuple[str, ...]
Block = str | list[Row]
"""A line of text ("" where a part ends), or the rows of a table."""

FINAL = re.compile(
    r"^[ \t>#*_`]{0,12}(?:FINAL ANSWER\b|(?i:final answer)(?=[ \t]*(?:[*_`:–—-]|$)))"
    r"[ \t*_`:]{0,8}",
    re.MULTILINE,
)
"""The line after which an answer stands, whatever markdown is around it."""


def answer_of(text: str, *, most: int = MOST_CHARACTERS) -> str:
    """What counts as the answer: all that follows the last line `FINAL ANSWER`, or everything.

    Args:
        text: Of any length.
        most: So many of its last characters are looked at.
    """
    text = unicodedata.normalize("NFC", text[-most:])
    text = "\n".join(text.splitlines())
    ends = [m.end() for m in FINAL.finditer(text)]
    return text[ends[-1] :] if ends else text


def blocks(text: str) -> Iterator[Block]:
    """The lines and tables of an answer in order."""
    table: list[Row] = []
    for line in _lines(text):
        row = _row(line)
        if row and table and abs(len(row) - len(table[0])) > 1:
            yield table
            table = []
        if row:
            table += [] if _RULE.fullmatch("".join(row)) else [row]
            continue
        if table:
            yield table
            table = []
        yield line
    if table:
        yield table


_RULE = re.compile(r"[\s:\-=]*")
_SPACES = re.compile(r"[^\S\n]+")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,300}\)")
_MARKUP = re.compile(r"\*{1,3}|`+|~~|<br ?/?>|(?<![^\W_])_{1,3}(?=\w)|(?<=\w)_{1,3}(?![^\W_])")
_BULLET = re.compile(r"^\s*(?:[>#]+\s*)*(?:[-*+•◦‣·–—]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z]\)\s+)?")
_TICKS = re.compile(r"\s*[✔✅✓☑]\ufe0f?\s*")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2212", "-"))
_KEY = re.compile(r"^\s*[{\[]?\s*\"([^\"\n]{1,80})\"\s*:\s*(.*?)[,}\]\s]*$")


def _lines(text: str) -> Iterator[str]:
    """Lines without markup; JSON as lines `key: value`."""
    for part, fenced in _parts(text):
        found = _parsed(part) if fenced or part.lstrip()[:1] in ("{", "[") else None
        lines = _flat(found) if isinstance(found, dict | list) else part.split("\n")
        for line in lines:
            yield from (plain(piece) for piece in _pieces(line))


def _pieces(line: str) -> list[str]:
    """A line in pieces that are not too long for patterns."""
    return [line[at : at + _LONGEST_LINE] for at in range(0, len(line), _LONGEST_LINE)] or [""]


def plain(line: str) -> str:
    """A line without bullet, emphasis, links and odd characters."""
    line = _SPACES.sub(" ", line.translate(_DASHES))
    if m := _KEY.match(line):
        line = f"{m[1]}: {m[2].strip().strip(chr(34))}"
    line = _LINK.sub(r"\1", line)
    line = _BULLET.sub("", line, count=1)
    line = _MARKUP.sub("", line)
    # Keys of a schema are written with underscores, and so are some addresses.
    line = re.sub(r"(?<![\w@.])([^\W_]{1,30}(?:_[^\W_]{1,30}){1,4})(?![\w@.])", _spaced, line)
    return _TICKS.sub(" ; ", line).strip()


def _spaced(m: re.Match[str]) -> str:
    return m[1].replace("_", " ")


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in turn outside and inside of fences."""
    for i, part in enumerate(re.split(r"^[ \t]*(?:```|~~~)[\w-]*[ \t]*$", text, flags=re.M)):
        if part.strip():
            yield part.strip("\n"), i % 2 == 1


def _parsed(text: str) -> object:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


_DEEPEST = 12
_NAMED = ("name", "value", "full_name", "id")
_TRIPLE_KEYS = (
    ("subject", "relation", "value"), ("subject", "predicate", "object"),
    ("head", "relation", "tail"), ("entity", "attribute", "value"),
    ("subject", "relation", "object"),
)  # fmt: skip


def _flat(found: object, key: str = "", depth: int = 0) -> Iterator[str]:
    """JSON as lines, outer before inner."""
    if depth > _DEEPEST:
        return
    if isinstance(found, dict):
        yield from _object({str(k): v for k, v in found.items()}, key, depth)
    elif isinstance(found, list):
        for value in found:
            yield from _flat(value, key, depth + 1)
    elif isinstance(found, str | int | float) and not isinstance(found, bool):
        yield f"{key}: {found}" if key else str(found)


def _object(found: Mapping[str, object], key: str, depth: int) -> Iterator[str]:
    """A triple, or a name with what is said of it."""
    for keys in _TRIPLE_KEYS:
        if all(isinstance(found.get(k), str | int | float) for k in keys):
            yield " | ".join(str(found[k]) for k in keys)
            return
    name = next((k for k in _NAMED if key and isinstance(found.get(k), str)), "")
    if key:
        yield f"{key}: {found[name] if name else ''}".strip()
    for inner, value in found.items():
        if inner != name:
            yield from _flat(value, inner, depth + 1)


def _row(line: str) -> Row | None:
    """The cells of a table's row; `None` where a line is none."""
    if "|" not in line:
        return None
    cells = [cell.strip() for cell in line.strip().strip(",").split("|")]
    if line.lstrip().startswith("|"):
        cells = cells[1:]
    if line.rstrip().endswith("|") and cells:
        cells = cells[:-1]
    return tuple(cells[:40]) if len(cells) > 1 else None
