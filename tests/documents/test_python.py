"""Python modules, worked by hand."""

from random import Random

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.domains.python.format import ATTRIBUTE, CLASS, FUNCTION, METHOD
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

MODULE = '''"""Prices."""

from decimal import Decimal

RETRY_DELAY_SECONDS = 1.5  # agreed with Mei
LABEL = "two  spaces"


# area: billing
def net(gross, rate=0.2):
    """Without tax."""
    return gross / (1 + rate)


# area: stock
def count(rows):
    return len(rows) + RETRY_DELAY_SECONDS
'''


def read(text: str) -> Document:
    return domain("python").parse({"prices.py": text})


def alike(one: str, other: str) -> float:
    return likeness(read(one), read(other), clips=domain("python").clips).value


def edited(document: Document, name: str) -> dict[str, str]:
    chosen = domain("python")
    plans = {e.name: e for e in chosen.plan(document, Random(1))}
    return chosen.render(plans[name].forward(document))


def test_functions_are_sorted_with_their_place_in_a_comment() -> None:
    text = edited(read(MODULE), "alphabetical")["prices.py"]
    tail = text[text.index("\n\n\n") :]
    assert (
        tail
        == '''


# area: stock
# order: 2
def count(rows):
    return len(rows) + RETRY_DELAY_SECONDS


# area: billing
# order: 1
def net(gross, rate=0.2):
    """Without tax."""
    return gross / (1 + rate)
'''
    )


def test_a_constant_changes_its_unit_and_its_name_wherever_it_is_used() -> None:
    text = edited(read(MODULE), "change_units")["prices.py"]
    assert "RETRY_DELAY_MILLISECONDS = 1500  # agreed with Mei\n" in text
    assert "return len(rows) + RETRY_DELAY_MILLISECONDS\n" in text
    assert "RETRY_DELAY_SECONDS" not in text


def test_docstrings_go_to_a_file_by_function() -> None:
    files = edited(read(MODULE), "docs_file")
    assert '"function": "net"' in files["docstrings.json"]
    assert '"docstring": "Without tax."' in files["docstrings.json"]
    assert "def net(gross, rate=0.2):\n    return gross / (1 + rate)\n" in files["prices.py"]
    assert files["prices.py"].startswith('"""Prices."""'), "the module's own stays"


def test_spacing_between_tokens_means_nothing() -> None:
    spaced = MODULE.replace("(gross, rate=0.2)", "( gross ,\n        rate = 0.2 )")
    spaced = spaced.replace("gross / (1 + rate)", "gross/(1+rate)").replace("\n", "\r\n")
    assert alike(MODULE, spaced) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.5", "1.6"),
        ("rate=0.2", "rate=0.3"),
        ("two  spaces", "two spaces"),
        ("# agreed with Mei", ""),
        ("    return gross", "return gross"),
        ("# area: stock\n", ""),
    ],
)
def test_what_means_something_costs(old: str, new: str) -> None:
    assert alike(MODULE, MODULE.replace(old, new)) < 1


@pytest.mark.parametrize("quotes", ['"""', "("])
def test_what_is_left_open_costs_only_its_surroundings(quotes: str) -> None:
    broken = MODULE.replace('    """Without tax."""', f"    x = {quotes}Without tax.")
    kept = {u.fields.get("name") for u in read(broken).units() if u.kind == FUNCTION}
    assert "count" in kept
    assert 0.4 < alike(MODULE, broken) < 1


def test_members_of_a_class_are_units_and_decorators_belong_to_them() -> None:
    text = (
        "class Box(Base):\n    size: int = 3\n\n    @property\n    async def area(self):\n"
        "        if self.size:\n            return 1\n        else:\n            return 2\n"
    )
    units = read(text).files["prices.py"]
    assert [u.kind for u in units] == [CLASS, ATTRIBUTE, METHOD]
    assert units[2].text.splitlines()[:2] == ["    @property", "    async (self):"]
    assert domain("python").render(read(text))["prices.py"] == text


@pytest.mark.parametrize(
    "piece", ['"""\\', "'''\"\"\"\\\n", '"\\\n', "def f(:\n", "@", "(\n", "# x\n"]
)
def test_long_hostile_text_is_read_and_written(piece: str) -> None:
    """In anything but linear time this would not come back."""
    document = read(piece * 20_000)
    assert any(document.units())
    domain("python").render(document)
