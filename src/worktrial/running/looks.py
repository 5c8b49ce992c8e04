"""A run of two workers that ends when it is decided, looked at as planned and no other way.

Both run the same items in the same order, block by block, and wait for each other at each look.
The plan is in the folder before the first call; each look is written down as it is taken. A run
that was killed replays its kept generations, comes to the same looks and checks that it does.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import anyio
import numpy as np
from inspect_ai import SampleSource, Task, TaskSource, task_with
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import Model
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worktrial import steps
from worktrial.errors import ConfigError, EvidenceError
from worktrial.estimate.sequential import Decision, LookResult, Looks, concluded, decide
from worktrial.evidence import Evidence, RunFolder
from worktrial.evidence.findings import Claim, Estimate, Verdict, finite
from worktrial.evidence.folder import write_whole
from worktrial.protocol import digest
from worktrial.randomness import stream
from worktrial.relay import task as relay_task
from worktrial.relay.items import RelayItem
from worktrial.relay.scoring import SCORER_VERSION

SCHEMA = "worktrial/looks@1"
METRIC = "fidelity"
MARGIN = 0.03
"""A difference in fidelity that does not matter."""
_DESIGN = "O'Brien–Fleming-type spending"

FloatArray = NDArray[np.float64]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Plan(_Record):
    """What was decided before the first call.

    Attributes:
        workers: The two on trial; a difference is the first minus the second.
        metric: What is compared, at the end of the relay.
        items: How many items are in at each look.
        margin: The smallest difference that would matter.
        level: Confidence level of the verdict.
        futility: The run is given up when its chance to be decided is below this.
        order: The items, in the order in which both run them.
    """

    workers: tuple[str, str]
    metric: Literal["fidelity"] = "fidelity"
    items: tuple[int, ...]
    margin: float
    level: float
    futility: float
    order: tuple[str, ...]

    @property
    def looks(self) -> Looks:
        """The plan as the estimators take it."""
        return Looks(self.items, margin=self.margin, level=self.level, futility=self.futility)

    @property
    def blocks(self) -> list[tuple[str, ...]]:
        """The items that are new at each look."""
        starts = (0, *self.items)
        return [self.order[a:b] for a, b in zip(starts, self.items, strict=False)]


class Logged(_Record):
    """A look that was taken; a pair that was `lost` then stays out of it for good."""

    look: int
    items: int
    pairs: int
    lost: tuple[str, ...]
    value: float | None
    low: float | None
    high: float | None
    narrow_low: float | None
    narrow_high: float | None
    promise: float | None
    verdict: Literal["apart", "level", "cannot-tell"] | None
    reason: Literal["apart", "level", "futility", "last look"] | None


class Diary(BaseModel):
    """`looks.json`: the plan, its hash, and the looks so far."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    schema_: Literal["worktrial/looks@1"] = Field(default="worktrial/looks@1", alias="schema")
    sha256: str
    plan: Plan
    looks: tuple[Logged, ...] = ()

    @classmethod
    def of(cls, plan: Plan) -> "Diary":
        """A plan with no look taken."""
        return cls(sha256=digest(plan.model_dump(mode="json")), plan=plan)

    @classmethod
    def read(cls, path: Path) -> "Diary":
        """Read it back.

        Raises:
            EvidenceError: If it cannot be read or its plan was changed by hand.
        """
        try:
            diary = cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValidationError) as error:
            raise EvidenceError(f"{path} holds no looks ({type(error).__name__})") from None
        if diary.sha256 != digest(diary.plan.model_dump(mode="json")):
            raise EvidenceError(f"{path} was changed: its hash does not fit its plan")
        return diary

    def write(self, path: Path) -> None:
        """Write it as a whole."""
        record = self.model_dump(mode="json", by_alias=True)
        write_whole(path, json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def looks_file(folder: RunFolder) -> Path:
    """Where a run keeps its plan and its looks."""
    return folder.path / "looks.json"


def diary_of(folder: RunFolder) -> Diary | None:
    """A run's plan and its looks; `None` for a run without.

    Raises:
        EvidenceError: If it cannot be read or its plan was changed by hand.
    """
    path = looks_file(folder)
    return Diary.read(path) if path.exists() else None


# --- before the first call ---------------------------------------------------------------------


def planned(
    workers: Sequence[str],
    items: Sequence[RelayItem],
    *,
    seed: int,
    margin: float = MARGIN,
    looks: int | None = None,
) -> Plan:
    """Plan a comparison of two workers.

    Args:
        workers: Their names, two of them.
        items: The most that will be run.
        seed: Of the run; shuffles the items within their strata.
        margin: The smallest difference in final fidelity that would matter.
        looks: How often to look; by default as often as `Looks.planned` does.

    Raises:
        ConfigError: If there are not two workers, or too few items for the looks.
    """
    names = list(dict.fromkeys(workers))
    if len(names) != 2:
        raise ConfigError(
            f"`--compare-until-decided` compares two workers, got {len(names)}; "
            "give `--model` twice"
        )
    plan = Looks.planned(len(items), looks=looks, margin=margin)
    return Plan(
        workers=(names[0], names[1]),
        items=plan.items,
        margin=plan.margin,
        level=plan.level,
        futility=plan.futility,
        order=tuple(balanced(items, seed=seed)),
    )


def balanced(items: Sequence[RelayItem], *, seed: int) -> list[str]:
    """Order items so that whoever stops early has seen each stratum in its proportion.

    Items are shuffled within their stratum, then strata are interleaved evenly.
    """
    strata: dict[str, list[str]] = {}
    for item in items:
        strata.setdefault(item.domain, []).append(item.id)
    places: list[tuple[float, str]] = []
    for domain, names in sorted(strata.items()):
        rng = stream(seed, "looks", domain)
        shuffled, offset = rng.sample(sorted(names), len(names)), rng.random()
        places += [((i + offset) / len(names), name) for i, name in enumerate(shuffled)]
    return [name for _, name in sorted(places)]


def settle(folder: RunFolder, plan: Plan | None) -> "Meeting | None":
    """Find the looks that a folder holds, or refuse one that holds a run with other looks.

    Raises:
        ConfigError: If the folder's run has another plan, or began without one.
        EvidenceError: If `looks.json` cannot be read.
    """
    path = looks_file(folder)
    earlier = Diary.read(path) if path.exists() else None
    if plan is None:
        if earlier is not None:
            raise ConfigError(
                f"`--out` {folder.path} holds a run with `--compare-until-decided`; "
                "say so again, or take another folder"
            )
        return None
    if earlier is None and any(folder.logs.glob("*.eval")):
        raise ConfigError(
            f"`--out` {folder.path} holds a run that began without a plan of looks; "
            "take another folder"
        )
    if earlier is not None and earlier.plan != plan:
        raise ConfigError(
            f"`--out` {folder.path} holds a run with another plan of looks, other "
            f"{', '.join(_differing(plan, earlier.plan))}; take another folder"
        )
    return Meeting(path, earlier or Diary.of(plan))


def _differing(one: Plan, other: Plan) -> list[str]:
    fields = one.model_dump()
    return [name for name in fields if fields[name] != other.model_dump()[name]]


# --- the run -----------------------------------------------------------------------------------


class Meeting:
    """Where two workers wait for each other after each block, and looks are taken."""

    def __init__(self, path: Path, diary: Diary) -> None:
        self.diary = diary
        self.failure: EvidenceError | None = None
        self._path = path
        self._values: dict[str, dict[str, float]] = {name: {} for name in diary.plan.workers}
        self._waiting: dict[str, anyio.Event] = {}
        self._gone: dict[str, str] = {}
        self._legs: dict[str, int] = {}
        self._ended = False

    def tasks(self, workers: Sequence[Model], arguments: Mapping[str, Any]) -> TaskSource:
        """Write the plan down and make one task a worker, each fed block by block.

        Args:
            workers: The two models, in any order.
            arguments: Of the Inspect task.
        """
        self.diary.write(self._path)
        made = [self._task(worker, relay_task.relay(**arguments)) for worker in workers]
        return TaskSource.from_tasks(made, task_complete=self._left)

    def _task(self, worker: Model, task: Task) -> Task:
        samples = {str(sample.id): sample for sample in task.dataset}
        for name, sample in samples.items():
            schedule = RelayItem.model_validate((sample.metadata or {})["item"]).schedule
            self._legs[name] = 2 * len(schedule)
        blocks = [[samples[name] for name in block] for block in self.diary.plan.blocks]
        return task_with(task, dataset=_Blocks(self, str(worker), blocks), model=worker)

    def note(self, worker: str, sample: EvalSample) -> None:
        """Keep what a worker left of an item; what has no score is missing."""
        self._values[worker][str(sample.id)] = _score(sample)

    async def meet(self, worker: str, at: int) -> bool:
        """Wait until both are done with a block.

        Args:
            worker: Who is done.
            at: Which look comes now, from 1.

        Returns:
            Whether the run goes on.

        Raises:
            EvidenceError: If the other one will never come, or the look is not the one that
                was taken before.
        """
        (other,) = (name for name in self.diary.plan.workers if name != worker)
        if other in self._waiting:
            self._take(at)
            self._waiting.pop(other).set()
        elif other not in self._gone:
            self._waiting[worker] = anyio.Event()
            await self._waiting[worker].wait()
        if other in self._gone and not self._ended:
            raise EvidenceError(f"{other} ended before look {at}: {self._gone[other]}")
        return not self._ended

    async def _left(self, log: EvalLog) -> None:
        """A task is over; whoever waits for it must not wait forever."""
        worker = log.eval.model
        self._gone[worker] = log.error.message if log.error else log.status
        for waiting in self._waiting.values():
            waiting.set()

    def _take(self, at: int) -> None:
        plan, taken = self.diary.plan, self.diary.looks[at - 1 : at]
        try:
            logged, _ = _look(self._values, plan, at, lost=taken[0].lost if taken else None)
            if taken and taken[0] != logged:
                raise EvidenceError(
                    f"look {at} is not the one in {self._path}: the answers are not those of "
                    "the earlier run; take another folder"
                )
        except EvidenceError as error:
            self.failure = error
            raise
        if not taken:
            self.diary = self.diary.model_copy(update={"looks": (*self.diary.looks, logged)})
            self.diary.write(self._path)
        self._ended = logged.verdict is not None
        if self._ended:
            self._spare(at)
        print(f"{_in_a_line(logged, plan):60}", file=sys.stderr, flush=True)

    def _spare(self, at: int) -> None:
        """Take the legs that will never be run off the progress."""
        never = sum(self._legs[name] for name in self.diary.plan.order[self._items(at) :])
        steps.count(0, never=2 * never)

    def _items(self, at: int) -> int:
        return self.diary.plan.items[at - 1]


class _Blocks(SampleSource):
    """One worker's items, a block at a time."""

    def __init__(self, meeting: Meeting, worker: str, blocks: list[list[Sample]]) -> None:
        self._meeting, self._worker, self._blocks = meeting, worker, blocks
        self._done = 0

    def initial_samples(self) -> list[Sample]:
        return self._blocks[0]

    async def next_samples(self) -> list[Sample] | None:
        self._done += 1
        goes_on = await self._meeting.meet(self._worker, self._done)
        return self._blocks[self._done] if goes_on else None

    async def sample_complete(self, sample: EvalSample) -> list[Sample] | None:
        self._meeting.note(self._worker, sample)
        return None


def _score(sample: EvalSample) -> float:
    """Final fidelity; NaN where a relay was lost to infrastructure or could not be scored."""
    for score in (sample.scores or {}).values():
        value = score.value.get(METRIC) if isinstance(score.value, Mapping) else None
        if isinstance(value, int | float):
            return float(value)
    return float("nan")


# --- a look ------------------------------------------------------------------------------------


def _look(
    values: Mapping[str, Mapping[str, float]],
    plan: Plan,
    at: int,
    *,
    lost: Sequence[str] | None = None,
) -> tuple[Logged, LookResult]:
    """Take a look; pairs named as lost are missing whatever is known of them now."""
    order, looks = plan.order[: plan.items[at - 1]], plan.looks
    differences = _differences(values, plan, order, lost or ())
    result = decide(differences, looks, at)
    missing = [name for name, d in zip(order, differences, strict=True) if np.isnan(d)]
    wide, narrow = result.difference, result.narrow
    return Logged(
        look=at,
        items=result.items,
        pairs=wide.clusters,
        lost=tuple(missing),
        value=finite(wide.value),
        low=finite(wide.low),
        high=finite(wide.high),
        narrow_low=finite(narrow.low),
        narrow_high=finite(narrow.high),
        promise=finite(result.promise),
        verdict=result.verdict,
        reason=result.reason,
    ), result


def _differences(
    values: Mapping[str, Mapping[str, float]],
    plan: Plan,
    order: Sequence[str],
    lost: Sequence[str],
) -> FloatArray:
    one, other = (values[name] for name in plan.workers)
    return np.array(
        [
            np.nan if name in lost else one.get(name, np.nan) - other.get(name, np.nan)
            for name in order
        ]
    )


def _in_a_line(logged: Logged, plan: Plan) -> str:
    then = logged.verdict or "goes on"
    return (
        f"look {logged.look} of {len(plan.items)}: {logged.items} documents, "
        f"{_signed(logged.value)} {_bracket(logged.low, logged.high)}: {then}"
    )


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.3f}"


def _bracket(low: float | None, high: float | None) -> str:
    return "(too few for bounds)" if low is None else f"({_signed(low)} to {_signed(high)})"


# --- what a run's looks say --------------------------------------------------------------------


def looks_findings(folder: RunFolder) -> tuple[list[Estimate], list[Claim]]:
    """The estimate and the claim of a run until decided; nothing of any other run.

    They are computed from the evidence again, and must be what the run wrote down.

    Args:
        folder: A run whose evidence is made.

    Raises:
        EvidenceError: If the looks in `looks.json` are not those that the evidence gives.
    """
    diary = diary_of(folder)
    if diary is None:
        return [], []
    leg, decision = _decision(folder, diary)
    estimate = _estimate(diary.plan, decision, leg)
    return [estimate], [_claim(diary.plan, decision, estimate)]


def looks_text(folder: RunFolder) -> str:
    """The looks of a run in a terminal: what was asked for, what was seen, how it ended.

    Args:
        folder: A run whose evidence is made.

    Returns:
        Lines; empty for a run without looks.

    Raises:
        EvidenceError: As `looks_findings`.
    """
    diary = diary_of(folder)
    if diary is None:
        return ""
    _, decision = _decision(folder, diary)
    one, other = diary.plan.workers
    rows = [
        f"Until decided: {one} minus {other}, {METRIC}, margin {diary.plan.margin:g}",
        f"  {'look':>4}  {'documents':>9}  {'apart p <':>9}  {'level p <':>9}  "
        f"{'difference and its repeated interval':36}  then",
        *(_row(logged, diary.plan) for logged in diary.looks),
        f"  {_sentence(decision)}",
    ]
    return "\n".join(rows) + "\n"


def _row(logged: Logged, plan: Plan) -> str:
    bound = plan.looks.bounds[logged.look - 1]
    seen = f"{_signed(logged.value)} {_bracket(logged.low, logged.high)}"
    return (
        f"  {logged.look:>4}  {logged.items:>9}  {bound.apart_p:>9.2g}  {bound.level_p:>9.2g}  "
        f"{seen:36}  {logged.verdict or 'goes on'}"
    )


def _decision(folder: RunFolder, diary: Diary) -> tuple[int, Decision]:
    """The last leg and the decision that the evidence gives, look by look as it was taken."""
    evidence, plan = Evidence(folder.evidence), diary.plan
    curves = [evidence.curves(name, METRIC) for name in plan.workers]
    values = {
        name: dict(zip(curve.items, curve.values[:, -1].tolist(), strict=True))
        for name, curve in zip(plan.workers, curves, strict=True)
        if curve.steps
    }
    if len(values) < len(plan.workers):
        raise EvidenceError(f"{folder.path} has no evidence of both workers; run it again")
    results = []
    for logged in diary.looks:
        found, result = _look(values, plan, logged.look, lost=logged.lost)
        if found != logged:
            raise EvidenceError(
                f"look {logged.look} in {looks_file(folder)} is not what the evidence gives; "
                "restore it, or run again in another folder"
            )
        results.append(result)
    if not results or results[-1].verdict is None:
        raise EvidenceError(f"{folder.path} is not decided yet; give the same command again")
    seen = _differences(values, plan, plan.order[: results[-1].items], diary.looks[-1].lost)
    return curves[0].steps[-1], concluded(seen[~np.isnan(seen)], plan.looks, results)


def _estimate(plan: Plan, decision: Decision, leg: int) -> Estimate:
    one, other = plan.workers
    found = decision.estimate
    design = f"{_DESIGN}, look {decision.look} of {len(plan.items)}"
    return Estimate(
        id=f"relay/{METRIC}/{one}-minus-{other}/looks",
        trial="relay",
        metric=METRIC,
        worker=one,
        minus_worker=other,
        arm=f"legs-{leg}",
        step=leg,
        value=finite(found.value),
        low=finite(found.low),
        high=finite(found.high),
        level=found.level,
        method=f"{found.method}, {design}",
        items=decision.results[-1].items,
        clusters=found.clusters,
        why=found.why,
    )


_VERDICTS: dict[str, Verdict] = {"apart": "met", "level": "missed", "cannot-tell": "cannot-tell"}


def _claim(plan: Plan, decision: Decision, estimate: Estimate) -> Claim:
    one, other = plan.workers
    return Claim(
        id=f"until-decided-{one}-{other}",
        text=f"{one} and {other} differ in what is left after leg {estimate.step}: "
        f"{_sentence(decision)}",
        estimates=(estimate.id,),
        threshold=plan.margin,
        verdict=_VERDICTS[decision.verdict],
        detectable=finite(decision.detectable),
        mapping=f"likeness to the original by program, scorer {SCORER_VERSION}",
        overturned_by="nothing in this plan: it is over; a new run with its own",
    )


def _sentence(decision: Decision) -> str:
    """How it ended and, where it cannot tell, what it would have taken."""
    if decision.verdict != "cannot-tell":
        return decision.why
    most = decision.plan.items[-1]
    took = f"all {most} would likely have shown {decision.detectable:.3f}"
    if decision.needed is not None:
        took += f"; about {decision.needed:,} would decide a difference as seen"
    return f"{decision.why}; {took}"
