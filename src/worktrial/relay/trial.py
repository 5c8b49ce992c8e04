"""The relay as a trial: how it is asked for, what defines it, and what its evidence says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, ClassVar

from worktrial.comparison.panel import Panel
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, Observation, SampleLog
from worktrial.protocol import Measurement, Scorer
from worktrial.protocol.registration import Endpoint
from worktrial.relay import protocol
from worktrial.relay.agent import check_agent, sandbox_spec
from worktrial.relay.arms import AGENT, ARMS, CHANGED
from worktrial.relay.arms import arm as find_arm
from worktrial.relay.check import check
from worktrial.relay.damage import behaviour
from worktrial.relay.extract import of_sample
from worktrial.relay.findings import relay_findings
from worktrial.relay.items import COURSES, Course, RelayItem, custom_course
from worktrial.relay.panel import METRICS, relay_panel
from worktrial.relay.task import draw_items
from worktrial.relay.worker import MAPPING, MARGIN, TRIAL
from worktrial.trial import Found, Job, Request, Trial


class Relay(Trial[RelayItem]):
    """Horizon: a document handed through a relay of edits."""

    name = TRIAL
    task = protocol.RELAY_TASK
    arms: ClassVar[Sequence[str]] = (*ARMS, *CHANGED)
    usual: ClassVar[Sequence[str]] = ("rewrite",)
    with_agent: ClassVar[Sequence[str]] = AGENT
    steps = "legs"
    margin = MARGIN
    mapping = MAPPING
    # Not by fidelity alone: who never edits keeps all of a document.
    job = Job(
        0.9, "documents with nine tenths of all edits done and kept at the end",
        metric="work_adjusted",
    )  # fmt: skip

    def usual_arms(self, request: Request) -> Sequence[str]:
        """The agent's, if one is named."""
        return AGENT[:1] if request.agent else self.usual

    def draw(self, request: Request) -> Sequence[RelayItem]:
        """Fresh relays, or those of one's own documents."""
        return draw_items(
            self._course(request),
            seed=request.seed,
            domains=request.domains,
            documents=_documents(request),
        )

    def measurement(
        self, request: Request, items: Sequence[RelayItem], arms: Sequence[str]
    ) -> Measurement:
        """Content by its hash; for an agent that there is, and arms that can be compared."""
        _check_agent(request, arms)
        _check_changes(request, arms)
        return protocol.measurement(
            self._course(request),
            items,
            seed=request.seed,
            arms=arms,
            replicates=request.replicates,
            documents=request.documents is not None,
        )

    def repeated(self, request: Request, measurement: Measurement, course: str) -> Request:
        """The request under a published measurement, its sizes as they differ from the course's."""
        if measurement.settings.get("documents") and not request.documents:
            raise ConfigError("`--protocol` is of one's own documents; name them by --documents")
        domains = () if request.documents else measurement.settings["domains"]
        return replace(request, domains=domains, **_sizes(measurement, course))

    def check_reference(self, name: str) -> None:
        """Raise `ConfigError` unless a relay has this worker."""
        behaviour(name)

    def task_args(self, request: Request, arm: str) -> dict[str, Any]:
        """What `worktrial/relay` is called with."""
        return {
            "arm": arm,
            "course": request.course,
            "seed": request.seed,
            "round_trips": request.round_trips,
            "items": request.items,
            "size": request.size,
            "distractors": request.distractors,
            "domains": list(request.domains),
            "documents": _documents(request),
            **(_worked_by(request) if find_arm(arm).handover == "agent" else {}),
            "resumable": True,
        }

    def most_steps(self, request: Request, items: Sequence[RelayItem], arm: str) -> int:
        """Legs of all relays."""
        return sum(2 * len(item.schedule) for item in items)

    def instrument(self, items: Sequence[RelayItem], arm: str) -> Mapping[str, float]:
        """The oracle's lowest score, the highest of the null worker and of the one that refuses."""
        return asdict(check(items, arm=find_arm(arm)))

    def checklist(self, items: Sequence[RelayItem]) -> Sequence[Mapping[str, str | bool]]:
        """As far as a relay can answer it by itself."""
        return protocol.checklist()

    def scorer(self) -> Scorer:
        """Likeness by program."""
        return protocol.scorer()

    def observations(self, found: SampleLog) -> Iterator[Observation]:
        """A relay's legs, by replaying its answers."""
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
        """Curves, the horizon and protocol gaps, safe delegation."""
        return relay_findings(
            evidence, measurement, instrument=instrument, endpoints=endpoints, looked_at=looked_at
        )

    def panel(
        self,
        evidence: Evidence,
        measurement: Measurement,
        workers: Sequence[str],
        metric: str | None = None,
    ) -> Panel | None:
        """Of the primary arm."""
        if metric is not None and metric not in METRICS:
            return None
        return relay_panel(evidence.under(measurement.primary), workers, metric or METRICS[0])

    def _course(self, request: Request) -> Course:
        return custom_course(
            request.course,
            round_trips=request.round_trips,
            size=request.size,
            distractors=request.distractors,
            items=request.items,
        )


def _check_changes(request: Request, arms: Sequence[str]) -> None:
    """Raise `ConfigError` where an arm has no base to be held against, or nothing to change."""
    for name in arms:
        arm = find_arm(name)
        if arm.base not in arms:
            raise ConfigError(f"`--arm {name}` is held against `{arm.base}`; name that arm too")
        if request.documents and arm.change and arm.change.name.startswith("size-"):
            raise ConfigError(
                f"`--arm {name}` draws fresh documents, and `--documents` brings its own; "
                "leave one of them out"
            )


def _check_agent(request: Request, arms: Sequence[str]) -> None:
    if any(find_arm(arm).handover == "agent" for arm in arms):
        check_agent(arms, request.agent or "")
        sandbox_spec(request.sandbox or "")


def _worked_by(request: Request) -> dict[str, str]:
    kind, colon, file = (request.sandbox or "").partition(":")
    sandbox = f"{kind}:{Path(file).resolve()}" if colon else kind
    return {"agent": request.agent or "", "sandbox": sandbox}


def _documents(request: Request) -> str:
    return str(request.documents.resolve()) if request.documents else ""


def _sizes(measurement: Measurement, name: str) -> dict[str, Any]:
    """The named course and what the measurement has otherwise."""
    name = name if name in COURSES else "pocket"
    usual, wanted = COURSES[name], Course.model_validate(measurement.course)
    fields = ("round_trips", "items", "distractors")
    other = {f: getattr(wanted, f) for f in fields if getattr(wanted, f) != getattr(usual, f)}
    if wanted.size != usual.size:
        other["size"] = wanted.size[0]
    return {"course": name, **other}
