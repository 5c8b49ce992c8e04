"""Runs made of scores, as `worktrial gate` finds them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from report import factory
from worktrial.evidence import Observation, RunFolder, write_evidence
from worktrial.protocol import Worker

GPT = "openai/gpt-9"


def run(
    path: Path, scores: Sequence[float] | Mapping[str, float], *, snapshot: str | None = None
) -> Path:
    """A run of one worker: for every item the score after leg 2, under two metrics."""
    path.mkdir(parents=True, exist_ok=True)
    folder = RunFolder(path)
    manifest = factory.manifest().model_copy(update={"worker": {GPT: Worker(snapshot=snapshot)}})
    folder.protocol.write_text(manifest.text())
    folder.findings.write_text(factory.findings({GPT: 0.01}).text())
    write_evidence(folder.evidence, observations(GPT, scores))
    return path


def observations(worker: str, scores: Sequence[float] | Mapping[str, float]) -> list[Observation]:
    """Rows of one worker, an item a score."""
    named = (
        scores
        if isinstance(scores, Mapping)
        else {f"json-{place:03}": score for place, score in enumerate(scores)}
    )
    return [
        Observation(
            "relay",
            worker,
            item,
            item,
            "json",
            "rewrite",
            1,
            2,
            "",
            "",
            "ok",
            metric,
            score,
            "",
            "",
        )
        for item, score in named.items()
        for metric in ("fidelity", "forward")
    ]
