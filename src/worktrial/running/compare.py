"""Two runs against each other: on the same items and protocol, or over a bridge."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from worktrial.comparison.bridge import bridge_pairs
from worktrial.comparison.order import compare_order
from worktrial.comparison.pairs import Comparison, compare_pairs
from worktrial.comparison.panel import Panel, joined
from worktrial.errors import ConfigError, NotComparableError
from worktrial.evidence import Evidence, RunFolder
from worktrial.evidence.findings import Claim, Estimate
from worktrial.protocol import Difference, Manifest, check_evidence, check_seals
from worktrial.randomness import derive
from worktrial.reference import on_trial
from worktrial.running.extraction import trials_of
from worktrial.trial import AnyTrial

SCHEMA = "worktrial/comparison@1"


@dataclass(frozen=True)
class Compared:
    """What a comparison of two runs says.

    Attributes:
        runs: The fingerprints of the measurements, by the letter that stands for the run.
        margin: By trial, the smallest difference that matters.
        estimates: Differences, ranks and chances to flip.
        claims: Who is level with whom, and who is apart.
    """

    runs: dict[str, str]
    margin: Mapping[str, float]
    estimates: tuple[Estimate, ...]
    claims: tuple[Claim, ...]

    def text(self) -> str:
        """JSON of the schema `worktrial/comparison@1`."""
        record = {
            "schema": SCHEMA,
            "runs": self.runs,
            "margin": dict(self.margin),
            "estimates": [e.record() for e in self.estimates],
            "claims": [c.record() for c in self.claims],
        }
        return json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def compare(
    one: Path, other: Path, *, margin: float | None = None, bridge: Path | None = None
) -> Compared:
    """Compare the workers of one run with those of another, paired by item and arm.

    Args:
        one: A run's folder; its workers are called `A:…`.
        other: Another's; its workers are called `B:…`.
        margin: The smallest difference that matters, in the units of the metric; each trial's own
            by default.
        bridge: A run with which a worker was measured under both protocols, where they differ.

    Raises:
        ConfigError: If the margin is not positive or not a fraction.
        EvidenceError: If a run cannot be read or was changed.
        NotComparableError: If the two did not measure the same, naming all that differs.
    """
    if margin is not None and not 0 < margin < 1:
        raise ConfigError(f"`--margin` must be in (0, 1), got {margin}; write 0.03 for 3 points")
    runs = {"A": _Run(one), "B": _Run(other)}
    a, b = runs.values()
    differing = a.manifest.differences(b.manifest)
    if differing and bridge is None:
        raise NotComparableError(_in_words(differing))
    shared = [t for t in trials_of(a.manifest) if t.name in b.manifest.measurement]
    margins = {trial.name: margin or trial.margin for trial in shared}
    between = _Run(bridge) if differing and bridge is not None else None
    found = [_compared(trial, a, b, between, margins[trial.name]) for trial in shared]
    return Compared(
        {name: run.manifest.sha256 for name, run in runs.items()},
        margins,
        tuple(e for each in found for e in each.estimates),
        tuple(c for each in found for c in each.claims),
    )


def _compared(
    trial: AnyTrial, a: "_Run", b: "_Run", bridge: "_Run | None", margin: float
) -> Comparison:
    seed = derive(a.manifest.measurement[trial.name].seed, "compare") % 2**32
    if bridge is not None:
        return _over(trial, a, b, bridge, margin, seed)
    panel = joined(a.panel(trial, "A"), b.panel(trial, "B"))
    found = compare_pairs(
        panel, margin=margin, seed=seed, mapping=trial.mapping, between=_split(trial, a, b)
    )
    return Comparison((*found.estimates, *compare_order(panel)), found.claims)


class _Run:
    """A run that is there and was not changed."""

    def __init__(self, path: Path) -> None:
        folder = RunFolder(path).existing()
        self.path = path
        self.manifest = Manifest.read(folder.protocol)
        check_seals(self.manifest, folder.logs.glob("*.eval"))
        check_evidence(self.manifest, folder.evidence)
        self._evidence = Evidence(folder.evidence)

    def everyone(self, trial: AnyTrial) -> list[str]:
        """Those who were run under the trial's primary arm."""
        primary = self.manifest.measurement[trial.name].primary
        return self._evidence.of(trial.name).under(primary).workers()

    def workers(self, trial: AnyTrial) -> Sequence[str]:
        """Those on trial; reference workers only where nobody else is."""
        return on_trial(self.everyone(trial))

    def panel(self, trial: AnyTrial, letter: str) -> Panel:
        """Its panel, every worker under the letter of its run."""
        workers = self.workers(trial)
        return self.panel_of(trial, workers).renamed([f"{letter}:{name}" for name in workers])

    def panel_of(self, trial: AnyTrial, workers: Sequence[str]) -> Panel:
        """The panel of some workers.

        Raises:
            NotComparableError: If the run has not both arms of the trial's gap.
        """
        measured = self.manifest.measurement[trial.name]
        panel = trial.panel(self._evidence.of(trial.name), measured, workers)
        if panel is None:
            arms = ", ".join(measured.arms)
            raise NotComparableError(
                f"{self.path} has no {trial.name} gap that can be compared: it has {arms}"
            )
        return panel


def _split(trial: AnyTrial, a: _Run, b: _Run) -> list[tuple[str, str]]:
    return [(f"A:{one}", f"B:{other}") for one in a.workers(trial) for other in b.workers(trial)]


def _over(trial: AnyTrial, a: _Run, b: _Run, bridge: _Run, margin: float, seed: int) -> Comparison:
    """Compare over a worker that was measured under both protocols."""
    for near, far, letters in ((a, b, "AB"), (b, a, "BA")):
        if bridge.manifest.differences(near.manifest):
            continue
        shared = _shared(trial, bridge, far)
        if not shared:
            raise NotComparableError(
                f"`--bridge` {bridge.path} shares no worker of the same settings with {far.path}; "
                f"it has {', '.join(bridge.everyone(trial))}"
            )
        panels = near.panel(trial, letters[0]), far.panel(trial, letters[1])
        return bridge_pairs(
            panels,
            (bridge.panel_of(trial, shared), far.panel_of(trial, shared)),
            margin=margin,
            mapping=trial.mapping,
            swapped=letters == "BA",
        )
    raise NotComparableError(
        f"`--bridge` {bridge.path} was measured under neither protocol: "
        + _in_words(bridge.manifest.differences(a.manifest))
    )


def _shared(trial: AnyTrial, bridge: _Run, far: _Run) -> list[str]:
    settings = [{n: w.settings for n, w in run.manifest.worker.items()} for run in (bridge, far)]
    there = set(far.everyone(trial))
    return [
        name
        for name in bridge.everyone(trial)
        if name in there and settings[0].get(name) == settings[1].get(name)
    ]


def _in_words(differing: Sequence[Difference], most: int = 12) -> str:
    """Every difference on a line of its own, and the ways out, each once."""
    lines = [f"  {difference}" for difference in differing[:most]]
    lines += [f"  and {len(differing) - most} more"] if len(differing) > most else []
    ways = dict.fromkeys(difference.remedy for difference in differing)
    return "\n".join(
        ["the runs did not measure the same:", *lines, *(f"to compare them, {way}" for way in ways)]
    )
