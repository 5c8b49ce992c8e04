"""A request checked before anything else, and put under a published protocol."""

from dataclasses import replace

from worktrial.errors import ConfigError
from worktrial.protocol import Manifest, Measurement
from worktrial.running.trials import TRIALS, arms_of
from worktrial.trial import Request


REFERENCE = "reference/"


def checked(request: Request) -> Request:
    """The request, if it can be carried out.

    Raises:
        ConfigError: If a trial, arm or number is not one that there is.
    """
    arms = arms_of(request)
    for role in request.model_roles:
        known = [name for trial in arms for name in TRIALS[trial].roles]
        if role not in known:
            raise ConfigError(
                f"`--model-role` must be a role of the trials, {', '.join(known) or 'none here'}; "
                f"got {role!r}"
            )
    for worker in request.workers:
        for trial in arms:
            if worker.startswith(REFERENCE):
                TRIALS[trial].check_reference(worker.removeprefix(REFERENCE))
    if request.replicates < 1:
        raise ConfigError(f"`--replicates` must be at least 1; got {request.replicates}")
    for name in ("margin", "looks"):
        if getattr(request, name) is not None and not request.until_decided:
            raise ConfigError(f"`--{name}` is for `--compare-until-decided`; give both or none")
    if request.until_decided:
        if list(arms) != ["relay"]:
            raise ConfigError("`--compare-until-decided` is for `--trial relay` alone, so far")
        if len(arms["relay"]) > 1 or request.replicates > 1:
            raise ConfigError("`--compare-until-decided` takes one `--arm` and one replicate")
    return request


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
