"""The manifest of a run in three parts: measurement, worker, incidental.

The measurement is what two runs must share to be compared. Content enters by its hash, so one
changed word of a prompt, item or scorer shows.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worktrial.errors import EvidenceError

SCHEMA = "worktrial/protocol@1"
_SHORT = 12


def canonical(value: Any) -> str:
    """JSON in one way only: sorted keys, no spaces, no escapes, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(value: Any) -> str:
    """SHA-256 of a value's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scorer(_Record):
    """How evidence becomes numbers: its declared version, and the hash of what it does."""

    version: str
    sha256: str


class Measurement(_Record):
    """What defines one trial's measurement; two runs must share it to be compared.

    Attributes:
        task_version: Of the Inspect task.
        seed: From which items, schedules and the seeds of calls follow.
        course: How large the trial is.
        items: Content hash of every item, by its id.
        arms: Content hash of what a worker is told and may do under each arm: prompts, tools.
        primary: The arm that carries the trial's own gap.
        replicates: How often each item is run under each arm.
        stop: Budgets, limits, stop and reset rules.
        scorer: How answers are scored.
        user: The simulated user, where there is one.
        judge: The judge, where there is one.
        settings: What is the trial's own.
    """

    task_version: int
    seed: int
    course: Mapping[str, Any]
    items: Mapping[str, str]
    arms: Mapping[str, str]
    primary: str
    replicates: int
    stop: Mapping[str, Any]
    scorer: Scorer
    user: Mapping[str, Any] | None = None
    judge: Mapping[str, Any] | None = None
    settings: Mapping[str, Any] = Field(default_factory=dict)


class Worker(_Record):
    """Who was on trial: what was asked for, and the model that a provider said it was."""

    settings: Mapping[str, Any] = Field(default_factory=dict)
    snapshot: str | None = None


class Difference(NamedTuple):
    """One thing in which two measurements differ.

    Attributes:
        trial: Whose measurement.
        field: What differs, such as `scorer` or `items.json-000`.
        ours: Its value here, short.
        theirs: Its value there, short.
        remedy: What would make the two comparable.
    """

    trial: str
    field: str
    ours: str
    theirs: str
    remedy: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.trial} {self.field}: {self.ours} against {self.theirs}"


class Manifest(BaseModel):
    """What a run was.

    Attributes:
        measurement: By trial, what two runs must share to be compared.
        worker: By name, what is compared, and so may differ.
        incidental: What is recorded beside.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="forbid")
    schema_: Literal["worktrial/protocol@1"] = Field(default="worktrial/protocol@1", alias="schema")
    measurement: Mapping[str, Measurement]
    worker: Mapping[str, Worker]
    incidental: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """The measurement's fingerprint."""
        return digest(self.model_dump(mode="json")["measurement"])

    def text(self) -> str:
        """The manifest as it is written."""
        record = {**self.model_dump(mode="json", by_alias=True), "sha256": self.sha256}
        return json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Read a manifest back.

        Raises:
            EvidenceError: If it cannot be read or was changed by hand.
        """
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            sha256 = record.pop("sha256", None)
            manifest = cls.model_validate(record)
        except (OSError, AttributeError, ValueError, ValidationError) as error:
            reason = type(error).__name__
            raise EvidenceError(f"{path} is not a protocol ({reason}); restore it") from None
        if sha256 != manifest.sha256:
            raise EvidenceError(f"{path} was changed: its hash does not fit its measurement")
        return manifest

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The published JSON Schema of `protocol.json`."""
        schema = cls.model_json_schema(by_alias=True)
        schema["properties"]["sha256"] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
        schema["required"] = sorted({*schema["required"], "schema", "sha256"})
        return schema

    def differences(self, other: "Manifest") -> list[Difference]:
        """What differs in the measurement of the trials that both have.

        A trial or an arm that only one has makes nothing incomparable; two runs without a common
        trial differ in `trials`. The primary arm must be the same.
        """
        shared = [trial for trial in self.measurement if trial in other.measurement]
        if not shared:
            ours, theirs = (", ".join(m.measurement) or "none" for m in (self, other))
            return [Difference("run", "trials", ours, theirs, _AGAIN)]
        return [
            difference
            for trial in shared
            for difference in _differences(trial, self.measurement[trial], other.measurement[trial])
        ]


_REGRADE = "grade the run with the older scorer again: worktrial regrade RUN"
_AGAIN = (
    "run one of them again under the other's protocol: worktrial run --protocol FILE; or measure "
    "one worker under both and name that run: worktrial compare A B --bridge RUN"
)


def _differences(trial: str, ours: Measurement, theirs: Measurement) -> Iterator[Difference]:
    one, other = (m.model_dump(mode="json") for m in (ours, theirs))
    # What is measured under an arm does not depend on which other arms there are.
    for mine, others in ((one, theirs.arms), (other, ours.arms)):
        mine["arms"] = {name: sha256 for name, sha256 in mine["arms"].items() if name in others}
    for field in one:
        remedy = _REGRADE if field == "scorer" else _AGAIN
        for name, a, b in _leaves(field, one[field], other[field]):
            yield Difference(trial, name, _short(a), _short(b), remedy)


def _leaves(name: str, ours: Any, theirs: Any) -> Iterator[tuple[str, Any, Any]]:
    """The innermost names under which two values differ."""
    if ours == theirs:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in {**ours, **theirs}:
            yield from _leaves(f"{name}.{key}", ours.get(key), theirs.get(key))
    else:
        yield name, ours, theirs


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else canonical(value)
    return text if len(text) <= 2 * _SHORT else f"{text[:_SHORT]}…"
