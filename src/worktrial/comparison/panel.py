"""A panel: workers on the same items, under the proxy arm, the work arm and the steps between."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """What a trial puts up for comparison; NaN is missing.

    Attributes:
        trial: Whose panel it is.
        gap: The gap between its arms.
        metric: What is measured.
        proxy: Name of the proxy arm.
        work: Name of the work arm.
        in_words: The two arms as a sentence names them, such as `after leg 10`.
        workers: Who was on trial.
        items: What each was given; one item is one cluster.
        steps: The legs or turns of the curve.
        scores: Shape (workers, items, steps), in [0, 1]; the first step is the proxy arm, the
            last the work arm.
        curved: Whether the columns are steps of one curve, and not two arms alone.
        paired: Whether the arms share their items; if not, every item is missing under one of the
            two, and the arms are independent samples.
        comparable: Whether both arms are on one scale, so that their difference means something.
    """

    trial: str
    gap: str
    metric: str
    proxy: str
    work: str
    in_words: tuple[str, str]
    workers: tuple[str, ...]
    items: tuple[str, ...]
    steps: tuple[int, ...]
    scores: FloatArray
    curved: bool = True
    paired: bool = True
    comparable: bool = True

    @property
    def under_proxy(self) -> FloatArray:
        """Scores under the proxy arm, shape (workers, items)."""
        return self.scores[:, :, 0]

    @property
    def under_work(self) -> FloatArray:
        """Scores under the work arm, shape (workers, items)."""
        return self.scores[:, :, -1]

    def of(self, worker: str) -> FloatArray:
        """One worker's scores, shape (items, steps)."""
        found: FloatArray = self.scores[self.workers.index(worker)]
        return found

    def only(self, workers: Sequence[str]) -> "Panel":
        """The panel of some workers, in their order."""
        rows = [self.workers.index(worker) for worker in workers]
        return replace(self, workers=tuple(workers), scores=self.scores[rows])

    def renamed(self, names: Sequence[str]) -> "Panel":
        """The same panel under other names."""
        return replace(self, workers=tuple(names))


def joined(one: Panel, other: Panel) -> Panel:
    """Put two panels of one measurement side by side; an item that one lacks is missing there."""
    items = sorted({*one.items, *other.items})
    steps = [step for step in one.steps if step in other.steps]
    return replace(
        one,
        workers=(*one.workers, *other.workers),
        items=tuple(items),
        steps=tuple(steps),
        scores=np.concatenate([_laid_out(panel, items, steps) for panel in (one, other)]),
    )


def _laid_out(panel: Panel, items: Sequence[str], steps: Sequence[int]) -> FloatArray:
    laid = np.full((len(panel.workers), len(items), len(steps)), np.nan)
    rows = [items.index(item) for item in panel.items]
    columns = [panel.steps.index(step) for step in steps]
    laid[:, rows] = panel.scores[:, :, columns]
    return laid
