"""What a run will use, before its first call: a perfect simulated worker does some of its items."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from inspect_ai import task_with
from inspect_ai.log import EvalLog
from scipy import stats

from worktrial import steps
from worktrial.errors import ConfigError
from worktrial.estimate.inputs import FloatArray
from worktrial.reference import PREFIX
from worktrial.running.budget import Amount, Budget, dollars
from worktrial.running.evaluation import evaluate, worker
from worktrial.running.ledger import Spent
from worktrial.running.shards import Work, task_of
from worktrial.running.trials import TRIALS
from worktrial.trial import Request

_ITEMS = 6
_LEVEL = 0.95
_ORACLE = f"{PREFIX}oracle"
Place = tuple[str, str]
"""A trial and an arm."""


@dataclass(frozen=True, slots=True)
class Range:
    """A total, and between which bounds it lies."""

    value: float
    low: float
    high: float

    def __add__(self, other: "Range") -> "Range":
        return Range(self.value + other.value, self.low + other.low, self.high + other.high)

    def times(self, factor: float) -> "Range":
        """So many times as much."""
        return Range(factor * self.value, factor * self.low, factor * self.high)


@dataclass(frozen=True)
class Forecast:
    """What was seen of some items, and what follows for all.

    Attributes:
        seen: Tokens read and written of each item that was done, by trial and arm, shape
            (items, 2).
        budget: For its prices.
        replicates: Of each item.
        why: In which places nothing can be known, and why.
    """

    seen: Mapping[Place, FloatArray]
    budget: Budget
    replicates: int
    why: Mapping[Place, str]

    def expected(self, works: Sequence[Work]) -> Amount | None:
        """What these are likely to use; `None` where that is not known of one of them."""
        if any((work.trial, work.arm) not in self.seen for work in works):
            return None
        return sum((self._of(work) for work in works), Amount())

    def _of(self, work: Work) -> Amount:
        read, written = self.seen[work.trial, work.arm].mean(axis=0)
        return self._cost(work.worker, read, written).times(len(work.items) * self.replicates)

    def _cost(self, who: str, read: float, written: float) -> Amount:
        # In millionths, so that parts of a token are not lost before they are many.
        spent = Spent(tokens_in=round(read * 1e6), tokens_out=round(written * 1e6))
        return self.budget.cost(who, spent).times(1e-6)

    def ranges(self, works: Sequence[Work]) -> Mapping[str, Range]:
        """Tokens in, tokens out, both, and US dollars where all is priced, of all these."""
        items: Counter[tuple[Place, str]] = Counter()
        for work in works:
            items[(work.trial, work.arm), work.worker] += len(work.items)
        found: dict[str, Range] = {}
        for (place, who), count in items.items():
            for name, values in self._values(place, who).items():
                each = total(values, count).times(self.replicates)
                found[name] = found[name] + each if name in found else each
        return found

    def _values(self, place: Place, who: str) -> Mapping[str, FloatArray]:
        """What each item that was seen takes."""
        seen = self.seen[place]
        values = {"in": seen[:, 0], "out": seen[:, 1], "tokens": seen.sum(axis=1)}
        usd = [self._cost(who, *item).usd for item in seen]
        return {**values, "usd": np.array([np.nan if each is None else each for each in usd])}

    def text(self, works: Sequence[Work], items: int) -> str:
        """The line that is printed."""
        if self.why:
            return f"no estimate before the first block: {next(iter(self.why.values()))}"
        found = self.ranges(works)
        tokens = f"{_shown(found['in'])} tokens in, {_shown(found['out'])} out"
        usd = found["usd"]
        priced = self.budget.usd is not None or self.budget.prices
        money = f", {_money(usd)}" if priced and not np.isnan(usd.value) else ""
        done = max(len(seen) for seen in self.seen.values())
        return (
            f"estimate for all {items} items: {tokens}{money} ({_LEVEL:.0%} bounds), from {done} "
            "of them done by a perfect simulated worker; reasoning tokens, other tokenisers and "
            "models beside the workers are not in it"
        )


def total(values: FloatArray, count: int) -> Range:
    """What so many items take in all, out of what some of them took.

    Assumptions: the items are a sample of all; bounds are Student's, over items. Where all items
    were seen, nothing is left to be estimated.

    Args:
        values: Of each item that was seen, shape (items,).
        count: How many there are.
    """
    value = float(values.mean()) * count
    if len(values) >= count:
        return Range(value, value, value)
    if len(values) < 2:
        return Range(value, 0.0, np.inf)
    reach = float(stats.t.ppf((1 + _LEVEL) / 2, len(values) - 1)) * count
    half = reach * float(values.std(ddof=1)) / float(np.sqrt(len(values)))
    return Range(value, max(0.0, value - half), value + half)


def forecast(request: Request, budget: Budget, works: Sequence[Work]) -> Forecast:
    """Let a perfect simulated worker do up to six items of each arm; no model is called.

    Args:
        request: What was asked for.
        budget: For its prices.
        works: What is to be run.
    """
    ids: dict[Place, dict[str, None]] = {}
    for work in works:
        ids.setdefault((work.trial, work.arm), {}).update(dict.fromkeys(work.items))
    why = {place: said for place in ids if (said := _unknowable(request, *place))}
    seen: dict[Place, FloatArray] = {}
    for place in () if why else ids:
        found = _done(request, place, _some(list(ids[place])))
        if found is None:
            why[place] = f"the simulated worker did not finish an item of {' '.join(place)}"
            break
        seen[place] = found
    return Forecast(seen, budget, request.replicates, why)


def _unknowable(request: Request, trial: str, arm: str) -> str | None:
    if request.agent and arm in TRIALS[trial].with_agent:
        return f"what an agent will call under {arm} is not known"
    if TRIALS[trial].roles is None:
        return f"what a task of others calls, as in the trial {trial}, is not known"
    try:
        TRIALS[trial].check_reference("oracle")
    except ConfigError:
        return f"the trial {trial} has no perfect simulated worker"
    return None


def _some(ids: Sequence[str]) -> set[str]:
    """Up to six, from all parts of the list."""
    count = min(_ITEMS, len(ids))
    return {ids[n * len(ids) // count] for n in range(count)}


def _done(request: Request, place: Place, wanted: set[str]) -> FloatArray | None:
    """Tokens read and written of each of these; `None` if one was not done."""
    with TemporaryDirectory(prefix="worktrial-") as folder, steps.unheard():
        alone = replace(
            request, workers=[_ORACLE], out=Path(folder), model_roles={}, replicates=1,
            temperature=None, connections=None,
        )  # fmt: skip
        task = task_of(alone, *place)
        chosen = task.dataset.filter(lambda sample: str(sample.id) in wanted)
        (log,) = evaluate(
            alone,
            logs=Path(folder) / "logs",
            generations=Path(folder) / "generations",
            tasks=task_with(task, dataset=chosen),
            model=[worker(_ORACLE, alone)],
            score=False,
        )
        return _tokens(log)


def _tokens(log: EvalLog) -> FloatArray | None:
    samples = log.samples or []
    if log.status != "success" or not samples or any(sample.error for sample in samples):
        return None
    used = [sample.model_usage.get(_ORACLE) for sample in samples]
    rows = [[u.input_tokens, u.output_tokens] if u else [0, 0] for u in used]
    return np.array(rows, dtype=np.float64)


def _shown(of: Range) -> str:
    return f"{of.value:,.0f} [{of.low:,.0f}, {of.high:,.0f}]"


def _money(of: Range) -> str:
    return f"{dollars(of.value)} [{dollars(of.low)}, {dollars(of.high)}]"
