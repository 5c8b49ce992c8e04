"""All that a page shows of an audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from worktrial.evidence.findings import Findings
from worktrial.memorisation.measured import TRIAL, Tier
from worktrial.memorisation.worker import Flag
from worktrial.reference import is_reference
from worktrial.report.drawing import Links, looks, unlinked
from worktrial.report.memorisation import WORDS, MemorisationReading, Said, said
from worktrial.report.memorisation_charts import effects_chart, items_a_dot, items_chart
from worktrial.report.memorisation_tables import MemorisationTables
from worktrial.report.reconstructions import MOST_ITEMS, Reconstructions, reconstructions
from worktrial.report.tables import Table
from worktrial.report.words import one_line

_MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Audited:
    """What a page shows of an audit beside its findings.

    Attributes:
        flags: The items of each worker.
        told: Texts that each worker continued.
        tiers: By worker and metric, what access it was measured with.
        items: How many items were audited.
        rate: Of false discoveries among the flagged; `None` where it is not known.
        blind: Whether items can be told from fresh texts without the model, in words; empty where
            that is not known.
        notes: What is wrong with rows of the file, a sentence a kind; `None` where it is not known.
        unvaried: Of how many items no fresh text could be made, by the reason why.
    """

    flags: Mapping[str, Sequence[Flag]] = field(default_factory=dict)
    told: Reconstructions = field(default_factory=dict)
    tiers: Mapping[tuple[str, str], Tier] = field(default_factory=dict)
    items: int = 0
    rate: float | None = None
    blind: str = ""
    notes: Sequence[str] | None = None
    unvaried: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plotted:
    """The items of a worker, drawn and counted; a dot is at most `each` of them."""

    worker: str
    chart: Markup
    each: int
    counted: Table
    flagged: Table


class MemorisationPage:
    """All that a page shows of an audit."""

    def __init__(self, findings: Findings, audited: Audited, links: Links = unlinked) -> None:
        """Look up what was found, and cut what is told to what fits."""
        self.reading = MemorisationReading(findings)
        self.audited = audited
        self.evidence = reconstructions(self.reading.workers, audited.told, audited.flags)
        anchors = {worker.name: worker.anchor for worker in self.evidence}
        self.tables = MemorisationTables(self.reading, anchors, audited.tiers, audited.flags)
        self._links = links
        self.effects = effects_chart(self.reading, links)
        self.plotted = [self._plotted(n, w) for n, w in enumerate(self._shown(), 1)]
        self.words = WORDS
        self.most = MOST_ITEMS

    def said(self, worker: str) -> Said:
        """What it says of a worker."""
        return said(self.reading, worker)

    @property
    def without_variants(self) -> int:
        """Of how many items a program can make no fresh text."""
        return sum(self.audited.unvaried.values())

    def unvaried(self) -> list[tuple[int, str]]:
        """The same by the reason why, the most frequent first."""
        ranked = sorted(self.audited.unvaried.items(), key=lambda of: (-of[1], of[0]))
        return [(many, one_line(why)) for why, many in ranked[:_MOST_LINES]]

    def notes(self) -> list[str]:
        """What is wrong with rows of the file."""
        return [one_line(note) for note in (self.audited.notes or ())[:_MOST_LINES]]

    def _shown(self) -> list[str]:
        """Whose items are drawn: of those on trial, or of reference workers where nobody is."""
        having = [worker for worker in self.reading.workers if self.audited.flags.get(worker)]
        return [worker for worker in having if not is_reference(worker)] or having

    def _plotted(self, number: int, worker: str) -> Plotted:
        look = looks(self.reading.workers)[worker]
        return Plotted(
            worker,
            items_chart(
                f"memory{number}",
                worker,
                look,
                self.audited.flags[worker],
                self._links(TRIAL, worker),
            ),
            items_a_dot(self.audited.flags[worker]),
            self.tables.flagged(worker),
            self.tables.standing_out(worker),
        )
