"""Fresh recipes, and the stock of the store room that names the same goods."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from random import Random
from typing import TypeVar

from worktrial.documents import content
from worktrial.documents.domains.recipe.format import FACT, INGREDIENT, NOTE, RECIPE, SECTION, STEP
from worktrial.documents.unit import Unit, Value

Made = TypeVar("Made")


def recipes(rng: Random, size: int) -> list[Unit]:
    """Recipes of a few hundred tokens each, about `size` in all."""
    cook, left = _Cook(rng), size
    units: list[Unit] = []
    while left > 0:
        share = rng.randint(240, 420)
        share = left if left - share < 160 else share
        units += cook.recipe(share)
        left -= share
    return units


def pantry(rng: Random, size: int) -> str:
    """What is in the store room, as CSV."""
    lines = ["item,shelf,packs,best_before"]
    while sum(map(len, lines)) < 3.2 * size:
        _, names, _ = rng.choice(list(_LARDER.values()))
        shelf = f"{rng.choice('ABCD')}{rng.randint(1, 30)}"
        lines.append(f"{rng.choice(names)},{shelf},{rng.randint(0, 60)},{content.day(rng)}")
    return "\n".join((*lines, ""))


class _Cook:
    """Writes recipes, no line of which stands twice in a document."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.used: set[object] = set()

    def recipe(self, size: int) -> list[Unit]:
        """One recipe of about `size` tokens."""
        room = max(0, size - 60)
        goods = self.goods(max(4, round(room * 0.45 / 13)))
        steps = self.texts(_ACTIONS, list(goods), max(2, room // 42))
        tips = self.texts(_TIPS, list(goods), 1 + room // 250)
        return [
            Unit(RECIPE, text=self.fresh(self.title)),
            *self.facts(),
            _section("Ingredients"),
            *goods.values(),
            _section("Method"),
            *(Unit(STEP, {"number": Decimal(n)}, text=step) for n, step in enumerate(steps, 1)),
            _section("Notes"),
            *(Unit(NOTE, text=tip) for tip in tips),
        ]

    def goods(self, count: int) -> dict[str, Unit]:
        """Ingredients of different names."""
        goods: dict[str, Unit] = {}
        while len(goods) < count:
            good = self.fresh(self.ingredient)
            goods.setdefault(str(good.fields["name"]), good)
        return goods

    def texts(self, templates: Sequence[str], names: Sequence[str], count: int) -> list[str]:
        """Steps or tips about the ingredients."""
        return [self.fresh(partial(self.text, templates, names)) for _ in range(count)]

    def fresh(self, make: Callable[[], Made]) -> Made:
        """Something that is not in the document yet."""
        while repr(made := make()) in self.used:
            pass
        self.used.add(repr(made))
        return made

    def title(self) -> str:
        """What a recipe is called."""
        main = self.rng.choice(_LARDER["produce"][1])
        return f"{self.rng.choice(_STYLES)} {main} {self.rng.choice(_DISHES)}"

    def facts(self) -> Iterator[Unit]:
        """What it makes and how long it takes."""
        yield Unit(FACT, {"label": "Serves", "amount": Decimal(self.rng.randint(2, 12))})
        for label, longest in (("Prep", 9), ("Cook", 30)):
            minutes = Decimal(5 * self.rng.randint(1, longest))
            yield Unit(FACT, {"label": label, "amount": minutes, "unit": "min"})

    def ingredient(self) -> Unit:
        """A line of the list."""
        aisle = self.rng.choice(list(_LARDER))
        unit, names, preparations = _LARDER[aisle]
        fields: dict[str, Value] = {"quantity": self.quantity(unit)}
        fields |= {"unit": unit} if unit else {}
        fields["name"] = self.rng.choice(names)
        if self.rng.random() < 0.5:
            fields["preparation"] = self.rng.choice(preparations)
        return Unit(INGREDIENT, {**fields, "aisle": aisle})

    def quantity(self, unit: str) -> Decimal:
        """As much of it as cooks take."""
        if unit in ("g", "ml"):
            return Decimal(5 * self.rng.randint(4, 180))
        if unit in ("tsp", "tbsp"):
            return Decimal(self.rng.randint(1, 24)) / 4
        return Decimal(self.rng.randint(2, 14))

    def text(self, templates: Sequence[str], names: Sequence[str]) -> str:
        """A step or a tip about some of the ingredients."""
        a, b = self.rng.sample(names, 2)
        return self.rng.choice(templates).format(
            a=a,
            b=b,
            n=self.rng.randint(2, 90),
            t=5 * self.rng.randint(28, 48),
            heat=self.rng.choice(("low", "medium", "high", "gentle")),
            sign=self.rng.choice(_SIGNS),
            who=content.person(self.rng),
        )


def _section(title: str) -> Unit:
    return Unit(SECTION, text=title, structural=True)


# --- words ------------------------------------------------------------------------------------


def _among(names: str) -> list[str]:
    return names.split("|")


_LARDER: Mapping[str, tuple[str, Sequence[str], Sequence[str]]] = {
    "produce": (
        "g",
        _among(
            "carrots|leeks|fennel|beetroot|celeriac|spinach|mushrooms|courgettes|parsnips|kale|"
            "cherry tomatoes|pumpkin|green beans|white cabbage|new potatoes|rhubarb|plums"
        ),
        ("finely chopped", "peeled", "in thick slices", "diced", "coarsely grated", "quartered"),
    ),
    "dry goods": (
        "g",
        _among(
            "red lentils|pearl barley|basmati rice|plain flour|rolled oats|chickpeas|couscous|"
            "buckwheat|brown sugar|ground almonds|polenta|walnuts|sultanas|rye flour"
        ),
        ("rinsed", "sifted", "toasted", "soaked overnight", "well drained"),
    ),
    "dairy": (
        "ml",
        _among("whole milk|double cream|buttermilk|kefir|plain yoghurt|crème fraîche|oat drink"),
        ("warmed", "at room temperature", "well chilled", "lightly whipped"),
    ),
    "bottles and tins": (
        "ml",
        _among("vegetable stock|coconut milk|passata|dry cider|apple juice|fish stock|red wine"),
        ("hot", "well shaken", "divided", "reduced by half"),
    ),
    "oils and sauces": (
        "tbsp",
        _among("olive oil|soy sauce|cider vinegar|tahini|honey|rapeseed oil|dijon mustard"),
        ("plus more to serve", "divided", "to taste"),
    ),
    "spices": (
        "tsp",
        _among(
            "ground cumin|smoked paprika|fennel seeds|turmeric|sea salt|black pepper|cinnamon|"
            "caraway seeds|ground coriander|nutmeg|chilli flakes"
        ),
        ("freshly ground", "lightly crushed", "heaped", "toasted"),
    ),
    "fresh herbs": (
        "sprig",
        _among("thyme|rosemary|dill|tarragon|marjoram|mint|flat parsley|lovage"),
        ("leaves picked", "finely chopped", "tied together", "torn"),
    ),
    "greengrocer": (
        "",
        _among("onions|lemons|shallots|red peppers|eggs|limes|apples|pears|aubergines"),
        ("halved", "thinly sliced", "finely diced", "roasted", "small ones"),
    ),
}
"""By aisle: the unit it is measured in, what stands there, and how that is prepared."""
_DISHES = _among(
    "soup|stew|gratin|pie|salad|bake|curry|broth|casserole|tart|pilaf|dumplings|fritters|ragout|"
    "hotpot|crumble|chowder|frittata|loaf|stir-fry"
)
_STYLES = _among(
    "Harvest|Farmhouse|Winter|Harbour|Sunday|Smoked|Roasted|Spiced|Market|Garden|Midsummer|Orchard|"
    "Alpine|Coastal|Rustic|Golden|Autumn|Peppery|Slow|Baltic|Lemony|Festive|Weekday|Hearty"
)
_ACTIONS = (
    "Fry the {a} in a wide pan over {heat} heat for {n} minutes, until {sign}.",
    "Add the {a} and the {b}, cover, and simmer for {n} minutes.",
    "Bring the {a} to the boil, then stir in the {b} and cook for {n} minutes more.",
    "Spread the {a} on a tray and roast at {t} degrees for {n} minutes, until {sign}.",
    "Whisk the {a} with the {b} in a bowl and leave to stand for {n} minutes.",
    "Fold in the {a}; the mixture should be {sign} after about {n} minutes.",
    "Meanwhile, mix the {a} and the {b} by hand until {sign}.",
    "Turn the heat to {heat}, pour over the {a} and leave for {n} minutes.",
    "Layer the {a} and the {b} in a deep dish and bake at {t} degrees for {n} minutes.",
    "Season with the {a}, taste after {n} minutes, and serve with the {b}.",
)
_SIGNS = _among(
    "just tender|golden at the edges|thick and glossy|fragrant|almost dry|soft but whole"
)
_TIPS = (
    "Keeps for {n} days in the fridge; the {a} should be added fresh.",
    "In place of the {a}, {b} will do, with {n} minutes less in the pan.",
    "Freezes well for {n} weeks, but without the {a}.",
    "{who} makes this with {b} in place of the {a}, and cooks it {n} minutes longer.",
    "Doubling it takes {n} minutes more and a wider pan for the {a}.",
)
