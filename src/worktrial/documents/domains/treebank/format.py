"""CoNLL-U: sentences with comments and word lines."""

import re
from collections.abc import Iterator, Sequence

from worktrial.documents import table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

SENTENCE = "sentence"
KEY, SAID, GENRE = "# sent_id", "# text", "# genre"
COLUMNS = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
NONE = "_"
AT = {name: place for place, name in enumerate(COLUMNS)}
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
    if not fields and not any(columns_of(line) for line in rest):
        return opaque("\n".join(lines))
    return Unit(SENTENCE, fields, key=KEY if KEY in fields else None, text="\n".join(rest))


def columns_of(line: str) -> list[str] | None:
    """The columns of a word line, if it is one."""
    columns = line.split("\t")
    return columns if len(columns) == len(COLUMNS) and _ID.fullmatch(columns[0]) else None


def _canonical(line: str) -> str:
    columns = columns_of(line)
    if columns and "|" in columns[AT["FEATS"]]:
        features = sorted(columns[AT["FEATS"]].split("|"), key=lambda f: (f.lower(), f))
        columns[AT["FEATS"]] = "|".join(features)
    return "\t".join(columns) if columns else line.strip()


def _written(unit: Unit) -> str:
    if unit.kind == "opaque":
        return unit.layout or unit.text
    comments = [f"{n} = {table.written(v)}".rstrip() for n, v in unit.fields.items()]
    return "\n".join([*comments, *([unit.text] if unit.text else [])])
