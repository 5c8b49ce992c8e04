"""Two runs against each other: on the same items and protocol, or over a bridge."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from worktrial.comparison.bridge import bridge_pairs
from worktrial.comparison.order import compare_order
from worktrial.comparison.pairs import Comparison, compare_pairs
from worktrial.comparison.panel import Panel, joined
from worktrial.errors import ConfigError, NotComparableError
from worktrial.evidence import Evidence, RunFolder
from worktrial.evidence.findings import Claim, Estimate
from worktrial.protocol import Difference, Manifest, check_seals
from worktrial.randomness import derive
from worktrial.relay.panel import relay_panel
from worktrial.relay.worker import MAPPING, MARGIN

SCHEMA = "worktrial/comparison@1"


@dataclass(frozen=True)
class Compared:
    """What a comparison of two runs says.

    Attributes:
        runs: The fingerprints of the measurements, by the letter that stands for the run.
        margin: The smallest difference that matters.
        estimates: Differences, ranks and chances to flip.
        claims: Who is level with whom, and who is apart.
    """

    runs: dict[str, str]
    margin: float
    estimates: tuple[Estimate, ...]
    claims: tuple[Claim, ...]

    def text(self) -> str:
        """JSON of the schema `worktrial/comparison@1`."""
        record = {
            "schema": SCHEMA,
            "runs": self.runs,
            "margin": self.margin,
            "estimates": [e.record() for e in self.estimates],
            "claims": [c.record() for c in self.claims],
        }
        return json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def compare(
    one: Path, other: Path, *, margin: float = MARGIN, bridge: Path | None = None
) -> Compared:
    """Compare the workers of one run with those of another, paired by item and arm.

    Args:
        one: A run's folder; its workers are called `A:…`.
        other: Another's; its workers are called `B:…`.
        margin: The smallest difference that matters, in the units of the metric.
        bridge: A run with which a worker was measured under both protocols, where they differ.

    Raises:
        ConfigError: If the margin is not positive or not a fraction.
        EvidenceError: If a run cannot be read or was changed.
        NotComparableError: If the two did not measure the same, naming all that differs.
    """
    if not 0 < margin < 1:
        raise ConfigError(f"`--margin` must be in (0, 1), got {margin}; write 0.03 for 3 points")
    runs = {"A": _Run(one), "B": _Run(other)}
    a, b = runs.values()
    differing = a.manifest.differences(b.manifest)
    seed = derive(a.manifest.measurement["relay"].seed, "compare") % 2**32
    if differing and bridge is None:
        raise NotComparableError(_in_words(differing))
    if differing and bridge is not None:
        found = _over(a, b, _Run(bridge), margin, seed)
        estimates: tuple[Estimate, ...] = found.estimates
    else:
        panel = joined(a.panel("A"), b.panel("B"))
        found = compare_pairs(
            panel, margin=margin, seed=seed, mapping=MAPPING, between=_split(a, b)
        )
        estimates = (*found.estimates, *compare_order(panel, seed=seed))
    prints = {name: run.manifest.sha256 for name, run in runs.items()}
    return Compared(prints, margin, estimates, found.claims)


class _Run:
    """A run that is there and was not changed."""

    def __init__(self, path: Path) -> None:
        folder = RunFolder(path).existing()
        self.path = path
        self.manifest = Manifest.read(folder.protocol)
        check_seals(self.manifest, folder.logs.glob("*.eval"))
        self.evidence = Evidence(folder.evidence).under(self.manifest.measurement["relay"].primary)

    @property
    def workers(self) -> Sequence[str]:
        """Those on trial; reference workers only where nobody else is."""
        names = self.evidence.workers()
        return [n for n in names if not n.startswith("reference/")] or names

    def panel(self, letter: str) -> Panel:
        """Its panel, every worker under the letter of its run."""
        return relay_panel(self.evidence, self.workers).renamed(
            [f"{letter}:{name}" for name in self.workers]
        )


def _split(a: _Run, b: _Run) -> list[tuple[str, str]]:
    return [(f"A:{one}", f"B:{other}") for one in a.workers for other in b.workers]


def _over(a: _Run, b: _Run, bridge: _Run, margin: float, seed: int) -> Comparison:
    """Compare over a worker that was measured under both protocols."""
    for near, far, letters in ((a, b, "AB"), (b, a, "BA")):
        if bridge.manifest.differences(near.manifest):
            continue
        shared = _shared(bridge, far)
        if not shared:
            raise NotComparableError(
                f"`--bridge` {bridge.path} shares no worker of the same settings with {far.path}; "
                f"it has {', '.join(bridge.evidence.workers())}"
            )
        panels = near.panel(letters[0]), far.panel(letters[1])
        crossing = relay_panel(bridge.evidence, shared), relay_panel(far.evidence, shared)
        return bridge_pairs(
            panels, crossing, margin=margin, seed=seed, mapping=MAPPING, swapped=letters == "BA"
        )
    raise NotComparableError(
        f"`--bridge` {bridge.path} was measured under neither protocol: "
        + _in_words(bridge.manifest.differences(a.manifest))
    )


def _shared(bridge: _Run, far: _Run) -> list[str]:
    settings = [{n: w.settings for n, w in run.manifest.worker.items()} for run in (bridge, far)]
    there = set(far.evidence.workers())
    return [
        name
        for name in bridge.evidence.workers()
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
