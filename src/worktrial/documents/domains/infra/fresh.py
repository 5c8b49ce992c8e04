"""Fresh documents."""

from random import Random

from worktrial.documents import content, table
from worktrial.documents.domains.infra.edits import address
from worktrial.documents.domains.infra.format import BLOCK, NAME, TYPE, WORD
from worktrial.documents.unit import Unit, Value

_ROLES = ("web", "mail", "intranet", "billing", "search", "archive", "gateway", "sensor", "report",
          "build", "backup", "portal", "catalogue", "voice", "tiles", "export")  # fmt: skip
_ASPECTS = ("primary", "spare", "night", "public", "internal", "test", "edge", "bulk", "legacy")
_REGIONS = ("north-1", "west-2", "south-1")


def blocks(rng: Random, count: int) -> list[Unit]:
    """Networks, and what stands in them and refers to them."""
    names = [f"{a}_{r}" for a in _ASPECTS for r in _ROLES]
    names += [f"{n}_{i}" for i in range(2, 2 + count // len(names)) for n in names]
    names = rng.sample(names[: max(len(_ASPECTS) * len(_ROLES), 2 * count)], count)
    makers = (_subnet, _server, _rule, _database)
    blocks: list[Unit] = []
    for i, name in enumerate(names):
        maker = makers[i] if i < len(makers) else rng.choice((*makers, _variable))
        nets = [address(u) for u in blocks if u.fields.get(TYPE) == "cloud_subnet"]
        fields = maker(rng, name, rng.choice(nets) if nets else "")
        blocks.append(Unit(BLOCK, fields, text=_remark(rng)))
    return blocks


def _subnet(rng: Random, name: str, _: str) -> dict[str, Value]:
    return {
        **_head("cloud_subnet", name),
        "cidr": f'"10.{rng.randint(2, 9)}.{rng.randrange(256)}.0/{rng.randint(24, 28)}"',
        **_about(rng),
    }


def _server(rng: Random, name: str, net: str) -> dict[str, Value]:
    zones = ", ".join(f'"{z}"' for z in sorted(rng.sample(content.CITIES, rng.randint(1, 3))))
    return {
        **_head("cloud_server", name),
        "subnet": f"{net}.id",
        "memory": table.typed(str(rng.choice((2, 4, 8, 16, 32, 64)))),
        "image": f'"{rng.choice(content.FIRMS).lower()}-{rng.randint(10, 99)}"',
        "zones": f"[{zones}]",
        **_about(rng),
        "disk > size": table.typed(str(rng.randrange(20, 900, 5))),
        "disk > kind": f'"{rng.choice(("fast", "slow", "cold"))}"',
    }


def _rule(rng: Random, name: str, net: str) -> dict[str, Value]:
    ports = rng.sample(range(1024, 9999), 2)
    return {
        **_head("cloud_rule", name),
        "subnet": f"{net}.id",
        "port": table.typed(str(rng.randint(22, 900))),
        **_about(rng),
        "allow > from": f'"10.{rng.randint(2, 9)}.{rng.randrange(256)}.0/24"',
        "allow > to_port": table.typed(str(ports[0])),
        "allow #2 > from": f'"192.168.{rng.randrange(256)}.{rng.randrange(256)}/32"',
        "allow #2 > to_port": table.typed(str(ports[1])),
    }


def _database(rng: Random, name: str, net: str) -> dict[str, Value]:
    return {
        **_head("cloud_database", name),
        "network": f"{net}.name",
        "timeout": table.typed(str(rng.randint(5, 120))),
        **_about(rng),
        "tags = > Owner": f'"{content.person(rng)}"',
        "tags = > Cost": f'"{rng.choice(content.CITIES)}-{rng.randint(100, 999)}"',
    }


def _variable(rng: Random, name: str, _: str) -> dict[str, Value]:
    return {
        WORD: "variable",
        NAME: name,
        "type": "string",
        "default": f'"{rng.choice(content.TOPICS)}"',
        "description": f'"{content.topic(rng)} for {content.firm(rng)}"',
    }


def _head(kind: str, name: str) -> dict[str, Value]:
    return {WORD: "resource", TYPE: kind, NAME: name}


def _about(rng: Random) -> dict[str, Value]:
    said: dict[str, Value] = {"region": f'"{rng.choice(_REGIONS)}"'}
    said |= {"description": f'"{content.topic(rng)} of {content.person(rng)}"'}
    return said | ({"created": f'"{content.day(rng)}"'} if rng.random() < 0.5 else {})


def _remark(rng: Random) -> str:
    return f"# Agreed with {content.firm(rng)}" if rng.random() < 0.3 else ""
