"""Metrics of conduct as an Inspect Scout scanner, for transcripts of any source. Extra `scout`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalSample
from inspect_ai.scorer import Score
from inspect_scout import Result, Scanner, Transcript, scanner

from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.metric import Measure
from worktrial.conduct.metrics import METRICS
from worktrial.conduct.tally import measured_of
from worktrial.conduct.typed import trajectory_of


# Scout is not in the environment in which types are checked: it needs an older duckdb.
@scanner(messages="all", events="all")  # type: ignore[untyped-decorator]
def conduct(family: str = "", mapping: str = "") -> Scanner[Transcript]:
    """Every metric of conduct that can be measured in a transcript, with no model called.

    Args:
        family: Only metrics of this family; all of them, and clean success, by default.
        mapping: A file that says what your tools do, before what is built in.
    """
    tools = ToolMap.read(Path(mapping)) if mapping else ToolMap.default()

    async def scan(transcript: Transcript) -> Result:
        trajectory = trajectory_of(
            sample_of(transcript),
            log=transcript.source_uri or "",
            task=transcript.task_set or "",
            worker=transcript.model or transcript.agent or "",
            tools=tools,
        )
        measured = measured_of(trajectory)
        return _result({n: m for n, m in measured.items() if not family or _family(n) == family})

    return scan


def sample_of(transcript: Transcript) -> EvalSample:
    """A transcript as a log would hold it."""
    found: dict[str, Any] = transcript.metadata or {}
    told = found.get("sample_metadata")
    return EvalSample(
        id=transcript.task_id or transcript.transcript_id,
        epoch=transcript.task_repeat or 1,
        input="",
        target="",
        metadata=dict(told) if isinstance(told, Mapping) else {},
        messages=transcript.messages,
        scores=_scores(transcript),
        events=transcript.events,
    )


def _scores(transcript: Transcript) -> dict[str, Score] | None:
    value = transcript.score if transcript.score is not None else transcript.success
    return None if value is None else {"score": Score.model_validate({"value": value})}


def _family(name: str) -> str:
    return METRICS[name].family if name in METRICS else "completion"


def _result(measured: Mapping[str, Measure]) -> Result:
    missing = [f"{name}: {m.why}" for name, m in measured.items() if m.value is None]
    return Result(
        value={name: m.value for name, m in measured.items() if m.value is not None},
        explanation="\n".join(missing) or None,
        metadata={"places": {name: list(m.places) for name, m in measured.items() if m.places}},
    )
