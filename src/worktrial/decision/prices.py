"""What tokens cost: a file that the user brings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from worktrial.protocol.declared import read_declared

Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)]
_MILLION = 1e6


class Price(BaseModel):
    """US dollars a million tokens.

    Attributes:
        input: Read.
        output: Written.
        cached: Read out of the provider's cache, which a log counts apart; as `input` by default.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    input: Dollars
    output: Dollars
    cached: Dollars | None = None

    def of(self, tokens_in: float, tokens_out: float, tokens_cached: float) -> float:
        """US dollars of so many tokens."""
        cached = self.input if self.cached is None else self.cached
        total = self.input * tokens_in + self.output * tokens_out + cached * tokens_cached
        return total / _MILLION


class _Prices(RootModel[dict[str, Price]]):
    """A price for each worker."""


def read_prices(path: Path) -> Mapping[str, Price]:
    """Read prices by worker, JSON or YAML: `openai/gpt-9: {input: 1.25, output: 10}`.

    Raises:
        ConfigError: If it cannot be read or holds no prices, naming the place.
    """
    return read_declared(path, _Prices, name="--prices").root
