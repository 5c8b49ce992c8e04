"""What is asked of a run, and how a published protocol is asked for again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from worktrial.errors import ConfigError
from worktrial.protocol import Manifest, Measurement
from worktrial.relay.arms import arm as relay_arm
from worktrial.relay.items import COURSES, Course, RelayItem, custom_course
from worktrial.relay.task import draw_items

TRIALS = ("relay",)
PRIMARY = "rewrite"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        workers: Inspect model strings.
        out: The run's folder.
        trials: Which trials to run.
        arms: The relay's arms; the first carries the horizon gap.
        course: How large.
        seed: From which all else follows.
        replicates: How often each item is run under each arm.
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
    arms: Sequence[str] = (PRIMARY,)
    course: str = "pocket"
    seed: int = 7
    replicates: int = 1
    round_trips: int | None = None
    items: int | None = None
    size: int | None = None
    distractors: int | None = None
    domains: Sequence[str] = ()
    documents: Path | None = None
    temperature: float | None = None
    model_args: Mapping[str, Any] = field(default_factory=dict)
    until_decided: bool = False
    margin: float | None = None
    looks: int | None = None

    def checked(self) -> "Request":
        """The request, if it can be carried out.

        Raises:
            ConfigError: If a trial, arm or number is not one that there is.
        """
        for name in self.trials:
            if name not in TRIALS:
                raise ConfigError(f"`--trial` must be one of {', '.join(TRIALS)}; got {name!r}")
        for name in self.arms:
            relay_arm(name)
        if not self.arms or len(set(self.arms)) < len(self.arms):
            raise ConfigError(f"`--arm` must name each arm once; got {', '.join(self.arms)}")
        if self.replicates < 1:
            raise ConfigError(f"`--replicates` must be at least 1; got {self.replicates}")
        for name in ("margin", "looks"):
            if getattr(self, name) is not None and not self.until_decided:
                raise ConfigError(f"`--{name}` is for `--compare-until-decided`; give both or none")
        if self.until_decided and (len(self.arms) > 1 or self.replicates > 1):
            raise ConfigError("`--compare-until-decided` takes one `--arm` and one replicate")
        return self

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

    def draw(self) -> list[RelayItem]:
        """The items that follow from the request."""
        return draw_items(
            self.sizes(),
            seed=self.seed,
            domains=self.domains,
            documents=str(self.documents.resolve()) if self.documents else "",
        )

    def task_args(self, arm: str) -> dict[str, Any]:
        """The arguments of the Inspect task under an arm."""
        return {
            "arm": arm,
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

    def under(self, manifest: Manifest) -> "Request":
        """The same workers and folder under a published protocol.

        Raises:
            ConfigError: If the protocol holds no trial of ours, or one's own documents, and they
                were not given.
        """
        measurement = manifest.measurement.get("relay")
        if measurement is None:
            raise ConfigError(f"`--protocol` holds none of the trials {', '.join(TRIALS)}")
        if measurement.settings.get("documents") and not self.documents:
            raise ConfigError("`--protocol` is of one's own documents; name them by --documents")
        return replace(
            self,
            arms=_primary_first(measurement),
            seed=measurement.seed,
            replicates=measurement.replicates,
            domains=() if self.documents else measurement.settings["domains"],
            **_sizes(measurement, str(manifest.incidental.get("course", "pocket"))),
        )


def _primary_first(measurement: Measurement) -> list[str]:
    return sorted(measurement.arms, key=lambda name: (name != measurement.primary, name))


def _sizes(measurement: Measurement, name: str) -> dict[str, Any]:
    """The named course and what the measurement has otherwise."""
    name = name if name in COURSES else "pocket"
    usual, wanted = COURSES[name], Course.model_validate(measurement.course)
    fields = ("round_trips", "items", "distractors")
    other = {f: getattr(wanted, f) for f in fields if getattr(wanted, f) != getattr(usual, f)}
    if wanted.size != usual.size:
        other["size"] = wanted.size[0]
    return {"course": name, **other}
