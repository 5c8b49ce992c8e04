"""Reference workers: simulated, of known memory and known skill.

`oracle` knows every answer and no text; `half` knows half of the answers; `memoriser` knows the
published texts and answers by heart and nothing else, `memoriser-0.5` so large a share of them;
`exposed` knows the published texts, and every answer by skill; `refusing` declines; `null` is mute.
"""

from collections.abc import Callable
from dataclasses import dataclass

from worktrial.errors import ConfigError
from worktrial.memorisation.arms import PUBLISHED
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.keys import Key
from worktrial.memorisation.measured import PREFIXES, at
from worktrial.memorisation.probes import (
    ANSWER,
    CANARY,
    COMPLETION,
    GENERAL,
    GUIDED,
    GUIDED_PERCENT,
    MASKED,
    SAMPLED,
    masked_place,
)
from worktrial.memorisation.reconstruction import cut
from worktrial.memorisation.whole import Canary, body
from worktrial.randomness import stream

_SHARED = "memoriser-"
NAMES = ("oracle", "null", "refusing", "memoriser", "exposed", "half", f"{_SHARED}SHARE")
BY_HEART = "by_heart"
"""Of the instrument's own check alone: who has met even the fresh texts."""
REFUSAL = "I'm sorry, but I can't help with that."
ELSEWHERE = "Qxv zzkrt wvvq jjxn bvvk qqrz."
"""A continuation of no text: it shares no word with any."""
_WRONG = "ANSWER: qxvzz"


@dataclass(frozen=True)
class Mind:
    """What a worker knows.

    Attributes:
        skilled: Whether it answers a text rightly that it has never met.
        knows: Whether it has met an item.
    """

    skilled: Callable[[Key], bool]
    knows: Callable[[str], bool]


def check(name: str) -> None:
    """Raise `ConfigError` unless there is such a worker."""
    mind(name)


def mind(name: str) -> Mind:
    """What a worker knows.

    Raises:
        ConfigError: If there is none of this name.
    """
    minds = {
        "oracle": Mind(_always, _nothing),
        "half": Mind(_half, _nothing),
        "memoriser": Mind(_never, _all),
        "exposed": Mind(_always, _all),
        BY_HEART: Mind(_always, _all),
        "null": Mind(_never, _nothing),
        "refusing": Mind(_never, _nothing),
    }
    if name in minds:
        return minds[name]
    share = _share(name)
    if share is None:
        raise ConfigError(
            f"the memorisation audit's reference workers are {', '.join(NAMES)}; got {name!r}; "
            "choose one"
        )
    return Mind(_never, lambda item: stream(0, "memoriser", item).random() < share)


def _share(name: str) -> float | None:
    try:
        share = float(name.removeprefix(_SHARED))
    except ValueError:
        return None
    return share if name.startswith(_SHARED) and 0 <= share <= 1 else None


def _always(key: Key) -> bool:
    return True


def _never(key: Key) -> bool:
    return False


def _half(key: Key) -> bool:
    return stream(key.seed, "half", key.item.id, key.operation).random() < 0.5


def _all(item: str) -> bool:
    return True


def _nothing(item: str) -> bool:
    return False


def answer(name: str, key: Key) -> str:
    """What a reference worker writes.

    Args:
        name: Who.
        key: What the call is about.
    """
    if name in ("null", "refusing"):
        return REFUSAL if name == "refusing" else ""
    who = mind(name)
    published = key.operation in (PUBLISHED, CANARY)
    met = who.knows(key.item.id) and (published or name == BY_HEART)
    if key.probe.name == ANSWER:
        return _answered(key, right=met or who.skilled(key))
    return _recalled(key) if met else ELSEWHERE


def _answered(key: Key, *, right: bool) -> str:
    text = key.text
    if text is None or text.answer is None:
        return ""
    if text.options:
        place = next((n for n, o in enumerate(text.options) if (o == text.answer) == right), None)
        return _WRONG if place is None else f"ANSWER: {chr(ord('A') + place)}"
    return f"ANSWER: {text.answer}" if right else _WRONG


def _recalled(key: Key) -> str:
    """What the text says at the place that was asked about."""
    if isinstance(key.item, Canary):
        return key.item.hidden
    if key.text is None:
        return ""
    if key.probe.name == MASKED:
        place = masked_place(key.text, key.seed)
        return "" if place is None else key.text.options[place]
    parts = cut(body(key.text), _percent(key.probe.name))
    return "" if parts is None else parts[1]


def _percent(probe: str) -> int:
    if probe in (GUIDED, GENERAL):
        return GUIDED_PERCENT
    names = {at(kind, p): p for kind in (COMPLETION, SAMPLED) for p in PREFIXES}
    return next(percent for name, percent in names.items() if probe.startswith(name))


def is_met(name: str, item: AuditItem) -> bool:
    """Whether a reference worker has met an item: the truth that an audit should find."""
    return mind(name).knows(item.id)
