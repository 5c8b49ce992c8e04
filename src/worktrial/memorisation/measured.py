"""The metrics of one text, by the names under which evidence, findings and report know them."""

from collections.abc import Mapping, Sequence
from typing import Literal

TRIAL = "memorisation"
CONTROL = "control"
"""The operation of a text that belongs to no item; others are `published`, `variant-1` and so on.
"""
PREFIXES = (40, 60, 80)
"""Per cent of a text's words that are shown; at 80 a text is shown, and never judged."""
JUDGED = (40, 60)
Tier = Literal["chat", "raw", "logprobs"]
"""What a model allows: questions, the bare continuation of a text, or its tokens' probabilities."""

ACCURACY = "accuracy"
RECONSTRUCTION = ("exact", "verbatim", "rouge", "answered")
"""Of a greedy continuation, `NAME_PERCENT`: the raw text is the same, the share of the remainder
in its longest verbatim run, ROUGE-L, the answer is in it."""
SAMPLED = ("sampled_verbatim_40", "sampled_verbatim_60")
"""Mean over the sampled continuations."""
GUIDED = "guided_60"
"""ROUGE-L with the set's name in the instruction, less ROUGE-L without it."""
MASKED = "masked"
"""Whether a masked wrong option was guessed word by word."""
LIKELIHOOD = ("loss", "zlib", "min_k", "min_k_plus")
"""Of token log-probabilities, each oriented so that more familiar is higher."""
CANARY = "canary"
"""Of the whole file, item `canary`: whether the identifier planted in it is reproduced."""
ORDER = "order"
"""Of a shard of an ordered file, items `shard-N`: its log-probability in its own order, less the
mean over shuffled ones, in nats."""

REGISTERED: Mapping[Tier, str] = {"chat": "verbatim_60", "raw": "verbatim_60", "logprobs": "loss"}
"""The one score a tier that decides an item's p; all others are shown beside it."""


def at(name: str, percent: int) -> str:
    """The metric of a continuation after so much of a text was shown."""
    return f"{name}_{percent}"


def families(metrics: Sequence[str]) -> dict[str, list[str]]:
    """Statistics of exposure by family, of those that were measured; a family has one voice."""
    known: dict[str, tuple[str, ...]] = {
        "completion": tuple(at(name, p) for name in ("verbatim", "exact", "rouge") for p in JUDGED),
        "sampled": SAMPLED,
        "guided": (GUIDED,),
        "masked": (MASKED,),
        "likelihood": LIKELIHOOD,
        "order": (ORDER,),
    }
    found = {name: [m for m in of if m in metrics] for name, of in known.items()}
    return {name: of for name, of in found.items() if of}
