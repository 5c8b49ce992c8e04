"""A provider that other processes find, too: `elsewhere/…`, slow reference workers that note calls.

It is installed into a folder, as a package with an entry point of Inspect; its mood comes from the
environment.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from worktrial.evidence import Evidence

_MODULE = """
import asyncio
import os

from inspect_ai.model import GenerateConfig, modelapi

from worktrial.workers.reference import ReferenceAPI


class Elsewhere(ReferenceAPI):
    def service_model_name(self):
        return self.model_name.removeprefix("elsewhere/")

    async def generate(self, *, config, **asked):
        await asyncio.sleep(float(os.environ["ELSEWHERE_SECONDS"]))
        with open(os.environ["ELSEWHERE_CALLS"], "a") as out:
            out.write(f"{os.getpid()} {self.model_name}-{config.seed}\\\\n")
        return await super().generate(config=config, **asked)


@modelapi(name="elsewhere")
def provide():
    return Elsewhere
""".replace("\\\\", "\\")


class Elsewhere:
    """Where the provider is installed, and what it was asked."""

    def __init__(self, folder: Path, *, seconds: float) -> None:
        about = folder / "site" / "elsewhere_worker-1.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: elsewhere-worker\nVersion: 1")
        (about / "entry_points.txt").write_text("[inspect_ai]\nelsewhere_worker = elsewhere_worker")
        (folder / "site" / "elsewhere_worker.py").write_text(_MODULE)
        self.calls = folder / "calls"
        self.environment = {
            "PYTHONPATH": os.pathsep.join([str(folder / "site"), *filter(None, sys.path)]),
            "ELSEWHERE_CALLS": str(self.calls),
            "ELSEWHERE_SECONDS": str(seconds),
        }

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """The command, as a process that can be killed."""
        code = "from worktrial.cli import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", code, "run", *map(str, arguments)],
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments: object) -> str:
        """The command to its good end, and what it said on the way."""
        process = self.start(*arguments)
        _, said = process.communicate(timeout=400)
        assert process.returncode == 0, said
        return said

    def made(self) -> list[tuple[int, str]]:
        """Calls so far: the process that made each, and which it was."""
        if not self.calls.exists():
            return []
        lines = (line.split() for line in self.calls.read_text().splitlines())
        return [(int(process), call) for process, call in lines]


def rows(run: Path) -> list[tuple[Any, ...]]:
    """The evidence but for where it lies and how long it took."""
    return Evidence(run / "evidence.parquet").query(
        "select * exclude (log) from evidence where metric != 'seconds'"
    )


def wait_for(ready: Callable[[], bool], seconds: float = 200) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.05)
