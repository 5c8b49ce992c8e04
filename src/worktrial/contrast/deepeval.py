"""DeepEval's `test_run_*.json`, as it writes into `DEEPEVAL_RESULTS_FOLDER`.

Made with 4.3.1. Fields: `testCases[]` of `name`, `input`, `expectedOutput`, `metadata`, `tokenCost`
and `metricsData[]` of `name`, `score`, `error`; `hyperparameters.model`; `identifier`.
"""

from pathlib import Path
from typing import Any

from worktrial.contrast.documents import items_at, part, plain_fields
from worktrial.contrast.rows import Scored, scored_or_missing
from worktrial.errors import ConfigError
from worktrial.evidence.scores import as_number
from worktrial.protocol import digest


def is_deepeval(document: object) -> bool:
    """Whether a JSON document is one of DeepEval's test runs."""
    return isinstance(part(document, "testCases"), list)


def read_deepeval(document: object, path: Path, scorer_key: str) -> list[Scored]:
    """Every test case of a run.

    Args:
        document: What the file holds.
        path: Of the file.
        scorer_key: The metric; the first of each case by default.

    Raises:
        ConfigError: If no case has the metric.
    """
    worker = part(document, "hyperparameters", "model") or part(document, "identifier") or path.stem
    cases = items_at(document, "testCases")
    known = sorted({str(m.get("name")) for case in cases for m in items_at(case, "metricsData")})
    if scorer_key and scorer_key not in known:
        raise ConfigError(
            f"`--scorer-key` {scorer_key} must be a metric of {path}; it has "
            f"{', '.join(known) or 'none'}"
        )
    return [_scored(case, str(worker), path, scorer_key) for case in cases]


def _scored(case: dict[str, Any], worker: str, path: Path, scorer_key: str) -> Scored:
    metrics = [m for m in items_at(case, "metricsData") if scorer_key in ("", str(m.get("name")))]
    failed = not metrics or metrics[0].get("error")
    score, outcome = scored_or_missing(None if failed else as_number(metrics[0].get("score")))
    name, cost = str(case.get("name")), as_number(case.get("tokenCost"))
    return Scored(
        worker=worker,
        item=name,
        score=score,
        outcome=outcome,
        usd=cost,
        log=str(path),
        sample=name,
        sha256=digest([str(case.get("input")), str(case.get("expectedOutput"))]),
        named={"input": str(case.get("input")), **plain_fields(case.get("metadata"))},
    )
