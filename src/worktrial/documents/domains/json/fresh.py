"""Fresh product catalogues, service configurations and order books."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from random import Random

from worktrial.documents import content
from worktrial.documents.jsontext import JSON, Json, units_of

CATEGORIES = ("fastening", "lifting", "storage", "electrical", "safety")
_DUTIES = (
    "billing", "ledger", "search", "checkout", "catalogue", "session", "invoice", "shipment",
    "inventory", "pricing", "reporting", "mail", "identity", "archive", "export", "routing",
    "notification", "scheduler", "metrics", "audit",
)  # fmt: skip
_ROLES = ("api", "worker", "gateway", "cache", "sync", "proxy", "batch", "store", "stream", "web")
_STREETS = ("Harbour Road", "Mill Lane", "Station Street", "Canal Quay", "Foundry Yard", "Park Row")
_CURRENCIES = ("EUR", "GBP", "SEK", "PLN")


def written(rng: Random, size: int, kind: str) -> str:
    """A fresh document of one of the `KINDS`, about `size` tokens."""
    return JSON.render(units_of(_WRITERS[kind](rng, max(5, round((size - 45) / 44)))))


def _catalogue(rng: Random, count: int) -> dict[str, Json]:
    parties = _parties(rng, count, "name", "city")
    sites = [_site(rng, code) for code in content.codes(rng, "WH", count // 12)]
    products: list[Json] = [
        {
            "sku": code,
            "name": rng.choice(content.GOODS),
            "category": rng.choice(CATEGORIES),
            "price": content.amount(rng),
            "stock": _whole(rng, 0, 900),
            "supplier": rng.choice(parties),
        }
        for code in content.codes(rng, "SKU", count)
    ]
    return {
        "catalogue": f"{rng.choice(content.FIRMS)} {rng.choice(content.MONTHS)} price list",
        "currency": rng.choice(_CURRENCIES),
        "valid": {"from": _day(rng), "revision": _whole(rng, 1, 40)},
        "products": products,
        **_unless_empty("warehouses", sites),
    }


def _site(rng: Random, code: str) -> Json:
    street = f"{rng.choice(_STREETS)} {rng.randint(1, 180)}"
    return {"site": code, "city": rng.choice(content.CITIES), "street": street}


def _services(rng: Random, count: int) -> dict[str, Json]:
    owners = _parties(rng, count, "team", "on_call")
    services: list[Json] = [
        {
            "service": f"{rng.choice(_DUTIES)}-{rng.choice(_ROLES)}-{n}",
            "tier": rng.choice(("gold", "silver", "bronze")),
            "replicas": _whole(rng, 1, 24),
            "memory_mb": 64 * _whole(rng, 1, 120),
            "owner": rng.choice(owners),
        }
        for n in rng.sample(range(100, 1000 + 5 * count), count)
    ]
    alerts = [_alert(rng, code) for code in content.codes(rng, "AL", count // 10)]
    return {
        "environment": rng.choice(("production", "staging", "acceptance")),
        "region": rng.choice(content.CITIES).lower(),
        "defaults": {"timeout_s": _whole(rng, 2, 90), "retries": _whole(rng, 0, 9)},
        "tls": rng.choice((True, False)),
        **_unless_empty("alerts", alerts),
        "services": services,
    }


def _alert(rng: Random, code: str) -> Json:
    metric = f"{rng.choice(_DUTIES)}_latency_ms"
    return {"alert": code, "metric": metric, "above": _whole(rng, 50, 900)}


def _orders(rng: Random, count: int) -> dict[str, Json]:
    customers = _parties(rng, count, "name", "city")
    carriers: list[Json] = [
        {"carrier": code, "name": content.firm(rng), "terms_days": _whole(rng, 7, 60)}
        for code in content.codes(rng, "CR", count // 12)
    ]
    orders: list[Json] = [
        {
            "order": code,
            "placed": _day(rng),
            "status": rng.choice(("open", "packed", "shipped", "billed")),
            "lines": _whole(rng, 1, 40),
            "total": content.amount(rng, 20, 9000),
            "customer": rng.choice(customers),
        }
        for code in content.codes(rng, "ORD", count)
    ]
    return {
        "book": f"{rng.choice(content.CITIES)} office",
        "currency": rng.choice(_CURRENCIES),
        "period": {"from": _day(rng), "clerk": content.person(rng)},
        **_unless_empty("carriers", carriers),
        "orders": orders,
    }


def _parties(rng: Random, count: int, *names: str) -> list[dict[str, Json]]:
    """Partners that many entries share, so that normalising them pays."""
    makers: Mapping[str, Callable[[], Json]] = {
        "name": lambda: content.firm(rng),
        "city": lambda: rng.choice(content.CITIES),
        "team": lambda: rng.choice(_DUTIES),
        "on_call": lambda: content.person(rng),
    }
    return [{name: makers[name]() for name in names} for _ in range(max(2, count // 5))]


def _whole(rng: Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randint(low, high))


def _day(rng: Random) -> str:
    return content.day(rng).isoformat()


def _unless_empty(key: str, entries: list[Json]) -> dict[str, Json]:
    return {key: entries} if entries else {}


_WRITERS: Mapping[str, Callable[[Random, int], dict[str, Json]]] = {
    "catalogue.json": _catalogue,
    "services.json": _services,
    "orders.json": _orders,
}
KINDS = tuple(_WRITERS)
"""The file names of the kinds of documents."""
