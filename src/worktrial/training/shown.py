"""A few answers of each checkpoint, kept to be read."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from worktrial.evidence.folder import write_whole

_FOLDER = "shown"
_MOST = 2000
"""Characters of a text."""


class Answer(NamedTuple):
    """What a model wrote, and what it was worth."""

    stratum: str
    prompt: str
    wanted: str
    text: str
    score: float


def keep_answers(folder: Path, step: int, answers: Sequence[Answer]) -> None:
    """Write a checkpoint's answers into its run's folder, clipped."""
    path = folder / _FOLDER / f"{step:06}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    clipped = [a._replace(prompt=a.prompt[:_MOST], text=a.text[:_MOST]) for a in answers]
    write_whole(path, json.dumps(clipped, ensure_ascii=False) + "\n")


def kept_answers(folder: Path) -> dict[int, list[Answer]]:
    """The answers of each checkpoint of a run; a damaged file has none."""
    found = {}
    for path in sorted((folder / _FOLDER).glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            found[int(path.stem)] = [Answer(*entry) for entry in told]
        except (OSError, ValueError, TypeError):
            continue
    return found
