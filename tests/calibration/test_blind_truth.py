"""The blind check against known truth: exchangeable texts are called broken as rarely as it says.

An interval of 95 % has its lower bound above one half in at most 2.5 % of sets.
"""

from collections.abc import Sequence
from random import Random

import pytest
from scipy.stats import binomtest

from worktrial.memorisation.blind import blind_check

SETS = 300
WORDS = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("ade", "ilo", "unta", "ero")]


def text(rng: Random, topic: str) -> str:
    """Words about a topic, which all texts of a group share."""
    return " ".join([topic, *rng.choices(WORDS, k=rng.randint(8, 14)), topic])


def paired(seed: int, items: int, fresh: int) -> bool:
    rng = Random(seed)
    topics = rng.choices(WORDS, k=items)
    names = list(map(str, range(items)))
    return blind_check(
        [text(rng, topic) for topic in topics],
        names,
        [text(rng, topic) for topic in topics for _ in range(fresh)],
        [name for name in names for _ in range(fresh)],
        seed=seed,
    ).broken


def unpaired(seed: int, items: int, fresh: int) -> bool:
    rng = Random(seed)
    texts = [text(rng, "same") for _ in range(items + fresh)]
    names = list(map(str, range(items + fresh)))
    return blind_check(texts[:items], names[:items], texts[items:], names[items:], seed=seed).broken


def share_is_small(broken: Sequence[bool]) -> bool:
    print(f"\nbroken {sum(broken)} of {len(broken)}")
    return binomtest(sum(broken), len(broken), 0.025, alternative="greater").pvalue > 1e-4


@pytest.mark.slow
@pytest.mark.parametrize(("items", "fresh"), [(40, 1), (40, 5), (150, 2)])
def test_exchangeable_variants_are_seldom_called_broken(items: int, fresh: int) -> None:
    assert share_is_small([paired(seed, items, fresh) for seed in range(SETS)])


@pytest.mark.slow
@pytest.mark.parametrize(("items", "fresh"), [(40, 40), (40, 120)])
def test_exchangeable_controls_are_seldom_called_broken(items: int, fresh: int) -> None:
    assert share_is_small([unpaired(seed, items, fresh) for seed in range(SETS)])
