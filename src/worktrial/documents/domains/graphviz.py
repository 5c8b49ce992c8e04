"""A drawing of a network in Graphviz's language, DOT.

A unit is a node, identified by its name, or an edge, each with its attributes and the subgraph that
it stands in as fields; or a setting, such as defaults for nodes. The head is structural.

What counts is every name and value, the order of statements, and which subgraph each is in. Quotes
that are not needed, semicolons, line breaks and indentation mean nothing, nor does it that edges
with the same attributes are written as a chain, or that a subgraph is closed and opened again.

Known limits: values are text but for a few sizes. An unnamed subgraph is a unit of text, an edge
to or from one is opaque, and so is a statement with a comment, a line break in a string, or a sum
of strings in it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import ClassVar, NamedTuple

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

HEAD, NODE, ARC, EDGE, SETTING = "head", "node", "arc", "edge", "setting"
GROUP, EMPTY, COMMENT = "group", "empty", "comment"
NAME, FROM, TO, SUBGRAPH, ABOUT = "name", "from", "to", "subgraph", "about"
PORTS = ("from_port", "to_port")
_RESERVED = frozenset((NAME, FROM, TO, SUBGRAPH, ABOUT, *PORTS))
_SIZES = (
    "width", "height", "penwidth", "weight", "minlen", "len", "fontsize", "nodesep", "ranksep",
)  # fmt: skip
_KEYWORDS = frozenset(("node", "edge", "graph", "digraph", "subgraph", "strict"))
_OPERATORS = {"->": ARC, "--": EDGE}
_DEEPEST = 8
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|^[ \t]*\#[^\n]*)
    |(?P<string>"(?:[^"\\\n]|\\[\s\S])*")
    |(?P<html><(?:[^<>]|<[^<>]*>)*>)
    |(?P<word>(?!\d)\w+)
    |(?P<number>-?(?:\.\d+|\d+(?:\.\d*)?))
    |(?P<mark>->|--|[{}\[\]=;,:])
    |(?P<junk>"[^\n]*|\S)""",
    re.VERBOSE | re.MULTILINE,
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)")


class Dot(Format):
    """Statements between braces, some in named subgraphs."""

    def parse(self, text: str) -> list[Unit]:
        """A unit a statement; an edge each for a chain."""
        return list(_Reader(text).units())

    def render(self, units: Sequence[Unit]) -> str:
        """A statement a line; a subgraph is open as long as its statements follow each other."""
        lines: list[str] = []
        path: list[str] = []
        base = 0
        for unit in units:
            if unit.kind == HEAD:
                lines += [*_moved(path, [], base), *(["}"] if base else []), _head(unit)]
                path, base = [], 1
                continue
            to = [p for p in table.written(unit.fields.get(SUBGRAPH)).split("/") if p]
            lines += _moved(path, to, base)
            path = to
            if written := _written(unit):
                lines.append("  " * (base + len(path)) + written)
        lines += [*_moved(path, [], base), *(["}"] if base else [])]
        return "".join(f"{line}\n" for line in lines)


DOT = Dot()


def _moved(path: Sequence[str], to: Sequence[str], base: int) -> list[str]:
    """The lines that leave one subgraph and enter another."""
    same = 0
    while same < min(len(path), len(to)) and path[same] == to[same]:
        same += 1
    closing = ["  " * (base + depth) + "}" for depth in reversed(range(same, len(path)))]
    return closing + [
        "  " * (base + depth) + f"subgraph {_quoted(to[depth])} {{"
        for depth in range(same, len(to))
    ]


def _head(unit: Unit) -> str:
    fields = {n: table.written(v) for n, v in unit.fields.items()}
    name = [_quoted(fields[NAME])] if NAME in fields else []
    return " ".join(
        [*(["strict"] if "strict" in fields else []), fields.get("type", ""), *name, "{"]
    )


def _written(unit: Unit) -> str:
    cells = {n: _quoted(table.written(v)) for n, v in unit.fields.items()}
    attributes = ", ".join(f"{_quoted(n)}={v}" for n, v in cells.items() if n not in _RESERVED)
    listed = f" [{attributes}]" if attributes else ""
    match unit.kind:
        case "node":
            return f"{cells.get(NAME, '')}{listed};"
        case "arc" | "edge":
            operator = {kind: sign for sign, kind in _OPERATORS.items()}[unit.kind]
            return f"{_end(unit, FROM)} {operator} {_end(unit, TO)}{listed};"
        case "setting":
            about = table.written(unit.fields.get(ABOUT))
            return f"{about}{listed or ' []'};" if about else f"{attributes};"
        case "empty":
            return ""
        case "comment":
            return unit.text
        case "group":
            return f"{unit.text};"
        case _:
            return unit.layout or unit.text


def _end(unit: Unit, which: str) -> str:
    port = unit.fields.get(f"{which}_port")
    ports = [_quoted(p) for p in table.written(port).split(":")] if port else []
    return ":".join([_quoted(table.written(unit.fields.get(which))), *ports])


def _quoted(value: str) -> str:
    if _is_html(value) or (_PLAIN.fullmatch(value) and value.lower() not in _KEYWORDS):
        return value
    return '"' + value.replace('"', '\\"') + '"'


def _is_html(value: str) -> bool:
    return value.startswith("<") and value.endswith(">")


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int

    @property
    def value(self) -> str | None:
        """What it names, if it can name anything."""
        if self.kind == "string":
            text = re.sub(r"\\([\s\S])", _unescaped, self.text[1:-1])
            return None if _is_html(text) else text
        return self.text if self.kind in ("word", "number", "html") else None

    @property
    def keyword(self) -> str:
        """The keyword that it is; empty if it is none."""
        word = self.text.lower()
        return word if self.kind == "word" and word in _KEYWORDS else ""


def _unescaped(found: re.Match[str]) -> str:
    return {'"': '"', "\n": ""}.get(found[1], found[0])


_NOTHING = _Token("nothing", "", 0, 0)


class _Reader:
    """Reads one text, a statement at a time; what is no statement is opaque to its line's end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            _Token(str(m.lastgroup), m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)
        ]
        self.at = 0
        self.path: list[tuple[str, int]] = []
        self.closing = self._closing()
        self.torn = any(t.text == "{" and i not in self.closing for i, t in enumerate(self.tokens))

    def _closing(self) -> dict[int, int]:
        """Where each brace is closed."""
        found, waiting = {}, []
        for i, token in enumerate(self.tokens):
            if token.text == "{":
                waiting.append(i)
            elif token.text == "}" and waiting:
                found[waiting.pop()] = i
        return found

    def units(self) -> Iterator[Unit]:
        """Every unit, with the subgraph that it stands in."""
        while self.at < len(self.tokens):
            start = self.at
            self._mend(self._peek())
            found = self._statement()
            if found is None:
                self.at = start
                found = [self._lost(start)]
            yield from found

    def _mend(self, token: _Token) -> None:
        """Where a brace is missing, indentation tells which subgraph has ended."""
        while self.torn and self.path and self._indent(token) <= self.path[-1][1]:
            self.path.pop()

    def _indent(self, token: _Token) -> int:
        line = self.text[self.text.rfind("\n", 0, token.start) + 1 : token.start]
        return len(line) if not line.strip() else len(self.text)

    def _statement(self) -> list[Unit] | None:
        token = self._peek()
        if token.kind == "comment":
            self.at += 1
            return [self._here(COMMENT, {}, token.text.strip())]
        if self._take(";") or self._take(","):
            return []
        if self._take("}"):
            return self._left()
        if token.text == "{":
            return self._group(self.at)
        match token.keyword:
            case "strict" | "digraph":
                return self._head()
            case "graph" if self._peek(1).text != "[":
                return self._head()
            case "node" | "edge" | "graph":
                self.at += 1
                fields = self._attributes()
                return (
                    None if fields is None else [self._here(SETTING, {ABOUT: token.text, **fields})]
                )
            case "subgraph":
                return self._enter(self.at)
        return self._plain()

    def _here(self, kind: str, fields: Mapping[str, Value], text: str = "") -> Unit:
        where = {SUBGRAPH: "/".join(name for name, _ in self.path)} if self.path else {}
        return Unit(kind, {**fields, **where}, key=NAME if kind == NODE else None, text=text)

    def _head(self) -> list[Unit] | None:
        strict = {"strict": "yes"} if self._peek().keyword == "strict" else {}
        self.at += len(strict)
        kind = self._peek().keyword
        if kind not in ("graph", "digraph"):
            return None
        self.at += 1
        name = self._named()
        if not self._take("{"):
            return None
        self.path.clear()
        about = {"type": kind, **({} if name is None else {NAME: name}), **strict}
        return [Unit(HEAD, about, structural=True)]

    def _enter(self, start: int) -> list[Unit] | None:
        indent = self._indent(self._peek())
        self.at += 1
        name = self._named()
        if self._peek().text != "{":
            return None
        if not name or "/" in name or len(self.path) == _DEEPEST:
            return self._group(start)
        self.at += 1
        self.path.append((name, indent))
        return []

    def _left(self) -> list[Unit]:
        """The end of a subgraph, which is a unit if nothing stands in it."""
        if not self.path:
            return []
        found = [self._here(EMPTY, {})] if self.tokens[self.at - 2].text == "{" else []
        self.path.pop()
        return found

    def _group(self, start: int) -> list[Unit] | None:
        """An unnamed subgraph as it is; with an edge behind it, it is no unit that we know."""
        if self.at not in self.closing:
            return None
        self.at = self.closing[self.at] + 1
        if self._peek().text in _OPERATORS:
            return [self._lost(start)]
        return [self._here(GROUP, {}, " ".join(t.text for t in self.tokens[start : self.at]))]

    def _plain(self) -> list[Unit] | None:
        """A value of the graph, a node, or a chain of edges."""
        first = self._end_of_edge()
        if first is None:
            return None
        name, port = first
        if port is None and self._take("="):
            value = self._named()
            known = value is not None and name not in _RESERVED
            return [self._here(SETTING, {name: _typed(name, value or "")})] if known else None
        operator, ends = self._peek().text, [first]
        while operator in _OPERATORS and self._take(operator):
            following = self._end_of_edge()
            if following is None:
                return None
            ends.append(following)
        fields = self._attributes()
        if fields is None or self._peek().text in ("=", ":", *_OPERATORS):
            return None
        if len(ends) > 1:
            return [
                self._here(_OPERATORS[operator], _edge(a, b, fields)) for a, b in pairwise(ends)
            ]
        return [self._here(NODE, {NAME: name, **fields})] if port is None else None

    def _end_of_edge(self) -> tuple[str, str | None] | None:
        """A node's name and, if it is given, the port."""
        name = self._named()
        ports: list[str] = []
        while name is not None and self._take(":"):
            port = self._named()
            if not port or ":" in port or len(ports) > 1:
                return None
            ports.append(port)
        return None if name is None else (name, ":".join(ports) or None)

    def _attributes(self) -> dict[str, Value] | None:
        """What stands in brackets, if that can be read."""
        fields: dict[str, Value] = {}
        while self._take("["):
            while not self._take("]"):
                name = self._named()
                value = self._named() if self._take("=") else None
                if name is None or value is None or name in fields or name in _RESERVED:
                    return None
                fields[name] = _typed(name, value)
                _ = self._take(",") or self._take(";")
        return fields

    def _peek(self, ahead: int = 0) -> _Token:
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else _NOTHING

    def _take(self, mark: str) -> bool:
        taken = self._peek().kind == "mark" and self._peek().text == mark
        self.at += taken
        return taken

    def _named(self) -> str | None:
        """A name or value that is not a keyword."""
        token = self._peek()
        if token.keyword:
            return None
        self.at += token.value is not None
        return token.value

    def _lost(self, first: int) -> Unit:
        """The rest of a line, or of a statement, as it is."""
        self.at = max(self.at, first + 1)
        while self.at < len(self.tokens) and self._peek().text not in (";", "{", "}"):
            if "\n" in self.text[self.tokens[self.at - 1].end : self._peek().start]:
                break
            self.at += 1
        return opaque(self.text[self.tokens[first].start : self.tokens[self.at - 1].end])


def _typed(name: str, value: str) -> Value:
    return table.typed(value) if name in _SIZES else value


def _edge(
    start: tuple[str, str | None], end: tuple[str, str | None], fields: Mapping[str, Value]
) -> dict[str, Value]:
    ends = {FROM: start[0], PORTS[0]: start[1], TO: end[0], PORTS[1]: end[1]}
    return {**{n: v for n, v in ends.items() if v is not None}, **fields}


# --- edits -------------------------------------------------------------------------------------

_ABOUT = "The `subgraph` is the named subgraph that the {one} stands in, as in `outer/inner`."
_READERS = dict.fromkeys(_SIZES, table.typed)
NODES = keyed_verbs(
    NODE,
    one="graph node",
    many="graph nodes",
    a_field="attribute",
    key=NAME,
    readers=_READERS,
    text=_ABOUT.format(one="node"),
)
ARCS = keyed_verbs(
    ARC,
    one="directed edge",
    many="directed edges",
    a_field="attribute",
    key=FROM,
    readers=_READERS,
    text=_ABOUT.format(one="edge"),
)
_EDGE_COLUMNS = (
    FROM, PORTS[0], TO, PORTS[1], "label", "weight", "minlen", "penwidth", "color", "style", "dir",
    SUBGRAPH,
)  # fmt: skip
EDITS = KeyedEdits(
    NODES,
    kind=NODE,
    keys=(NAME,),
    scalable={"width": "72", "height": "72", "penwidth": "20"},
    removable=("label", "fillcolor", SUBGRAPH, "tooltip"),
    recodes={
        "fillcolor": {
            "gold": "#ffd700", "tomato": "#ff6347", "skyblue": "#87ceeb", "palegreen": "#98fb98",
            "plum": "#dda0dd", "khaki": "#f0e68c", "salmon": "#fa8072",
        },
        "shape": {"box": "rect", "ellipse": "oval"},
    },
    plural="nodes",
)  # fmt: skip


def sort_within(document: Document, *, field: str) -> Document:
    """Sort the nodes of every subgraph among the places that they have."""
    return programs.sort_within(
        document, kind=NODE, field=field, group=lambda unit: unit.fields.get(SUBGRAPH)
    )


def rename(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Give nodes other names, where they are declared and at the ends of edges."""
    for kind, field in ((NODE, NAME), *((k, f) for k in (ARC, EDGE) for f in (FROM, TO))):
        document = programs.substitute(document, kind=kind, field=field, legend=legend)
    return document


def lift(document: Document, *, field: str, value: str) -> Document:
    """Make a value of an attribute the default of nodes."""

    def lifted(unit: Unit) -> Unit:
        if unit.fields.get(field) != value:
            return unit
        return programs.with_fields(unit, {n: v for n, v in unit.fields.items() if n != field})

    return _with_default(programs.each(document, NODE, lifted), _default(NODE, field, value))


def lower(document: Document, *, field: str, value: str) -> Document:
    """Write the default of an attribute in every node that has none."""

    def lowered(unit: Unit) -> Unit:
        if field in unit.fields:
            return unit
        return programs.with_fields(unit, {**unit.fields, field: value})

    return _without_default(programs.each(document, NODE, lowered), _default(NODE, field, value))


def undirect(document: Document) -> Document:
    """Write a digraph as an undirected graph whose edges have arrows."""
    return _with_default(_retyped(document, "digraph", "graph", ARC, EDGE), _ARROWS)


def direct(document: Document) -> Document:
    """Write an undirected graph whose edges have arrows as a digraph."""
    return _without_default(_retyped(document, "graph", "digraph", EDGE, ARC), _ARROWS)


def flip(document: Document) -> Document:
    """Write edges from where they point to, with an arrow at the back."""

    def flipped(unit: Unit) -> Unit:
        if "dir" in unit.fields:
            return unit
        return programs.with_fields(unit, {**_turned(unit), "dir": "back"})

    return programs.each(document, ARC, flipped)


def unflip(document: Document) -> Document:
    """Write edges with an arrow at the back the way they point."""

    def unflipped(unit: Unit) -> Unit:
        if unit.fields.get("dir") != "back":
            return unit
        fields = {n: v for n, v in _turned(unit).items() if n != "dir"}
        return programs.with_fields(unit, fields)

    return programs.each(document, ARC, unflipped)


def _turned(unit: Unit) -> dict[str, Value]:
    """The fields of an edge with its ends exchanged."""
    other = {FROM: TO, TO: FROM, PORTS[0]: PORTS[1], PORTS[1]: PORTS[0]}
    ends = {other[n]: v for n, v in unit.fields.items() if n in other}
    return {**{n: ends[n] for n in other if n in ends}, **_unended(unit.fields)}


def _unended(fields: Mapping[str, Value]) -> dict[str, Value]:
    return {n: v for n, v in fields.items() if n not in (FROM, TO, *PORTS)}


def _default(about: str, field: str, value: str) -> Unit:
    return Unit(SETTING, {ABOUT: about, field: value})


_ARROWS = _default("edge", "dir", "forward")


def _with_default(document: Document, default: Unit) -> Document:
    return programs.in_each_file(
        document,
        lambda units: [x for u in units for x in ((u, default) if u.kind == HEAD else (u,))],
    )


def _without_default(document: Document, default: Unit) -> Document:
    return programs.in_each_file(document, lambda units: [u for u in units if u != default])


def _retyped(document: Document, old: str, new: str, line: str, other: str) -> Document:
    document = programs.substitute(document, kind=HEAD, field="type", legend={old: new})
    return programs.each(document, line, lambda u: replace(u, kind=other, layout=None))


SORT = Verb(
    "Sort the graph nodes of each subgraph by {field} in the order of characters, and likewise "
    "those outside of any: in each, they share out anew the places that they have now.",
    sort_within,
)
RENAME = Verb(
    "Rename graph nodes, where they are declared and wherever an edge begins or ends at one: "
    "{**legend}. Labels stay as they are.",
    rename,
)
LIFT = Verb(
    "Directly below the head of the graph, declare {value} the default of the nodes' attribute "
    "{field}, in a `node` statement of its own, and take the attribute out of the nodes that have "
    "this value.",
    lift,
)
LOWER = Verb(
    "Write the attribute {field} with the value {value} in every graph node that has no such "
    "attribute, and remove the `node` statement that declares this one default.",
    lower,
)
UNDIRECT = Verb(
    "Write the `digraph` as a `graph`, with `--` for `->` in every edge, and add the statement "
    "`edge [dir=forward];` directly below its head.",
    undirect,
)
DIRECT = Verb(
    "Write the `graph` as a `digraph`, with `->` for `--` in every edge, and remove the statement "
    "`edge [dir=forward];`.",
    direct,
)
FLIP = Verb(
    "Write every directed edge that has no `dir` the other way round, `b -> a` for `a -> b`, with "
    "any ports moving along with their nodes, and give it `dir=back`.",
    flip,
)
UNFLIP = Verb(
    "Write every directed edge that has `dir=back` the other way round, `a -> b` for `b -> a`, "
    "with any ports moving along with their nodes, and take `dir` out of it.",
    unflip,
)


def _whole(document: Document) -> bool:
    """Whether it is one digraph that holds nothing unread."""
    kinds = Counter(u.kind for u in document.units())
    digraph = any(u.fields.get("type") == "digraph" for u in units_of_kind(document, HEAD))
    return digraph and kinds[HEAD] == 1 and not {"opaque", GROUP, EDGE} & set(kinds)


def sort_nodes(document: Document, rng: Random) -> Edit | None:
    """Nodes in order within their subgraphs; a table keeps the old order."""
    field, order = rng.choice((NAME, "label")), "nodes_order.csv"
    there = sort_within(document, field=field)
    if EDITS.key(document) is None or there == document or order in document.files:
        return None
    said = {"key": NAME, "order": order}
    return edit("sort", "sort", [NODES.note(**said), SORT(field=field)], [NODES.restore(**said)])


def rename_nodes(document: Document, rng: Random) -> Edit | None:
    """Other names for some nodes, everywhere."""
    lines = [u for u in document.units() if u.kind == ARC]
    present = {v for f in (FROM, TO) for v in programs.text_values(lines, f)}
    names = programs.text_values(EDITS.records(document), NAME)
    chosen = rng.sample(names, min(5, len(names)))
    legend = {old: f"{rng.choice(_PREFIXES)}{i}_{old}" for i, old in enumerate(chosen, 1)}
    clash = set(legend.values()) & {*names, *present}
    if not legend or clash or not _whole(document) or not sayable(*legend, *legend.values()):
        return None
    back = RENAME(legend=programs.inverse(legend))
    return edit("rename", "rename", [RENAME(legend=legend)], [back])


def default(document: Document, _: Random) -> Edit | None:
    """The usual shape as the default."""
    shapes = [u.fields.get("shape") for u in EDITS.records(document)]
    usual = Counter(s for s in shapes if isinstance(s, str)).most_common(1)
    set_ = any("shape" in u.fields for u in units_of_kind(document, SETTING))
    if not usual or not all(shapes) or set_ or not _whole(document) or not sayable(usual[0][0]):
        return None
    said = {"field": "shape", "value": usual[0][0]}
    return edit("default", "normalise", [LIFT(**said)], [LOWER(**said)])


def undirected(document: Document, _: Random) -> Edit | None:
    """The other dialect, which has no direction of its own."""
    if not _whole(document) or any("dir" in u.fields for u in document.units()):
        return None
    return edit("undirected", "convert", [UNDIRECT()], [DIRECT()])


def direction(document: Document, _: Random) -> Edit | None:
    """Edges written from where they point to."""
    one_sided = ("dir", "arrowhead", "arrowtail", "headlabel", "taillabel", "headport", "tailport")
    arcs = units_of_kind(document, ARC)
    if not arcs or any(n in u.fields for u in document.units() for n in one_sided):
        return None
    return edit("direction", "regroup", [FLIP()], [UNFLIP()])


def edge_list(document: Document, _: Random) -> Edit | None:
    """The edges as a table."""
    file, units = next(iter(document.files.items()), ("", ()))
    arcs = [u for u in units if u.kind == ARC]
    names = [n for n in _EDGE_COLUMNS if any(n in u.fields for u in arcs)]
    known = all(set(u.fields) <= set(names) and "" not in u.fields.values() for u in arcs)
    last = list(units[len(units) - len(arcs) :]) == arcs
    if not arcs or not known or not last or len(document.files) > 1 or not sayable(file):
        return None
    said = {"file": file, "target": "edges.csv"}
    return edit("edge_list", "convert", [ARCS.tabulate(**said, names=names)], [ARCS.write(**said)])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), sort_nodes, rename_nodes, default, undirected, direction, edge_list,
    compose("layout", default, direction, rename_nodes),
    compose("data", rename_nodes, EDITS.extract, edge_list),
    compose("poster", sort_nodes, EDITS.scale, undirected),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_PREFIXES = ("v", "core", "x", "site")
_FIRST = (
    "order", "price", "mail", "fleet", "claim", "stock", "tariff", "audit", "route", "member",
    "ticket", "meter", "photo", "ledger", "survey", "permit", "rota", "lab", "grant", "parcel",
)  # fmt: skip
_LAST = (
    "api", "queue", "store", "cache", "worker", "proxy", "index", "gateway", "sync", "export",
    "portal", "archive", "monitor", "scheduler", "parser", "vault",
)  # fmt: skip
_ZONES = ("edge", "core", "back_office", "partners", "storage", "field", "cloud", "plant")
_COLOURS = tuple(EDITS.recodes["fillcolor"])
_FLOWS = (
    "reads {} rows", "every {} s", "port {}", "retries {}x", "batch of {}", "{} ms", "topic t{}",
    "at most {}/s", "since release {}", "nightly, {} GB",
)  # fmt: skip


def _size(rng: Random, low: int, high: int) -> Decimal:
    return Decimal(rng.randint(low, high)).scaleb(-2)


def _node(rng: Random, name: str, zone: str | None) -> Unit:
    label = f"{name.replace('_', ' ').capitalize()} {rng.choice(content.CITIES)}"
    fields: dict[str, Value] = {NAME: name, "label": label}
    fields["shape"] = rng.choice(("box", "box", "ellipse", "cylinder", "component", "note"))
    fields["fillcolor"] = rng.choice(_COLOURS)
    fields |= {"width": _size(rng, 70, 260), "height": _size(rng, 40, 110)}
    if rng.random() < 0.4:
        fields["tooltip"] = f"Owner: {content.person(rng)}"
    return Unit(NODE, {**fields, **({SUBGRAPH: zone} if zone else {})}, key=NAME)


def _arc(rng: Random, ends: Sequence[str]) -> Unit:
    fields: dict[str, Value] = {FROM: ends[0], TO: ends[1]}
    fields["label"] = rng.choice(_FLOWS).format(rng.randint(2, 950))
    if rng.random() < 0.5:
        fields["weight"] = Decimal(rng.randint(2, 90))
    if rng.random() < 0.4:
        fields["penwidth"] = _size(rng, 50, 400)
    if rng.random() < 0.3:
        fields["style"] = rng.choice(("dashed", "dotted", "bold"))
    return Unit(ARC, fields)


class Graphviz(Domain):
    """A drawing of a network."""

    name = "graphviz"
    category = "code"
    formats: ClassVar = {".dot": DOT, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *NODES.all(), ARCS.tabulate, ARCS.write, SORT, RENAME, LIFT, LOWER, UNDIRECT, DIRECT, FLIP,
        UNFLIP,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """Settings, zones of nodes, nodes outside of any, and the edges between all of them."""
        count = max(4, round(size / 60))
        names = [f"{a}_{b}" for a in _FIRST for b in _LAST]
        names += [f"{name}_{i}" for name in names for i in range(2, 2 + count // len(names))]
        chosen = rng.sample(names, count)
        zones = [*(f"cluster_{z}" for z in rng.sample(_ZONES, min(5, 1 + count // 4))), None]
        nodes = [_node(rng, n, zones[i * len(zones) // count]) for i, n in enumerate(chosen)]
        units = [Unit(HEAD, {"type": "digraph", NAME: rng.choice(_FIRST)}, structural=True)]
        units += _settings(rng)
        for zone in zones:
            label = f"{content.topic(rng).capitalize()} ({rng.choice(content.CITIES)})"
            units += [Unit(SETTING, {"label": label, SUBGRAPH: zone})] if zone else []
            units += [u for u in nodes if u.fields.get(SUBGRAPH) == zone]
        units += [_arc(rng, rng.sample(chosen, 2)) for _ in range(round(count * 1.3))]
        return {"network.dot": DOT.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; no semicolons; all names quoted; all on one line; attributes apart."""
        return [
            text.replace("\n", "\r\n"),
            text.replace(";\n", "\n"),
            re.sub(r"(?m)^( *)(\w+) -> (\w+)", r'\1"\2"->"\3"', text),
            " ".join(text.split("\n")),
            text.replace(", shape", "]\n[shape"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on the network and a list of who looks after what."""
        return {"notes.md": content.memo(rng, size // 2), "owners.csv": _owners(rng, size // 2)}


def _settings(rng: Random) -> list[Unit]:
    fonts = ("Helvetica", "Arial", "Courier", "Georgia")
    return [
        Unit(SETTING, {"rankdir": rng.choice(("LR", "TB", "RL"))}),
        Unit(SETTING, {"nodesep": _size(rng, 20, 90)}),
        Unit(SETTING, {ABOUT: NODE, "style": "filled", "fontname": rng.choice(fonts)}),
    ]


def _owners(rng: Random, size: int) -> str:
    rows = [
        Unit(table.ROW, {"service": code, "owner": content.person(rng)})
        for code in content.codes(rng, "SV", max(3, size // 10))
    ]
    return table.CSV.render(rows)


DOMAIN = Graphviz()
