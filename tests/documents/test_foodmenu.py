from decimal import Decimal

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

FOODMENU = domain("foodmenu")
MENU = """\
# Kestrel in Jena, May

Prices in: EUR

## Starters

- 12 **Warm leek soup**, with dill · 9.50 [A, G]
- 31 **Iced trout toast** · 7.80

## Set menus

- **Jena lunch**: 12, 31 · 15.00

## Allergens

- A: fish
- G: tree nuts
"""


def read(text: str = MENU) -> Document:
    return FOODMENU.parse({"menu.md": text})


def done(instruction: str, text: str = MENU) -> str:
    program = FOODMENU.read(instruction)
    assert program is not None
    return FOODMENU.render(program(read(text)))["menu.md"]


def test_a_dish_has_a_number_a_name_a_price_allergens_and_a_description() -> None:
    units = list(read().units())
    assert [u.kind for u in units] == [
        *("title", "fact", "section", "dish", "dish", "section", "set", "section"),
        *("allergen", "allergen"),
    ]
    assert units[3].text == "with dill"
    assert units[3].fields == {
        "number": Decimal(12),
        "name": "Warm leek soup",
        "price": Decimal("9.5"),
        "allergens": "A, G",
    }
    assert units[6].fields == {"name": "Jena lunch", "dishes": "12, 31", "price": Decimal(15)}
    assert FOODMENU.render(read())["menu.md"] == MENU


def test_what_cannot_be_read_stays_in_the_words_of_its_dish() -> None:
    text = MENU.replace("9.50 [A, G]", "9,50 [A; G")
    assert next(u for u in read(text).units() if u.kind == "dish").text == "with dill · 9,50 [A; G"
    assert 0.7 < likeness(read(), read(text), clips=FOODMENU.clips).value < 1


def test_numbers_change_in_set_menus_too() -> None:
    asked = (
        "Add `100` to the number of every dish, and to the numbers by which set menus name them."
    )
    text = done(asked)
    assert "- 112 **Warm leek soup**, with dill · 9.50 [A, G]\n" in text
    assert "- **Jena lunch**: 112, 131 · 15.00\n" in text


def test_prices_in_other_money() -> None:
    asked = (
        "State all prices, of dishes and set menus, in `CZK` instead of `EUR`: multiply by `25`, "
        "exactly and without rounding, and change the line `Prices in`."
    )
    text = done(asked)
    assert "Prices in: CZK" in text
    assert [line[-6:] for line in text.splitlines() if "·" in line] == [
        "[A, G]",
        "195.00",
        "375.00",
    ]


def test_allergens_by_name_where_the_menu_explains_them() -> None:
    asked = (
        "In the square brackets of every dish, write the names of the allergens instead of their "
        "signs, as the list of allergens explains them; the list stays."
    )
    assert "[fish, tree nuts]" in done(asked)
    assert "[A, tree nuts]" in done(asked, MENU.replace("- A: fish\n", ""))


def test_dishes_are_sorted_within_their_section() -> None:
    asked = (
        "Within every section, sort the dishes by `price`, smallest first; ties keep their order."
    )
    text = done(asked)
    assert text.index("31 **Iced") < text.index("12 **Warm") < text.index("## Set menus")
