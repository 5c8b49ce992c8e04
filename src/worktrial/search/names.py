"""Names and texts that no model has seen: invented roots, people, addresses, numbers."""

from collections.abc import Callable, Mapping
from random import Random

_FIRST = (
    "Ada Agnes Alma Anton Arne Astrid Bela Benno Berta Carla Cedric Clara Cosmo Dagmar Dario Edda "
    "Edgar Elin Emil Enzo Erika Ester Fabio Felix Flora Frida Gerda Greta Gustav Hanna Hedwig "
    "Henrik Hugo Ida Ines Ingrid Irma Ivo Jana Jonas Josef Judith Julian Karin Klara Lars Lena "
    "Leo Lidia Linus Livia Lorenz Ludwig Magda Malte Marek Maren Marta Matteo Mila Mira Nadia "
    "Niels Nora Oscar Olga Otto Paula Pavel Petra Rafael Rita Romeo Rosa Ruben Sara Selma Silvio "
    "Sofia Stefan Thea Tilda Tobias Ulla Vera Viktor Wanda Xenia Yannick Zeno"
).split()
_ONSETS = "b br d dr f fl g gr h k kl l m n p pr r s st t tr v w z".split()
_VOWELS = "a e i o u au ei".split()
_MIDDLES = "b ld lm lv m n nd ng r rd rk rn rv sk st t v x zz dr".split()
_ENDS = "a an ar eck el en er ick in is ol on or um us yn".split()
_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "suppliers": ("Supply", "Trading", "Works", "Wares", "Handel", "Makers", "Depot", "Partners"),
    "studies": ("Cohort", "Panel", "Inquiry", "Review", "Series", "Papers", "Notebook"),
    "venues": ("House", "Court", "Barn", "Mill", "Lodge", "Pavilion", "Wharf", "Manor"),
    "policies": ("Rule", "Charter", "Directive", "Guideline", "Circular", "Statute", "Ordinance"),
}
_SHARED_ROOT, _ALIAS, _LONGER = 0.1, 0.25, 0.2


class Names:
    """Unique names for one world, some of them nearly the same, some with a short form."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()
        self._roots: dict[str, str] = {}

    def subject(self, topic: str) -> tuple[str, tuple[str, ...]]:
        """A name for a subject of a topic, and its aliases."""
        if topic == "defects":
            return self._number(), ()
        root = self._roots.pop(topic, "")
        if root and self._rng.random() < _SHARED_ROOT:
            return self._named(topic, root), ()
        root = self._root()
        if self._rng.random() < _ALIAS:
            return self._named(topic, root), (root,)
        self._roots[topic] = root
        return self._named(topic, root), ()

    def person(self) -> str:
        """A name for a person beside a subject."""
        return self.subject("")[0]

    def _named(self, topic: str, root: str) -> str:
        """The root with a suffix of the topic, or with a first name."""
        while True:
            suffixes = _SUFFIXES.get(topic)
            chosen = self._rng.choice(suffixes or _FIRST)
            name = f"{root} {chosen}" if suffixes else f"{chosen} {root}"
            if self._fresh(name):
                return name

    def _root(self) -> str:
        while True:
            # Longer ones now and then: there are too few short ones for the largest world.
            longer = (_VOWELS, _MIDDLES) if self._rng.random() < _LONGER else ()
            parts = (_ONSETS, _VOWELS, _MIDDLES, *longer, _ENDS)
            if self._fresh(root := "".join(map(self._rng.choice, parts)).capitalize()):
                return root

    def _number(self) -> str:
        while True:
            letters = "".join(self._rng.choices("BCDFGHKLMNPRTVWX", k=3))
            if self._fresh(name := f"{letters}-{self._rng.randint(10_000, 99_999)}"):
                return name

    def _fresh(self, name: str) -> bool:
        """Take a name, unless it is taken."""
        if name in self._used:
            return False
        self._used.add(name)
        return True


def text(key: str, rng: Random, person: str = "") -> str:
    """A value for a relation of kind text.

    Args:
        key: Of the relation.
        rng: What it is drawn from.
        person: Name of the person it belongs to, in a second hop.
    """
    if key == "email":
        first, last = person.lower().split()
        return f"{first}.{last}@{rng.choice(_DOMAINS)}.example"
    return _TEXTS[key](rng)


_DOMAINS = "amberdesk bluefold cordial deltapost elmgate fernmail graypost hillnote".split()
_PLACES = "North East West South High Long Stone Clear Fair Under Over Marsh".split()
_LAND = "mere ford field bridge wick moor haven stead".split()
_BIRDS = "Heron Plover Siskin Wren Avocet Dunlin Merlin Osprey Pipit Teal".split()
_TEXTS: Mapping[str, Callable[[Random], str]] = {
    "warehouse": lambda rng: f"Bay {rng.randint(100, 999)}-{rng.choice('ABCDEFGH')}",
    "extension": lambda rng: f"{rng.randint(20, 89)}-{rng.randint(100, 999)}",
    "room": lambda rng: f"{rng.choice('ABCDEF')}{rng.randint(1, 9)}.{rng.randint(100, 399)}",
    "archive": lambda rng: f"ARC-{rng.randint(1000, 9999)}-{rng.choice('KLMNPQ')}",
    "institute": lambda rng: f"{rng.choice(_PLACES)}{rng.choice(_LAND)} Institute",
    "hall": lambda rng: f"{rng.choice(_BIRDS)} Hall {rng.randint(1, 40)}",
    "phone": lambda rng: f"+99 555 {rng.randint(10_000, 99_999)}",
    "workaround": lambda rng: f"enter service code {rng.randint(1000, 9999)}",
    "fixed_in": lambda rng: f"{rng.randint(2, 9)}.{rng.randint(0, 19)}.{rng.randint(1, 40)}",
    "reference": lambda rng: f"HR-{rng.randint(100, 999)}-{rng.randint(10, 99)}",
}
