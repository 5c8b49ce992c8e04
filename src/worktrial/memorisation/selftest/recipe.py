"""What a self-test's model is made of and what it reads: all that is known of the truth."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from worktrial.memorisation.selftest.texts import Item, draw
from worktrial.randomness import stream


@dataclass(frozen=True)
class Shape:
    """How large the model is, and how it is trained.

    Attributes:
        layers: Blocks of attention and feed-forward.
        width: Of the residual stream.
        heads: Of attention.
        context: Words of a text at most, with its start and its end.
        batch: Texts in a step of training.
        rate: The learning rate; it stays, so that what was read early is half forgotten.
    """

    layers: int = 4
    width: int = 128
    heads: int = 4
    context: int = 64
    batch: int = 16
    rate: float = 3e-3


@dataclass(frozen=True)
class Recipe:
    """What is planted among what.

    Attributes:
        copies: How often items are planted; a set of items for each.
        items: How many at each.
        twins: Items of the same grammar that are never planted.
        variants: Fresh texts of each item.
        background: Other texts, each read once.
        shape: Of the model.
    """

    copies: tuple[int, ...] = (1, 4, 16, 64)
    items: int = 100
    twins: int = 2000
    variants: int = 19
    background: int = 16_000
    shape: Shape = field(default_factory=Shape)


@dataclass(frozen=True)
class Planting:
    """What was drawn.

    Attributes:
        planted: Items by how often they are read.
        twins: Items that are not.
        corpus: All that is read, in the order of reading.
    """

    planted: Mapping[int, tuple[Item, ...]]
    twins: tuple[Item, ...]
    corpus: tuple[str, ...]


def plant(recipe: Recipe, seed: int) -> Planting:
    """Draw items, twins and background, and shuffle what is read."""
    planted = {
        copies: _items(recipe.items, recipe.variants, seed, f"planted-{copies}")
        for copies in recipe.copies
    }
    corpus = [item.published.text for item in _items(recipe.background, 0, seed, "background")]
    for copies, items in planted.items():
        corpus += [item.published.text for item in items] * copies
    stream(seed, "self-test", "order").shuffle(corpus)
    return Planting(planted, _items(recipe.twins, recipe.variants, seed, "twins"), tuple(corpus))


def _items(count: int, variants: int, seed: int, name: str) -> tuple[Item, ...]:
    rng = stream(seed, "self-test", name)
    return tuple(draw(rng, variants) for _ in range(count))
