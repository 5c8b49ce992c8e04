"""The zone of a domain name, as a master file of RFC 1035.

A unit is a resource record; owner, time to live, type and every part of the data are its fields,
and so is the comment behind it. `$ORIGIN` and `$TTL` are structural, a line of comment is text.

What counts is every field as it is written, relative names included, and the order of records.
An owner that is left out is the one above; the class IN goes without saying. Blank lines, spaces,
the case of types, and the brackets that spread a record over lines mean nothing.

Known limits: names are compared with their case. Quoted strings are kept with their quotes. A
record of a type that isn't known, or with too few or too many parts, has its data as one field.
A record whose brackets don't match, or that lacks an owner or a type, is opaque, as is one that
would take its owner from above a new `$ORIGIN`, where the same name means another host.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

RECORD, DIRECTIVE, REMARK = "record", "directive", "remark"
_PARTS: Mapping[str, Sequence[str]] = {
    "A": ("address",), "AAAA": ("address",), "NS": ("target",), "CNAME": ("target",),
    "PTR": ("target",), "DNAME": ("target",), "MX": ("preference", "target"), "TXT": ("strings",),
    "SRV": ("priority", "weight", "port", "target"), "CAA": ("flags", "tag", "value"),
    "SOA": ("primary", "contact", "serial", "refresh", "retry", "expire", "minimum"),
}  # fmt: skip
_COLUMNS = (
    "name", "ttl", "class", "type", "address", "preference", "priority", "weight", "port",
    "target", "strings", "flags", "tag", "value", "primary", "contact", "serial", "refresh",
    "retry", "expire", "minimum", "data", "comment",
)  # fmt: skip
"""The order that tables and records are written in: it fits the parts of every type."""
_NUMERIC = ("ttl", "preference", "priority", "weight", "port", "serial", "refresh", "retry",
            "expire", "minimum")  # fmt: skip
_NAMES = ("name", "target", "primary", "contact")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.){0,300}"|;.*|[()]|[^\s;()"]+|"')
_TTL = re.compile(r"\d{1,10}|(?:\d{1,9}[smhdwSMHDW])+")
_TYPE = re.compile(r"[A-Z][A-Z0-9-]{0,15}")
_DIRECTIVE = re.compile(r"(\$[A-Z]{1,12})\s+(\S+)\s*")
_MOST_LINES = 50


class Zone(Format):
    """A record a line, or over several that brackets hold together."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a record, a directive or a line of comment."""
        units: list[Unit] = []
        owner, lines, at = "", text.split("\n"), 0
        while at < len(lines):
            taken = _reach(lines, at)
            written, at = "\n".join(lines[at : at + taken]), at + taken
            if written.strip():
                unit = _unit(written, owner)
                owner = _owner(unit, owner)
                units.append(unit)
        return units

    def render(self, units: Sequence[Unit]) -> str:
        """A line a record, with its owner."""
        return "".join(f"{_written(unit)}\n" for unit in units)


ZONE = Zone()


def _owner(unit: Unit, owner: str) -> str:
    """The owner of a record that follows and names none."""
    if unit.kind == RECORD:
        return table.written(unit.fields["name"])
    return "" if _directs(unit, "$ORIGIN") else owner


def _reach(lines: Sequence[str], start: int) -> int:
    """How many lines a record takes: more than one while a bracket is open and lines indented."""
    depth = _depth(lines[start])
    if depth <= 0:
        return 1
    for count, line in enumerate(lines[start + 1 : start + _MOST_LINES], 1):
        if line and not line.startswith((" ", "\t", ")", ";")):
            return 1
        depth += _depth(line)
        if depth <= 0:
            return count + 1
    return 1


def _depth(line: str) -> int:
    return sum({"(": 1, ")": -1}.get(token, 0) for token in _TOKEN.findall(line))


def _unit(written: str, owner: str) -> Unit:
    if found := _DIRECTIVE.fullmatch(written):
        fields: dict[str, Value] = {"name": found[1], "value": table.typed(found[2])}
        return Unit(DIRECTIVE, fields, structural=True)
    if written.lstrip().startswith(";") and "\n" not in written:
        return Unit(REMARK, text=" ".join(written.lstrip(" \t;").split()))
    tokens = _TOKEN.findall(written)
    said = [part for part in tokens if part not in "()" and not part.startswith(";")]
    owner = owner if written[0].isspace() else said.pop(0) if said else ""
    fields = {"name": owner, **_before_type(said)}
    kind = said.pop(0) if said else ""
    kind = kind.upper() if kind.upper() in _PARTS else kind
    if not owner or not _TYPE.fullmatch(kind) or _depth(written):
        return opaque(written)
    fields |= _data(kind, said)
    comment = " ".join(" ".join(t.lstrip(";") for t in tokens if t.startswith(";")).split())
    return Unit(RECORD, fields | ({"comment": comment} if comment else {}), key="comment")


def _before_type(said: list[str]) -> dict[str, Value]:
    """Time to live and class, in either order, taken off a record's tokens."""
    fields: dict[str, Value] = {}
    while said:
        if _TTL.fullmatch(said[0]) and "ttl" not in fields:
            fields["ttl"] = table.typed(said.pop(0))
        elif said[0].upper() in ("IN", "CH", "HS") and "class" not in fields:
            fields["class"] = said.pop(0).upper()
        else:
            break
    return {n: v for n, v in fields.items() if v != "IN"}


def _data(kind: str, said: Sequence[str]) -> dict[str, Value]:
    names = _PARTS.get(kind, ())
    joined = [" ".join(said)] if kind == "TXT" else said
    if len(names) != len(joined) or not said:
        return {"type": kind, **({"data": " ".join(said)} if said else {})}
    typed = {n: table.typed(v) if n in _NUMERIC else v for n, v in zip(names, joined, strict=True)}
    return {"type": kind, **typed}


def _written(unit: Unit) -> str:
    values = {n: table.written(v) for n, v in unit.fields.items()}
    match unit.kind:
        case "record":
            parts = [values[n] for n in _COLUMNS[:-1] if n in values]
            return " ".join([*parts, *([f"; {values['comment']}"] if "comment" in values else [])])
        case "directive":
            return f"{values['name']} {values['value']}"
        case "remark":
            return f"; {unit.text}"
        case _:
            return unit.layout or unit.text


# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    RECORD,
    one="record",
    many="records",
    key="comment",
    readers=dict.fromkeys(_NUMERIC, table.typed),
    text="Quoted strings keep their quotes in the table.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=RECORD,
    keys=("comment",),
    columns=_COLUMNS,
    sortable=("name", "type", "comment"),
    shiftable={"serial": ("1", "100"), "preference": ("5", "10")},
    category="type",
    removable=("ttl", "address"),
    extension=".zone",
    plural="records",
)
_SPELLINGS = {
    "300": "5m", "600": "10m", "900": "15m", "1800": "30m", "3600": "1h", "7200": "2h",
    "14400": "4h", "43200": "12h", "86400": "1d", "172800": "2d", "604800": "1w",
}  # fmt: skip


def absolute(document: Document, *, file: str, origin: str) -> Document:
    """Write names in full, without an origin."""

    def full(name: str) -> str:
        return origin if name == "@" else name if name.endswith(".") else f"{name}.{origin}"

    units = [u for u in document.files.get(file, ()) if not _directs(u, "$ORIGIN")]
    return _renamed(_filed(document, file, units), full)


def relative(document: Document, *, file: str, origin: str) -> Document:
    """Write names relative to an origin, which the first line says."""

    def short(name: str) -> str:
        return "@" if name == origin else name.removesuffix(f".{origin}")

    head = Unit(DIRECTIVE, {"name": "$ORIGIN", "value": origin}, structural=True)
    return _renamed(_filed(document, file, [head, *document.files.get(file, ())]), short)


def _filed(document: Document, file: str, units: Sequence[Unit]) -> Document:
    return document.replacing(file, units) if file in document.files else document


def _directs(unit: Unit, name: str) -> bool:
    return unit.kind == DIRECTIVE and unit.fields.get("name") == name


def _renamed(document: Document, change: Callable[[str], str]) -> Document:
    def renamed(unit: Unit) -> Unit:
        fields = {n: change(v) if n in _NAMES and isinstance(v, str) else v
                  for n, v in unit.fields.items()}  # fmt: skip
        return programs.with_fields(unit, fields)

    return programs.each(document, RECORD, renamed)


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename hosts wherever they are named."""
    return _renamed(document, lambda name: names.get(name, name))


def write_out(document: Document, *, file: str, ttl: str) -> Document:
    """Give every record its time to live."""
    units = [u for u in document.files.get(file, ()) if not _directs(u, "$TTL")]

    def timed(unit: Unit) -> Unit:
        return programs.with_fields(unit, {"ttl": table.typed(ttl), **unit.fields})

    return programs.each(_filed(document, file, units), RECORD, timed)


def leave_out(document: Document, *, file: str, ttl: str) -> Document:
    """Say a time to live once, for all records that have it."""

    def timed(unit: Unit) -> Unit:
        if table.written(unit.fields.get("ttl")) != ttl:
            return unit
        return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n != "ttl"})

    units = document.files.get(file, ())
    head = Unit(DIRECTIVE, {"name": "$TTL", "value": table.typed(ttl)}, structural=True)
    at = next((i + 1 for i, u in enumerate(units) if _directs(u, "$ORIGIN")), 0)
    return programs.each(_filed(document, file, [*units[:at], head, *units[at:]]), RECORD, timed)


def spell(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Write times to live in other units."""

    def spelled(unit: Unit) -> Unit:
        ttl = table.written(unit.fields.get("ttl"))
        new = {"ttl": table.typed(legend[ttl])} if ttl in legend else {}
        return programs.with_fields(unit, {**unit.fields, **new})

    return programs.each(document, RECORD, spelled)


def renumber(document: Document, *, old: str, new: str) -> Document:
    """Move hosts to another network."""

    def renumbered(unit: Unit) -> Unit:
        address = unit.fields.get("address")
        if not isinstance(address, str) or not address.startswith(old):
            return unit
        return programs.with_fields(unit, {**unit.fields, "address": new + address[len(old) :]})

    return programs.each(document, RECORD, renumbered)


ABSOLUTE = Verb(
    "Write all names of {file} in full: in owners, targets and the two names of the SOA, `@` "
    "becomes {origin}, and a name without a dot at its end is followed by a dot and {origin}. "
    "Remove the `$ORIGIN` line.",
    absolute,
)
RELATIVE = Verb(
    "Make {origin} the origin of {file}, with an `$ORIGIN` line at the top. In owners, targets "
    "and the two names of the SOA, write `@` for {origin} and leave out this ending, with the dot "
    "before it, of longer names.",
    relative,
)
RENAME = Verb(
    "Rename hosts, as owners and wherever a record refers to them: {**names}.",
    rename,
)
WRITE_OUT = Verb(
    "Remove the `$TTL` line of {file} and give every record that has no TTL of its own the TTL "
    "{ttl}.",
    write_out,
)
LEAVE_OUT = Verb(
    "Make {ttl} the default TTL of {file}: a `$TTL` line below the `$ORIGIN` line, or at the top "
    "if there is none, and no TTL in the records that have this one.",
    leave_out,
)
SPELL = Verb("Write the TTLs of the records differently: {**legend}.", spell)
RENUMBER = Verb(
    "In the addresses that begin with {old}, replace this beginning by {new}.",
    renumber,
)


def full_names(document: Document, _: Random) -> Edit | None:
    """Names in full."""
    file = EDITS.file(document)
    units = document.files[file] if file else ()
    origins = [u.fields["value"] for u in units if _directs(u, "$ORIGIN")]
    if file is None or len(origins) != 1 or not _directs(units[0], "$ORIGIN"):
        return None
    origin = table.written(origins[0])
    taken = any(f".{name}".endswith(f".{origin}") for name in _named(document))
    if taken or not sayable(origin) or not origin[:-1] or not origin.endswith("."):
        return None
    said = {"file": file, "origin": origin}
    return edit("full_names", "convert", [ABSOLUTE(**said)], [RELATIVE(**said)])


def _named(document: Document) -> list[str]:
    return [n for part in _NAMES for n in programs.text_values(EDITS.records(document), part)]


def default_ttl(document: Document, _: Random) -> Edit | None:
    """A time to live in every record."""
    file = EDITS.file(document)
    units = document.files[file] if file else ()
    ttls = [table.written(u.fields["value"]) for u in units if _directs(u, "$TTL")]
    leads = [u.fields.get("name") for u in units if u.kind != RECORD]
    if file is None or len(ttls) != 1 or leads not in (["$TTL"], ["$ORIGIN", "$TTL"]):
        return None
    if ttls[0] in map(table.written, programs.values(EDITS.records(document), "ttl")):
        return None
    said = {"file": file, "ttl": ttls[0]}
    return edit("default_ttl", "normalise", [WRITE_OUT(**said)], [LEAVE_OUT(**said)])


def units_of_time(document: Document, _: Random) -> Edit | None:
    """Times to live as hours and days."""
    ttls = {table.written(v) for v in programs.values(EDITS.records(document), "ttl")}
    legend = {ttl: _SPELLINGS[ttl] for ttl in _SPELLINGS if ttl in ttls}
    if not legend or ttls & set(legend.values()):
        return None
    back = programs.inverse(legend)
    return edit("units_of_time", "convert", [SPELL(legend=legend)], [SPELL(legend=back)])


def network(document: Document, rng: Random) -> Edit | None:
    """Hosts of a network in another one."""
    addresses = programs.text_values(EDITS.records(document), "address")
    found = sorted({a[: a.rindex(".") + 1] for a in addresses if a.count(".") == 3})
    free = [n for n in ("198.51.100.", "203.0.113.") if not any(a.startswith(n) for a in addresses)]
    if not found or not free:
        return None
    old, new = rng.choice(found), rng.choice(free)
    return edit("network", "renumber", [RENUMBER(old=old, new=new)], [RENUMBER(old=new, new=old)])


def hosts(document: Document, rng: Random) -> Edit | None:
    """Other names for hosts."""
    owners = programs.text_values(
        (u for u in EDITS.records(document) if u.fields.get("type") == "A"), "name"
    )
    old = [n for n in owners if re.fullmatch(r"[a-z]\w{1,20}-\d\d", n)]
    new = {n: f"n{n[-2:]}-{n[:-3]}" for n in rng.sample(old, min(4, len(old)))}
    if not new or set(new.values()) & set(_named(document)):
        return None
    back = programs.inverse(new)
    return edit("hosts", "rename", [RENAME(names=new)], [RENAME(names=back)])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), full_names, default_ttl, units_of_time, network, hosts,
    compose("export", hosts, default_ttl, full_names),
    compose("relocation", network, units_of_time, EDITS.sort),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_ROLES = ("web", "mail", "print", "db", "cache", "build", "files", "camera", "voice", "lab", "vpn",
          "desk", "scan", "proxy", "badge", "sensor", "wiki", "git", "crm", "pos")  # fmt: skip
_SERVICES = ("_sip._tcp", "_ldap._tcp", "_xmpp._tcp", "_imaps._tcp", "_caldav._tcp", "_ntp._udp")
_TTLS = (300, 600, 900, 1800, 7200, 14400, 43200, 86400)


def _zone(rng: Random, count: int) -> list[dict[str, Value]]:
    """Records in groups by type, as they are kept by hand."""
    names = [f"{role}-{n:02}" for role in _ROLES for n in range(1, 2 + count // 8)]
    names = rng.sample(names, min(count, len(names)))
    addressed = names[: max(3, count // 2)]
    aliases = names[len(addressed) :] or ["www"]
    shares = {"AAAA": 5, "CNAME": 4, "MX": 12, "TXT": 6, "SRV": 8}
    made = [_of(rng, "SOA", "@", addressed)]
    made += [_of(rng, "NS", "@", addressed) for _ in range(2)]
    made += [_of(rng, "A", name, addressed) for name in addressed]
    for kind, share in shares.items():
        for i in range(max(1, (count - 4) // share // 2)):
            name = {"CNAME": aliases[i % len(aliases)], "MX": "@"}.get(kind, rng.choice(addressed))
            made.append(_of(rng, kind, name, addressed))
    return made


def _of(rng: Random, kind: str, name: str, hosts: Sequence[str]) -> dict[str, Value]:
    owner = f"{rng.choice(_SERVICES)}.{name}" if kind == "SRV" else name
    timed = kind in ("SOA", "NS") or rng.random() < 0.3
    ttl = {"ttl": table.typed(str(rng.choice(_TTLS)))} if timed else {}
    return {"name": owner, **ttl, **_data(kind, _said(rng, kind, rng.choice(hosts)))}


def _said(rng: Random, kind: str, host: str) -> list[str]:
    match kind:
        case "SOA":
            times = (rng.choice((3600, 7200, 14400)), rng.choice((600, 900, 1800)),
                     rng.randint(7, 40) * 86400, rng.choice((300, 600, 3600)))  # fmt: skip
            serial = f"{content.day(rng):%Y%m%d}{rng.randint(1, 60):02}"
            return [host, "hostmaster", serial, *map(str, times)]
        case "A":
            return [f"{rng.choice(('192.0.2', '10.20.4', '10.20.8'))}.{rng.randint(2, 250)}"]
        case "AAAA":
            return [f"2001:db8:{rng.randint(1, 99)}::{rng.randint(2, 9000)}"]
        case "MX":
            return [str(rng.randrange(5, 95, 5)), host]
        case "TXT":
            return [f'"{rng.choice(content.FIRMS).lower()}-key={rng.getrandbits(64):016x}"']
        case "SRV":
            numbers = (rng.randrange(0, 50, 5), rng.randrange(100), rng.randint(389, 9999))
            return [*map(str, numbers), host]
        case _:
            return [host]


class Dns(Domain):
    """The zone of a domain name."""

    name = "dns"
    category = "code"
    formats: ClassVar = {".zone": ZONE, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), ABSOLUTE, RELATIVE, RENAME, WRITE_OUT, LEAVE_OUT, SPELL, RENUMBER,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """The hosts of a firm."""
        records = _zone(rng, max(6, round(size / 14.5)))
        changes = content.codes(rng, "CHG", len(records))
        units = [
            Unit(RECORD, {**record, "comment": f"{change} {content.person(rng)}"})
            for record, change in zip(records, changes, strict=True)
        ]
        origin = f"{rng.choice(content.FIRMS).lower()}.example."
        heads = {"$ORIGIN": origin, "$TTL": "3600"}
        return {
            "db.zone": ZONE.render(
                [*(Unit(DIRECTIVE, {"name": n, "value": v}) for n, v in heads.items()), *units]
            )
        }

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; the class, types in small letters; comments below, in brackets."""
        typed = re.compile(r" ((?:SOA|NS|A|AAAA|MX|CNAME|TXT|SRV) )")
        return [
            text.replace("\n", "\r\n"),
            typed.sub(lambda found: f"\tIN\t{found[1].lower()}", text),
            text.replace(" ;", " (\n    ) ;"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes and an inventory of cables."""
        rows = [
            Unit(table.ROW, {"cable": code, "room": f"{rng.choice(content.CITIES)} {n}",
                             "checked": str(content.day(rng))})
            for n, code in enumerate(content.codes(rng, "CB", max(3, size // 24)), 100)
        ]  # fmt: skip
        return {"notes.md": content.memo(rng, size // 2), "cables.csv": table.CSV.render(rows)}


DOMAIN = Dns()
