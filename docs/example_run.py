"""The example: all eight gaps of two simulated workers, from a real run, as a report."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from worktrial.cli.main import commands

WORKERS = (
    "reference/oracle",
    "reference/lossy-0.05+premature+brittle+stylist+formatter+memoriser",
)
"""One without a fault, and one whose faults are known in every trial."""
ARMS = ("rewrite", "search_replace", "native", "midway", "apart-1", "faulty")
"""Two of the relay, so that there is a protocol gap; one for each axis of the office."""
TRIALS = ("relay", "search", "office", "reasoning")
ITEMS = 6
TASK = """
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import choice
from inspect_ai.solver import multiple_choice


@task
def vessels(items: int = 30) -> Task:
    samples = [
        Sample(
            input=f"A crew of {n} rows. Which vessel has more oars than they have hands?",
            choices=["a punt", "a skiff of old timber", "the trireme", "a wherry"],
            target="ABCD"[n % 4],
        )
        for n in range(2, 2 + items)
    ]
    return Task(dataset=MemoryDataset(samples), solver=multiple_choice(), scorer=choice())
"""


def write(target: Path) -> None:
    """Run the example and keep its report; in less than a minute, on one core.

    Raises:
        RuntimeError: If the run does not end well.
    """
    with TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "items.jsonl").write_text(_items(), encoding="utf-8")
        (at / "vessels.py").write_text(TASK, encoding="utf-8")
        left = CliRunner().invoke(commands, command(at))
        if left.exit_code:
            raise RuntimeError(f"the example left with {left.exit_code}: {left.output}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(at / "example" / "report.html", target)


def command(at: Path) -> list[str]:
    """The words after `worktrial`, for a folder that has the items and the task."""
    words = ["run", "--seed", "7", "--items", str(ITEMS), "--out", str(at / "example")]
    words += ["--audit", str(at / "items.jsonl"), "--ablate", str(at / "vessels.py")]
    words += [word for trial in TRIALS for word in ("--trial", trial)]
    words += [word for arm in ARMS for word in ("--arm", arm)]
    return words + [word for worker in WORKERS for word in ("--model", worker)]


def _items() -> str:
    """A benchmark of ten sums, in words, that anyone may have met."""
    return "".join(json.dumps(_item(n)) + "\n" for n in range(14, 24))


def _item(n: int) -> dict[str, str]:
    crates = n % 5 + 3
    question = (
        f"Ada packs {n} plums into a crate, adds {2 * n + 1} more after lunch, and fills "
        f"{crates} crates like this one. How many plums are there in all crates together?"
    )
    return {"id": f"plums-{n}", "question": question, "answer": str((3 * n + 1) * crates)}
