"""Evidence of jobs, written row by row, and findings around it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from readiness.observed import measurement
from worktrial.decision import Price
from worktrial.decision.jobs import Jobs, jobs_of
from worktrial.evidence import Evidence, Observation, write_evidence
from worktrial.evidence.findings import Claim, Cost, Estimate, Findings, RunFacts
from worktrial.protocol import Measurement
from worktrial.running.trials import TRIALS
from worktrial.trial import AnyTrial

ARMS: Mapping[str, Sequence[str]] = {
    "relay": ("rewrite", "tools"),
    "search": ("full_fixed_schema", "simulated"),
    "office": ("native", "completion"),
    "reasoning": ("traced",),
}
"""Those of a run; the first is primary."""
MEASURED: Mapping[str, Measurement] = {name: measurement(*arms) for name, arms in ARMS.items()}


def trials(*names: str) -> list[AnyTrial]:
    return [TRIALS[name] for name in names]


def row(
    trial: str,
    worker: str,
    item: str,
    metric: str,
    value: float | None,
    *,
    arm: str = "",
    step: int = 0,
    replicate: int = 1,
    outcome: str | None = None,
) -> Observation:
    """One observation; of the whole item under the trial's primary arm, if nothing else is said."""
    arm = arm or ARMS[trial][0]
    came = outcome or ("infrastructure" if value is None else "ok")
    return Observation(
        trial=trial, worker=worker, item=item, cluster=item, stratum="task", arm=arm,
        replicate=replicate, step=step, operation="family", kind="task", outcome=came,
        metric=metric, value=value, log=f"logs/{worker}-{arm}.eval", sample=f"{item}-sample",
    )  # fmt: skip


def puzzles(
    worker: str,
    solved: Sequence[float | None],
    *,
    credit: Sequence[float | None] = (),
    replicate: int = 1,
    **spent: float | Sequence[float],
) -> Iterator[Observation]:
    """A worker's puzzles p0, p1, …: whether each is solved, and what each took, by metric."""
    for n, value in enumerate(solved):
        item = f"p{n}"
        yield row("reasoning", worker, item, "solved", value, replicate=replicate)
        if credit:
            yield row("reasoning", worker, item, "credit", credit[n], replicate=replicate)
        for metric, each in spent.items():
            took = each if isinstance(each, int | float) else each[n]
            yield row("reasoning", worker, item, metric, took, replicate=replicate, outcome="ok")


def written(folder: Path, rows: Iterable[Observation]) -> Evidence:
    write_evidence(folder / "evidence.parquet", rows)
    return Evidence(folder / "evidence.parquet")


def jobs(
    folder: Path, trial: str, rows: Iterable[Observation], prices: Mapping[str, Price] | None = None
) -> Jobs:
    """The jobs of one trial of everyone in these rows."""
    evidence = written(folder, rows).of(trial)
    found = jobs_of(TRIALS[trial], evidence, MEASURED[trial], evidence.workers(), prices or {})
    assert found is not None
    return found


def findings(
    estimates: Sequence[Estimate] = (), claims: Sequence[Claim] = (), cost: Sequence[Cost] = ()
) -> Findings:
    facts = RunFacts(seed=7, course="pocket", protocol_sha256="0", versions={})
    return Findings(
        run=facts, estimates=tuple(estimates), claims=tuple(claims), outcomes=(), cost=tuple(cost)
    )
