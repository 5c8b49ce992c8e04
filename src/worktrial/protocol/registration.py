"""A registration: endpoints, margins and looks, fixed by a hash before the first call."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from worktrial.errors import EvidenceError
from worktrial.protocol.manifest import digest

SCHEMA = "worktrial/registration@1"
FILE = "registration.json"

Name = Annotated[str, Field(min_length=1, max_length=200)]
Positive = Annotated[int, Field(gt=0)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Endpoint(_Declared):
    """One thing that will be decided, and by which margin.

    Attributes:
        id: What it is called, once in a registration.
        kind: `gap`: what a worker loses from the proxy arm to the work arm; `difference`: two
            workers are apart; `level`: two workers are level.
        trial: The trial it is measured in.
        metric: What is measured.
        gap: Which gap, for a `gap`.
        axis: Which axis, where there are several.
        arm: The condition it is measured under.
        step: The leg or turn; the last one by default.
        margin: A difference that does not matter, in the units of the metric.
        direction: `greater` or `less` if only that side counts, the first of a pair against the
            second.
        workers: Whose gap.
        pairs: Which two workers.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
    kind: Literal["gap", "difference", "level"]
    trial: Name = "relay"
    metric: Name
    gap: Name | None = None
    axis: Name | None = None
    arm: Name | None = None
    step: Positive | None = None
    margin: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    direction: Literal["two-sided", "greater", "less"] = "two-sided"
    workers: Annotated[tuple[Name, ...], Field(max_length=1000)] = ()
    pairs: Annotated[tuple[tuple[Name, Name], ...], Field(max_length=1000)] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Endpoint":
        wanted, other = ("workers", "pairs") if self.kind == "gap" else ("pairs", "workers")
        if not getattr(self, wanted) or getattr(self, other):
            raise ValueError(f"endpoint {self.id!r} is a {self.kind}: name its `{wanted}` alone")
        if (self.gap is not None) != (self.kind == "gap"):
            raise ValueError(f"endpoint {self.id!r}: `gap` is for the kind `gap`, and needed there")
        if self.kind != "gap" and self.margin is None:
            raise ValueError(f"endpoint {self.id!r} is a {self.kind}: it needs a `margin`")
        if self.kind == "level" and self.direction != "two-sided":
            raise ValueError(f"endpoint {self.id!r}: `level` has two sides; leave `direction` out")
        for one, two in self.pairs:
            if one == two:
                raise ValueError(f"endpoint {self.id!r} holds {one!r} against itself")
        return self


class Declaration(_Declared):
    """What a person registers: the content of the file.

    Attributes:
        question: What the run is to answer, in words.
        endpoints: What will be decided; all of them are corrected together, whatever else is
            found is exploratory.
        looks: After how many items each it will be looked at; once, at the end, by default.
        course: How large the run will be.
        seed: Of the run.
        previous: The hash of an earlier registration that this one follows.
    """

    question: Annotated[str, Field(min_length=1, max_length=10_000)]
    endpoints: Annotated[tuple[Endpoint, ...], Field(min_length=1, max_length=1000)]
    looks: Annotated[tuple[Positive, ...], Field(max_length=1000)] = ()
    course: Name | None = None
    seed: Annotated[int, Field(ge=0)] | None = None
    previous: Hash | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Declaration":
        names = [endpoint.id for endpoint in self.endpoints]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"`endpoints` must differ in `id`; {name!r} stands there twice")
        if list(self.looks) != sorted(set(self.looks)):
            raise ValueError(f"`looks` must grow from look to look; got {list(self.looks)}")
        return self

    def content(self) -> dict[str, Any]:
        """What is hashed: all that was said, and nothing that was left out."""
        return self.model_dump(mode="json", exclude_none=True)

    @property
    def sha256(self) -> str:
        """The fingerprint of what it fixes: publish it."""
        return digest(self.content())


class Registration(_Declared):
    """A declaration, and when it was made.

    Attributes:
        declaration: What it fixes.
        registered: When, in UTC.
        worktrial: The version that wrote it.
    """

    declaration: Declaration
    registered: datetime
    worktrial: str

    @property
    def sha256(self) -> str:
        """The fingerprint of what it fixes."""
        return self.declaration.sha256

    @property
    def endpoints(self) -> Sequence[Endpoint]:
        """What will be decided."""
        return self.declaration.endpoints

    def text(self) -> str:
        """The registration as it is written."""
        record = self._record()
        whole = {"schema": SCHEMA, **record, "sha256": self.sha256, "seal": digest(record)}
        return json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    def _record(self) -> dict[str, Any]:
        return {
            "declaration": self.declaration.content(),
            "registered": self.registered.astimezone(UTC).isoformat(timespec="seconds"),
            "worktrial": self.worktrial,
        }

    @classmethod
    def read(cls, folder: Path) -> "Registration | None":
        """Read a run folder's registration; `None` where there is none.

        Raises:
            EvidenceError: If it cannot be read or was changed by hand.
        """
        path = folder / FILE
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            hashes = record.pop("sha256"), record.pop("seal"), record.pop("schema")
            found = cls.model_validate(record)
        except FileNotFoundError:
            return None
        except _UNREADABLE as error:
            reason = type(error).__name__
            raise EvidenceError(f"{path} is not a registration ({reason}); restore it") from None
        if hashes != (found.sha256, digest(record), SCHEMA):
            raise EvidenceError(f"{path} was changed: its hash does not fit what it declares")
        return found


_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What a damaged file makes its reader raise; pydantic's is a ValueError."""


def registered(registration: Registration | None, started: str | None) -> bool:
    """Whether a run was registered before it started.

    Args:
        registration: Of the run's folder.
        started: When the run's first call was, in ISO 8601; `None` if that is not known, which
            proves nothing.
    """
    if registration is None or started is None:
        return False
    try:
        moment = datetime.fromisoformat(started)
    except ValueError:
        return False
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return registration.registered <= moment
