from decimal import Decimal
from random import Random

import pytest
from lxml import etree

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

STARCATALOG = domain("starcatalog")
STARS = """\
<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.4">
  <RESOURCE>
    <TABLE name="t">
      <FIELD name="source" datatype="char"/>
      <FIELD name="epoch" datatype="double" unit="yr"/>
      <FIELD name="ra" datatype="double" unit="deg"/>
      <FIELD name="mag" datatype="float"/>
      <DATA>
        <TABLEDATA>
          <TR><TD>A-1</TD><TD>2016.0</TD><TD>10.5</TD><TD/></TR>
          <TR><TD>A-2</TD><TD>2016.0</TD><TD>8.25</TD><TD>7.5</TD></TR>
        </TABLEDATA>
      </DATA>
    </TABLE>
  </RESOURCE>
</VOTABLE>
"""


def read(text: str = STARS) -> Document:
    return STARCATALOG.parse({"a.vot": text})


def done(instruction: str, document: Document) -> str:
    program = STARCATALOG.read(instruction)
    assert program is not None
    return STARCATALOG.render(program(document))["a.vot"]


def test_an_empty_cell_is_none_and_keeps_its_place() -> None:
    first = read().files["a.vot"][-2]
    assert first.fields == {"TD": "A-1", "TD[2]": Decimal(2016), "TD[3]": Decimal("10.5")}
    assert STARCATALOG.render(read())["a.vot"] == STARS


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = STARCATALOG.generate(Random(seed), 800).values()
    ours = [u.fields for u in read(text).units() if u.kind == "TR"]
    theirs = [[td.text for td in tr] for tr in etree.fromstring(text.encode()).iter("{*}TR")]
    for fields, cells in zip(ours, theirs, strict=True):
        assert [str(v) for v in fields.values()] == [cell for cell in cells if cell]


def test_a_column_that_is_lost_costs_itself_alone() -> None:
    line = '      <FIELD name="epoch" datatype="double" unit="yr"/>\n'
    result = likeness(read(), read(STARS.replace(line, "")))
    assert 0.8 < result.value < 1


def test_a_column_in_another_unit() -> None:
    asked = (
        "Change the unit of the column `ra` from `deg` to `arcsec`: multiply its values by `3600` "
        "and set the `unit` of its `<FIELD>`."
    )
    text = done(asked, read())
    assert '<FIELD name="ra" datatype="double" unit="arcsec"/>' in text
    assert "<TD>37800</TD>" in text
    assert "<TD>29700</TD>" in text


def test_a_column_moves_with_its_cells() -> None:
    asked = (
        "Move the column `epoch`, its `<FIELD>` and its cells, directly behind the column `mag`."
    )
    text = done(asked, read())
    assert text.index('name="mag"') < text.index('name="epoch"')
    assert "<TR><TD>A-1</TD><TD>10.5</TD><TD/><TD>2016.0</TD></TR>" in text


def test_a_column_of_one_value_is_a_constant() -> None:
    asked = (
        "Make the column `epoch`, which is `2016.0` in every row, a `<PARAM>` with the same "
        "attributes and that `value` in front of the first `<FIELD>`, and take its cells out of "
        "the rows."
    )
    text = done(asked, read())
    assert '<PARAM name="epoch" datatype="double" unit="yr" value="2016.0"/>\n      <FIELD' in text
    assert "<TR><TD>A-2</TD><TD>8.25</TD><TD>7.5</TD></TR>" in text


def test_none_is_written_as_a_number_that_is_declared() -> None:
    asked = (
        "Write `-9999` into every empty cell of the column `mag`, and declare it in its `<FIELD>` "
        "as the `null` of `<VALUES>`."
    )
    text = done(asked, read())
    assert '<FIELD name="mag" datatype="float"><VALUES null="-9999"/></FIELD>' in text
    assert "<TD>10.5</TD><TD>-9999</TD></TR>" in text
