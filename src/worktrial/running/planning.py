"""A plan: what a pilot or a stated prior says that the next run must be, and what it costs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any, Literal

import numpy as np

from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray
from worktrial.estimate.intervals import SAME, SPARSE
from worktrial.estimate.planning import (
    CAUTION,
    Components,
    SamplePlan,
    Target,
    beta_values,
    caution,
    plan_clusters,
    variance_components,
)
from worktrial.evidence import Evidence, RunFolder

SCHEMA = "worktrial/plan@1"
Endpoint = Literal["score", "gap", "difference"]
REPLICATES = (1, 2, 3)
_MILLION = 1_000_000
_DIGITS = 9
"""Beyond which platforms may differ."""


@dataclass(frozen=True)
class Spread:
    """How much the endpoint varies, as measured in a pilot or as stated.

    Attributes:
        source: Where it comes from, in words.
        components: Of its variance.
        values: What it looks like, shape (clusters,).
        caution: By what its standard deviation is raised; 1 for what was stated.
        strata: How many fixed groups the clusters fall into.
    """

    source: str
    components: Components
    values: FloatArray
    caution: float = 1.0
    strata: int = 1


@dataclass(frozen=True)
class Usage:
    """What one relay, or other item, of one worker uses.

    Attributes:
        generations: Calls of the model; `None` where it is not known.
        tokens_in: Read; `None` where it is not known.
        tokens_out: Written; `None` where it is not known.
    """

    generations: float | None = None
    tokens_in: float | None = None
    tokens_out: float | None = None


@dataclass(frozen=True)
class Prices:
    """USD per million tokens; `None` where there is none."""

    tokens_in: float | None = None
    tokens_out: float | None = None


@dataclass(frozen=True)
class Row:
    """A run that would do.

    Attributes:
        replicates: Of each item and worker.
        items: A multiple of the strata.
        power: What the simulation found.
        wrong: How often it decided wrongly there.
        textbook: What the formula says.
        sd: What was planned with.
        generations: Calls in all.
        tokens_in: Read in all.
        tokens_out: Written in all.
        usd: What that costs.
    """

    replicates: int
    items: int
    power: float
    wrong: float
    textbook: int
    sd: float
    generations: int | None
    tokens_in: int | None
    tokens_out: int | None
    usd: float | None


@dataclass(frozen=True)
class Plan:
    """What was asked for, what would do, and what to know of it.

    Attributes:
        endpoint: What is decided.
        target: The decision wanted.
        level: The level it is planned at, after the correction for several endpoints.
        endpoints: How many are corrected together.
        workers: How many take part.
        spread: What was planned with.
        rows: One for each number of replicates.
        recommended: The number of replicates of the row to take.
        notes: What to know of it.
    """

    endpoint: Endpoint
    target: Target
    level: float
    endpoints: int
    workers: int
    spread: Spread
    rows: Sequence[Row]
    recommended: int
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def row(self) -> Row:
        """The row to take."""
        return next(row for row in self.rows if row.replicates == self.recommended)

    def record(self) -> dict[str, Any]:
        """The plan as data, schema `worktrial/plan@1`; what is not known is left out."""
        parts = asdict(self.spread.components)
        spread = {
            "source": self.spread.source,
            "caution": round(self.spread.caution, _DIGITS),
            **{n: round(v, _DIGITS) for n, v in parts.items() if not np.isnan(v)},
        }
        return {
            "schema": SCHEMA,
            "endpoint": self.endpoint,
            "target": asdict(self.target),
            "endpoints": self.endpoints,
            "workers": self.workers,
            "spread": spread,
            "strata": self.spread.strata,
            "rows": [_present(asdict(row)) for row in self.rows],
            "recommended": {"replicates": self.recommended, "items": self.row.items},
            "notes": list(self.notes),
        }


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in fields.items() if value is not None}
    return {n: round(v, _DIGITS) if isinstance(v, float) else v for n, v in known.items()}


def plan(
    spread: Spread,
    usage: Usage,
    target: Target,
    *,
    endpoint: Endpoint = "difference",
    workers: int | None = None,
    endpoints: int | None = None,
    replicates: int | None = None,
    prices: Prices | None = None,
    seed: int = 0,
) -> Plan:
    """Plan a run.

    Args:
        spread: How much the endpoint varies.
        usage: What one item of one worker uses.
        target: What is to be decided, at the level before any correction.
        endpoint: What it is decided about.
        workers: How many take part; by default the fewest there can be.
        endpoints: How many are declared; by default one for each pair of workers, or each worker.
        replicates: The number to recommend; by default the cheapest.
        prices: Of tokens.
        seed: Of the simulations.

    Raises:
        ConfigError: If a number is out of range or no run of a sane size would do.
    """
    workers = _workers(endpoint, workers)
    if endpoints is None:
        endpoints = workers * (workers - 1) // 2 if endpoint == "difference" else workers
    corrected = _corrected(target, endpoints)
    wanted = sorted({*REPLICATES, 1 if replicates is None else replicates})
    if wanted[0] < 1:
        raise ConfigError(f"`replicates` must be at least 1; got {wanted[0]}")
    sizes = _sizes(spread, corrected, wanted, scores=endpoint == "score", seed=seed)
    rows = [
        _row(found, count, workers, usage, prices or Prices()) for count, found in sizes.items()
    ]
    best = min(rows, key=lambda row: row.items * row.replicates)
    return Plan(
        endpoint=endpoint,
        target=target,
        level=corrected.level,
        endpoints=endpoints,
        workers=workers,
        spread=spread,
        rows=rows,
        recommended=replicates or best.replicates,
        notes=tuple(_notes(spread, endpoints, corrected.level)),
    )


def _workers(endpoint: Endpoint, workers: int | None) -> int:
    least = 2 if endpoint == "difference" else 1
    if workers is not None and workers < least:
        raise ConfigError(f"`workers` must be at least {least} for a {endpoint}; got {workers}")
    return workers or least


def _corrected(target: Target, endpoints: int) -> Target:
    """The target at the level of the first of Holm's steps, the strictest."""
    if endpoints < 1:
        raise ConfigError(f"`endpoints` must be at least 1; got {endpoints}")
    return Target(
        target.goal, target.size, target.margin, target.power, 1 - (1 - target.level) / endpoints
    )


def _sizes(
    spread: Spread, target: Target, replicates: Sequence[int], *, scores: bool, seed: int
) -> dict[int, SamplePlan]:
    """The sample for each number of replicates; where they change nothing it is found once."""
    found: dict[float, SamplePlan] = {}
    sds = {n: spread.caution * sqrt(spread.components.variance(n)) for n in replicates}
    for sd in sds.values():
        if sd not in found:
            found[sd] = plan_clusters(
                spread.values, sd=sd, target=target, strata=spread.strata, scores=scores, seed=seed
            )
    return {count: found[sd] for count, sd in sds.items()}


def _row(found: SamplePlan, replicates: int, workers: int, usage: Usage, prices: Prices) -> Row:
    relays = found.clusters * replicates * workers
    tokens_in, tokens_out = _times(usage.tokens_in, relays), _times(usage.tokens_out, relays)
    return Row(
        replicates=replicates,
        items=found.clusters,
        power=found.power,
        wrong=found.wrong,
        textbook=found.textbook,
        sd=found.sd,
        generations=_times(usage.generations, relays),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        usd=_usd(tokens_in, tokens_out, prices),
    )


def _times(each: float | None, relays: int) -> int | None:
    return None if each is None else round(each * relays)


def _usd(tokens_in: int | None, tokens_out: int | None, prices: Prices) -> float | None:
    """Money, where both prices and both amounts are known: half a sum would mislead."""
    if None in (tokens_in, tokens_out, prices.tokens_in, prices.tokens_out):
        return None
    spent = float(tokens_in or 0) * float(prices.tokens_in or 0)
    spent += float(tokens_out or 0) * float(prices.tokens_out or 0)
    return round(spent / _MILLION, 2)


def _notes(spread: Spread, endpoints: int, level: float) -> list[str]:
    parts, notes = spread.components, []
    if spread.caution > 1:
        notes.append(
            f"The pilot's standard deviation, {sqrt(parts.of_means):.3g}, is itself uncertain: "
            f"planned with its upper {CAUTION:.0%} bound, {spread.caution:.2f} times as much."
        )
    if np.isnan(parts.within):
        notes.append(
            "With one replicate, documents and run noise cannot be told apart: all is taken for "
            "documents, so replicates save nothing here. A pilot with 2 replicates would tell."
        )
    elif parts.within > parts.between:
        notes.append(
            "Run noise is larger than the difference between documents: replicates help, but more "
            "documents help at least as much."
        )
    notes.append(
        "More documents before more replicates: n documents once beat n/2 documents twice, unless "
        "run noise is all there is; then they are equal. Two replicates are for measuring noise."
    )
    differing = int(np.sum(np.abs(spread.values) > SAME))
    if differing < SPARSE and spread.caution > 1:
        notes.append(
            f"Only {differing} of the pilot's {parts.clusters} items differ at all: its spread "
            "rests on a handful, and the plan with it."
        )
    if endpoints > 1:
        notes.append(
            f"{endpoints} endpoints are corrected together (Holm): planned at level {level:.4g}."
        )
    return notes


# --- where the spread comes from ---


def stated(
    endpoint: Endpoint,
    *,
    sd: float,
    within_sd: float | None = None,
    correlation: float = 0.0,
    mean: float | None = None,
    target: Target,
    strata: int = 1,
) -> Spread:
    """The spread that somebody states.

    Args:
        endpoint: What is decided.
        sd: Standard deviation of a score between documents.
        within_sd: Standard deviation of a score between replicates of a document.
        correlation: Between the two scores of a document whose difference is taken.
        mean: Of the score, where the endpoint is one.
        target: For the shape of the differences.
        strata: How many fixed groups there are.

    Raises:
        ConfigError: If a number is out of range.
    """
    if not sd > 0 or (within_sd is not None and not within_sd >= 0):
        raise ConfigError(f"`sd` must be positive and `within-sd` not below 0; got {sd}")
    if not -1 <= correlation < 1:
        raise ConfigError(f"`correlation` must be in [-1, 1); got {correlation}")
    paired = endpoint != "score"
    between = sd**2 * (2 * (1 - correlation) if paired else 1)
    noise = (within_sd or 0.0) ** 2 * (2 if paired else 1)
    whole = between + noise
    if paired:
        centre = target.size if target.goal == "apart" else 0.0
        values = beta_values(centre, sqrt(whole))
    elif mean is None:
        raise ConfigError("a stated prior of a score needs its `mean`, too; or give a pilot")
    else:
        values = beta_values(mean, sqrt(whole), low=0.0)
    within = np.nan if within_sd is None else noise
    parts = Components(np.nan if within_sd is None else between, within, whole, 0, 1)
    return Spread("stated", parts, values, strata=strata)


def pilot(
    run: Path,
    *,
    endpoint: Endpoint | None = None,
    workers: Sequence[str] = (),
    metric: str = "fidelity",
    trial: str = "relay",
    arm: str | None = None,
) -> tuple[Endpoint, Spread, Usage]:
    """Read a pilot: how much its endpoint varies, and what an item used.

    Args:
        run: The pilot's folder.
        endpoint: By default the difference of two workers, or the gap of one.
        workers: Whose; by default all of the pilot's, one or two.
        metric: What is measured.
        trial: In which trial.
        arm: Under which condition, where the pilot has several.

    Raises:
        ConfigError: If the pilot does not hold what is asked for.
        EvidenceError: If it cannot be read.
    """
    evidence = Evidence(RunFolder(run).existing().evidence)
    names = _names(evidence, endpoint, workers)
    endpoint = endpoint or ("difference" if len(names) == 2 else "gap")
    reader = _Reader(evidence, metric, trial, _arm(evidence, arm, trial))
    values, strata = reader.endpoint(endpoint, names)
    parts = variance_components(values)
    known = values[~np.isnan(values).any(axis=1)].mean(axis=1)
    if parts.of_means <= SAME**2:
        raise ConfigError(
            f"the pilot's {parts.clusters} items show no spread of the {endpoint}, so none can be "
            "planned with; take a larger pilot or state `--sd`"
        )
    against = " minus ".join(names)
    source = f"{endpoint} of {metric}, {against}, {parts.clusters} items of {run}"
    spread = Spread(source, parts, known, caution(parts.clusters), strata)
    return endpoint, spread, reader.usage(names)


def _names(evidence: Evidence, endpoint: Endpoint | None, workers: Sequence[str]) -> list[str]:
    there = evidence.workers()
    for name in workers:
        if name not in there:
            raise ConfigError(f"`--worker` {name!r} is not in the pilot; it has {', '.join(there)}")
    names = list(dict.fromkeys(workers)) or there
    most = 1 if endpoint in ("score", "gap") else 2
    least = 2 if endpoint == "difference" else 1
    if not least <= len(names) <= most:
        number = "two" if least == 2 else "one" if most == 1 else "one or two"
        raise ConfigError(
            f"the pilot must name {number} with `--worker`; it has {', '.join(there)}"
        )
    return names


def _arm(evidence: Evidence, arm: str | None, trial: str) -> str:
    rows = evidence.query("select distinct arm from evidence where trial = ? order by 1", [trial])
    there = [name for (name,) in rows]
    if not there:
        raise ConfigError(f"the pilot has no trial {trial!r}")
    if arm is None and len(there) > 1:
        raise ConfigError(f"the pilot has several arms; name one with `--arm`: {', '.join(there)}")
    if arm is not None and arm not in there:
        raise ConfigError(f"`--arm` {arm!r} is not in the pilot; it has {', '.join(there)}")
    return arm or there[0]


@dataclass(frozen=True)
class _Reader:
    """One metric of a pilot, by cluster and replicate."""

    evidence: Evidence
    metric: str
    trial: str
    arm: str

    def endpoint(self, endpoint: Endpoint, names: Sequence[str]) -> tuple[FloatArray, int]:
        """Its values, shape (clusters, replicates), and how many strata there are."""
        first, last = self._ends()
        if endpoint == "difference":
            one, other = (self._scores(name, last) for name in names)
        elif endpoint == "gap":
            if first == last:
                raise ConfigError(f"a gap needs two steps; the pilot's {self.metric} has one")
            one, other = self._scores(names[0], first), self._scores(names[0], last)
        else:
            one, other = self._scores(names[0], last), None
        clusters = sorted({cluster for cluster, _ in one})
        replicates = sorted({replicate for _, replicate in one})
        values = [
            [
                one.get((c, r), np.nan) - (other.get((c, r), np.nan) if other else 0)
                for r in replicates
            ]
            for c in clusters
        ]
        return np.array(values, dtype=np.float64), self._strata()

    def _ends(self) -> tuple[int, int]:
        rows = self.evidence.query(
            "select min(step), max(step) from evidence "
            "where metric = ? and trial = ? and arm = ? having count(*) > 0",
            [self.metric, self.trial, self.arm],
        )
        if not rows:
            there = self.evidence.query("select distinct metric from evidence order by 1")
            names = ", ".join(name for (name,) in there)
            raise ConfigError(f"the pilot has no `--metric` {self.metric!r}; it has {names}")
        return rows[0][0], rows[0][1]

    def _scores(self, worker: str, step: int) -> dict[tuple[str, int], float]:
        rows = self.evidence.query(
            "select cluster, replicate, avg(value) from evidence where worker = ? and metric = ? "
            "and trial = ? and arm = ? and step = ? group by all",
            [worker, self.metric, self.trial, self.arm, step],
        )
        return {(c, r): np.nan if value is None else value for c, r, value in rows}

    def _strata(self) -> int:
        ((count,),) = self.evidence.query(
            "select count(distinct stratum) from evidence where trial = ?", [self.trial]
        )
        return max(1, int(count))

    def usage(self, names: Sequence[str]) -> Usage:
        """What one item of one worker used on average."""
        marks = ", ".join("?" for _ in names)
        rows = self.evidence.query(
            "select metric, sum(value) from evidence "  # noqa: S608 - question marks alone
            "where metric in ('attempts', 'tokens_in', 'tokens_out') and trial = ? and arm = ? "
            f"and worker in ({marks}) group by metric",
            [self.trial, self.arm, *names],
        )
        ((relays,),) = self.evidence.query(
            "select count(*) from (select distinct worker, item, replicate from evidence "  # noqa: S608
            f"where trial = ? and arm = ? and worker in ({marks}))",
            [self.trial, self.arm, *names],
        )
        each = {metric: total / relays for metric, total in rows if total is not None}
        return Usage(each.get("attempts"), each.get("tokens_in"), each.get("tokens_out"))
