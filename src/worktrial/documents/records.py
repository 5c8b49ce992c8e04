"""Edits that any list of records can have: one wording a domain, one planner a hook.

A domain says what its records are called and which fields may be sorted, scaled, split by,
taken out or renamed; the reversible edits follow. Book-keeping is keyed by a field that rides
along, never by position.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from random import Random

from worktrial.documents import programs
from worktrial.documents.edits import Edit, Planner, Step, Verb, compose, edit, sayable
from worktrial.documents.unit import Document, Unit


@dataclass(frozen=True, slots=True)
class RecordVerbs:
    """The sentences of record edits in a domain's own words."""

    number: Verb
    drop: Verb
    ascending: Verb
    descending: Verb
    rename: Verb
    substitute: Verb
    multiply: Verb
    divide: Verb
    split: Verb
    merge: Verb
    extract: Verb
    join: Verb

    def all(self) -> tuple[Verb, ...]:
        """Every verb."""
        return tuple(getattr(self, f.name) for f in fields(self))


def record_verbs(
    kind: str, *, one: str, many: str, a_field: str, lookup_kind: str | None = None
) -> RecordVerbs:
    """Word the record edits.

    Args:
        kind: The kind of unit that is a record.
        one: What a record is called, such as "row".
        many: And several of them.
        a_field: What a field is called, such as "column".
        lookup_kind: The kind of a record in a look-up file, where it differs.
    """
    bound = partial(partial, kind=kind)
    return RecordVerbs(
        number=Verb(
            f"Give every {one} a new last {a_field} {{field}} that numbers the {many} from 1 "
            "in their present order.",
            bound(programs.number),
        ),
        drop=Verb(f"Delete the {a_field} {{field}} from every {one}.", bound(programs.drop)),
        ascending=Verb(
            f"Sort the {many} by {{field}}, smallest first; ties keep their order.",
            bound(programs.sort),
        ),
        descending=Verb(
            f"Sort the {many} by {{field}}, largest first; ties keep their order.",
            bound(programs.sort, descending=True),
        ),
        rename=Verb(
            f"In every {one}, rename {a_field} names as follows: {{**names}}.",
            bound(programs.rename),
        ),
        substitute=Verb(
            f"In the {a_field} {{field}} of the {many}, replace values as follows: {{**legend}}.",
            bound(programs.substitute),
        ),
        multiply=Verb(
            f"Multiply the {a_field} {{field}} of every {one} by {{factor}}.",
            bound(programs.multiply),
        ),
        divide=Verb(
            f"Divide the {a_field} {{field}} of every {one} by {{factor}}.",
            bound(programs.divide),
        ),
        split=Verb(
            f"Move the {many} of {{file}} into files of their own by {{field}}, in the same format "
            f"and order: {{**places}}. Any other {one} stays where it is.",
            bound(programs.split),
        ),
        merge=Verb(
            f"Append the {many} of {{*places}} to {{file}}, file by file in that order, and remove "
            "the files they came from.",
            bound(programs.merge),
        ),
        extract=Verb(
            f"Move the {a_field} {{field}} of the {many} out into a new file {{lookup}}, which has "
            f"one entry for every {one} in the same order, with {{key}} and {{field}} alone.",
            bound(programs.extract, row=lookup_kind),
        ),
        join=Verb(
            f"Put the {a_field} {{field}} back into the {many} from {{lookup}}, matched by {{key}} "
            f"and placed after {{after}}; then remove {{lookup}}.",
            bound(programs.join),
        ),
    )


@dataclass(frozen=True, slots=True)
class RecordEdits:
    """What a domain tells about its records, and the planners that follow.

    Attributes:
        verbs: The wording.
        kind: The kind of unit that is a record.
        key: The field that identifies a record.
        sortable: Fields to sort by.
        scalable: Numeric fields and the exact factors that people convert them by.
        category: A text field with few values, to split and to recode by.
        removable: Fields that can move to a look-up file.
        renames: New names for fields.
        recodes: New values for the category.
        extension: Of the files that a split or an extraction makes.
        rank: The name of the book-keeping field.
    """

    verbs: RecordVerbs
    kind: str
    key: str
    sortable: Sequence[str] = ()
    scalable: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    removable: Sequence[str] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
    recodes: Mapping[str, str] = field(default_factory=dict)
    extension: str = ".csv"
    rank: str = "line_no"

    def planners(self) -> tuple[Planner, ...]:
        """The six plain edits and the two composed ones."""
        return (
            self.sort, self.scale, self.rename, self.recode, self.split, self.extract,
            self.overhaul, self.hand_out,
        )  # fmt: skip

    def sort(self, document: Document, rng: Random) -> Edit | None:
        """Sort by a field; the old order rides along as a number."""
        names = self._present(document, self.sortable)
        if not names or self._taken(document, self.rank):
            return None
        by = rng.choice([self.verbs.ascending, self.verbs.descending])
        return edit(
            "sort",
            "sort",
            [self.verbs.number(field=self.rank), by(field=rng.choice(names))],
            self._restore_order(),
        )

    def scale(self, document: Document, rng: Random) -> Edit | None:
        """Convert a number to another unit of measure by an exact factor."""
        names = self._present(document, list(self.scalable))
        if not names:
            return None
        name = rng.choice(names)
        return scaling(self.verbs.multiply, self.verbs.divide, name, self.scalable[name])

    def rename(self, document: Document, rng: Random) -> Edit | None:
        """Rename some of the fields."""
        names = self._present(document, list(self.renames))
        if len(names) < 2:
            return None
        chosen = rng.sample(names, rng.randint(2, len(names)))
        new = {old: self.renames[old] for old in chosen}
        if any(self._taken(document, name) for name in new.values()):
            return None
        return edit(
            "rename",
            "rename",
            [self.verbs.rename(names=new)],
            [self.verbs.rename(names=programs.inverse(new))],
        )

    def recode(self, document: Document, _: Random) -> Edit | None:
        """Replace the category's values by codes."""
        present = set(programs.text_values(self._records(document), self.category))
        legend = {old: new for old, new in self.recodes.items() if old in present}
        if not legend or present & set(legend.values()):
            return None
        return recoding(self.verbs.substitute, self.category, legend)

    def split(self, document: Document, _: Random) -> Edit | None:
        """Move records into files by category; the old order rides along."""
        found = sorted(programs.text_values(self._records(document), self.category))
        if len(document.files) != 1 or len(found) < 2 or self._taken(document, self.rank):
            return None
        if len(found) > 6 or not sayable(*found):
            return None
        (file,) = document.files
        places = {value: f"{slug(value)}{self.extension}" for value in found}
        if len({file, *places.values()}) <= len(places):
            return None
        return edit(
            "split",
            "split",
            [
                self.verbs.number(field=self.rank),
                self.verbs.split(file=file, field=self.category, places=places),
            ],
            [
                self.verbs.merge(file=file, places=tuple(places.values())),
                *self._restore_order(),
            ],
        )

    def extract(self, document: Document, rng: Random) -> Edit | None:
        """Move a field to a look-up file by key."""
        names = self._present(document, self.removable)
        keys = programs.values(self._records(document), self.key)
        if not names or len(keys) < len(self._records(document)):
            return None
        name = rng.choice(names)
        lookup = f"{slug(name)}_by_{slug(self.key)}{self.extension}"
        return edit(
            "extract",
            "extract",
            [self.verbs.extract(key=self.key, field=name, lookup=lookup)],
            [
                self.verbs.join(
                    key=self.key, field=name, lookup=lookup, after=self._before(document, name)
                )
            ],
        )

    def overhaul(self, document: Document, rng: Random) -> Edit | None:
        """Composed: sort, recode and scale."""
        return compose("overhaul", self.scale, self.recode, self.sort)(document, rng)

    def hand_out(self, document: Document, rng: Random) -> Edit | None:
        """Composed: scale, then split into files, then rename fields in all of them."""
        return compose("hand_out", self.scale, self.split, self.rename)(document, rng)

    def _restore_order(self) -> list[Step]:
        return [self.verbs.ascending(field=self.rank), self.verbs.drop(field=self.rank)]

    def _records(self, document: Document) -> list[Unit]:
        return [u for u in document.units() if u.kind == self.kind]

    def _present(self, document: Document, names: Sequence[str]) -> list[str]:
        """Those fields that every record has."""
        records = self._records(document)
        return [n for n in names if records and all(n in u.fields for u in records)]

    def _taken(self, document: Document, name: str) -> bool:
        return any(name in u.fields for u in self._records(document))

    def _before(self, document: Document, name: str) -> str:
        for unit in document.units():
            if unit.kind == programs.HEADER and name in (names := unit.text.split("\t")):
                at = names.index(name)
                return names[at - 1] if at else ""
        return ""


def scaling(multiply: Verb, divide: Verb, name: str, factor: str) -> Edit:
    """Convert a number by an exact factor."""
    said = {"field": name, "factor": factor}
    return edit("scale", "scale", [multiply(**said)], [divide(**said)])


def recoding(substitute: Verb, name: str, legend: Mapping[str, str]) -> Edit:
    """Replace the values of a field by others, all different."""
    back = substitute(field=name, legend=programs.inverse(legend))
    return edit("recode", "substitute", [substitute(field=name, legend=legend)], [back])


def slug(text: str) -> str:
    """A name as it can stand in a file's name."""
    return "".join(c if c.isalnum() else "_" for c in text.lower()).strip("_") or "other"
