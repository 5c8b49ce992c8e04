"""Which trials and arms a request means, and which options fit them."""

from pathlib import Path

import pytest

from worktrial.errors import ConfigError
from worktrial.running.request import checked
from worktrial.running.trials import TRIALS, arms_of
from worktrial.trial import Request


def request(**more: object) -> Request:
    return Request(workers=["reference/oracle"], out=Path("nowhere"), **more)


def test_a_trial_of_which_no_arm_is_named_runs_its_usual_ones() -> None:
    both = request(trials=["relay", "search"], arms=["simulated", "full"])
    assert arms_of(both) == {"relay": ["rewrite"], "search": ["simulated", "full"]}


def test_arms_keep_the_order_in_which_they_are_named() -> None:
    assert arms_of(request(arms=["tools", "rewrite"])) == {"relay": ["tools", "rewrite"]}


def test_no_two_trials_that_run_together_share_an_arm() -> None:
    # The ablation is asked for by a command of its own, never beside another trial.
    together = [trial for trial in TRIALS.values() if trial.name != "ablate"]
    arms = [arm for trial in together for arm in trial.arms]
    assert len(arms) == len(set(arms))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"arms": ["simulated"]}, "got 'simulated'; that is one of `--trial search`"),
        ({"arms": ["simulatd"]}, "`--arm` must be one of rewrite"),
        ({"trials": ["serch"]}, "`--trial` must be one of relay, search"),
        ({"trials": ["search"], "round_trips": 2}, "`--round-trips` is for `--trial relay`"),
        ({"trials": ["search"], "domains": ("json",)}, "`--domain` is for `--trial relay`"),
        ({"pages": 400}, "`--pages` is for `--trial search`"),
        ({"model_roles": {"user": "m"}}, "`--model-role` is for `--trial search`"),
        ({"trials": ["search"], "model_roles": {"judge": "m"}}, "user, reader; got 'judge'"),
        ({"trials": ["search"], "until_decided": True}, "`--trial relay` alone"),
        ({"workers": ["reference/premature"]}, "premature"),
    ],
)
def test_what_does_not_fit_is_one_line(more: dict[str, object], says: str) -> None:
    asked = {"workers": ["reference/oracle"], "out": Path("nowhere"), **more}
    with pytest.raises(ConfigError) as refused:
        checked(Request(**asked))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
