"""The arms of the office trial: in which mode, over what distance and in what surroundings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from worktrial.errors import ConfigError
from worktrial.office.surface import CLEAN, Condition
from worktrial.readiness.items import Kind, OfficeItem

Axis = Literal["task_success", "privacy", "retention", "mode_shift", "ecosystem"]
AXES: Sequence[Axis] = ("task_success", "privacy", "retention", "mode_shift", "ecosystem")
Mode = Literal["loop", "completion", "text_calls", "file"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One condition of the office trial.

    Attributes:
        name: As it is asked for.
        axis: Which axis it is of; `task_success` for the proxy; `None` where it is of none.
        kinds: Of which kinds of items it is run.
        mode: How calls are made.
        handover: In which of the relay's hand-overs a file passes, where it does.
        condition: The surroundings of the tools.
        over: How the tools are reached.
        between: Tasks between sessions apart; `None` where all is told at once.
        midway: Whether a shift comes after the first turn.
        seeded: Whether an item's fault is put in the worker's way.
    """

    name: str
    axis: Axis | None
    kinds: tuple[Kind, ...] = ("task",)
    mode: Mode = "loop"
    handover: str = ""
    condition: Condition = field(default=CLEAN)
    over: Literal["native", "mcp"] = "native"
    between: int | None = None
    midway: bool = False
    seeded: bool = False

    @property
    def gap(self) -> str:
        """What its gap to the native arm is called: after its axis, or after itself."""
        return self.axis or self.name

    def takes(self, item: OfficeItem) -> bool:
        """Whether an item is run under this arm."""
        if self.seeded and item.seeded is None:
            return False
        return item.kind in self.kinds and (self.mode != "file" or item.page is not None)

    def made_of(self, item: OfficeItem) -> OfficeItem:
        """The item as it stands under this arm: with its fault where that is seeded."""
        if not self.seeded or item.seeded is None:
            return item
        fault = item.seeded
        return item.model_copy(
            update={
                "told": fault.told,
                "goal": fault.goal,
                "setup": tuple(dict.fromkeys((*item.setup, *fault.rows))),
                "apps": tuple(dict.fromkeys((*item.apps, *fault.apps))),
            }
        )


NATIVE = Arm("native", "task_success", kinds=("task", "shift", "session"))
DISTANCES: Sequence[int] = (1, 5, 20, 50)
CROWDS: Sequence[int] = (5, 20, 100)
_ARMS = (
    NATIVE,
    Arm("completion", "mode_shift", mode="completion"),
    Arm("text_calls", "mode_shift", mode="text_calls"),
    *(
        Arm(f"file_{handover}", "mode_shift", mode="file", handover=handover)
        for handover in ("rewrite", "search_replace", "tools")
    ),
    Arm("midway", "mode_shift", kinds=("shift",), midway=True),
    *(Arm(f"apart-{n}", "retention", kinds=("session",), between=n) for n in DISTANCES),
    Arm("mcp", "ecosystem", over="mcp"),
    *(Arm(f"crowded-{n}", "ecosystem", condition=Condition(crowd=n)) for n in CROWDS),
    Arm("renamed", "ecosystem", condition=Condition(renamed=True)),
    Arm("paged", "ecosystem", condition=Condition(page=3)),
    Arm("limited", "ecosystem", condition=Condition(limited=True)),
    Arm("scoped", "ecosystem", condition=Condition(scoped=True)),
    Arm("faulty", "ecosystem", condition=Condition(faulty=True)),
    Arm("seeded", None, seeded=True),
)
ARMS: Mapping[str, Arm] = {one.name: one for one in _ARMS}
"""Every arm by name; the first is the proxy of all gaps."""


def arm(name: str) -> Arm:
    """Find an arm.

    Raises:
        ConfigError: If there is none of this name.
    """
    if name not in ARMS:
        raise ConfigError(f"`arm` must be one of {', '.join(ARMS)}; got {name!r}")
    return ARMS[name]


def of_axis(axis: Axis, names: Sequence[str]) -> list[str]:
    """The arms of an axis among those that were run."""
    return [name for name in names if ARMS[name].axis == axis]
