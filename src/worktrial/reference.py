"""The names of simulated workers, and who is really on trial."""

from collections.abc import Iterable

PREFIX = "reference/"


def is_reference(worker: str) -> bool:
    """Whether a worker is simulated and its quality known."""
    return worker.startswith(PREFIX)


def on_trial(workers: Iterable[str]) -> list[str]:
    """Those on trial, in their order; reference workers only where nobody else is."""
    names = list(workers)
    return [name for name in names if not is_reference(name)] or names
