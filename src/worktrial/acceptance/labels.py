"""Labels as a user brings them: which jobs were accepted by those who asked for them."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from worktrial.errors import ConfigError
from worktrial.evidence.tabular import read_rows

NEEDED = ("worker", "item", "accepted")
OPTIONAL = ("minutes", "trial", "replicate")
MOST_LABELS = 1_000_000
_WORDS = {"yes": True, "no": False, "y": True, "n": False, "true": True, "false": False,
          "1": True, "0": False, "1.0": True, "0.0": False}  # fmt: skip
_BLANK = frozenset({"", "nan", "na", "n/a", "null", "none"})


class Label(NamedTuple):
    """What became of a job.

    Attributes:
        worker: Who did it.
        item: Which job.
        accepted: Whether it was accepted; `None` where nobody has said.
        minutes: That it took to mend, or to do again; `None` where that is not known.
        trial: Of which trial; of any that has this worker and item by default.
        replicate: Which repetition; of all together by default.
    """

    worker: str
    item: str
    accepted: bool | None
    minutes: float | None = None
    trial: str | None = None
    replicate: int | None = None

    @property
    def job(self) -> tuple[str | None, str, str]:
        """What it is of, whichever repetition."""
        return self.trial, self.worker, self.item


def read_labels(path: Path) -> tuple[Label, ...]:
    """Read labels: CSV or Parquet of worker, item, accepted, and any of `OPTIONAL`.

    `job` may stand for `item`. A blank `accepted` is a label that is missing.

    Raises:
        ConfigError: If it cannot be read, a column is wrong, a value is not as it must be, or a
            job stands twice.
    """
    columns, rows = read_rows(path, most=MOST_LABELS)
    names = _checked_columns(path, columns)
    labels: list[Label] = []
    seen: dict[tuple[object, ...], int] = {}
    spoken: dict[tuple[object, ...], bool] = {}
    for number, cells in enumerate(rows, 1):
        label = _label(dict(zip(names, cells, strict=True)), f"{_called(path)}, row {number}")
        key = (*label.job, label.replicate)
        single = label.replicate is not None
        if key in seen or spoken.setdefault(label.job, single) is not single:
            raise ConfigError(
                f"{_called(path)}, row {number}: a job must stand once; {label.worker[:60]!r}, "
                f"{label.item[:60]!r} stands before; leave one out, or number them in the column "
                "replicate"
            )
        seen[key] = number
        labels.append(label)
    if not labels:
        raise ConfigError(f"{_called(path)} holds no label; write one a line")
    return tuple(labels)


def yes_or_no(value: object, where: str) -> bool | None:
    """A label as a person writes it; `None` where it is blank.

    Raises:
        ConfigError: If it is neither yes nor no.
    """
    text = str("" if value is None else value).strip().lower()
    if text in _BLANK:
        return None
    if text not in _WORDS:
        raise ConfigError(
            f"{where}: `accepted` must be yes or no, or blank where nobody has said; got "
            f"{text[:60]!r}"
        )
    return _WORDS[text]


def minutes_of(value: object, where: str) -> float | None:
    """Minutes from 0; `None` where they are blank.

    Raises:
        ConfigError: If they are no such number.
    """
    text = str("" if value is None else value).strip()
    if text.lower() in _BLANK:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ConfigError(
            f"{where}: `minutes` must be a number from 0, or blank where it is not known; got "
            f"{text[:60]!r}"
        )
    return number


def _called(path: Path) -> str:
    return f"`--accepted` {path}"


def _checked_columns(path: Path, columns: Sequence[str]) -> list[str]:
    """The names of the columns, `job` read as `item`; nothing that is misspelt is let pass."""
    names = ["item" if name == "job" else name for name in columns]
    allowed = (*NEEDED, *OPTIONAL)
    if set(names) - set(allowed) or set(NEEDED) - set(names) or len(set(names)) < len(names):
        raise ConfigError(
            f"{_called(path)} must have the columns {', '.join(NEEDED)}, and may have "
            f"{', '.join(OPTIONAL)}; got {', '.join(columns)[:120] or 'none'}"
        )
    return names


def _label(row: Mapping[str, Any], where: str) -> Label:
    worker, item, trial = (
        str("" if row.get(name) is None else row[name]).strip()
        for name in ("worker", "item", "trial")
    )
    for name, text in (("worker", worker), ("item", item)):
        if not text:
            raise ConfigError(f"{where}: `{name}` must not be blank; name it")
    return Label(
        worker=worker,
        item=item,
        accepted=yes_or_no(row["accepted"], where),
        minutes=minutes_of(row.get("minutes"), where),
        trial=trial or None,
        replicate=_replicate(row.get("replicate"), where),
    )


def _replicate(value: object, where: str) -> int | None:
    text = str("" if value is None else value).strip()
    if text.lower() in _BLANK:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (1 <= number < 2**31 and number == int(number)):
        raise ConfigError(f"{where}: `replicate` must be a whole number from 1; got {text[:60]!r}")
    return int(number)
