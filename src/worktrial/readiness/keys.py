"""The key that a reference worker is given: which turn of which item is at hand.

A simulated worker of known quality has to know what it would know; whoever is really on trial is
never shown a key.
"""

from contextvars import ContextVar
from typing import NamedTuple

from worktrial.readiness.arms import Arm
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.script import Turn


class Key(NamedTuple):
    """An item, the arm under which it is run, and the turn that is at hand."""

    item: OfficeItem
    arm: Arm
    turn: Turn


at_hand: ContextVar[Key | None] = ContextVar("office_at_hand", default=None)
"""The key of the turn that runs in this context."""
