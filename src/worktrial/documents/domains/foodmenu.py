"""The menu of a restaurant, in Markdown.

A unit is a dish, identified by its number: `- 12 **Beetroot tartare**, with dill · 9.50 [A, G]` has
a number, a name, a price and allergens as fields, and a description as running text. Other units
are set menus (`- **Harbour menu**: 12, 31 · 34.00`, dishes by number), the meaning of an allergen's
sign (`- A: gluten`), facts on a line of their own (`Prices in: EUR`), remarks, and headings. Signs,
facts and headings are structural.

What counts is every word, number, price and sign, and the order of it all. The bullet sign, line
breaks within an item, blank lines, and zeros at the end of a price mean nothing.

Known limits: a bullet that is none of these is a remark, so a lost bold mark makes a dish one.
Whether set menus name dishes that exist is not checked.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from operator import add, mul, sub, truediv
from random import Random
from typing import ClassVar

from worktrial.documents import content, markdown, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value

DISH, SET, SIGN, FACT, REMARK = "dish", "set", "allergen", "fact", "remark"
_DISH = re.compile(r"- (?:([1-9]\d{0,5}) )?\*\*([^*]{1,80})\*\*(.*)")
_SIGN = re.compile(r"- (\w{1,3}): (\w.{0,60})")
_FACT = re.compile(r"([A-Z][a-z]{1,20}(?: [a-z]{1,20})?): (\S.{0,60})")
_ENDING = re.compile(r"(.*?)(?: · ((?:0|[1-9]\d{0,8})(?:\.\d{1,9})?))?(?: \[([^\[\]]{1,200})\])?")
"""What ends a dish: its price and its allergens."""
_CENTS = -2


class Menu(Format):
    """Headings, facts, and dishes as bullets."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a block."""
        return [markdown.heading(block) or _unit(block) for block in markdown.blocks(text)]

    def render(self, units: Sequence[Unit]) -> str:
        """Bullets without blank lines between them, everything else set apart."""
        return markdown.written(units, _written, tight=(DISH, SET, SIGN))


MENU = Menu()


def _unit(block: str) -> Unit:
    dish = _DISH.fullmatch(block)
    if dish and (read := _dish(*dish.groups())):
        return read
    if sign := _SIGN.fullmatch(block):
        return Unit(SIGN, {"sign": sign[1], "name": sign[2]}, key="sign", structural=True)
    if fact := _FACT.fullmatch(block):
        return Unit(FACT, {"label": fact[1], "value": fact[2]}, structural=True)
    return Unit(REMARK, text=block)


def _dish(number: str | None, name: str, rest: str) -> Unit | None:
    """A dish, or a set menu if a colon follows its name; what can't be read is nothing."""
    fields: dict[str, Value] = {"number": Decimal(number)} if number else {}
    fields["name"] = name
    if ending := _ENDING.fullmatch(rest):
        rest, price, allergens = ending.groups()
        fields |= {"price": Decimal(price)} if price else {}
        fields |= {"allergens": allergens} if allergens else {}
    if rest.startswith(": ") and not number:
        return Unit(SET, {**fields, "dishes": rest[2:]})
    if rest and not rest.startswith(", "):
        return None
    return Unit(DISH, fields, key="number", text=rest[2:])


def _written(unit: Unit) -> str:
    fields = {name: table.written(value) for name, value in unit.fields.items()}
    match unit.kind:
        case "dish" | "set":
            return f"- {_item(unit, fields)}"
        case "allergen":
            return f"- {fields.get('sign', '')}: {fields.get('name', '')}"
        case "fact":
            return f"{fields.get('label', '')}: {fields.get('value', '')}"
        case _:
            return unit.layout or unit.text or " ".join(fields.values())


def _item(unit: Unit, fields: Mapping[str, str]) -> str:
    number = f"{fields['number']} " if "number" in fields else ""
    dishes = f": {fields['dishes']}" if "dishes" in fields else ""
    text = f", {unit.text}" if unit.text else ""
    price = f" · {_priced(unit.fields.get('price'))}" if "price" in fields else ""
    allergens = f" [{fields['allergens']}]" if "allergens" in fields else ""
    return f"{number}**{fields.get('name', '')}**{dishes}{text}{price}{allergens}"


def _priced(value: Value) -> str:
    """A price with its cents, and with more decimals only where it has them."""
    if not isinstance(value, Decimal):
        return table.written(value)
    places = value.normalize().as_tuple().exponent
    return f"{value:.2f}" if isinstance(places, int) and places >= _CENTS else f"{value:f}"


# --- edits -------------------------------------------------------------------------------------

Arithmetic = Callable[[Decimal, Decimal], Decimal]
PRICED = "Prices in"


def sort_within(document: Document, *, field: str) -> Document:
    """Sort the dishes of every section."""

    def ordered(units: Sequence[Unit]) -> Iterator[Unit]:
        for part in markdown.cut(units):
            found = Document({"": tuple(part)})
            yield from programs.sort(found, kind=DISH, field=field).units()

    return programs.in_each_file(document, ordered)


def renumber(document: Document, *, amount: str, by: Arithmetic) -> Document:
    """Give all dishes other numbers, also where set menus name them."""

    def moved(number: Decimal) -> Decimal:
        other = by(number, Decimal(amount))
        return other if other > 0 else number

    def renumbered(unit: Unit) -> Unit:
        number, dishes = unit.fields.get("number"), unit.fields.get("dishes")
        changed: dict[str, Value] = {}
        if unit.kind == DISH and isinstance(number, Decimal):
            changed["number"] = moved(number)
        if unit.kind == SET and isinstance(dishes, str):
            changed["dishes"] = re.sub(
                r"\b[1-9]\d{0,8}\b", lambda d: f"{moved(Decimal(d[0])):f}", dishes
            )
        return programs.with_fields(unit, {**unit.fields, **changed}) if changed else unit

    return programs.in_each_file(document, lambda units: map(renumbered, units))


def price_in(document: Document, *, old: str, new: str, factor: str, by: Arithmetic) -> Document:
    """State all prices in another currency."""

    def priced(unit: Unit) -> Unit:
        price = unit.fields.get("price")
        if unit.kind in (DISH, SET) and isinstance(price, Decimal):
            return programs.with_fields(
                unit, {**unit.fields, "price": programs.plain(by(price, Decimal(factor)))}
            )
        if unit.kind == FACT and unit.fields == {"label": PRICED, "value": old}:
            return programs.with_fields(unit, {"label": PRICED, "value": new})
        return unit

    return programs.in_each_file(document, lambda units: map(priced, units))


def look_up(document: Document, *, old: str, new: str) -> Document:
    """Write allergens by their signs or their names, as the menu itself explains them."""
    signs = units_of_kind(document, SIGN)
    known = {str(u.fields.get(old)): str(u.fields.get(new)) for u in signs}

    def looked_up(unit: Unit) -> Unit:
        said = unit.fields.get("allergens")
        if not isinstance(said, str):
            return unit
        other = ", ".join(known.get(word, word) for word in said.split(", "))
        return programs.with_fields(unit, {**unit.fields, "allergens": other})

    return programs.each(document, DISH, looked_up)


SORT_WITHIN = Verb(
    "Within every section, sort the dishes by {field}, smallest first; ties keep their order.",
    sort_within,
)
NUMBERS_UP = Verb(
    "Add {amount} to the number of every dish, and to the numbers by which set menus name them.",
    partial(renumber, by=add),
)
NUMBERS_DOWN = Verb(
    "Subtract {amount} from the number of every dish, and from the numbers by which set menus name "
    "them.",
    partial(renumber, by=sub),
)
PRICE_IN = Verb(
    "State all prices, of dishes and set menus, in {new} instead of {old}: multiply by {factor}, "
    "exactly and without rounding, and change the line `Prices in`.",
    partial(price_in, by=mul),
)
PRICE_FROM = Verb(
    "State all prices, of dishes and set menus, in {new} instead of {old}: divide by {factor}, "
    "exactly and without rounding, and change the line `Prices in`.",
    partial(price_in, by=truediv),
)
SPELL_OUT = Verb(
    "In the square brackets of every dish, write the names of the allergens instead of their "
    "signs, as the list of allergens explains them; the list stays.",
    partial(look_up, old="sign", new="name"),
)
SHORTEN = Verb(
    "In the square brackets of every dish, write the signs of the allergens instead of their "
    "names, as the list of allergens explains them; the list stays.",
    partial(look_up, old="name", new="sign"),
)
DISHES = keyed_verbs(
    DISH,
    one="dish",
    many="dishes",
    key="number",
    readers={"number": table.typed, "price": table.typed},
)
SECTIONS = markdown.Sections("menu")
EDITS = KeyedEdits(
    DISHES,
    kind=DISH,
    keys=("number",),
    removable=("allergens", "price"),
    plural="dishes",
)


def by_price(document: Document, rng: Random) -> Edit | None:
    """Dishes of a section by price or name, where they stand by number now."""
    fields = [n for n in ("price", "name") if sort_within(document, field=n) != document]
    told = all({"price", "number"} <= set(u.fields) for u in EDITS.records(document))
    if not fields or not told or sort_within(document, field="number") != document:
        return None
    there = SORT_WITHIN(field=rng.choice(fields))
    return edit("by_price", "sort", [there], [SORT_WITHIN(field="number")])


def new_numbers(document: Document, rng: Random) -> Edit | None:
    """Other numbers, in set menus too."""
    if not any("number" in u.fields for u in EDITS.records(document)):
        return None
    said = {"amount": rng.choice(("100", "200", "55"))}
    return edit("new_numbers", "renumber", [NUMBERS_UP(**said)], [NUMBERS_DOWN(**said)])


_RATES = {"EUR": (("CZK", "25"), ("HUF", "400"), ("RON", "5"), ("PLN", "4"))}
"""Round rates by which any price can be divided exactly."""


def currency(document: Document, rng: Random) -> Edit | None:
    """Prices in the money of a neighbour."""
    told = [u.fields for u in units_of_kind(document, FACT) if u.fields["label"] == PRICED]
    old = str(told[0]["value"]) if len(told) == 1 else ""
    if old not in _RATES or not any("price" in u.fields for u in EDITS.records(document)):
        return None
    new, factor = rng.choice(_RATES[old])
    there = PRICE_IN(old=old, new=new, factor=factor)
    back = PRICE_FROM(old=new, new=old, factor=factor)
    return edit("currency", "scale", [there], [back])


def spelled_out(document: Document, _: Random) -> Edit | None:
    """Allergens by name."""
    there, back = SPELL_OUT(), SHORTEN()
    words = [u.fields[n] for u in units_of_kind(document, SIGN) for n in ("sign", "name")]
    between = there.program(document)
    if len(set(words)) < len(words) or between == document or back.program(between) != document:
        return None
    return edit("spelled_out", "normalise", [there], [back])


def headings(document: Document, _: Random) -> Edit | None:
    """Other headings."""
    return SECTIONS.renamed(document, _HEADINGS)


_HEADINGS = {"Starters": "Small plates", "Mains": "Large plates", "Desserts": "Sweets"}
PLANNERS: tuple[Planner, ...] = (
    EDITS.extract, by_price, new_numbers, currency, spelled_out, headings, SECTIONS.last_first,
    SECTIONS.last_apart,
    compose("for_guests", currency, spelled_out, headings),
    compose("for_the_till", by_price, new_numbers, EDITS.extract),
    compose("new_print", new_numbers, spelled_out, SECTIONS.last_apart),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_FOODS = (
    "beetroot", "trout", "pumpkin", "duck", "celeriac", "lamb", "chickpea", "mussel", "leek",
    "mushroom", "cod", "aubergine", "pork", "fennel", "herring", "quail", "spinach", "venison",
)  # fmt: skip
_FORMS = {
    "Starters": ("tartare", "soup", "terrine", "salad", "croquettes", "carpaccio", "toast"),
    "Mains": ("stew", "roast", "pie", "risotto", "curry", "skewers", "goulash", "schnitzel"),
    "Desserts": ("parfait", "crumble", "tart", "sorbet", "pancakes", "mousse", "strudel"),
}
_SWEET = ("plum", "rhubarb", "hazelnut", "lemon", "quince", "cherry", "poppy seed", "apricot")
_STYLES = ("Smoked", "Braised", "Crisp", "Spiced", "House", "Warm", "Rustic", "Glazed", "Iced")
_SIDES = (
    "dill", "rye crumbs", "pickled onions", "brown butter", "green sauce", "potato purée",
    "lentils", "horseradish", "wild garlic", "sour cream", "roast almonds", "cider jus",
    "bitter leaves", "black garlic", "buttermilk", "honey", "caraway", "orange zest",
)  # fmt: skip
_TELLING = ("with {a} and {b}", "on {a}, finished with {b}", "{a}, {b}", "in {a} with a little {b}")
_NAMES = (
    "gluten", "milk", "egg", "fish", "crustaceans", "molluscs", "celery", "mustard", "sesame",
    "soya", "lupin", "peanut", "tree nuts", "sulphites",
)  # fmt: skip


def _menu(rng: Random, size: int) -> list[Unit]:
    named = content.distinct(rng, _NAMES, min(14, 4 + size // 150))
    signs = dict(zip(sorted(rng.sample("ABCDEFGHKLMNPRSTW", len(named))), named, strict=True))
    count = max(6, round((size - 60) / 24))
    numbers = iter(sorted(rng.sample(range(10, 60 + 3 * count), count)))
    dishes: dict[str, list[Unit]] = {title: [] for title in _FORMS}
    for at, number in enumerate(numbers):
        title = list(_FORMS)[3 * at // count]
        dishes[title].append(_fresh_dish(rng, number, title, list(signs)))
    sets = [_set(rng, dishes) for _ in range(1 + count // 12)]
    sections = {**dishes, "Set menus": sets, "Allergens": [_sign(*pair) for pair in signs.items()]}
    place = f"{rng.choice(content.FIRMS)} in {rng.choice(content.CITIES)}"
    return [
        Unit(markdown.TITLE, text=f"{place}, {rng.choice(content.MONTHS)}"),
        Unit(FACT, {"label": PRICED, "value": "EUR"}),
        *(u for title, part in sections.items() for u in (_section(title), *part)),
    ]


def _section(title: str) -> Unit:
    return Unit(markdown.SECTION, text=title, structural=True)


def _sign(sign: str, name: str) -> Unit:
    return Unit(SIGN, {"sign": sign, "name": name}, structural=True)


def _fresh_dish(rng: Random, number: int, title: str, signs: Sequence[str]) -> Unit:
    food = rng.choice(_SWEET if title == "Desserts" else _FOODS)
    a, b = rng.sample(_SIDES, 2)
    fields: dict[str, Value] = {
        "number": Decimal(number),
        "name": f"{rng.choice(_STYLES)} {food} {rng.choice(_FORMS[title])}",
        "price": Decimal(rng.randint(50, 290) * 10 + rng.choice((0, 5))).scaleb(_CENTS),
    }
    if rng.random() < 0.8 or number % 2:
        fields["allergens"] = ", ".join(sorted(rng.sample(list(signs), rng.randint(1, 4))))
    return Unit(DISH, fields, text=rng.choice(_TELLING).format(a=a, b=b))


def _set(rng: Random, dishes: Mapping[str, Sequence[Unit]]) -> Unit:
    chosen = [rng.choice(part).fields["number"] for part in dishes.values()]
    return Unit(
        SET,
        {
            "name": f"{rng.choice(content.CITIES)} {rng.choice(('lunch', 'evening', 'feast'))}",
            "dishes": ", ".join(table.written(number) for number in chosen),
            "price": Decimal(rng.randint(24, 79) * 100 + rng.choice((0, 50))).scaleb(_CENTS),
        },
    )


class Foodmenu(Domain):
    """The menu of a restaurant."""

    name = "foodmenu"
    category = "everyday"
    formats: ClassVar = {".md": MENU, ".csv": table.CSV}
    clips: ClassVar = {SIGN: 0.6, FACT: 0.6}
    verbs: ClassVar[Sequence[Verb]] = (
        DISHES.take, DISHES.give, SORT_WITHIN, NUMBERS_UP, NUMBERS_DOWN, PRICE_IN, PRICE_FROM,
        SPELL_OUT, SHORTEN, *SECTIONS.verbs,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.05

    def generate(self, rng: Random, size: int) -> Files:
        """A menu of a month."""
        return {"menu.md": MENU.render(_menu(rng, size))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; other bullets and blank lines; wrapped items; prices without zeros."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^- ", "\n+ ", text),
            re.sub(r"(?m)^(- .{20,40}?) ", r"\1\n  ", text),
            re.sub(r"( · \d+\.\d)0\b", r"\1", f"{text}\n"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Bookings of tables and notes of the staff's meeting."""
        rows: list[dict[str, Value]] = [
            {"booking": code, "name": content.person(rng), "guests": Decimal(rng.randint(1, 12))}
            for code in content.codes(rng, "B", max(3, size // 18))
        ]
        bookings = table.CSV.render([Unit(table.ROW, row) for row in rows])
        return {"bookings.csv": bookings, "staff_meeting.md": content.memo(rng, size // 2)}


DOMAIN = Foodmenu()
