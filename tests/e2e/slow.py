"""Reference workers that take their time, note what they did, or are down: `slow/…`.

As a script, `slow.py CALLS SECONDS FAILING ARGUMENTS…`, it is a command that can be killed.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from inspect_ai.model import GenerateConfig, ModelAPI, ModelOutput, modelapi

from worktrial.cli.main import main
from worktrial.workers.reference import ReferenceAPI


class Slow(ReferenceAPI):
    """A reference worker behind a provider with a mood."""

    calls: Path
    seconds = 0.0
    failing = 0
    """Which seeds' calls fail: the multiples of it, or none."""

    def service_model_name(self) -> str:
        return self.model_name.removeprefix("slow/")

    async def generate(self, *, config: GenerateConfig, **asked: Any) -> ModelOutput:
        await asyncio.sleep(self.seconds)
        if self.failing and (config.seed or 0) % self.failing == 0:
            raise ConnectionError("the provider is down")
        with self.calls.open("a") as out:
            out.write(f"{self.model_name}-{config.seed}\n")
        return await super().generate(config=config, **asked)


@modelapi(name="slow")
def provide() -> type[ModelAPI]:
    return Slow


if __name__ == "__main__":
    Slow.calls, Slow.seconds = Path(sys.argv[1]), float(sys.argv[2])
    Slow.failing = int(sys.argv[3])
    main(sys.argv[4:])
