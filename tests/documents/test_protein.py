from decimal import Decimal
from random import Random

import gemmi
import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

PROTEIN = domain("protein")
STRUCTURE = """\
HEADER    HYDROLASE                               31-JAN-26   9XYZ
ATOM      1  N   SER B  16      -1.500   2.250  10.125  1.00 21.30           N
ATOM      2  CA  SER B  16      -0.300   1.000  11.000  0.50 22.00           C
TER       3      SER B  16
HETATM    4 ZN    ZN B 301       4.000   5.000   6.000  1.00 18.75          ZN
HETATM    5  O   HOH B 302       7.000   8.000   9.000  1.00 30.00           O
CONECT    2    4
END
"""


def read(text: str = STRUCTURE) -> Document:
    return PROTEIN.parse({"structure.pdb": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = PROTEIN.read(instruction)
    assert program is not None
    return PROTEIN.render(program(document))


def test_every_column_of_an_atom_is_a_field() -> None:
    zinc = read().files["structure.pdb"][4]
    assert (zinc.fields["name"], zinc.fields["element"]) == ("ZN", "ZN")
    assert (zinc.fields["resSeq"], zinc.fields["x"]) == (Decimal(301), Decimal(4))
    assert PROTEIN.render(read()) == {"structure.pdb": STRUCTURE}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = PROTEIN.generate(Random(seed), 2000).values()
    structure = gemmi.read_pdb_string(text)
    theirs = {found.atom.serial: found for found in structure[0].all()}
    mine = [u.fields for u in PROTEIN.parse({"structure.pdb": text}).units() if u.kind == "atom"]
    assert len(theirs) == len(mine)
    for atom in mine:
        found = theirs[int(str(atom["serial"]))]
        assert (found.atom.name, found.residue.name, found.chain.name) == (
            atom["name"], atom["resName"], atom["chainID"],
        )  # fmt: skip
        assert found.residue.seqid.num == atom["resSeq"]
        assert found.atom.pos.tolist() == [float(str(atom[axis])) for axis in "xyz"]
        assert found.atom.element.name.upper() == atom["element"]


def test_a_record_off_its_columns_costs_itself_alone() -> None:
    broken = read(STRUCTURE.replace("TER       3 ", "TER      3 "))
    assert [u.kind for u in broken.units()].count("opaque") == 1
    assert likeness(read(), broken).value > 0.6


def test_serial_numbers_move_with_all_references() -> None:
    asked = "Add `500` to all serial numbers: of atoms, of `TER` records, and in `CONECT` records."
    text = done(asked, read())["structure.pdb"]
    assert "HETATM  504 ZN " in text
    assert "TER     503      SER" in text
    assert "CONECT  502  504\n" in text


def test_the_origin_moves_exactly() -> None:
    asked = (
        "Move the origin to the point (`1.250`, `0.5`, `-3.125`), in ångströms: subtract it from "
        "the coordinates of every atom."
    )
    assert "-2.750   1.750  13.250" in done(asked, read())["structure.pdb"]


def test_ligands_in_a_file_of_their_own() -> None:
    asked = (
        "Move the `HETATM` records of `structure.pdb` into a new file `ligands.pdb`, in the same "
        "order and to the column as they are."
    )
    files = done(asked, read())
    assert files["ligands.pdb"] == "".join(STRUCTURE.splitlines(keepends=True)[4:6])
    assert "HETATM" not in files["structure.pdb"]
