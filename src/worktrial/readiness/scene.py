"""Where a family of tasks takes its people, days and rows from, each office and item its own."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from worktrial.office.content import Contact, Content, Person, Project, content
from worktrial.randomness import stream
from worktrial.readiness.items import (
    Call,
    Field,
    Optional,
    Page,
    Query,
    Row,
    Scalar,
    Session,
    Trap,
)

_One = TypeVar("_One", Person, Contact, Project)
_NAMESAKES = ("Agnes", "Bela", "Cornelia", "Doris", "Edgar", "Floris", "Greta", "Hilde", "Jasper")
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


class Draft(NamedTuple):
    """A task as a family writes it.

    Attributes:
        told: All said at once.
        goal: What must hold at the end.
        fields: What it needs of records that want a permission.
        traps: What is at hand and no business of it.
        optional: Fields of forms that can be left empty.
        page: The file that it changes, if that is all it does.
    """

    told: Session
    goal: tuple[Query, ...]
    fields: tuple[Field, ...] = ()
    traps: tuple[Trap, ...] = ()
    optional: tuple[Optional, ...] = ()
    page: Page | None = None


@dataclass
class Scene:
    """An office and a stream of draws; rows that are added are collected.

    Attributes:
        content: The office.
        rng: From which a family draws.
        base: From which the ids of added rows count, so that several tasks share an office.
        rows: What was added so far.
    """

    content: Content
    rng: random.Random
    base: int = 500
    rows: list[Row] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, seed: int, *names: str | int, base: int = 500) -> "Scene":
        """The scene of an item: the office of a seed, and the item's own draws."""
        return cls(content(seed), stream(seed, "office", *names), base)

    @property
    def user(self) -> Person:
        """For whom the worker works: the same person throughout an office."""
        return self.content.people[0]

    # --- who and what there is ---

    def person(self, team: str | None = None) -> Person:
        """A colleague, each at most once in a scene."""
        return self._new(
            [p for p in self.content.people[1:] if team is None or p.team == team], "person"
        )

    def contact(self) -> Contact:
        """Somebody outside the company, each at most once in a scene."""
        return self._new(self.content.contacts, "contact")

    def project(self) -> Project:
        """A project, each at most once in a scene."""
        return self._new(self.content.projects, "project")

    def record(self, person: Person, name: str) -> str:
        """A field of a person's record."""
        return self.content.records[person.id, name]

    def day(self, least: int = 3, most: int = 40) -> date:
        """A weekday so many days from today."""
        day = self.content.today + timedelta(days=self.rng.randint(least, most))
        return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)

    def past(self, least: int = 1, most: int = 20) -> date:
        """A weekday so many days ago."""
        day = self.content.today - timedelta(days=self.rng.randint(least, most))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def hour(self) -> str:
        """A start on the half hour within office hours."""
        return f"{self.rng.randint(9, 16):02}:{self.rng.choice(('00', '30'))}"

    def code(self, prefix: str = "") -> str:
        """A code that nothing else in the office bears."""
        letters = "".join(self.rng.sample(_LETTERS, 4))
        return f"{prefix}{letters}-{self.rng.randint(1000, 9999)}"

    def amount(self, least: int = 20, most: int = 900) -> str:
        """A sum of money with cents."""
        return f"{self.rng.randint(least, most)}.{self.rng.randint(1, 9)}{self.rng.randint(1, 9)}"

    def say(self, *wordings: str) -> str:
        """One of several wordings of a request."""
        return self.rng.choice(wordings)

    def free_day(self, *people: Person, least: int = 5) -> date:
        """A weekday on which none of these people, nor the user, has anything in the calendar."""
        mails = [one.mail for one in (self.user, *people)]
        busy = {str(row[2]) for row in self._events() if any(m in f"{row[6:8]}" for m in mails)}
        days = (self.content.today + timedelta(days=n) for n in range(least, 150))
        free = [day for day in days if day.weekday() < 5 and day.isoformat() not in busy]
        return self.rng.choice(free[:20])

    # --- what is added ---

    def namesake(self, person: Person) -> Person:
        """Add a colleague with somebody's family name, one that no other scene adds."""
        self.base += 1
        rest, given = divmod(self.base + self.content.seed % 997, len(_NAMESAKES))
        first, second = (_LETTERS[n % len(_LETTERS)] for n in divmod(rest, len(_LETTERS)))
        name = f"{_NAMESAKES[given]} {first}.{second}. {person.name.split()[-1]}"
        mail = f"{name.lower().replace('. ', '.').replace(' ', '.')}@{self.content.domain}"
        desk, extension = f"4.{self.rng.randint(1, 29):02}", f"49{self.rng.randint(10, 99)}"
        other = Person(
            f"p-{self.base}", name, mail, person.team, "trainee", person.manager, desk, extension
        )
        self.add("person", *other)
        return other

    def add(self, table: str, *values: Scalar) -> None:
        """Add a row, its values in the order of the table's columns."""
        self.rows.append(Row(table=table, values=values))

    def id(self, letter: str) -> str:
        """The next id of a kind of row: m, e, t, s, r."""
        self.base += 1
        return f"{letter}-{self.base}"

    def row(self, name: str) -> Row:
        """An added row by its id."""
        return next(row for row in self.rows if row.values[0] == name)

    def path(self, folder: str, stem: str, ending: str = "txt") -> str:
        """A path that no other task in the office has."""
        self.base += 1
        return f"{folder}/{stem}-{self.base}.{ending}"

    def mail(
        self, sender: str, subject: str, body: str, day: date | None = None, to: str | None = None
    ) -> str:
        """Add a received mail, and return its id."""
        name, on = self.id("m"), (day or self.content.today - timedelta(days=1)).isoformat()
        self.add("message", name, "inbox", sender, to or self.user.mail, subject, body, on)
        return name

    def event(
        self,
        title: str,
        day: date,
        start: str,
        minutes: int,
        attendees: Sequence[Person] = (),
        *,
        place: str = "",
        organiser: Person | None = None,
    ) -> str:
        """Add an event, and return its id."""
        name, by = self.id("e"), organiser or self.user
        who = ", ".join(p.mail for p in attendees)
        self.add(
            "event", name, title, day.isoformat(), start, minutes, place, by.mail, who, "planned"
        )
        return name

    def file(self, path: str, text: str, owner: Person | None = None) -> str:
        """Add a file, and return its path."""
        self.add("file", path, (owner or self.user).mail, text)
        return path

    def ticket(
        self, title: str, text: str, queue: str, assignee: str = "", priority: str = "normal",
        status: str = "open",
    ) -> str:  # fmt: skip
        """Add a ticket, and return its id."""
        name = self.id("t")
        self.add("ticket", name, title, text, queue, assignee, priority, status)
        return name

    def _events(self) -> list[Sequence[Scalar]]:
        added = [row.values for row in self.rows if row.table == "event"]
        return [*(values for table, values in self.content.rows if table == "event"), *added]

    def _new(self, among: Sequence[_One], what: str) -> _One:
        left = [one for one in among if f"{what}:{one.id}" not in self._seen]
        if not left:
            raise ValueError(f"the office has no further {what} for this task")
        chosen = self.rng.choice(left)
        self._seen.add(f"{what}:{chosen.id}")
        return chosen


def told(request: str, plan: Sequence[Call], answer: str) -> Session:
    """A conversation of one turn."""
    return Session(turns=(request,), plans=(tuple(plan),), answers=(answer,))


def step(tool: str, **arguments: Scalar | list[str]) -> Call:
    """A step of a plan."""
    return Call(tool=tool, arguments=arguments)
