"""Observations out of an office's log."""

from collections.abc import Iterator, Mapping

from inspect_ai.log import EvalSample
from inspect_ai.util import Store

from worktrial.evidence import Observation, SampleLog
from worktrial.evidence.usage import usage_of
from worktrial.readiness.answers import steps
from worktrial.readiness.arms import Arm
from worktrial.readiness.arms import arm as find_arm
from worktrial.readiness.conduct import conduct_of
from worktrial.readiness.extract import Judged, judged
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.panel import TRIAL
from worktrial.readiness.transcript import Transcript
from worktrial.readiness.verification import verification_use


def of_sample(found: SampleLog) -> Iterator[Observation]:
    """Every observation of one sample of an office's log."""
    item = OfficeItem.model_validate(found.sample.metadata["item"])
    arm = find_arm(found.sample.metadata["arm"])
    kept = Transcript(store=Store(found.sample.store))
    of = judged(item, arm, kept)
    used = {**usage_of(found.sample), **_checking(found.sample, item, arm, kept, of)}
    conduct = conduct_of(item, arm, kept, of)
    for metric, value in {**of.measures, **used, **conduct}.items():
        yield Observation(
            trial=TRIAL,
            worker=found.worker,
            item=item.id,
            cluster=item.id,
            stratum=item.kind,
            arm=arm.name,
            replicate=found.sample.epoch,
            step=0,
            operation=item.family,
            kind=item.seeded.kind if arm.seeded and item.seeded else item.kind,
            outcome=of.outcome,
            metric=metric,
            value=value,
            log=f"logs/{found.log}",
            sample=str(found.sample.id),
        )


def _checking(
    sample: EvalSample, item: OfficeItem, arm: Arm, kept: Transcript, of: Judged
) -> Mapping[str, float]:
    """Tokens and seconds of the generations that asked for a check, under the arm with faults."""
    if of.met is None:
        return {}
    return verification_use(sample, steps(item, arm, kept.events), of.met.checks)
