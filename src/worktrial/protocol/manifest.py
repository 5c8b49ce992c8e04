"""The manifest of a run in three parts: measurement, worker, incidental."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from worktrial.errors import EvidenceError

SCHEMA = "worktrial/protocol@1"


def canonical(value: Any) -> str:
    """JSON in one way only: sorted keys, no spaces, no escapes, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(value: Any) -> str:
    """SHA-256 of a value's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


class Manifest(BaseModel):
    """What a run was.

    Attributes:
        measurement: What two runs must share to be compared.
        worker: What is compared, and so may differ.
        incidental: What is recorded beside.
    """

    model_config = ConfigDict(frozen=True)
    measurement: Mapping[str, Any]
    worker: Mapping[str, Any]
    incidental: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """The measurement's fingerprint."""
        return digest(self.measurement)

    def text(self) -> str:
        """The manifest as it is written."""
        record = {"schema": SCHEMA, "sha256": self.sha256, **self.model_dump()}
        return json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Read a manifest back.

        Raises:
            EvidenceError: If it cannot be read or was changed by hand.
        """
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            manifest = cls.model_validate(record)
        except (OSError, ValueError, ValidationError) as error:
            reason = type(error).__name__
            raise EvidenceError(f"{path} is not a protocol ({reason}); restore it") from None
        if record.get("sha256") != manifest.sha256:
            raise EvidenceError(f"{path} was changed: its hash does not fit its measurement")
        return manifest

    def differences(self, other: "Manifest") -> list[str]:
        """The names of what differs in the measurement."""
        ours, theirs = self.measurement, other.measurement
        return [n for n in {**ours, **theirs} if ours.get(n) != theirs.get(n)]
