"""What a sample's log knows of the truth: its score, and what its task declares."""

import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from inspect_ai.scorer import Score
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worktrial.conduct.events import Fact, Known, SeededFault

DECLARED = "conduct"
"""Under which a sample's metadata declare what is known."""
_LETTERS: Mapping[Any, float] = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
_MOST = 10_000
_Word = Annotated[str, Field(min_length=1, max_length=1_000)]
_Count = Annotated[int, Field(ge=0, le=1_000_000)]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Fact(_Given):
    name: _Word
    value: _Word
    since: Annotated[int, Field(ge=-1)] = -1


class _Fault(_Given):
    kind: _Word
    at: _Count | None = None
    detected: _Count | None = None
    repaired: _Count | None = None


class Declared(_Given):
    """What a task declares of the truth in its sample's metadata; places are of events.

    Attributes:
        accepted: How many artefacts were accepted.
        subgoals: Which subgoals were reached.
        facts: What was told, in order.
        faults: What was seeded.
        human_minutes: Minutes that a person spent checking.
    """

    accepted: _Count | None = None
    subgoals: Annotated[dict[str, bool], Field(max_length=_MOST)] | None = None
    facts: Annotated[list[_Fact], Field(max_length=_MOST)] = []
    faults: Annotated[list[_Fault], Field(max_length=_MOST)] | None = None
    human_minutes: (
        Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False, strict=False)] | None
    ) = None

    def places(self) -> Iterable[int]:
        """Every place that is named."""
        for fault in self.faults or ():
            yield from (p for p in (fault.at, fault.detected, fault.repaired) if p is not None)
        yield from (fact.since for fact in self.facts)


def known_of(
    scores: Mapping[str, Score] | None, metadata: Mapping[str, Any], events: int
) -> tuple[Known, str | None]:
    """What is known, and why what is declared was not taken, if so.

    Args:
        scores: Of the sample.
        metadata: Of the sample.
        events: How many there are: no place is beyond.
    """
    success = _success(scores or {})
    accepted = None if success is None else int(success == 1)
    plain = Known(success=success, accepted=accepted)
    if DECLARED not in metadata:
        return plain, None
    try:
        declared = Declared.model_validate(metadata[DECLARED])
    except ValidationError as error:
        return plain, _refused(error)
    if any(place >= events for place in declared.places()):
        return plain, f"metadata `{DECLARED}` not taken: it names events that are not there"
    return _joined(plain, declared), None


def _joined(plain: Known, declared: Declared) -> Known:
    return Known(
        success=plain.success,
        accepted=plain.accepted if declared.accepted is None else declared.accepted,
        subgoals=declared.subgoals,
        facts=tuple(Fact(**fact.model_dump()) for fact in declared.facts),
        faults=None
        if declared.faults is None
        else tuple(SeededFault(**fault.model_dump()) for fault in declared.faults),
        human_minutes=declared.human_minutes,
    )


def _refused(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))[:80]
    return f"metadata `{DECLARED}` not taken: `{place}` {first['msg'][:120]}"


def _success(scores: Mapping[str, Score]) -> float | None:
    """The first score that reads as a share."""
    for score in scores.values():
        value = _share(_main(score.value))
        if value is not None:
            return value
    return None


def _main(value: Any) -> Any:
    """Of a score of several values: success, or the first."""
    if isinstance(value, Mapping):
        return value["success"] if "success" in value else next(iter(value.values()), None)
    return value


def _share(value: Any) -> float | None:
    if isinstance(value, str):
        return _LETTERS.get(value)
    if isinstance(value, bool | int | float) and not math.isnan(value) and 0 <= value <= 1:
        return float(value)
    return None
