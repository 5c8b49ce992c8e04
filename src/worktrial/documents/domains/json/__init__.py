"""JSON: product catalogues, service configurations and order books, and the same as YAML.

A unit is an object without the lists in it: the root, or an element of a list. Its kind is the path
of lists to it (`orders[]`), its fields the scalars in it by dotted path (`supplier.city`); an
element that is no object is a unit of its own. YAML reads as the JSON that says the same.

What counts: every key and value, numbers exactly and apart from text and booleans, the nesting,
the order of list elements.

Meaningless: the order of keys, white space, line ends, trailing zeros; in YAML also comments,
quoting, and flow or block style.

Limits: YAML is 1.2; a line with a tag or an anchor is not read, and no alias, which can make a
small file huge, is followed. A line that breaks YAML's syntax is opaque, and after a dozen of them
the whole file is. Only the line that opens a list says which list it is: without it all elements
are of another kind. Nesting is read to 48 levels. Edits need a single file with a flat main list.
"""

import json
from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content
from worktrial.documents.domain import Domain
from worktrial.documents.domains.json import own
from worktrial.documents.domains.json.edits import PLANNERS, VERBS
from worktrial.documents.domains.json.format import YAML
from worktrial.documents.domains.json.fresh import KINDS, written
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.jsontext import JSON
from worktrial.documents.table import CSV
from worktrial.documents.unit import Files


class JsonDomain(Domain):
    """Objects, lists and exact numbers under one root."""

    name = "json"
    category = "code"
    formats: ClassVar = {".json": JSON, ".geojson": JSON, ".yaml": YAML, ".yml": YAML, ".csv": CSV}
    verbs: ClassVar[Sequence[Verb]] = (*VERBS, *own.VERBS)
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    own_planners: ClassVar[Sequence[Planner]] = own.PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """A catalogue, a configuration or an order book."""
        file = rng.choice(KINDS)
        return {file: written(rng, size, file)}

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
        file = rng.choice(KINDS)
        older = written(rng, size // 2, file)
        return {f"archive-{file}": older, "notes.md": content.memo(rng, size // 2)}


DOMAIN = JsonDomain()
