"""Reference workers of every trial over HTTP: `carried/NAME`.

Most trials tell their reference workers what they have to know in the context of a call, where no
server sees it. So the answer is made here and rides along with the request; the hostile provider
says it, or fails to. As a program, `python -m hostile.carried ARGUMENTS…`, it is a command that
can be killed.
"""

from typing import Any

from inspect_ai.model import GenerateConfig, ModelAPI, get_model, modelapi
from tenacity import wait_fixed

from worktrial.cli.main import main
from worktrial.workers.reference import ReferenceAPI

from .speech import CARRIED, said

_PAUSE_SECONDS = 0.2
"""Between Inspect's retries, instead of its seconds to minutes."""


class Carried(ReferenceAPI):
    """A reference worker whose words come over the wire, by Inspect's own client."""

    def __init__(self, model_name: str, *arguments: Any, **named: Any) -> None:
        super().__init__(model_name, *arguments, **named)
        self._wire = get_model(f"openai-api/hostile/{self.service_model_name()}").api

    def service_model_name(self) -> str:
        return self.model_name.removeprefix("carried/")

    async def generate(self, *, config: GenerateConfig, **asked: Any) -> Any:
        along = said(await super().generate(config=config, **asked))
        body = {"text": along.text, "calls": along.calls, "usage": along.usage}
        wired = config.merge(GenerateConfig(extra_body={CARRIED: body}))
        return await self._wire.generate(config=wired, **asked)

    def should_retry(self, ex: BaseException) -> Any:
        return self._wire.should_retry(ex)

    def retry_wait(self) -> Any:
        return wait_fixed(_PAUSE_SECONDS)


@modelapi(name="carried")
def provide() -> type[ModelAPI]:
    return Carried


if __name__ == "__main__":
    main()
