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


def by_name(workers: Iterable[str]) -> list[str]:
    """Workers in the order of all reports: by name and never by score, simulated ones last."""
    return sorted(set(workers), key=lambda name: (is_reference(name), name))
