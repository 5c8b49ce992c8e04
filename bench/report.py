"""The report of many samples beside reading the same logs alone, and how its page opens.

`make bench ARGS=report`: two runs of ten times as many samples, each reported by the command in a
process of its own, then a run of all trials whose page opens in Chromium. The runs are real ones
of reference workers, through Inspect. Of many samples are those trials whose samples are made
fast: a short relay, puzzles, an audit, an ablation. A search needs a world as large as its items
are many, and an office's calls are slow; both are in the run of all trials, which takes longest to
make. `WORKTRIAL_BENCH_SAMPLES` asks for fewer samples, and `WORKTRIAL_BENCH_RUNS` names a folder
where runs are kept and found again.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from inspect_ai.log import read_eval_log
from playwright.sync_api import Browser, sync_playwright

from worktrial.running import run
from worktrial.trial import Ablation, Audit, Request

SAMPLES, LOADS, PEAK_MIB_BAR, LOAD_SECONDS_BAR, PAGE_BYTES_BAR = 10_000, 5, 954, 2.0, 5_000_000
WORKERS = (
    "reference/oracle",
    "reference/lossy-0.02+premature+brittle+memoriser+stylist+formatter",
    "reference/fragile-0.04-0.3+interrogator+oracle+literalist",
    "reference/lossy-0.005+forgetful+exposed+fumbler+guesser+oracle",
    "reference/lossy-0.05+interrogator+oversharer+half+literalist",
)
FAST, PER_ITEM = 4, 14
"""Of the workers, and how many samples each makes of an item: a relay, a puzzle, a text as
published and fresh, ten arms of an ablation."""
WHOLE_ITEMS, WHOLE_PAGES = 50, 12_000
_TASK = """
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import choice
from inspect_ai.solver import multiple_choice


@task
def vessels(items: int = {items}) -> Task:
    samples = [
        Sample(
            input=f"A crew of {{n}} rows. Which vessel has more oars than they have hands?",
            choices=["a punt", "a skiff of old timber", "the trireme", "a wherry"],
            target="ABCD"[n % 4],
        )
        for n in range(2, 2 + items)
    ]
    return Task(dataset=MemoryDataset(samples), solver=multiple_choice(), scorer=choice())
"""
_READERS = {
    "report": """
from worktrial.cli import main
try:
    main(["report", folder])
except SystemExit as left:
    assert not left.code
""",
    "inspect_whole": """
from pathlib import Path
from inspect_ai.log import read_eval_log
for path in Path(folder, "logs").glob("*.eval"):
    read_eval_log(str(path))
""",
    "inspect_samples": """
from pathlib import Path
from inspect_ai.log import read_eval_log_samples
for path in Path(folder, "logs").glob("*.eval"):
    for sample in read_eval_log_samples(str(path)):
        pass
""",
}
_TIMED = """
import json, sys, time
from pathlib import Path
folder, began = sys.argv[1], time.time()
{reader}
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
used = dict(began=began, wall=time.time() - began, cpu=time.process_time(), peak=peak)
print(json.dumps(used), file=sys.stderr)
"""
_OPENED = """() => {
  const [page] = performance.getEntriesByType('navigation');
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return [page.loadEventEnd / 1000, paint.startTime / 1000, document.querySelectorAll('*').length];
}"""


def measure() -> Iterator[dict[str, object]]:
    """Few samples, many, the slope between them; then a run of all trials."""
    most = int(os.environ.get("WORKTRIAL_BENCH_SAMPLES", SAMPLES))
    with _runs() as runs:
        few, many = (
            reported(fast(runs / f"samples-{samples}", samples)) for samples in (most // 10, most)
        )
        for found in (few, many):
            yield {"name": "report", **found}
        yield {"name": "report", "slopes": _slopes(few, many)}
        folder = whole(runs / "whole")
        yield {"name": "report", "run": "whole", **reported(folder), **opened(folder)}


def fast(folder: Path, samples: int) -> Path:
    """A run of so many samples of the trials whose samples are made fast."""
    items = max(1, round(samples / FAST / PER_ITEM))
    return _run(
        Request(
            workers=WORKERS[:FAST], out=folder / "run", items=items, round_trips=1,
            trials=("relay", "reasoning", "memorisation", "ablate"), families=("calculation",),
            **_given(folder, items),
        )
    )  # fmt: skip


def whole(folder: Path) -> Path:
    """Five workers and fifty items in every trial, with arms for every gap."""
    return _run(
        Request(
            workers=WORKERS, out=folder / "run", items=WHOLE_ITEMS, pages=WHOLE_PAGES,
            trials=("relay", "search", "office", "reasoning", "memorisation", "ablate"),
            arms=("rewrite", "tools"), **_given(folder, WHOLE_ITEMS),
        )
    )  # fmt: skip


def _run(request: Request) -> Path:
    """A run that is finished already is not run again."""
    run(request)
    return request.out


def _given(folder: Path, items: int) -> dict[str, Any]:
    """What is audited and what is ablated, both in files."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {
            "id": f"plums-{n}",
            "question": f"Ada packs {n} plums into a crate, adds {2 * n + 1} more after lunch, and "
            f"fills {n % 7 + 2} crates like this one. How many plums are in all crates together?",
            "answer": str((n % 7 + 2) * (3 * n + 1)),
        }
        for n in range(14, 14 + items)
    ]
    (folder / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "vessels.py").write_text(_TASK.format(items=items))
    return {
        "audit": Audit(items=str(folder / "items.jsonl")),
        "ablation": Ablation(task=str(folder / "vessels.py")),
    }


def reported(folder: Path) -> dict[str, Any]:
    """What the report of a run takes, beside reading its logs alone."""
    used = {reader: _used(reader, folder) for reader in _READERS}
    report, alone = used["report"], used["inspect_samples"]
    headers = [read_eval_log(str(p), header_only=True) for p in (folder / "logs").glob("*.eval")]
    return {
        "samples": sum(h.results.total_samples for h in headers if h.results),
        "log_megabytes": _megabytes(*(folder / "logs").glob("*.eval")),
        "page_megabytes": _megabytes(folder / "report.html"),
        "page_megabytes_bar": PAGE_BYTES_BAR / 1e6,
        **{
            reader: {
                "wall_seconds": round(of["wall"], 1), "cpu_seconds": round(of["cpu"], 1),
                "peak_mib": round(of["peak"]),
            }
            for reader, of in used.items()
        },
        "split_seconds": _split(folder, report["began"]),
        "wall_ratio": round(report["wall"] / alone["wall"], 2),
        "cpu_ratio": round(report["cpu"] / alone["cpu"], 2),
        "peak_mib_bar": PEAK_MIB_BAR,
    }  # fmt: skip


def _used(reader: str, folder: Path) -> dict[str, float]:
    """Seconds and peak memory of a process of its own."""
    code = _TIMED.format(reader=_READERS[reader])
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    used: dict[str, float] = json.loads(done.stderr.strip().splitlines()[-1])
    return used


def _split(folder: Path, began: float) -> dict[str, float]:
    """By the moments at which evidence, findings and page appear, one after the other."""
    names = ("evidence.parquet", "findings.json", "report.html")
    ends = [(folder / name).stat().st_mtime for name in names]
    return {
        step: round(end - start, 1)
        for step, start, end in zip(
            ("extraction", "findings", "page"), (began, *ends), ends, strict=False
        )
    }


def _slopes(few: Mapping[str, Any], many: Mapping[str, Any]) -> dict[str, float]:
    """Log of the ratio of costs by log of the ratio of samples: 1 is linear."""
    times = math.log(many["samples"] / few["samples"])
    return {
        f"{reader}_{cost}": round(math.log(many[reader][cost] / few[reader][cost]) / times, 2)
        for reader in _READERS
        for cost in ("wall_seconds", "cpu_seconds", "peak_mib")
    }


def opened(folder: Path) -> dict[str, object]:
    """Seconds until the page is painted and until it is loaded, the median of some loads."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        loads = [_load(browser, (folder / "report.html").resolve().as_uri()) for _ in range(LOADS)]
        browser.close()
    loaded, painted, elements = (median(of) for of in zip(*loads, strict=True))
    return {
        "loaded_seconds": round(loaded, 2), "painted_seconds": round(painted, 2),
        "load_seconds_bar": LOAD_SECONDS_BAR, "elements": round(elements),
    }  # fmt: skip


def _load(browser: Browser, address: str) -> list[float]:
    page = browser.new_page()
    page.goto(address)
    found: list[float] = page.evaluate(_OPENED)
    page.close()
    return found


def _megabytes(*paths: Path) -> float:
    return round(sum(path.stat().st_size for path in paths) / 1e6, 2)


@contextmanager
def _runs() -> Iterator[Path]:
    """Where the runs lie."""
    kept = os.environ.get("WORKTRIAL_BENCH_RUNS")
    if kept:
        yield Path(kept).resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
