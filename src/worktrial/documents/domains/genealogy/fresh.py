"""Fresh family trees, which grow couple by couple."""

from collections.abc import Mapping
from random import Random

from worktrial.documents import content
from worktrial.documents.domains.genealogy.edits import EDITS, MONTHS
from worktrial.documents.domains.genealogy.format import FAMILY, INDIVIDUAL, XREF
from worktrial.documents.unit import Unit, Value

_COUNTRIES = {
    "Tartu": "Livonia", "Kaunas": "Lithuania", "Zadar": "Dalmatia", "Ghent": "Flanders",
    "Quimper": "Brittany", "Jena": "Thuringia", "Porvoo": "Finland", "Bilbao": "Biscay",
    "Malmö": "Scania", "Leeds": "Yorkshire", "Rostock": "Mecklenburg", "Oporto": "Douro",
}  # fmt: skip
_PARISHES = ("Upperfield", "Millbrook", "Oldchurch", "Fairhaven", "Lindenau", "Westmark", "Holmby")
_REGISTERS = ("Baptisms", "Marriages", "Burials", "Census", "Tax roll", "Muster roll", "Guild book")


class Tree:
    """A family tree that grows couple by couple."""

    def __init__(self, rng: Random, size: int) -> None:
        self.rng = rng
        count = max(60, size // 8)
        self.numbers = {
            kind: iter(sorted(rng.sample(range(1, 12 * count), count))) for kind in ("I", "F")
        }
        self.people: list[dict[str, Value]] = []
        self.families: list[dict[str, Value]] = []

    def grow(self) -> None:
        """One more couple with children; one parent may be a child from before."""
        rng = self.rng
        single = [p for p in self.people if "FAMS" not in p and "FAMC" in p]
        one = rng.choice(single) if single and rng.random() < 0.6 else self._person("M", 0)
        other = self._person("F" if one["SEX"] == "M" else "M", _born(one) + rng.randint(-5, 5))
        xref = f"@F{next(self.numbers['F'])}@"
        one["FAMS"] = other["FAMS"] = xref
        husband, wife = (one, other) if one["SEX"] == "M" else (other, one)
        married = max(_born(one), _born(other)) + rng.randint(20, 30)
        surname = str(husband["NAME"]).partition("/")[2].strip("/")
        children = [
            self._person(rng.choice("MF"), married + 1 + 2 * i, surname, xref)
            for i in range(rng.choice((1, 1, 2)))
        ]
        self.families.append({
            XREF: xref, "HUSB": husband[XREF], "WIFE": wife[XREF],
            "CHIL": " ".join(str(c[XREF]) for c in children),
            "MARR.DATE": _day(rng, married), "MARR.PLAC": _place(rng),
            "SOUR": register(rng),
        })  # fmt: skip

    def _person(self, sex: str, year: int, surname: str = "", family: str = "") -> dict[str, Value]:
        rng = self.rng
        year = year or rng.randint(1745, 1850)
        surname = surname or rng.choice(content.LAST_NAMES)
        person: dict[str, Value] = {
            XREF: f"@I{next(self.numbers['I'])}@",
            "NAME": f"{rng.choice(content.FIRST_NAMES)} /{surname}/",
            "SEX": sex,
            "BIRT.DATE": _day(rng, year, exact=0.7),
            "BIRT.PLAC": _place(rng),
        }
        if rng.random() < 0.4:
            person["DEAT.DATE"] = _day(rng, year + rng.randint(31, 90), exact=0.7)
        if rng.random() < 0.5:
            person["OCCU"] = rng.choice(list(EDITS.recodes["OCCU"]))
        if rng.random() < 0.3:
            person["SOUR"] = register(rng)
        if family:
            person["FAMC"] = family
        self.people.append(person)
        return person

    def units(self) -> list[Unit]:
        """Individuals, then families."""
        people = [Unit(INDIVIDUAL, p, key=XREF) for p in self.people]
        return [*people, *(Unit(FAMILY, f, key=XREF) for f in self.families)]


def _born(person: Mapping[str, Value]) -> int:
    return int(str(person["BIRT.DATE"])[-4:])


def _day(rng: Random, year: int, *, exact: float = 1.0) -> str:
    day = content.day(rng, year=year)
    if rng.random() < exact:
        return f"{day.day} {MONTHS[day.month - 1]} {year}"
    return rng.choice((f"ABT {year}", f"BEF {year}", f"{MONTHS[day.month - 1]} {year}"))


def _place(rng: Random) -> str:
    town = rng.choice(list(_COUNTRIES))
    return f"{rng.choice(_PARISHES)}, {town}, {_COUNTRIES[town]}"


def register(rng: Random) -> str:
    """A book that people are recorded in."""
    start = rng.randint(1740, 1880)
    return (
        f"{rng.choice(_REGISTERS)} of {rng.choice(_PARISHES)} {start}-{start + rng.randint(2, 30)}"
    )
