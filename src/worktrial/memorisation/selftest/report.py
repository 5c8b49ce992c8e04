"""What a self-test found, for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from worktrial.memorisation.selftest.gates import Gate
from worktrial.memorisation.selftest.table import Row
from worktrial.memorisation.selftest.verdicts import Scenario

_NAMES = {
    "loss": "mean log-probability",
    "zlib": "… for each compressed byte",
    "min_k": "… of the least likely fifth",
    "min_k_plus": "… of it, normalised",
    "variant_rank": "rank among own variants",
    "exact": "rest of the text exact",
    "verbatim": "longest verbatim run",
    "rouge": "ROUGE-L",
}
_LEGEND = """\
Each cell: the chance that a planted item looks more familiar than one never read (.50 is guessing,
1.00 is always), with its 95 % interval; then the share of planted items that is found where 1 in
100 of the others may be taken for planted. What follows after 80 % is shown, and never judged."""


@dataclass(frozen=True)
class Report:
    """A self-test of one seed.

    Attributes:
        seed: From which all follows.
        read: Words that the model was trained on.
        parameters: Of the model.
        gates: What must hold.
        table: Every statistic at every number of copies.
        scenarios: Sets that the audit judged, beside the truth.
    """

    seed: int
    read: int
    parameters: int
    gates: tuple[Gate, ...]
    table: tuple[Row, ...]
    scenarios: tuple[Scenario, ...]

    @property
    def met(self) -> bool:
        """Whether every gate is met."""
        return all(gate.met for gate in self.gates)

    def text(self) -> str:
        """Tell it to someone who has never seen a self-test."""
        parts = (self._opening(), _tabular(self.table), _LEGEND, self._effects(), self._demands())
        return "\n\n".join(parts)

    def record(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "seed": self.seed,
            "words_read": self.read,
            "parameters": self.parameters,
            "met": self.met,
            "gates": [asdict(gate) for gate in self.gates],
            "table": [row._asdict() for row in self.table],
            "scenarios": [_plain(of) for of in self.scenarios],
        }

    def _opening(self) -> str:
        times = sorted({row.copies for row in self.table})
        planted = f"{', '.join(map(str, times[:-1]))} and {times[-1]}"
        return (
            f"Self-test of the memorisation audit, seed {self.seed}. A model of "
            f"{self.parameters:,} parameters has read {self.read:,} words, once.\n"
            f"Some items stood among them {planted} times, their twins never: "
            "can the audit tell which?"
        )

    def _effects(self) -> str:
        told = (
            "By how much scores are higher for what was read, with 95 % intervals, and the truth:"
        )
        return "\n".join((told, *map(_effect, self.scenarios)))

    def _demands(self) -> str:
        missed = sum(not gate.met for gate in self.gates)
        told = "all are met" if not missed else f"{missed} of {len(self.gates)} are MISSED"
        return "\n".join((f"What must hold: {told}.", *map(_line, self.gates)))


def _effect(of: Scenario) -> str:
    found, holds = of.effect, "holds" if of.covers else "does not hold"
    return (
        f"  {of.name}: {found.value:+.3f}, {found.low:+.3f} to {found.high:+.3f}; "
        f"{holds} {of.truth:+.3f}"
    )


def _line(gate: Gate) -> str:
    return f"  {'met   ' if gate.met else 'MISSED'}  {gate.name}: {gate.value}; {gate.bound}"


def _tabular(table: Sequence[Row]) -> str:
    copies = sorted({row.copies for row in table})
    cells = {(row.statistic, row.copies): _cell(row) for row in table}
    head = f"{'':<34}" + "".join(f"{f'{each}×':<22}" for each in copies).rstrip()
    lines = [
        f"{_named(name):<34}" + "".join(f"{cells[name, each]:<22}" for each in copies).rstrip()
        for name in dict.fromkeys(row.statistic for row in table)
    ]
    return "\n".join((head, *lines))


def _cell(row: Row) -> str:
    auc, low, high = (f"{value:.2f}".removeprefix("0") for value in row[3:6])
    return f"{auc} [{low}, {high}] {row.tpr:.0%}"


def _named(statistic: str) -> str:
    name, _, percent = statistic.rpartition("_")
    return f"{_NAMES[name]} after {percent} %" if percent.isdigit() else _NAMES[statistic]


def _plain(of: Scenario) -> Mapping[str, Any]:
    return {
        "name": of.name,
        "exposure_p": of.exposure_p,
        "effect": of.effect.value,
        "effect_low": of.effect.low,
        "effect_high": of.effect.high,
        "truth": of.truth,
        "covers": of.covers,
        "verdict": of.judgement.word,
        "why": of.judgement.why,
    }
