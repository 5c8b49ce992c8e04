"""Reversible changes, planned where they fit."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random

from worktrial.documents import content, programs, table
from worktrial.documents.domains.docker.format import NAME, REMARK, split_words
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Unit

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
        words = split_words(table.written(unit.fields.get("exec")))
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
              if NAME.fullmatch(n) and n not in mounted]  # fmt: skip
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
    new = {n: f"{host}/{n}" for n in found[:5] if NAME.fullmatch(n)}
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
    words = [split_words(table.written(u.fields.get("exec"))) for u in found]
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
    plain = [(i, t) for i, t in known if NAME.fullmatch(i) and NAME.fullmatch(t)]
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
    named = all(NAME.fullmatch(stage) for stage in found) and len(places) == len(found)
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
