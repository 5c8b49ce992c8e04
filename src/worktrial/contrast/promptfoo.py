"""promptfoo's results, as `promptfoo eval -o out.json` writes them.

Made with 0.123.1, whose `results.version` is 3. Fields: `results.results[]` of `provider.label` or
`.id`, `prompt.label`, `promptIdx`, `testIdx`, `vars`, `testCase.assert`, `testCase.description`,
`testCase.metadata`, `score`, `namedScores`, `failureReason`, `cost`, `tokenUsage`.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from worktrial.contrast.arms import LOST
from worktrial.contrast.documents import items_at, part, plain_fields
from worktrial.contrast.rows import Scored, scored_or_missing
from worktrial.errors import ConfigError
from worktrial.evidence.scores import as_number
from worktrial.protocol import digest

_VERSION = 3
_ERROR = 2
"""`failureReason` of a call that failed; 1 is of an assertion that did, which is a score."""


def is_promptfoo(document: object) -> bool:
    """Whether a JSON document is promptfoo's."""
    return isinstance(part(document, "results", "results"), list)


def read_promptfoo(document: object, path: Path, scorer_key: str) -> list[Scored]:
    """Every result: its worker is the provider, with the prompt where there are several.

    The same test again, as by `--repeat`, is a replicate.

    Args:
        document: What the file holds.
        path: Of the file.
        scorer_key: One of the named scores; the score of the whole test by default.

    Raises:
        ConfigError: If the file is of another version, or no result has the named score.
    """
    version = part(document, "results", "version")
    if version != _VERSION:
        raise ConfigError(
            f"{path} must be of promptfoo's results version {_VERSION}, got {version}; write it "
            "with a "
            "promptfoo near 0.123"
        )
    results = items_at(document, "results", "results")
    known = sorted({name for result in results for name in plain_fields(result.get("namedScores"))})
    if scorer_key and scorer_key not in known:
        raise ConfigError(
            f"`--scorer-key` {scorer_key} must be a named score of {path}; it has "
            f"{', '.join(known) or 'none'}"
        )
    several = len({result.get("promptIdx") for result in results}) > len(
        {_provider(result) for result in results}
    )
    return list(_scored(results, path, scorer_key, several=several))


def _scored(
    results: list[dict[str, Any]], path: Path, scorer_key: str, *, several: bool
) -> list[Scored]:
    items, times, rows = dict[str, str](), Counter[tuple[str, str]](), list[Scored]()
    for result in sorted(results, key=lambda result: int(result.get("testIdx") or 0)):
        test = result.get("testCase")
        content = digest([result.get("vars"), part(test, "assert"), part(test, "description")])
        item = items.setdefault(content, str(result.get("testIdx")))
        label = str(part(result, "prompt", "label"))
        worker = f"{_provider(result)} · {label}" if several else _provider(result)
        times[worker, item] += 1
        score, outcome = _judged(result, scorer_key)
        rows.append(
            Scored(
                worker=worker,
                item=item,
                score=score,
                outcome=outcome,
                replicate=times[worker, item],
                usd=as_number(result.get("cost")),
                used=_used(result),
                log=str(path),
                sample=str(result.get("testIdx")),
                sha256=content,
                named={**plain_fields(part(test, "metadata")), **plain_fields(result.get("vars"))},
            )
        )
    return rows


def _judged(result: dict[str, Any], scorer_key: str) -> tuple[float | None, str]:
    if result.get("failureReason") == _ERROR:
        return None, LOST
    named = part(result, "namedScores", scorer_key)
    return scored_or_missing(as_number(named if scorer_key else result.get("score")))


def _used(result: dict[str, Any]) -> dict[str, float]:
    names = {"tokens_in": "prompt", "tokens_out": "completion"}
    found = {n: as_number(part(result, "tokenUsage", field)) for n, field in names.items()}
    return {name: number for name, number in found.items() if number is not None}


def _provider(result: dict[str, Any]) -> str:
    """Its label, or its id; older files have the id alone."""
    named = result.get("provider")
    return str(part(named, "label") or part(named, "id") or named)
