"""The blind check: silent where texts are exchangeable, loud where a mark was left."""

import math
from random import Random

import pytest

from worktrial.memorisation.blind import Blind, blind_check
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.variants import varied
from worktrial.memorisation.variants.generated import problems


def checked(items: list[AuditItem] | tuple[AuditItem, ...], mark: str = "", seed: int = 3) -> Blind:
    fresh = [(item.id, text.question + mark) for item in items for text in item.variants]
    return blind_check(
        [item.question for item in items],
        [item.id for item in items],
        [text for _, text in fresh],
        [name for name, _ in fresh],
        seed=seed,
    )


@pytest.fixture(scope="module")
def twins() -> tuple[AuditItem, ...]:
    return varied(problems(5, 120), count=3, seed=1)


def test_twins_cannot_be_told(twins: tuple[AuditItem, ...]) -> None:
    found = checked(twins)
    assert not found.broken
    assert found.low <= 0.5 <= found.high
    assert found.pairs == 300  # the first of six folds is only learned from


def test_a_word_that_only_variants_have_is_found(twins: tuple[AuditItem, ...]) -> None:
    found = checked(twins, mark=" Please.")
    assert found.broken
    assert found.auc > 0.99
    assert "tells items from fresh texts" in found.why


def test_rounder_numbers_are_found() -> None:
    rng = Random(2)
    texts = [f"What is {rng.randint(1, 9)}0 and {rng.randint(11, 99)}?" for _ in range(100)]
    fresh = [f"What is {rng.randint(11, 99)} and {rng.randint(11, 99)}?" for _ in range(200)]
    names = [str(n) for n in range(100)]
    assert blind_check(texts, names, fresh, names * 2, seed=1).broken


def test_few_items_say_nothing(twins: tuple[AuditItem, ...]) -> None:
    found = checked(twins[:29], mark=" Please.")
    assert math.isnan(found.auc)
    assert not found.broken
    assert found.why.startswith("cannot say: 29 items")


def test_the_same_texts_are_a_tie() -> None:
    texts = [f"the same text {n}" for n in range(40)]
    names = list(map(str, range(40)))
    found = blind_check(texts, names, texts, names, seed=1)
    assert (found.auc, found.low, found.high, found.broken) == (0.5, 0.5, 0.5, False)


def test_controls_of_their_own_are_tried_too() -> None:
    items = [item.question for item in problems(1, 80)]
    controls = [item.question for item in problems(2, 80)]
    names, others = [f"i{n}" for n in range(80)], [f"c{n}" for n in range(80)]
    assert not blind_check(items, names, controls, others, seed=1).broken
    newer = [f"In 2031, {text}" for text in controls]
    assert blind_check(items, names, newer, others, seed=1).broken


def test_one_seed_one_answer(twins: tuple[AuditItem, ...]) -> None:
    assert checked(twins) == checked(twins[::-1])


def test_texts_without_a_group_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="every text must have a group"):
        blind_check(["a"], [], [], [], seed=1)
