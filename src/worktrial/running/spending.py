"""How a budget is spent: what a run is expected to take, what it took, and where it ends."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence import RunFolder
from worktrial.evidence.findings import Stopped
from worktrial.evidence.folder import write_whole
from worktrial.running.budget import (
    Amount,
    Budget,
    limits_text,
    of,
    priced,
    stopped_text,
    unpriced,
)
from worktrial.running.division import Division, Round, incomplete
from worktrial.running.forecast import Forecast, forecast
from worktrial.running.ledger import Ledger, Spent
from worktrial.running.shards import Work
from worktrial.trial import Request


class _Mark(BaseModel):
    """What was spent in all when a round was done; of none, when the first was begun."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: int | None = None
    runs: int = 0
    totals: Mapping[str, Spent]


class _Marks(BaseModel):
    """`spent/blocks.json`: what each round took, of the same workers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    workers: tuple[str, ...]
    marks: tuple[_Mark, ...] = ()

    @classmethod
    def read(cls, path: Path, workers: Sequence[str]) -> "_Marks":
        """Those of these workers; none of what others took says what these will."""
        try:
            known = cls.model_validate_json(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(workers=tuple(workers))
        except (OSError, ValidationError) as error:
            raise EvidenceError(
                f"{path} cannot be read ({type(error).__name__}); move it away: blocks are then "
                "expected to take what the estimate says"
            ) from None
        return known if known.workers == tuple(workers) else cls(workers=tuple(workers))


class Spending:
    """A run's budget, and how it is spent round by round."""

    def __init__(self, budget: Budget, request: Request, folder: RunFolder) -> None:
        self.budget, self._request, self.folder = budget, request, folder
        self.division = Division(request, folder)
        self.ledger = Ledger(folder.spent)
        self._path = folder.spent / "blocks.json"
        self._marks = _Marks.read(self._path, list(dict.fromkeys(request.workers)))
        self._forecast: Forecast | None = None

    def open(self) -> None:
        """Say what the run is expected to take, and refuse what does not reach for one block.

        Raises:
            ConfigError: If nothing is done and the first block does not fit.
        """
        rounds = self.division.rounds()
        left = [work for each in rounds for work in each.left]
        if not left:
            return
        items = sum(len(self.division.items(trial)) for trial in self.division.arms)
        if not self._measured:
            self._forecast = forecast(self._request, self.budget, left)
            self._say(self._forecast.text(left, items))
        if rounds[0].left and not self.fits(0, rounds[0]):
            self._refuse(rounds[0])
        if self._forecast is not None and not self._forecast.why:
            self._say_if_short(self._forecast, left, items)

    def _say_if_short(self, seen: Forecast, left: Sequence[Work], items: int) -> None:
        """How far the budget reaches, if it is all but certain that not to the end."""
        found, spent = seen.ranges(left), self.spent
        short = {
            unit: (limit - of(spent, unit)) / found[unit].value
            for unit, limit in self.budget.limits.items()
            if found[unit].low > limit - of(spent, unit)
        }
        if short:
            reach = int(min(short.values()) * items)
            self._say(
                f"a budget of {limits_text(self.budget.limits)} is likely to allow about {reach} "
                f"of {items} items; the run ends before it is spent, with what is complete"
            )

    def _refuse(self, first: Round) -> None:
        needed = self.spent + (self.expected(first) or Amount())
        short = self.budget.lacks(needed)
        options = " and ".join(
            f"`--budget-{u}` {self.budget.limits[u]:g} is too small for one block" for u in short
        )
        takes = " and ".join(priced(of(needed, unit), unit) for unit in short)
        items = sum(map(len, first.items.values()))
        raise ConfigError(
            f"{options}: {items} item{'s' * (items > 1)} under all arms and by all workers need "
            f"about {takes}; give that or more"
        )

    @property
    def spent(self) -> Amount:
        """Up to now, by all commands."""
        return self.budget.amount(self.ledger.totals())

    @property
    def _measured(self) -> bool:
        """Whether a round was done whose cost is known."""
        return any(mark.runs for mark in self._marks.marks)

    def fits(self, number: int, following: Round) -> bool:
        """Whether a round may be begun.

        One of which nothing is known is tried. One that was done, and has lost items, replays
        all else for nothing.
        """
        done = any(mark.round == number for mark in self._marks.marks)
        expected = None if done else self.expected(following)
        return self.budget.fits(self.spent, Amount() if expected is None else expected)

    def expected(self, following: Round) -> Amount | None:
        """What is left of a round takes, by those that were done, or by the estimate."""
        if self._measured:
            return self._by_marks(following)
        return self._forecast.expected(following.left) if self._forecast else None

    def _by_marks(self, following: Round) -> Amount:
        """The mean of what was done, less what an interrupted command paid of this one."""
        first, last = (self.budget.amount(self._marks.marks[at].totals) for at in (0, -1))
        runs = {mark.round: mark.runs for mark in self._marks.marks}
        whole = (last - first).times(
            sum(len(w.items) for w in following.works) / sum(runs.values())
        )
        paid = self.spent - last
        usd = None if whole.usd is None or paid.usd is None else max(0.0, whole.usd - paid.usd)
        return Amount(max(0.0, whole.tokens - paid.tokens), usd)

    def begin(self) -> None:
        """Note what was spent before."""
        if not self._marks.marks:
            self._mark(_Mark(totals=self.ledger.totals()))

    def done(self, number: int, runs: int) -> None:
        """Note that a round is done.

        Raises:
            ConfigError: If dollars are counted and a model was called that has no price.
        """
        totals = self.ledger.totals()
        self._mark(_Mark(round=number, runs=runs, totals=totals))
        if self.budget.usd is not None and (models := unpriced(self.budget, totals)):
            raise ConfigError(
                f"`--prices` has none for {', '.join(models)}, which was called; add it and give "
                "the same command again: it goes on"
            )

    def _mark(self, mark: _Mark) -> None:
        self._marks = self._marks.model_copy(update={"marks": (*self._marks.marks, mark)})
        self.folder.spent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, self._marks.model_dump_json(exclude_none=True) + "\n")

    def stopped(self) -> Stopped | None:
        """What is missing, if anything is."""
        rounds = self.division.rounds()
        done = next((n for n, each in enumerate(rounds) if each.left), None)
        if done is None:
            return None
        spent = self.budget.told(self.ledger.totals())
        return Stopped(
            budget_usd=self.budget.usd,
            budget_tokens=self.budget.tokens,
            spent_tokens=round(spent.tokens),
            spent_usd=spent.usd,
            trials={trial: incomplete(trial, rounds, done) for trial in self.division.arms},
            blocks=self.division.ends(done),
        )

    def close(self, stopped: Stopped | None) -> None:
        """Say how the run ended, where its budget ended it or was not kept."""
        if stopped is not None:
            self._say(stopped_text(stopped))
        for unit in self.budget.lacks(spent := self.spent):
            beyond = of(spent, unit) - self.budget.limits[unit]
            self._say(
                f"{priced(beyond, unit)} more than `--budget-{unit}` were spent in the last block"
            )

    def _say(self, line: str) -> None:
        print(f"worktrial: {line}", file=sys.stderr, flush=True)
