"""Context: what was supplied, how full it was, and what of it was of use."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping

from worktrial.conduct.events import Compaction, ModelCall, Piece, Trajectory
from worktrial.conduct.metric import Measure, Metric, not_measurable
from worktrial.conduct.metrics.facts import Timeline, folded, holds
from worktrial.conduct.metrics.using import is_phrase, last_said, rare_strings, said
from worktrial.conduct.metrics.verification import per_accepted

NO_CALL = "no model was called"


def context_used(trajectory: Trajectory) -> Measure:
    """Share of the text supplied by users and tools that the worker used from then on.

    In characters; a text supplied to ten calls counts ten times. A lower bound: what is used in
    other words isn't seen.
    """
    if not trajectory.model_calls():
        return not_measurable(NO_CALL)
    last_use = _last_uses(trajectory)
    used, of, unused = 0, 0, set[int]()
    for place, call in trajectory.model_calls():
        for piece in call.supplied:
            if piece.key not in last_use:
                continue
            of += len(piece.text)
            used += len(piece.text) if last_use[piece.key] >= place else 0
            if last_use[piece.key] < 0 and piece.source is not None:
                unused.add(piece.source)
    if not of:
        return not_measurable("no text of a user or a tool was supplied")
    return Measure(used / of, count=used, of=of, places=tuple(sorted(unused)))


def peak_occupancy(trajectory: Trajectory) -> Measure:
    """The fullest that the context ever was."""
    shares = _occupancy(trajectory)
    if not shares:
        return not_measurable(_no_occupancy(trajectory))
    peak = max(share for _, share in shares)
    return Measure(peak, of=len(shares), places=(next(p for p, s in shares if s == peak),))


def mean_occupancy(trajectory: Trajectory) -> Measure:
    """How full the context was, over model calls."""
    shares = _occupancy(trajectory)
    if not shares:
        return not_measurable(_no_occupancy(trajectory))
    return Measure(sum(share for _, share in shares) / len(shares), of=len(shares))


def cached_share(trajectory: Trajectory) -> Measure:
    """Share of the tokens supplied that came from a cache."""
    known = [
        (call.tokens_cached, call.tokens_in)
        for _, call in trajectory.model_calls()
        if call.tokens_cached is not None and call.tokens_in
    ]
    if not known:
        return not_measurable("no model call says what came from a cache")
    cached, of = sum(c for c, _ in known), sum(i for _, i in known)
    return Measure(cached / of, count=cached, of=of)


def tokens_per_accepted(trajectory: Trajectory) -> Measure:
    """Tokens read and written, per accepted artefact."""
    calls = [call for _, call in trajectory.model_calls() if call.error is None]
    if not calls:
        return not_measurable(NO_CALL)
    spent = [
        call.tokens_in + call.tokens_out
        for call in calls
        if call.tokens_in is not None and call.tokens_out is not None
    ]
    if len(spent) < len(calls):
        return not_measurable(f"{len(calls) - len(spent)} of {len(calls)} calls have no usage")
    return per_accepted(trajectory, sum(spent))


def compaction_loss(trajectory: Trajectory) -> Measure:
    """Share of what was needed before a compaction that is gone right after it."""
    around = list(_around(trajectory))
    if not around:
        return not_measurable("no compaction between two model calls")
    needed = _needed(trajectory)
    lost, of, places = 0, 0, list[int]()
    for place, before, after in around:
        held = needed.in_any((p for p in before.supplied if p.role != "assistant"), place)
        gone = held - needed.in_any(after.supplied, place)
        lost, of = lost + len(gone), of + len(held)
        places += [place] if gone else []
    if not of:
        return not_measurable("nothing that was needed was in the context before a compaction")
    return Measure(lost / of, count=lost, of=of, places=tuple(places))


def _last_uses(trajectory: Trajectory) -> dict[str, int]:
    """By key of a user's or tool's piece, the last place at which it was used; -1 for never.

    A string is credited to the text that had it first, the worker's own included.
    """
    last = last_said(trajectory)
    owner: dict[str, int | str] = {}
    words: dict[int, list[str]] = {}
    for at, text in said(trajectory):
        words.setdefault(at, []).append(text)
    found: dict[str, int] = {}
    for place, event in enumerate(trajectory.events):
        for piece in event.supplied if isinstance(event, ModelCall) else ():
            if piece.role in ("user", "tool") and piece.key not in found:
                own = _claim(piece.text, piece.key, last, owner)
                found[piece.key] = max((last[each] for each in own), default=-1)
        for text in words.get(place, ()):
            _claim(text, place, last, owner)
    return found


def _claim(
    text: str, who: int | str, last: Mapping[str, int], owner: dict[str, int | str]
) -> set[str]:
    """The strings used at any time that a text is the first to have."""
    strings = {each for each in rare_strings(text) if each in last}
    return {each for each in strings if owner.setdefault(each, who) == who}


def _occupancy(trajectory: Trajectory) -> list[tuple[int, float]]:
    return [
        (place, call.tokens_in / call.window)
        for place, call in trajectory.model_calls()
        if call.tokens_in is not None and call.window
    ]


def _no_occupancy(trajectory: Trajectory) -> str:
    calls = [call for _, call in trajectory.model_calls()]
    if not calls:
        return NO_CALL
    known = any(call.window for call in calls)
    return "no model call has usage" if known else "the model's window is not known"


def _around(trajectory: Trajectory) -> Iterator[tuple[int, ModelCall, ModelCall]]:
    """Each compaction with the calls of its agent just before and just after it."""
    latest: dict[str, ModelCall] = {}
    open_: dict[str, tuple[int, ModelCall]] = {}
    for place, event in enumerate(trajectory.events):
        if isinstance(event, Compaction) and event.agent in latest:
            open_.setdefault(event.agent, (place, latest[event.agent]))
        elif isinstance(event, ModelCall):
            if event.agent in open_:
                yield (*open_.pop(event.agent), event)
            latest[event.agent] = event


class _Needed(ABC):
    """What of a text is needed; each text is read once."""

    def __init__(self) -> None:
        self._held: dict[str, frozenset[str]] = {}

    def in_any(self, pieces: Iterable[Piece], place: int) -> set[str]:
        """What of the pieces is needed at a place."""
        held = set[str]()
        for piece in pieces:
            if piece.key not in self._held:
                self._held[piece.key] = self.strings(piece.text)
            held |= self._held[piece.key]
        return {each for each in held if self.at(each, place)}

    @abstractmethod
    def strings(self, text: str) -> frozenset[str]:
        """What of a text may be needed."""

    @abstractmethod
    def at(self, string: str, place: int) -> bool:
        """Whether it is needed at a place."""


class _Facts(_Needed):
    """The values of facts, as long as they are true."""

    def __init__(self, trajectory: Trajectory) -> None:
        super().__init__()
        self._timeline = Timeline(trajectory.known.facts)
        self._values = {folded(fact.value) for fact in trajectory.known.facts}

    def strings(self, text: str) -> frozenset[str]:
        words = folded(text)
        return frozenset(each for each in self._values if holds(words, each))

    def at(self, string: str, place: int) -> bool:
        return string in self._timeline.current(place).values()


class _Later(_Needed):
    """Numbers and identifiers that the worker still writes later."""

    def __init__(self, trajectory: Trajectory) -> None:
        super().__init__()
        self._last = last_said(trajectory)

    def strings(self, text: str) -> frozenset[str]:
        return frozenset(s for s in rare_strings(text) if s in self._last and not is_phrase(s))

    def at(self, string: str, place: int) -> bool:
        return self._last[string] > place


def _needed(trajectory: Trajectory) -> _Needed:
    return _Facts(trajectory) if trajectory.known.facts else _Later(trajectory)


_FIELD = "Gu (2026), arXiv:2605.26112, which names it without a formula; this project's formula"
_PROVIDER = "usage as the model's provider counts it"
METRICS = (
    Metric(
        "context_used", "context", "Context used", "share", "higher", "proposed",
        "characters of users' and tools' texts supplied to a call of which a rare string that no"
        " earlier text had is written in that call or later / characters of all such texts",
        _FIELD, context_used,
    ),
    Metric(
        "peak_occupancy", "context", "Peak occupancy", "share", None, "validated",
        "max over model calls of tokens supplied / window", _PROVIDER, peak_occupancy,
    ),
    Metric(
        "mean_occupancy", "context", "Mean occupancy", "share", None, "validated",
        "mean over model calls of tokens supplied / window", _PROVIDER, mean_occupancy,
    ),
    Metric(
        "cached_share", "context", "Tokens from a cache", "share", "higher", "validated",
        "tokens from a cache / tokens supplied, of the calls that say both",
        _PROVIDER, cached_share,
    ),
    Metric(
        "compaction_loss", "context", "Lost in compaction", "share", "lower", "proposed",
        "valid facts (where none are known: numbers and identifiers written later) in the call"
        " before a compaction and not in the call after it / those in the call before",
        _FIELD, compaction_loss,
    ),
    Metric(
        "tokens_per_accepted", "context", "Tokens per accepted artefact", "tokens", "lower",
        "proposed", "tokens read and written / accepted artefacts", _FIELD, tokens_per_accepted,
    ),
)  # fmt: skip
