"""What a page tells of a run: the samples behind its numbers, the worst of each worker first."""

from collections.abc import Mapping, Sequence

from worktrial.evidence import Evidence, FinishedLog
from worktrial.evidence.findings import Failure
from worktrial.instruction.extract import TRIAL as ABLATE
from worktrial.memorisation.measured import TRIAL as MEMORISATION
from worktrial.protocol import Manifest
from worktrial.readiness.arms import ARMS
from worktrial.readiness.stories import ItemStory
from worktrial.readiness.stories import stories as item_stories
from worktrial.reasoning.measured import CREDIT, SOLVED
from worktrial.reasoning.measured import TRIAL as REASONING
from worktrial.reasoning.stories import PuzzleStory
from worktrial.reasoning.stories import stories as puzzle_stories
from worktrial.relay.legs import LegStory, stories
from worktrial.report.ablated import ablated
from worktrial.report.audited import audited
from worktrial.report.contrasts import Ablated
from worktrial.report.generations import MOST_GENERATIONS
from worktrial.report.memorisation_page import Audited
from worktrial.report.office import ToldItem
from worktrial.search.arms import WORK
from worktrial.search.stories import ConversationStory
from worktrial.search.stories import stories as conversation_stories

_RELAYS_SHOWN = 12
_CONVERSATIONS_SHOWN = 8
_ITEMS_SHOWN = 2
"""Of each worker under each arm of an office."""
_OFFICE = "office"


def relays_told(
    manifest: Manifest,
    logs: list[FinishedLog],
    evidence: Evidence,
    failures: Sequence[Failure],
) -> dict[str, dict[str, list[LegStory]]]:
    """The worst relays of each worker under the primary arm, leg by leg."""
    if "relay" not in manifest.measurement:
        return {}
    primary = manifest.measurement["relay"].primary
    worst = evidence.of("relay").under(primary)
    shown = {}
    for log in logs:
        if log.arm != primary:
            continue
        rows = worst.query(
            "select sample from evidence where worker = ? and metric = 'fidelity' "
            "group by sample order by arg_min(value, -step), sample limit ?",
            [log.worker, _RELAYS_SHOWN],
        )
        wanted = {sample for sample, _ in _failed(failures, "relay", log)}
        shown[log.worker] = stories(log, {*wanted, *(sample for (sample,) in rows)})
    return shown


def conversations_told(
    logs: list[FinishedLog], evidence: Evidence, failures: Sequence[Failure]
) -> dict[str, list[ConversationStory]]:
    """The worst conversations of each worker where things had to be asked for."""
    shown = {}
    worst = evidence.of("search").under(WORK.name)
    for log in logs:
        if log.arm != WORK.name:
            continue
        rows = worst.query(
            "select sample from evidence where worker = ? and metric = 'f1' and step = 0 "
            "order by value, sample limit ?",
            [log.worker, _CONVERSATIONS_SHOWN],
        )
        order = [sample for sample, *_ in (*_failed(failures, "search", log), *rows)]
        found = {story.name: story for story in conversation_stories(log, set(order))}
        shown[log.worker] = [found[sample] for sample in dict.fromkeys(order) if sample in found]
    return shown


def items_told(
    logs: list[FinishedLog], evidence: Evidence, failures: Sequence[Failure]
) -> dict[str, list[ToldItem]]:
    """The worst items of each worker under each arm of an office, in order of the arms."""
    shown: dict[str, list[ToldItem]] = {}
    for log in sorted(logs, key=lambda log: list(ARMS).index(log.arm)):
        under = evidence.of(_OFFICE).under(log.arm)
        rows = under.query(
            "select sample, min(value) from evidence where worker = ? and metric = 'success' "
            "group by sample order by min(value), sample limit ?",
            [log.worker, _ITEMS_SHOWN],
        )
        order = [sample for sample, _ in (*_failed(failures, _OFFICE, log), *rows)]
        found = sorted(item_stories(log, set(order)), key=lambda s: order.index(s.sample))
        for story in found:
            shown.setdefault(log.worker, []).append(_told(under, log.worker, story))
    return shown


def generations_told(
    logs: list[FinishedLog], evidence: Evidence, failures: Sequence[Failure]
) -> dict[str, list[PuzzleStory]]:
    """Of each worker those about puzzles that are not solved first, credited most before others."""
    shown = {}
    worst = evidence.of(REASONING)
    for log in logs:
        rows = worst.query(
            "select sample, replicate, any_value(value) filter (where metric = ?) as solved, "
            "any_value(value) filter (where metric = ?) as credit from evidence where worker = ? "
            "group by all order by solved nulls last, credit desc nulls last, sample, replicate "
            "limit ?",
            [SOLVED, CREDIT, log.worker, MOST_GENERATIONS],
        )
        chosen = [
            (sample, replicate)
            for sample, replicate, *_ in (*_failed(failures, REASONING, log), *rows)
        ]
        order = list(dict.fromkeys(chosen))
        found = {(s.puzzle.id, s.replicate): s for s in puzzle_stories(log, set(order))}
        shown[log.worker] = [found[key] for key in order if key in found]
    return shown


def audit_told(
    manifest: Manifest, logs: Mapping[str, Sequence[FinishedLog]], evidence: Evidence
) -> Audited | None:
    """What is shown of an audit's items, if there was one."""
    measured = manifest.measurement.get(MEMORISATION)
    return audited(logs[MEMORISATION], evidence, measured) if measured else None


def ablation_told(
    manifest: Manifest, logs: Mapping[str, Sequence[FinishedLog]], evidence: Evidence
) -> Ablated | None:
    """What is shown of an ablation's items, if there was one."""
    measured = manifest.measurement.get(ABLATE)
    return ablated(logs[ABLATE], evidence, measured) if measured else None


def _told(evidence: Evidence, worker: str, story: ItemStory) -> ToldItem:
    rows = evidence.query(
        "select metric, value, outcome from evidence where worker = ? and sample = ? "
        "and replicate = ? order by metric",
        [worker, story.sample, story.replicate],
    )
    outcome = next((outcome for _, _, outcome in rows if outcome), "")
    return ToldItem(story, outcome, {metric: value for metric, value, _ in rows})


def _failed(failures: Sequence[Failure], trial: str, log: FinishedLog) -> list[tuple[str, int]]:
    """The failures that lie in a log and are to be told: their samples and replicates."""
    mine = (f for f in failures if (f.trial, f.worker, f.arm) == (trial, log.worker, log.arm))
    return [(f.sample, f.replicate) for f in mine]
