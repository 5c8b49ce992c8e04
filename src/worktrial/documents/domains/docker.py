"""Dockerfiles in several stages.

A unit is an instruction; the `FROM` that begins a stage is structural, a line of comment is text.
Image, tag, flags, names, values, ports and the words of a command in JSON form are fields; a
shell command, and whatever else an instruction says, is running text.

What counts is every word, the spaces within a line of a command, and the order of instructions.
The case of instruction words, blank lines, where a line is continued, and `ENV NAME value` for
`ENV NAME=value` mean nothing.

Known limits: shell commands are not parsed and variables not resolved. A here-document is text of
its instruction, blanks at the end of lines left out; one that doesn't end within 300 lines is read
as instructions. A comment amid a continued instruction stands before it. A line that begins with
an instruction word ends one that is still to be continued. A backslash continues a line even where
a directive chooses another sign.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

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
_NAME = re.compile(r"[\w.-]{1,100}")
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
    if sign and _NAME.fullmatch(name) and _PLAIN_VALUE.fullmatch(value):
        return {"name": name, "value": value}, ""
    name, _, value = rest.partition(" ")
    quoted = value.strip() if _PLAIN_VALUE.fullmatch(value.strip()) else f'"{value.strip()}"'
    if value and _NAME.fullmatch(name) and _PLAIN_VALUE.fullmatch(quoted):
        return {"name": name, "value": quoted}, ""
    return {}, rest


def _read_arg(rest: str) -> _Read:
    return ({"name": rest}, "") if _NAME.fullmatch(rest) else _read_pair(rest)


def _read_port(rest: str) -> _Read:
    found = _PORT.fullmatch(rest)
    if found is None:
        return {}, rest
    protocol: dict[str, Value] = {"protocol": found[2]} if found[2] else {}
    return {"port": table.typed(found[1]), **protocol}, ""


def _read_command(rest: str) -> _Read:
    words = _words(rest)
    return ({"exec": json.dumps(words, ensure_ascii=False)}, "") if words else ({}, rest)


def _words(text: str) -> list[str]:
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


# --- edits -------------------------------------------------------------------------------------

PORTS = keyed_verbs("expose", one="exposed port", many="exposed ports", key="port")
SHIFTS = KeyedEdits(PORTS, kind="expose", keys=(), shiftable={"port": ("1000", "2000")})
ARGUMENTS = keyed_verbs(
    "arg",
    one="`ARG`",
    many="`ARG`s",
    a_field="default",
    key="name",
    text="The `value` of an `ARG` is its default, as it is written.",
)
DEFAULTS = KeyedEdits(ARGUMENTS, kind="arg", keys=("name",), removable=("value",))
_OWNED = {"copy": "chown", "add": "chown", "user": "value"}
_IDS = {"app": "10001", "web": "10002", "build": "10003", "data": "10004", "staff": "20001",
        "ops": "20002"}  # fmt: skip
_SIMPLE = re.compile(r"[\w./:=@%+-]+(?: [\w./:=@%+-]+)*")


def _each(document: Document, change: Callable[[Unit], Unit]) -> Document:
    return programs.in_each_file(document, lambda units: map(change, units))


def _with(unit: Unit, name: str, change: Callable[[str], str]) -> Unit:
    """A unit with a text field changed, if it has it."""
    value = unit.fields.get(name)
    if not isinstance(value, str):
        return unit
    return programs.with_fields(unit, {**unit.fields, name: change(value)})


def rename_stages(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename stages, and all that refers to them."""

    def renamed(unit: Unit) -> Unit:
        for name in {"from": ("stage", "image"), "copy": ("from",)}.get(unit.kind, ()):
            unit = _with(unit, name, lambda value: names.get(value, value))
        return unit

    return _each(document, renamed)


def mirror(document: Document, *, images: Mapping[str, str]) -> Document:
    """Take base images from elsewhere."""

    def mirrored(unit: Unit) -> Unit:
        return _with(unit, "image", lambda value: images.get(value, value))

    return programs.each(document, "from", mirrored)


def number_owners(document: Document, *, ids: Mapping[str, str]) -> Document:
    """Write users and groups otherwise."""

    def said(value: str) -> str:
        return ":".join(ids.get(part, part) for part in value.split(":"))

    return _each(document, lambda u: _with(u, _OWNED.get(u.kind, ""), said))


def to_shell(document: Document) -> Document:
    """Write commands as a shell takes them."""

    def spoken(unit: Unit) -> Unit:
        words = _words(table.written(unit.fields.get("exec")))
        if unit.kind not in ("cmd", "entrypoint") or not words:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != "exec"}
        return replace(programs.with_fields(unit, rest), text=" ".join(words))

    return _each(document, spoken)


def to_json(document: Document) -> Document:
    """Write commands as JSON arrays of their words."""

    def listed(unit: Unit) -> Unit:
        if unit.kind not in ("cmd", "entrypoint") or not unit.text:
            return unit
        words = json.dumps(unit.text.split(), ensure_ascii=False)
        return replace(programs.with_fields(unit, {**unit.fields, "exec": words}), text="")

    return _each(document, listed)


def pin(document: Document, *, file: str, image: str, tag: str, name: str) -> Document:
    """Give the tag of a base image as a build argument."""
    units = document.files.get(file, ())
    at = next((i for i, u in enumerate(units) if u.kind != REMARK), len(units))
    head = Unit("arg", {"name": name, "value": tag}, key="name")
    new = [_tagged(u, image, tag, f"${{{name}}}") for u in units]
    filed = [*new[:at], head, *new[at:]]
    return document.replacing(file, filed) if file in document.files else document


def unpin(document: Document, *, file: str, image: str, tag: str, name: str) -> Document:
    """Write the tag of a base image where it is used."""
    units = list(document.files.get(file, ()))
    heads = [i for i, u in enumerate(units) if u.kind == "arg" and u.fields.get("name") == name]
    for at in heads[:1]:
        del units[at]
    new = [_tagged(u, image, f"${{{name}}}", tag) for u in units]
    return document.replacing(file, new) if file in document.files else document


def _tagged(unit: Unit, image: str, old: str, new: str) -> Unit:
    if unit.kind != "from" or unit.fields.get("image") != image or unit.fields.get("tag") != old:
        return unit
    return programs.with_fields(unit, {**unit.fields, "tag": new})


def part(document: Document, *, file: str, places: Mapping[str, str]) -> Document:
    """Move every stage into a file of its own."""
    if file not in document.files:
        return document
    parts: dict[str, list[Unit]] = {file: [], **{place: [] for place in places.values()}}
    place = file
    for unit in document.files[file]:
        if unit.kind == "from":
            place = places.get(table.written(unit.fields.get("stage")), file)
        parts[place].append(unit)
    return Document({**document.files, **{name: tuple(units) for name, units in parts.items()}})


def join(document: Document, *, file: str, places: Sequence[str]) -> Document:
    """Append files to one, and remove them."""
    units = [u for name in (file, *places) for u in document.files.get(name, ())]
    kept = {n: u for n, u in document.files.items() if n not in places}
    return Document({**kept, file: tuple(units)})


RENAME = Verb(
    "Rename these build stages, with every `FROM` and every `--from` that refers to them: "
    "{**names}.",
    rename_stages,
)
MIRROR = Verb("Change base images in the `FROM` lines, tags stay: {**images}.", mirror)
OWNERS = Verb(
    "In `USER` and in every `--chown`, write users and groups differently: {**ids}.",
    number_owners,
)
SHELL = Verb(
    "Write every `CMD` and `ENTRYPOINT` that is a JSON array in shell form: its words with a space "
    "between them.",
    to_shell,
)
JSON = Verb(
    "Write every `CMD` and `ENTRYPOINT` in shell form as a JSON array of its words.",
    to_json,
)
PIN = Verb(
    "Make the version of {image} in {file} a build argument: `ARG` {name} with the default {tag} "
    "as the first instruction, and a reference to it, with a dollar sign and braces, for the tag "
    "{tag} of this image in the `FROM` lines.",
    pin,
)
UNPIN = Verb(
    "The build argument {name} of {file} goes: remove its first `ARG` line, and where a `FROM` "
    "line refers to it for the tag of {image}, write {tag}.",
    unpin,
)
PART = Verb(
    "Move build stages of {file} into files of their own, each with all of its instructions: "
    "{**places}. What belongs to no such stage stays.",
    part,
)
JOIN = Verb("Append {*places} to {file}, in that order, and remove them.", join)


def stage_names(document: Document, rng: Random) -> Edit | None:
    """Other names for stages."""
    # Mounts refer to stages as well, and are not read.
    mounted = {n for u in document.units() for n in re.findall(r"\bfrom=([\w.-]+)", u.text)}
    stages = [n for n in programs.text_values(document.units(), "stage")
              if _NAME.fullmatch(n) and n not in mounted]  # fmt: skip
    new = {
        n: f"{n}-{word}" for n, word in zip(stages, ("base", "step", "env", "image"), strict=False)
    }
    taken = {
        v for part in ("stage", "image", "from") for v in programs.values(document.units(), part)
    }
    if not new or set(new.values()) & taken:
        return None
    names = dict(rng.sample(list(new.items()), min(3, len(new))))
    back = programs.inverse(names)
    return edit("stage_names", "rename", [RENAME(names=names)], [RENAME(names=back)])


def images(document: Document, rng: Random) -> Edit | None:
    """Base images from a mirror."""
    stages = set(programs.values(document.units(), "stage"))
    found = [n for n in programs.text_values(document.units(), "image") if n not in stages]
    host = f"mirror.{rng.choice(content.FIRMS).lower()}.example"
    new = {n: f"{host}/{n}" for n in found[:5] if _NAME.fullmatch(n)}
    if not new or set(new.values()) & set(found):
        return None
    back = programs.inverse(new)
    return edit("images", "substitute", [MIRROR(images=new)], [MIRROR(images=back)])


def owners(document: Document, _: Random) -> Edit | None:
    """Users and groups as numbers."""
    said = [table.written(u.fields.get(_OWNED.get(u.kind, ""))) for u in document.units()]
    parts = {p for value in said for p in value.split(":")}
    ids = {name: number for name, number in _IDS.items() if name in parts}
    if not ids or parts & set(ids.values()):
        return None
    back = programs.inverse(ids)
    return edit("owners", "substitute", [OWNERS(ids=ids)], [OWNERS(ids=back)])


def commands(document: Document, _: Random) -> Edit | None:
    """Commands in shell form."""
    found = [u for u in document.units() if u.kind in ("cmd", "entrypoint")]
    words = [_words(table.written(u.fields.get("exec"))) for u in found]
    if not found or not all(w and _SIMPLE.fullmatch(" ".join(w)) for w in words):
        return None
    if any(" " in word or not word for said in words for word in said):
        return None
    return edit("commands", "convert", [SHELL()], [JSON()])


def version(document: Document, rng: Random) -> Edit | None:
    """The version of a base image as a build argument."""
    file, units = next(iter(document.files.items()), ("", ()))
    pairs = {(u.fields.get("image"), u.fields.get("tag")) for u in units if u.kind == "from"}
    known = sorted((i, t) for i, t in pairs if isinstance(i, str) and isinstance(t, str))
    plain = [(i, t) for i, t in known if _NAME.fullmatch(i) and _NAME.fullmatch(t)]
    if len(document.files) != 1 or not plain or not sayable(file):
        return None
    image, tag = rng.choice(plain)
    name = f"{re.sub('[^A-Z0-9]', '_', image.upper())}_VERSION"
    if any(name in "".join(map(table.written, (*u.fields.values(), u.text))) for u in units):
        return None
    said = {"file": file, "image": image, "tag": tag, "name": name}
    return edit("version", "normalise", [PIN(**said)], [UNPIN(**said)])


def stages(document: Document, _: Random) -> Edit | None:
    """A file for every stage."""
    file, units = next(iter(document.files.items()), ("", ()))
    found = [table.written(u.fields.get("stage")) for u in units if u.kind == "from"]
    places = {stage: f"{stage}.dockerfile" for stage in found}
    named = all(_NAME.fullmatch(stage) for stage in found) and len(places) == len(found)
    if len(document.files) != 1 or not named or not 2 <= len(found) <= 8:
        return None
    if not sayable(file) or file in places.values():
        return None
    back = JOIN(file=file, places=tuple(places.values()))
    return edit("stages", "split", [PART(file=file, places=places)], [back])


PLANNERS: tuple[Planner, ...] = (
    SHIFTS.shift, DEFAULTS.extract, stage_names, images, owners, commands, version, stages,
    compose("hardening", version, images, owners),
    compose("handover", stage_names, commands, SHIFTS.shift, DEFAULTS.extract),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_IMAGES = ("python", "node", "golang", "debian", "alpine", "ruby", "rust", "eclipse-temurin",
           "nginx", "php", "ubuntu", "postgres")  # fmt: skip
_JOBS = ("compile", "assets", "docs", "api", "worker", "frontend", "reports", "migrate", "lint",
         "gateway", "search", "mailer", "export", "tiles", "batch", "portal")  # fmt: skip
_TOOLS = ("curl", "git", "jq", "make", "cmake", "pandoc", "graphviz", "ffmpeg", "rsync",
          "tini", "libpq-dev", "gdal-bin", "unzip", "sqlite3",
          "openssh-client", "gettext")  # fmt: skip
_SETTINGS = ("CACHE", "LOG", "QUEUE", "UPLOAD", "SESSION", "REPORT", "SEARCH", "MAIL", "METRICS")
_ASPECTS = ("DIR", "LEVEL", "LIMIT", "URL", "TIMEOUT", "MODE", "SIZE", "REGION", "TOKEN_TTL")
_FOLDERS = ("src", "assets", "config", "scripts", "templates", "locale", "migrations", "vendor")


def _stage(rng: Random, number: int, before: Sequence[str], length: int) -> list[Unit]:
    stage = f"{rng.choice(_JOBS)}{number or ''}"
    tag = f"{rng.randint(1, 24)}.{rng.randint(0, 30)}{rng.choice(('', '-slim', '-bookworm'))}"
    made = [Unit("from", {"image": rng.choice(_IMAGES), "tag": tag, "stage": stage})]
    made += [_argument(rng, number), _copied(rng, before), _environment(rng)]
    makers = (_run, _run, _environment, _label, _work, _user, lambda r: _copied(r, before))
    made += [rng.choice(makers)(rng) for _ in range(length - 6)]
    return [*made, _port(rng), _command(rng)]


def _argument(rng: Random, number: int) -> Unit:
    name = f"{rng.choice(_TOOLS).upper().replace('-', '_')}_RELEASE{number or ''}"
    return Unit("arg", {"name": name, "value": f"{rng.randint(0, 30)}.{rng.randint(0, 99)}"})


def _copied(rng: Random, before: Sequence[str]) -> Unit:
    owner = f"{rng.choice(('app', 'web', 'build', 'data'))}:{rng.choice(('staff', 'ops'))}"
    source: dict[str, Value] = {"from": rng.choice(before)} if before else {}
    return Unit("copy", {**source, "chown": owner, "sources": _path(rng), "target": _path(rng)})


def _path(rng: Random) -> str:
    return f"/{rng.choice(_FOLDERS)}/{rng.choice(content.TOPICS).replace(' ', '-')}/"


def _environment(rng: Random) -> Unit:
    name = "_".join((rng.choice(_SETTINGS), rng.choice(_ASPECTS)))
    value = rng.choice((f"{rng.randint(2, 900)}", _path(rng), f'"{content.topic(rng)}"'))
    return Unit("env", {"name": name, "value": value})


def _label(rng: Random) -> Unit:
    name = f"example.{rng.choice(content.FIRMS).lower()}.{rng.choice(_ASPECTS).lower()}"
    return Unit("label", {"name": name, "value": f'"{content.person(rng)}"'})


def _run(rng: Random) -> Unit:
    tools = " ".join(f"{t}={rng.randint(1, 9)}.{rng.randint(0, 40)}" for t in rng.sample(_TOOLS, 2))
    site = f"https://{rng.choice(content.FIRMS).lower()}.example/{rng.choice(content.CITIES)}"
    commands = (
        f"apt-get update && apt-get install -y {tools} && rm -rf /var/lib/apt/lists/*",
        f"curl -fsSL {site}-{rng.randint(100, 999)}.tgz | tar -xz -C {_path(rng)}",
        f"mkdir -p {_path(rng)} && chmod 0{rng.choice((644, 700, 750))} {_path(rng)}",
        f"make {rng.choice(_JOBS)} JOBS={rng.randint(2, 16)} && cp -r dist {_path(rng)}",
        f"./scripts/{rng.choice(_JOBS)}.sh --only={rng.choice(content.CITIES)} {_path(rng)}",
    )
    return Unit("run", text=rng.choice(commands))


def _work(rng: Random) -> Unit:
    return Unit("workdir", {"value": _path(rng)})


def _user(rng: Random) -> Unit:
    return Unit("user", {"value": rng.choice(("app", "web", "data"))})


def _port(rng: Random) -> Unit:
    protocol: dict[str, Value] = {"protocol": rng.choice(("tcp", "udp"))}
    port = table.typed(str(rng.randint(3000, 9000)))
    return Unit("expose", {"port": port, **(protocol if rng.random() < 0.3 else {})})


def _command(rng: Random) -> Unit:
    words = [f"/opt/{rng.choice(_JOBS)}", rng.choice(("serve", "run", "watch")),
             f"--{rng.choice(_SETTINGS).lower()}={rng.randint(1, 90)}"]  # fmt: skip
    return Unit(rng.choice(("cmd", "entrypoint")), {"exec": json.dumps(words)})


class Docker(Domain):
    """Dockerfiles in several stages."""

    name = "docker"
    category = "code"
    formats: ClassVar = {".dockerfile": DOCKERFILE, "": DOCKERFILE, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        PORTS.add, PORTS.subtract, ARGUMENTS.take, ARGUMENTS.give, RENAME, MIRROR, OWNERS, SHELL,
        JSON, PIN, UNPIN, PART, JOIN,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.03

    def generate(self, rng: Random, size: int) -> Files:
        """Stages that copy from each other."""
        count = max(2, round(size / 190))
        length = max(6, round(size / 16 / count))
        units: list[Unit] = []
        for number in range(count):
            before = programs.text_values(units, "stage")
            units += _stage(rng, number, before, length)
        distinct = {unit.identity: unit for unit in units}
        return {"app.dockerfile": DOCKERFILE.render(list(distinct.values()))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; small letters; the old form of `ENV`; other continuations."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"^[A-Z]+(?= )", lambda word: word[0].lower(), text, flags=re.MULTILINE),
            re.sub(r"^(ENV \w+)=", r"\1 ", text, flags=re.MULTILINE),
            text.replace(" AS ", " \\\n\n  AS "),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on operation and a table of machines."""
        rows = [
            Unit(table.ROW, {"machine": code, "place": rng.choice(content.CITIES),
                             "keeper": content.person(rng)})
            for code in content.codes(rng, "VM", max(3, size // 24))
        ]  # fmt: skip
        return {
            "operation.md": content.memo(rng, size // 2),
            "machines.csv": table.CSV.render(rows),
        }


DOMAIN = Docker()
