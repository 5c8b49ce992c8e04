"""The whole instrument: reference workers through words, parsing, scoring, and through Inspect."""

import os
from contextlib import redirect_stderr
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from worktrial.calibration.case import Case, Replicate
from worktrial.estimate import equivalence, fidelity_curve
from worktrial.evidence import Evidence
from worktrial.relay import simulate
from worktrial.relay.damage import behaviour
from worktrial.relay.items import RelayItem, custom_course, relay_items
from worktrial.relay.scoring import measures
from worktrial.relay.truth import expected_fidelity
from worktrial.running import Request, run

FloatArray = NDArray[np.float64]
DOCUMENTS, ROUND_TRIPS = 12, 5
MARGIN = 0.03
WORKER = "lossy-0.02"


def items(seed: int) -> list[RelayItem]:
    """Fresh pocket documents."""
    course = custom_course(
        "pocket", items=DOCUMENTS, round_trips=ROUND_TRIPS, size=None, distractors=None
    )
    return relay_items(course, seed=seed)


def curves(drawn: list[RelayItem], worker: str, draw: int = 0) -> FloatArray:
    """Fidelity after every round trip, shape (documents, round trips)."""
    who = behaviour(worker)
    found = [
        [
            row["fidelity"]
            for row in measures(simulate.relay(item, who, draw=draw), 2 * ROUND_TRIPS)[1::2]
        ]
        for item in drawn
    ]
    return np.array(found, dtype=float)


def truth(drawn: list[RelayItem], worker: str) -> FloatArray:
    """What those documents should be worth on average, from tracked units."""
    legs = 2 * ROUND_TRIPS
    expected = [expected_fidelity(item, behaviour(worker), legs=legs)[1::2] for item in drawn]
    return np.asarray(np.mean(expected, axis=0))


def relay_covers(worker: str, rng: np.random.Generator) -> Replicate:
    """One relay of a reference worker, simulated through its words, and the band of its curve."""
    drawn = items(int(rng.integers(2**31)))
    return _held(curves(drawn, worker), truth(drawn, worker))


def inspect_covers(worker: str, rng: np.random.Generator) -> Replicate:
    """The same, run by Inspect into a folder and read back from its evidence."""
    seed = int(rng.integers(2**31))
    with TemporaryDirectory() as out, Path(os.devnull).open("w") as nowhere:
        with redirect_stderr(nowhere):
            folder = run(
                Request(
                    workers=[f"reference/{worker}"], out=Path(out) / "run", seed=seed,
                    items=DOCUMENTS, round_trips=ROUND_TRIPS,
                )
            )  # fmt: skip
        found = Evidence(folder.evidence).curves(f"reference/{worker}", "fidelity").values
    return _held(found, truth(items(seed), worker))


def _held(fidelity: FloatArray, expected: FloatArray) -> Replicate:
    curve = fidelity_curve(fidelity)
    inside = (curve.band_low <= expected) & (expected <= curve.band_high)
    return Replicate(bool(inside.all()), float(np.mean(curve.band_high - curve.band_low)))


def itself_is_apart(worker: str, rng: np.random.Generator) -> Replicate:
    """A worker against itself on the same documents, declared apart at the end."""
    drawn = items(int(rng.integers(2**31)))
    one, other = (curves(drawn, worker, draw)[:, -1] for draw in (0, 1))
    return Replicate(equivalence(one, other, margin=MARGIN).verdict == "apart")


CASES: list[Case] = [
    *(
        Case(
            "relay, through its words", name, DOCUMENTS, "coverage", 0.95,
            partial(relay_covers, name), replicates=200, fewest=8,
        )
        for name in (WORKER, "catastrophic-0.05", "fragile-0.2-0.3")
    ),
    Case(
        "relay, a worker against itself", WORKER, DOCUMENTS, "type-one", 0.05,
        partial(itself_is_apart, WORKER), replicates=400, fewest=8,
    ),
    Case(
        "relay, through Inspect", WORKER, DOCUMENTS, "coverage", 0.95,
        partial(inspect_covers, WORKER), replicates=20, fewest=3,
    ),
]  # fmt: skip
