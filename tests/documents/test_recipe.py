from decimal import Decimal
from random import Random

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

RECIPE = domain("recipe")
SOUP = """# Lentil soup

Serves: 4
Cook: 35 min

## Ingredients

- 250 g red lentils, rinsed (dry goods)
- 1 1/2 tsp cumin (spices)
- 2 cloves garlic (produce)

## Method

1. Rinse the lentils.
2. Boil for 25 minutes.

## Notes

Freezes well.
"""


def parsed(text: str) -> Document:
    return RECIPE.parse({"r.md": text})


def carried_out(name: str) -> dict[str, str]:
    """The oracle of an edit, by the words alone."""
    (edit,) = [e for e in RECIPE.plan(parsed(SOUP), Random(1)) if e.name == name]
    program = RECIPE.read(edit.forward.instruction)
    assert program is not None
    return RECIPE.render(program(parsed(SOUP)))


def ingredient(line: str) -> dict[str, object]:
    (_, unit) = parsed(f"# Soup\n\n- {line}\n").files["r.md"]
    return dict(unit.fields)


def test_an_ingredient_is_quantity_unit_name_preparation_and_aisle() -> None:
    assert ingredient("1 1/2 cups plain flour, sifted (dry goods) [7]") == {
        "quantity": Decimal("1.5"),
        "unit": "cup",
        "name": "plain flour",
        "preparation": "sifted",
        "aisle": "dry goods",
        "line": Decimal(7),
    }
    assert ingredient("salt") == {"name": "salt"}
    assert ingredient("3 eggs") == {"quantity": Decimal(3), "name": "eggs"}
    assert ingredient("½ tsp salt") == ingredient("0.5 tsp salt") == ingredient("1/2 tsp salt")
    assert ingredient("1/3 cup rice") == {"name": "1/3 cup rice"}, "a third is no exact decimal"


def test_ingredients_move_under_their_aisles_in_alphabetical_order() -> None:
    text = carried_out("group_by_aisle")["r.md"]
    assert text.split("## Ingredients\n")[1].split("## Method")[0] == (
        "\n### dry goods\n\n- 250 g red lentils, rinsed [1]\n"
        "\n### produce\n\n- 2 cloves garlic [3]\n"
        "\n### spices\n\n- 1 1/2 tsp cumin [2]\n\n"
    )


def test_the_shopping_list_is_keyed_by_the_ingredients_numbers() -> None:
    files = carried_out("shopping_list")
    assert files["shopping.csv"] == (
        "line,quantity,unit,aisle\n1,250,g,dry goods\n2,1.5,tsp,spices\n3,2,clove,produce\n"
    )
    assert "- red lentils, rinsed [1]\n- cumin [2]\n- garlic [3]\n" in files["r.md"]


def test_scaling_takes_servings_and_quantities_but_neither_times_nor_steps() -> None:
    program = RECIPE.read(
        "Scale every recipe up: multiply its `Serves` and the quantity of each ingredient by `3`. "
        "Times and steps stay as they are."
    )
    assert program is not None
    text = RECIPE.render(program(parsed(SOUP)))["r.md"]
    expected = SOUP.replace("Serves: 4", "Serves: 12").replace("250 g", "750 g")
    assert text == expected.replace("1 1/2 tsp", "4 1/2 tsp").replace("2 cloves", "6 cloves")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- ", "* "),
        ("1. ", "1) "),
        ("1 1/2", "1.5"),
        ("cloves", "clove"),
        ("Serves: 4", "**Serves:** 4"),
        ("Boil for", "Boil\n   for"),
        ("\n\n", "\n\n\n"),
        ("## Notes", "## Notes ##"),
    ],
)
def test_ways_of_writing_the_same_recipe_cost_nothing(old: str, new: str) -> None:
    assert likeness(parsed(SOUP), parsed(SOUP.replace(old, new)), clips=RECIPE.clips).lossless


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("250 g", "260 g"),
        ("250 g", "250 kg"),
        ("25 minutes", "26 minutes"),
        ("2. Boil", "3. Boil"),
        ("Cook: 35 min", "Cook: 35 h"),
        (", rinsed", ""),
        ("## Notes", "### Notes"),
    ],
)
def test_one_wrong_word_or_digit_costs(old: str, new: str) -> None:
    result = likeness(parsed(SOUP), parsed(SOUP.replace(old, new)), clips=RECIPE.clips)
    assert 0.75 < result.value < 1


def test_a_lost_heading_costs_little_more_than_itself() -> None:
    for heading in ("## Ingredients\n", "## Method\n", "## Notes\n"):
        result = likeness(parsed(SOUP), parsed(SOUP.replace(heading, "")), clips=RECIPE.clips)
        assert result.value > 0.95


def test_a_reply_that_is_no_recipe_is_opaque() -> None:
    units = parsed("I'm sorry.\n\nServes: 4 people\n\nThat is all.").files["r.md"]
    assert {u.kind for u in units} == {"opaque"}
