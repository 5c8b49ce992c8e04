"""Fresh settings of an application that nobody has seen."""

from collections.abc import Iterator
from random import Random

from worktrial.documents import content

_PARTS = ("server", "cache", "mail", "store", "queue", "backup", "search", "billing", "report")


def _part(rng: Random, name: str) -> Iterator[str]:
    """A section of an application's settings."""
    yield f"\n# {content.sentence(rng)}"
    yield f"[{name}]"
    city = rng.choice(content.CITIES).lower()
    use = f"use_{content.topic(rng).replace(' ', '_')}_{rng.randint(2, 99)}"
    said = {
        "owner": content.email(content.person(rng), rng),
        "host": f"{city}-{rng.randint(2, 99)}.example",
        "port": f"{rng.randint(1025, 65_000)}",
        "timeout": f"{rng.randint(1, 999)}.{rng.randint(1, 9)}",
        use: rng.choice(("true", "false")),
        "since": f"{content.day(rng, year=rng.randint(1990, 2026))}",
        "label": f'"{content.firm(rng)}: {content.topic(rng)}"',
        "path": f"/srv/{city}/{rng.choice(content.TOPICS).replace(' ', '_')}",
        "contacts": "[\n" + "".join(f'    "{content.person(rng)}",\n' for _ in range(2)) + "]",
    }
    for key in rng.sample(list(said), rng.randint(5, 7)):
        yield f"{key} = {said[key]}"


def application(rng: Random, size: int) -> str:
    """The settings of an application, of about `size` tokens."""
    lines = [f"# Settings of the {content.topic(rng)}", f"version = {rng.randint(1, 400)}"]
    at = 0
    while at < 2 or sum(map(len, lines)) < size * 3.3:
        turn, which = divmod(at, len(_PARTS))
        lines += _part(rng, f"{_PARTS[which]}.{turn}" if turn else _PARTS[which])
        at += 1
    return "\n".join(lines) + "\n"
