"""Realistic content for fresh documents: people, places, firms, goods, dates, amounts, prose.

Every list is our own. Nothing here knows a format; domains put it into theirs.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

FIRST_NAMES = (
    "Amara Björn Chen Daria Emeka Farid Greta Hana Ibrahim Joana Kofi Leila Mateo Nadia Oskar "
    "Priya Quentin Rosa Samir Tomoko Uma Viktor Wanda Ximena Yusuf Zofia Anselm Bridget Carlos "
    "Dunja Elio Freya Goran Hilde Ines Jonas Katya Lars Mira Nils"
).split()
LAST_NAMES = (
    "Adler Baptiste Castellanos Dvorak Eriksen Fontaine Grabowski Hashimoto Ivanova Jansen Kaya "
    "Lindqvist Moreau Nakamura Okafor Petrov Quispe Rahman Santoro Tanaka Ueda Varga Weber Xu "
    "Yilmaz Zimmer Almeida Brandt Costa Duarte Egede Ferreira Gruber Holm Iyer Joshi"
).split()
CITIES = (
    "Antwerp Bilbao Cracow Dresden Espoo Freiburg Ghent Haifa Izmir Jena Kaunas Leeds Malmö "
    "Nantes Oporto Porvoo Quimper Rostock Seville Tartu Utrecht Varna Wrocław Zadar"
).split()
FIRMS = (
    "Northgate Halcyon Brightwell Cedarline Ostrava Meridian Fjordtech Calder Lumen Tesselate "
    "Quarry Ironbridge Saltmarsh Verdant Polaris Kestrel Amberley Driftwood Stonecrop Tidewater"
).split()
FIRM_FORMS = ("Ltd", "GmbH", "AB", "Supplies", "Partners", "Logistics", "Works", "Group")
GOODS = (
    "label printer|pallet jack|desk lamp|filter cartridge|steel bracket|cable drum|safety vest|"
    "torque wrench|packing tape|bearing set|thermal paper|floor mat|hose clamp|valve kit|"
    "power strip|door closer|shelf rail|tool chest|gasket sheet|work bench|drill press|"
    "air compressor|ladder hook|storage crate|hand scanner|relay module|fuse holder|heat shield"
).split("|")
ADJECTIVES = (
    "revised final preliminary joint quarterly internal regional seasonal combined updated "
    "temporary annual partial approved shared draft detailed"
).split()
TOPICS = (
    "delivery schedule|warehouse lease|supplier contract|safety audit|hiring plan|price list|"
    "returns policy|training budget|site survey|maintenance window|customer feedback|"
    "travel request|inventory count|product launch|data migration|energy report|insurance claim|"
    "payroll run|network upgrade|quality review"
).split("|")
VERBS = (
    "confirmed postponed reviewed approved questioned extended corrected summarised cancelled "
    "measured replaced documented escalated accepted compared drafted signed archived"
).split()
REASONS = (
    "because the figures from {city} arrived late|after {person} found an error in the totals|"
    "so that the team in {city} can begin on time|although {firm} had asked for more time|"
    "since the old agreement ends in {month}|before the meeting with {firm}|"
    "while {person} was still travelling to {city}|once the {good} had been tested|"
    "unless {firm} sends a better offer by {month}|as the {good} no longer passes inspection"
).split("|")
MONTHS = (
    "January February March April May June July August September October November December"
).split()


def person(rng: Random) -> str:
    """A full name."""
    return f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"


def firm(rng: Random) -> str:
    """A firm's name."""
    return f"{rng.choice(FIRMS)} {rng.choice(FIRM_FORMS)}"


def email(name: str, rng: Random) -> str:
    """An address for a person, at a reserved domain."""
    local = ".".join(name.lower().split()).encode("ascii", "ignore").decode()
    return f"{local}@{rng.choice(FIRMS).lower()}.example"


def day(rng: Random, *, year: int = 2026, days: int = 365) -> date:
    """A day within `days` from the first of January."""
    return date(year, 1, 1) + timedelta(days=rng.randrange(days))


def amount(rng: Random, low: float = 5, high: float = 2000) -> Decimal:
    """An amount of money with two decimals, small ones more often."""
    return Decimal(round(100 * low * (high / low) ** rng.random())).scaleb(-2)


def topic(rng: Random) -> str:
    """A matter people at work write about."""
    return f"{rng.choice(ADJECTIVES)} {rng.choice(TOPICS)}"


def sentence(rng: Random) -> str:
    """One sentence of working prose."""
    reason = rng.choice(REASONS).format(
        city=rng.choice(CITIES),
        person=person(rng),
        firm=firm(rng),
        month=rng.choice(MONTHS),
        good=rng.choice(GOODS),
    )
    return f"{person(rng)} {rng.choice(VERBS)} the {topic(rng)} {reason}."


def paragraph(rng: Random, sentences: int = 3) -> str:
    """A few sentences of working prose."""
    return " ".join(sentence(rng) for _ in range(sentences))


def distinct(rng: Random, pool: Sequence[str], count: int) -> list[str]:
    """`count` different entries of a pool, or all of it if it is smaller."""
    return rng.sample(list(pool), min(count, len(pool)))


def codes(rng: Random, prefix: str, count: int) -> list[str]:
    """`count` different identifiers such as `PO-48213`."""
    return [
        f"{prefix}-{n}" for n in rng.sample(range(10_000, 10_000 + 20 * max(count, 500)), count)
    ]


def memo(rng: Random, size: int) -> str:
    """A memo of about `size` tokens in Markdown: the neighbour of the files that matter."""
    lines = [f"# Notes on the {topic(rng)}", ""]
    while sum(len(line.split()) for line in lines) * 1.4 < size:
        lines += [paragraph(rng), ""]
    return "\n".join(lines)
