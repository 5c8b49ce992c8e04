"""The keys that reference workers are given: which text the call at hand is about.

A simulated worker of known quality has to know what it would know; whoever is really on trial is
never shown a key.
"""

from contextvars import ContextVar
from typing import NamedTuple

from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.probes import Probe
from worktrial.memorisation.whole import Canary


class Key(NamedTuple):
    """An item, one of its texts by name, what is asked about it, and the seed of what was drawn."""

    item: AuditItem | Canary
    operation: str
    text: Text | None
    probe: Probe
    seed: int


at_hand: ContextVar[Key | None] = ContextVar("at_hand", default=None)
"""The key of the call that is made in this context."""
