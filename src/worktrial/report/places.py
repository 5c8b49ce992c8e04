"""Where on a page each sample is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from worktrial.evidence import Source

Told = Iterable[tuple[str, Sequence[Source]]]
"""Every worker with the samples of it that are told."""


def place(source: Source) -> str:
    """The id of the element that tells a sample; the same on every page.

    It is a digest, since what a sample is called may hold anything.
    """
    named = "\0".join(map(str, source)).encode("utf-8", "surrogatepass")
    return f"s{sha256(named).hexdigest()[:12]}"


class Places:
    """The samples that a page tells, found by trial, worker and name."""

    def __init__(self, told: Mapping[str, Told]) -> None:
        """Note every sample; of one that is told several times the first.

        Args:
            told: By trial.
        """
        self._known: dict[tuple[str, str, str], str] = {}
        for trial, worker, source in _flat(told):
            self._known.setdefault((trial, worker, source.sample), f"#{place(source)}")

    def find(self, trial: str, worker: str, sample: str) -> str | None:
        """The link to a sample; `None` where it is not told."""
        return self._known.get((trial, worker, sample))


def _flat(told: Mapping[str, Told]) -> Iterator[tuple[str, str, Source]]:
    for trial, workers in told.items():
        for worker, sources in workers:
            for source in sources:
                yield trial, worker, source
