"""Fresh documents: the tables of a firm's system."""

from collections.abc import Mapping
from random import Random

from worktrial.documents import content, table
from worktrial.documents.domains.dbschema.format import COLUMN, INDEX, TABLE
from worktrial.documents.unit import Unit, Value

_THINGS = (
    "customer", "order", "invoice", "shipment", "supplier", "product", "warehouse", "employee",
    "contract", "payment", "refund", "ticket", "vehicle", "route", "sensor", "reading", "course",
    "lesson", "booking", "room", "license", "project", "task", "asset", "parcel", "recipe", "store",
    "coupon", "review", "session", "device", "claim", "voucher", "patient", "visit", "document",
)  # fmt: skip
_ASPECTS = ("archived", "daily", "open", "external", "draft", "merged", "planned", "imported")
_COLUMNS = {
    "varchar(80)": ("title", "street", "contact_name", "label", "reason", "channel", "colour"),
    "text": ("remarks", "summary", "instructions", "address", "history"),
    "integer": ("quantity", "priority", "floor_no", "attempts", "seats", "rank", "weight_g"),
    "numeric(10, 2)": ("amount", "net_price", "discount", "deposit", "tax", "fee", "limit_eur"),
    "boolean": ("is_active", "is_urgent", "is_paid", "needs_check", "is_hidden"),
    "timestamp": ("placed_at", "closed_at", "seen_at", "due_at", "sent_at", "synced_at"),
    "date": ("valid_from", "valid_to", "born_on", "counted_on", "due_on"),
    "uuid": ("public_token", "device_key", "trace_key"),
    "char(3)": ("currency", "country", "unit_code"),
    "double precision": ("latitude", "longitude", "humidity", "speed"),
}  # fmt: skip
_HINTS = (
    "asked for by {0}", "see the {1}", "as {2} counts it", "never shown in {2}", "filled at night",
    "agreed with {3}", "{0} knows why", "at most {4} a day", "from the {1}", "{4} until 2019",
)  # fmt: skip


def tables(rng: Random, count: int) -> list[Unit]:
    """Tables that refer to those above them, and an index for each."""
    names = [*_THINGS, *(f"{a}_{t}" for a in _ASPECTS for t in _THINGS)]
    names += [f"{name}_{n}" for n in range(2, 2 + count // len(names)) for name in names]
    chosen = rng.sample(names[: max(len(_THINGS), 2 * count)], count)
    types = {name: rng.choice(("integer", "uuid")) for name in chosen}
    units: list[Unit] = []
    for at, name in enumerate(chosen):
        foreign = _foreign(rng, rng.choice(chosen[:at] or [name]), types)
        units += [Unit(TABLE, {"table": f"{name}s"}), *_columns(rng, name, types[name], foreign)]
    columns = [u.fields for u in units if u.kind == COLUMN and "primary_key" not in u.fields]
    return [*units, *(_indexed(rng, fields) for fields in rng.sample(columns, count))]


def _columns(rng: Random, name: str, type_: str, foreign: dict[str, Value]) -> list[Unit]:
    owner: dict[str, Value] = {"table": f"{name}s"}
    key: dict[str, Value] = {"name": f"{name}_id", "type": type_, "primary_key": True}
    fields: list[dict[str, Value]] = [key, foreign]
    fields += [
        {"name": rng.choice(_COLUMNS[kind]), "type": kind, **_limits(rng, kind)}
        for kind in rng.sample(list(_COLUMNS), rng.randint(2, 5))
    ]
    for column in fields:
        column |= {"comment": _hint(rng)} if column is key or rng.random() < 0.5 else {}
    return [Unit(COLUMN, {**owner, **column}) for column in fields]


def _foreign(rng: Random, other: str, types: Mapping[str, str]) -> dict[str, Value]:
    action = rng.choice(("CASCADE", "SET NULL", "RESTRICT", ""))
    return {
        "name": f"{rng.choice(_ASPECTS)}_{other}_id",
        "type": types[other],
        "references": f"{other}s({other}_id)",
        **({"on_delete": action} if action else {}),
    }


def _limits(rng: Random, kind: str) -> dict[str, Value]:
    said: dict[str, Value] = {"not_null": True} if rng.random() < 0.4 else {}
    if kind in ("integer", "numeric(10, 2)") and rng.random() < 0.6:
        said["default"] = table.typed(str(rng.randint(0, 500)))
    if kind == "varchar(80)" and rng.random() < 0.4:
        said["default"] = f"'{rng.choice(content.ADJECTIVES)}'"
    return said


def _indexed(rng: Random, fields: Mapping[str, Value]) -> Unit:
    owner, name = fields["table"], fields["name"]
    unique: dict[str, Value] = {"unique": True} if rng.random() < 0.3 else {}
    said = {"name": f"{owner}_{name}_idx", "table": owner, **unique, "columns": name}
    return Unit(INDEX, said)


def _hint(rng: Random) -> str:
    return rng.choice(_HINTS).format(
        content.person(rng), content.topic(rng), rng.choice(content.CITIES), content.firm(rng),
        rng.randint(3, 900),
    )  # fmt: skip
