"""Named streams of randomness, all from one seed.

A stream's name is its only identity: drawing from one never shifts another, so adding a
document, a worker or a test changes nothing that was drawn before.
"""

import hashlib
import random


def derive(seed: int, *names: str | int) -> int:
    """Derive a 63-bit seed from a parent seed and a path of names.

    Args:
        seed: The seed of the run.
        names: What the stream is for, from the general to the particular.
    """
    path = "\x1f".join([str(seed), *map(str, names)])
    return int.from_bytes(hashlib.sha256(path.encode()).digest()[:8], "big") >> 1


def stream(seed: int, *names: str | int) -> random.Random:
    """Return an independent stream for `names`; the same names give the same draws."""
    return random.Random(derive(seed, *names))  # noqa: S311 - not for secrets
