"""Edits of sections: a heading that has a key, with all that stands under it.

A section reaches to the next heading of its kind. What `keyed` does to records happens here to the
headings, and all that stands under them follows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from worktrial.documents import keyed, programs, table
from worktrial.documents.edits import Edit, Transform, Verb, edit, sayable
from worktrial.documents.records import slug
from worktrial.documents.unit import Document, Unit

_MOST_PLACES = 8


def sections(units: Sequence[Unit], kind: str) -> Iterator[tuple[Unit, ...]]:
    """What stands before the first heading, which may be nothing, and every section."""
    starts = [i for i, unit in enumerate(units) if unit.kind == kind]
    for start, end in zip([0, *starts], [*starts, len(units)], strict=True):
        yield tuple(units[start:end])


def moving(document: Document, *, kind: str, program: Transform, **arguments: object) -> Document:
    """Let a program move the headings, and all that stands under them follow."""
    bodies: list[tuple[Unit, ...]] = []

    def closed(units: Sequence[Unit]) -> Iterator[Unit]:
        front, *found = sections(units, kind)
        yield from front
        for body in found:
            # The layout, which no program reads, says which section a heading stands for.
            yield replace(body[0], layout=str(len(bodies)))
            bodies.append(body)

    def opened(units: Sequence[Unit]) -> Iterator[Unit]:
        for unit in units:
            yield from bodies[int(unit.layout or 0)] if unit.kind == kind else (unit,)

    moved = program(programs.in_each_file(document, closed), kind=kind, **arguments)
    return programs.in_each_file(moved, opened)


@dataclass(frozen=True, slots=True)
class SectionEdits:
    """What a domain tells about its sections, and the verbs and planners that follow.

    Attributes:
        kind: The kind of unit that is a heading.
        key: The field of a heading that identifies a section.
        many: What sections are called, such as "chapters"; also in file names.
        sortable: Fields of a heading to sort by.
        category: A text field of a heading with few values, to split by.
        extension: Of the files that a split makes.
    """

    kind: str
    key: str
    many: str
    sortable: Sequence[str] = ()
    category: str = ""
    extension: str = ".md"

    def verbs(self) -> tuple[Verb, ...]:
        """Note an order, restore it; sort up, down; split, merge."""
        whole = f"the {self.many}, each with all that stands under it,"
        bound = partial(partial, moving, kind=self.kind)
        descending = partial(programs.sort, descending=True)
        return (
            Verb(
                f"Write {{order}}, a CSV table with the one column {{key}}: the {{key}} of the "
                f"{self.many} in their present order.",
                partial(keyed.note_order, kind=self.kind),
            ),
            Verb(
                f"Put {whole} into the order in which {{order}} lists their {{key}}, then remove "
                "{order}.",
                bound(program=keyed.restore_order),
            ),
            Verb(
                f"Sort {whole} by {{field}}, smallest first; ties keep their order.",
                bound(program=programs.sort),
            ),
            Verb(
                f"Sort {whole} by {{field}}, largest first; ties keep their order.",
                bound(program=descending),
            ),
            Verb(
                f"Move {whole} out of {{file}} into files by {{field}}, in the same order: "
                "{**places}. Whatever has another value, or stands before the first of them, "
                "stays.",
                bound(program=programs.split),
            ),
            Verb(
                f"Append {whole} of {{*places}} to {{file}}, file by file in that order, and "
                "remove the files they came from.",
                bound(program=programs.merge),
            ),
        )

    def sort(self, document: Document, rng: Random) -> Edit | None:
        """Sort by a field of the heading; a table keeps the old order."""
        heads = self.headings(document)
        names = [n for n in self.sortable if all(n in u.fields for u in heads)]
        if not names or not self.told(document) or self._order in document.files:
            return None
        note, restore, up, down, _, _ = self.verbs()
        said = {"key": self.key, "order": self._order}
        forward = [note(**said), rng.choice((up, down))(field=rng.choice(names))]
        return edit("sort", "sort", forward, [restore(**said)])

    def split(self, document: Document, _: Random) -> Edit | None:
        """Move sections into files by category; a table keeps the old order."""
        found = sorted(programs.text_values(self.headings(document), self.category))
        if len(document.files) != 1 or not 2 <= len(found) <= _MOST_PLACES:
            return None
        (file,) = document.files
        places = {value: f"{slug(value)}{self.extension}" for value in found}
        apart = len({file, *places.values()}) == len(places) + 1
        if not (apart and self.told(document) and sayable(file, *found)):
            return None
        note, restore, *_sorts, split, merge = self.verbs()
        said = {"key": self.key, "order": self._order}
        return edit(
            "split",
            "split",
            [note(**said), split(file=file, field=self.category, places=places)],
            [merge(file=file, places=tuple(places.values())), restore(**said)],
        )

    def headings(self, document: Document) -> list[Unit]:
        """The headings, over all files."""
        return [u for u in document.units() if u.kind == self.kind]

    def told(self, document: Document) -> bool:
        """Whether there are several sections, and the key tells them apart."""
        keys = [table.written(u.fields.get(self.key)) for u in self.headings(document)]
        return len(keys) > 1 and all(keys) and len(set(keys)) == len(keys)

    @property
    def _order(self) -> str:
        return f"{self.many}_order.csv"
