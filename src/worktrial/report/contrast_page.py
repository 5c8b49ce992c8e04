"""All that a page shows of a contrast."""

from collections.abc import Sequence

from markupsafe import Markup

from worktrial.contrast.arms import GAP, PROXY, SCORE, WORK
from worktrial.evidence.findings import Estimate, Findings
from worktrial.protocol import Manifest
from worktrial.report.contrast import (
    ContrastReading,
    contrast_sentence,
    counted,
    names_of,
    order_sentence,
    pairing,
    score_text,
    verdict_of,
)
from worktrial.report.drawing import Links, looks, unlinked
from worktrial.report.public_charts import rank_chart
from worktrial.report.tables import Cell, Row, Table, row_of_each
from worktrial.report.words import MISSING, number, plain, points, share, why


class ContrastPage:
    """The section about a contrast: levels, each two workers, the two orders."""

    def __init__(self, findings: Findings, manifest: Manifest, links: Links = unlinked) -> None:
        """Look up what was found."""
        self.reading, self._links = ContrastReading(findings), links
        self.proxy, self.work = names_of(manifest)
        self.pairing = pairing(manifest)
        self.order = order_sentence(self.reading)

    def sentence(self, worker: str) -> str:
        """What it says of a worker."""
        return contrast_sentence(self.reading, worker)

    def levels(self) -> Table:
        """Both scores and the gap of everyone, with what enters no number."""
        return Table(
            "Scores under both arms and the level gap in points, with intervals; scores that are "
            "missing and items without a partner enter no number",
            ["worker", self.proxy, self.work, "level gap, points", "left out"],
            row_of_each(self.reading.workers, self._level_cells),
        )

    def _level_cells(self, worker: str) -> Sequence[Cell]:
        reading, href = self.reading, self._links("contrast", worker)
        return [
            *(self._score(reading.score(worker, arm), href) for arm in (PROXY, WORK)),
            _cell(reading.gap(worker), in_points=True),
            Cell(counted(reading, worker) or "nothing"),
        ]

    def _score(self, found: Estimate | None, href: str | None) -> Cell:
        of = f"{found.clusters:,} clusters" if found is not None and found.clusters else why(found)
        return Cell(score_text(found), href, note=of)

    def pairs(self) -> Table | None:
        """Each two workers: differences under both arms, of the gaps, and the chance to flip."""
        rows = [self._pair_row(pair) for pair in self.reading.pairs]
        if not rows:
            return None
        return Table(
            "Each two workers: the points by which the first is ahead, how much more it loses, the "
            "chance that work turns the proxy's order (a tie counts half), and what may be said",
            ["workers", self.proxy, self.work, "gap of gaps", "P(flip)", "level, then apart?"],
            rows,
        )

    def _pair_row(self, pair: tuple[str, str]) -> Row:
        reading = self.reading
        differences = (
            reading.between(pair, SCORE, PROXY),
            reading.between(pair, SCORE, WORK),
            reading.between(pair, SCORE, PROXY, GAP),
        )
        claim = reading.claim("level-then-apart", pair)
        verdict = Cell(verdict_of(claim))
        flip = _cell(reading.between(pair, "p_flip", PROXY, GAP))
        cells = [*(_cell(e, in_points=True) for e in differences), flip, verdict]
        return Row(f"{pair[0]} − {pair[1]}", cells)

    def ranks(self) -> Table | None:
        """The rank of everyone under both arms; nothing of fewer than three."""
        ranked = [w for w in self.reading.workers if self.reading.get(w, "rank", WORK)]
        if not ranked:
            return None
        return Table(
            "Ranks among those under both arms, with bounds that hold for all at once, and who may "
            "be the best at work",
            ["worker", self.proxy, self.work, "may be the best at work"],
            row_of_each(ranked, self._rank_cells),
        )

    def _rank_cells(self, worker: str) -> Sequence[Cell]:
        ranks = (self.reading.get(worker, "rank", arm) for arm in (PROXY, WORK))
        best = self.reading.get(worker, "may_be_best", WORK)
        said = MISSING if best is None or best.value is None else ("yes" if best.value else "no")
        return [*(Cell(number(e, plain), note=why(e)) for e in ranks), Cell(said, note=why(best))]

    @property
    def chart(self) -> Markup | None:
        """From each rank on the proxy a line to the rank at work."""
        reading = self.reading
        ranks = {
            w: (reading.get(w, "rank", PROXY), reading.get(w, "rank", WORK))
            for w in reading.workers
            if reading.get(w, "rank", WORK) is not None
        }
        if not ranks:
            return None
        drawn = looks(reading.workers)
        return rank_chart(
            self.proxy, [(self.work, ranks)], drawn, "contrast-ranks", self._links,
            ends=("proxy", "work"),
        )  # fmt: skip


def _cell(found: Estimate | None, *, in_points: bool = False) -> Cell:
    if found is None:
        return Cell(MISSING, note="not told without a common scale")
    return Cell(number(found, points if in_points else share), note=why(found))
