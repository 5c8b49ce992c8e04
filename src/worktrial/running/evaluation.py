"""One evaluation by Inspect, as every process of a run makes it."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog
from inspect_ai.model import Model, get_model

from worktrial.errors import ConfigError
from worktrial.evidence import RunFolder
from worktrial.running.ledger import keeping
from worktrial.running.settle import arguments
from worktrial.trial import Request

_RETRIES = 5
_SECONDS = 3600
"""A call is asked again so often, and not once this much time has passed; nor does a try take more.

Inspect's own default is to ask again forever, which a provider that is gone would turn into a run
that never ends. The HTTP clients' own tries and timeouts, which are shorter, come first.
"""


def worker(name: str, request: Request) -> Model:
    """Find a model; whatever its provider says against it is the user's to mend.

    Raises:
        ConfigError: If it cannot be used.
    """
    given = arguments(name, request)
    try:
        return get_model(name, **given)
    except ConfigError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"`--model` {name!r} cannot be used: {reason}") from None


def evaluate(request: Request, *, logs: Path, generations: Path, **options: Any) -> list[EvalLog]:
    """Run tasks as a request wants them run.

    Args:
        request: What was asked for.
        logs: The folder of the logs.
        generations: Where finished generations are kept.
        **options: Which tasks, on which models, and what else Inspect is to be told.

    Raises:
        ConfigError: If there is no such sandbox.
    """
    if request.model_roles:
        options["model_roles"] = dict(request.model_roles)
    if request.temperature is not None:
        options["temperature"] = request.temperature
    if request.connections is not None:
        options = {"max_connections": request.connections} | options
    sandbox = _sandbox(request.sandbox or "docker")
    with _keeping(generations), keeping(RunFolder(request.out).spent), sandbox:
        return inspect_eval(
            epochs=request.replicates,
            log_dir=str(logs),
            log_format="eval",
            log_realtime=False,
            display="none",
            fail_on_error=False,
            max_retries=_RETRIES,
            timeout=_SECONDS,
            attempt_timeout=_SECONDS,
            **options,
        )


@contextmanager
def _sandbox(named: str) -> Iterator[None]:
    """Let what Inspect says against a sandbox, before the first call, be the user's to mend."""
    try:
        yield
    except Exception as error:
        # Inspect's own class for it is private.
        if type(error).__name__ != "PrerequisiteError" and "SandboxEnvironment" not in str(error):
            raise
        reason = re.sub(r"\[/?[a-z ]*\]", "", str(error)).removeprefix("ERROR: ")
        raise ConfigError(f"`--sandbox` {named} cannot be used: {reason}") from None


@contextmanager
def _keeping(generations: Path) -> Iterator[None]:
    """Keep finished generations in the run's own folder until it is over."""
    before = os.environ.get("INSPECT_CACHE_DIR")
    os.environ["INSPECT_CACHE_DIR"] = str(generations.resolve())
    try:
        yield
    finally:
        if before is None:
            del os.environ["INSPECT_CACHE_DIR"]
        else:
            os.environ["INSPECT_CACHE_DIR"] = before
