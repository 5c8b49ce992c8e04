"""Fresh manuals that nobody has seen."""

from collections.abc import Iterator
from random import Random

from worktrial.documents import content


def _section(rng: Random, at: int) -> Iterator[str]:
    """A section of a manual: what it is about, steps, and a command or a table."""
    tool = rng.choice(content.GOODS).replace(" ", "-")
    yield f"## {content.topic(rng).capitalize()} {at}"
    yield content.sentence(rng)
    count = rng.randint(2, 4)
    yield "\n".join(f"- {rng.choice(content.GOODS)} {n}: {content.firm(rng)}, {content.person(rng)}"
                    for n in rng.sample(range(2, 900), count))  # fmt: skip
    yield (
        f"```sh\n{tool} --city {rng.choice(content.CITIES)} --limit {rng.randint(2, 9000)}\n"
        f"{tool} list   --since {content.day(rng)}\n```"
    )
    if rng.random() < 0.5:
        yield f"### Until {content.day(rng):%d %B} {at}"
        rows = (f"| {content.person(rng)} | {content.amount(rng)} |" for _ in range(count))
        yield "\n".join((f"| Owner | Amount {at} |", "|---|---|", *rows))


def manual(rng: Random, size: int) -> str:
    """A manual of about `size` tokens."""
    blocks = [f"# Manual of the {content.topic(rng)}", content.sentence(rng)]
    at = 0
    while at < 2 or sum(map(len, blocks)) < size * 3.3:
        at += 1
        blocks += _section(rng, at)
    return "\n\n".join(blocks) + "\n"
