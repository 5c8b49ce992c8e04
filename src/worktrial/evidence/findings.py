"""Findings: estimates and claims, the contract of `findings.json`."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worktrial.errors import EvidenceError
from worktrial.estimate import Interval

SCHEMA = "worktrial/findings@1"
Verdict = Literal["met", "missed", "cannot-tell"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def record(self) -> dict[str, Any]:
        """The fields that say something: `value` always, others where they are set."""
        fields = self.model_dump(mode="json")
        return {n: v for n, v in fields.items() if v is not None or n == "value"}


class Estimate(_Record):
    """A number with bounds, computed from observations.

    A plain score has an `arm`; a gap has `gap`, `arm` (the proxy) and `minus_arm` (the work arm);
    a curve is the estimates that share all but `step`; a difference between workers has
    `minus_worker`. `value` is `None` with a `why` where it could not be measured. An endpoint is
    `declared` (it has a `p_value`, and one adjusted by Holm over all declared ones) or exploratory.
    """

    id: str
    trial: str
    metric: str
    worker: str
    minus_worker: str | None = None
    gap: str | None = None
    axis: str | None = None
    arm: str | None = None
    minus_arm: str | None = None
    step: int | None = None
    value: float | None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    band_low: float | None = None
    band_high: float | None = None
    method: str | None = None
    items: int | None = None
    clusters: int | None = None
    why: str | None = None
    evidence: str | None = None
    endpoint: Literal["declared", "exploratory"] | None = None
    p_value: float | None = None
    p_adjusted: float | None = None


class Claim(_Record):
    """A sentence with a verdict that rests on estimates.

    Attributes:
        text: The claim in words.
        estimates: Ids of the estimates it rests on.
        threshold: Against which it was judged.
        verdict: Whether it is met.
        detectable: The smallest difference that the data could have shown, where that matters.
        evidence_class: Outcome, process, risk or instrument: kept apart.
        mapping: How evidence became judgement: scorer and version.
        overturned_by: What would change the verdict.
        more_items: How many items more a verdict takes that cannot be told, if the value stays.
        more_tokens: What those cost of the worker that it is about, in tokens read and written.
        more_usd: The same in US dollars, where the price is known.
    """

    id: str
    text: str
    estimates: tuple[str, ...]
    threshold: float | None = None
    verdict: Verdict
    detectable: float | None = None
    evidence_class: Literal["outcome", "process", "risk", "instrument"] = "outcome"
    mapping: str | None = None
    overturned_by: str | None = None
    more_items: int | None = None
    more_tokens: int | None = None
    more_usd: float | None = None


class Failure(_Record):
    """A job that was not accepted, and where it can be read.

    Attributes:
        proxy: Its score under the proxy arm; `None` where it has none.
        work: Its score at work.
        outcome: What became of it.
        arm: Under which it was done; with worker, sample and replicate it says where it lies.
    """

    trial: str
    worker: str
    item: str
    metric: str
    proxy_arm: str
    proxy: float | None = None
    work_arm: str
    work: float
    outcome: str | None = None
    arm: str
    sample: str
    replicate: int


class OutcomeCount(_Record):
    """How often an outcome was seen."""

    worker: str
    trial: str
    arm: str
    outcome: str
    count: int


class Cost(_Record):
    """What a worker used; `usd` is `None` where no price is known."""

    worker: str
    trial: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    usd: float | None = None
    seconds: float | None = None


_Few = Annotated[int, Field(ge=0, le=1000)]


class Incomplete(_Record):
    """How many items of a trial were done, and which were not."""

    done: int
    items: int
    missing: tuple[str, ...]


class Stopped(_Record):
    """A run that its budget ended; what is complete is complete under all arms and by all.

    Attributes:
        budget_usd: US dollars that it could spend.
        budget_tokens: Tokens that it could spend.
        spent_tokens: What it spent, read and written.
        spent_usd: The same in US dollars, where all is priced.
        trials: Of each trial, what is missing.
        blocks: By trial and arm the first block of items that is missing, and how many there are.
    """

    budget_usd: float | None = None
    budget_tokens: int | None = None
    spent_tokens: int
    spent_usd: float | None = None
    trials: Mapping[str, Incomplete]
    blocks: Mapping[str, Mapping[str, tuple[_Few, _Few]]]


class RunFacts(_Record):
    """Which run the findings are of."""

    seed: int
    course: str
    protocol_sha256: str
    registered: bool = False
    versions: Mapping[str, str]
    started: str | None = None
    finished: str | None = None
    stopped: Stopped | None = None


class Findings(BaseModel):
    """Everything a report says, as data."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)
    schema_: Literal["worktrial/findings@1"] = Field(default="worktrial/findings@1", alias="schema")
    run: RunFacts
    estimates: tuple[Estimate, ...]
    claims: tuple[Claim, ...]
    outcomes: tuple[OutcomeCount, ...]
    cost: tuple[Cost, ...]
    failures: tuple[Failure, ...] = ()

    def estimate(self, identity: str) -> Estimate:
        """One estimate by its id."""
        return next(e for e in self.estimates if e.id == identity)

    @cached_property
    def _trials(self) -> dict[str, str]:
        return {e.id: e.trial for e in self.estimates}

    def trial_of(self, claim: Claim) -> str:
        """The trial that a claim is of; the id of one that rests on no estimate begins with it."""
        known = (self._trials[name] for name in claim.estimates if name in self._trials)
        return next(known, claim.id.partition("/")[0])

    def with_first(self, estimates: Sequence[Estimate], claims: Sequence[Claim]) -> "Findings":
        """The same findings with others before them; the instrument's claims stay ahead of all."""
        instrument, rest = (
            [c for c in self.claims if (c.evidence_class == "instrument") is wanted]
            for wanted in (True, False)
        )
        return self.model_copy(
            update={
                "estimates": (*estimates, *self.estimates),
                "claims": (*instrument, *claims, *rest),
            }
        )

    def text(self) -> str:
        """The file as it is written; the same findings give the same bytes."""
        return (
            json.dumps(
                {
                    "schema": SCHEMA,
                    "run": self.run.record(),
                    **{
                        name: [entry.record() for entry in getattr(self, name)]
                        for name in ("estimates", "claims", "outcomes", "cost", "failures")
                    },
                },
                indent=1,
                ensure_ascii=False,
                allow_nan=False,
            )
            + "\n"
        )

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The published JSON Schema of `findings.json`."""
        schema = cls.model_json_schema(by_alias=True)
        schema["required"] = sorted({*schema["required"], "schema"})
        for record in schema["$defs"].values():
            if "properties" in record:
                record["properties"] = {n: _absent(p) for n, p in record["properties"].items()}
        return schema

    @classmethod
    def read(cls, path: Path) -> "Findings":
        """Read findings back.

        Raises:
            EvidenceError: If the file is not there or not ours.
        """
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValidationError, ValueError) as error:
            raise EvidenceError(f"{path} holds no findings ({type(error).__name__})") from None


def _absent(field: dict[str, Any]) -> dict[str, Any]:
    """The schema of a field that is left out rather than null where nothing is known."""
    if "default" not in field or field["default"] is not None:
        return field
    kinds = [kind for kind in field["anyOf"] if kind != {"type": "null"}]
    kept = {name: said for name, said in field.items() if name not in ("anyOf", "default")}
    return {**kept, **(kinds[0] if len(kinds) == 1 else {"anyOf": kinds})}


def from_interval(interval: Interval, **fields: object) -> Estimate:
    """An estimate out of an interval, and what else is to be said of it."""
    return Estimate.model_validate(
        {
            "value": finite(interval.value),
            "low": finite(interval.low),
            "high": finite(interval.high),
            "level": interval.level,
            "method": interval.method,
            "items": interval.clusters,
            "clusters": interval.clusters,
            "why": interval.why,
            **fields,
        }
    )


def finite(value: float, digits: int = 9) -> float | None:
    """A number for JSON: `None` for NaN, rounded beyond what any platform would differ in."""
    return None if math.isnan(value) else round(float(value), digits)
