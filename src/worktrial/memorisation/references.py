"""STAND-IN until the stats part is merged."""

from collections.abc import Collection
from pathlib import Path
from typing import Any


class References:
    """None."""

    def settings(self) -> dict[str, Any]:
        """None."""
        return {}


def read_references(path: Path, controls: Collection[str] = ()) -> References:
    """Not read."""
    return References()
