"""One run: what is asked for is checked first, then relays run, then logs become evidence.

Every finished generation is kept until the run is over. A run that was killed and is asked for
again replays them and goes on; a worker whose log is finished is not run again.
"""

import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from inspect_ai import eval as inspect_eval
from inspect_ai.model import Model, get_model

import worktrial
from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence import Evidence, Observation, RunFolder, finished, write_evidence
from worktrial.evidence.folder import write_whole
from worktrial.evidence.logs import read_header
from worktrial.protocol import Manifest
from worktrial.relay.check import check
from worktrial.relay.extract import observations
from worktrial.relay.items import Course, RelayItem, custom_course
from worktrial.relay.protocol import RELAY_TASK, measurement
from worktrial.relay.task import draw_items
from worktrial.running import looks
from worktrial.running.progress import showing

TRIALS = ("relay",)
_RETRIES = 5


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        workers: Inspect model strings.
        out: The run's folder.
        trials: Which trials to run.
        course: How large.
        seed: From which all else follows.
        round_trips: Instead of the course's.
        items: Instead of the course's.
        size: Tokens of a document, instead of the course's.
        distractors: Their tokens, instead of the course's.
        domains: All by default.
        documents: A folder of one's own documents, instead of fresh ones.
        temperature: Of the workers, if not their own default.
        model_args: Passed to the workers' providers.
        until_decided: End when it is decided which of two workers keeps more.
        margin: A difference in fidelity that does not matter; only with `until_decided`.
        looks: How often to look; only with `until_decided`.
    """

    workers: Sequence[str]
    out: Path
    trials: Sequence[str] = TRIALS
    course: str = "pocket"
    seed: int = 7
    round_trips: int | None = None
    items: int | None = None
    size: int | None = None
    distractors: int | None = None
    domains: Sequence[str] = ()
    documents: Path | None = None
    temperature: float | None = None
    model_args: dict[str, Any] = field(default_factory=dict)
    until_decided: bool = False
    margin: float | None = None
    looks: int | None = None

    def sizes(self) -> Course:
        """The course with the sizes that were asked for.

        Raises:
            ConfigError: If there is no such course or a size is out of range.
        """
        return custom_course(
            self.course,
            round_trips=self.round_trips,
            size=self.size,
            distractors=self.distractors,
            items=self.items,
        )

    def task_args(self) -> dict[str, Any]:
        """The arguments of the Inspect task."""
        return {
            "course": self.course,
            "seed": self.seed,
            "round_trips": self.round_trips,
            "items": self.items,
            "size": self.size,
            "distractors": self.distractors,
            "domains": list(self.domains),
            "documents": str(self.documents.resolve()) if self.documents else "",
            "resumable": True,
        }


def run(request: Request) -> RunFolder:
    """Run every trial that was asked for, or go on where an earlier run was cut off.

    Raises:
        ConfigError: If the request cannot be carried out; nothing was called then.
        EvidenceError: If the folder's logs cannot be read.
    """
    unknown = [trial for trial in request.trials if trial not in TRIALS]
    if unknown:
        raise ConfigError(f"`--trial` must be one of {', '.join(TRIALS)}; got {unknown[0]!r}")
    items = draw_items(
        request.sizes(),
        seed=request.seed,
        domains=request.domains,
        documents=request.task_args()["documents"],
    )
    plan = _plan(request, items)
    workers = [_worker(name, request) for name in dict.fromkeys(request.workers)]
    folder = RunFolder(request.out).writable()
    meeting = looks.settle(folder, plan)
    _settle_protocol(folder, request, items)
    _set_aside_unreadable(folder)
    done = finished(folder.logs, RELAY_TASK).keys() - _censored(folder)
    waiting = [w for w in workers if str(w) not in done]
    if waiting and meeting is not None:
        # A look needs both: what one has done already is replayed, not paid for again.
        waiting = workers
    if waiting:
        total = len(waiting) * sum(_legs(i) for i in items)
        _evaluate(folder, request, waiting, legs=total, meeting=meeting)
    extract(folder)
    if not _censored(folder):
        shutil.rmtree(folder.generations, ignore_errors=True)
    return folder


def extract(folder: RunFolder) -> int:
    """Make the evidence from the logs alone, calling no model.

    Returns:
        How many observations there are.

    Raises:
        EvidenceError: If a log cannot be read or there is none.
    """
    logs = finished(folder.logs, RELAY_TASK)
    if not logs:
        raise EvidenceError(f"{folder.logs} holds no finished log; run the same command again")

    def all_of() -> Iterator[Observation]:
        for worker in sorted(logs):
            yield from observations(logs[worker])

    return write_evidence(folder.evidence, all_of())


def _plan(request: Request, items: list[RelayItem]) -> looks.Plan | None:
    """The plan of a run until decided, if it is one."""
    if not request.until_decided:
        for name in ("margin", "looks"):
            if getattr(request, name) is not None:
                raise ConfigError(f"`--{name}` is for `--compare-until-decided`; give both or none")
        return None
    return looks.planned(
        request.workers,
        items,
        seed=request.seed,
        margin=looks.MARGIN if request.margin is None else request.margin,
        looks=request.looks,
    )


def _legs(item: RelayItem) -> int:
    return 2 * len(item.schedule)


def _worker(name: str, request: Request) -> Model:
    """Find a model; whatever its provider says against it is the user's to mend."""
    arguments = _arguments(name, request)
    try:
        return get_model(name, **arguments)
    except ConfigError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"`--model` {name!r} cannot be used: {reason}") from None


def _settle_protocol(folder: RunFolder, request: Request, items: list[RelayItem]) -> None:
    """Write the manifest, or refuse a folder that holds another measurement."""
    manifest = _manifest(request, items)
    if folder.protocol.exists():
        earlier = Manifest.read(folder.protocol)
        differing = manifest.differences(earlier)
        if differing:
            raise ConfigError(
                f"`--out` {folder.path} holds a run with other {', '.join(differing)}; "
                "take another folder"
            )
        for name, settings in manifest.worker.items():
            if earlier.worker.get(name, settings) != settings:
                raise ConfigError(
                    f"`--out` {folder.path} holds {name} with other settings, "
                    f"{earlier.worker[name]}; take another folder"
                )
        workers = {**earlier.worker, **manifest.worker}
        manifest = manifest.model_copy(update={"worker": workers})
    write_whole(folder.protocol, manifest.text())


def _manifest(request: Request, items: list[RelayItem]) -> Manifest:
    found = check(items)
    return Manifest(
        measurement=measurement(request.sizes(), items, seed=request.seed),
        worker={name: _settings(name, request) for name in request.workers},
        incidental={
            "course": request.course,
            "instrument": {"oracle": found.oracle, "null": found.null, "relays": found.relays},
            "machine": platform.machine(),
            "python": platform.python_version(),
            "versions": {"worktrial": worktrial.__version__, "inspect-ai": version("inspect-ai")},
        },
    )


def _settings(name: str, request: Request) -> dict[str, Any]:
    """What may differ between workers, and is recorded of each."""
    return {"temperature": request.temperature, **_arguments(name, request)}


def _arguments(name: str, request: Request) -> dict[str, Any]:
    """What `-M` says, for the workers that take it."""
    return request.model_args if name.startswith("embedded/") else {}


def _censored(folder: RunFolder) -> set[str]:
    """The workers that lost relays to infrastructure: they are run again, from what was kept."""
    if not folder.evidence.exists():
        return set()
    rows = Evidence(folder.evidence).query(
        "select distinct worker from evidence where outcome = 'infrastructure'"
    )
    return {worker for (worker,) in rows}


def _set_aside_unreadable(folder: RunFolder) -> None:
    """Put away what a kill in the middle of a write left; a finished run's logs are not touched."""
    if not folder.generations.exists():
        return
    for path in folder.logs.glob("*.eval"):
        try:
            read_header(path)
        except EvidenceError:
            path.rename(path.with_suffix(".unreadable"))


def _evaluate(
    folder: RunFolder,
    request: Request,
    workers: list[Model],
    *,
    legs: int,
    meeting: looks.Meeting | None,
) -> None:
    options: dict[str, Any] = {}
    if meeting is None:
        options |= {"tasks": RELAY_TASK, "model": workers, "task_args": request.task_args()}
    else:
        options["tasks"] = meeting.tasks(workers, request.task_args())
    if request.temperature is not None:
        options["temperature"] = request.temperature
    with _keeping_generations(folder), showing(legs):
        logs = inspect_eval(
            log_dir=str(folder.logs),
            log_format="eval",
            log_realtime=False,
            display="none",
            fail_on_error=False,
            max_retries=_RETRIES,
            max_tasks=len(workers),
            **options,
        )
    for log in logs:
        if log.status == "success":
            _forget_unfinished(folder, log.eval.model, keep=Path(log.location).name)
    if meeting is not None and meeting.failure is not None:
        raise meeting.failure
    broken = next((log for log in logs if log.status != "success"), None)
    if broken is not None:
        message = broken.error.message if broken.error else broken.status
        raise EvidenceError(f"{broken.eval.model} did not finish: {message}; run it again")


def _forget_unfinished(folder: RunFolder, worker: str, *, keep: str) -> None:
    """Remove what earlier, interrupted attempts left of a worker that is now done."""
    for path in folder.logs.glob("*.eval"):
        if path.name != keep and read_header(path).eval.model == worker:
            path.unlink()


@contextmanager
def _keeping_generations(folder: RunFolder) -> Iterator[None]:
    """Keep finished generations in the run's own folder until it is over."""
    before = os.environ.get("INSPECT_CACHE_DIR")
    os.environ["INSPECT_CACHE_DIR"] = str(folder.generations.resolve())
    try:
        yield
    finally:
        if before is None:
            del os.environ["INSPECT_CACHE_DIR"]
        else:
            os.environ["INSPECT_CACHE_DIR"] = before
