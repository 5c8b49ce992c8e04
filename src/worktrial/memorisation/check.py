"""The instrument's own check, on a run's own items and without a model."""

from collections.abc import Sequence
from dataclasses import dataclass

from worktrial.memorisation import reference
from worktrial.memorisation.courses import COURSES
from worktrial.memorisation.extract import Measured, measured_of
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.keys import Key
from worktrial.memorisation.measured import ACCURACY, at
from worktrial.memorisation.probes import Access, probes_of, texts_of
from worktrial.memorisation.transcript import Said, Transcript

_SEED = 0
_COURSE = COURSES["pocket"].model_copy(update={"variants": 1, "masked": True, "guided": True})
_REPRODUCED = (at("verbatim", 40), at("verbatim", 60))


@dataclass(frozen=True, slots=True)
class InstrumentCheck:
    """What reference workers scored on a run's own items.

    Attributes:
        oracle: The lowest accuracy of who knows every answer; must be 1.
        null: The highest accuracy of who says nothing; must be 0.
        reproduced: The lowest share of a remainder in the longest verbatim run of who knows every
            text by heart; must be 1.
        invented: The highest of who knows none; must be 0.
        texts: How many texts were looked at.
    """

    oracle: float
    null: float
    reproduced: float
    invented: float
    texts: int

    @property
    def sound(self) -> bool:
        """Whether the instrument works on these items."""
        return (self.oracle, self.null, self.reproduced, self.invented) == (1, 0, 1, 0)


def check(items: Sequence[AuditItem], *, arm: str, most: int = 12) -> InstrumentCheck:
    """Let the reference workers answer and continue some of a run's texts.

    A measure that none of the items allows, such as the accuracy of items without answers, counts
    as it must be.

    Args:
        items: The run's.
        arm: Under which texts are taken.
        most: Of at most so many items, spread over the ways of making variants.
    """
    firsts = {item.family: item for item in reversed(items)}
    some = list({item.id: item for item in (*firsts.values(), *items)}.values())[:most]
    by_heart, oracle, null = (
        [m for item in some for m in played(name, item, arm)]
        for name in ("by_heart", "oracle", "null")
    )
    return InstrumentCheck(
        oracle=min(_values(oracle, ACCURACY), default=1.0),
        null=max(_values(null, ACCURACY), default=0.0),
        reproduced=min(_values(by_heart, *_REPRODUCED), default=1.0),
        invented=max(_values(oracle, *_REPRODUCED), default=0.0),
        texts=sum(len(texts_of(item, arm, 1)) for item in some),
    )


def _values(measured: Sequence[Measured], *metrics: str) -> list[float]:
    return [m.value for m in measured if m.metric in metrics and m.value is not None]


def played(name: str, item: AuditItem, arm: str) -> list[Measured]:
    """What a reference worker scores on an item's texts, as in a run.

    Args:
        name: Who; `by_heart` has met the fresh texts, too.
        item: Audited, or a control.
        arm: Under which texts are taken.
    """
    said: dict[str, dict[str, Said]] = {}
    for operation, text in texts_of(item, arm, _COURSE.variants).items():
        probes = probes_of(text, course=_COURSE, name="", seed=_SEED, access=Access())
        keys = {probe.name: Key(item, operation, text, probe, _SEED) for probe in probes}
        said[operation] = {n: Said(text=reference.answer(name, key)) for n, key in keys.items()}
    return measured_of(item, arm, Transcript(said=said), seed=_SEED)
