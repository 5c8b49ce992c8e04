"""The audit's tables: how much was written from memory, where items stand, what it is worth."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worktrial.evidence.findings import Estimate
from worktrial.memorisation.arms import ARMS, PUBLISHED
from worktrial.memorisation.measured import (
    GUIDED,
    JUDGED,
    MASKED,
    ORDER,
    PREFIXES,
    RECONSTRUCTION,
    REGISTERED,
    SAMPLED,
    TRIAL,
    Tier,
    at,
)
from worktrial.memorisation.worker import Flag
from worktrial.reference import is_reference
from worktrial.report.memorisation import (
    EFFECTS,
    MemorisationReading,
    p_text,
)
from worktrial.report.tables import COSTS, Cell, Group, Grouped, Over, Row, Table, cost_cells
from worktrial.report.words import MISSING, known, number, points, share, why


def _shown(percent: int) -> str:
    return f"{percent}\N{NO-BREAK SPACE}% shown" + ("" if percent in JUDGED else ": never judged")


RECONSTRUCTED: Mapping[str, str] = {
    "exact": "the rest word for word",
    "verbatim": "longest verbatim run, share of the rest",
    "rouge": "ROUGE-L",
    "answered": "the answer is in it",
}
STATISTICS: Mapping[str, str] = {
    **{at(n, p): f"{RECONSTRUCTED[n].partition(',')[0]}, {_shown(p)}"
       for n in RECONSTRUCTION for p in PREFIXES},
    **{name: f"longest verbatim run, {_shown(int(name[-2:]))}, sampled" for name in SAMPLED},
    GUIDED: "ROUGE-L won by naming the set",
    MASKED: "a masked wrong option, word by word",
    "loss": "rank by loss",
    "zlib": "loss over compressed length",
    "min_k": "Min-K %",
    "min_k_plus": "Min-K %++",
    ORDER: "the file's own order over others",
}  # fmt: skip
FAMILIES: Mapping[str, str] = {
    "completion": "completion", "sampled": "sampled completion", "guided": "the set named",
    "masked": "masked options", "likelihood": "log-probabilities", "order": "order of the file",
}  # fmt: skip
TIERS: Mapping[Tier, str] = {"chat": "chat", "raw": "raw text", "logprobs": "log-probabilities"}
_OUTCOMES = ("ok", "refusal", "protocol", "truncated", "infrastructure")
_MOST_FLAGGED = 100


@dataclass(frozen=True, slots=True)
class MemorisationTables:
    """Makes the tables of an audit.

    Attributes:
        reading: What was found.
        anchors: Where each worker's evidence is.
        tiers: By worker and metric, what access it was measured with.
        flags: The items of each worker.
    """

    reading: MemorisationReading
    anchors: Mapping[str, str]
    tiers: Mapping[tuple[str, str], Tier]
    flags: Mapping[str, Sequence[Flag]]

    def reconstruction(self) -> Grouped:
        """How much of a text was written from its beginning, by how much of it was shown."""
        heads = [Over(_shown(p), len(ARMS), p not in JUDGED) for p in PREFIXES]
        cells = [(percent, arm) for percent in PREFIXES for arm in ARMS]
        return Grouped(
            "What the model wrote where a text was cut off, against the rest of that text: means "
            "over items as published and over fresh texts of the same form, with intervals",
            heads,
            ["measure", *([*ARMS] * len(PREFIXES))],
            [self._group(worker, list(self._reconstructed(worker, cells)))
             for worker in self.reading.workers],
            frozenset(n for n, (percent, _) in enumerate(cells) if percent not in JUDGED),
        )  # fmt: skip

    def _reconstructed(self, worker: str, cells: Sequence[tuple[int, str]]) -> Iterator[Row]:
        for name, words in RECONSTRUCTED.items():
            found = [self.reading.get(worker, at(name, p), arm) for p, arm in cells]
            linked = [arm == PUBLISHED for _, arm in cells]
            yield Row(words, [self._cell(e, worker, linked=link)
                              for e, link in zip(found, linked, strict=True)])  # fmt: skip

    def others(self) -> Grouped | None:
        """What else was asked about the texts; `None` where nothing else was."""
        groups = [self._group(worker, list(self._other(worker))) for worker in self.reading.workers]
        asked = [group for group in groups if group.rows]
        caption = (
            "What else was asked of a text: means over items as published and over fresh texts of "
            "the same form, with intervals"
        )
        return Grouped(caption, [], ["measure", *ARMS], asked) if asked else None

    def _other(self, worker: str) -> Iterator[Row]:
        for metric in (*SAMPLED, GUIDED, MASKED):
            found = {arm: self.reading.get(worker, metric, arm) for arm in ARMS}
            if any(found.values()):
                cells = [self._cell(e, worker, linked=arm == PUBLISHED) for arm, e in found.items()]
                yield Row(STATISTICS[metric], cells)

    def statistics(self) -> Grouped:
        """Where the items stand among fresh texts, statistic by statistic."""
        return Grouped(
            "Where the items stand among fresh texts: mean rank, from 0 to 1; .5 where nothing is "
            "known, more where items are more familiar. A family of statistics has one voice, and "
            "the p of all families is a Cauchy combination",
            [],
            ["statistic", "access", "mean rank", "p"],
            [self._group(w, list(self._standings(w))) for w in self.reading.workers],
        )

    def _standings(self, worker: str) -> Iterator[Row]:
        for family, metrics in self.reading.families(worker).items():
            for metric in metrics:
                yield self._standing(worker, metric)
            combined = self.reading.standing(worker, family)
            if combined is not None and family not in metrics:
                yield Row(f"{FAMILIES[family]}, together", _p_alone(combined))
        canary = self.reading.canary(worker)
        if canary is not None:
            yield Row("the file's planted identifier, written down", _canary(canary))
        yield Row("all families", _p_alone(self.reading.exposure(worker)))

    def _standing(self, worker: str, metric: str) -> Row:
        found = self.reading.standing(worker, metric)
        tier = self.tiers.get((worker, metric))
        decides = tier is not None and REGISTERED[tier] == metric
        notes = ["decides single items"] if decides else []
        if found is not None and found.method and "own reorderings" in found.method:
            notes.append("how far above its own reorderings, against controls above theirs")
        access = Cell(MISSING if tier is None else TIERS[tier], note="; ".join(notes))
        return Row(STATISTICS[metric], [access, self._cell(found, worker), Cell(p_text(found))])

    def effects(self) -> Grouped:
        """By how much the score is too high, three ways, and what decides."""
        return Grouped(
            "By how much the score is too high, in points of accuracy, three ways; only the first "
            "decides",
            [],
            ["estimate", "points", "p", "could have shown", "items"],
            [self._group(w, list(self._effects(w))) for w in self.reading.workers],
        )

    def _effects(self, worker: str) -> Iterator[Row]:
        claim = self.reading.claim(worker, "inflation")
        seen = claim.detectable if claim else None
        for name, found in self.reading.effects(worker).items():
            known = found is not None and found.value is not None
            href = self._href(worker) if known else None
            value = Cell(number(found, points), href, note=_why(found))
            shown = Cell(points(seen) if name == "variants" and seen is not None else MISSING)
            many = found.items if found is not None and known else None
            counted = Cell(MISSING if many is None else f"{many:,}")
            yield Row(EFFECTS[name], [value, Cell(p_text(found)), shown, counted])

    def flagged(self, worker: str) -> Table:
        """Whether flagged items are answered rightly more often than others."""
        mine = self.flags.get(worker, ())
        parts = {
            "flagged": [f for f in mine if f.flagged],
            "not flagged": [f for f in mine if not f.flagged and not math.isnan(f.p)],
            "without a score": [f for f in mine if math.isnan(f.p)],
        }
        return Table(
            "Items by flag, and how often they are answered rightly as published. A flag may track "
            "difficulty, so the difference between the rows is not what exposure is worth",
            ["items", "how many", "answer judged", "right"],
            [Row(name, _answered(part)) for name, part in parts.items()],
        )

    def standing_out(self, worker: str) -> Table:
        """The items that are flagged, those that stand out most first."""
        mine = sorted((f for f in self.flags.get(worker, ()) if f.flagged), key=_order)
        more = len(mine) - _MOST_FLAGGED
        left = f"; {more:,} more are in the evidence" if more > 0 else ""
        return Table(
            f"Items that are flagged, those that stand out most first{left}",
            ["item", "score", "p", "answered rightly"],
            [
                Row(f.item, [Cell(_maybe(f.score)), Cell(_maybe(f.p)), Cell(_maybe(f.correct))])
                for f in mine[:_MOST_FLAGGED]
            ],
        )

    def outcomes(self) -> Table:
        """What became of what was asked."""
        counted = [o for o in self.reading.findings.outcomes if o.trial == TRIAL]
        seen = list(dict.fromkeys([*_OUTCOMES, *(o.outcome for o in counted)]))
        rows = [
            Row(
                worker,
                [Cell(f"{sum(o.count for o in counted if (o.worker, o.outcome) == (worker, n)):,}")
                 for n in seen],
                is_reference(worker),
            )
            for worker in self.reading.workers
        ]  # fmt: skip
        return Table("What was asked, by outcome, over both arms", ["worker", *seen], rows)

    def cost(self) -> Table:
        """What each worker used; a price only where one is known."""
        spent = {c.worker: c for c in self.reading.findings.cost if c.trial == TRIAL}
        rows = [
            Row(worker, cost_cells(spent.get(worker)), is_reference(worker))
            for worker in self.reading.workers
        ]
        return Table("Tokens, time and money, over all calls", ["worker", *COSTS], rows)

    def _group(self, worker: str, rows: Sequence[Row]) -> Group:
        return Group(worker, rows, is_reference(worker))

    def _cell(self, estimate: Estimate | None, worker: str, *, linked: bool = True) -> Cell:
        known = estimate is not None and estimate.value is not None
        href = self._href(worker) if known and linked else None
        return Cell(number(estimate), href, note=why(estimate))

    def _href(self, worker: str) -> str | None:
        return f"#{self.anchors[worker]}" if worker in self.anchors else None


def _p_alone(estimate: Estimate | None) -> list[Cell]:
    """Of several statistics together there is a p and no rank."""
    missing = estimate is None or estimate.p_value is None
    return [Cell(""), Cell(""), Cell(p_text(estimate), note=_why(estimate) if missing else "")]


def _canary(found: Estimate) -> list[Cell]:
    said = MISSING if found.value is None else "yes" if found.value else "no"
    return [Cell(""), Cell(said, note=why(found)), Cell(p_text(found))]


def _why(estimate: Estimate | None) -> str:
    """Why it is missing; of a number, how it was made and what was assumed."""
    if estimate is None or estimate.value is None:
        return f"not measured: {why(estimate)}"
    return estimate.method or ""


def _answered(part: Sequence[Flag]) -> list[Cell]:
    judged = [f.correct for f in part if not math.isnan(f.correct)]
    mean = known(sum(judged) / len(judged) if judged else None)
    return [Cell(f"{len(part):,}"), Cell(f"{len(judged):,}"), Cell(mean)]


def _order(flag: Flag) -> tuple[float, float, str]:
    return (flag.p, -flag.score, flag.item)


def _maybe(value: float) -> str:
    return MISSING if math.isnan(value) else share(value)
