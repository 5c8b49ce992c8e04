"""Fresh variants of items, made by a program: a kind a module, or the reason why there is none."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

from worktrial.memorisation.items import AuditItem, Family, Text
from worktrial.memorisation.variants import entities, generated, numbers, options, order
from worktrial.memorisation.variants.digits import digits_of, usage_of, written
from worktrial.memorisation.variants.entities import met_in
from worktrial.randomness import stream

__all__ = ["varied", "wrong_with"]

LENGTH = 0.15
"""By which share a variant may be longer or shorter than its item."""
_SHORT = 4
"""Characters by which it always may."""
_NOTHING = "no numbers, known names, options or listings that a program could change"
_ENOUGH = 5
"""Variants with which a kind is preferred to a weaker one that makes more."""


_Vary = Callable[[AuditItem, int, Random], tuple[Text, ...] | str]


def varied(items: Sequence[AuditItem], *, count: int, seed: int) -> tuple[AuditItem, ...]:
    """Items with fresh variants, as many of them as a program can vary.

    The strongest kind that makes enough is taken: a problem of our own drawn again, new numbers
    with a recomputed answer, other names, options in another order, words in another order.
    Where words in another order are all that can be had of an item, controls get such variants
    too: prose that was not met is held against its own reorderings in the same way.

    Args:
        items: What is audited, and controls.
        count: How many variants of each at most.
        seed: From which they follow, with the item's own text and what its set uses.

    Returns:
        The same items in the same order, with `variants` and `family`, or with `unvaried`.

    Raises:
        ValueError: If `count` is below 1.
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    audited, controls = (
        [item for item in items if item.role == role] for role in ("audited", "control")
    )
    kinds = dict(_kinds([item.question for item in audited]))
    made = [_varied(item, count, seed, kinds) for item in audited]
    reordered = any(item.family == "order" for item in made)
    by_order = dict(_by_order([item.question for item in controls])) if reordered else {}
    others = [
        _varied(item, count, seed, by_order).model_copy(update={"unvaried": None})
        for item in controls
    ]
    of = {"audited": iter(made), "control": iter(others)}
    return tuple(next(of[item.role]) for item in items)


def _varied(item: AuditItem, count: int, seed: int, kinds: Mapping[Family, _Vary]) -> AuditItem:
    best: tuple[Family, list[Text]] | None = None
    reasons = []
    for family, vary in kinds.items():
        made = vary(item, count, stream(seed, "variants", family, item.question))
        if isinstance(made, str):
            # What an item has not need not be told of every kind.
            reasons.extend([] if made.startswith("no ") else [f"{family}: {made}"])
            continue
        sound = list(_sound(item, made, family))
        if not sound:
            reasons.append(f"{family}: none that fits its length and form")
        if best is None or (len(best[1]) < _ENOUGH and len(sound) > len(best[1])):
            best = (family, sound)
        if len(best[1]) >= min(count, _ENOUGH):
            break
    return item.model_copy(update=_outcome(best, reasons))


def _outcome(best: tuple[Family, list[Text]] | None, reasons: Sequence[str]) -> dict[str, object]:
    if best is None or not best[1]:
        why = "; ".join(reasons) or _NOTHING
        return {"unvaried": why, "working": None, "variants": (), "family": None}
    family, texts = best
    return {"variants": tuple(texts), "family": family, "unvaried": None, "working": None}


def _kinds(questions: Sequence[str]) -> Iterator[tuple[Family, _Vary]]:
    """Every kind, the strongest first, knowing what a set uses."""
    usage, met = usage_of(questions), met_in(questions)
    yield "generated", generated.vary
    yield "numbers", lambda item, count, rng: numbers.vary(item, count, rng, usage)
    yield "entities", lambda item, count, rng: entities.vary(item, count, rng, met)
    yield "options", options.vary
    yield from _by_order(questions)


def _by_order(questions: Sequence[str]) -> Iterator[tuple[Family, _Vary]]:
    shared = order.shared_words(questions)
    yield "order", lambda item, count, rng: order.vary(item, count, rng, shared)


def _sound(item: AuditItem, made: Sequence[Text], family: Family) -> Iterator[Text]:
    """Variants with which nothing is wrong, each once."""
    seen = {_words(item)}
    for text in made:
        words = _words(text)
        if words not in seen and wrong_with(text, item, family) is None:
            seen.add(words)
            yield text


def _words(text: Text) -> tuple[str, tuple[str, ...]]:
    return " ".join(text.question.split()), text.options


def wrong_with(text: Text, item: Text, family: Family) -> str | None:
    """What is wrong with a variant of an item, in a few words; `None` if nothing is.

    Args:
        text: The variant.
        item: Of which it was made.
        family: How.
    """
    return next((what for what, fails in _LAWS.items() if fails(text, item, family)), None)


def _is_same(text: Text, item: Text, _: Family) -> bool:
    return (text.question, text.options) == (item.question, item.options)


def _is_of_other_length(text: Text, item: Text, _: Family) -> bool:
    lengths = [len("".join((t.question, *t.options))) for t in (text, item)]
    return abs(lengths[0] - lengths[1]) > max(LENGTH * lengths[1], _SHORT)


def _has_other_answer(text: Text, item: Text, family: Family) -> bool:
    """An answer where there was none, none of the options, or of another size."""
    if (text.answer is None) != (item.answer is None):
        return True
    if text.options and text.answer is not None and text.answer not in text.options:
        return item.answer in item.options
    if family in ("options", "order"):
        return text.answer != item.answer
    before, after = (written(t.answer or "") for t in (item, text))
    if before is None or after is None:
        return False
    return abs(digits_of(before.value) - digits_of(after.value)) > 1


def _has_other_options(text: Text, item: Text, _: Family) -> bool:
    return len(set(text.options)) != len(item.options)


def _has_other_numbers(text: Text, item: Text, family: Family) -> bool:
    """Other numbers where none may change, or of other sizes."""
    if family == "generated":
        return False
    before, after = (re.findall(r"\d+", t.question) for t in (item, text))
    if family == "numbers":
        return list(map(len, before)) != list(map(len, after))
    return sorted(before) != sorted(after)


def _has_other_marks(text: Text, item: Text, family: Family) -> bool:
    """Brackets, quotes and ends of sentences that the item has not."""
    if family == "generated":
        return False
    return any(text.question.count(mark) != item.question.count(mark) for mark in '()[]{}$"“”?!;:')


_LAWS: dict[str, Callable[[Text, Text, Family], bool]] = {
    "the same as the item": _is_same,
    "longer or shorter": _is_of_other_length,
    "an answer of another kind": _has_other_answer,
    "other options": _has_other_options,
    "numbers of other sizes": _has_other_numbers,
    "other marks": _has_other_marks,
}
