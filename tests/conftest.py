"""Settings that every test shares."""

import functools
import importlib.metadata

from hypothesis import HealthCheck, settings

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
