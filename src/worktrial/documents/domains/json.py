"""JSON: product catalogues, service configurations and order books, and the same as YAML."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice
from random import Random
from typing import Any, ClassVar

import ruamel.yaml
from ruamel.yaml.error import YAMLError

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.jsontext import (
    DEEPEST,
    FLAW,
    JSON,
    Json,
    escaped,
    every_key,
    number,
    unescaped,
    units_of,
    value_of,
)
from worktrial.documents.records import RecordEdits, RecordVerbs, record_verbs
from worktrial.documents.table import CSV, ROW
from worktrial.documents.unit import Document, Files, Unit, opaque

# --- YAML --------------------------------------------------------------------------------------

_MOST_REPAIRS = 12
_MOST_EVENTS = 500_000
_LONGEST_YAML = 4_000_000
_WORDS: Mapping[str, Json] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_PLAIN = re.compile(r"[^\W\d_][\w./@+-]*(?: [\w./@+-]+)*")
_OLD_BOOLEANS = {"yes", "no", "on", "off", "y", "n"}


class YamlFormat(Format):
    """YAML 1.2 without tags and aliases: the units of the JSON that says the same.

    Comments, quoting and flow or block style mean nothing. A line that breaks the syntax is
    opaque; aliases, which can make a small file huge, are read as text.
    """

    def parse(self, text: str) -> list[Unit]:
        """Read the events of each document, never its tags."""
        lost: list[Unit] = []
        for _ in range(_MOST_REPAIRS):
            try:
                return [*_yaml_units(text), *lost]
            except YAMLError as error:
                text, line = _without_line(text, error)
                lost.append(opaque(line) if line.strip() else FLAW)
            except (ValueError, ArithmeticError, RecursionError, TypeError, AttributeError):
                break
        return [*(opaque(line) for line in text.splitlines() if line.strip()), *lost]

    def render(self, units: Sequence[Unit]) -> str:
        """Block style, two spaces a level; opaque units follow."""
        known = [u for u in units if u.kind != "opaque"]
        rest = "".join(f"{u.layout or u.text}\n" for u in units if u.kind == "opaque")
        if not known:
            return rest
        value = value_of(known)
        lines = list(_block(value)) if value else [json.dumps(value)]
        return "".join(f"{line}\n" for line in lines) + rest


YAML = YamlFormat()


def _without_line(text: str, error: YAMLError) -> tuple[str, str]:
    """The text without the line at which reading failed, and that line."""
    lines = text.splitlines(keepends=True)
    mark = getattr(error, "problem_mark", None)
    at = min(mark.line if mark else 0, len(lines) - 1)
    return "".join(lines[:at] + lines[at + 1 :]), "".join(lines[at : at + 1])


def _yaml_units(text: str) -> list[Unit]:
    """The units of every document in a text.

    Raises:
        ValueError: If it has no mapping or list, or is too large or too deep.
    """
    if len(text) > _LONGEST_YAML:
        raise ValueError("too large")
    reader = ruamel.yaml.YAML(typ="safe", pure=True)
    values = _values(islice(reader.parse(text), _MOST_EVENTS))
    if not all(isinstance(value, dict | list) for value in values):
        raise ValueError("prose, not data")
    return [unit for value in values for unit in units_of(value)]


def _values(events: Iterator[Any]) -> list[Json]:
    """Build values from parser events with a stack of our own."""
    stack: list[tuple[str, list[Json]]] = [("StreamStartEvent", [])]
    for event in events:
        name = type(event).__name__
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            if len(stack) > DEEPEST:
                raise ValueError("nested too deeply")
            stack.append((name, []))
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            opened, items = stack.pop()
            stack[-1][1].append(_mapping(items) if opened == "MappingStartEvent" else items)
        elif name == "ScalarEvent":
            stack[-1][1].append(_resolved(event.value) if event.implicit[0] else event.value)
        elif name == "AliasEvent":
            stack[-1][1].append(f"*{event.anchor}")
    return stack[0][1]


def _mapping(items: list[Json]) -> dict[str, Json]:
    keys = [key if isinstance(key, str) else _key(key) for key in items[::2]]
    return every_key(list(zip(keys, items[1::2], strict=True)))


def _key(value: Json) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _resolved(text: str) -> Json:
    """What a plain scalar means by the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    return number(text) if _NUMBER.fullmatch(text) else text


def _block(value: Json, indent: str = "") -> Iterator[str]:
    """The lines of a mapping or list that is not empty."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if inner and isinstance(inner, dict | list):
                yield f"{indent}{_scalar(key)}:"
                yield from _block(inner, f"{indent}  ")
            else:
                yield f"{indent}{_scalar(key)}: {_scalar(inner)}"
    elif isinstance(value, list):
        for inner in value:
            if inner and isinstance(inner, dict | list):
                first, *rest = _block(inner, f"{indent}  ")
                yield f"{indent}- {first.removeprefix(indent + '  ')}"
                yield from rest
            else:
                yield f"{indent}- {_scalar(inner)}"


def _scalar(value: Json) -> str:
    match value:
        case str():
            resolvable = value in _WORDS or value.lower() in _OLD_BOOLEANS
            return value if _PLAIN.fullmatch(value) and not resolvable else _quoted(value)
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value)


def _quoted(text: str) -> str:
    """A double-quoted scalar, which knows no surrogate pairs."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain) + '"'


# --- programs ----------------------------------------------------------------------------------


def rewrite(document: Document, *, file: str, target: str) -> Document:
    """Write a file in another format: both say the same units."""
    units = document.files.get(file, ())
    return document.replacing(file, None).replacing(target, units)


def to_csv(
    document: Document, *, items: str, file: str, target: str, names: Sequence[str]
) -> Document:
    """Move a list of objects out into a table."""
    units = document.files.get(file, ())
    rows = [replace(u, kind=ROW) for u in units if u.kind == f"{items}[]"]
    header = Unit(programs.HEADER, text="\t".join(names), structural=True)
    rest = document.replacing(file, [u for u in units if u.kind != f"{items}[]"])
    return rest.replacing(target, [header, *rows])


def from_csv(document: Document, *, items: str, file: str, target: str) -> Document:
    """Move the rows of a table into a list of objects."""
    rows = [replace(u, kind=f"{items}[]") for u in document.files.get(target, ()) if u.kind == ROW]
    rest = document.replacing(target, None)
    return rest.replacing(file, [*document.files.get(file, ()), *rows])


def group(document: Document, *, items: str, field: str, target: str) -> Document:
    """Spread a list over the keys of one object by the value of a field."""

    def grouped(unit: Unit) -> Unit:
        value = unit.fields.get(field)
        if not isinstance(value, str):
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != field}
        return replace(unit, kind=f"{target}.{escaped(value)}[]", fields=rest)

    return programs.each(document, f"{items}[]", grouped)


def ungroup(document: Document, *, items: str, field: str, target: str) -> Document:
    """Gather the lists of an object into one, the key of each in a field."""

    def gathered(unit: Unit) -> Unit:
        inner = unit.kind.removeprefix(f"{target}.").removesuffix("[]")
        if not unit.kind.startswith(f"{target}.") or "[]" in inner:
            return unit
        return replace(unit, kind=f"{items}[]", fields={**unit.fields, field: unescaped(inner)})

    return Document({name: tuple(map(gathered, us)) for name, us in document.files.items()})


def normalise(
    document: Document, *, items: str, nested: str, target: str, reference: str
) -> Document:
    """Keep each different nested object once, in a list of its own, and refer to it by number."""
    files = {}
    for name, units in document.files.items():
        known: dict[tuple[tuple[str, object], ...], int] = {}
        change = partial(_referring, prefix=f"{nested}.", reference=reference, known=known)
        kept = [change(u) if u.kind == f"{items}[]" else u for u in units]
        files[name] = (*kept, *(_target(f"{target}[]", n, own) for own, n in known.items()))
    return Document(files)


def _referring(
    unit: Unit, *, prefix: str, reference: str, known: dict[tuple[tuple[str, object], ...], int]
) -> Unit:
    """The unit with a number in place of its nested object."""
    inner = {n.removeprefix(prefix): v for n, v in unit.fields.items() if n.startswith(prefix)}
    if not inner:
        return unit
    at = known.setdefault(tuple(sorted(inner.items(), key=repr)), len(known) + 1)
    rest = {n: v for n, v in unit.fields.items() if not n.startswith(prefix)}
    return replace(unit, fields={**rest, reference: Decimal(at)})


def _target(kind: str, at: int, own: tuple[tuple[str, Any], ...]) -> Unit:
    return Unit(kind, {"id": Decimal(at), **dict(own)}, structural=True)


def denormalise(
    document: Document, *, items: str, nested: str, target: str, reference: str
) -> Document:
    """Put referenced objects back into the entries that refer to them."""
    known = {
        u.fields.get("id"): {f"{nested}.{n}": v for n, v in u.fields.items() if n != "id"}
        for u in document.units()
        if u.kind == f"{target}[]"
    }

    def resolved(unit: Unit) -> Unit:
        inner = known.get(unit.fields.get(reference))
        if inner is None:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != reference}
        return replace(unit, fields={**rest, **inner})

    whole = programs.each(document, f"{items}[]", resolved)
    return Document(
        {n: tuple(u for u in us if u.kind != f"{target}[]") for n, us in whole.files.items()}
    )


REWRITE_YAML = Verb(
    "Convert {file} to YAML in {target}: the same keys and values, numbers as numbers, no anchors "
    "or aliases. Then remove {file}.",
    rewrite,
)
REWRITE_JSON = Verb(
    "Convert the YAML in {file} to JSON in {target}: the same keys and values, numbers as numbers. "
    "Then remove {file}.",
    rewrite,
)
TO_CSV = Verb(
    "Move the list {items} of {file} out into a CSV file {target} with the columns {*names}, one "
    "row for each object in the same order; a dot in a column name leads into a nested object. "
    "Take the key {items} out of {file}.",
    to_csv,
)
FROM_CSV = Verb(
    "Move the rows of {target} back into {file} as the list {items}, one object for each row in "
    "the same order; a dot in a column name leads into a nested object, and numbers are numbers. "
    "Then remove {target}.",
    from_csv,
)
GROUP = Verb(
    "Replace the list {items} by an object {target} that holds one list for every value of "
    "{field}, under that value as its key and in the present order; the entries no longer have "
    "{field} themselves.",
    group,
)
UNGROUP = Verb(
    "Replace the object {target} by a single list {items} of all entries in its lists; the key "
    "that an entry stood under becomes its {field}.",
    ungroup,
)
NORMALISE = Verb(
    "Take the nested object {nested} out of every entry of the list {items} and into a new "
    "top-level list {target}, which has each different object once, in order of first appearance, "
    "with an additional key `id` that counts from 1; in its place the entry gets a key {reference} "
    "with that number.",
    normalise,
)
DENORMALISE = Verb(
    "In every entry of the list {items}, replace the key {reference} by a nested object {nested}: "
    "the entry of the list {target} with that `id`, without the `id`. Then remove the list "
    "{target}.",
    denormalise,
)


# --- edits -------------------------------------------------------------------------------------


def _verbs(name: str, one: str, many: str) -> RecordVerbs:
    """The record edits in the words of JSON, exact about how new files are laid out."""
    verbs = record_verbs(f"{name}[]", one=one, many=many, a_field="key", lookup_kind="[]")
    return replace(
        verbs,
        split=Verb(
            f"Move the {many} of {{file}} into JSON files of their own by {{field}}: {{**places}}. "
            f"Each holds one object with the single key `{name}`, a list of its {many} in the "
            f"present order. Any other {one} stays where it is.",
            partial(programs.split, kind=f"{name}[]"),
        ),
        extract=Verb(
            f"Move the key {{field}} of the {many} out into a new file {{lookup}}: a JSON array "
            f"with one object for every {one} in the same order, which has {{key}} and {{field}} "
            "alone.",
            partial(programs.extract, kind=f"{name}[]", row="[]"),
        ),
        join=Verb(
            f"Put the key {{field}} back into the {many} from {{lookup}}, matched by {{key}}; then "
            "remove {lookup}.",
            partial(programs.join, kind=f"{name}[]"),
        ),
    )


@dataclass(frozen=True, slots=True)
class Book:
    """A kind of document: what its main list is called and what can be done to it.

    Attributes:
        items: The key of the main list.
        nested: The object nested in its entries.
        target: The list that those objects are normalised into.
        edits: The edits of its records.
        write: Writes a fresh document.
    """

    items: str
    nested: str
    target: str
    edits: RecordEdits
    write: Callable[[Random, int], dict[str, Json]]

    def main(self, document: Document) -> tuple[str, list[Unit]] | None:
        """The one file and the entries of its main list, if it is flat."""
        if len(document.files) != 1:
            return None
        ((file, units),) = document.files.items()
        entries = [u for u in units if u.kind == f"{self.items}[]"]
        nested = any(u.kind.startswith(f"{self.items}[].") for u in units)
        return (file, entries) if entries and not nested else None

    def planners(self) -> tuple[Planner, ...]:
        """Record edits, and those of nested data."""
        own = (
            self.to_yaml, self.to_csv, self.regroup, self.normalise, self.publish, self.migrate,
        )  # fmt: skip
        return tuple(partial(self._if_mine, plan) for plan in (*self.edits.planners(), *own))

    def _if_mine(self, plan: Planner, document: Document, rng: Random) -> Edit | None:
        return plan(document, rng) if self.main(document) else None

    def to_yaml(self, document: Document, _: Random) -> Edit | None:
        """JSON to YAML and back."""
        (file,) = document.files
        target = f"{file.rpartition('.')[0]}.yaml"
        return edit(
            "to_yaml",
            "convert",
            [REWRITE_YAML(file=file, target=target)],
            [REWRITE_JSON(file=target, target=file)],
        )

    def to_csv(self, document: Document, _: Random) -> Edit | None:
        """The main list to a table, if every cell reads as the value it was."""
        found = self.main(document)
        if found is None:
            return None
        file, entries = found
        names = list(dict.fromkeys(n for u in entries for n in u.fields))
        whole = all(n in u.fields and _survives(u.fields[n]) for u in entries for n in names)
        if not whole or not sayable(*names):
            return None
        target = f"{self.items}.csv"
        return edit(
            "to_csv",
            "convert",
            [TO_CSV(items=self.items, file=file, target=target, names=names)],
            [FROM_CSV(items=self.items, file=file, target=target)],
        )

    def regroup(self, document: Document, _: Random) -> Edit | None:
        """The main list under its category's values; the old order rides along."""
        found = self.main(document)
        field, rank, verbs = self.edits.category, self.edits.rank, self.edits.verbs
        if found is None or any(field not in u.fields or rank in u.fields for u in found[1]):
            return None
        words = {"items": self.items, "field": field, "target": f"{self.items}_by_{field}"}
        return edit(
            "regroup",
            "regroup",
            [verbs.number(field=rank), GROUP(**words)],
            [UNGROUP(**words), verbs.ascending(field=rank), verbs.drop(field=rank)],
        )

    def normalise(self, document: Document, _: Random) -> Edit | None:
        """Nested objects into a list with references."""
        found = self.main(document)
        reference = f"{self.nested}_id"
        if found is None or any(reference in u.fields for u in found[1]):
            return None
        if not all(any(n.startswith(f"{self.nested}.") for n in u.fields) for u in found[1]):
            return None
        words = {
            "items": self.items,
            "nested": self.nested,
            "target": self.target,
            "reference": reference,
        }
        return edit("normalise", "normalise", [NORMALISE(**words)], [DENORMALISE(**words)])

    def publish(self, document: Document, rng: Random) -> Edit | None:
        """Composed: scale, normalise and write as YAML."""
        return compose(
            "publish",
            self.edits.scale(document, rng),
            self.normalise(document, rng),
            self.to_yaml(document, rng),
        )

    def migrate(self, document: Document, rng: Random) -> Edit | None:
        """Composed: recode, rename and move the list to a table."""
        renamed = self.edits.rename(document, rng)
        if renamed is None:
            return None
        table_edit = self.to_csv(renamed.forward(document), rng)
        return compose("migrate", self.edits.recode(document, rng), renamed, table_edit)


def _survives(value: object) -> bool:
    """Whether a value reads from a table's cell as it was."""
    if not isinstance(value, str | Decimal):
        return False
    read = table.typed(table.written(value))
    return type(read) is type(value) and read == value and "\r" not in str(value)


# --- content -----------------------------------------------------------------------------------

_CATEGORIES = ("fastening", "lifting", "storage", "electrical", "safety")
_DUTIES = (
    "billing", "ledger", "search", "checkout", "catalogue", "session", "invoice", "shipment",
    "inventory", "pricing", "reporting", "mail", "identity", "archive", "export", "routing",
    "notification", "scheduler", "metrics", "audit",
)  # fmt: skip
_ROLES = ("api", "worker", "gateway", "cache", "sync", "proxy", "batch", "store", "stream", "web")
_STREETS = ("Harbour Road", "Mill Lane", "Station Street", "Canal Quay", "Foundry Yard", "Park Row")


def _parties(rng: Random, count: int, *names: str) -> list[dict[str, Json]]:
    """Partners that many entries share, so that normalising them pays."""
    makers: Mapping[str, Callable[[], Json]] = {
        "name": lambda: content.firm(rng),
        "city": lambda: rng.choice(content.CITIES),
        "team": lambda: rng.choice(_DUTIES),
        "on_call": lambda: content.person(rng),
    }
    return [{name: makers[name]() for name in names} for _ in range(max(2, count // 5))]


def _catalogue(rng: Random, size: int) -> dict[str, Json]:
    count = max(5, round((size - 45) / 44))
    parties = _parties(rng, count, "name", "city")
    sites = [_site(rng, code) for code in content.codes(rng, "WH", count // 12)]
    products: list[Json] = [
        {
            "sku": code,
            "name": rng.choice(content.GOODS),
            "category": rng.choice(_CATEGORIES),
            "price": content.amount(rng),
            "stock": Decimal(rng.randint(0, 900)),
            "supplier": rng.choice(parties),
        }
        for code in content.codes(rng, "SKU", count)
    ]
    return {
        "catalogue": f"{rng.choice(content.FIRMS)} {rng.choice(content.MONTHS)} price list",
        "currency": rng.choice(("EUR", "GBP", "SEK", "PLN")),
        "valid": {"from": _day(rng), "revision": Decimal(rng.randint(1, 40))},
        "products": products,
        **({"warehouses": sites} if sites else {}),
    }


def _site(rng: Random, code: str) -> Json:
    street = f"{rng.choice(_STREETS)} {rng.randint(1, 180)}"
    return {"site": code, "city": rng.choice(content.CITIES), "street": street}


def _services(rng: Random, size: int) -> dict[str, Json]:
    count = max(5, round((size - 45) / 44))
    owners = _parties(rng, count, "team", "on_call")
    numbers = rng.sample(range(100, 1000 + 5 * count), count)
    services: list[Json] = [
        {
            "service": f"{rng.choice(_DUTIES)}-{rng.choice(_ROLES)}-{n}",
            "tier": rng.choice(("gold", "silver", "bronze")),
            "replicas": Decimal(rng.randint(1, 24)),
            "memory_mb": Decimal(64 * rng.randint(1, 120)),
            "owner": rng.choice(owners),
        }
        for n in numbers
    ]
    alerts: list[Json] = [
        {
            "alert": code,
            "metric": f"{rng.choice(_DUTIES)}_latency_ms",
            "above": Decimal(rng.randint(50, 900)),
        }
        for code in content.codes(rng, "AL", count // 10)
    ]
    return {
        "environment": rng.choice(("production", "staging", "acceptance")),
        "region": rng.choice(content.CITIES).lower(),
        "defaults": {
            "timeout_s": Decimal(rng.randint(2, 90)),
            "retries": Decimal(rng.randint(0, 9)),
        },
        "tls": rng.choice((True, False)),
        **({"alerts": alerts} if alerts else {}),
        "services": services,
    }


def _orders(rng: Random, size: int) -> dict[str, Json]:
    count = max(5, round((size - 45) / 44))
    customers = _parties(rng, count, "name", "city")
    carriers: list[Json] = [
        {"carrier": code, "name": content.firm(rng), "terms_days": Decimal(rng.randint(7, 60))}
        for code in content.codes(rng, "CR", count // 12)
    ]
    orders: list[Json] = [
        {
            "order": code,
            "placed": _day(rng),
            "status": rng.choice(("open", "packed", "shipped", "billed")),
            "lines": Decimal(rng.randint(1, 40)),
            "total": content.amount(rng, 20, 9000),
            "customer": rng.choice(customers),
        }
        for code in content.codes(rng, "ORD", count)
    ]
    return {
        "book": f"{rng.choice(content.CITIES)} office",
        "currency": rng.choice(("EUR", "GBP", "SEK", "PLN")),
        "period": {"from": _day(rng), "clerk": content.person(rng)},
        **({"carriers": carriers} if carriers else {}),
        "orders": orders,
    }


def _day(rng: Random) -> str:
    day: date = content.day(rng)
    return day.isoformat()


def _edits(name: str, one: str, many: str, **hooks: Any) -> RecordEdits:
    return RecordEdits(
        _verbs(name, one, many), kind=f"{name}[]", extension=".json", rank="position", **hooks
    )


BOOKS: Mapping[str, Book] = {
    "catalogue.json": Book(
        "products",
        "supplier",
        "suppliers",
        _edits(
            "products",
            "product",
            "products",
            key="sku",
            sortable=("name", "price", "stock"),
            scalable={"price": "100"},
            category="category",
            removable=("price", "stock", "name"),
            renames={"sku": "article", "name": "title", "price": "list_price", "stock": "on_hand"},
            recodes={name: name[:3].upper() for name in _CATEGORIES},
        ),
        _catalogue,
    ),
    "services.json": Book(
        "services",
        "owner",
        "owners",
        _edits(
            "services",
            "service",
            "services",
            key="service",
            sortable=("service", "replicas", "memory_mb"),
            scalable={"memory_mb": "1024"},
            category="tier",
            removable=("tier", "replicas", "memory_mb"),
            renames={"service": "name", "replicas": "instances", "memory_mb": "memory"},
            recodes={"gold": "T1", "silver": "T2", "bronze": "T3"},
        ),
        _services,
    ),
    "orders.json": Book(
        "orders",
        "customer",
        "customers",
        _edits(
            "orders",
            "order",
            "orders",
            key="order",
            sortable=("placed", "total", "lines"),
            scalable={"total": "100"},
            category="status",
            removable=("placed", "lines", "total"),
            renames={"order": "number", "placed": "ordered_on", "total": "amount"},
            recodes={"open": "O", "packed": "P", "shipped": "S", "billed": "B"},
        ),
        _orders,
    ),
}


class JsonDomain(Domain):
    """Objects, lists and exact numbers under one root."""

    name = "json"
    category = "code"
    formats: ClassVar = {".json": JSON, ".yaml": YAML, ".yml": YAML, ".csv": CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *(verb for book in BOOKS.values() for verb in book.edits.verbs.all()),
        REWRITE_YAML, REWRITE_JSON, TO_CSV, FROM_CSV, GROUP, UNGROUP, NORMALISE, DENORMALISE,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = tuple(
        planner for book in BOOKS.values() for planner in book.planners()
    )
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """A catalogue, a configuration or an order book."""
        file = rng.choice(list(BOOKS))
        return {file: JSON.render(units_of(BOOKS[file].write(rng, size)))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Every object's keys the other way round; all on one line; other line ends."""
        backwards = json.loads(text, object_pairs_hook=lambda pairs: dict(reversed(pairs)))
        return [
            json.dumps(backwards, indent=4),
            json.dumps(json.loads(text), separators=(",", ":")),
            text.replace("\n", "\r\n"),
            text.rstrip("\n"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Last year's file of some kind and a memo."""
        file = rng.choice(list(BOOKS))
        older = JSON.render(units_of(BOOKS[file].write(rng, size // 2)))
        return {f"archive-{file}": older, "notes.md": content.memo(rng, size // 2)}


DOMAIN = JsonDomain()
