"""What a relay samples: a fresh document, its distractors and its schedule of edits.

An item is complete in itself and travels in the log, so scoring needs nothing else.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from worktrial.documents.domain import STANDARD, Domain, domain
from worktrial.documents.edits import Edit
from worktrial.documents.unit import Document, Files
from worktrial.errors import ConfigError
from worktrial.randomness import derive, stream

CourseName = Literal["pocket", "standard", "full"]


class Course(BaseModel):
    """How large a relay is.

    Attributes:
        items: Documents, spread evenly over the domains.
        round_trips: Forward and backward legs, this often.
        size: Least and most tokens of a document.
        distractors: Tokens of files that have no part in the work.
    """

    model_config = ConfigDict(frozen=True)
    items: int
    round_trips: int
    size: tuple[int, int]
    distractors: int


COURSES: dict[str, Course] = {
    "pocket": Course(items=8, round_trips=5, size=(100, 100), distractors=0),
    "standard": Course(items=48, round_trips=10, size=(1000, 2000), distractors=0),
    "full": Course(items=96, round_trips=50, size=(2000, 5000), distractors=10_000),
}


class Errand(BaseModel):
    """One edit of a schedule, in words."""

    model_config = ConfigDict(frozen=True)
    name: str
    kind: str
    forward: str
    backward: str


class RelayItem(BaseModel):
    """One relay: where it starts and every errand on the way.

    Attributes:
        id: Stable name, also the cluster.
        domain: The document's domain, a fixed stratum.
        files: The original document.
        distractors: Files that lie beside it at every leg.
        schedule: One errand a round trip.
        budget_tokens: The declared output budget of a leg.
        seed: From which every leg draws its own.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    domain: str
    files: dict[str, str]
    distractors: dict[str, str]
    schedule: list[Errand]
    budget_tokens: int
    seed: int


def relay_items(course: Course, *, seed: int, domains: Sequence[str] = ()) -> list[RelayItem]:
    """Draw a course's items; the same arguments give the same items, whoever the worker is."""
    names = list(domains) or list(STANDARD)
    chosen = {name: domain(name) for name in names}
    return [
        _item(chosen[names[i % len(names)]], course, f"{names[i % len(names)]}-{i:03}", seed)
        for i in range(course.items)
    ]


def _item(chosen: Domain, course: Course, name: str, seed: int) -> RelayItem:
    rng = stream(seed, "relay", name, "document")
    files = chosen.generate(rng, rng.randint(*course.size))
    document = chosen.parse(files)
    if any(unit.kind == "opaque" for unit in document.units()):
        # Left in, it would make every score a 1.
        raise ConfigError(f"the fresh document {name} cannot be read as {chosen.name}")
    edits = chosen.plan(document, stream(seed, "relay", name, "edits"))
    return relay_item(chosen, name, files, edits, course, seed=seed)


def relay_item(
    chosen: Domain,
    name: str,
    files: Files,
    edits: Sequence[Edit],
    course: Course,
    *,
    seed: int,
) -> RelayItem:
    """Put an item together: distractors, a schedule of the edits, a budget, seeds.

    Args:
        chosen: The document's domain.
        name: The item's id, which also names its streams.
        files: The document.
        edits: What can be done with it, at least one.
        course: How large the relay is.
        seed: Of the run.
    """
    rng = stream(seed, "relay", name, "distractors")
    return RelayItem(
        id=name,
        domain=chosen.name,
        files=dict(files),
        distractors=dict(chosen.distractors(rng, course.distractors)) if course.distractors else {},
        schedule=schedule(edits, course.round_trips, derive(seed, "relay", name, "schedule")),
        budget_tokens=budget(chosen, chosen.parse(files), edits),
        seed=derive(seed, "relay", name, "legs"),
    )


def schedule(edits: Sequence[Edit], round_trips: int, seed: int) -> list[Errand]:
    """Round robin of shuffled epochs: no edit comes back before all others had their turn."""
    rng = stream(seed)
    order: list[Edit] = []
    while len(order) < round_trips:
        order += rng.sample(edits, len(edits))
    return [
        Errand(
            name=e.name, kind=e.kind, forward=e.forward.instruction, backward=e.backward.instruction
        )
        for e in order[:round_trips]
    ]


def budget(chosen: Domain, document: Document, edits: Sequence[Edit]) -> int:
    """Half as much again as the longest right answer takes, and some room to talk."""
    texts = [chosen.render(document), *(chosen.render(e.forward(document)) for e in edits)]
    longest = max(sum(map(len, files.values())) for files in texts)
    return 128 + longest * 3 // 5


def custom_course(
    course: str,
    *,
    round_trips: int | None,
    size: int | None,
    distractors: int | None,
    items: int | None,
) -> Course:
    """A named course with some of its sizes replaced.

    Raises:
        ConfigError: If there is no such course or a size is out of range.
    """
    if course not in COURSES:
        raise ConfigError(f"`course` must be one of {', '.join(COURSES)}; got {course!r}")
    changes: dict[str, object] = {}
    for name, value, least in (
        ("round_trips", round_trips, 1),
        ("items", items, 1),
        ("distractors", distractors, 0),
    ):
        if value is not None and value < least:
            raise ConfigError(f"`{name}` must be at least {least}; got {value}")
        if value is not None:
            changes[name] = value
    if size is not None:
        if not 50 <= size <= 50_000:
            raise ConfigError(f"`size` must be 50 to 50,000 tokens; got {size}")
        changes["size"] = (size, size)
    return COURSES[course].model_copy(update=changes)
