"""The calendar of a team, as iCalendar text; edited also into agendas and look-ups in CSV.

A unit is a component: an event or a to-do with typed properties, identified by its UID, or the
calendar's own properties, which are structural. A parameter, an attendee and each part of a
recurrence rule is a field of its own, and an alarm is part of its event. The description is
running text.

What counts is every property and every parameter, times to the second and their form (local, in
UTC, or a date alone). The order of components and of properties means nothing, nor do folding,
line ends and the case of names.

Known limits: a line that is no property, or that can't be read as one, is text of its own, next
to its component. Nested time zone rules are fields of their zone. Edits that move times leave
alone what has a named zone, and are not planned where something recurs by exception.
"""

from collections.abc import Sequence
from random import Random
from typing import ClassVar

from worktrial.documents.domain import Domain
from worktrial.documents.domains.calendar import fresh
from worktrial.documents.domains.calendar.edits import PLANNERS
from worktrial.documents.domains.calendar.format import ICS, rewritten
from worktrial.documents.domains.calendar.verbs import VERBS
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.table import CSV
from worktrial.documents.unit import Files


class Calendar(Domain):
    """The calendar of a team."""

    name = "calendar"
    category = "records"
    formats: ClassVar = {".ics": ICS, ".csv": CSV}
    verbs: ClassVar[Sequence[Verb]] = VERBS
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """Events, and in larger calendars some to-dos, with people, notes and alarms."""
        return fresh.generate(rng, size)

    def distractors(self, rng: Random, size: int) -> Files:
        """A list of rooms and the notes of a meeting."""
        return fresh.distractors(rng, size)

    def reformatted(self, name: str, text: str) -> list[str]:
        """Folded narrowly; Windows line ends; names in small letters; properties reordered."""
        return rewritten(text)


DOMAIN = Calendar()
