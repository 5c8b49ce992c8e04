"""What a page shows of an ablation beside its findings, out of the run's evidence and logs."""

from collections.abc import Sequence

from worktrial.evidence import Evidence, FinishedLog
from worktrial.instruction.arms import ARMS, FORMAT_ONLY, FULL
from worktrial.instruction.extract import SCORE, TRIAL
from worktrial.instruction.stories import AblateStory, stories
from worktrial.protocol import Measurement
from worktrial.reference import is_reference
from worktrial.report.contrasts import MOST_CONTRASTS, Ablated, Contrast, Told

Samples = list[tuple[str, int]]
"""Items, each with the replicate."""


def ablated(logs: Sequence[FinishedLog], evidence: Evidence, measured: Measurement) -> Ablated:
    """Gather what is shown of an ablation.

    Args:
        logs: The ablation's.
        evidence: The run's.
        measured: The ablation's part of the protocol.

    Raises:
        EvidenceError: If a log cannot be read.
    """
    mine, settings = evidence.of(TRIAL), measured.settings
    known = {(log.worker, log.arm): log for log in logs}
    ran = [arm for arm in ARMS if arm in measured.arms]
    return Ablated(
        instruction=str(settings["instruction"]),
        kept=str(settings["kept_form"]),
        arms=[story for arm in ran if (story := _under(arm, logs, mine)) is not None],
        left_out=settings["left_out"],
        told={
            worker: _told(known[worker, FULL], known[worker, FORMAT_ONLY], mine)
            for worker in mine.workers()
            if (worker, FULL) in known and (worker, FORMAT_ONLY) in known
        },
    )


def _under(arm: str, logs: Sequence[FinishedLog], evidence: Evidence) -> AblateStory | None:
    """The first item as it was shown under an arm, to whoever was shown it."""
    first = evidence.query("select item, min(replicate) from evidence group by item order by item")
    for log in sorted(logs, key=lambda log: is_reference(log.worker)):
        told = stories(log, first[:1]) if log.arm == arm else iter(())
        story = next(told, None)
        if story is not None and story.prompt:
            return story
    return None


def _told(full: FinishedLog, form: FinishedLog, evidence: Evidence) -> Told:
    """The items of a worker whose score the instruction changed the most."""
    changed = evidence.query(
        "select item, replicate, "
        "any_value(value) filter (where arm = ?) - any_value(value) filter (where arm = ?) as less "
        "from evidence where worker = ? and metric = ? group by all having less != 0 "
        "order by less desc, item, replicate",
        [FULL, FORMAT_ONLY, full.worker, SCORE],
    )
    gained = [(item, replicate) for item, replicate, less in changed if less > 0]
    lost = [(item, replicate) for item, replicate, less in reversed(changed) if less < 0]
    return Told(
        gained=_contrasts(full, form, gained[:MOST_CONTRASTS]),
        lost=_contrasts(full, form, lost[:MOST_CONTRASTS]),
        gains=len(gained),
        losses=len(lost),
    )


def _contrasts(full: FinishedLog, form: FinishedLog, wanted: Samples) -> list[Contrast]:
    one, other = ({(s.item, s.replicate): s for s in stories(log, wanted)} for log in (full, form))
    return [Contrast(one[key], other[key]) for key in wanted if key in one and key in other]
