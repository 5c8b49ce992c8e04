"""The format: text to instructions and back."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from worktrial.documents import table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

REMARK = "remark"
_WORDS = ("from", "run", "cmd", "label", "expose", "env", "add", "copy", "entrypoint", "volume",
          "user", "workdir", "arg", "onbuild", "stopsignal", "healthcheck", "shell",
          "maintainer")  # fmt: skip
_LINE = re.compile(rf"\s*({'|'.join(_WORDS)})\s+(\S.*)", re.IGNORECASE | re.DOTALL)
_FLAG = re.compile(r"--([a-z][a-z-]{0,30})(?:=(\S+))?\s+")
_IMAGE = re.compile(r"([^\s:@]+(?::\d{1,5}/[^\s:@]+)?)(?::([^\s@]+))?(?:@(\S+))?(?:\s+(\S.*))?")
_HERE = re.compile(r"\s*(?:run|copy|add)\s[^\n]*<<-?[\"']?(\w{1,40})", re.IGNORECASE)
_MOST_LINES = 300
_PORT = re.compile(r"([1-9][0-9]{0,4})(?:/(tcp|udp))?")
NAME = re.compile(r"[\w.-]{1,100}")
_PLAIN_VALUE = re.compile(r'"[^"\\]*"|[^\s"\']*')
_LEADING = ("platform", "from", "chown", "chmod", "link", "parents", "checksum", "keep-git-dir",
            "interval", "timeout", "start-period", "start-interval", "retries")  # fmt: skip


class Dockerfile(Format):
    """An instruction a line; a backslash at its end continues it."""

    def parse(self, text: str) -> list[Unit]:
        """One unit an instruction or a line of comment."""
        return [_unit(line) for line in _lines(text) if line.strip()]

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line before every stage but the first; long commands a part a line."""
        stages = (f"\n{_written(u)}\n" if u.kind == "from" else f"{_written(u)}\n" for u in units)
        return "".join(stages).removeprefix("\n")


DOCKERFILE = Dockerfile()


def _lines(text: str) -> Iterator[str]:
    """Instructions with what continues them, and comments."""
    open_: str | None = None
    lines, at = text.split("\n"), 0
    while at < len(lines):
        line, at = lines[at], at + 1
        if line.lstrip().startswith("#"):
            yield line.strip()
            continue
        if open_ is not None and (_LINE.match(line) and not line[0].isspace()):
            yield open_
            open_ = None
        if open_ is not None and not line.strip():
            continue
        whole = line.rstrip() if open_ is None else _continued(open_, line.rstrip())
        open_ = whole[:-1] if whole.endswith("\\") else None
        if open_ is None:
            here = _here(whole, lines[at : at + _MOST_LINES])
            at += len(here)
            yield "\n".join([whole, *here])
    if open_ is not None:
        yield open_


def _here(instruction: str, lines: Sequence[str]) -> list[str]:
    """The lines of the here-document that an instruction opens, to the one that ends it."""
    found = _HERE.match(instruction)
    ended = (n for n, line in enumerate(lines, 1) if found and line.strip() == found[1])
    return [line.rstrip() for line in lines[: next(ended, 0)]]


def _continued(start: str, line: str) -> str:
    gap = " " if start[-1:].isspace() or line[:1].isspace() else ""
    return f"{start.rstrip()}{gap}{line.lstrip()}"


def _unit(line: str) -> Unit:
    if line.startswith("#"):
        return Unit(REMARK, text=" ".join(line.lstrip("# \t").split()))
    found = _LINE.fullmatch(line)
    if found is None:
        return opaque(line)
    kind, rest = found[1].lower(), found[2].strip()
    fields, text = _READERS.get(kind, _read_text)(rest)
    return Unit(kind, fields, key="name" if "name" in fields else None, text=text,
                structural=kind == "from")  # fmt: skip


_Read = tuple[dict[str, Value], str]
"""The fields of an instruction, and what is left of it as text."""


def _read_text(rest: str) -> _Read:
    return {}, rest


def _read_value(rest: str) -> _Read:
    return {"value": rest}, ""


def _flags(rest: str) -> _Read:
    fields: dict[str, Value] = {}
    while (found := _FLAG.match(rest)) and found[1] in _LEADING and found[1] not in fields:
        value = found[2] or True
        fields[found[1]] = table.typed(found[2]) if found[2] and found[1] == "retries" else value
        rest = rest[found.end() :]
    return fields, rest


def _read_from(rest: str) -> _Read:
    fields, rest = _flags(rest)
    found = _IMAGE.fullmatch(rest)
    if found is None:
        return fields, rest
    fields |= {n: v for n, v in zip(("image", "tag", "digest"), found.groups(), strict=False) if v}
    words = (found[4] or "").split()
    if len(words) == 2 and words[0].upper() == "AS":
        return {**fields, "stage": words[1]}, ""
    return fields, " ".join(words)


def _read_copy(rest: str) -> _Read:
    fields, rest = _flags(rest)
    sources, _, target = rest.rpartition(" ")
    if not sources.strip() or rest.startswith(("[", "-", "<<")):
        return fields, rest
    return {**fields, "sources": " ".join(sources.split()), "target": target}, ""


def _read_pair(rest: str) -> _Read:
    name, sign, value = rest.partition("=")
    if sign and NAME.fullmatch(name) and _PLAIN_VALUE.fullmatch(value):
        return {"name": name, "value": value}, ""
    name, _, value = rest.partition(" ")
    quoted = value.strip() if _PLAIN_VALUE.fullmatch(value.strip()) else f'"{value.strip()}"'
    if value and NAME.fullmatch(name) and _PLAIN_VALUE.fullmatch(quoted):
        return {"name": name, "value": quoted}, ""
    return {}, rest


def _read_arg(rest: str) -> _Read:
    return ({"name": rest}, "") if NAME.fullmatch(rest) else _read_pair(rest)


def _read_port(rest: str) -> _Read:
    found = _PORT.fullmatch(rest)
    if found is None:
        return {}, rest
    protocol: dict[str, Value] = {"protocol": found[2]} if found[2] else {}
    return {"port": table.typed(found[1]), **protocol}, ""


def _read_command(rest: str) -> _Read:
    words = split_words(rest)
    return ({"exec": json.dumps(words, ensure_ascii=False)}, "") if words else ({}, rest)


def split_words(text: str) -> list[str]:
    """The words of a command in JSON form; none if it isn't one."""
    if not text.startswith("[") or text.count("[") != 1 or "{" in text:
        return []
    try:
        words = json.loads(text)
    except ValueError:
        return []
    return words if all(isinstance(word, str) for word in words) else []


_READERS: Mapping[str, Callable[[str], _Read]] = {
    "from": _read_from, "copy": _read_copy, "add": _read_copy, "env": _read_pair,
    "label": _read_pair, "arg": _read_arg, "expose": _read_port, "user": _read_value,
    "workdir": _read_value, "stopsignal": _read_value, "cmd": _read_command,
    "entrypoint": _read_command, "shell": _read_command, "healthcheck": _flags,
}  # fmt: skip


def _written(unit: Unit) -> str:
    if unit.kind == REMARK:
        return f"# {unit.text}"
    if unit.kind not in _WORDS:
        return unit.layout or unit.text
    f = {n: table.written(v) for n, v in unit.fields.items()}
    flags = [f"--{n}" if unit.fields[n] is True else f"--{n}={f[n]}" for n in _LEADING if n in f]
    pair = [f"{f['name']}={f['value']}"] if {"name", "value"} <= f.keys() else []
    digest = f"@{f['digest']}" if "digest" in f else ""
    image = (
        [f"{f['image']}{f':{t}' if (t := f.get('tag')) else ''}{digest}"] if "image" in f else []
    )
    stage = ["AS", f["stage"]] if "stage" in f else []
    port = [f["port"] + (f"/{f['protocol']}" if "protocol" in f else "")] if "port" in f else []
    plain = [f[n] for n in ("sources", "target", "exec", *_single(f)) if n in f]
    said = [unit.kind.upper(), *flags, *image, *stage, *pair, *port, *plain, _folded(unit)]
    return " ".join(filter(None, said))


def _single(fields: Mapping[str, str]) -> tuple[str, ...]:
    """A name or value that stands alone."""
    return ("name", "value") if len({"name", "value"} & fields.keys()) == 1 else ()


def _folded(unit: Unit) -> str:
    """A shell command with a line for each of its parts, where that changes nothing."""
    if unit.kind != "run" or "  " in unit.text or re.search("[\"'\\\\\n]", unit.text):
        return unit.text
    return unit.text.replace(" && ", " \\\n    && ")
