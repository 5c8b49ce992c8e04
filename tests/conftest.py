"""Settings that every test shares."""

import functools
import importlib.metadata
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from hostile.provider import Provider

# Inspect lists the files of every installed package for every task that it evaluates.
importlib.metadata.packages_distributions = functools.cache(
    importlib.metadata.packages_distributions
)

settings.register_profile(
    "worktrial",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("worktrial")


@pytest.fixture(scope="session")
def _provider() -> "Iterator[Provider]":
    from hostile.provider import Provider

    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(_provider: "Provider", monkeypatch: pytest.MonkeyPatch) -> "Provider":
    """A hostile provider that has served nothing yet; it harms nobody until its mood says so.

    One a process: Inspect remembers a model with the address that it had at first.
    """
    from hostile.mood import Mood

    _provider.begin(Mood())
    for name, value in _provider.environment.items():
        monkeypatch.setenv(name, value)
    return _provider
