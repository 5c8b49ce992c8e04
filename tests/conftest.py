"""Settings that every test shares."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "worktrial",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("worktrial")
