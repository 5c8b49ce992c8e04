"""What a coordinator needs of the place where shards are carried out."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from worktrial.running.wire import Counted, Report, Shard

EMBEDDED = "embedded/"
"""Workers whose engine takes all cores of a machine: beside one another they nearly stand still."""


class ShardLost(Exception):  # noqa: N818 - what becomes of it is a second try, not a failure
    """The process of a shard, or its machine, is gone."""


class Executor(ABC):
    """Carries out shards; a context, in which its processes live."""

    @abstractmethod
    def __enter__(self) -> Self:
        """Start.

        Raises:
            ConfigError: If there is no such place.
        """

    @abstractmethod
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every process."""

    @property
    @abstractmethod
    def at_once(self) -> int:
        """How many shards run at the same time."""

    @abstractmethod
    def places(self, worker: str) -> int:
        """How many shards of one worker help it to be done sooner."""

    @abstractmethod
    def submit(self, shard: Shard, heard: Callable[[Counted], None]) -> Future[Report]:
        """Carry a shard out.

        Args:
            shard: Which.
            heard: Told of steps as they are done, as far as the place can tell.

        Returns:
            Its report, or `ShardLost`.
        """
