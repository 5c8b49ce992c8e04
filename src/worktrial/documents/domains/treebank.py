"""Sentences with their syntax, in CoNLL-U.

A unit is a sentence, identified by its `# sent_id`; the comments above it are fields, and its word
lines are its text.

What counts is every comment with a name and a value, every column of every word, and the order of
words and sentences. The order of features in `FEATS`, of comments, and the number of empty lines
mean nothing. A comment after a word begins the next sentence.

Known limits: whether the heads of a sentence make a tree is not checked. A line that is no word
is kept among the words, and a comment without a value before them.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import ClassVar, NamedTuple

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

SENTENCE = "sentence"
KEY, SAID, GENRE = "# sent_id", "# text", "# genre"
COLUMNS = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
NONE = "_"
_AT = {name: place for place, name in enumerate(COLUMNS)}
_ID = re.compile(r"[0-9]{1,6}(?:[-.][0-9]{1,6})?")


class Conllu(Format):
    """Comments, then a line of ten columns a word; an empty line ends a sentence."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a sentence."""
        return [_unit(lines) for lines in _sentences(text)]

    def render(self, units: Sequence[Unit]) -> str:
        """Comments and words, with an empty line after every sentence."""
        return "".join(f"{written}\n\n" for unit in units if (written := _written(unit)))


CONLLU = Conllu()


def _sentences(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")):
        begins = line.startswith("#") and lines and not lines[-1].startswith("#")
        if lines and (begins or not line.strip()):
            yield lines
            lines = []
        if line.strip():
            lines.append(line)
    if lines:
        yield lines


def _unit(lines: Sequence[str]) -> Unit:
    fields: dict[str, Value] = {}
    rest = []
    for line in lines:
        name, equals, value = (part.strip() for part in line[1:].partition("="))
        if not line.startswith("#"):
            rest.append(_canonical(line))
        elif equals and name and f"# {name}" not in fields:
            fields[f"# {name}"] = value
        else:
            rest.append(f"# {line[1:].strip()}")
    if not fields and not any(_columns(line) for line in rest):
        return opaque("\n".join(lines))
    return Unit(SENTENCE, fields, key=KEY if KEY in fields else None, text="\n".join(rest))


def _columns(line: str) -> list[str] | None:
    """The columns of a word line, if it is one."""
    columns = line.split("\t")
    return columns if len(columns) == len(COLUMNS) and _ID.fullmatch(columns[0]) else None


def _canonical(line: str) -> str:
    columns = _columns(line)
    if columns and "|" in columns[_AT["FEATS"]]:
        features = sorted(columns[_AT["FEATS"]].split("|"), key=lambda f: (f.lower(), f))
        columns[_AT["FEATS"]] = "|".join(features)
    return "\t".join(columns) if columns else line.strip()


def _written(unit: Unit) -> str:
    if unit.kind == "opaque":
        return unit.layout or unit.text
    comments = [f"{n} = {table.written(v)}".rstrip() for n, v in unit.fields.items()]
    return "\n".join([*comments, *([unit.text] if unit.text else [])])


# --- edits -------------------------------------------------------------------------------------

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
        "\t".join(change(columns)) if (columns := _columns(line)) else line
        for line in unit.text.split("\n")
    ]
    return replace(unit, text="\n".join(changed), layout=None)


def relabel(document: Document, *, column: str, legend: Mapping[str, str]) -> Document:
    """Replace the values of a column by a legend."""
    at = _AT.get(column, 0)

    def relabelled(columns: list[str]) -> list[str]:
        return [*columns[:at], legend.get(columns[at], columns[at]), *columns[at + 1 :]]

    return programs.each(document, SENTENCE, lambda unit: _words(unit, relabelled))


def measure(document: Document) -> Document:
    """Say how far away a head is, not which it is."""

    def measured(columns: list[str]) -> list[str]:
        own, head = columns[0], columns[_AT["HEAD"]]
        if not own.isdecimal() or not re.fullmatch(r"[1-9][0-9]{0,5}", head):
            return columns
        return _with(columns, HEAD=f"{int(head) - int(own):+}")

    return programs.each(document, SENTENCE, lambda unit: _words(unit, measured))


def count(document: Document) -> Document:
    """Say which word a head is, not how far away."""

    def counted(columns: list[str]) -> list[str]:
        own, head = columns[0], columns[_AT["HEAD"]]
        if not own.isdecimal() or not re.fullmatch(r"[+-][0-9]{1,6}", head):
            return columns
        return _with(columns, HEAD=str(int(own) + int(head)))

    return programs.each(document, SENTENCE, lambda unit: _words(unit, counted))


def tuck(document: Document, *, column: str) -> Document:
    """Move a column into the miscellaneous one."""

    def tucked(columns: list[str]) -> list[str]:
        value, more = columns[_AT[column]], columns[_AT["MISC"]]
        if value == NONE:
            return columns
        parts = [*([] if more == NONE else [more]), f"{column}={value}"]
        return _with(columns, MISC="|".join(parts), **{column: NONE})

    known = column in _AT
    return programs.each(document, SENTENCE, lambda u: _words(u, tucked)) if known else document


def untuck(document: Document, *, column: str) -> Document:
    """Move what stands in the miscellaneous column into its own."""

    def untucked(columns: list[str]) -> list[str]:
        parts = columns[_AT["MISC"]].split("|")
        found = [part for part in parts if part.startswith(f"{column}=")]
        if not found:
            return columns
        rest = [part for part in parts if part not in found]
        value = found[0].partition("=")[2]
        return _with(columns, MISC="|".join(rest) or NONE, **{column: value})

    known = column in _AT
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
        columns = _columns(line)
        value = columns[_AT.get(column, 0)] if columns else NONE
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
            unit, lambda c: _with(c, **{column: known.get((own, c[0]), c[_AT.get(column, 0)])})
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
    return [columns[_AT[name]] for line in lines if (columns := _columns(line))]


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


# --- fresh documents ---------------------------------------------------------------------------


class _Word(NamedTuple):
    """A word; its head is a place in its sentence, counted from 1."""

    form: str
    lemma: str
    tag: str
    own_tag: str
    features: str
    head: int
    relation: str


_NOUNS = (
    "invoice", "harbour", "contract", "engine", "letter", "bridge", "garden", "report", "ticket",
    "window", "parcel", "budget", "proposal", "machine", "ladder", "schedule", "warehouse",
    "signal", "receipt", "kettle",
)  # fmt: skip
_ADJECTIVES = ("old", "new", "late", "short", "broken", "quiet", "narrow", "second", "grey", "full")
_VERBS = (
    "approve", "describe", "measure", "replace", "notice", "examine", "move", "close", "prepare",
    "remove", "share", "store", "divide", "file", "compare", "complete", "produce", "waste",
)  # fmt: skip
_ADPOSITIONS = ("in", "near", "from", "before", "behind", "for", "through")
_ADVERBS = ("often", "quickly", "never", "finally", "again", "rarely", "gladly")


class _Sentence:
    """A sentence that grows from left to right."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.words: list[_Word] = []

    def simple(self, *, brief: bool) -> "_Sentence":
        """Somebody did something to something, perhaps somewhere."""
        rng = self.rng
        subject = self._name(brief=brief) if brief or rng.random() < 0.5 else self._thing()
        if not brief and rng.random() < 0.4:
            self._add(rng.choice(_ADVERBS), None, "ADV", "RB", NONE, 0, "advmod")
        verb = rng.choice(_VERBS)
        root = self._add(f"{verb}d", verb, "VERB", "VBD", "Mood=Ind|Tense=Past|VerbForm=Fin")
        self._hang(subject, root, "nsubj")
        for place, word in enumerate(self.words[: root - 1], 1):
            if word.relation == "advmod":
                self._hang(place, root, "advmod")
        self._hang(self._thing(brief=brief), root, "obj")
        if not brief and rng.random() < 0.6:
            case = self._add(rng.choice(_ADPOSITIONS), None, "ADP", "IN", NONE, 0, "case")
            town = rng.choice(content.CITIES)
            place = self._add(town, town, "PROPN", "NNP", "Number=Sing", root, "obl")
            self._hang(case, place, "case")
        self._add(".", None, "PUNCT", ".", NONE, root, "punct")
        return self

    def _name(self, *, brief: bool = False) -> int:
        first, last = self.rng.choice(content.FIRST_NAMES), self.rng.choice(content.LAST_NAMES)
        at = self._add(first, first, "PROPN", "NNP", "Number=Sing")
        if not brief and self.rng.random() < 0.4:
            self._add(last, last, "PROPN", "NNP", "Number=Sing", at, "flat")
        return at

    def _thing(self, *, brief: bool = False) -> int:
        rng, start = self.rng, len(self.words) + 1
        plural = brief or rng.random() < 0.4
        if not plural or (not brief and rng.random() < 0.5):
            self._add("the", None, "DET", "DT", "Definite=Def|PronType=Art", 0, "det")
        if not brief and rng.random() < 0.5:
            self._add(rng.choice(_ADJECTIVES), None, "ADJ", "JJ", "Degree=Pos", 0, "amod")
        noun = rng.choice(_NOUNS)
        form, tag, number = (f"{noun}s", "NNS", "Plur") if plural else (noun, "NN", "Sing")
        at = self._add(form, noun, "NOUN", tag, f"Number={number}")
        for place in range(start, at):
            self._hang(place, at, self.words[place - 1].relation)
        return at

    def _add(
        self, form: str, lemma: str | None, tag: str, own: str, features: str = NONE,
        head: int = 0, relation: str = "root",
    ) -> int:  # fmt: skip
        shown = form.capitalize() if not self.words else form
        self.words.append(_Word(shown, lemma or form, tag, own, features, head, relation))
        return len(self.words)

    def _hang(self, place: int, head: int, relation: str) -> None:
        self.words[place - 1] = self.words[place - 1]._replace(head=head, relation=relation)

    def unit(self, sent_id: str, genre: str) -> Unit:
        """The sentence as a unit."""
        lines = [
            "\t".join((str(i), *word[:5], str(word.head), word.relation, NONE, self._space(i)))
            for i, word in enumerate(self.words, 1)
        ]
        said = " ".join(word.form for word in self.words).replace(" .", ".")
        fields = {KEY: sent_id, GENRE: genre, SAID: said}
        return Unit(SENTENCE, fields, key=KEY, text="\n".join(lines))

    def _space(self, place: int) -> str:
        return "SpaceAfter=No" if place == len(self.words) - 1 else NONE


class Treebank(Domain):
    """Sentences with their syntax."""

    name = "treebank"
    category = "records"
    formats: ClassVar = {".conllu": CONLLU, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RELABEL, MEASURE, COUNT, TUCK, UNTUCK, STAND_OFF, PUT_IN,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """Sentences of several genres, in the order they were annotated."""
        count = max(4, round(size / 125))
        brief = size < 400
        numbers = sorted(rng.sample(range(100, 1000 + 20 * count), count))
        genres = list(EDITS.recodes[GENRE])
        units = []
        for number in numbers:
            genre = rng.choice(genres)
            sentence = _Sentence(rng).simple(brief=brief)
            units.append(sentence.unit(f"{genre}-{number}", genre))
        return {"sentences.conllu": CONLLU.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; tight comments; features the other way round."""
        tight = re.sub(r"(?m)^# (\w+) = ", r"#\1=", text)
        turned = re.sub(
            r"\t(\w+=\w+\|[\w=|]+)\t(?=\d)",
            lambda found: "\t" + "|".join(found[1].split("|")[::-1]) + "\t",
            text,
        )
        variants = [text.replace("\n", "\r\n"), tight, text.replace("\n\n", "\n\n\n"), turned]
        return [variant for variant in variants if variant != text]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the annotators and a list of their batches."""
        return {
            "annotators.md": content.memo(rng, size // 2),
            "batches.csv": _batches(rng, size // 2),
        }


def _batches(rng: Random, size: int) -> str:
    rows = [
        Unit(table.ROW, {"no": code, "by": content.person(rng), "due": str(content.day(rng))})
        for code in content.codes(rng, "BATCH", max(3, size // 11))
    ]
    return table.CSV.render(rows)


DOMAIN = Treebank()
