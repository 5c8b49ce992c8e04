"""Likeness against its domain's own parser: 15k tokens, 10 % of units altered; slope in size.

Then the worst cases, which have no bar. CPU seconds, best of several, so that a busy machine blurs
little; the last row lists the misses and the worst.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from worktrial.documents.domain import DOMAINS, Domain, domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document, Unit
from worktrial.relay.damage import alter

SIZES = (2_000, 15_000, 50_000)
BAR_RATIO, BAR_SLOPE = 2.0, 1.5
_ENOUGH_SECONDS = 0.1


def measure() -> Iterator[dict[str, object]]:
    """A row a domain, then one of the misses and the worst."""
    rows = []
    for name in DOMAINS:
        rows.append({"name": "likeness", "domain": name, **_usual(domain(name))})
        rows[-1].update(_worst(domain(name)))
        yield rows[-1]
    worst = {
        figure: max((row[figure], row["domain"]) for row in rows)
        for figure in rows[0]
        if figure in ("ratio", "slope") or figure.endswith("k_ms")
    }
    yield {
        "name": "likeness",
        "domains": len(rows),
        "ratio_misses": {r["domain"]: r["ratio"] for r in rows if r["ratio"] > BAR_RATIO},
        "slope_misses": {r["domain"]: r["slope"] for r in rows if r["slope"] > BAR_SLOPE},
        "worst": {figure: {where: value} for figure, (value, where) in worst.items()},
    }


def _usual(chosen: Domain) -> dict[str, Any]:
    """A tenth altered, the case that has bars."""
    files = {size: chosen.generate(Random(1), size) for size in SIZES}
    documents = {size: chosen.parse(text) for size, text in files.items()}
    seconds = {s: _compared(chosen, d, _altered(chosen, d, 0.1)) for s, d in documents.items()}
    small, usual, large = SIZES
    parse = _best(lambda: chosen.parse(files[usual]))
    steps = math.log(large / small)
    return {
        "units": sum(1 for _ in documents[usual].units()),
        "parse_ms": round(parse * 1e3, 2),
        "likeness_ms": round(seconds[usual] * 1e3, 2),
        "ratio": round(seconds[usual] / parse, 2),
        "ratio_bar": BAR_RATIO,
        "slope": round(math.log(seconds[large] / seconds[small]) / steps, 2),
        "slope_bar": BAR_SLOPE,
    }


def _worst(chosen: Domain) -> dict[str, float]:
    """Nothing equal: everything altered, another document, and units that are all alike."""
    found = {}
    for size in SIZES[1:]:
        document, other = (chosen.parse(chosen.generate(Random(seed), size)) for seed in (1, 3))
        pairs = {
            "all_altered": (document, _altered(chosen, document, 1.0)),
            "independent": (document, other),
            "near_identical": (_alike(document, 0), _alike(document, 1)),
        }
        for case, pair in pairs.items():
            found[f"{case}_{size // 1000}k_ms"] = round(_compared(chosen, *pair, least=2) * 1e3, 1)
    return found


def _altered(chosen: Domain, document: Document, share: float) -> Document:
    """A copy with a share of its units altered, as it would be read from a worker's files."""
    return chosen.parse(chosen.render(alter(document, Random(2), probability=share)))


def _alike(document: Document, odd: int) -> Document:
    """As many units as the document has, no two equal, each like all those of another `odd`."""
    leaves = (unit for unit in document.units() if not unit.structural)
    leaf = max(leaves, key=lambda unit: len(unit.fields))
    (name, *_), count = document.files, sum(1 for _ in document.units())
    return Document({name: tuple(_numbered(leaf, 2 * n + odd) for n in range(count))})


def _numbered(unit: Unit, number: int) -> Unit:
    if unit.text:
        return replace(unit, text=f"{unit.text} {number}")
    field = next(iter(unit.fields))
    return replace(unit, fields={**unit.fields, field: Decimal(number)})


def _compared(chosen: Domain, one: Document, other: Document, *, least: int = 5) -> float:
    return _best(lambda: likeness(one, other, clips=chosen.clips), least)


def _best(work: Callable[[], object], least: int = 5) -> float:
    """The fewest CPU seconds of `least` runs, and of up to 50 where they take next to nothing."""
    times: list[float] = []
    while len(times) < least or (sum(times) < _ENOUGH_SECONDS and len(times) < 50):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)
