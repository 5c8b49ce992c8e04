"""A request checked before anything else, and put under a published protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from worktrial.errors import ConfigError
from worktrial.protocol import Manifest, Measurement
from worktrial.reference import PREFIX, is_reference
from worktrial.running.trials import TRIALS, arms_of
from worktrial.trial import AnyTrial, Request
from worktrial.workers.reference import known_as


def checked(request: Request) -> Request:
    """The request, if it can be carried out.

    Raises:
        ConfigError: If a trial, arm or number is not one that there is.
    """
    arms = arms_of(request)
    _check_options(request, arms)
    _check_agent(request, arms)
    _check_models(request, [TRIALS[name] for name in arms])
    if request.replicates < 1:
        raise ConfigError(f"`--replicates` must be at least 1; got {request.replicates}")
    if request.connections is not None and request.connections < 1:
        raise ConfigError(f"`--connections` must be at least 1; got {request.connections}")
    _check_looks(request, arms)
    return request


_OPTIONS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(
        ("round_trips", "size", "distractors", "domains", "documents", "edits"), ("relay",)
    ),
    **dict.fromkeys(("pages", "tasks"), ("search",)),
    "model_roles": ("search", "reasoning", "ablate", "contrast"),
    **dict.fromkeys(("families", "puzzles"), ("reasoning",)),
    "agent": ("search", "office", "relay"),
    "sandbox": ("relay",),
    "audit": ("memorisation",),
    "ablation": ("ablate",),
    "contrast": ("contrast",),
}
"""What is of some trials alone, and of which."""


def _check_options(request: Request, arms: Mapping[str, Sequence[str]]) -> None:
    for name, trials in _OPTIONS.items():
        if getattr(request, name) not in (None, (), {}) and not set(trials) & set(arms):
            option = _SAID.get(name, name).replace("_", "-")
            named = " or ".join(f"`--trial {trial}`" for trial in trials)
            raise ConfigError(f"`--{option}` is for {named}; name it, or leave it out")


def _check_agent(request: Request, arms: Mapping[str, Sequence[str]]) -> None:
    """An agent must have something to do, and a sandbox an agent in it."""
    working = {name: set(TRIALS[name].with_agent) & set(of) for name, of in arms.items()}
    if request.agent and not any(working.values()):
        known = ", ".join(arm for name in arms for arm in TRIALS[name].with_agent)
        raise ConfigError(
            f"`--agent` works under {known}; add one of these by `--arm`, or leave it out"
        )
    if request.sandbox and not (request.agent and working.get("relay")):
        raise ConfigError(
            "`--sandbox` is where the relay's agent works; name one by `--agent`, or leave it out"
        )


_SAID = {"domains": "domain", "families": "family", "model_roles": "model-role"}


def _check_models(request: Request, trials: Sequence[AnyTrial]) -> None:
    known = [role for trial in trials for role in trial.roles or ()]
    anything = any(trial.roles is None for trial in trials)
    for role in request.model_roles:
        if role not in known and not anything:
            there = ", ".join(known) or "of which there are none here"
            raise ConfigError(f"`--model-role` must be a role of the trials, {there}; got {role!r}")
    for worker in request.workers:
        for trial in trials:
            if is_reference(worker):
                known_as(worker.removeprefix(PREFIX), trial.check_reference)


def _check_looks(request: Request, arms: Mapping[str, Sequence[str]]) -> None:
    for name in ("margin", "looks"):
        if getattr(request, name) is not None and not request.until_decided:
            raise ConfigError(f"`--{name}` is for `--compare-until-decided`; give both or none")
    if request.until_decided:
        if list(arms) != ["relay"]:
            raise ConfigError("`--compare-until-decided` is for `--trial relay` alone, so far")
        if len(arms["relay"]) > 1 or request.replicates > 1:
            raise ConfigError("`--compare-until-decided` takes one `--arm` and one replicate")


def under(request: Request, manifest: Manifest) -> Request:
    """The same workers and folder under a published protocol.

    Raises:
        ConfigError: If the protocol holds no trial of ours, or cannot be asked for again.
    """
    shared = {name: of for name, of in manifest.measurement.items() if name in TRIALS}
    if not shared:
        raise ConfigError(f"`--protocol` holds none of the trials {', '.join(TRIALS)}")
    course = str(manifest.incidental.get("course", "pocket"))
    first = next(iter(shared.values()))
    request = replace(
        request,
        trials=list(shared),
        arms=[arm for measurement in shared.values() for arm in _primary_first(measurement)],
        seed=first.seed,
        replicates=first.replicates,
    )
    for name, measurement in shared.items():
        request = TRIALS[name].repeated(request, measurement, course)
    return request


def _primary_first(measurement: Measurement) -> list[str]:
    return sorted(measurement.arms, key=lambda name: (name != measurement.primary, name))
