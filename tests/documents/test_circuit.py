from decimal import Decimal

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.domains.circuit import number, written
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

CIRCUIT = domain("circuit")
BOARD = """\
Preamplifier, board 7
.model Q2N22 NPN (BF=200 VAF=80)
R1 in base 4.7k
C1 in
+ 0 100n ; was 47 in the prototype
Q1 out base 0 Q2N22
V1 vcc 0 DC 12
R2 vcc out 4700 tc=0.1
.print tran V(out,in) I(V1)
.end
"""


def read(text: str = BOARD) -> Document:
    return CIRCUIT.parse({"board.cir": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = CIRCUIT.read(instruction)
    assert program is not None
    return CIRCUIT.render(program(document))


@pytest.mark.parametrize(
    ("text", "value", "canonical"),
    [
        ("4.7k", "4700", "4.7k"),
        ("4.70E3", "4700", "4.7k"),
        ("1M", "0.001", "1m"),
        ("1Meg", "1000000", "1meg"),
        (".1u", "0.0000001", "100n"),
        ("-12", "-12", "-12"),
        ("0", "0", "0"),
    ],
)
def test_values_with_suffixes_are_exact_numbers(text: str, value: str, canonical: str) -> None:
    assert number(text) == Decimal(value)
    assert written(number(text)) == canonical


def test_a_value_with_a_unit_is_text() -> None:
    assert number("10uF") == "10uF"


def test_elements_have_nodes_values_models_and_notes() -> None:
    _, _, r1, c1, q1, v1, r2, *_ = read().files["board.cir"]
    assert c1.fields["nodes"] == "in 0"
    assert c1.fields["note"] == "was 47 in the prototype"
    assert q1.fields["model"] == "Q2N22"
    assert (v1.text, r2.text) == ("DC 12", "tc=0.1")
    assert r1.fields["value"] == r2.fields["value"]


def test_a_broken_line_costs_itself_alone() -> None:
    result = likeness(read(), read(BOARD.replace("R1 in base 4.7k", "R1;")))
    # The title weighs ½, `.end` ¼ and `R1;` ¼, the other seven 1: 6.75 / (7.75 + 7 − 6.75).
    assert result.value == pytest.approx(6.75 / 8)


def test_nodes_are_renamed_in_elements_and_commands() -> None:
    asked = (
        "Rename nodes in all elements, and in commands where they stand as in `V(out)`: "
        "`out` → `net_7`, `in` → `a`."
    )
    text = done(asked, read())["board.cir"]
    assert "Q1 net_7 base 0 Q2N22\n" in text
    assert ".print tran V(net_7,a) I(V1)\n" in text
    assert "; was 47 in the prototype" in text


def test_values_become_parameters() -> None:
    asked = (
        "In `board.cir`, declare parameters directly under the title, a `.param` line for each and "
        "in this order, and put their names in braces wherever a resistor, capacitor or inductor "
        "has such a value: `val1` → `4.7k`."
    )
    text = done(asked, read())["board.cir"]
    assert text.startswith("Preamplifier, board 7\n.param val1=4.7k\n.model")
    assert "R1 in base {val1}\n" in text
    assert "R2 vcc out {val1} tc=0.1\n" in text


def test_the_impedance_is_scaled_exactly() -> None:
    asked = (
        "Multiply the values of elements by these factors, according to the first letter of the "
        "name: `R` → `10`, `C` → `0.1`."
    )
    text = done(asked, read())["board.cir"]
    assert "R1 in base 47k\n" in text
    assert "C1 in 0 10n ; was" in text
