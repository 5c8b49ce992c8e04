"""Words in articles: citation keys, labels, commands and terms."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from worktrial.documents import programs
from worktrial.documents.domains.latex.bibliography import ENTRY, KEY
from worktrial.documents.domains.latex.format import (
    BEGIN,
    CAPTION,
    COMMAND,
    ITEM,
    PARAGRAPH,
    command,
)
from worktrial.documents.edits import Verb
from worktrial.documents.unit import Document, Unit

PROSE = (PARAGRAPH, ITEM, CAPTION)
_CITES = re.compile(r"(\\(?:no)?cite[a-z]*\*?(?:\[[^\]]{0,200}\]){0,2}\{)([^{}]*)(?=\})")
_REFERS = re.compile(r"(\\(?:label|ref|eqref|autoref|pageref|cref|Cref)\{)([^{}]*)(?=\})")


def rename_citations(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename citation keys where they are cited and where they are defined."""

    def entry(unit: Unit) -> Unit:
        key = unit.fields.get(KEY)
        if not isinstance(key, str) or key not in names:
            return unit
        return programs.with_fields(unit, {**unit.fields, KEY: names[key]})

    return programs.each(rename_labels(document, names=names, where=_CITES), ENTRY, entry)


def rename_labels(
    document: Document, *, names: Mapping[str, str], where: re.Pattern[str] = _REFERS
) -> Document:
    """Rename labels where they are set and where they are referred to."""

    def keys(found: re.Match[str]) -> str:
        old = [key.strip() for key in found[2].split(",")]
        return found[1] + ",".join(names.get(key, key) for key in old)

    return _in_articles(document, lambda text: where.sub(keys, text))


def _in_articles(
    document: Document, change: Callable[[str], str], kinds: Sequence[str] = ()
) -> Document:
    """Change the text and the cells of an article's units, or of some kinds of them."""

    def changed(unit: Unit) -> Unit:
        if kinds and unit.kind not in kinds:
            return unit
        fields = {n: change(v) if isinstance(v, str) else v for n, v in unit.fields.items()}
        text = change(unit.text)
        same = text == unit.text and fields == unit.fields
        return unit if same else replace(unit, text=text, fields=fields, layout=None)

    return Document(
        {
            name: tuple(changed(u) for u in units) if name.endswith(".tex") else units
            for name, units in document.files.items()
        }
    )


def replace_command(document: Document, *, old: str, new: str) -> Document:
    """Write another command for a command with an argument."""
    return _in_articles(document, lambda text: text.replace(f"{old}{{", f"{new}{{"), PROSE)


def define_terms(document: Document, *, terms: Mapping[str, str]) -> Document:
    """Define a command for each term, and use it."""
    if not terms:
        return document
    either = "|".join(map(re.escape, terms))
    pattern = re.compile(rf"(?<![\\\w])(?:{either})(?!\w)")
    used = _in_articles(document, lambda t: pattern.sub(lambda m: f"{terms[m[0]]}{{}}", t), PROSE)
    new = [_definition(name, term) for term, name in terms.items()]
    files = {}
    for name, units in used.files.items():
        at = next((i for i, u in enumerate(units) if opens(u)), None)
        files[name] = units if at is None else (*units[:at], *new, *units[at:])
    return Document(files)


def spell_out(document: Document, *, commands: Mapping[str, str]) -> Document:
    """Write terms for their commands, and drop the definitions."""

    def spelled(text: str) -> str:
        for name, term in commands.items():
            text = text.replace(f"{name}{{}}", term)
        return text

    gone = {_definition(name, term).text for name, term in commands.items()}
    return Document(
        {
            name: tuple(u for u in units if u.kind != COMMAND or u.text not in gone)
            for name, units in _in_articles(document, spelled, PROSE).files.items()
        }
    )


def _definition(name: str, term: str) -> Unit:
    return command(f"\\newcommand{{{name}}}{{{term}}}")


def opens(unit: Unit) -> bool:
    """Whether a unit begins the document environment."""
    return unit.kind == BEGIN and unit.text == "document"


RENAME_CITATIONS = Verb(
    "Rename these citation keys in the bibliography and wherever they are cited: {**names}.",
    rename_citations,
)
RENAME_LABELS = Verb(
    "Rename these labels where they are set and wherever they are referred to: {**names}.",
    rename_labels,
)
REPLACE_COMMAND = Verb(
    "In paragraphs, list items and captions, write the command {new} instead of {old} wherever it "
    "takes an argument; the arguments stay as they are.",
    replace_command,
)
DEFINE = Verb(
    "Introduce a command for each of these terms: {**terms}. Define them with `\\newcommand`, one "
    "a line in this order, directly above the line that begins the `document` environment. In "
    "paragraphs, list items and captions write the command followed by `{}` wherever the term "
    "occurs in exactly this spelling, as whole words.",
    define_terms,
)
SPELL_OUT = Verb(
    "Spell out these commands, which are followed by `{}`, in paragraphs, list items and captions: "
    "{**commands}. Delete the `\\newcommand` lines that define them.",
    spell_out,
)
VERBS = (RENAME_CITATIONS, RENAME_LABELS, REPLACE_COMMAND, DEFINE, SPELL_OUT)
