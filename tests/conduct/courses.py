"""Small trajectories of known conduct, for tests of what is made of many."""

from worktrial.conduct.events import Claim, Known, ModelCall, SeededFault, ToolCall, Trajectory

WORKER = "lab/model"


def write(at: float, path: str, text: str, *, weighty: bool = True) -> ToolCall:
    return ToolCall(
        at, "write_file", {"path": path, "text": text}, "ok", f"w{at}",
        roles=frozenset({"mutation"}),
        target=f"file:{path}", value=text, change="change", weighty=weighty,
    )  # fmt: skip


def read(at: float, path: str, text: str) -> ToolCall:
    return ToolCall(
        at, "read_file", {"path": path}, text, f"r{at}", roles=frozenset({"read"}),
        target=f"file:{path}",
    )  # fmt: skip


def course(
    sample: str = "s1",
    *,
    worker: str = WORKER,
    task: str = "tidy",
    log: str = "one.eval",
    epoch: int = 1,
    success: float | None = 1.0,
    checked: bool = True,
    done: bool | None = True,
    confidence: float | None = None,
    faults: tuple[SeededFault, ...] | None = None,
    unmapped: frozenset[str] = frozenset(),
    text: str = "total 4711",
    start: float = 0.0,
) -> Trajectory:
    """One write of consequence, looked at afterwards or not, and what is said of it."""
    events = [
        ModelCall(start, said="I write it", calls=("w",), tokens_in=100, tokens_out=10),
        write(start + 1, "plan.txt", text),
        *([read(start + 2, "plan.txt", text)] if checked else []),
        ModelCall(start + 3, said="All done.", tokens_in=200, tokens_out=20),
        Claim(start + 4, "All done.", done, confidence),
    ]
    known = Known(success=success, faults=faults)
    return Trajectory(log, task, worker, sample, epoch, tuple(events), known, unmapped)
