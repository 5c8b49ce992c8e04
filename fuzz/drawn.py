"""One reader against texts that Hypothesis damages: `python -m fuzz.drawn NAME INPUTS SEED …`."""

import json
import sys
import traceback
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzz.damage import damaged
from fuzz.limits import Clock, HangError, bound_memory, peak_mib
from fuzz.targets import Target, target

_SHOWN = 300
_MOST_HANGS = 20
"""Texts that may take too long while a short one of them is looked for."""


def fuzz(found: Target, inputs: int, at: int) -> tuple[dict[str, Any], str | None]:
    """Read so many damaged texts.

    Args:
        found: Reads them.
        inputs: How many.
        at: The seed of what is drawn.

    Returns:
        What was seen, and the shortest text that did harm.
    """
    reader = _Reader(found)

    @seed(at)
    @settings(
        max_examples=inputs, deadline=None, database=None, report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
    )  # fmt: skip
    @given(damaged(found.seeds))
    def read(text: str) -> None:
        reader.read(text)

    row: dict[str, Any] = {"name": found.name}
    before = peak_mib()
    try:
        read()
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {error}"[:_SHOWN]
        row["harm"] = f"{said} ({Path(where.filename).name}:{where.lineno})"
    row |= {
        "inputs": reader.taken + reader.refused,
        "refused": reader.refused,
        "slowest_seconds": round(reader.clock.slowest, 3),
        "mib": round(peak_mib() - before),
    }
    return row, reader.last if "harm" in row else None


class _Reader:
    """Reads one text after the other; the last one is the shortest that does harm, if any does."""

    def __init__(self, found: Target) -> None:
        self.found, self.clock = found, Clock()
        self.taken = self.refused = 0
        self.hung: set[str] = set()
        self.last = ""

    def read(self, text: str) -> None:
        if text not in self.hung and len(self.hung) >= _MOST_HANGS:
            return
        self.last = text
        try:
            with self.clock.running():
                taken = self.found(text)
        except HangError:
            self.hung.add(text)
            raise
        self.taken += taken
        self.refused += not taken


def main(name: str, inputs: str, at: str, kept: str) -> None:
    """Print a row, and keep the text that did harm."""
    found = target(name)
    bound_memory()
    row, text = fuzz(found, int(inputs), int(at))
    if text is not None:
        Path(kept).mkdir(exist_ok=True)
        place = Path(kept, f"{name}.txt")
        place.write_bytes(text.encode("utf-8", "surrogatepass"))
        row["text"] = str(place)
    print(json.dumps(row))


if __name__ == "__main__":
    main(*sys.argv[1:])
