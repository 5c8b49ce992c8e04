from decimal import Decimal
from random import Random

import pytest
from rdkit import Chem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

MOLECULE = domain("molecule")
STOCK = """\
methoxide
  Worktrial

  2  1  0  0  0  0  0  0  0  0999 V2000
   -0.5000    1.2500    0.0000 C   0  0  0  0  0  0  0  0  0  0  0  0
    0.7500    0.0000    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0
  1  2  1  0
M  CHG  1   2  -1
M  END
>  <ID>
CPD-7

>  <STOCK_G>
2.50

$$$$
"""


def read(text: str = STOCK) -> Document:
    return MOLECULE.parse({"stock.sdf": text})


def done(instruction: str, document: Document) -> str:
    program = MOLECULE.read(instruction)
    assert program is not None
    return MOLECULE.render(program(document))["stock.sdf"]


def test_data_items_are_fields_and_the_table_is_text() -> None:
    (unit,) = read().units()
    assert unit.fields == {
        "title": "methoxide", "program": "Worktrial", "ID": "CPD-7", "STOCK_G": Decimal("2.5"),
    }  # fmt: skip
    assert unit.text.split("\n")[1] == "0.7500 0.0000 0.0000 O"
    assert MOLECULE.render(read()) == {"stock.sdf": STOCK}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = MOLECULE.generate(Random(seed), 3000).values()
    supplier = Chem.SDMolSupplier()
    supplier.SetData(text)
    theirs = list(supplier)
    mine = [u.fields for u in MOLECULE.parse({"stock.sdf": text}).units()]
    assert len(theirs) == len(mine)
    for molecule, fields in zip(theirs, mine, strict=True):
        assert molecule is not None, "a valid molecule"
        assert molecule.GetProp("ID") == fields["ID"]
        assert molecule.GetProp("_Name") == fields["title"]
        assert CalcMolFormula(molecule) == fields["FORMULA"]


def test_wrong_counts_cost_and_are_written_back() -> None:
    wrong = STOCK.replace("  2  1  0", "  3  1  0")
    assert MOLECULE.render(read(wrong)) == {"stock.sdf": wrong}
    assert not likeness(read(), read(wrong)).lossless


def test_a_lost_end_costs_no_other_molecule() -> None:
    second = STOCK.replace("CPD-7", "CPD-8")
    lost = read((STOCK + second).replace("$$$$\n", "", 1))
    assert [u.fields["ID"] for u in lost.units()] == ["CPD-7", "CPD-8"]


def test_charges_in_the_columns_of_atoms_and_back() -> None:
    text = done(
        "Write charges no longer in `M  CHG` lines, which go, but as codes in the sixth column of "
        "the atoms (3, 2, 1 for +1, +2, +3 and 5, 6, 7 for -1, -2, -3). A molecule stays as it is "
        "if its charges aren't all in one such line at the end, in the order of atoms.",
        read(),
    )
    assert "    0.7500    0.0000    0.0000 O   0  5  0  0" in text
    assert "CHG" not in text
    molecule = Chem.MolFromMolBlock(text.split(">")[0])
    assert CalcMolFormula(molecule) == "CH3O-"


def test_atoms_are_numbered_from_the_other_end() -> None:
    text = done(
        "Number the atoms of every molecule from the other end, so that the last is the first: "
        "turn their lines round, and adapt bonds and `M  CHG` lines, which keep their order.",
        read(),
    )
    assert text.index(" O  ") < text.index(" C  ")
    assert "\n  2  1  1  0\nM  CHG  1   1  -1\n" in text


def test_a_quarter_turn() -> None:
    text = done(
        "Turn every molecule counter-clockwise by a quarter about the origin: an atom at (x, y, z) "
        "comes to (-y, x, z).",
        read(),
    )
    assert "   -1.2500   -0.5000    0.0000 C" in text
    assert "    0.0000    0.7500    0.0000 O" in text
