"""What a run has spent, call by call: kept in its folder, whichever process made the call.

Each process appends a line a call to a file of its own, so no two write to one, on whatever file
system. What is replayed from kept generations is no call. A call that fails, or that a kill cuts
off, is not known, though a provider may charge for it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

from inspect_ai.hooks import Hooks, ModelUsageData, hooks
from inspect_ai.model import get_model
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from worktrial.errors import EvidenceError
from worktrial.evidence.usage import spent_of


class Spent(BaseModel):
    """Tokens of one model; `usd` is what Inspect says that they cost, `None` where it cannot."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    tokens_in: int = Field(default=0, ge=0)
    tokens_out: int = Field(default=0, ge=0)
    tokens_cached: int = Field(default=0, ge=0)
    usd: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @property
    def tokens(self) -> int:
        """Read, out of a provider's cache or not, and written."""
        return self.tokens_in + self.tokens_out + self.tokens_cached

    def __add__(self, other: "Spent") -> "Spent":
        known = self.usd is not None and other.usd is not None
        return Spent(
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            tokens_cached=self.tokens_cached + other.tokens_cached,
            usd=(self.usd or 0.0) + (other.usd or 0.0) if known else None,
        )


class _Call(Spent):
    model: str


class Ledger:
    """The calls of a run so far, by all processes and all commands."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self._totals: dict[str, Spent] = {}

    def totals(self) -> Mapping[str, Spent]:
        """By model, up to now; only what is new is read.

        Raises:
            EvidenceError: If a line is not one of ours.
        """
        for path in sorted(self._folder.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                # Of a line that is just being written, or was cut off, the end is not there.
                new = file.read().rpartition(b"\n")[0]
            self._read[path] = self._read.get(path, 0) + len(new) + bool(new)
            for line in new.splitlines():
                self._count(path, line)
        return dict(self._totals)

    def _count(self, path: Path, line: bytes) -> None:
        try:
            call = _Call.model_validate_json(line)
        except ValidationError:
            raise EvidenceError(
                f"{path} was changed: it has a line that is no call of a model; restore it, or "
                "move it away: what it holds is then not counted"
            ) from None
        spent = Spent.model_validate(call.model_dump(exclude={"model"}))
        known = self._totals.get(call.model)
        self._totals[call.model] = spent if known is None else known + spent


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Write down every call that is made in here.

    Args:
        folder: The run's folder of what it has spent.

    Raises:
        OSError: If that could not be written.
    """
    _listen()
    folder.mkdir(parents=True, exist_ok=True)
    book = _Book(folder / f"{uuid4().hex}.jsonl")
    _books.append(book)
    try:
        yield
    finally:
        _books.remove(book)
    if book.failure is not None:
        raise book.failure


class _Book:
    """One process's file."""

    def __init__(self, path: Path) -> None:
        self.path, self.failure = path, None  # type: Path, OSError | None

    def write(self, call: _Call) -> None:
        """Append a call; opened anew each time, so that other machines see it soon."""
        try:
            with self.path.open("a", encoding="utf-8") as out:
                out.write(json.dumps(call.model_dump(exclude_none=True)) + "\n")
        except OSError as error:
            # Inspect drops what a hook raises.
            self.failure = error


_books: list[_Book] = []


@cache
def _listen() -> None:
    """Hear of every call that Inspect makes.

    It prints the hooks that it finds when it first makes a model; ours is none that a user chose,
    and stdout may be read by a program.
    """
    get_model("reference/oracle", memoize=False)
    hooks(name="worktrial_ledger", description="Writes down what a run spends.")(_Listener)


class _Listener(Hooks):
    def enabled(self) -> bool:
        return bool(_books)

    async def on_model_usage(self, data: ModelUsageData) -> None:
        for book in _books:
            book.write(_Call.model_validate({"model": data.model_name, **spent_of(data.usage)}))
