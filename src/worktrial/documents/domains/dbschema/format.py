"""The format: from SQL to units and back."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from worktrial.documents import programs, table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

TABLE, COLUMN, CONSTRAINT, INDEX = "table", "column", "constraint", "index"
ADDITION, NOTE, STATEMENT, REMARK = "addition", "note", "statement", "remark"
_NAME = r"(?:[\w$]+|\"[^\"\n]{1,200}\"|`[^`\n]{1,200}`|\[[^\[\]\n]{0,200}\])"
_PARTS = re.compile(
    r"--[^\n]*|/\*|\$(?:[A-Za-z_]\w{0,40})?\$|(?:[EeNnBbXx]|[Uu]&)?'(?:[^'\n]|''){0,4000}'"
    rf"|\d{{1,40}}(?:\.\d{{1,40}})?[eE][-+]?\d{{1,4}}\b|{_NAME}(?:\.{_NAME}){{0,4}}"
    r"|(?:[<>=!|:+*%&^~#@?]|-(?!-)|/(?!\*))+|\S"
)
_VERBS = ("CREATE", "ALTER", "COMMENT", "INSERT", "DROP", "SET", "GRANT", "UPDATE", "DELETE",
          "SELECT", "BEGIN", "COMMIT")  # fmt: skip
_OF_TABLES = {"TEMP", "TEMPORARY", "GLOBAL", "LOCAL", "UNLOGGED", "EXTERNAL", "OR", "REPLACE"}
_KEYS = ("KEY", "INDEX", "FULLTEXT", "SPATIAL")
"""Begin a constraint when in capitals and with brackets, otherwise they name a column."""
_CLAUSES = {
    ("PRIMARY", "KEY"): "primary_key", ("NOT", "NULL"): "not_null", ("UNIQUE",): "unique",
    ("FOREIGN", "KEY"): "foreign_key", ("DEFAULT",): "default", ("CHECK",): "check",
    ("REFERENCES",): "references", ("ON", "DELETE"): "on_delete", ("ON", "UPDATE"): "on_update",
}  # fmt: skip
_OPENERS = {*(words[0] for words in _CLAUSES), "NULL", "COLLATE", "GENERATED", "AUTO_INCREMENT",
            "CONSTRAINT"}  # fmt: skip
_HELD = {"NOT", "DEFAULT", "SET", "IS"}
"""Words that the keyword after them belongs to."""


class _Part(NamedTuple):
    text: str
    at: int
    first: bool
    """Whether it is the first on its line."""

    @property
    def word(self) -> str:
        return self.text.upper()

    @property
    def comment(self) -> str:
        """What it says, if it is a comment."""
        remark = self.text.startswith(("--", "/*"))
        return " ".join(self.text.strip("-/*").split()) if remark else ""


class Sql(Format):
    """Statements that end with a semicolon, or where a line begins with the next `CREATE`."""

    def parse(self, text: str) -> list[Unit]:
        """Statement by statement."""
        return [unit for parts in _statements(text) for unit in _units(text, parts)]

    def render(self, units: Sequence[Unit]) -> str:
        """A column a line; a blank line after every table."""
        blocks = groupby(units, _Owner())
        return "".join(_table(list(b)) if owner else "".join(map(_line, b)) for owner, b in blocks)


SQL = Sql()


def _statements(text: str) -> Iterator[list[_Part]]:
    """The parts of every statement, with the comments in it and behind it on its last line."""
    parts: list[_Part] = []
    ended = False
    for part in _parts(text):
        begins = part.first and part.word in ("CREATE", "ALTER")
        if parts and (begins or parts[0].comment or (ended and (part.first or not part.comment))):
            yield parts
            parts, ended = [], False
        if part.text == ";":
            ended = bool(parts)
        else:
            parts.append(part)
    if parts:
        yield parts


def _parts(text: str) -> Iterator[_Part]:
    last, open_ = 0, set[str]()
    while found := _PARTS.search(text, last):
        said = found[0]
        first = not last or "\n" in text[last : found.start()]
        last = found.end()
        closing = "*/" if said == "/*" else said if said[0] == said[-1] == "$" else ""
        if closing and closing not in open_:
            end = text.find(closing, last)
            # What isn't closed here is not closed further down, either.
            open_ |= {closing} if end < 0 else set()
            last = end + len(closing) if end >= 0 else last
        part = _Part(text[found.start() : last], found.start(), first)
        if part.comment or not part.text.startswith(("--", "/*")):
            yield part


def _units(text: str, parts: list[_Part]) -> list[Unit]:
    words = tuple(part.word for part in parts if not part.comment)
    if not words:
        return [Unit(REMARK, text=part.comment) for part in parts]
    if _creates(words):
        return _created(parts)
    said = [part.text for part in parts if not part.comment]
    comment = _comments(parts)
    note = None if comment else _note(said, words)
    unit = note or _index(said, words) or _addition(said, words)
    if unit is not None:
        return [_commented(unit, comment)]
    if words[0] in _VERBS:
        return [_commented(Unit(STATEMENT, {"verb": words[0]}, text=_joined(said[1:])), comment)]
    inside, around = _body(parts) if _headless(parts) else ([], [])
    if inside and all(part.comment for part in around):
        remarks = (Unit(REMARK, text=part.comment) for part in around)
        return [*remarks, *(_element("", element) for element in inside)]
    end = parts[-1].at + len(parts[-1].text)
    end += text[end : end + 1] == ";"
    return [opaque(line) for line in text[parts[0].at : end].split("\n") if line.strip()]


def _creates(words: tuple[str, ...]) -> bool:
    """Whether it is `CREATE TABLE name (`, and not a table made of a query or of another one."""
    head = words[: words.index("(")] if "(" in words else ()
    if head[:1] != ("CREATE",) or "TABLE" not in head:
        return False
    at = head.index("TABLE")
    named = head[at + 1 :]
    named = named[3:] if named[:3] == ("IF", "NOT", "EXISTS") else named
    return len(named) < 2 and set(head[1:at]) <= _OF_TABLES


def _headless(parts: Sequence[_Part]) -> bool:
    """Whether it is the inside of a table whose first line is lost."""
    said = [part for part in parts if not part.comment]
    signs = [part.text for part in said]
    return said[-1].text == ")" and said[-1].first and signs.count("(") + 1 == signs.count(")")


def _commented(unit: Unit, comment: str) -> Unit:
    return programs.with_fields(unit, {**unit.fields, "comment": comment}) if comment else unit


def _joined(said: Sequence[str]) -> str:
    """One space between parts, but for those that cling."""
    out = ""
    for part in said:
        clings = (
            part in (",", ")", "[]")
            or out[-1:] in ("", "(")
            or (part == "(" and out[-1:].islower())
        )
        out += part if clings else f" {part}"
    return out


def _created(parts: list[_Part]) -> list[Unit]:
    start = next(i for i, part in enumerate(parts) if part.text == "(")
    head = [part.text for part in parts[:start] if not part.comment]
    name = head.pop() if head[-1].upper() != "TABLE" else ""
    inside, rest = _body(parts[start + 1 :])
    rest = [*(part for part in parts[:start] if part.comment), *rest]
    kind = " ".join(word.upper() for word in head[1:] if word.upper() != "TABLE")
    fields: dict[str, Value] = {"table": name, **({"kind": kind} if kind else {})}
    options = _joined([part.text for part in rest if not part.comment])
    unit = Unit(TABLE, fields, text=options, structural=True)
    return [_commented(unit, _comments(rest)), *(_element(name, e) for e in inside)]


def _comments(parts: Sequence[_Part]) -> str:
    return " ".join(part.comment for part in parts if part.comment)


def _body(parts: list[_Part]) -> tuple[list[list[_Part]], list[_Part]]:
    """The elements between a table's brackets, and what stands around them."""
    signs = [part.text for part in parts]
    matched, depth = signs.count("(") + 1 == signs.count(")"), 0
    around: list[_Part] = []
    elements: list[list[_Part]] = [[]]
    for i, part in enumerate(parts):
        depth += {"(": 1, ")": -1}.get(part.text, 0)
        if depth < 0 if matched else part.text == ")" and part.first:
            around += parts[i + 1 :]
            break
        breaks = i + 1 == len(parts) or parts[i + 1].first or bool(parts[i + 1].comment)
        if part.text == "," and (depth == 0 if matched else breaks):
            elements.append([])
        elif part.comment and not elements[-1]:
            next((e for e in elements[-2:-1] if e), around).append(part)
        else:
            elements[-1].append(part)
    return [element for element in elements if element], around


def _element(owner: str, parts: list[_Part]) -> Unit:
    said = [part.text for part in parts if not part.comment]
    comment, fields = _comments(parts), dict[str, Value](table=owner) if owner else {}
    if said[0].upper() in ("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "EXCLUDE") or (
        said[0] in _KEYS and "(" in said
    ):
        return _commented(_constraint(CONSTRAINT, fields, said), comment)
    first, *clauses = _clauses(said[1:])
    kind = _joined([word if word[0] in "'\"`[" else word.lower() for word in first])
    fields |= {"name": said[0], **({"type": kind} if kind else {})}
    return _commented(_with_clauses(Unit(COLUMN, fields), clauses), comment)


def _constraint(kind: str, fields: dict[str, Value], said: list[str]) -> Unit:
    if said[0].upper() == "CONSTRAINT" and len(said) > 1:
        fields["name"], said = said[1], said[2:]
    first, *clauses = _clauses(said)
    return _with_clauses(Unit(kind, fields, text=_joined(first)), clauses)


def _clauses(said: Sequence[str]) -> list[list[str]]:
    """What stands before the first clause, then every clause."""
    depth, clauses = 0, [list[str]()]
    for i, part in enumerate(said):
        # A clause that has a name of its own stays whole, whatever follows.
        named = clauses[-1][:1] and clauses[-1][0].upper() == "CONSTRAINT"
        held = named or (i > 0 and said[i - 1].upper() in _HELD)
        if part.upper() in _OPENERS and depth == 0 and not held:
            clauses.append([])
        depth += {"(": 1, ")": -1}.get(part, 0)
        clauses[-1].append(part)
    return clauses


def _with_clauses(unit: Unit, clauses: Sequence[list[str]]) -> Unit:
    fields, loose = dict(unit.fields), [unit.text] if unit.text else []
    for said in clauses:
        words = tuple(part.upper() for part in said)
        opening = next((w for w in _CLAUSES if words[: len(w)] == w), ())
        name = _CLAUSES.get(opening, "")
        if name and name not in fields:
            fields[name] = _said(name, said[len(opening) :])
        else:
            loose.append(_joined(said))
    return Unit(unit.kind, fields, text=" ".join(loose))


def _said(name: str, said: list[str]) -> Value:
    if name in ("primary_key", "unique", "foreign_key", "check") and _bracketed(said):
        said = said[1:-1]
    if name in ("on_delete", "on_update"):
        said = [word.upper() for word in said]
    text = "".join(said) if said[:1] == ["-"] and len(said) == 2 else _joined(said)
    return table.typed(text) if said else True


def _bracketed(said: Sequence[str]) -> bool:
    return len(said) > 2 and said[0] == "(" and said[-1] == ")"


def _index(said: list[str], words: tuple[str, ...]) -> Unit | None:
    """`CREATE [UNIQUE] INDEX name ON table (columns) …`."""
    at = 2 if words[:2] == ("CREATE", "UNIQUE") else 1
    if (
        words[0] != "CREATE"
        or words[at : at + 1] != ("INDEX",)
        or words[at + 2 : at + 3] != ("ON",)
    ):
        return None
    name, owner, rest = said[at + 1], "".join(said[at + 3 : at + 4]), said[at + 4 :]
    fields: dict[str, Value] = {"name": name, "table": owner}
    fields |= {"unique": True} if at == 2 else {}
    if _bracketed(rest) and rest.count("(") == 1:
        return Unit(INDEX, {**fields, "columns": _joined(rest[1:-1])})
    return Unit(INDEX, fields, text=_joined(rest))


def _addition(said: list[str], words: tuple[str, ...]) -> Unit | None:
    """`ALTER TABLE table ADD constraint`."""
    if words[:2] != ("ALTER", "TABLE") or words[3:4] != ("ADD",) or len(said) < 5:
        return None
    return _constraint(ADDITION, {"table": said[2]}, said[4:])


def _note(said: list[str], words: tuple[str, ...]) -> Unit | None:
    """`COMMENT ON COLUMN table.name IS 'text'`."""
    if words[:3] != ("COMMENT", "ON", "COLUMN") or words[4:5] != ("IS",) or len(said) != 6:
        return None
    owner, _, name = said[3].rpartition(".")
    if not owner or not said[5].startswith("'"):
        return None
    comment = said[5][1:-1].replace("''", "'")
    return Unit(NOTE, {"table": owner, "name": name, "comment": comment})


class _Owner:
    """Groups units by the table that they are written in, which may have lost its name."""

    def __init__(self) -> None:
        self.count = 0
        self.owner: Value = None

    def __call__(self, unit: Unit) -> int:
        """A number for every table, 0 for what stands outside."""
        if unit.kind not in (TABLE, COLUMN, CONSTRAINT):
            self.owner = None
            return 0
        if unit.kind == TABLE or unit.fields.get("table", "") != self.owner:
            self.count += 1
            self.owner = unit.fields.get("table", "")
        return self.count


def _table(units: list[Unit]) -> str:
    owner = {n: v for n, v in units[0].fields.items() if n == "table"}
    head = units[0] if units[0].kind == TABLE else Unit(TABLE, owner)
    kind, *guard = table.written(head.fields.get("kind")).partition("IF NOT EXISTS")
    name = table.written(head.fields.get("table"))
    words = ["CREATE", kind.strip(), "TABLE", guard[0], name, "("]
    elements = [unit for unit in units if unit.kind != TABLE]
    lines = [" ".join(filter(None, words))] if head.fields else []
    for left, unit in zip(range(len(elements))[::-1], elements, strict=True):
        lines.append(f"    {_clausal(unit)}{',' if left else ''}{_comment(unit)}")
    return "\n".join(lines) + f"\n){f' {head.text}' if head.text else ''};{_comment(head)}\n\n"


def _clausal(unit: Unit) -> str:
    fields = unit.fields
    named = ["CONSTRAINT"] if unit.kind != COLUMN and "name" in fields else []
    parts = [*named, *(table.written(fields[n]) for n in ("name", "type") if n in fields)]
    for words, name in _CLAUSES.items():
        if name in fields:
            value = fields[name]
            said = [] if value is True else [table.written(value)]
            brackets = name in ("primary_key", "unique", "foreign_key", "check") and said
            parts += [*words, *([f"({said[0]})"] if brackets else said)]
    return " ".join([*parts, *([unit.text] if unit.text else [])])


def _comment(unit: Unit) -> str:
    return f" -- {unit.fields['comment']}" if "comment" in unit.fields else ""


def _line(unit: Unit) -> str:
    fields = {n: table.written(v) for n, v in unit.fields.items()}
    match unit.kind:
        case "index":
            words = ["CREATE UNIQUE INDEX" if "unique" in fields else "CREATE INDEX"]
            columns = [f"({fields['columns']})"] if "columns" in fields else []
            words += [fields["name"], "ON", fields["table"], *columns, unit.text]
        case "addition":
            words = [f"ALTER TABLE {fields['table']} ADD", _clausal(unit)]
        case "note":
            text = fields["comment"].replace("'", "''")
            return f"COMMENT ON COLUMN {fields['table']}.{fields['name']} IS '{text}';\n"
        case "statement":
            words = [fields["verb"], unit.text]
        case "remark":
            return f"-- {unit.text}\n"
        case _:
            return f"{unit.layout or unit.text}\n"
    return f"{' '.join(filter(None, words))};{_comment(unit)}\n"
