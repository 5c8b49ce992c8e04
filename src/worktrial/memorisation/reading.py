"""STAND-IN until the items part is merged: JSONL with question, answer, options, id."""

import json
from dataclasses import dataclass
from pathlib import Path

from worktrial.errors import ConfigError
from worktrial.memorisation.items import AuditItem
from worktrial.randomness import stream
from worktrial.trial import Audit


@dataclass(frozen=True)
class Note:
    """What is wrong with some rows."""

    kind: str
    count: int
    text: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Drawn:
    """Items, and what is to be said of rows."""

    items: tuple[AuditItem, ...]
    notes: tuple[Note, ...]


def read_items(audit: Audit, *, limit: int | None, seed: int) -> Drawn:
    """Read a JSONL file."""
    items = _read(Path(audit.items), dict(audit.fields), "audited")
    if limit is not None and limit < len(items):
        chosen = sorted(stream(seed, "items").sample(range(len(items)), limit))
        items = [items[n] for n in chosen]
    if audit.controls:
        items += _read(audit.controls, dict(audit.fields), "control")
    return Drawn(tuple(items), ())


def _read(path: Path, fields: dict[str, str], role: str) -> list[AuditItem]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise ConfigError(f"`ITEMS` {path} cannot be read: {error.strerror}") from None
    items = []
    for row, line in enumerate(lines, 1):
        of = json.loads(line)
        items.append(
            AuditItem(
                id=str(of.get(fields.get("id", "id"), f"{role}-{row}")),
                row=row,
                question=of[fields.get("question", "question")],
                answer=of.get(fields.get("answer", "answer")),
                options=tuple(of.get("options", ())),
                role=role,  # type: ignore[arg-type]
            )
        )
    return items
