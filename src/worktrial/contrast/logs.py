"""Inspect logs: every sample's score, from the summaries that a log keeps of its samples."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from inspect_ai.log import (
    EvalSampleSummary,
    read_eval_log,
    read_eval_log_sample_summaries,
)

from worktrial.conduct.places import NoPlace, places, reason
from worktrial.contrast.arms import LOST
from worktrial.contrast.rows import Scored, scored_or_missing
from worktrial.errors import ConfigError
from worktrial.evidence.logs import apart
from worktrial.evidence.scores import number_of
from worktrial.evidence.usage import spent_of
from worktrial.protocol import digest


def read_logs(location: str, scorer_key: str, task: str = "") -> list[Scored]:
    """Every sample of some logs, its worker the model of its log.

    Args:
        location: A log, a folder of some, or an address that fsspec opens.
        scorer_key: Which score counts; the first by default.
        task: Only of this one, with or without its package; all by default.

    Raises:
        ConfigError: If there is no log, one cannot be read, or no sample has this score.
    """
    found = [sample for sample in _all_samples(location) if _is_of(sample, task)]
    several = len({sample.task for sample in found}) > 1
    rows = [_scored(sample, scorer_key, several=several) for sample in found]
    known = {name for sample in found for name in _names(sample.summary)}
    if scorer_key and rows and all(row.score is None for row in rows):
        there = ", ".join(sorted(known)) or "none"
        raise ConfigError(
            f"`--scorer-key` {scorer_key} gives no number in {location}; its scores are {there}"
        )
    return rows


class _Sample(NamedTuple):
    """A sample's summary, and of which log it is."""

    log: str
    task: str
    model: str
    summary: EvalSampleSummary


def _all_samples(location: str) -> Iterator[_Sample]:
    for place in places([location]):
        if isinstance(place, NoPlace):
            raise ConfigError(f"{location} {place.why}")
        yield from _samples(place.name)


def _is_of(sample: _Sample, task: str) -> bool:
    return not task or sample.task == task or sample.task.endswith(f"/{task}")


def _samples(name: str) -> Iterator[_Sample]:
    try:
        header = apart(read_eval_log, name, header_only=True)
        summaries = apart(read_eval_log_sample_summaries, name)
    except Exception as error:  # whatever a damaged file makes a reader raise
        raise ConfigError(
            f"{name} cannot be read as an Inspect log ({reason(error)}); "
            "take a fresh copy of it, or leave it out"
        ) from None
    for summary in summaries:
        yield _Sample(name, header.eval.task, header.eval.model, summary)


def _scored(found: _Sample, scorer_key: str, *, several: bool) -> Scored:
    summary = found.summary
    score, outcome = scored_or_missing(number_of(summary.scores or {}, scorer_key))
    if summary.error:
        score, outcome = None, LOST
    name = str(summary.id)
    usage = (summary.model_usage or {}).get(found.model)
    used = dict(spent_of(usage))
    return Scored(
        worker=found.model,
        item=f"{found.task}/{name}" if several else name,
        score=score,
        outcome=outcome,
        replicate=summary.epoch,
        used=used,
        log=found.log,
        sample=name,
        sha256=digest([str(summary.input), str(summary.target)]),
        named={key: str(value) for key, value in (summary.metadata or {}).items()},
    )


def _names(summary: EvalSampleSummary) -> set[str]:
    """What `--scorer-key` can name."""
    return {
        f"{scorer}/{key}" if key else scorer
        for scorer, score in (summary.scores or {}).items()
        for key in (score.value if isinstance(score.value, Mapping) else ("",))
    }
