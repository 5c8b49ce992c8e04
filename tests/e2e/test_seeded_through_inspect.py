"""The seeded-fault arm through Inspect: what a worker does there is what it does without."""

from pathlib import Path

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.event import ToolEvent
from inspect_ai.util import Store

from worktrial.evidence import read_samples
from worktrial.evidence.logs import SampleLog
from worktrial.readiness.arms import ARMS
from worktrial.readiness.check import measure
from worktrial.readiness.conduct import office_trajectory
from worktrial.readiness.draw import custom_course, draw_items
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.observed import of_sample
from worktrial.readiness.task import office
from worktrial.readiness.transcript import Transcript

pytestmark = pytest.mark.xdist_group("seeded-inspect")

ITEMS, SEED = 8, 7
SEEDED = ARMS["seeded"]
WORKERS = ("oracle", "trusting")
METRICS = (
    "success", "fault_met", "fault_detected", "fault_repaired", "turns_to_repair",
    "verification_calls",
)  # fmt: skip


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[SampleLog]]:
    logs = inspect_eval(
        office(items=ITEMS, seed=SEED, arm="seeded"),
        model=[f"reference/{name}" for name in WORKERS],
        display="none",
        log_dir=str(tmp_path_factory.mktemp("seeded")),
    )
    return {
        log.eval.model.removeprefix("reference/"): list(read_samples(Path(log.location)))
        for log in logs
    }


@pytest.mark.parametrize("name", WORKERS)
def test_through_inspect_a_fault_is_met_and_caught_as_without(
    name: str, samples: dict[str, list[SampleLog]]
) -> None:
    drawn = draw_items(custom_course("pocket", items=ITEMS), seed=SEED)
    items = {item.id: item for item in drawn if SEEDED.takes(item)}
    assert {str(found.sample.id) for found in samples[name]} == set(items)
    assert {item.seeded.kind for item in items.values() if item.seeded} >= {"timeout"}
    for found in samples[name]:
        item, rows = items[str(found.sample.id)], list(of_sample(found))
        values = {row.metric: row.value for row in rows}
        expected = measure(name, item, SEEDED)
        assert {m: values.get(m) for m in METRICS} == {m: expected.get(m) for m in METRICS}
        assert item.seeded is not None
        assert {row.kind for row in rows} == {item.seeded.kind}
        tokens = values["verification_tokens"]
        assert tokens is not None
        assert (tokens > 0) is bool(expected["verification_calls"])


def test_calls_of_the_trajectory_come_in_the_order_of_the_log(
    samples: dict[str, list[SampleLog]],
) -> None:
    for found in samples["oracle"]:
        kept = Transcript(store=Store(found.sample.store))
        item = OfficeItem.model_validate(found.sample.metadata["item"])
        calls = [call for _, call in office_trajectory(item, SEEDED, kept).tool_calls()]
        logged = [e for e in found.sample.events if isinstance(e, ToolEvent)]
        assert [(c.tool, dict(c.arguments)) for c in calls] == [
            (e.function, e.arguments) for e in logged
        ]
        assert [c.result for c in calls] == [
            e.error.message if e.error else str(e.result) for e in logged
        ]
