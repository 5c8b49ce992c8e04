"""The audit as a trial: how it is asked for, what defines it, and what its evidence says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from worktrial.comparison.panel import Panel
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, Observation, SampleLog
from worktrial.memorisation import protocol, reference
from worktrial.memorisation.arms import ARMS, PUBLISHED
from worktrial.memorisation.check import check
from worktrial.memorisation.courses import custom_course
from worktrial.memorisation.draw import Probed, Probes, drawn, set_name
from worktrial.memorisation.extract import of_sample
from worktrial.memorisation.findings import memorisation_findings
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.measured import TRIAL
from worktrial.memorisation.panel import METRICS, memorisation_panel
from worktrial.memorisation.probes import Access, probes_of, texts_of
from worktrial.protocol import Measurement, Scorer
from worktrial.protocol.registration import Endpoint
from worktrial.trial import Audit, Found, Request, Trial

_EVERYTHING = Access(raw=True, chat=True)


class MemorisationTrial(Trial[Probed]):
    """Memorisation: a benchmark's items against fresh texts of the same form."""

    name = TRIAL
    task = protocol.AUDIT_TASK
    arms: ClassVar[Sequence[str]] = ARMS
    usual: ClassVar[Sequence[str]] = ARMS
    steps = "probes"
    events = False
    margin = 0.05
    mapping = f"continuations and answers scored by program, scorer {protocol.SCORER_VERSION}"

    def usual_arms(self, request: Request) -> Sequence[str]:
        """Both; only the published one where no fresh text could be made."""
        return ARMS if self._probes(request).fresh else (PUBLISHED,)

    def draw(self, request: Request) -> Sequence[Probed]:
        """Items with their fresh texts, the file's canary, shards of its order."""
        return self._probes(request).all

    def measurement(
        self, request: Request, items: Sequence[Probed], arms: Sequence[str]
    ) -> Measurement:
        """Content by its hash."""
        return protocol.measurement(
            _audit(request),
            custom_course(request.course, items=request.items),
            items,
            seed=request.seed,
            arms=arms,
            replicates=request.replicates,
        )

    def repeated(self, request: Request, measurement: Measurement, course: str) -> Request:
        """Never: a protocol has the hashes of what was audited, and not the texts."""
        raise ConfigError(
            "`--protocol` is of an audit, and holds no items; ask for the same with worktrial "
            "audit ITEMS"
        )

    def check_reference(self, name: str) -> None:
        """Raise `ConfigError` unless the audit has this worker."""
        reference.check(name)

    def task_args(self, request: Request, arm: str) -> dict[str, Any]:
        """What `worktrial/memorisation` is called with."""
        audit = _audit(request)
        return {
            "file": audit.items,
            "fields": dict(audit.fields),
            "controls": str(audit.controls.resolve()) if audit.controls else "",
            "released": audit.released or "",
            "name": set_name(audit),
            "course": request.course,
            "seed": request.seed,
            "items": request.items,
            "arm": arm,
            "resumable": True,
        }

    def most_steps(self, request: Request, items: Sequence[Probed], arm: str) -> int:
        """Calls about all texts, of a worker that allows everything."""
        course = custom_course(request.course, items=request.items)
        return sum(
            len(probes_of(text, course=course, name="", seed=request.seed, access=_EVERYTHING))
            for item in items
            if isinstance(item, AuditItem)
            for text in texts_of(item, arm, course.variants).values()
        )

    def instrument(self, items: Sequence[Probed], arm: str) -> Mapping[str, float]:
        """What those who know every answer, no answer, every text and no text score."""
        return asdict(check([item for item in items if isinstance(item, AuditItem)], arm=arm))

    def checklist(self, items: Sequence[Probed]) -> Sequence[Mapping[str, str | bool]]:
        """As far as an audit can answer it by itself."""
        return protocol.checklist()

    def scorer(self) -> Scorer:
        """Raw text by program."""
        return protocol.scorer()

    def observations(self, found: SampleLog) -> Iterator[Observation]:
        """What was written, scored again."""
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
        """Exposure, effect, and what is said of both."""
        return memorisation_findings(
            evidence, measurement, instrument=instrument, endpoints=endpoints
        )

    def panel(
        self,
        evidence: Evidence,
        measurement: Measurement,
        workers: Sequence[str],
        metric: str | None = None,
    ) -> Panel | None:
        """Of the items as published, and of their variants."""
        if len(measurement.arms) < len(ARMS) or (metric is not None and metric not in METRICS):
            return None
        return memorisation_panel(evidence, workers, metric or METRICS[0])

    def _probes(self, request: Request) -> Probes:
        return drawn(_audit(request), request.course, seed=request.seed, items=request.items)


def _audit(request: Request) -> Audit:
    """What is audited.

    Raises:
        ConfigError: If nothing is.
    """
    if request.audit is None:
        raise ConfigError(
            "`--trial memorisation` needs items; use: worktrial audit ITEMS --model …"
        )
    return request.audit
