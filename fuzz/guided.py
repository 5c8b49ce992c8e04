"""One reader against texts that reach new code: `python -m fuzz.guided NAME INPUTS SEED KEPT`.

Atheris changes texts at random and keeps those that run lines which no text before them did.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from fuzz.damage import LONGEST
from fuzz.limits import SECONDS

_MOST_MIB = 2048
_STATS = {
    "inputs": "number_of_executed_units",
    "slowest_seconds": "slowest_unit_time_sec",
    "mib": "peak_rss_mb",
}
_HARM = re.compile("Uncaught Python exception|ERROR: libFuzzer")
_INSTRUMENTED = ["worktrial"]
_CHILD = "--child"


def main(name: str, inputs: str, at: str, kept: str) -> None:
    """Let a process run until it is done or dies, and print what was seen."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                sys.executable, "-m", "fuzz.guided", _CHILD, name, folder, f"-runs={inputs}",
                f"-seed={at}", f"-timeout={SECONDS:.0f}", f"-rss_limit_mb={_MOST_MIB}",
                f"-max_len={LONGEST}", "-print_final_stats=1", f"-artifact_prefix={folder}/harm-",
                folder,
            ],
            capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        print(json.dumps(_row(name, done, Path(folder), Path(kept))))


def _row(name: str, done: "subprocess.CompletedProcess[str]", folder: Path, kept: Path) -> object:
    row: dict[str, Any] = {"name": name}
    for key, stat in _STATS.items():
        if counted := re.search(rf"stat::{stat}: +(\d+)", done.stderr):
            row[key] = int(counted[1])
    if done.returncode or "inputs" not in row:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        crash = next((n for n, line in enumerate(said) if _HARM.search(line)), 0)
        row["harm"] = " / ".join(line.strip() for line in said[crash : crash + 12])[:1000]
        for harm in folder.glob("harm-*"):
            kept.mkdir(exist_ok=True)
            row["text"] = str(harm.replace(kept / f"{name}.{harm.name}"))
    return row


def _child(name: str, folder: str, *flags: str) -> None:
    """Never returns: the fuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=_INSTRUMENTED):
        from fuzz.targets import target

        found = target(name)
    for number, text in enumerate(found.seeds):
        Path(folder, f"seed-{number}").write_bytes(text.encode("utf-8", "surrogatepass"))

    def read(data: bytes) -> None:
        found(data.decode("utf-8", "replace"))

    atheris.Setup([sys.argv[0], *flags], read)
    atheris.Fuzz()


if __name__ == "__main__":
    (_child if sys.argv[1] == _CHILD else main)(*[a for a in sys.argv[1:] if a != _CHILD])
