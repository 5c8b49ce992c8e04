from collections.abc import Iterator
from decimal import Decimal
from random import Random

import pydot
import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document, Unit

GRAPHVIZ = domain("graphviz")
TEXT = """\
digraph net {
  rankdir=LR;
  subgraph cluster_core {
    label="The core";
    api [label="An \\"API\\"", width=1.50];
    subgraph inner {
      db [label=<a<b>c</b>>];
    }
  }
  "node" [label=x];
  api:out -> db [weight=3];
  db -> "node";
}
"""


def read(text: str = TEXT) -> Document:
    return GRAPHVIZ.parse({"network.dot": text})


def done(instruction: str, document: Document | None = None) -> str:
    program = GRAPHVIZ.read(instruction)
    assert program is not None
    return GRAPHVIZ.render(program(document or read()))["network.dot"]


def test_every_statement_knows_its_subgraph() -> None:
    head, rank, label, api, db, node, arc, last = read().units()
    assert (head.fields, rank.fields) == ({"type": "digraph", "name": "net"}, {"rankdir": "LR"})
    assert label.fields == {"label": "The core", "subgraph": "cluster_core"}
    assert (api.fields["label"], api.fields["width"]) == ('An "API"', Decimal("1.5"))
    assert db.fields["subgraph"] == "cluster_core/inner"
    assert node.fields == {"name": "node", "label": "x"}
    assert arc.fields == {"from": "api", "from_port": "out", "to": "db", "weight": Decimal(3)}
    assert (last.kind, last.fields) == ("arc", {"from": "db", "to": "node"})


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a -> b -> c [x=y]", ["arc", "arc"]),
        ("{rank=same; a; b}", ["group"]),
        ("{a b} -> c", ["opaque"]),
        ("a -> {b c}", ["opaque", "group"]),
        ('a [x="torn]\nb', ["opaque", "node"]),
        ("subgraph s {}", ["empty"]),
        ("a // why\n/* so */ b", ["node", "comment", "comment", "node"]),
        ("subgraph s {\n# why\na}", ["comment", "node"]),
        ("a = b c = d", ["setting", "setting"]),
        ("node [] edge", ["setting", "setting"]),
    ],
)
def test_what_a_statement_is(text: str, kinds: list[str]) -> None:
    (units,) = read(text).files.values()
    assert [u.kind for u in units] == kinds
    assert likeness(read(text), read(GRAPHVIZ.render(read(text))["network.dot"])).lossless


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pydot calls pyparsing by old names
@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    files = GRAPHVIZ.generate(Random(seed), 800)
    (graph,) = pydot.graph_from_dot_data(files["network.dot"]) or []
    mine = list(GRAPHVIZ.parse(files).units())
    nodes = [(n.get_name(), attributes(n)) for n in all_nodes(graph)]
    edges = [(e.get_source(), e.get_destination(), attributes(e)) for e in graph.get_edges()]
    assert sorted(nodes, key=str) == sorted(
        ((str(u.fields["name"]), values(u)) for u in mine if u.kind == "node"), key=str
    )
    assert sorted(edges, key=str) == sorted(
        ((u.fields["from"], u.fields["to"], values(u)) for u in mine if u.kind == "arc"), key=str
    )


def all_nodes(graph: pydot.Graph) -> Iterator[pydot.Node]:
    for part in (graph, *graph.get_subgraphs()):
        yield from (n for n in part.get_nodes() if n.get_name() != "node")


def attributes(item: pydot.Node | pydot.Edge) -> dict[str, str]:
    return {name: value.strip('"') for name, value in item.get_attributes().items()}


def values(unit: Unit) -> dict[str, str]:
    return {
        n: str(v) for n, v in unit.fields.items() if n not in ("name", "from", "to", "subgraph")
    }


def test_a_lost_brace_costs_little() -> None:
    result = likeness(read(), read(TEXT.replace("    }\n  }\n", "    }\n")))
    assert result.lossless, "indentation tells where the subgraph ends"
    assert likeness(read(), read(TEXT.replace("  subgraph cluster_core {\n", ""))).value > 0.5


def test_edges_the_other_way_round() -> None:
    text = done(
        "Write every directed edge that has no `dir` the other way round, `b -> a` for `a -> b`, "
        "with any ports moving along with their nodes, and give it `dir=back`."
    )
    assert "  db -> api:out [weight=3, dir=back];\n" in text


def test_a_default_is_declared_below_the_head() -> None:
    asked = (
        "Directly below the head of the graph, declare `x` the default of the nodes' attribute "
        "`label`, in a `node` statement of its own, and take the attribute out of the nodes that "
        "have this value."
    )
    text = done(asked)
    assert text.startswith("digraph net {\n  node [label=x];\n  rankdir=LR;\n")
    assert '\n  "node";\n' in text


def test_a_digraph_as_a_graph() -> None:
    text = done(
        "Write the `digraph` as a `graph`, with `--` for `->` in every edge, and add the statement "
        "`edge [dir=forward];` directly below its head."
    )
    assert text.startswith("graph net {\n  edge [dir=forward];\n")
    assert "  api:out -- db [weight=3];\n" in text
