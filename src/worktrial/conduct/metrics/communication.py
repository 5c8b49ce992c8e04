"""Communication: what survives a hand-off."""

from collections.abc import Iterator

from worktrial.conduct.events import HandOff, ModelCall, ToolCall, Trajectory
from worktrial.conduct.metric import Measure, Metric, not_measurable
from worktrial.conduct.metrics.counting import kept
from worktrial.conduct.metrics.facts import Timeline, folded, holds


def facts_handed_over(trajectory: Trajectory) -> Measure:
    """Share of the facts that an agent had met which are in the text of its hand-off."""
    if not trajectory.known.facts:
        return not_measurable("no facts are known")
    hand_offs = list(_hand_offs(trajectory))
    if not hand_offs:
        return not_measurable("no hand-off")
    lost, survived, of = list[int](), 0, 0
    for place, text, values in hand_offs:
        arrived = sum(holds(text, value) for value in values)
        survived, of = survived + arrived, of + len(values)
        lost += [place] if arrived < len(values) else []
    return kept(lost, survived, of, nothing="no agent that handed over had met a fact")


def _hand_offs(trajectory: Trajectory) -> Iterator[tuple[int, str, set[str]]]:
    """Each hand-off's place and text, and the valid values that its agent had met by then."""
    timeline = Timeline(trajectory.known.facts)
    met = _Met({folded(fact.value) for fact in trajectory.known.facts})
    for place, event in enumerate(trajectory.events):
        if isinstance(event, ModelCall):
            for piece in event.supplied:
                met.read(event.agent, piece.key, piece.text)
        elif isinstance(event, ToolCall):
            met.read(event.agent, place, event.result)
        elif isinstance(event, HandOff):
            valid = set(timeline.current(place).values())
            yield place, folded(event.text), valid & met.by(event.agent)


class _Met:
    """Which values each agent has met; each text is read once."""

    def __init__(self, values: set[str]) -> None:
        self._values = values
        self._held: dict[str | int, frozenset[str]] = {}
        self._met: dict[str, set[str]] = {}
        self._seen: set[tuple[str, str | int]] = set()

    def by(self, agent: str) -> set[str]:
        return self._met.get(agent, set())

    def read(self, agent: str, key: str | int, text: str) -> None:
        if (agent, key) in self._seen:
            return
        self._seen.add((agent, key))
        if key not in self._held:
            words = folded(text)
            self._held[key] = frozenset(each for each in self._values if holds(words, each))
        self._met.setdefault(agent, set()).update(self._held[key])


METRICS = (
    Metric(
        "facts_handed_over", "communication", "Facts handed over", "share", "higher", "proposed",
        "facts valid at a hand-off and met by the agent before it whose value is in its text"
        " / such facts",
        "Gu (2026), arXiv:2605.26112, which names it without a formula; this project's formula",
        facts_handed_over,
    ),
)  # fmt: skip
