"""The edits of JSON documents: those of any list of records and those of nested data."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from worktrial.documents import table
from worktrial.documents.domains.json import verbs
from worktrial.documents.domains.json.fresh import CATEGORIES
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.records import RecordEdits
from worktrial.documents.unit import Document, Unit


@dataclass(frozen=True, slots=True)
class Book:
    """A kind of document: what its main list is called and what can be done to it.

    Attributes:
        items: The key of the main list.
        nested: The object nested in its entries.
        edits: The edits of its records.
    """

    items: str
    nested: str
    edits: RecordEdits

    def planners(self) -> tuple[Planner, ...]:
        """Record edits, and those of nested data."""
        own = (
            self.to_yaml, self.to_csv, self.regroup, self.normalise, self.publish, self.migrate,
        )  # fmt: skip
        return tuple(partial(self._if_mine, plan) for plan in (*self.edits.planners(), *own))

    def _if_mine(self, plan: Planner, document: Document, rng: Random) -> Edit | None:
        return plan(document, rng) if self._entries(document) else None

    def _entries(self, document: Document) -> list[Unit]:
        """The entries of the main list, if there is one file and they are flat."""
        units = list(document.units())
        nested = any(u.kind.startswith(f"{self.items}[].") for u in units)
        if nested or len(document.files) != 1:
            return []
        return [u for u in units if u.kind == f"{self.items}[]"]

    def to_yaml(self, document: Document, _: Random) -> Edit | None:
        """JSON to YAML and back."""
        (file,) = document.files
        target = f"{file.rpartition('.')[0]}.yaml"
        forward = verbs.REWRITE_YAML(file=file, target=target)
        return edit("to_yaml", "convert", [forward], [verbs.REWRITE_JSON(file=target, target=file)])

    def to_csv(self, document: Document, _: Random) -> Edit | None:
        """The main list to a table, if every cell reads as the value it was."""
        entries = self._entries(document)
        names = list(dict.fromkeys(n for u in entries for n in u.fields))
        whole = all(n in u.fields and _survives(u.fields[n]) for u in entries for n in names)
        if not whole or not sayable(*names):
            return None
        (file,) = document.files
        words = {"items": self.items, "file": file, "target": f"{self.items}.csv"}
        forward = verbs.TO_CSV(**words, names=names)
        return edit("to_csv", "convert", [forward], [verbs.FROM_CSV(**words)])

    def regroup(self, document: Document, _: Random) -> Edit | None:
        """The main list under its category's values; the old order rides along."""
        field, rank, record = self.edits.category, self.edits.rank, self.edits.verbs
        if any(field not in u.fields or rank in u.fields for u in self._entries(document)):
            return None
        words = {"items": self.items, "field": field, "target": f"{self.items}_by_{field}"}
        return edit(
            "regroup",
            "regroup",
            [record.number(field=rank), verbs.GROUP(**words)],
            [verbs.UNGROUP(**words), record.ascending(field=rank), record.drop(field=rank)],
        )

    def normalise(self, document: Document, _: Random) -> Edit | None:
        """Nested objects into a list with references."""
        prefix, reference = f"{self.nested}.", f"{self.nested}_id"
        for unit in self._entries(document):
            if reference in unit.fields or not any(n.startswith(prefix) for n in unit.fields):
                return None
        names = {"items": self.items, "nested": self.nested, "target": f"{self.nested}s"}
        words = {**names, "reference": reference}
        return edit(
            "normalise", "normalise", [verbs.NORMALISE(**words)], [verbs.DENORMALISE(**words)]
        )

    def publish(self, document: Document, rng: Random) -> Edit | None:
        """Composed: scale, normalise and write as YAML."""
        return compose("publish", self.edits.scale, self.normalise, self.to_yaml)(document, rng)

    def migrate(self, document: Document, rng: Random) -> Edit | None:
        """Composed: recode, rename and move the list to a table."""
        renamed = self.edits.rename(document, rng)
        if renamed is None:
            return None
        moved = self.to_csv(renamed.forward(document), rng)
        steps = compose("migrate", self.edits.recode, lambda *_: renamed, lambda *_: moved)
        return steps(document, rng)


def _survives(value: object) -> bool:
    """Whether a value reads from a table's cell as it was."""
    if not isinstance(value, str | Decimal):
        return False
    read = table.typed(table.written(value))
    return type(read) is type(value) and read == value and "\r" not in str(value)


def _book(one: str, nested: str, **hooks: Any) -> Book:
    """The book of a list that is called `one` with an s, with these hooks of its records."""
    items = f"{one}s"
    edits = RecordEdits(
        verbs.records(one, items), f"{items}[]", extension=".json", rank="position", **hooks
    )
    return Book(items, nested, edits)


BOOKS = (
    _book(
        "product",
        "supplier",
        key="sku",
        sortable=("name", "price", "stock"),
        scalable={"price": "100"},
        category="category",
        removable=("price", "stock", "name"),
        renames={"sku": "article", "name": "title", "price": "list_price", "stock": "on_hand"},
        recodes={name: name[:3].upper() for name in CATEGORIES},
    ),
    _book(
        "service",
        "owner",
        key="service",
        sortable=("service", "replicas", "memory_mb"),
        scalable={"memory_mb": "1024"},
        category="tier",
        removable=("tier", "replicas", "memory_mb"),
        renames={"service": "name", "replicas": "instances", "memory_mb": "memory"},
        recodes={"gold": "T1", "silver": "T2", "bronze": "T3"},
    ),
    _book(
        "order",
        "customer",
        key="order",
        sortable=("placed", "total", "lines"),
        scalable={"total": "100"},
        category="status",
        removable=("placed", "lines", "total"),
        renames={"order": "number", "placed": "ordered_on", "total": "amount"},
        recodes={"open": "O", "packed": "P", "shipped": "S", "billed": "B"},
    ),
)
PLANNERS: Sequence[Planner] = tuple(plan for book in BOOKS for plan in book.planners())
VERBS: Sequence[Verb] = (
    *(verb for book in BOOKS for verb in book.edits.verbs.all()),
    verbs.REWRITE_YAML, verbs.REWRITE_JSON, verbs.TO_CSV, verbs.FROM_CSV,
    verbs.GROUP, verbs.UNGROUP, verbs.NORMALISE, verbs.DENORMALISE,
)  # fmt: skip
