"""The keys that reference workers are given: which intent the conversation at hand is about.

A simulated worker of known quality has to know what it would know; whoever is really on trial is
never shown a key.
"""

from contextvars import ContextVar
from typing import NamedTuple

from worktrial.search.arms import Arm
from worktrial.search.items import SearchItem
from worktrial.search.place import Place


class Key(NamedTuple):
    """An intent, the arm in which it is asked, the place that is searched, and how often before."""

    item: SearchItem
    arm: Arm
    place: Place
    replicate: int = 1


at_hand: ContextVar[Key | None] = ContextVar("at_hand", default=None)
"""The key of the conversation that runs in this context."""
