"""What people ask for in a schema: sentences, programs and planners."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

from worktrial.documents import programs, table
from worktrial.documents.domains.dbschema.format import (
    ADDITION,
    COLUMN,
    CONSTRAINT,
    INDEX,
    NOTE,
    STATEMENT,
    TABLE,
)
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Unit

RECORDS = keyed_verbs(COLUMN, one="column", many="columns", a_field="clause", key="name")
EDITS = KeyedEdits(
    RECORDS,
    kind=COLUMN,
    keys=(),
    recodes={
        "type": {
            "integer": "int", "boolean": "bit", "text": "nvarchar(max)", "uuid": "uniqueidentifier",
            "timestamp": "datetime2", "numeric(10, 2)": "decimal(10, 2)", "bytea": "varbinary(max)",
            "double precision": "float", "varchar(80)": "nvarchar(80)", "char(3)": "nchar(3)",
        }
    },
)  # fmt: skip
_REFERENCE = ("references", "on_delete", "on_update")
_NAMED = ("table", "references", "foreign_key", "primary_key", "unique", "check", "columns")
_WORD = re.compile(r"'[^']{0,4000}'|[\w$]+")


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename tables and columns wherever they are named."""

    def renamed(unit: Unit) -> Unit:
        named = (*_NAMED, "name") if unit.kind in (COLUMN, NOTE) else _NAMED
        return _changed(unit, named, lambda text: _WORD.sub(lambda w: names.get(w[0], w[0]), text))

    return _each(document, renamed)


def _each(document: Document, change: Callable[[Unit], Unit]) -> Document:
    return programs.in_each_file(document, lambda units: map(change, units))


def _changed(unit: Unit, names: Sequence[str], change: Callable[[str], str]) -> Unit:
    fields = {n: change(v) if n in names and isinstance(v, str) else v
              for n, v in unit.fields.items()}  # fmt: skip
    return programs.with_fields(unit, fields)


def qualify(document: Document, *, schema: str) -> Document:
    """Name tables with their schema."""
    names = ("table", "references")
    return _each(document, lambda u: _changed(u, names, lambda name: f"{schema}.{name}"))


def unqualify(document: Document, *, schema: str) -> Document:
    """Name tables without their schema."""
    names = ("table", "references")
    return _each(document, lambda u: _changed(u, names, lambda n: n.removeprefix(f"{schema}.")))


def keys_out(document: Document, *, file: str) -> Document:
    """Add foreign keys at the end instead of with their columns."""

    def added(unit: Unit) -> Unit:
        owner, name = (table.written(unit.fields.get(n)) for n in ("table", "name"))
        said = {n: unit.fields[n] for n in _REFERENCE if n in unit.fields}
        key = f"{owner.replace('.', '_')}_{name}_fkey"
        return Unit(ADDITION, {"table": owner, "name": key, "foreign_key": name, **said})

    return _out(document, file, "references", _REFERENCE, added)


def notes_out(document: Document, *, file: str) -> Document:
    """Say what columns are in statements at the end instead of behind them."""

    def noted(unit: Unit) -> Unit:
        return Unit(NOTE, {n: unit.fields.get(n, "") for n in ("table", "name", "comment")})

    return _out(document, file, "comment", ("comment",), noted)


def _out(
    document: Document, file: str, name: str, gone: Sequence[str], made: Callable[[Unit], Unit]
) -> Document:
    """Make a unit at the end of a file of every column with a field, and take fields from it."""
    units = document.files.get(file, ())
    new = [made(u) for u in units if u.kind == COLUMN and name in u.fields]
    kept = [_less(u, gone) if u.kind == COLUMN and name in u.fields else u for u in units]
    return document.replacing(file, [*kept, *new]) if file in document.files else document


def _less(unit: Unit, gone: Sequence[str]) -> Unit:
    return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n not in gone})


def keys_in(document: Document, *, file: str) -> Document:
    """Put foreign keys to their columns."""
    return _in(document, file, ADDITION, "foreign_key", _REFERENCE)


def notes_in(document: Document, *, file: str) -> Document:
    """Say what columns are behind them."""
    return _in(document, file, NOTE, "name", ("comment",))


def _in(document: Document, file: str, kind: str, name: str, moved: Sequence[str]) -> Document:
    """Give columns what units of a kind say of them, and remove those units."""
    units = document.files.get(file, ())
    said = {
        (u.fields.get("table"), u.fields.get(name)): {
            n: u.fields[n] for n in moved if n in u.fields
        }
        for u in units
        if u.kind == kind and name in u.fields
    }

    def given(unit: Unit) -> Unit:
        found = said.get((unit.fields.get("table"), unit.fields.get("name")), {})
        return programs.with_fields(unit, {**unit.fields, **found}) if found else unit

    kept = [u for u in units if u.kind != kind or name not in u.fields]
    filed = document.replacing(file, kept) if file in document.files else document
    return programs.each(filed, COLUMN, given)


def primary_below(document: Document) -> Document:
    """Write primary keys as constraints below their columns."""

    def written(units: Sequence[Unit]) -> Iterator[Unit]:
        for unit in units:
            if unit.kind == COLUMN and unit.fields.get("primary_key") is True:
                yield _less(unit, ("primary_key",))
                of = {n: unit.fields.get(n, "") for n in ("table", "name")}
                yield Unit(CONSTRAINT, {"table": of["table"], "primary_key": of["name"]})
            else:
                yield unit

    return programs.in_each_file(document, written)


def primary_within(document: Document) -> Document:
    """Write the primary keys of one column with it."""
    keys = {
        (u.fields.get("table"), u.fields["primary_key"])
        for u in document.units()
        if u.kind == CONSTRAINT and "name" not in u.fields and "primary_key" in u.fields
    }
    columns = {(u.fields.get("table"), u.fields.get("name"))
               for u in document.units() if u.kind == COLUMN}  # fmt: skip

    def written(units: Sequence[Unit]) -> Iterator[Unit]:
        for unit in units:
            at = (unit.fields.get("table"), unit.fields.get("name"))
            key = (unit.fields.get("table"), unit.fields.get("primary_key"))
            if unit.kind == COLUMN and at in keys:
                yield programs.with_fields(unit, {**unit.fields, "primary_key": True})
            elif unit.kind != CONSTRAINT or key not in keys & columns:
                yield unit

    return programs.in_each_file(document, written)


def part(document: Document, *, file: str, target: str) -> Document:
    """Move indexes to a file."""
    units = document.files.get(file, ())
    if file not in document.files:
        return document
    kept = [u for u in units if u.kind != INDEX]
    return document.replacing(file, kept).replacing(target, [u for u in units if u.kind == INDEX])


def join(document: Document, *, file: str, target: str) -> Document:
    """Append the statements of a file to another."""
    both = [*document.files.get(file, ()), *document.files.get(target, ())]
    return document.replacing(target, None).replacing(file, both)


RENAME = Verb(
    "Rename these tables and columns wherever they are named, also in keys, checks, references, "
    "indexes and `COMMENT` statements; names of indexes and constraints stay: {**names}.",
    rename,
)
QUALIFY = Verb(
    "Put all tables into the schema {schema}: write it and a dot before the name of the table "
    "wherever a statement names one.",
    qualify,
)
UNQUALIFY = Verb(
    "Take the schema {schema} and the dot behind it away from the name of the table wherever a "
    "statement names one.",
    unqualify,
)
KEYS_OUT = Verb(
    "Take `REFERENCES`, with `ON DELETE` and `ON UPDATE`, out of the columns of {file}. Add each "
    "at the end of the file instead, in their order, as `ALTER TABLE … ADD CONSTRAINT … FOREIGN "
    "KEY (…) REFERENCES …`, named like `orders_customer_id_fkey`: table, column, `fkey`.",
    keys_out,
)
KEYS_IN = Verb(
    "Turn every `ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY (…) REFERENCES …` of {file} into the "
    "same `REFERENCES`, with `ON DELETE` and `ON UPDATE`, in its column.",
    keys_in,
)
NOTES_OUT = Verb(
    "Turn the comments behind the columns of {file} into `COMMENT ON COLUMN … IS '…'` statements "
    "at the end of the file, in their order.",
    notes_out,
)
NOTES_IN = Verb(
    "Turn every `COMMENT ON COLUMN … IS '…'` statement of {file} into a `--` comment behind its "
    "column.",
    notes_in,
)
BELOW = Verb(
    "Where a column is marked `PRIMARY KEY`, take that out and write a line `PRIMARY KEY (…)` with "
    "the column's name directly below the column.",
    primary_below,
)
WITHIN = Verb(
    "Where a table has a line `PRIMARY KEY (…)` with the name of one column, take it out and mark "
    "the column itself `PRIMARY KEY`.",
    primary_within,
)
PART = Verb(
    "Move all `CREATE INDEX` and `CREATE UNIQUE INDEX` statements of {file}, in their order, to "
    "the new file {target}.",
    part,
)
JOIN = Verb("Append the statements of {target} to {file}, then remove {target}.", join)


def renamed(document: Document, rng: Random) -> Edit | None:
    """Tables and columns by another convention."""
    tables = {n: f"t_{n}" for n in programs.text_values(_of(document, TABLE), "table")}
    columns = {n: f"c_{n}" for n in programs.text_values(_of(document, COLUMN), "name")}
    words = [table.written(v) for u in document.units() for v in (*u.fields.values(), u.text)]
    present = set(_WORD.findall(" ".join(words)))
    loose = {w for u in document.units() for w in _WORD.findall(u.text)}
    free = [(old, new) for old, new in (tables | columns).items()
            if re.fullmatch(r"[a-z]\w{1,40}", old) and new not in present and old not in loose
            and (old in tables) != (old in columns)]  # fmt: skip
    if len(free) < 2:
        return None
    names = dict(rng.sample(free, min(5, len(free))))
    back = programs.inverse(names)
    return edit("renamed", "rename", [RENAME(names=names)], [RENAME(names=back)])


def _of(document: Document, *kinds: str) -> list[Unit]:
    return [u for u in document.units() if u.kind in kinds]


def schema(document: Document, rng: Random) -> Edit | None:
    """Tables in a schema."""
    named = [n for part in ("table", "references")
             for n in programs.text_values(document.units(), part)]  # fmt: skip
    plain = all(re.fullmatch(r"[\w$]+(\([^()]*\))?", name) for name in named)
    if not named or not plain or _of(document, STATEMENT) or _loosely(document, "REFERENCES"):
        return None
    said = {"schema": rng.choice(("sales", "core", "ops", "main"))}
    return edit("schema", "rename", [QUALIFY(**said)], [UNQUALIFY(**said)])


def _loosely(document: Document, word: str) -> bool:
    """Whether a clause that is not read as such has a word."""
    return any(re.search(rf"\b{word}\b", u.text, re.IGNORECASE) for u in document.units())


def foreign_keys(document: Document, _: Random) -> Edit | None:
    """Foreign keys after all tables."""
    file = _file(document)
    told = [u for u in _of(document, COLUMN) if "references" in u.fields]
    plain = all(table.written(u.fields["name"]).isidentifier() for u in told)
    others = [u for u in _of(document, COLUMN) if set(_REFERENCE) & set(u.fields)]
    if file is None or not told or _of(document, ADDITION) or len(others) > len(told) or not plain:
        return None
    if _loosely(document, "REFERENCES"):
        return None
    return edit("foreign_keys", "regroup", [KEYS_OUT(file=file)], [KEYS_IN(file=file)])


def _file(document: Document) -> str | None:
    """The one file, if all of it is read and its columns have names of their own."""
    if _of(document, "opaque"):
        return None
    at = [(u.fields.get("table"), u.fields.get("name")) for u in _of(document, COLUMN)]
    name = next(iter(document.files), "")
    apart = all(owner for owner, _ in at) and len(set(at)) == len(at)
    return name if len(document.files) == 1 and apart and sayable(name) else None


def notes(document: Document, _: Random) -> Edit | None:
    """Comments as statements."""
    file = _file(document)
    told = [u for u in _of(document, COLUMN) if "comment" in u.fields]
    plain = all("\\" not in table.written(u.fields["comment"]) for u in told)
    if file is None or not told or _of(document, NOTE) or not plain:
        return None
    return edit("notes", "convert", [NOTES_OUT(file=file)], [NOTES_IN(file=file)])


def primary_keys(document: Document, _: Random) -> Edit | None:
    """Primary keys as constraints."""
    marked = any(u.fields.get("primary_key") is True for u in _of(document, COLUMN))
    others = any("primary_key" in u.fields for u in _of(document, CONSTRAINT))
    if _file(document) is None or not marked or others or _loosely(document, "PRIMARY"):
        return None
    return edit("primary_keys", "convert", [BELOW()], [WITHIN()])


def indexes(document: Document, _: Random) -> Edit | None:
    """Indexes in a file of their own."""
    kinds = [u.kind for u in document.units()]
    file, count = _file(document), kinds.count(INDEX)
    said = {"file": file or "", "target": "indexes.sql"}
    if not file or file == said["target"] or count == 0 or set(kinds[-count:]) != {INDEX}:
        return None
    return edit("indexes", "split", [PART(**said)], [JOIN(**said)])


PLANNERS: tuple[Planner, ...] = (
    EDITS.recode, renamed, schema, foreign_keys, notes, primary_keys, indexes,
    compose("migration", renamed, foreign_keys, indexes),
    compose("review", primary_keys, schema, notes),
)  # fmt: skip

VERBS: tuple[Verb, ...] = (
    RECORDS.substitute, RENAME, QUALIFY, UNQUALIFY, KEYS_OUT, KEYS_IN, NOTES_OUT, NOTES_IN,
    BELOW, WITHIN, PART, JOIN,
)  # fmt: skip
