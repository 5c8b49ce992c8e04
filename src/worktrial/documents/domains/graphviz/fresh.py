"""Fresh documents."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from worktrial.documents import content, table
from worktrial.documents.domains.graphviz.edits import EDITS
from worktrial.documents.domains.graphviz.format import (
    ABOUT,
    ARC,
    FROM,
    NAME,
    NODE,
    SETTING,
    SUBGRAPH,
    TO,
)
from worktrial.documents.unit import Unit, Value

FIRST = (
    "order", "price", "mail", "fleet", "claim", "stock", "tariff", "audit", "route", "member",
    "ticket", "meter", "photo", "ledger", "survey", "permit", "rota", "lab", "grant", "parcel",
)  # fmt: skip
LAST = (
    "api", "queue", "store", "cache", "worker", "proxy", "index", "gateway", "sync", "export",
    "portal", "archive", "monitor", "scheduler", "parser", "vault",
)  # fmt: skip
ZONES = ("edge", "core", "back_office", "partners", "storage", "field", "cloud", "plant")
_COLOURS = tuple(EDITS.recodes["fillcolor"])
_FLOWS = (
    "reads {} rows", "every {} s", "port {}", "retries {}x", "batch of {}", "{} ms", "topic t{}",
    "at most {}/s", "since release {}", "nightly, {} GB",
)  # fmt: skip


def _size(rng: Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randint(low, high)).scaleb(-2)


def node(rng: Random, name: str, zone: str | None) -> Unit:
    """A machine, in a zone or in none."""
    label = f"{name.replace('_', ' ').capitalize()} {rng.choice(content.CITIES)}"
    fields: dict[str, Value] = {NAME: name, "label": label}
    fields["shape"] = rng.choice(("box", "box", "ellipse", "cylinder", "component", "note"))
    fields["fillcolor"] = rng.choice(_COLOURS)
    fields |= {"width": _size(rng, 70, 260), "height": _size(rng, 40, 110)}
    if rng.random() < 0.4:
        fields["tooltip"] = f"Owner: {content.person(rng)}"
    return Unit(NODE, {**fields, **({SUBGRAPH: zone} if zone else {})}, key=NAME)


def arc(rng: Random, ends: Sequence[str]) -> Unit:
    """A connection between two of them."""
    fields: dict[str, Value] = {FROM: ends[0], TO: ends[1]}
    fields["label"] = rng.choice(_FLOWS).format(rng.randint(2, 950))
    if rng.random() < 0.5:
        fields["weight"] = Decimal(rng.randint(2, 90))
    if rng.random() < 0.4:
        fields["penwidth"] = _size(rng, 50, 400)
    if rng.random() < 0.3:
        fields["style"] = rng.choice(("dashed", "dotted", "bold"))
    return Unit(ARC, fields)


def settings(rng: Random) -> list[Unit]:
    """How the whole graph looks."""
    fonts = ("Helvetica", "Arial", "Courier", "Georgia")
    return [
        Unit(SETTING, {"rankdir": rng.choice(("LR", "TB", "RL"))}),
        Unit(SETTING, {"nodesep": _size(rng, 20, 90)}),
        Unit(SETTING, {ABOUT: NODE, "style": "filled", "fontname": rng.choice(fonts)}),
    ]


def owners(rng: Random, size: int) -> str:
    """A list of who owns which service."""
    rows = [
        Unit(table.ROW, {"service": code, "owner": content.person(rng)})
        for code in content.codes(rng, "SV", max(3, size // 10))
    ]
    return table.CSV.render(rows)
