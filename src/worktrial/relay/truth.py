"""The truth of the reference workers: expected fidelity, from tracked units, without a parser.

Damage is followed unit by unit, so what survives is known and nothing has to be matched.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from worktrial.documents.domain import domain
from worktrial.documents.similarity import unit_similarity
from worktrial.documents.unit import Document
from worktrial.randomness import stream
from worktrial.relay.damage import Behaviour
from worktrial.relay.items import RelayItem
from worktrial.relay.reference import keeps

FloatArray = NDArray[np.float64]


def expected_fidelity(
    item: RelayItem, behaviour: Behaviour, *, legs: int, draws: int = 200, seed: int = 0
) -> FloatArray:
    """Expected fidelity of a reference worker after each leg of one relay.

    With c the share of weight that damage spares, lost units leave c + (1 − c)·(1 − P)^k,
    lost halves c + (1 − c)·(1 − P/2)^k, fragile ones c + (1 − c)·(1 − F + F·(1 − P)^k).
    Altered and invented units have no closed form here and are followed in `draws` simulations.

    Args:
        item: The relay.
        behaviour: The reference worker.
        legs: How many legs.
        draws: Simulations, where needed.
        seed: Of the simulations.

    Returns:
        Shape (legs,), in [0, 1].
    """
    document = domain(item.domain).parse(item.files)
    k = np.arange(1, legs + 1)
    behaviour = behaviour.under(
        others=len(item.distractors), characters=sum(map(len, item.files.values())), earlier=0
    )
    p, spared = behaviour.probability, _spared(document)
    match behaviour.kind:
        case "oracle" | "careful" | "noop":
            return np.ones(legs)
        case "refusing" | "empty":
            return np.zeros(legs)
        case "lossy" | "fragile" | "hasty" | "distracted" | "burdened" | "weary":
            left = 1 - behaviour.share + behaviour.share * (1 - p) ** k
        case "catastrophic":
            left = (1 - p / 2) ** k
        case _:
            runs = [follow(item, behaviour, legs=legs, seed=seed + i) for i in range(draws)]
            return np.asarray(np.mean(runs, axis=0))
    return np.asarray(spared + (1 - spared) * left)


def follow(item: RelayItem, behaviour: Behaviour, *, legs: int, seed: int) -> FloatArray:
    """Fidelity after each leg of one relay in which units only change or multiply."""
    chosen = domain(item.domain)
    original = chosen.parse(item.files)
    whole = _weight(original)
    rng = stream(seed, "follow", item.id, behaviour.name)
    document, values = original, []
    for _ in range(legs):
        document = behaviour.damage(document, rng, lambda unit: keeps(chosen, unit))
        earned = (
            whole if behaviour.kind == "inserting" else _similar(original, document, chosen.clips)
        )
        values.append(earned / (whole + _weight(document) - earned))
    return np.array(values)


def _similar(original: Document, document: Document, clips: Mapping[str, float]) -> float:
    """What altered units still earn, each against itself."""
    pairs = zip(original.units(), document.units(), strict=True)
    lost = sum(
        one.weight
        - min(one.weight, other.weight) * unit_similarity(one, other, clip=clips.get(one.kind))
        for one, other in pairs
        if one is not other
    )
    return _weight(original) - lost


def _weight(document: Document) -> float:
    files = len(document.files) if len(document.files) > 1 else 0
    return files + sum(unit.weight for unit in document.units())


def _spared(document: Document) -> float:
    """The share of weight that reference workers never touch."""
    leaves = sum(unit.weight for unit in document.units() if not unit.structural)
    return 1 - leaves / _weight(document)
