"""A budget of a whole run: what was spent of it, and whether what comes next still fits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from inspect_ai.model import get_model_info

from worktrial.decision import Price
from worktrial.errors import ConfigError
from worktrial.evidence.findings import Stopped
from worktrial.reference import is_reference
from worktrial.running.executors.executor import EMBEDDED
from worktrial.running.ledger import Spent

Unit = Literal["usd", "tokens"]


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens read and written, and US dollars; `None` where a price is not known."""

    tokens: float = 0.0
    usd: float | None = 0.0

    def __add__(self, other: "Amount") -> "Amount":
        known = self.usd is not None and other.usd is not None
        usd = (self.usd or 0.0) + (other.usd or 0.0) if known else None
        return Amount(self.tokens + other.tokens, usd)

    def __sub__(self, other: "Amount") -> "Amount":
        return self + other.times(-1)

    def times(self, factor: float) -> "Amount":
        """So many times as much."""
        return Amount(self.tokens * factor, None if self.usd is None else self.usd * factor)

    def text(self) -> str:
        """In words."""
        tokens = f"{self.tokens:,.0f} tokens"
        return tokens if self.usd is None else f"{tokens} · {dollars(self.usd)}"


@dataclass(frozen=True)
class Budget:
    """What a run may spend in all, and what tokens cost; without a limit it only counts.

    Attributes:
        usd: US dollars.
        tokens: Read and written, by workers and by models beside them.
        prices: By model, as a user states them; they go before what Inspect knows.
    """

    usd: float | None = None
    tokens: int | None = None
    prices: Mapping[str, Price] = field(default_factory=dict)

    @property
    def limits(self) -> Mapping[Unit, float]:
        """Those that there are."""
        both: Mapping[Unit, float | None] = {"usd": self.usd, "tokens": self.tokens}
        return {unit: limit for unit, limit in both.items() if limit is not None}

    def cost(self, model: str, spent: Spent) -> Amount:
        """What one model's tokens cost."""
        if price := self.prices.get(model):
            usd = price.of(spent.tokens_in, spent.tokens_out, spent.tokens_cached)
            return Amount(spent.tokens, usd)
        return Amount(spent.tokens, 0.0 if is_free(model) else spent.usd)

    def amount(self, totals: Mapping[str, Spent]) -> Amount:
        """What all models' tokens cost."""
        return sum((self.cost(*each) for each in totals.items()), Amount())

    def told(self, totals: Mapping[str, Spent]) -> Amount:
        """What was spent, as it is told: in dollars where anything has a price."""
        spent = self.amount(totals)
        is_priced = self.usd is not None or self.prices or spent.usd
        return spent if is_priced else replace(spent, usd=None)

    def fits(self, spent: Amount, more: Amount) -> bool:
        """Whether so much more can be spent."""
        return not self.lacks(spent + more)

    def lacks(self, needed: Amount) -> list[Unit]:
        """The limits that so much is beyond."""
        return [unit for unit, limit in self.limits.items() if of(needed, unit) > limit]

    def checked(self, models: Collection[str]) -> "Budget":
        """The budget, if every model has a price where dollars are counted.

        Raises:
            ConfigError: If a limit is no amount, or a price is missing.
        """
        for unit, limit in self.limits.items():
            if not limit > 0 or limit == float("inf"):
                raise ConfigError(f"`--budget-{unit}` must be more than 0; got {limit:g}")
        if self.prices and not set(self.prices) & set(models):
            raise ConfigError(
                f"`--prices` must name a model of this run, {', '.join(models)}; got "
                f"{', '.join(self.prices)}; write the names alike"
            )
        if self.usd is not None:
            self._must_have_prices(models)
        return self

    def _must_have_prices(self, models: Collection[str]) -> None:
        missing = [m for m in dict.fromkeys(models) if m not in self.prices and not _known(m)]
        if missing:
            lines = ", ".join(f"`{model}: {{input: 1.25, output: 10}}`" for model in missing)
            raise ConfigError(
                f"`--budget-usd` needs the price of {', '.join(missing)}; write {lines} with your "
                "US dollars a million tokens, 0 for what costs nothing, into a file and name it "
                "by `--prices FILE`"
            )


def is_free(model: str) -> bool:
    """Whether a model costs nothing by nature: simulated, or run by this very process."""
    return is_reference(model) or model.startswith(EMBEDDED)


def _known(model: str) -> bool:
    """Whether a model is free, or Inspect was told what it costs."""
    if is_free(model):
        return True
    try:
        info = get_model_info(model)
    except Exception:
        # A provider that is asked for its own name may miss its key; that is said elsewhere.
        return False
    return info is not None and info.cost is not None


def of(amount: Amount, unit: Unit) -> float:
    """An amount in one unit.

    Raises:
        ConfigError: If it is not known.
    """
    if unit == "tokens":
        return amount.tokens
    if amount.usd is None:
        raise ConfigError(
            "`--budget-usd`: a model was called that has no price in `--prices`; add it and give "
            "the same command again: it goes on"
        )
    return amount.usd


def priced(amount: float, unit: Unit) -> str:
    """An amount in one unit, in words."""
    return dollars(amount) if unit == "usd" else f"{amount:,.0f} tokens"


def dollars(amount: float) -> str:
    """US dollars, small ones to a hundredth of a cent."""
    return f"${amount:,.2f}" if amount >= 1 or amount == 0 else f"${amount:.4f}"


def limits_text(limits: Mapping[Unit, float]) -> str:
    """Limits as they were given."""
    return " and ".join(priced(limit, unit) for unit, limit in limits.items())


def unpriced(budget: Budget, totals: Mapping[str, Spent]) -> Sequence[str]:
    """Models that were called and have no price."""
    return [model for model, spent in totals.items() if budget.cost(model, spent).usd is None]


_MOST_NAMED = 5


def stopped_text(stopped: Stopped) -> str:
    """That a budget ended a run, after how much, and what is missing."""
    limits: dict[Unit, float] = {}
    if stopped.budget_usd is not None:
        limits["usd"] = stopped.budget_usd
    if stopped.budget_tokens is not None:
        limits["tokens"] = stopped.budget_tokens
    spent = Amount(stopped.spent_tokens, stopped.spent_usd).text()
    done = ", ".join(
        f"{of.done} of {of.items} items" + (f" of {trial}" if len(stopped.trials) > 1 else "")
        for trial, of in stopped.trials.items()
    )
    missing = [item for of in stopped.trials.values() for item in of.missing]
    more = len(missing) - _MOST_NAMED
    named = ", ".join(missing[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return (
        f"stopped by its budget of {limits_text(limits)} after {done}, complete under all arms "
        f"and by all workers ({spent} spent); missing: {named}. The same command with a larger "
        "budget goes on"
    )
