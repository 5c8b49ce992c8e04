"""Which items an office trial samples, what lies between its sessions, and their office."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from worktrial.errors import ConfigError
from worktrial.office.office import Office
from worktrial.randomness import derive, stream
from worktrial.readiness.families import FAMILIES
from worktrial.readiness.items import Kind, OfficeItem, Row, Scalar
from worktrial.readiness.scene import Scene
from worktrial.readiness.seeding import seed_faults
from worktrial.readiness.sessions import PREFERENCES, VARIANTS, vary
from worktrial.readiness.shifts import SHIFTS

OFFICES = 4
"""Of so many offices a run's items are: enough for contents to differ, few enough to make."""
_FIRST_ID, _IDS = 1000, 100
_ALWAYS = ("directory", "memory")
_MOST = 10_000
_TELLING = frozenset({"calendar_add", "ticket_add", "file_write"})
_TWO_COLUMNS = frozenset({"record", "permit", "form_field", "entry", "submission"})


class OfficeCourse(BaseModel):
    """How large an office trial is.

    Attributes:
        tasks: Tasks of one turn.
        shifts: Shifts within a task.
        sessions: Sessions apart, their four variants in equal parts.
        calls: Calls of a turn beyond twice as many as the oracle makes.
        tokens: Most tokens of a generation.
        distances: How many tasks lie between sessions apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tasks: int
    shifts: int
    sessions: int
    calls: int
    tokens: int
    distances: tuple[int, ...]

    @property
    def items(self) -> int:
        """Items of all kinds."""
        return self.tasks + self.shifts + self.sessions


COURSES: Mapping[str, OfficeCourse] = {
    "pocket": OfficeCourse(
        tasks=6, shifts=2, sessions=4, calls=8, tokens=256, distances=(1,)
    ),
    "standard": OfficeCourse(
        tasks=48, shifts=12, sessions=16, calls=20, tokens=4096, distances=(1, 5, 20)
    ),
    "full": OfficeCourse(
        tasks=96, shifts=24, sessions=32, calls=30, tokens=8192, distances=(1, 5, 20, 50)
    ),
}  # fmt: skip
"""The named courses."""


def custom_course(course: str, *, items: int | None = None) -> OfficeCourse:
    """A named course, or one of as many items in the same proportions.

    Args:
        course: Its name.
        items: Of all kinds together, at least one of each.

    Raises:
        ConfigError: If there is no such course or the number is out of range.
    """
    if course not in COURSES:
        raise ConfigError(f"`course` must be one of {', '.join(COURSES)}; got {course!r}")
    chosen = COURSES[course]
    if items is None:
        return chosen
    if not 3 <= items <= _MOST:
        raise ConfigError(
            f"`items` must be 3 to {_MOST:,} for the office, at least one task, one shift and one "
            f"of sessions apart; got {items}"
        )
    shifts, sessions = (
        max(1, round(items * part / chosen.items)) for part in (chosen.shifts, chosen.sessions)
    )
    tasks = items - shifts - sessions
    return chosen.model_copy(update={"tasks": tasks, "shifts": shifts, "sessions": sessions})


@lru_cache(maxsize=4)
def draw_items(course: OfficeCourse, *, seed: int) -> tuple[OfficeItem, ...]:
    """Draw a course's items; the same arguments give the same items, whoever the worker is.

    A kind's families come in an order drawn from the seed, none again before all were used.

    Args:
        course: How many of each kind.
        seed: Of the run.
    """
    tasks = tuple(_drawn("task", list(FAMILIES), course.tasks, seed, _task))
    return (
        *seed_faults(tasks, seed=seed),
        *_drawn("shift", list(SHIFTS), course.shifts, seed, _shift),
        *_drawn("session", list(PREFERENCES), course.sessions, seed, _session),
    )


def fillers(item: OfficeItem, n: int) -> tuple[OfficeItem, ...]:
    """So many tasks that lie between an item's sessions, in the same office.

    None has to do with what the item's sessions are about. The first of many are the same as the
    few.

    Args:
        item: Of sessions apart.
        n: How many.
    """
    about = frozenset(_about(item))
    taken = frozenset(_keys(item.setup))
    return _between(item.seed, item.draw, about, taken, n)


def open_office(
    item: OfficeItem, fillers: Sequence[OfficeItem] = (), *, path: Path | None = None
) -> Office:
    """The office of an item as it is before anything happens.

    Args:
        item: Its rows are added, and its permissions.
        fillers: The tasks between its sessions: theirs too.
        path: A new file for the office, instead of memory.
    """
    rows = ((row.table, row.values) for one in (item, *fillers) for row in one.setup)
    return Office.furnished(item.seed, rows, path=path, permits=_permits((item, *fillers)))


# --- items ---


class _Place(NamedTuple):
    """Where an item stands: its family, its number within its kind, its office and draws."""

    family: str
    number: int
    of: int
    seed: int
    draw: int

    @property
    def id(self) -> str:
        return f"{self.family}-{self.number:03}"

    def scene(self, base: int = 500) -> Scene:
        return Scene.of(self.seed, self.family, self.draw, base=base)

    def item(self, kind: Kind, apps: Sequence[str], scene: Scene, **parts: Any) -> OfficeItem:
        """An item here, out of what its family wrote into its scene."""
        return OfficeItem(
            id=self.id,
            family=self.family,
            kind=kind,
            seed=self.seed,
            draw=self.draw,
            user=scene.user.id,
            apps=tuple(dict.fromkeys((*apps, *_ALWAYS))),
            setup=tuple(scene.rows),
            **parts,
        )


def _drawn(
    kind: Kind, names: list[str], count: int, seed: int, make: Callable[[_Place], OfficeItem]
) -> Iterator[OfficeItem]:
    stream(seed, "office", kind, "order").shuffle(names)
    for number in range(count):
        office = derive(seed, "office", "content", number % OFFICES)
        draw = derive(seed, "office", kind, number)
        yield make(_Place(names[number % len(names)], number, len(names), office, draw))


def _task(place: _Place, base: int = 500) -> OfficeItem:
    family, scene = FAMILIES[place.family], place.scene(base)
    draft = family.write(scene)
    return place.item(
        "task",
        family.apps,
        scene,
        told=draft.told,
        goal=draft.goal,
        fields=draft.fields,
        traps=draft.traps,
        optional=draft.optional,
        page=draft.page,
    )


def _shift(place: _Place) -> OfficeItem:
    family, scene = SHIFTS[place.family], place.scene()
    draft = family.write(scene)
    return place.item(
        "shift",
        family.apps,
        scene,
        told=draft.told,
        apart=(draft.apart,),
        goal=draft.goal,
        meanwhile=draft.meanwhile,
    )


def _session(place: _Place) -> OfficeItem:
    family, scene = PREFERENCES[place.family], place.scene()
    # One further each time round, so that a family meets every variant.
    variant = VARIANTS[(place.number + place.number // place.of) % len(VARIANTS)]
    draft = vary(family.write(scene), variant)
    return place.item(
        "session",
        family.apps,
        scene,
        told=draft.told,
        apart=draft.apart,
        goal=draft.goal,
        keeping=draft.keeping,
    )


# --- what lies between ---


@lru_cache(maxsize=256)
def _between(
    seed: int, draw: int, about: frozenset[str], taken: frozenset[tuple[Scalar, ...]], n: int
) -> tuple[OfficeItem, ...]:
    found: list[OfficeItem] = []
    keys = set(taken)
    for one in _candidates(seed, draw):
        if len(found) == n:
            break
        base = _FIRST_ID + _IDS * len(found)
        task = _task(one._replace(number=len(found)), base)
        fits = task.page is None and not about & set(_about(task))
        if fits and not keys & set(_keys(task.setup)):
            found.append(task)
            keys.update(_keys(task.setup))
    return tuple(found)


def _candidates(seed: int, draw: int) -> Iterator[_Place]:
    """Families in an order of the item's own, round and round, each time with other draws."""
    names = list(FAMILIES)
    stream(draw, "between", "order").shuffle(names)
    for number, name in enumerate(islice(cycle(names), _MOST)):
        yield _Place(name, 0, len(names), seed, derive(draw, "between", number))


def _about(item: OfficeItem) -> Iterator[str]:
    """What an item's work could tell of somebody's habits: its forms, and what it makes anew."""
    last = item.apart[-1] if item.apart else item.told
    for call in (call for plan in last.plans for call in plan):
        if "form" in call.arguments:
            yield f"form {call.arguments['form']}"
        elif call.tool in _TELLING:
            yield call.tool


def _keys(rows: Sequence[Row]) -> Iterator[tuple[Scalar, ...]]:
    for row in rows:
        yield row.table, *row.values[: 2 if row.table in _TWO_COLUMNS else 1]
        if row.table == "person":
            yield from ((row.table, value) for value in row.values[1:3])


def _permits(items: Sequence[OfficeItem]) -> list[tuple[str, str, bool]]:
    """Decisions on requests: the first item's own, and else what any of the others needs."""
    decided = {(f.person, f.field): f.granted for one in items[1:] for f in one.fields if f.granted}
    others = {(f.person, f.field): f.granted for one in items[1:] for f in one.fields}
    own = {(f.person, f.field): f.granted for f in items[0].fields}
    return [(*key, granted) for key, granted in (others | decided | own).items()]
