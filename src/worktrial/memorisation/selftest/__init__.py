"""The instrument against known truth: a small model reads planted items, the audit finds them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from worktrial.memorisation.selftest.recipe import Recipe
from worktrial.workers.logprobs import require_audit

if TYPE_CHECKING:
    from worktrial.memorisation.selftest.report import Report


def run(
    seed: int, *, recipe: Recipe | None = None, progress: Callable[[str], None] | None = None
) -> "Report":
    """Run the self-test of one seed: about three minutes of one core.

    Args:
        seed: From which texts, weights and order of reading follow.
        recipe: What is planted; the measured one by default.
        progress: Told in words what is being done.

    Raises:
        ConfigError: If the extra `audit` is not installed.
    """
    require_audit("torch")
    from worktrial.memorisation.selftest.trial import self_test

    return self_test(recipe or Recipe(), seed, progress or (lambda _: None))
