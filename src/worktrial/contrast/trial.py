"""The contrast as a trial: how it is asked for, what defines it, and what its evidence says."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from worktrial.comparison.panel import Panel
from worktrial.contrast import protocol
from worktrial.contrast.arms import ARMS, BY_NOTHING, MAPPING, MARGIN, PROXY, SCORE, TRIAL, WORK
from worktrial.contrast.check import check
from worktrial.contrast.extract import of_sample
from worktrial.contrast.findings import contrast_findings
from worktrial.contrast.panel import are_shares, contrast_panel
from worktrial.contrast.protocol import Known
from worktrial.contrast.reading import named_arms
from worktrial.contrast.rows import is_paired
from worktrial.contrast.task import KEPT, drawn, items_of
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, Observation, SampleLog
from worktrial.protocol import Measurement, Scorer
from worktrial.protocol.registration import Endpoint
from worktrial.tasks import make_task, samples_of, task_file
from worktrial.trial import Contrast, Found, Request, Trial


class ContrastTrial(Trial[Known]):
    """Contrast: any proxy against any work, with the workers that are under both."""

    name = TRIAL
    task = protocol.CONTRAST_TASK
    arms: ClassVar[Sequence[str]] = ARMS
    usual: ClassVar[Sequence[str]] = ARMS
    steps = "samples"
    roles = None
    events = False
    margin = MARGIN
    mapping = MAPPING

    def draw(self, request: Request) -> Sequence[Known]:
        """Samples of both tasks.

        Raises:
            ConfigError: If a task cannot be made, or an arm would be left out.
        """
        if request.arms:
            raise ConfigError("`--arm` is not for a contrast, which has two; leave it out")
        if request.items is not None and request.items < 2:
            raise ConfigError(
                f"`--items` must be at least 2, since an interval needs 2; got {request.items}"
            )
        asked = _contrast(request)
        return _drawn(asked, _changed(asked), request.items, request.seed)

    def measurement(
        self, request: Request, items: Sequence[Known], arms: Sequence[str]
    ) -> Measurement:
        """Content by its hash."""
        asked = _contrast(request)
        pair = asked.pair or BY_NOTHING
        names = {arm: {item.name for item in items if item.arm == arm} for arm in ARMS}
        facts = {
            # Where a file lies is no part of what is measured; what it asks is in its items.
            "tasks": [_task(asked, arm).rpartition("/")[2] for arm in ARMS],
            "scorer_keys": list(asked.scorer_keys),
            "source": "Inspect tasks",
        }
        return protocol.measurement(
            items,
            names=named_arms(asked),
            seed=request.seed,
            replicates=request.replicates,
            pair=pair,
            paired=is_paired(names, pair),
            facts=facts,
        )

    def repeated(self, request: Request, measurement: Measurement, course: str) -> Request:
        """Never: a protocol has the hash of items, and not the tasks."""
        raise ConfigError(
            "`--protocol` is of a contrast, and holds no task; ask for the same with worktrial "
            "contrast PROXY WORK"
        )

    def check_reference(self, name: str) -> None:
        """Let every one pass: tasks of ours have workers of their own."""

    def task_args(self, request: Request, arm: str) -> dict[str, Any]:
        """What `worktrial/contrast` is called with."""
        asked = _contrast(request)
        return {
            "name": _task(asked, arm),
            "args": dict(_args(asked, arm)),
            "arm": arm,
            "pair": asked.pair or BY_NOTHING,
            "cluster": asked.cluster or "",
            "scorer_key": asked.scorer_key(ARMS.index(arm)),
            "only": [item.name for item in self.draw(request) if item.arm == arm],
            "resumable": True,
        }

    def most_steps(self, request: Request, items: Sequence[Known], arm: str) -> int:
        """One a sample."""
        return sum(item.arm == arm for item in items)

    def instrument(self, items: Sequence[Known], arm: str) -> Mapping[str, float]:
        """What planted workers come to on its own items."""
        return _checked(tuple(items))[arm]

    def checklist(self, items: Sequence[Known]) -> Sequence[Mapping[str, str | bool]]:
        """As far as a contrast can answer it by itself."""
        return protocol.checklist(brought=False)

    def scorer(self) -> Scorer:
        """How what is said becomes a number; scores are the tasks' own."""
        return protocol.scorer()

    def recorded(self, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        """Apart from the task's own metadata, which may hold an item, too."""
        kept: Mapping[str, Any] = metadata[KEPT]
        return {name: kept[name] for name in ("id", "cluster", "sha256")}

    def observations(self, found: SampleLog) -> Iterator[Observation]:
        """The task's own score, and what it took."""
        return of_sample(found)

    def findings(
        self,
        evidence: Evidence,
        measurement: Measurement,
        *,
        instrument: Mapping[str, Mapping[str, float]],
        endpoints: Sequence[Endpoint] = (),
        looked_at: bool = False,
    ) -> Found:
        """Level gaps, gaps of gaps, and whether the order stays."""
        return contrast_findings(evidence, measurement, instrument=instrument, endpoints=endpoints)

    def panel(
        self,
        evidence: Evidence,
        measurement: Measurement,
        workers: Sequence[str],
        metric: str | None = None,
    ) -> Panel | None:
        """Under both arms; none where scores are on no common scale, or not of this metric."""
        if metric not in (None, SCORE) or not are_shares(evidence):
            return None
        return contrast_panel(evidence, measurement, workers)

    def item_panel(
        self, evidence: Evidence, measurement: Measurement, workers: Sequence[str]
    ) -> Panel | None:
        """Single items, whatever their scale."""
        ordinal = not are_shares(evidence)
        return contrast_panel(evidence, measurement, workers, ordinal=ordinal, by_item=True)


def _contrast(request: Request) -> Contrast:
    """What is held against what.

    Raises:
        ConfigError: If nothing is.
    """
    if request.contrast is None or request.contrast.work is None:
        raise ConfigError(
            "`--trial contrast` needs two tasks; use: worktrial contrast PROXY WORK --model …"
        )
    return request.contrast


def _task(asked: Contrast, arm: str) -> str:
    return {PROXY: asked.proxy, WORK: asked.work or ""}[arm]


def _args(asked: Contrast, arm: str) -> Mapping[str, Any]:
    return {PROXY: asked.proxy_args, WORK: asked.work_args}[arm]


def _changed(asked: Contrast) -> tuple[int, ...]:
    """When the tasks' files were last written, so that a changed one is read again."""
    files = (task_file(_task(asked, arm)) for arm in ARMS)
    return tuple(path.stat().st_mtime_ns for path in files if path and path.is_file())


@lru_cache(maxsize=1)  # asked for each arm
def _checked(items: tuple[Known, ...]) -> Mapping[str, Mapping[str, float]]:
    return check(items)


@lru_cache(maxsize=4)  # the run asks several times
def _drawn(asked: Contrast, changed: Any, most: int | None, seed: int) -> Sequence[Known]:
    items = [item for arm in ARMS for item in _items(asked, arm)]
    pair = asked.pair or BY_NOTHING
    names = {arm: {item.name for item in items if item.arm == arm} for arm in ARMS}
    if is_paired(names, pair):
        # One without a partner would be paid for and enter no number.
        shared = set.intersection(*names.values())
        return drawn([item for item in items if item.name in shared], most, seed)
    return [item for arm in ARMS for item in drawn([i for i in items if i.arm == arm], most, seed)]


def _items(asked: Contrast, arm: str) -> list[Known]:
    name = _task(asked, arm)
    samples = samples_of(make_task(name, _args(asked, arm)))
    return items_of(
        samples, arm=arm, pair=asked.pair or BY_NOTHING, cluster=asked.cluster or "", task=name
    )
