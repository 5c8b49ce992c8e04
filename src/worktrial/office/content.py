"""What an office holds before anybody works in it, all from one seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from worktrial.office.forms import FORMS, LEVELS, FormField
from worktrial.office.history import QUEUES, Scalar, Setting, history
from worktrial.office.people import Contact, Person, Population, Project, population, slug
from worktrial.randomness import stream

__all__ = [
    "FORMS", "LEVELS", "QUEUES", "Contact", "Content", "FormField", "Person", "Project", "content",
]  # fmt: skip

_FIRST_MONDAY = date(2026, 3, 2)
_COMPANIES = (
    "Harrowgate Instruments", "Tolland Surveying", "Penhallow Optics", "Wrenfield Mapping",
    "Stanmore Turbines", "Oakhurst Sensors", "Redmarsh Pumps", "Fallowdale Robotics",
)  # fmt: skip


@dataclass(frozen=True)
class Content:
    """The content of an office.

    Attributes:
        seed: From which it was drawn.
        today: The day on which it is worked in, a Monday.
        company: Its name.
        domain: Of its mail addresses.
        people: Everybody, the user first.
        contacts: People outside.
        projects: What they work on.
        records: By id of the person and name of the field.
        rows: Everything to be inserted, as table and values, in order.
    """

    seed: int
    today: date
    company: str
    domain: str
    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    projects: tuple[Project, ...]
    records: Mapping[tuple[str, str], str]
    rows: tuple[tuple[str, tuple[Scalar, ...]], ...]


@lru_cache(maxsize=128)
def content(seed: int) -> Content:
    """The content of the office of a seed: the same every time."""
    rng = stream(seed, "office", "content")
    today = _FIRST_MONDAY + timedelta(weeks=rng.randrange(26))
    company = rng.choice(_COMPANIES)
    domain = f"{slug(company)}.example"
    everybody = population(stream(seed, "office", "people"), domain, today)
    setting = Setting(company, domain, today, everybody)
    rows = (
        *_facts(seed, setting),
        *_rows_of(everybody),
        *history(stream(seed, "office", "history"), setting),
    )
    return Content(seed, today, company, domain, *everybody, rows)


def _facts(seed: int, setting: Setting) -> list[tuple[str, tuple[Scalar, ...]]]:
    facts = {
        "seed": str(seed),
        "today": setting.today.isoformat(),
        "company": setting.company,
        "domain": setting.domain,
        "user": setting.everybody.people[0].id,
    }
    return [("setting", pair) for pair in facts.items()]


def _rows_of(everybody: Population) -> list[tuple[str, tuple[Scalar, ...]]]:
    return [
        *(("person", one) for one in everybody.people),
        *(
            ("record", (person, field, LEVELS[field], value))
            for (person, field), value in everybody.records.items()
        ),
        *(("contact", one) for one in everybody.contacts),
        *(("project", one) for one in everybody.projects),
        *(
            (
                "form_field",
                (form, one.name, at, one.text, int(one.required), ", ".join(one.options)),
            )
            for form, fields in FORMS.items()
            for at, one in enumerate(fields, 1)
        ),
    ]
