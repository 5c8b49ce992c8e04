"""The edits of treebanks: programs, the sentences that ask for them, and plans."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from worktrial.documents import programs, table
from worktrial.documents.domains.treebank.format import (
    AT,
    COLUMNS,
    GENRE,
    KEY,
    NONE,
    SAID,
    SENTENCE,
    columns_of,
)
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Unit

RECORDS = keyed_verbs(
    SENTENCE,
    one="sentence",
    many="sentences",
    a_field="comment",
    key=KEY,
    text="Column names are written as the comments' names, with the `#`.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=SENTENCE,
    keys=(KEY,),
    sortable=(SAID,),
    category=GENRE,
    removable=(SAID, GENRE),
    recodes={GENRE: {"news": "N", "letter": "L", "report": "R", "minutes": "M", "wiki": "W"}},
    extension=".conllu",
    plural="sentences",
)


def _words(unit: Unit, change: Callable[[list[str]], list[str]]) -> Unit:
    """The same sentence with the columns of its words changed."""
    changed = [
        "\t".join(change(columns)) if (columns := columns_of(line)) else line
        for line in unit.text.split("\n")
    ]
    return replace(unit, text="\n".join(changed), layout=None)


def relabel(document: Document, *, column: str, legend: Mapping[str, str]) -> Document:
    """Replace the values of a column by a legend."""
    at = AT.get(column, 0)

    def relabelled(columns: list[str]) -> list[str]:
        return [*columns[:at], legend.get(columns[at], columns[at]), *columns[at + 1 :]]

    return programs.each(document, SENTENCE, lambda unit: _words(unit, relabelled))


def measure(document: Document) -> Document:
    """Say how far away a head is, not which it is."""

    def measured(columns: list[str]) -> list[str]:
        own, head = columns[0], columns[AT["HEAD"]]
        if not own.isdecimal() or not re.fullmatch(r"[1-9][0-9]{0,5}", head):
            return columns
        return _with(columns, HEAD=f"{int(head) - int(own):+}")

    return programs.each(document, SENTENCE, lambda unit: _words(unit, measured))


def count(document: Document) -> Document:
    """Say which word a head is, not how far away."""

    def counted(columns: list[str]) -> list[str]:
        own, head = columns[0], columns[AT["HEAD"]]
        if not own.isdecimal() or not re.fullmatch(r"[+-][0-9]{1,6}", head):
            return columns
        return _with(columns, HEAD=str(int(own) + int(head)))

    return programs.each(document, SENTENCE, lambda unit: _words(unit, counted))


def tuck(document: Document, *, column: str) -> Document:
    """Move a column into the miscellaneous one."""

    def tucked(columns: list[str]) -> list[str]:
        value, more = columns[AT[column]], columns[AT["MISC"]]
        if value == NONE:
            return columns
        parts = [*([] if more == NONE else [more]), f"{column}={value}"]
        return _with(columns, MISC="|".join(parts), **{column: NONE})

    known = column in AT
    return programs.each(document, SENTENCE, lambda u: _words(u, tucked)) if known else document


def untuck(document: Document, *, column: str) -> Document:
    """Move what stands in the miscellaneous column into its own."""

    def untucked(columns: list[str]) -> list[str]:
        parts = columns[AT["MISC"]].split("|")
        found = [part for part in parts if part.startswith(f"{column}=")]
        if not found:
            return columns
        rest = [part for part in parts if part not in found]
        value = found[0].partition("=")[2]
        return _with(columns, MISC="|".join(rest) or NONE, **{column: value})

    known = column in AT
    return programs.each(document, SENTENCE, lambda u: _words(u, untucked)) if known else document


def _with(columns: Sequence[str], **values: str) -> list[str]:
    return [values.get(name, old) for name, old in zip(COLUMNS, columns, strict=True)]


def stand_off(document: Document, *, column: str, target: str) -> Document:
    """Move a column into a table by sentence and word."""
    names = ["sent_id", "id", column]
    rows = [
        Unit(table.ROW, {n: table.typed(v) for n, v in zip(names, row, strict=True)})
        for unit in document.units()
        if unit.kind == SENTENCE and KEY in unit.fields
        for row in _values(unit, column)
    ]
    header = Unit(programs.HEADER, text="\t".join(names), structural=True)

    def emptied(unit: Unit) -> Unit:
        if KEY not in unit.fields:
            return unit
        return _words(unit, lambda columns: _with(columns, **{column: NONE}))

    return programs.each(document, SENTENCE, emptied).replacing(target, [header, *rows])


def _values(unit: Unit, column: str) -> Iterator[tuple[str, str, str]]:
    for line in unit.text.split("\n"):
        columns = columns_of(line)
        value = columns[AT.get(column, 0)] if columns else NONE
        if columns and value != NONE:
            yield table.written(unit.fields[KEY]), columns[0], value


def put_in(document: Document, *, column: str, target: str) -> Document:
    """Put a column in from its table."""
    known = {
        tuple(table.written(u.fields.get(n)) for n in ("sent_id", "id")): table.written(
            u.fields.get(column)
        )
        for u in document.files.get(target, ())
        if u.kind == table.ROW
    }

    def filled(unit: Unit) -> Unit:
        own = table.written(unit.fields.get(KEY))
        return _words(
            unit, lambda c: _with(c, **{column: known.get((own, c[0]), c[AT.get(column, 0)])})
        )

    return programs.each(document.replacing(target, None), SENTENCE, filled)


RELABEL = Verb(
    "In the column {column} of all words, replace values as follows: {**legend}. Other values, "
    "also longer ones that begin like these, stay.",
    relabel,
)
MEASURE = Verb(
    "In the column `HEAD`, write how far away the head is: its number less the word's own, with "
    "a sign, so that `+2` is the next word but one and `-1` the word before. A `0` or `_` stays.",
    measure,
)
COUNT = Verb(
    "In the column `HEAD`, write the number of the head in place of the distance with a sign: the "
    "word's own number plus the distance, so that `+2` in word 3 becomes `5`. A `0` or `_` stays.",
    count,
)
TUCK = Verb(
    "Move the column {column} of all words to the end of `MISC`, as the column's name, `=` and the "
    "value (after a `|` if there is something in `MISC` already), and leave `_` in its place. "
    "Where it is `_`, nothing changes.",
    tuck,
)
UNTUCK = Verb(
    "Where `MISC` has an entry {column} with a value after `=`, move this value to the column of "
    "that name and take the entry out of `MISC`; write `_` if `MISC` is then empty.",
    untuck,
)
STAND_OFF = Verb(
    "Move the column {column} out into a CSV table {target} with the columns `sent_id`, `id` and "
    "the column's name, a row for every word where it isn't `_`, in their order; leave `_` in "
    "its place.",
    stand_off,
)
PUT_IN = Verb(
    "Fill the column {column} of the words in from the CSV table {target}, matched by `sent_id` "
    "and `id`; words that aren't in the table keep what they have. Then remove {target}.",
    put_in,
)


def _column(document: Document, name: str) -> list[str]:
    lines = (line for u in EDITS.records(document) for line in u.text.split("\n"))
    return [columns[AT[name]] for line in lines if (columns := columns_of(line))]


_OLD_RELATIONS = {
    "obj": "dobj", "nsubj:pass": "nsubjpass", "aux:pass": "auxpass", "flat": "name",
    "fixed": "mwe",
}  # fmt: skip
_OLD_TAGS = {"CCONJ": "CONJ", "AUX": "VERBAUX", "PROPN": "NAME", "ADP": "PREP", "DET": "ART"}


def older_labels(document: Document, rng: Random) -> Edit | None:
    """Labels as an older guideline has them."""
    column, old = rng.choice((("DEPREL", _OLD_RELATIONS), ("UPOS", _OLD_TAGS)))
    present = set(_column(document, column))
    legend = {new: name for new, name in old.items() if new in present}
    if not legend or present & set(legend.values()):
        return None
    return edit(
        "older_labels",
        "substitute",
        [RELABEL(column=column, legend=legend)],
        [RELABEL(column=column, legend=programs.inverse(legend))],
    )


def distances(document: Document, _: Random) -> Edit | None:
    """Heads by their distance."""
    heads = _column(document, "HEAD")
    plain = all(re.fullmatch(r"0|_|[1-9][0-9]{0,5}", head) for head in heads)
    if not plain or not set(heads) - {"0", NONE}:
        return None
    return edit("distances", "convert", [MEASURE()], [COUNT()])


def tags_aside(document: Document, _: Random) -> Edit | None:
    """The language's own tags among the miscellaneous."""
    tags, more = _column(document, "XPOS"), _column(document, "MISC")
    if not set(tags) - {NONE} or any("|" in t for t in tags) or any("XPOS=" in m for m in more):
        return None
    return edit("tags_aside", "move", [TUCK(column="XPOS")], [UNTUCK(column="XPOS")])


def stand_off_layer(document: Document, rng: Random) -> Edit | None:
    """A column in a table of its own."""
    column = rng.choice(("LEMMA", "FEATS"))
    said = {"column": column, "target": f"{column.lower()}.csv"}
    rows = [row for u in EDITS.records(document) if KEY in u.fields for row in _values(u, column)]
    told_apart = len({row[:2] for row in rows}) == len(rows)
    if not rows or not told_apart or EDITS.key(document) is None:
        return None
    return edit("stand_off_layer", "extract", [STAND_OFF(**said)], [PUT_IN(**said)])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), older_labels, distances, tags_aside, stand_off_layer,
    compose("parser", distances, tags_aside, EDITS.sort),
    compose("release", stand_off_layer, distances, EDITS.extract),
)  # fmt: skip

VERBS: tuple[Verb, ...] = (
    *RECORDS.all(), RELABEL, MEASURE, COUNT, TUCK, UNTUCK, STAND_OFF, PUT_IN,
)  # fmt: skip
