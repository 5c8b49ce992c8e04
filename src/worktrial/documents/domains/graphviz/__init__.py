"""A drawing of a network in Graphviz's language, DOT.

A unit is a node, identified by its name, or an edge, each with its attributes and the subgraph that
it stands in as fields; or a setting, such as defaults for nodes. The head is structural.

What counts is every name and value, the order of statements, and which subgraph each is in. Quotes
that are not needed, semicolons, line breaks and indentation mean nothing, nor does it that edges
with the same attributes are written as a chain, or that a subgraph is closed and opened again.

Known limits: values are text but for a few sizes. An unnamed subgraph is a unit of text, an edge
to or from one is opaque, and so is a statement with a comment, a line break in a string, or a sum
of strings in it.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, table
from worktrial.documents.domain import Domain
from worktrial.documents.domains.graphviz.edits import (
    ARCS,
    DIRECT,
    FLIP,
    LIFT,
    LOWER,
    NODES,
    PLANNERS,
    RENAME,
    SORT,
    UNDIRECT,
    UNFLIP,
)
from worktrial.documents.domains.graphviz.format import DOT, HEAD, NAME, SETTING, SUBGRAPH
from worktrial.documents.domains.graphviz.fresh import (
    FIRST,
    LAST,
    ZONES,
    arc,
    node,
    owners,
    settings,
)
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Files, Unit


class Graphviz(Domain):
    """A drawing of a network."""

    name = "graphviz"
    category = "code"
    formats: ClassVar = {".dot": DOT, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *NODES.all(), ARCS.tabulate, ARCS.write, SORT, RENAME, LIFT, LOWER, UNDIRECT, DIRECT, FLIP,
        UNFLIP,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """Settings, zones of nodes, nodes outside of any, and the edges between all of them."""
        count = max(4, round(size / 60))
        names = [f"{a}_{b}" for a in FIRST for b in LAST]
        names += [f"{name}_{i}" for name in names for i in range(2, 2 + count // len(names))]
        chosen = rng.sample(names, count)
        zones = [*(f"cluster_{z}" for z in rng.sample(ZONES, min(5, 1 + count // 4))), None]
        nodes = [node(rng, n, zones[i * len(zones) // count]) for i, n in enumerate(chosen)]
        units = [Unit(HEAD, {"type": "digraph", NAME: rng.choice(FIRST)}, structural=True)]
        units += settings(rng)
        for zone in zones:
            label = f"{content.topic(rng).capitalize()} ({rng.choice(content.CITIES)})"
            units += [Unit(SETTING, {"label": label, SUBGRAPH: zone})] if zone else []
            units += [u for u in nodes if u.fields.get(SUBGRAPH) == zone]
        units += [arc(rng, rng.sample(chosen, 2)) for _ in range(round(count * 1.3))]
        return {"network.dot": DOT.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; no semicolons; all names quoted; all on one line; attributes apart."""
        return [
            text.replace("\n", "\r\n"),
            text.replace(";\n", "\n"),
            re.sub(r"(?m)^( *)(\w+) -> (\w+)", r'\1"\2"->"\3"', text),
            " ".join(text.split("\n")),
            text.replace(", shape", "]\n[shape"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on the network and a list of who looks after what."""
        return {"notes.md": content.memo(rng, size // 2), "owners.csv": owners(rng, size // 2)}


DOMAIN = Graphviz()
