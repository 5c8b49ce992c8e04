"""The interface for a notebook: run a trial, read what it found, estimate a gap.

Whatever is large is imported when it is first used, so that `import worktrial` takes no time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

    from worktrial.comparison.frames import Arm
    from worktrial.estimate import Interval
    from worktrial.evidence import RunFolder
    from worktrial.evidence.findings import Claim, Findings

Names = str | Sequence[str]
"""One, or several."""


@dataclass(frozen=True)
class Run:
    """A run that is finished.

    Attributes:
        path: Its folder.
    """

    path: Path

    @property
    def folder(self) -> "RunFolder":
        """Where its files are."""
        from worktrial.evidence import RunFolder

        return RunFolder(self.path)

    @cached_property
    def evidence(self) -> "pd.DataFrame":
        """Every observation, a row each; its columns are those of `worktrial.evidence`.

        DuckDB reads it. For a run that is larger than memory ask it in SQL, by
        `worktrial.evidence.Evidence`.
        """
        from worktrial.evidence import Evidence

        return Evidence(self.folder.evidence).frame().to_pandas()

    @cached_property
    def findings(self) -> "Findings":
        """All that the report says, as data."""
        from worktrial.evidence.findings import Findings

        return Findings.read(self.folder.findings)

    @cached_property
    def estimates(self) -> "pd.DataFrame":
        """Every estimate of the findings, a row each; empty where it says nothing."""
        import pandas as pd

        from worktrial.evidence.findings import Estimate

        rows = [estimate.model_dump() for estimate in self.findings.estimates]
        return pd.DataFrame(rows, columns=list(Estimate.model_fields))

    @property
    def claims(self) -> "tuple[Claim, ...]":
        """Sentences with a verdict, the instrument's first."""
        return self.findings.claims

    @property
    def report(self) -> Path:
        """The page to read."""
        return self.folder.report


def full_path(named: str) -> str:
    """A file by its full path, since a run goes on from anywhere; anything else as it is named.

    What stands after an `@` names a task in the file, unless the file's own name has it.
    """
    file, at, name = (named, "", "") if Path(named).is_file() else named.partition("@")
    return f"{Path(file).resolve()}{at}{name}" if Path(file).is_file() else named


def load(path: str | Path) -> Run:
    """Read a run back.

    Args:
        path: The run's folder.

    Raises:
        EvidenceError: If it holds no run, or one without findings.
    """
    from worktrial.errors import EvidenceError

    found = Run(Path(path))
    folder = found.folder.existing()
    if not (folder.evidence.is_file() and folder.findings.is_file()):
        raise EvidenceError(f"{path} has no findings yet; make them with: worktrial report {path}")
    return found


def run(
    *,
    model: Names = "embedded/smollm2-135m",
    trial: Names = "relay",
    course: str = "pocket",
    seed: int = 7,
    arm: Names = (),
    replicates: int = 1,
    protocol: str | Path | None = None,
    domain: Names = (),
    family: Names = (),
    documents: str | Path | None = None,
    edits: str | Path | None = None,
    puzzles: str | Path | None = None,
    items: int | None = None,
    round_trips: int | None = None,
    size: int | None = None,
    distractors: int | None = None,
    pages: int | None = None,
    tasks: str | Path | None = None,
    audit: str | None = None,
    ablate: str | None = None,
    agent: str | None = None,
    sandbox: str | None = None,
    model_role: Mapping[str, str] | None = None,
    temperature: float | None = None,
    model_args: Mapping[str, Any] | None = None,
    compare_until_decided: bool = False,
    margin: float | None = None,
    looks: int | None = None,
    out: str | Path = "trial",
    executor: Literal["local", "ray"] = "local",
    processes: int | None = None,
    address: str | None = None,
    connections: int | None = None,
    budget_usd: float | None = None,
    budget_tokens: int | None = None,
    prices: str | Path | None = None,
) -> Run:
    """Run trials, or go on with a run that was interrupted, and write its report.

    It is `worktrial run` with its options as arguments: what may be given several times on a
    command line takes one name or several, and files are paths. `worktrial run --help` says what
    each of them means.

    Args:
        model: A worker, or several.
        trial: A trial, or several.
        course: `pocket`, `standard` or `full`.
        seed: From which all else follows.
        arm: Of the trials; their usual ones by default.
        replicates: Of each item under each arm.
        protocol: A `protocol.json` to be repeated, or the name of a published one.
        domain: Of the relay; all by default.
        family: Of the reasoning trial's puzzles; all by default.
        documents: One's own documents, instead of fresh ones.
        edits: One's own edits of them.
        puzzles: A folder of published puzzles, instead of fresh ones.
        items: Of each trial, instead of the course's.
        round_trips: Per relay, instead of the course's.
        size: Of a document in tokens, instead of the course's.
        distractors: Beside it in tokens, instead of the course's.
        pages: Of the world that is searched, instead of the course's.
        tasks: A file of one's own search tasks.
        audit: Items of a benchmark, to be audited beside.
        ablate: An Inspect task, to be ablated beside.
        agent: A registered Inspect agent as the worker.
        sandbox: Where the relay's agent works.
        model_role: Models beside the workers, by their role.
        temperature: Of the workers.
        model_args: For embedded workers.
        compare_until_decided: End as soon as it is decided which of two workers keeps more.
        margin: A difference that does not matter, in a run until decided.
        looks: How often to look, in a run until decided.
        out: The run's folder; the same call goes on in it.
        executor: This machine, or a Ray cluster.
        processes: As many at the same time.
        address: Of the Ray cluster.
        connections: Calls to each provider at the same time.
        budget_usd: What the whole run may cost.
        budget_tokens: What it may read and write.
        prices: A file of what workers cost.

    Returns:
        The run, with its evidence, findings and report.

    Raises:
        ConfigError: (a ValueError) If it cannot be carried out; nothing was called then.
        EvidenceError: If the folder's logs cannot be read or were changed.
    """
    from worktrial.decision import read_prices
    from worktrial.report import publish
    from worktrial.report.brought import Brought
    from worktrial.running import Budget, Request
    from worktrial.running import run as carry_out
    from worktrial.running.executors import chosen
    from worktrial.trial import Ablation, Audit

    request = Request(
        workers=_all(model),
        out=Path(out),
        trials=[*_all(trial), *["memorisation"] * bool(audit), *["ablate"] * bool(ablate)],
        arms=_all(arm),
        course=course,
        seed=seed,
        replicates=replicates,
        round_trips=round_trips,
        items=items,
        size=size,
        distractors=distractors,
        domains=_all(domain),
        families=_all(family),
        puzzles=_path(puzzles),
        documents=_path(documents),
        edits=_path(edits),
        pages=pages,
        tasks=_path(tasks),
        audit=Audit(items=full_path(audit)) if audit else None,
        ablation=Ablation(task=full_path(ablate)) if ablate else None,
        agent=agent,
        sandbox=sandbox,
        model_roles=dict(model_role or {}),
        temperature=temperature,
        model_args=dict(model_args or {}),
        connections=connections,
        until_decided=compare_until_decided,
        margin=margin,
        looks=looks,
    )
    where = chosen(executor, processes=processes, address=address)
    budget = Budget(budget_usd, budget_tokens, read_prices(Path(prices)) if prices else {})
    folder = carry_out(request, _path(protocol), executor=where, budget=budget)
    publish(folder, Brought(prices=budget.prices))
    return load(out)


def gap(
    frame: "pd.DataFrame",
    *,
    proxy: "Arm",
    work: "Arm",
    value: str = "value",
    cluster: str | None = None,
    worker: str | None = None,
    bound: float = 1.0,
    level: float = 0.95,
) -> "Interval":
    """Estimate the gap between two arms of any data frame, as `worktrial.comparison.frames.gap`.

    Args:
        frame: One row a score, or one row an item with a column for each arm.
        proxy: The arm that a benchmark would have measured: its name in the column `arm`, columns
            with what they hold, such as `{"step": 2}`, or the column of its scores.
        work: The arm of the job, likewise.
        value: The column of the scores, of a frame with one row a score.
        cluster: The column of the unit that is independent; `cluster` or `item` by default.
        worker: Who, by name in the column `worker`.
        bound: The largest possible absolute difference, in the units of the scores.
        level: Two-sided confidence level, in (0, 1).

    Returns:
        The score under the proxy less that at work, with bounds: a loss is positive.

    Raises:
        ConfigError: (a ValueError) If the frame does not hold what is asked for.
    """
    from worktrial.comparison import frames

    return frames.gap(
        frame, proxy=proxy, work=work, value=value, cluster=cluster, worker=worker, bound=bound,
        level=level,
    )  # fmt: skip


def _all(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _path(named: str | Path | None) -> Path | None:
    return None if named is None else Path(named)
