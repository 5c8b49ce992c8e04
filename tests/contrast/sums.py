"""Two tasks about the same cases, as a team may have them."""

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import match
from inspect_ai.solver import generate


def sums(kind: str, items: int) -> Task:
    """Sums of two numbers, each asked as its kind is."""
    samples = [
        Sample(
            id=n,
            input=f"{kind} {n} and {n + 1}",
            target=str(2 * n + 1),
            metadata={"case": f"c{n}", "kind": kind},
        )
        for n in range(1, items + 1)
    ]
    return Task(dataset=MemoryDataset(samples), solver=generate(), scorer=match())


@task
def bench() -> Task:
    """What is asked in public."""
    return sums("bench", 8)


@task
def work() -> Task:
    """What is asked at work."""
    return sums("work", 10)
