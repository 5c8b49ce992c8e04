from decimal import Decimal
from random import Random

import pytest
from lxml import etree

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

LANDMARKS = domain("landmarks")
MAP = """\
<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2">
  <Document>
    <name>Sights</name>
    <Style id="red"><IconStyle><scale>1.5</scale></IconStyle></Style>
    <Placemark id="p1">
      <name>Old Mill</name>
      <description>open from 9</description>
      <styleUrl>#red</styleUrl>
      <ExtendedData><Data name="category"><value>mill</value></Data></ExtendedData>
      <Point><coordinates>11.25,46.5,200</coordinates></Point>
    </Placemark>
    <Placemark id="p2">
      <name>Keep</name>
      <ExtendedData><Data name="category"><value>castle</value></Data></ExtendedData>
      <Point><coordinates>11.5,46.75,310.5</coordinates></Point>
    </Placemark>
  </Document>
</kml>
"""


def read(text: str = MAP) -> Document:
    return LANDMARKS.parse({"a.kml": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = LANDMARKS.read(instruction)
    assert program is not None
    return LANDMARKS.render(program(document))


def test_a_placemark_has_its_category_and_its_coordinates() -> None:
    mill = read().files["a.kml"][3]
    assert mill.text == "open from 9"
    assert mill.fields["ExtendedData/Data[category]/value"] == "mill"
    assert mill.fields["Point/coordinates[lat]"] == Decimal("46.5")


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = LANDMARKS.generate(Random(seed), 800).values()
    ours = [u.fields for u in read(text).units() if u.kind == "Placemark"]
    theirs = etree.fromstring(text.encode()).findall(".//{*}Placemark")
    assert [p.get("id") for p in theirs] == [f["@id"] for f in ours]
    assert [p.findtext(".//{*}coordinates") for p in theirs] == [
        ",".join(str(f[f"Point/coordinates[{n}]"]) for n in ("lon", "lat", "alt")) for f in ours
    ]


def test_an_end_that_is_lost_costs_little() -> None:
    result = likeness(read(), read(MAP.replace("    </Placemark>\n    <P", "    <P")))
    assert 0.9 < result.value < 1


def test_a_folder_for_each_category() -> None:
    asked = (
        "Move the placemarks into a `<Folder>` for each of these values of their `ExtendedData` "
        "item `category`, at the end of the document and in this order: `castle`, `mill`. A "
        "folder's `name` is the value, and its placemarks, in their order, lose the item."
    )
    (text,) = done(asked, read()).values()
    assert '    <Folder>\n      <name>castle</name>\n      <Placemark id="p2">' in text
    assert text.count("</Folder>") == 2
    assert "category" not in text


def test_a_style_is_renamed_with_its_references() -> None:
    asked = (
        "Rename the shared styles by their `id`, and with them every `styleUrl` that refers to "
        "them: `red` → `alarm`."
    )
    (text,) = done(asked, read()).values()
    assert text == MAP.replace('"red"', '"alarm"').replace("#red", "#alarm")


def test_a_view_instead_of_a_point() -> None:
    asked = (
        "Replace the `<Point>` of every placemark by a `<LookAt>` with the same `longitude`, "
        "`latitude` and `altitude`."
    )
    (text,) = done(asked, read()).values()
    view = "<longitude>11.25</longitude><latitude>46.5</latitude><altitude>200</altitude>"
    assert f"<LookAt>{view}</LookAt>" in text


def test_a_file_for_each_category_is_a_whole_file() -> None:
    planned = {e.name: e for e in LANDMARKS.plan(read(), Random(1))}
    files = LANDMARKS.render(planned["split"].forward(read()))
    mill = etree.fromstring(files["mill.kml"].encode())
    assert [e.text for e in mill.iter("{*}name")] == ["Old Mill"]
