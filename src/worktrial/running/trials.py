"""The trials that there are."""

from collections.abc import Mapping, Sequence

from worktrial.contrast.trial import ContrastTrial
from worktrial.errors import ConfigError
from worktrial.instruction.trial import AblateTrial
from worktrial.memorisation.trial import MemorisationTrial
from worktrial.readiness.trial import OfficeTrial
from worktrial.reasoning.trial import ReasoningTrial
from worktrial.relay.trial import Relay
from worktrial.search.trial import Search
from worktrial.trial import AnyTrial, Request

TRIALS: Mapping[str, AnyTrial] = {
    trial.name: trial
    for trial in (
        Relay(),
        Search(),
        OfficeTrial(),
        MemorisationTrial(),
        ReasoningTrial(),
        AblateTrial(),
        ContrastTrial(),
    )
}


def trial(name: str) -> AnyTrial:
    """A trial by its name.

    Raises:
        ConfigError: If there is none of this name.
    """
    if name not in TRIALS:
        raise ConfigError(f"`--trial` must be one of {', '.join(TRIALS)}; got {name!r}")
    return TRIALS[name]


def arms_of(request: Request) -> dict[str, Sequence[str]]:
    """The arms of each trial that was asked for: those named, or its usual ones.

    Raises:
        ConfigError: If an arm is of none of the trials, or named twice.
    """
    chosen = [trial(name) for name in dict.fromkeys(request.trials)]
    known = [arm for each in chosen for arm in each.arms]
    for name in request.arms:
        if name not in known:
            of = [f"; that is one of `--trial {t.name}`" for t in TRIALS.values() if name in t.arms]
            raise ConfigError(
                f"`--arm` must be one of {', '.join(known)}; got {name!r}{''.join(of)}"
            )
    if len(set(request.arms)) < len(request.arms):
        raise ConfigError(f"`--arm` must name each arm once; got {', '.join(request.arms)}")
    return {
        each.name: [arm for arm in request.arms if arm in each.arms]
        or list(each.usual_arms(request))
        for each in chosen
    }
