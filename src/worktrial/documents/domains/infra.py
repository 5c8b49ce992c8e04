"""The description of an infrastructure in HCL, as Terraform reads it.

A unit is a top-level block, a resource, variable or output; its kind and labels are fields, and so
is every attribute, also those of nested blocks and of maps. Numbers are exact, any other value is
kept as it is written, quotes included. Comments in a block are its text, as are stray lines.

What counts is every attribute with its value, every word of a comment, and the order of blocks.
The order of attributes, spaces, blank lines, the kind of comment mark, whether a list without
braces stands on one line or several, and whether a block of one attribute does, mean nothing.

Known limits: expressions are not evaluated. A top-level block begins at the start of a line, a
nested one is indented; an attribute outside of any block is opaque. A map on one line is not the
same as one on several. A comment stands at the top of its block, a stray line at its end.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

BLOCK, REMARK = "block", "remark"
WORD, TYPE, NAME = "block kind", "block type", "block name"
"""Fields of a block's first line; no attribute can have a space in its name."""
_HEADER = (WORD, TYPE, NAME)
_INTO = " > "
"""Between a nested block and what stands in it, in the name of a field."""
_LABEL = r'"[^"\n]{1,200}"'
_KEY = rf"{_LABEL}|\([^()\n]{{1,200}}\)|[\w.-]{{1,200}}"
_HEAD = re.compile(rf"([\w-]{{1,80}})((?:[ \t]+{_LABEL}){{0,2}})[ \t]*\{{")
_NESTED = re.compile(rf"([\w-]{{1,80}})((?:\s+{_LABEL}){{0,2}})\s*\{{|({_KEY})\s*[=:]\s*\{{")
_ATTRIBUTE = re.compile(rf"({_KEY})\s*=(?![=>])\s*(.*)", re.DOTALL)
_ENTRY = re.compile(rf"({_KEY})\s*(?:=(?![=>])|:(?!:))\s*(.*)", re.DOTALL)
"""In a map, a colon will do as well."""
_HEREDOC = re.compile(r"<<[-~]?(\w{1,80})")
_STRING = re.compile(r'("(?:[^"\\]|\\.){0,8000}")')
_COMMENT = re.compile(r"(?:^|\s)(?:#|//)(.*)")
_COUNT = re.compile(r" #\d+$")
"""Behind the name of a field that is there more than once."""
_MOST_LINES = 300
_DEEPEST = 20


class Hcl(Format):
    """Blocks in braces."""

    def parse(self, text: str) -> list[Unit]:
        """A unit a top-level block; a run of lines that belong to none is opaque."""
        reader = _Reader(text)
        return list(reader.units())

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line between blocks."""
        return "\n".join("\n".join([*_written(unit), ""]) for unit in units)


HCL = Hcl()


class _Reader:
    """The lines of a file, read from the top."""

    def __init__(self, text: str) -> None:
        self.lines = [line.rstrip() for line in text.split("\n")]
        self.at = 0

    def units(self) -> Iterator[Unit]:
        """Blocks, comments, and what is neither."""
        stray: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            head, remark = _opened(_HEAD, line), self._remark(line)
            if stray and (head or remark is not None or not line):
                yield opaque("\n".join(stray))
                stray = []
            if head:
                yield self._block(*head)
            elif remark:
                yield Unit(REMARK, text=remark)
            elif remark is None and line.strip(" }"):
                stray.append(line)
        if stray:
            yield opaque("\n".join(stray))

    def _block(self, head: re.Match[str], inside: str | None) -> Unit:
        labels = [label[1:-1] for label in re.findall(_LABEL, head[2])]
        names = (NAME,) if len(labels) == 1 else (TYPE, NAME)
        body = _Body({WORD: head[1], **dict(zip(names, labels, strict=False))})
        if inside:
            body.read(inside, self._more)
        while inside is None and self.at < len(self.lines) and not _opened(_HEAD, self._line):
            line = self._line.strip()
            self.at += 1
            remark = self._remark(line)
            if line in ("}", "},"):
                if not body.leaves():
                    break
            elif remark is not None:
                body.remark(remark)
            elif line:
                body.read(line, self._more)
        while body.leaves():
            pass
        return Unit(BLOCK, body.fields, key=NAME, text="\n".join(body.remarks + body.stray))

    @property
    def _line(self) -> str:
        return self.lines[self.at]

    def _remark(self, line: str) -> str | None:
        """What a comment says that begins with this line, or `None` if it begins none."""
        line = line.strip()
        if line.startswith("/*") and "*/" not in line:
            ahead = self.lines[self.at : self.at + _MOST_LINES]
            taken = next((n for n, text in enumerate(ahead, 1) if "*/" in text), 0)
            self.at += taken
            line = " ".join([line, *ahead[:taken]])
        return _worded(line) if line.startswith(("#", "//", "/*")) else None

    def _more(self, value: str) -> tuple[str, list[str]]:
        """The value that begins with this, over as many lines as it takes; comments in it."""
        if found := _HEREDOC.fullmatch(value):
            ends = (n for n, line in enumerate(self.lines[self.at : self.at + _MOST_LINES], 1)
                    if line.strip() == found[1])  # fmt: skip
            taken = next(ends, 0)
            lines = self.lines[self.at : self.at + taken]
            self.at += taken
            return "\n".join([value, *lines]), []
        taken = self._reach(value)
        further = [_uncommented(line.strip()) for line in self.lines[self.at : self.at + taken]]
        self.at += taken
        parts = [value, *(line for line, _ in further if line)]
        # Between braces, the end of a line ends an attribute.
        braces = any("{" in text for part in parts for text in _STRING.split(part)[::2])
        joined = "\n".join(map(_spaced, parts)) if braces else _spaced(" ".join(parts))
        return joined, [remark for _, remark in further]

    def _reach(self, value: str) -> int:
        """How many lines a value goes on for; none if its brackets are not closed."""
        open_ = _left_open("", value)
        for count, line in enumerate(self.lines[self.at : self.at + _MOST_LINES]):
            if not open_ or len(open_) > _DEEPEST or _opened(_HEAD, line):
                return count if open_ == "" else 0
            open_ = _left_open(open_, _uncommented(line.strip())[0])
        return 0


def _opened(pattern: re.Pattern[str], line: str) -> tuple[re.Match[str], str | None] | None:
    """The head of a block and, if the block ends on this line, the one attribute in it."""
    found = pattern.match(line)
    rest = line[found.end() :].strip() if found else ""
    inside = rest.removesuffix("}").strip()
    if found and not rest:
        return found, None
    plain = not inside or (_ATTRIBUTE.fullmatch(inside) and _left_open("", inside) == "")
    return (found, inside) if found and rest.endswith("}") and plain else None


def _left_open(before: str, line: str) -> str | None:
    """The brackets that are open behind a line; `None` if one closes that is not open."""
    bare = "".join(_STRING.split(line)[::2])
    for sign in re.findall(r"[][(){}]", bare):
        if sign in "([{":
            before += sign
        elif before[-1:] == {")": "(", "]": "[", "}": "{"}[sign]:
            before = before[:-1]
        else:
            return None
    return before


def _spaced(value: str) -> str:
    """A value with its spaces evened out, but for those in strings."""
    parts = _STRING.split(value)
    for i in range(0, len(parts), 2):
        part = re.sub(r"\s+", " ", parts[i])
        parts[i] = re.sub(r",?(?<! ) ?([\])])", r"\1", re.sub(r"([\[(]) ", r"\1", part))
    return "".join(parts).strip()


class _Body:
    """The inside of a block as it is read."""

    def __init__(self, fields: dict[str, Value]) -> None:
        self.fields = fields
        self.remarks: list[str] = []
        self.stray: list[str] = []
        self.path: list[str] = []
        self.filled = [True]
        self.counts: dict[str, int] = defaultdict(int)

    def leaves(self) -> bool:
        """Leave a nested block, if within one; one that is empty has a field of no name."""
        if not self.path:
            return False
        if not self.filled.pop():
            self._fill("", "")
        self.path.pop()
        return True

    def remark(self, text: str) -> None:
        """Note a comment."""
        self.remarks += [f"# {text}"] if text else []

    def read(self, line: str, more: Callable[[str], tuple[str, list[str]]]) -> None:
        """Read an attribute, or the head of a nested block."""
        line, comment = _uncommented(line)
        self.remark(comment)
        within = self.path[-1:] and self.path[-1].endswith("=")
        head = _opened(_NESTED, line) if _INTO not in line and len(self.path) < _DEEPEST else None
        if head and not (head[0][3] and head[1] is not None):
            self._enter(head[0])
            if head[1]:
                self.read(head[1], more)
            if head[1] is not None:
                self.leaves()
        elif found := (_ENTRY if within else _ATTRIBUTE).fullmatch(line):
            value, remarks = more(found[2])
            self._fill(self._numbered(found[1]), table.typed(value.removesuffix(",")))
            for remark in remarks:
                self.remark(remark)
        elif line:
            self.stray.append(" ".join(line.split()))

    def _enter(self, found: re.Match[str]) -> None:
        labels = "".join(f" {label}" for label in re.findall(_LABEL, found[2] or ""))
        part = f"{found[3]} =" if found[3] else f"{found[1]}{labels}"
        self.path.append(self._numbered(part, "{"))
        self.filled.append(False)

    def _numbered(self, name: str, sign: str = "=") -> str:
        """A name, with a number from the second time on that it stands in one place."""
        at = f"{self._name(name)} {sign}"
        self.counts[at] += 1
        return f"{name} #{self.counts[at]}" if self.counts[at] > 1 else name

    def _fill(self, name: str, value: Value) -> None:
        self.fields[self._name(name)] = value
        self.filled = [True] * len(self.filled)

    def _name(self, name: str) -> str:
        return _INTO.join([*self.path, name])


def _uncommented(line: str) -> tuple[str, str]:
    """A line without the comment in it, and that comment."""
    parts = _STRING.split(line)
    for i in range(0, len(parts), 2):
        found = _COMMENT.search(parts[i])
        if found and (i == 0 or found.start() > 0 or parts[i][:1].isspace()):
            rest = f"{found[1]}{''.join(parts[i + 1 :])}"
            kept = f"{''.join(parts[:i])}{parts[i][: found.start()]}"
            return kept.strip(), _worded(rest)
    return line, ""


def _worded(comment: str) -> str:
    return " ".join(comment.removesuffix("*/").lstrip("#/* ").split())


def _written(unit: Unit) -> list[str]:
    if unit.kind == REMARK:
        return [f"# {unit.text}"]
    if unit.kind != BLOCK:
        return [unit.layout or unit.text]
    labels = [f'"{table.written(unit.fields[n])}"' for n in (TYPE, NAME) if n in unit.fields]
    inside = [
        (name.split(_INTO), table.written(v))
        for name, v in unit.fields.items()
        if name not in _HEADER
    ]
    said = [f"  {line}" for line in unit.text.split("\n") if line]
    remarks = [line for line in said if line.startswith("  #")]
    head = " ".join([table.written(unit.fields.get(WORD)), *labels, "{"])
    return [head, *remarks, *_inside(inside, "  "), *said[len(remarks) :], "}"]


def _inside(fields: Sequence[tuple[list[str], str]], indent: str) -> list[str]:
    """Attributes, then nested blocks."""
    lines = [f"{indent}{_COUNT.sub('', path[0])} = {_indented(value, indent)}"
             for path, value in fields if len(path) == 1 and path[0]]  # fmt: skip
    for part in dict.fromkeys(path[0] for path, _ in fields if len(path) > 1):
        within = [(path[1:], value) for path, value in fields if len(path) > 1 and path[0] == part]
        head = _COUNT.sub("", part)
        lines += [f"{indent}{head} {{", *_inside(within, f"{indent}  "), f"{indent}}}"]
    return lines


def _indented(value: str, indent: str) -> str:
    """A value whose further lines, but for those of a here-document, stand below it."""
    first, *rest = value.split("\n")
    if _HEREDOC.fullmatch(first):
        return value
    inner = (indent if line[:1] in tuple(")]}") else f"{indent}  " for line in rest)
    return "\n".join([first, *(f"{space}{line}" for space, line in zip(inner, rest, strict=True))])


# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    BLOCK,
    one="top-level block",
    many="top-level blocks",
    a_field="attribute",
    key=NAME,
    text="Values stand in the table as in HCL, text in its double quotes.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=BLOCK,
    keys=(NAME,),
    sortable=(NAME,),
    scalable={"memory": "1024", "timeout": "1000"},
    shiftable={"port": ("1000", "2000")},
    category=TYPE,
    removable=("description", "owner"),
    extension=".tf",
    plural="blocks",
)
_REFERENCE = re.compile(r"(?:[a-z]\w{0,80}\.){1,4}[a-z]\w{0,80}")
_QUOTED = re.compile(r'"\$\{((?:[a-z]\w{0,80}\.){1,4}[a-z]\w{0,80})\}"')
_SIMPLE = re.compile(r"[a-z]\w{0,60}")


def _values(document: Document, change: Callable[[str, str], str]) -> Document:
    """Change the values of attributes by their name and text."""

    def changed(unit: Unit) -> Unit:
        new = {
            n: change(n, v) if isinstance(v, str) and n not in _HEADER else v
            for n, v in unit.fields.items()
        }
        return programs.with_fields(unit, new)

    return programs.each(document, BLOCK, changed)


def rename(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename blocks, and all references to them."""
    pattern = re.compile(r"(?<![\w.-])([a-z]\w{0,80}\.([a-z]\w{0,80}))(?![\w-])")

    def referred(_: str, value: str) -> str:
        return pattern.sub(lambda found: names.get(found[1], found[1]), value)

    def named(unit: Unit) -> Unit:
        kind, _, name = names.get(_address(unit), "").rpartition(".")
        return programs.with_fields(unit, {**unit.fields, NAME: name}) if kind else unit

    return _values(programs.each(document, BLOCK, named), referred)


def _address(unit: Unit) -> str:
    """How other blocks refer to a block."""
    kind, name = (table.written(unit.fields.get(n)) for n in (TYPE, NAME))
    first = {"variable": "var", "resource": kind, "data": f"data.{kind}"}
    return f"{first.get(table.written(unit.fields.get(WORD)), '')}.{name}"


def parametrise(
    document: Document, *, file: str, attribute: str, value: str, name: str
) -> Document:
    """Take the value of an attribute from a variable."""
    new = _values(document, lambda n, v: f"var.{name}" if (n, v) == (attribute, value) else v)
    block = Unit(BLOCK, {WORD: "variable", NAME: name, "default": value}, key=NAME)
    return new.replacing(file, [*new.files[file], block]) if file in new.files else new


def inline(document: Document, *, file: str, attribute: str, value: str, name: str) -> Document:
    """Write the value of a variable where it is used, and remove the variable."""
    kept = [
        u
        for u in document.files.get(file, ())
        if (u.fields.get(WORD), u.fields.get(NAME)) != ("variable", name)
    ]
    new = document.replacing(file, kept) if file in document.files else document
    return _values(new, lambda n, v: value if (n, v) == (attribute, f"var.{name}") else v)


def renumber(document: Document, *, old: str, new: str) -> Document:
    """Move addresses to another network."""
    return _values(document, lambda _, value: value.replace(f'"{old}', f'"{new}'))


def quote(document: Document) -> Document:
    """Write references as interpolations."""
    return _values(document, lambda _, v: f'"${{{v}}}"' if _REFERENCE.fullmatch(v) else v)


def bare(document: Document) -> Document:
    """Write interpolations of one reference as the reference."""
    return _values(document, lambda _, v: found[1] if (found := _QUOTED.fullmatch(v)) else v)


RENAME = Verb(
    "Rename these blocks, in their first line and wherever a value refers to them: {**names}.",
    rename,
)
PARAMETRISE = Verb(
    "Where a block of {file} has the attribute {attribute} with the value {value}, take the value "
    "from a new variable {name}, and declare that at the end of the file, with this value as "
    "`default` and nothing else.",
    parametrise,
)
INLINE = Verb(
    "The variable {name} of {file} goes: remove its block, and where the attribute {attribute} "
    "takes its value from it, write {value}.",
    inline,
)
RENUMBER = Verb(
    "In quoted values that begin with {old}, replace this beginning by {new}.", renumber
)
QUOTE = Verb(
    "Where the whole value of an attribute is a reference with dots, such as `var.region`, write "
    "it in the old way: in quotes, with a dollar sign and braces around the reference.",
    quote,
)
BARE = Verb(
    "Where the whole value of an attribute is a quoted string that holds just one reference with "
    "dots, with a dollar sign and braces around it, write the reference alone, such as "
    "`var.region`.",
    bare,
)


def names(document: Document, rng: Random) -> Edit | None:
    """Other names for blocks."""
    known = [a for u in EDITS.records(document) if _REFERENCE.fullmatch(a := _address(u))]
    old = [a for a in known if a.count(".") == 1 and known.count(a) == 1]
    new = {a: f"{a}_{word}" for a, word in zip(_some(rng, old, 4), "abcd", strict=False)}
    text = HCL.render(list(document.units()))
    if not new or any(re.search(rf"\b{re.escape(n)}\b", text) for n in _bare_names(new)):
        return None
    back = programs.inverse(new)
    return edit("names", "rename", [RENAME(names=new)], [RENAME(names=back)])


def _some(rng: Random, found: Sequence[str], most: int) -> list[str]:
    return rng.sample(list(found), min(most, len(found)))


def _bare_names(new: Mapping[str, str]) -> list[str]:
    return [name.rpartition(".")[2] for name in new.values()]


def variable(document: Document, rng: Random) -> Edit | None:
    """A value that blocks share, as a variable."""
    file, units = next(iter(document.files.items()), ("", ()))
    # A variable cannot take its own values from another.
    fixed = {n for u in units if u.fields.get(WORD) == "variable" for n in u.fields}
    told = [(n, v) for u in units for n, v in u.fields.items()
            if isinstance(v, str) and n not in fixed]  # fmt: skip
    found = [
        (n, v) for n, v in dict.fromkeys(told)
        if _SIMPLE.fullmatch(n) and v.startswith('"') and told.count((n, v)) > 1 and sayable(v)
    ]  # fmt: skip
    if len(document.files) != 1 or not found or not sayable(file):
        return None
    attribute, value = rng.choice(found)
    name = f"shared_{attribute}"
    if re.search(rf"\b{name}\b", HCL.render(units)):
        return None
    said = {"file": file, "attribute": attribute, "value": value, "name": name}
    return edit("variable", "normalise", [PARAMETRISE(**said)], [INLINE(**said)])


def network(document: Document, rng: Random) -> Edit | None:
    """Addresses of another network."""
    values = [v for u in document.units() for v in u.fields.values() if isinstance(v, str)]
    found = sorted({f"{p}." for v in values for p in re.findall(r'"(\d{1,3}\.\d{1,3})\.\d', v)})
    new = f"10.{rng.randint(200, 250)}."
    if not found or any(f'"{new}' in v for v in values):
        return None
    old = rng.choice(found)
    return edit("network", "renumber", [RENUMBER(old=old, new=new)], [RENUMBER(old=new, new=old)])


def interpolation(document: Document, _: Random) -> Edit | None:
    """References in the old way."""
    values = [v for u in document.units() for n, v in u.fields.items()
              if isinstance(v, str) and n not in _HEADER]  # fmt: skip
    if any(map(_QUOTED.fullmatch, values)) or not any(map(_REFERENCE.fullmatch, values)):
        return None
    return edit("interpolation", "convert", [QUOTE()], [BARE()])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), names, variable, network, interpolation,
    compose("move", network, names, EDITS.sort),
    compose("handover", EDITS.shift, interpolation, EDITS.extract),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_ROLES = ("web", "mail", "intranet", "billing", "search", "archive", "gateway", "sensor", "report",
          "build", "backup", "portal", "catalogue", "voice", "tiles", "export")  # fmt: skip
_ASPECTS = ("primary", "spare", "night", "public", "internal", "test", "edge", "bulk", "legacy")
_REGIONS = ("north-1", "west-2", "south-1")


def _blocks(rng: Random, count: int) -> list[Unit]:
    names = [f"{a}_{r}" for a in _ASPECTS for r in _ROLES]
    names += [f"{n}_{i}" for i in range(2, 2 + count // len(names)) for n in names]
    names = rng.sample(names[: max(len(_ASPECTS) * len(_ROLES), 2 * count)], count)
    makers = (_subnet, _server, _rule, _database)
    blocks: list[Unit] = []
    for i, name in enumerate(names):
        maker = makers[i] if i < len(makers) else rng.choice((*makers, _variable))
        nets = [_address(u) for u in blocks if u.fields.get(TYPE) == "cloud_subnet"]
        fields = maker(rng, name, rng.choice(nets) if nets else "")
        blocks.append(Unit(BLOCK, fields, text=_remark(rng)))
    return blocks


def _subnet(rng: Random, name: str, _: str) -> dict[str, Value]:
    return {
        **_head("cloud_subnet", name),
        "cidr": f'"10.{rng.randint(2, 9)}.{rng.randrange(256)}.0/{rng.randint(24, 28)}"',
        **_about(rng),
    }


def _server(rng: Random, name: str, net: str) -> dict[str, Value]:
    zones = ", ".join(f'"{z}"' for z in sorted(rng.sample(content.CITIES, rng.randint(1, 3))))
    return {
        **_head("cloud_server", name),
        "subnet": f"{net}.id",
        "memory": table.typed(str(rng.choice((2, 4, 8, 16, 32, 64)))),
        "image": f'"{rng.choice(content.FIRMS).lower()}-{rng.randint(10, 99)}"',
        "zones": f"[{zones}]",
        **_about(rng),
        "disk > size": table.typed(str(rng.randrange(20, 900, 5))),
        "disk > kind": f'"{rng.choice(("fast", "slow", "cold"))}"',
    }


def _rule(rng: Random, name: str, net: str) -> dict[str, Value]:
    ports = rng.sample(range(1024, 9999), 2)
    return {
        **_head("cloud_rule", name),
        "subnet": f"{net}.id",
        "port": table.typed(str(rng.randint(22, 900))),
        **_about(rng),
        "allow > from": f'"10.{rng.randint(2, 9)}.{rng.randrange(256)}.0/24"',
        "allow > to_port": table.typed(str(ports[0])),
        "allow #2 > from": f'"192.168.{rng.randrange(256)}.{rng.randrange(256)}/32"',
        "allow #2 > to_port": table.typed(str(ports[1])),
    }


def _database(rng: Random, name: str, net: str) -> dict[str, Value]:
    return {
        **_head("cloud_database", name),
        "network": f"{net}.name",
        "timeout": table.typed(str(rng.randint(5, 120))),
        **_about(rng),
        "tags = > Owner": f'"{content.person(rng)}"',
        "tags = > Cost": f'"{rng.choice(content.CITIES)}-{rng.randint(100, 999)}"',
    }


def _variable(rng: Random, name: str, _: str) -> dict[str, Value]:
    return {
        WORD: "variable",
        NAME: name,
        "type": "string",
        "default": f'"{rng.choice(content.TOPICS)}"',
        "description": f'"{content.topic(rng)} for {content.firm(rng)}"',
    }


def _head(kind: str, name: str) -> dict[str, Value]:
    return {WORD: "resource", TYPE: kind, NAME: name}


def _about(rng: Random) -> dict[str, Value]:
    said: dict[str, Value] = {"region": f'"{rng.choice(_REGIONS)}"'}
    said |= {"description": f'"{content.topic(rng)} of {content.person(rng)}"'}
    return said | ({"created": f'"{content.day(rng)}"'} if rng.random() < 0.5 else {})


def _remark(rng: Random) -> str:
    return f"# Agreed with {content.firm(rng)}" if rng.random() < 0.3 else ""


class Infra(Domain):
    """The description of an infrastructure."""

    name = "infra"
    category = "code"
    formats: ClassVar = {".tf": HCL, ".hcl": HCL, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RENAME, PARAMETRISE, INLINE, RENUMBER, QUOTE, BARE,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """Networks, servers, rules and databases of a firm."""
        return {"main.tf": HCL.render(_blocks(rng, max(4, round(size / 68))))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; aligned; lists over lines; other comment marks."""
        return [
            text.replace("\n", "\r\n"),
            text.replace(" = ", "     =  "),
            re.sub(r"= \[(.*)\]", r"= [\n    \1,\n  ]", text),
            re.sub(r"^  ", "\t// \n\n    ", text, flags=re.MULTILINE),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on costs and a list of keepers."""
        rows = [
            Unit(table.ROW, {"site": code, "city": rng.choice(content.CITIES),
                             "keeper": content.person(rng)})
            for code in content.codes(rng, "ST", max(3, size // 24))
        ]  # fmt: skip
        return {"costs.md": content.memo(rng, size // 2), "keepers.csv": table.CSV.render(rows)}


DOMAIN = Infra()
