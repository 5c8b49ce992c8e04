"""What defines an ablation as a measurement."""

from collections.abc import Mapping, Sequence
from functools import cache

from worktrial.instruction.arms import (
    ARMS_VERSION,
    FULL,
    WRONG,
    form_and_space,
    other_task,
    rewritten,
)
from worktrial.instruction.check import sample_reading
from worktrial.instruction.items import AblateItem
from worktrial.instruction.plan import Plan
from worktrial.instruction.task import TASK_VERSION
from worktrial.protocol import Measurement, Scorer, digest
from worktrial.protocol.checklist import Answered, records

ABLATE_TASK = "worktrial/ablate"
"""The name under which Inspect knows the ablation."""
SCORER_VERSION = "1"


def measurement(
    plan: Plan,
    items: Sequence[AblateItem],
    *,
    course: str,
    seed: int,
    arms: Sequence[str],
    replicates: int = 1,
) -> Measurement:
    """The ablation's part of a manifest; content by its hash.

    Args:
        plan: What was found.
        items: What is sampled.
        course: How many.
        seed: From which the choice of items follows.
        arms: Under which items are run.
        replicates: How often.
    """
    item, prompt = plan.prompts[0]
    setting = plan.setting
    return Measurement(
        task_version=TASK_VERSION,
        seed=seed,
        course={"items": len(items)},
        items={item.id: digest(item.record) for item in items},
        arms={arm: arm_hash(arm, plan) for arm in arms},
        primary=FULL if FULL in arms else arms[0],
        replicates=replicates,
        stop={"limits": "the task's own"},
        scorer=scorer(),
        settings={
            **plan.facts,
            "route": plan.route,
            "space": setting.space.record(),
            "instruction": prompt.instruction,
            "kept_form": form_and_space(prompt, item, setting),
            "left_out": dict(plan.impossible),
        },
    )


def arm_hash(arm: str, plan: Plan) -> str:
    """Hash what a worker is shown of the planned items under an arm, and how that is made."""
    setting = plan.setting
    shown = [rewritten(arm, prompt, item, setting) for item, prompt in plan.prompts]
    keys = [other_task(prompt, item, setting).key for item, prompt in plan.prompts]
    return digest(
        {
            "version": ARMS_VERSION,
            "route": plan.route,
            "template": setting.templates.get(arm),
            "shown": [[list(each.system), each.text] for each in shown],
            "keys": keys if arm == WRONG else [],
        }
    )


@cache
def scorer() -> Scorer:
    """The lenient reading: its version, and the hash of what it reads; scores are the task's."""
    return Scorer(version=SCORER_VERSION, sha256=digest(sample_reading()))


def checklist() -> list[Mapping[str, str | bool]]:
    """The Agentic Benchmark Checklist, as far as an ablation can answer it by itself."""
    return records(_CHECKLIST)


_CHECKLIST: tuple[Answered, ...] = tuple(
    Answered(*answer)
    for answer in (
        ("task validity", "The task is the one that is published", True,
         "its own solver, tools and scorer run; measurement.settings"),
        ("task validity", "Arms differ in what is declared alone", True,
         "measurement.arms: what is shown, by hash"),
        ("task validity", "The worker cannot reach the answers", False,
         "the task is another's"),
        ("outcome validity", "Success by guessing is known", True,
         "measurement.settings.space: uniform and majority"),
        ("outcome validity", "Correct answers in another form are counted apart", True,
         "metric lenient: the last option, label or number"),
        ("outcome validity", "Failures that are not the worker's are kept apart", True,
         "outcomes infrastructure and judge_fault: missing data, counted"),
    )
)  # fmt: skip
