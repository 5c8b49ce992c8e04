"""The edits of articles: what is planned where."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from worktrial.documents import programs
from worktrial.documents.domains.latex import floats, sections, words
from worktrial.documents.domains.latex.bibliography import ENTRY, KEY
from worktrial.documents.domains.latex.format import CAPTION, LABEL
from worktrial.documents.edits import Edit, Kind, Planner, Step, Verb, compose, edit, sayable
from worktrial.documents.table import ROW
from worktrial.documents.unit import Document, Unit

VERBS: Sequence[Verb] = (*sections.VERBS, *words.VERBS, *floats.VERBS)
_SMALLER = {
    "(kg)": ("(g)", "1000"), "(s)": ("(ms)", "1000"), "(m)": ("(cm)", "100"),
    "(h)": ("(min)", "60"), "(L)": ("(mL)", "1000"),
}  # fmt: skip
_TWO_WORDS = re.compile(r"(?<![\\\w])[a-z]{4,12} [a-z]{5,12}(?![\w{])")


def _article(document: Document) -> str:
    """The file that holds the document environment, or an empty name."""
    return next((n for n, units in document.files.items() if any(map(words.opens, units))), "")


def _exact(document: Document, name: str, kind: Kind, forward: Step, backward: Step) -> Edit | None:
    """An edit that changes and restores the document, or nothing where it is not made for it."""
    between = forward.program(document)
    fits = between != document and backward.program(between) == document
    return edit(name, kind, [forward], [backward]) if fits else None


def _contains(document: Document, *needles: str) -> bool:
    cells = (str(v) for u in document.units() for v in (u.text, *u.fields.values()))
    return any(needle in text for text in cells for needle in needles)


def _file_name(label: str, extension: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.lower()) + extension


def plan_move(document: Document, rng: Random) -> Edit | None:
    """A section changes its place."""
    file, labels = _article(document), sections.labels(document)
    if len(labels) < 2 or len(set(labels)) < len(labels) or not sayable(*labels):
        return None
    at = rng.randrange(len(labels))
    targets = [x for i, x in enumerate(labels) if i not in (at - 1, at)]
    if not targets:
        at, targets = 0, labels[1:]
    forward = sections.MOVE(file=file, label=labels[at], target=rng.choice(targets))
    backward = sections.MOVE_TO_MARK(file=file, label=labels[at])
    return _exact(document, "move_section", "move", forward, backward)


def plan_split(document: Document, _: Random) -> Edit | None:
    """A file for each of the first sections."""
    file, labels = _article(document), sections.labels(document)[:6]
    places = {label: _file_name(label, ".tex") for label in labels}
    clash = set(places.values()) & set(document.files) or len(set(places.values())) < len(labels)
    if len(labels) < 2 or clash or not sayable(*labels):
        return None
    forward = sections.SPLIT(file=file, places=places)
    backward = sections.MERGE(file=file, places=tuple(places.values()))
    return _exact(document, "split_sections", "split", forward, backward)


def _renaming(
    document: Document, name: str, kind: Kind, verb: Verb, names: Mapping[str, str]
) -> Edit | None:
    if not names or not sayable(*names) or _contains(document, *names.values()):
        return None
    forward, backward = verb(names=names), verb(names=programs.inverse(names))
    return _exact(document, name, kind, forward, backward)


def plan_citations(document: Document, rng: Random) -> Edit | None:
    """Citation keys in another style."""
    entries = [u for u in document.units() if u.kind == ENTRY]
    keys = [key for key in programs.text_values(entries, KEY) if sayable(key)]
    chosen = rng.sample(keys, min(len(keys), rng.randint(2, 8)))
    names = {key: f"ref-{key}" for key in chosen}
    return _renaming(document, "rename_citations", "rename", words.RENAME_CITATIONS, names)


def plan_labels(document: Document, _: Random) -> Edit | None:
    """Labels numbered by kind, in the order they are set."""
    labels = list(dict.fromkeys(x for u in document.units() for x in LABEL.findall(u.text)))
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for label in labels[:12]:
        prefix = label.partition(":")[0] if ":" in label else "lab"
        counts[prefix] += 1
        names[label] = f"{prefix}:no{counts[prefix]}"
    return _renaming(document, "number_labels", "renumber", words.RENAME_LABELS, names)


def plan_emphasis(document: Document, _: Random) -> Edit | None:
    """Another command for emphasis."""
    old, new = "\\emph", "\\textit"
    if _contains(document, new):
        return None
    verb = words.REPLACE_COMMAND
    forward, backward = verb(old=old, new=new), verb(old=new, new=old)
    return _exact(document, "emphasis", "substitute", forward, backward)


def plan_terms(document: Document, _: Random) -> Edit | None:
    """Commands for the two terms that occur most."""
    prose = [u.text for u in document.units() if u.kind in words.PROSE]
    pairs = Counter(pair for text in prose for pair in _TWO_WORDS.findall(text))
    terms: dict[str, str] = {}
    for pair in sorted(pairs, key=lambda each: (-pairs[each], each)):
        if len(terms) < 2 and not set(pair.split()) & {w for t in terms for w in t.split()}:
            terms[pair] = "\\" + pair.replace(" ", "")
    if not terms or _contains(document, *terms.values()):
        return None
    forward, backward = words.DEFINE(terms=terms), words.SPELL_OUT(commands=programs.inverse(terms))
    return _exact(document, "terms", "normalise", forward, backward)


def plan_bibliography(document: Document, rng: Random) -> Edit | None:
    """Sort the bibliography; the old order rides along."""
    entries = [u for u in document.units() if u.kind == ENTRY]
    if len(entries) < 2 or any(sections.ORDER in u.fields for u in entries):
        return None
    by_year = all(isinstance(u.fields.get("year"), Decimal) for u in entries)
    sort = sections.SORT(field="year") if by_year and rng.random() < 0.5 else sections.SORT_BY_KEY()
    forward = [sections.NUMBER(field=sections.ORDER), sort]
    backward = [sections.SORT(field=sections.ORDER), sections.DROP(field=sections.ORDER)]
    return edit("sort_bibliography", "sort", forward, backward)


def _tables(document: Document) -> dict[str, list[Unit]]:
    """The rows of every labelled table that has some."""
    found: dict[str, list[Unit]] = {}
    for units in document.files.values():
        for label, start, end in floats.labelled(units):
            rows = [u for u in units[start:end] if u.kind == ROW]
            if rows and label not in found and sayable(label):
                found[label] = rows
    return found


def plan_column(document: Document, rng: Random) -> Edit | None:
    """A column in a smaller unit of measure."""
    choices = [
        (table, name, unit)
        for table, rows in _tables(document).items()
        for name in rows[0].fields
        for unit in _SMALLER
        if name.endswith(unit) and isinstance(rows[0].fields[name], Decimal) and sayable(name)
    ]
    if not choices:
        return None
    table, column, unit = rng.choice(choices)
    smaller, factor = _SMALLER[unit]
    heading = column.removesuffix(unit) + smaller
    forward = floats.MULTIPLY(table=table, column=column, factor=factor, heading=heading)
    backward = floats.DIVIDE(table=table, column=heading, factor=factor, heading=column)
    return _exact(document, "convert_column", "scale", forward, backward)


def _to_file(
    document: Document, name: str, target: str, out: Verb, back: Verb, **where: str
) -> Edit | None:
    if target in document.files:
        return None
    forward, backward = out(target=target, **where), back(source=target, **where)
    return _exact(document, name, "extract", forward, backward)


def plan_entries(document: Document, _: Random) -> Edit | None:
    """The bibliography to a file of its own."""
    target, file = "references.bib", _article(document)
    return _to_file(
        document, "bibliography_file", target, sections.ENTRIES_OUT, sections.ENTRIES_IN, file=file
    )


def plan_rows(document: Document, rng: Random) -> Edit | None:
    """A table's data to a file."""
    tables = _tables(document)
    if not tables:
        return None
    table = rng.choice(list(tables))
    target = _file_name(table, ".csv")
    return _to_file(document, "table_data", target, floats.ROWS_OUT, floats.ROWS_IN, table=table)


def plan_captions(document: Document, _: Random) -> Edit | None:
    """Captions to a list for the copy editor."""
    if not any(u.kind == CAPTION for u in document.units()):
        return None
    file = _article(document)
    return _to_file(
        document, "captions", "captions.csv", floats.CAPTIONS_OUT, floats.CAPTIONS_IN, file=file
    )


PLANNERS: Sequence[Planner] = (
    plan_move, plan_split, plan_citations, plan_labels, plan_emphasis, plan_terms,
    plan_bibliography, plan_entries, plan_column, plan_rows, plan_captions,
    compose("house_style", plan_emphasis, plan_citations, plan_bibliography),
    compose("resubmission", plan_move, plan_terms, plan_labels),
    compose("data_room", plan_column, plan_captions, plan_split),
)  # fmt: skip
