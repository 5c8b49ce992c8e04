"""The task that is ablated: its samples as items."""

from collections.abc import Sequence

from inspect_ai.dataset import Sample

from worktrial.errors import ConfigError
from worktrial.instruction.items import AblateItem
from worktrial.randomness import stream
from worktrial.tasks import content_of, input_text, turns_of


def items_of(samples: Sequence[Sample]) -> list[AblateItem]:
    """Samples as items.

    Raises:
        ConfigError: If two have the same id.
    """
    items = [item_of(sample) for sample in samples]
    if len({item.id for item in items}) < len(items):
        raise ConfigError("TASK must give each sample its own id; two are the same")
    return items


def item_of(sample: Sample) -> AblateItem:
    """A sample as an item."""
    targets = [sample.target] if isinstance(sample.target, str) else sample.target
    text, metadata = input_text(sample.input), sample.metadata or {}
    return AblateItem(
        id=str(sample.id),
        sha256=content_of(sample),
        input=text,
        targets=tuple(targets),
        choices=tuple(sample.choices or ()),
        turns=tuple(turns_of(sample.input)),
        named={name: of for name, of in metadata.items() if isinstance(of, str)},
    )


def drawn_from(items: Sequence[AblateItem], most: int | None, seed: int) -> list[AblateItem]:
    """Some of the items, in their order; the same seed draws the same."""
    if most is None or most >= len(items):
        return list(items)
    chosen = set(stream(seed, "ablate", "items").sample(range(len(items)), most))
    return [item for n, item in enumerate(items) if n in chosen]
