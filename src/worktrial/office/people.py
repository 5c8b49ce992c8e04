"""Who there is in an office: people with their records, contacts outside, and projects."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from worktrial.office.forms import LEVELS


class Person(NamedTuple):
    """Somebody in the company.

    Attributes:
        id: Such as `p-03`.
        name: Given and family name.
        mail: Within the company's domain.
        team: Which they are in.
        role: What they do there.
        manager: The name of their manager; empty for the head of the company.
        desk: Floor and place.
        extension: Four digits.
    """

    id: str
    name: str
    mail: str
    team: str
    role: str
    manager: str
    desk: str
    extension: str


class Contact(NamedTuple):
    """Somebody outside the company.

    Attributes:
        id: Such as `c-03`.
        name: Given and family name.
        organisation: For whom they work.
        mail: In a domain of their own.
        phone: Their number at work.
    """

    id: str
    name: str
    organisation: str
    mail: str
    phone: str


class Project(NamedTuple):
    """Something that people of the company work on.

    Attributes:
        id: Such as `j-03`.
        name: One word or two.
        lead: The name of the person who leads it.
        status: running, planned, on hold or closed.
        budget_code: Under which it is paid for.
    """

    id: str
    name: str
    lead: str
    status: str
    budget_code: str


class Population(NamedTuple):
    """Everybody, and what they work on."""

    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    projects: tuple[Project, ...]
    records: Mapping[tuple[str, str], str]


_GIVEN = """
Ada Aldo Amina Anders Anouk Arjun Beata Bruno Carla Cedric Chiara Dagny Dalia Dario Edda Elias
Emeka Esther Farid Fiona Gita Goran Hanna Henrik Ilka Imran Ines Ivo Jana Joel Kaja Karim Lasse
Leila Linus Magda Malik Marta Milo Nadia Nils Noor Olga Orla Oskar Paula Petra Quinn Rafael Rosa
Ruben Sanna Selim Silke Stefan Tamar Tariq Tilda Ulla Umar Vera Viktor Wanda Yara Yusuf Zora
"""
_FAMILY = """
Abelson Adeyemi Akerman Almeida Bakker Banerjee Barlow Beckmann Bianchi Bondar Castell Chaudhry
Corrigan Dahl Delgado Dorn Eklund Engel Farkas Ferreira Fontaine Galanis Gruber Haddad Halvorsen
Hartog Ibarra Ivanova Jansen Jokinen Kaplan Keane Kovac Kruger Laurent Lindqvist Lombardi Mbeki
Meyer Mirza Moreau Nakata Nilsson Novak Obi Okafor Olsen Pavlou Petersen Quist Rahman Reuter Ricci
Sato Schuster Silva Sorensen Tanaka Thorne Ueda Valdez Vogel Weaver Wolski Yilmaz Zeman
"""
_TEAMS: Sequence[tuple[str, tuple[str, ...]]] = (
    (
        "Operations",
        ("head of operations", "project coordinator", "office manager", "logistics planner"),
    ),
    ("Finance", ("head of finance", "controller", "accountant", "purchasing officer")),
    ("People", ("head of people", "recruiter", "payroll officer", "training officer")),
    ("Engineering", ("head of engineering", "engineer", "test engineer", "systems administrator")),
    ("Sales", ("head of sales", "account manager", "bid writer", "customer adviser")),
    ("Design", ("head of design", "designer", "researcher", "technical writer")),
)
_ORGANISATIONS = (
    "Alderbrook Hotels", "Brightwater Catering", "Cobalt Freight", "Dunmore Legal",
    "Eastgate Print", "Fennimore Training", "Granite Insurance", "Hollis Furniture",
    "Ironbridge Audit", "Juniper Travel", "Kestrel Networks", "Larkfield Institute",
    "Marlow Instruments", "Northstar Events",
)  # fmt: skip
_PROJECTS = (
    "Aurora", "Basalt", "Cedar", "Drumlin", "Estuary", "Falcon", "Glacier", "Heron", "Isobar",
    "Kittiwake", "Lantern", "Meridian", "Nimbus", "Osprey", "Pumice", "Quarry",
)  # fmt: skip
_STATUS = ("running",) * 6 + ("planned",) * 2 + ("on hold", "closed")
_STREETS = (
    "Alder Row", "Beacon Hill", "Chapel Walk", "Dove Lane", "Elm Terrace", "Ferry Road",
    "Garth Close", "Hazel Bank", "Kiln Street", "Linden Way", "Mill Yard", "Orchard Rise",
)  # fmt: skip
_TOWNS = ("Millbrook", "Saltmere", "Thornby", "Westerleigh", "Kirkford", "Ashdown")
_HEALTH = (
    "penicillin allergy", "type 1 diabetes", "chronic migraine", "epilepsy since childhood",
    "severe nut allergy", "hearing aid on the left", "asthma inhaler in the desk",
    "recovering from knee surgery", "latex intolerance", "pacemaker fitted", "coeliac disease",
    "colour blindness", "treated for insomnia", "vertigo on ladders", "physiotherapy twice a week",
    "iron deficiency", "thyroid medication", "blood thinners", "bee sting allergy",
    "lactose intolerance", "herniated disc", "tinnitus in both ears", "panic disorder",
    "psoriasis flare-ups", "raised blood pressure", "carpal tunnel syndrome",
)  # fmt: skip
_KIN = ("sister", "brother", "partner", "mother", "father", "neighbour")
_LANGUAGES = ("English", "German", "Spanish", "French", "Polish", "Dutch", "Turkish", "Arabic")
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def population(rng: random.Random, domain: str, today: date) -> Population:
    """Draw the people, contacts and projects of an office."""
    given, family = rng.sample(_GIVEN.split(), 38), rng.sample(_FAMILY.split(), 62)
    names = [f"{first} {last}" for first, last in zip(given, family, strict=False)]
    people = _people(rng, names[:24], domain)
    kin = [f"{rng.choice(_GIVEN.split())} {last}" for last in family[38:]]
    return Population(
        people,
        _contacts(rng, names[24:]),
        _projects(rng, people),
        _records(rng, people, kin, today),
    )


def _people(rng: random.Random, names: Sequence[str], domain: str) -> tuple[Person, ...]:
    places = [(team, role) for team, roles in _TEAMS for role in roles]
    places.insert(0, places.pop(1))  # the user, a coordinator, comes first
    heads = {team: name for (team, role), name in zip(places, names, strict=True) if "head" in role}
    desks = rng.sample([f"{floor}.{n:02}" for floor in (1, 2, 3) for n in range(1, 30)], len(names))
    extensions = rng.sample(range(4100, 4900), len(names))
    return tuple(
        Person(
            f"p-{n:02}", name, f"{mailbox(name)}@{domain}", team, role,
            _manager(name, heads, team), desk, str(extension),
        )
        for n, (name, (team, role), desk, extension)
        in enumerate(zip(names, places, desks, extensions, strict=True), 1)
    )  # fmt: skip


def _manager(name: str, heads: Mapping[str, str], team: str) -> str:
    """Heads of teams answer to the head of operations, who answers to nobody."""
    top = heads[_TEAMS[0][0]]
    if name == top:
        return ""
    return top if name == heads[team] else heads[team]


def mailbox(name: str) -> str:
    """The local part of somebody's mail address."""
    return name.lower().replace(" ", ".")


def slug(name: str) -> str:
    """A name as a part of a path or domain."""
    return name.lower().replace(" ", "-")


def _contacts(rng: random.Random, names: Sequence[str]) -> tuple[Contact, ...]:
    organisations = rng.sample(_ORGANISATIONS, len(names))
    lines = rng.sample(range(1000), len(names))
    return tuple(
        Contact(f"c-{n:02}", name, where, _outside(name, where), f"+44 1632 960{line:03}")
        for n, (name, where, line) in enumerate(zip(names, organisations, lines, strict=True), 1)
    )


def _outside(name: str, organisation: str) -> str:
    return f"{mailbox(name)}@{slug(organisation)}.example"


def _projects(rng: random.Random, people: Sequence[Person]) -> tuple[Project, ...]:
    names = rng.sample(_PROJECTS, len(_STATUS))
    leads = rng.sample(people[1:], len(_STATUS))
    codes = rng.sample(range(1000, 10_000), len(_STATUS))
    status = rng.sample(_STATUS, len(_STATUS))
    return tuple(
        Project(f"j-{n:02}", name, lead.name, state, f"BC-{code}")
        for n, (name, lead, state, code) in enumerate(
            zip(names, leads, status, codes, strict=True), 1
        )
    )


def _records(
    rng: random.Random, people: Sequence[Person], kin: Sequence[str], today: date
) -> dict[tuple[str, str], str]:
    count = len(people)
    drawn = {
        "start_date": [_day(rng, today, 200, 4000) for _ in people],
        "working_hours": [_hours(rng) for _ in people],
        "languages": [", ".join(("English", *_languages(rng))) for _ in people],
        "office_days": [", ".join(_office_days(rng)) for _ in people],
        "home_address": _addresses(rng, count),
        "date_of_birth": _births(rng, count),
        "passport_number": [f"K{n}" for n in rng.sample(range(1_000_000, 10_000_000), count)],
        "bank_account": [f"ZZ05 {n} {m} {m + n}" for n, m in _pairs(rng, count)],
        "salary": [f"EUR {n:,}" for n in rng.sample(range(38_010, 98_000, 10), count)],
        "private_phone": [f"+44 7700 900{n:03}" for n in rng.sample(range(500), count)],
        "private_mail": [_private_mail(rng, one.name) for one in people],
        "health_note": rng.sample(_HEALTH, count),
        "emergency_contact": _next_of_kin(rng, kin[:count]),
    }
    return {(one.id, f): drawn[f][at] for at, one in enumerate(people) for f in LEVELS}


def _day(rng: random.Random, today: date, least: int, most: int) -> str:
    return (today - timedelta(days=rng.randint(least, most))).isoformat()


def _hours(rng: random.Random) -> str:
    first = rng.randint(7, 10)
    return f"{first:02}:00-{first + 8:02}:30"


def _languages(rng: random.Random) -> list[str]:
    return rng.sample(_LANGUAGES[1:], rng.randint(0, 2))


def _office_days(rng: random.Random) -> list[str]:
    days = rng.sample(range(5), rng.randint(2, 4))
    return [_WEEK[day] for day in sorted(days)]


def _addresses(rng: random.Random, count: int) -> list[str]:
    streets = rng.sample([f"{n} {street}" for street in _STREETS for n in range(10, 100)], count)
    return [f"{street}, {rng.choice(_TOWNS)}" for street in streets]


def _births(rng: random.Random, count: int) -> list[str]:
    days = rng.sample(range(13_000), count)
    return [(date(1964, 1, 1) + timedelta(days=day)).isoformat() for day in days]


def _pairs(rng: random.Random, count: int) -> list[tuple[int, int]]:
    return [(n, rng.randint(1000, 4999)) for n in rng.sample(range(1000, 5000), count)]


def _private_mail(rng: random.Random, name: str) -> str:
    return f"{mailbox(name)}{rng.randint(10, 99)}@{rng.choice(('postbox', 'quickmail'))}.example"


def _next_of_kin(rng: random.Random, kin: Sequence[str]) -> list[str]:
    lines = rng.sample(range(500, 1000), len(kin))
    return [
        f"{name} ({rng.choice(_KIN)}), +44 7700 900{n}" for name, n in zip(kin, lines, strict=True)
    ]
