"""Profiles: one name for several trials, in each the first that the trial has."""

import asyncio
from collections.abc import Callable

import pytest
from inspect_ai.model import ChatMessageUser, GenerateConfig, get_model

from worktrial.errors import ConfigError
from worktrial.relay.items import Course, relay_items
from worktrial.relay.scoring import RelayScorer
from worktrial.running.trials import TRIALS
from worktrial.workers.reference import ReferenceAPI, known_as


def knows(*names: str) -> Callable[[str], None]:
    """The check of a trial that has these workers."""

    def check(name: str) -> None:
        if name not in names:
            raise ConfigError(f"no {name!r}")

    return check


def api(worker: str) -> ReferenceAPI:
    found = get_model(worker, memoize=False).api
    assert isinstance(found, ReferenceAPI)
    return found


def heard_as(worker: str) -> list[str]:
    """The names under which the trials' voices know it."""
    return [name for _, name in api(worker).voices]


def test_it_is_the_first_name_that_a_trial_has() -> None:
    assert known_as("a+b+c", knows("b", "c")) == "b"
    assert known_as("c+b", knows("b", "c")) == "c"
    assert known_as("a", knows("a")) == "a"


def test_where_a_trial_has_none_of_them_each_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^no 'a'; no 'b'$"):
        known_as("a+b", knows("c"))


@pytest.mark.parametrize(
    ("profile", "names"),
    [
        ("lossy-0.02+premature", {"relay": "lossy-0.02", "search": "premature"}),
        ("premature+lossy-0.02", {"relay": "lossy-0.02", "search": "premature"}),
        ("careful+oracle", {"relay": "careful", "office": "careful", "search": "oracle"}),
        ("oracle+careful", dict.fromkeys(TRIALS, "oracle")),
    ],
)
def test_every_trial_finds_its_own(profile: str, names: dict[str, str]) -> None:
    for trial, name in names.items():
        assert known_as(profile, TRIALS[trial].check_reference) == name


def test_a_profile_speaks_in_the_trials_that_have_a_name_of_it() -> None:
    assert heard_as("reference/lossy-0.02+premature") == ["lossy-0.02", "premature"]
    assert heard_as("reference/brittle+lossy-0.02") == ["lossy-0.02", "brittle"]


def test_a_single_name_speaks_as_before() -> None:
    assert heard_as("reference/lossy-0.02") == ["lossy-0.02"]
    assert set(heard_as("reference/oracle")) == {"oracle"}


@pytest.mark.parametrize(
    ("profile", "single"),
    [("premature+lossy-0.5", "lossy-0.5"), ("lossy-0.5+lossy-0.1+noop", "lossy-0.5")],
)
def test_it_answers_a_leg_as_the_single_worker_would(profile: str, single: str) -> None:
    course = Course(items=1, round_trips=1, size=(200, 200), distractors=0)
    (item,) = relay_items(course, seed=7, domains=["spreadsheet"])
    baton = RelayScorer(item).baton

    def said(worker: str) -> str:
        asked = [ChatMessageUser(content=baton.prompt())]
        config = GenerateConfig(seed=baton.seed)
        output = asyncio.run(api(f"reference/{worker}").generate(asked, [], "auto", config))
        assert output.model == worker
        return output.completion

    assert said(profile) == said(single)
    assert said(profile) != said("oracle")


def test_what_is_said_outside_of_any_trial_is_said_so() -> None:
    asked = [ChatMessageUser(content="Hello.")]
    worker = api("reference/lossy-0.02+premature")
    output = asyncio.run(worker.generate(asked, [], "auto", GenerateConfig()))
    assert output.completion == "I do not know this trial."


@pytest.mark.parametrize(
    ("profile", "unknown"),
    [
        ("nonsense", "nonsense"),
        ("lossy-0.02+nonsense", "nonsense"),
        ("nonsense+lossy-0.02", "nonsense"),
        ("lossy-0.02+", ""),
        ("lossy-0.02 + premature", " premature"),
    ],
)
def test_a_name_that_no_trial_has_is_refused_in_one_line(profile: str, unknown: str) -> None:
    with pytest.raises(ConfigError) as refused:
        api(f"reference/{profile}")
    assert f"got {unknown!r}" in str(refused.value)
    assert "\n" not in str(refused.value)
