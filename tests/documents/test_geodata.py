import json
from decimal import Decimal
from random import Random

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

GEODATA = domain("geodata")
MAP = """\
{"type": "FeatureCollection", "name": "Jena survey", "features": [
{"type": "Feature", "id": 7, "properties": {"name": "Holm well", "tags": ["old", "dry"]},
 "geometry": {"type": "Point", "coordinates": [11.580, -50.92]}},
{"type": "Feature", "id": 8, "properties": {"name": "Kaya fence"},
 "geometry": {"type": "LineString", "coordinates": [[11.5, 50.9], [11.25, 50.75, 210]]}}
]}
"""


def read(text: str = MAP) -> Document:
    return GEODATA.parse({"map.geojson": text})


def done(instruction: str, document: Document) -> str:
    program = GEODATA.read(instruction)
    assert program is not None
    return GEODATA.render(program(document))["map.geojson"]


def test_points_are_fields_and_other_positions_text() -> None:
    about, well, fence = read().files["map.geojson"]
    assert about.fields == {"name": "Jena survey"}
    assert (well.fields["lon"], well.fields["lat"]) == (Decimal("11.58"), Decimal("-50.92"))
    assert well.fields["properties.tags[]"] == '["old", "dry"]'
    assert fence.text == "[[11.5, 50.9], [11.25, 50.75, 210]]"


def test_what_is_written_says_the_same_json() -> None:
    assert json.loads(GEODATA.render(read())["map.geojson"]) == json.loads(MAP)


@pytest.mark.parametrize("seed", range(3))
def test_fresh_polygons_are_closed(seed: int) -> None:
    (text,) = GEODATA.generate(Random(seed), 2000).values()
    shapes = [f["geometry"] for f in json.loads(text)["features"]]
    rings = [r for g in shapes if g["type"] == "Polygon" for r in g["coordinates"]]
    assert rings
    assert all(ring[0] == ring[-1] for ring in rings)


def test_a_lost_bracket_does_not_cost_the_features() -> None:
    assert likeness(read(), read(MAP.replace("]}\n", ""))).value > 0.7


def test_a_wrong_key_for_the_list_is_no_collection() -> None:
    result = likeness(read(), read(MAP.replace('"features"', '"places"')))
    assert not result.lossless
    assert result.value > 0.4, "the two features stay: 2 / (3 + 3 - 2)"


def test_positions_swapped_as_asked() -> None:
    text = done("In every position of every geometry, swap the first two numbers.", read())
    first, second = (f["geometry"]["coordinates"] for f in json.loads(text)["features"])
    assert first == [-50.92, 11.58]
    assert second == [[50.9, 11.5], [50.75, 11.25, 210]], "a height stays the third"


def test_positions_moved_exactly() -> None:
    asked = (
        "Move every geometry: add `0.02` to the first number and `0.08` to the second number of "
        "every position, exactly."
    )
    text = done(asked, read())
    assert "[11.6, -50.84]" in text
    assert "[[11.52, 50.98], [11.27, 50.83, 210]]" in text


def test_microdegrees_as_asked() -> None:
    asked = (
        "Multiply the first two numbers of every position of every geometry by `1000000`, "
        "exactly; write no exponents."
    )
    assert "[11580000, -50920000]" in done(asked, read())


@pytest.mark.parametrize("places", ["[]", "[[1, 2], [", "{}", "null"])
def test_positions_that_are_none_stay(places: str) -> None:
    broken = read(MAP.replace("[[11.5, 50.9], [11.25, 50.75, 210]]", places))
    swap = "In every position of every geometry, swap the first two numbers."
    assert "[-50.92, 11.58]" in done(swap, broken)
