"""The protocol: the hashed record of all that two runs must share to be compared."""

from worktrial.protocol.manifest import Manifest, canonical, digest

__all__ = ["Manifest", "canonical", "digest"]
