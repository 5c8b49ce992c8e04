from decimal import Decimal

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

OBJ3D = domain("obj3d")
MODEL = """\
# a slab
o slab
v 1 0 0.5
v 0 0.25 0
v -1 0 2
vn 0 0.6 0.8
g top
f 1//1 2//1 3//1
f 3 2 9
"""


def read(text: str = MODEL) -> Document:
    return OBJ3D.parse({"model.obj": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = OBJ3D.read(instruction)
    assert program is not None
    return OBJ3D.render(program(document))


def test_a_corner_has_up_to_three_references() -> None:
    units = OBJ3D.parse({"a.obj": "f 1/2/3 -1//-2 4/5 6"}).files["a.obj"]
    assert {n: int(str(v)) for n, v in units[0].fields.items()} == {
        "v1": 1, "t1": 2, "n1": 3, "v2": -1, "n2": -2, "v3": 4, "t3": 5, "v4": 6,
    }  # fmt: skip
    assert OBJ3D.render(Document({"a.obj": units}))["a.obj"] == "f 1/2/3 -1//-2 4/5 6\n"


def test_a_number_is_its_value_and_what_is_none_is_text() -> None:
    vertex, broken = OBJ3D.parse({"a.obj": "v 1.50 -2e1 .5\nv 1 2"}).files["a.obj"]
    assert vertex.fields == {"x": Decimal("1.5"), "y": Decimal(-20), "z": ".5"}
    assert broken.kind == "opaque"


def test_a_quarter_turn() -> None:
    asked = (
        "Turn the model from Y up to Z up: in every vertex and every normal, the new y is minus "
        "the old z and the new z is the old y."
    )
    text = done(asked, read())["model.obj"]
    assert "v 1 -0.5 0\nv 0 0 0.25\nv -1 -2 0\nvn 0 -0.8 0.6\n" in text


def test_relative_references_leave_what_is_not_defined() -> None:
    asked = (
        "Write the references of faces and lines as relative ones, counted back from what has "
        "been defined above them: `-1` is the last vertex (texture point, normal) so far. A "
        "reference to something not yet defined keeps its positive number."
    )
    text = done(asked, read())["model.obj"]
    assert text.endswith("f -3//-1 -2//-1 -1//-1\nf -1 -2 9\n")


def test_vertices_move_with_their_references() -> None:
    asked = (
        "In `model.obj`, sort the vertices by `x`, smallest first (ties keep their order), and "
        "renumber the vertex references of faces and lines to match. Write `order.csv`, a CSV "
        "table with the one column `was`: the former number of each vertex, in the new order."
    )
    files = done(asked, read())
    assert files["order.csv"] == "was\n3\n2\n1\n"
    assert "v -1 0 2\nv 0 0.25 0\nv 1 0 0.5\n" in files["model.obj"]
    assert files["model.obj"].endswith("f 3//1 2//1 1//1\nf 1 2 9\n")


def test_one_wrong_reference_costs_its_face_alone() -> None:
    result = likeness(read(), read(MODEL.replace("f 3 2 9", "f 3 2 8")))
    assert 0.85 < result.value < 1
