"""The protocol: the hashed record of all that two runs must share to be compared."""

from worktrial.protocol.manifest import (
    Difference,
    Manifest,
    Measurement,
    Scorer,
    Worker,
    canonical,
    digest,
)
from worktrial.protocol.seal import check_evidence, check_seals, is_evidence_sealed, seal

__all__ = [
    "Difference",
    "Manifest",
    "Measurement",
    "Scorer",
    "Worker",
    "canonical",
    "check_evidence",
    "check_seals",
    "digest",
    "is_evidence_sealed",
    "seal",
]
