"""What other models answered rightly: the file a user gives, and its compact form in a protocol."""

import csv
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from worktrial.comparison.panel import FloatArray
from worktrial.errors import ConfigError

Role = Literal["published", "fresh"]
MOST_ROWS = 2_000_000
MOST_MODELS = 1000
_RIGHT: Mapping[str, str] = {"1": "1", "1.0": "1", "true": "1", "0": "0", "0.0": "0", "false": "0"}
_MISSING = "-"


@dataclass(frozen=True)
class References:
    """Which items reference models answered rightly.

    Attributes:
        items: Ids of what was answered, by role: the published items, and fresh texts (a control's
            own id; an item's own id for the mean of its variants).
        models: By model and role, one character an id in that order: `1` right, `0` wrong, `-`
            not asked.
    """

    items: Mapping[Role, tuple[str, ...]]
    models: Mapping[str, Mapping[Role, str]]

    def settings(self) -> dict[str, Any]:
        """The compact form, for `measurement.settings["references"]`."""
        return {
            "items": {role: list(ids) for role, ids in self.items.items()},
            "models": {model: dict(answers) for model, answers in self.models.items()},
        }

    @classmethod
    def from_settings(cls, settings: object) -> "References | None":
        """Back from the compact form; `None` where a protocol holds none."""
        if not isinstance(settings, Mapping) or "models" not in settings:
            return None
        items: dict[Role, tuple[str, ...]] = {
            role: tuple(settings["items"].get(role, ())) for role in get_args(Role)
        }
        return cls(items, settings["models"])

    def answers(self, role: Role) -> FloatArray:
        """Shape (models, ids of the role); NaN for what was not asked."""
        value = {"1": 1.0, "0": 0.0}
        rows = [
            [value.get(answer, np.nan) for answer in answers.get(role, "")]
            for answers in self.models.values()
        ]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.items[role]))


NOBODY = References({"published": (), "fresh": ()}, {})
"""No reference models."""


def read_references(path: Path, controls: Collection[str] = ()) -> References:
    """Read rows of model, item, correct, and if need be role, from a JSONL or CSV file.

    Args:
        path: `.csv` is read as CSV, all else as JSONL.
        controls: Ids of the audit's controls: a row that names no role and one of these is of a
            fresh text, any other of a published item.

    Raises:
        ConfigError: If the file cannot be read, or a row is not what it must be.
    """
    found: dict[Role, dict[str, dict[str, str]]] = {"published": {}, "fresh": {}}
    try:
        for number, row in enumerate(islice(_rows(path), MOST_ROWS + 1), 1):
            if number > MOST_ROWS:
                raise ConfigError(f"`--references` may have {MOST_ROWS} rows, {path.name} has more")
            model, item, answer, role = _read(row, f"row {number} of {path.name}", controls)
            found[role].setdefault(item, {})[model] = answer
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(
            f"`--references` must be a JSONL or CSV file, got {path} ({type(error).__name__})"
        ) from None
    return _compact(found)


def _rows(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix.lower() == ".csv":
            yield from csv.DictReader(file)
            return
        for line in file:
            if line.strip():
                yield _parsed(line)


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _read(row: Any, where: str, controls: Collection[str]) -> tuple[str, str, str, Role]:
    fields = row if isinstance(row, Mapping) else {}
    model, item = (str(fields.get(name) or "").strip() for name in ("model", "item"))
    if not model or not item:
        raise ConfigError(f"`--references`: {where} must name model, item and correct; add them")
    answer = _RIGHT.get(str(fields.get("correct")).strip().lower())
    if answer is None:
        shown = str(fields.get("correct"))[:40]
        raise ConfigError(f"`--references`: correct must be 0 or 1 in {where}, got {shown!r}")
    role = str(fields.get("role") or ("fresh" if item in controls else "published")).strip()
    if role not in get_args(Role):
        raise ConfigError(
            f"`--references`: role must be published or fresh in {where}, got {role[:40]!r}"
        )
    return model, item, answer, "fresh" if role == "fresh" else "published"


def _compact(found: Mapping[Role, Mapping[str, Mapping[str, str]]]) -> References:
    models = sorted({m for of in found.values() for answers in of.values() for m in answers})
    if len(models) > MOST_MODELS:
        raise ConfigError(f"`--references` may name {MOST_MODELS} models, got {len(models)}")
    items: dict[Role, tuple[str, ...]] = {role: tuple(sorted(of)) for role, of in found.items()}
    answers: dict[str, dict[Role, str]] = {
        model: {
            role: "".join(found[role][item].get(model, _MISSING) for item in ids)
            for role, ids in items.items()
        }
        for model in models
    }
    return References(items, answers)
