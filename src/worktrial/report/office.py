"""All that a page shows of an office, and the items behind its numbers, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worktrial.evidence import Source
from worktrial.evidence.findings import Findings
from worktrial.readiness.stories import ItemStory, Line, TurnStory
from worktrial.report.diffs import cut
from worktrial.report.drawing import Links, unlinked
from worktrial.report.readiness import ReadinessReading, readiness_sentence
from worktrial.report.readiness_charts import dimension_chart, pqsr_chart
from worktrial.report.readiness_tables import ReadinessTables
from worktrial.report.words import known, one_line

_MOST_EVENTS = 60
"""Of a turn."""
_MOST_TURNS = 12
_TEXT = 400
_HIDDEN = ("seconds", "tokens_in", "tokens_out", "tokens_cached", "op", "tr", "fm")


@dataclass(frozen=True, slots=True)
class ToldItem:
    """An item behind the numbers: its story, and what was made of it.

    Attributes:
        story: What happened.
        outcome: What became of it.
        measures: By name; `None` where it is missing.
    """

    story: ItemStory
    outcome: str
    measures: Mapping[str, float | None]


Told = Mapping[str, Sequence[ToldItem]]
"""By worker."""


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One turn, cut to what fits: its heading, the request, its events and how many more."""

    heading: str
    request: str
    lines: tuple[Line, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item under one arm, ready to be shown."""

    name: str
    arm: str
    outcome: str
    success: str
    scores: tuple[tuple[str, str], ...]
    turns: tuple[ShownTurn, ...]
    left_out: int
    between: int
    source: Source | None


@dataclass(frozen=True, slots=True)
class ShownWorker:
    """All items of a worker that are shown."""

    anchor: str
    name: str
    items: tuple[ShownItem, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The samples that are told."""
        return tuple(item.source for item in self.items if item.source)


class OfficePage:
    """All that a page shows of an office."""

    def __init__(self, findings: Findings, told: Told, links: Links = unlinked) -> None:
        """Look up what was found, and cut what is told to what fits."""
        self.reading = ReadinessReading(findings)
        self.evidence = shown(self.reading.workers, told)
        anchors = {worker.name: worker.anchor for worker in self.evidence}
        self.tables = ReadinessTables(self.reading, anchors)
        self.withheld = self.reading.withheld
        self.pqsr = pqsr_chart(self.reading, links)
        self.dimension = dimension_chart(self.reading, links)

    def sentence(self, worker: str) -> str:
        """What it says of a worker."""
        return readiness_sentence(self.reading, worker)


def shown(workers: Sequence[str], told: Told) -> list[ShownWorker]:
    """What a page shows of every worker that has an item to show."""
    return [
        ShownWorker(f"o{n}", worker, tuple(map(_item, told[worker])))
        for n, worker in enumerate(workers, 1)
        if told.get(worker)
    ]


def _item(told: ToldItem) -> ShownItem:
    story = told.story
    scores = {n: v for n, v in told.measures.items() if n not in _HIDDEN}
    return ShownItem(
        name=story.name,
        arm=story.arm,
        outcome=told.outcome,
        success=known(told.measures.get("success")),
        scores=tuple((name.replace("_", " "), _score(value)) for name, value in scores.items()),
        turns=tuple(map(_turn, story.turns[:_MOST_TURNS])),
        left_out=max(0, len(story.turns) - _MOST_TURNS),
        between=story.between,
        source=story.source,
    )


def _score(value: float | None) -> str:
    return known(value) if value is None or value <= 1 else f"{value:g}"


def _turn(turn: TurnStory) -> ShownTurn:
    return ShownTurn(
        heading=f"session {turn.session}, turn {turn.number}",
        request=cut(turn.request),
        lines=tuple(map(_line, turn.lines[:_MOST_EVENTS])),
        left_out=max(0, len(turn.lines) - _MOST_EVENTS),
    )


def _line(line: Line) -> Line:
    if line.kind != "said":
        return line._replace(text=one_line(line.text, _TEXT))
    return line._replace(text=cut(line.text)) if line.text.strip() else Line("said nothing", "")
