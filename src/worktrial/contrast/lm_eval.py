"""lm-evaluation-harness's `samples_TASK_DATE.jsonl`, as `--log_samples` writes them.

Made with 0.4.13. Fields of a line: `doc_id`, `doc`, `doc_hash`, `filter`, `metrics[]` and the
metrics by their names. A model's files lie in a folder of its own, beside `results_DATE.json` with
`model_name`.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from worktrial.contrast.documents import part, plain_fields, read_json
from worktrial.contrast.rows import MOST_ROWS, Scored, scored_or_missing
from worktrial.errors import ConfigError
from worktrial.evidence.scores import as_number

SAMPLES = "samples_*.jsonl"
_NAME = re.compile(r"samples_(?P<task>.+?)(_\d{4}-\d\d-\d\dT[-\d.]+)?\.jsonl")
_LONGEST_LINE = 20_000_000


def read_lm_eval(place: Path, scorer_key: str, task: str = "") -> list[Scored]:
    """Every document of some files, its worker the model of its folder.

    Args:
        place: A file, or a folder of some at any depth.
        scorer_key: `metric` or, in the harness's own words, `metric,filter`; the first by default.
        task: Only of this one; all by default.

    Raises:
        ConfigError: If there is no file of the task, or a line is not as the harness writes it, or
            has no such metric.
    """
    every = [place] if place.is_file() else sorted(place.rglob(SAMPLES))
    files = [file for file in every if task in ("", _task(file))]
    if not files:
        known = ", ".join(sorted({_task(file) for file in every}))
        raise ConfigError(f"{place}@{task} must name one of its tasks, {known}")
    several = len({_task(file) for file in files}) > 1
    return [row for file in files for row in _file(file, scorer_key, several=several)]


def _task(path: Path) -> str:
    named = _NAME.fullmatch(path.name)
    return named["task"] if named else path.stem


def _file(path: Path, scorer_key: str, *, several: bool) -> Iterator[Scored]:
    task, worker = _task(path), _model(path)
    metric, _, filtered = scorer_key.partition(",")
    for record in _records(path):
        # Each document stands there once for each filter of the task.
        filtered = filtered or str(record.get("filter"))
        if record.get("filter") != filtered:
            continue
        yield _scored(record, worker, task if several else "", path, metric)


def _scored(record: dict[str, Any], worker: str, task: str, path: Path, metric: str) -> Scored:
    known = record["metrics"]
    if metric and metric not in known:
        raise ConfigError(
            f"`--scorer-key` {metric} must be a metric of {path}; it has "
            f"{', '.join(map(str, known))}"
        )
    score, outcome = scored_or_missing(as_number(record.get(metric or str(known[0]))))
    name = str(record["doc_id"])
    return Scored(
        worker=worker,
        item=f"{task}/{name}" if task else name,
        score=score,
        outcome=outcome,
        log=str(path),
        sample=name,
        sha256=str(record.get("doc_hash", "")),
        named=plain_fields(record.get("doc")),
    )


def _records(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            for number in range(1, MOST_ROWS + 1):
                line = file.readline(_LONGEST_LINE)
                if not line:
                    return
                if line.strip():
                    yield _record(line, f"{path}, line {number}")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from None


def _record(line: bytes, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or "doc_id" not in record or not _listed(record.get("metrics")):
        raise ConfigError(
            f"{where} must be a sample of lm-evaluation-harness, an object with doc_id and "
            "metrics; take "
            "a fresh copy, written with --log_samples"
        )
    return record


def _listed(metrics: object) -> bool:
    return isinstance(metrics, list) and bool(metrics)


def _model(path: Path) -> str:
    """What the harness calls the model, or else the name of its folder."""
    for results in sorted(path.parent.glob("results_*.json")):
        name = part(read_json(results), "model_name")
        if isinstance(name, str) and name:
            return name
    return path.parent.name or path.stem
