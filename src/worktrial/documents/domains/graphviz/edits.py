"""Reversible changes, planned where they fit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from worktrial.documents import programs, table
from worktrial.documents.domains.graphviz.format import (
    ABOUT,
    ARC,
    EDGE,
    FROM,
    GROUP,
    HEAD,
    NAME,
    NODE,
    PORTS,
    SETTING,
    SIZES,
    SUBGRAPH,
    TO,
)
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Unit, Value

_PREFIXES = ("v", "core", "x", "site")
_ABOUT = "The `subgraph` is the named subgraph that the {one} stands in, as in `outer/inner`."
_READERS = dict.fromkeys(SIZES, table.typed)
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
