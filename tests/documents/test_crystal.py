from decimal import Decimal
from random import Random

import pytest
from gemmi import cif

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

CRYSTAL = domain("crystal")
STRUCTURE = """\
data_wt17
_chemical_formula_sum 'O4 Si2'
_cell_length_a 5.4310(2)
_cell_angle_beta 90
_refine_special_details
;twinned, see notes
;
loop_
_geom_bond_atom_site_label_1
_geom_bond_atom_site_label_2
_geom_bond_distance
Si1 O2 1.612(3)
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_occupancy
Si1 0.1230(5) 1
O2 0.8750 ?
"""


def read(text: str = STRUCTURE) -> Document:
    return CRYSTAL.parse({"structure.cif": text})


def done(instruction: str, document: Document) -> str:
    program = CRYSTAL.read(instruction)
    assert program is not None
    return CRYSTAL.render(program(document))["structure.cif"]


def test_items_and_rows_have_typed_values() -> None:
    units = list(read().units())
    assert units[1].fields["value"] == "O4 Si2"
    assert units[2].fields["value"] == "5.4310(2)", "the last zero counts"
    assert units[3].fields["value"] == Decimal(90)
    assert units[4].text == "twinned, see notes"
    assert units[-1].fields == {"_atom_site_label": "O2", "_atom_site_fract_x": Decimal("0.875")}
    assert CRYSTAL.render(read()) == {"structure.cif": STRUCTURE}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = CRYSTAL.generate(Random(seed), 1500).values()
    block = cif.read_string(text).sole_block()
    units = list(CRYSTAL.parse({"structure.cif": text}).units())
    for unit in units:
        if unit.kind == "item" and not unit.text:
            theirs = cif.as_string(block.find_value(str(unit.fields["tag"])))
            assert theirs == str(unit.fields["value"])
    atoms = [u.fields for u in units if u.kind == "atom"]
    for tag in ("_atom_site_label", "_atom_site_fract_y", "_atom_site_occupancy"):
        assert list(block.find_values(tag)) == [str(atom[tag]) for atom in atoms]


def test_a_lost_value_costs_its_row_alone() -> None:
    broken = read(STRUCTURE.replace("Si1 0.1230(5) 1", "Si1 0.1230(5)"))
    assert [u.kind for u in broken.units()][-2:] == ["opaque", "atom"]
    assert likeness(read(), broken).value > 0.75


def test_a_quoted_number_is_not_the_number() -> None:
    quoted = read(STRUCTURE.replace("_cell_angle_beta 90", "_cell_angle_beta '90'"))
    assert not likeness(read(), quoted).lossless
    assert "beta '90'\n" in CRYSTAL.render(quoted)["structure.cif"]


def test_the_origin_moves_within_the_cell() -> None:
    text = done(
        "Add `0.25` to `_atom_site_fract_x` of every atom where it lies from 0 up to 1, and "
        "subtract 1 where that reaches 1. Uncertainties and the number of decimals stay.",
        read(),
    )
    assert "Si1 0.3730(5) 1\nO2 0.1250 ?\n" in text


def test_lengths_in_picometres_keep_their_uncertainty() -> None:
    text = done(
        "Give the lengths of the cell's edges and of bonds in picometres: multiply them by 100, "
        "with their uncertainties, so that `5.4310(2)` becomes `543.10(2)`.",
        read(),
    )
    assert "_cell_length_a 543.10(2)\n" in text
    assert "Si1 O2 161.2(3)\n" in text


def test_labels_change_where_bonds_refer_to_them() -> None:
    asked = "Let every label of an atom begin with `M1_`, also where bonds refer to it."
    text = done(asked, read())
    assert "M1_Si1 M1_O2 1.612(3)\n" in text
    assert "M1_O2 0.8750 ?\n" in text
