"""What an audit probes: items with their fresh texts, the file's canary, shards of its order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from worktrial.memorisation.courses import LIKELIHOOD_VARIANTS, custom_course
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.measured import JUDGED
from worktrial.memorisation.reading import Note, read_items
from worktrial.memorisation.reconstruction import cut
from worktrial.memorisation.variants import varied
from worktrial.memorisation.whole import (
    CANARY_ID,
    Canary,
    Shard,
    body,
    canary_of,
    shards_of,
)
from worktrial.trial import Audit

Probed = AuditItem | Canary | Shard
"""What one sample is of."""


_KINDS: Mapping[str, type[AuditItem] | type[Canary] | type[Shard]] = {
    kind.__name__: kind for kind in (AuditItem, Canary, Shard)
}


def packed(probed: Probed) -> dict[str, str]:
    """What a sample is of, as its metadata hold it.

    In one string: Inspect copies metadata several times over, and an item has twenty texts.
    """
    return {"id": probed.id, "of": type(probed).__name__, "json": probed.model_dump_json()}


def probed_from(metadata: Mapping[str, Any]) -> Probed:
    """What a sample is of, out of its metadata."""
    item = metadata["item"]
    return _KINDS[item["of"]].model_validate_json(item["json"])


@dataclass(frozen=True)
class Probes:
    """Everything that an audit probes.

    Attributes:
        items: Audited ones with their variants, and controls.
        canary: Of the file, if it has one.
        shards: Of the file's order, if it has one that tells nothing by itself.
        notes: What is wrong with rows, and what cannot be probed.
    """

    items: tuple[AuditItem, ...]
    canary: Canary | None
    shards: tuple[Shard, ...]
    notes: tuple[Note, ...]

    @property
    def all(self) -> tuple[Probed, ...]:
        """Whatever a sample can be of."""
        return (*self.items, *([self.canary] if self.canary else []), *self.shards)

    @property
    def fresh(self) -> bool:
        """Whether there is any text that a model cannot have met."""
        return any(item.variants or item.role == "control" for item in self.items)


def drawn(audit: Audit, course: str, *, seed: int, items: int | None) -> Probes:
    """Read what is audited and make its fresh texts; the same arguments draw the same.

    Args:
        audit: What is audited.
        course: How large.
        seed: From which the choice of items and their variants follow.
        items: How many, instead of the course's.

    Raises:
        ConfigError: If it cannot be read, or holds nothing to audit.
    """
    limit = custom_course(course, items=items).items
    return _drawn(audit, limit, seed, _changed(audit))


@lru_cache(maxsize=2)  # the run and each of its tasks ask for the same
def _drawn(audit: Audit, limit: int | None, seed: int, changed: Any) -> Probes:
    read = read_items(audit, limit=limit, seed=seed)
    items = varied(read.items, count=LIKELIHOOD_VARIANTS, seed=seed)
    names = {item.id for item in items}
    audited = [item for item in items if item.role == "audited"]
    canary = canary_of(_file(audit), audited)
    shards = shards_of(audited, seed=seed)
    return Probes(
        items=tuple(items),
        canary=canary if CANARY_ID not in names else None,
        shards=tuple(shard for shard in shards if shard.id not in names),
        notes=(*read.notes, *_unvaried(audited), *_too_short(items)),
    )


def set_name(audit: Audit) -> str:
    """What an instruction calls the published set."""
    return audit.name or Path(audit.items).stem or audit.items


def _file(audit: Audit) -> Path | None:
    path = Path(audit.items)
    return path if path.is_file() else None


def _changed(audit: Audit) -> tuple[tuple[int, int], ...]:
    """When its files were last written, so that a changed one is read again."""
    files = [path for path in (_file(audit), audit.controls) if path and path.is_file()]
    return tuple((path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def _unvaried(items: Sequence[AuditItem]) -> list[Note]:
    """For which items there are no fresh texts, by reason."""
    reasons: dict[str, list[int]] = {}
    for item in items:
        if not item.variants:
            reasons.setdefault(item.unvaried or "no variant", []).append(item.row)
    return [
        _note("unvaried", rows, f"{len(rows)} without a variant: {reason}")
        for reason, rows in sorted(reasons.items(), key=lambda pair: -len(pair[1]))
    ]


def _too_short(items: Sequence[AuditItem]) -> list[Note]:
    """Which items are not cut off, since their beginning would tell no text from another."""
    found = []
    for percent in JUDGED:
        if rows := [item.row for item in items if cut(body(item), percent) is None]:
            said = f"{len(rows)} too short to be cut off at {percent} %; only answered"
            found.append(_note("short", rows, said))
    return found


def _note(kind: str, rows: Sequence[int], text: str) -> Note:
    return Note(kind=kind, count=len(rows), text=text, rows=tuple(rows[:5]))
