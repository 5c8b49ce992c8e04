"""A table of scores: CSV or Parquet of worker, item, arm, score, and what else is known."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from worktrial.contrast.arms import ARMS, UNJUDGED
from worktrial.contrast.rows import MOST_ROWS, Arms, Scored, name_of, scored_or_missing
from worktrial.errors import ConfigError
from worktrial.evidence.tabular import read_rows

NEEDED = ("worker", "item", "arm", "score")
ALLOWED = ("cluster", "replicate", "cost")
SUFFIXES = (".csv", ".tsv", ".parquet")
_SHOWN = 120
"""Characters of what stands in a file, where a message shows it."""
_BLANK = frozenset({"", "nan", "na", "n/a", "null", "none"})


def read_table(path: Path, names: Mapping[str, str]) -> tuple[Arms, tuple[str, ...]]:
    """Read a table.

    Args:
        path: A `.csv`, `.tsv` or `.parquet` file.
        names: What the column `arm` calls each of the two arms.

    Returns:
        The rows under each arm, and the columns that were not used.

    Raises:
        ConfigError: If it cannot be read, or a column or a value is not as it must be.
    """
    columns, rows = read_rows(path, most=MOST_ROWS)
    unused = _checked_columns(path, columns)
    arms: dict[str, list[Scored]] = {arm: [] for arm in ARMS}
    known = {name: arm for arm, name in names.items()}
    for number, cells in enumerate(rows, 1):
        row = dict(zip(columns, cells, strict=True))
        where = f"{path}, row {number}"
        arm = known.get(str(row["arm"]).strip())
        if arm is None:
            raise ConfigError(
                f"{where}: `arm` must be {' or '.join(names.values())}; got "
                f"{str(row['arm'])[:_SHOWN]!r}; name yours with --proxy NAME and --work NAME"
            )
        arms[arm].append(_scored(row, where, str(path)))
    return arms, unused


def _checked_columns(path: Path, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that are not used; one that may be misspelt is not let pass.

    A cluster that is overlooked would make every interval too narrow.
    """
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise ConfigError(
            f"{path} must have the columns {', '.join(NEEDED)}; it lacks {', '.join(missing)} and "
            f"has {', '.join(columns)[:_SHOWN] or 'none'}"
        )
    unused = tuple(name for name in columns if name not in (*NEEDED, *ALLOWED))
    for name in unused:
        if meant := get_close_matches(name, ALLOWED, 1, 0.75):
            raise ConfigError(f"{path} has a column {name!r}; write {meant[0]!r}, or leave it out")
    return unused


def _scored(row: Mapping[str, Any], where: str, log: str) -> Scored:
    for name in ("worker", "item"):
        if row[name] is None or not str(row[name]).strip():
            raise ConfigError(f"{where}: `{name}` must not be blank; name it")
    score = _number(row["score"], f"{where}: `score`")
    value, outcome = scored_or_missing(score)
    cluster = row.get("cluster")
    return Scored(
        worker=name_of(str(row["worker"]).strip()),
        item=name_of(str(row["item"]).strip()),
        score=value,
        outcome=UNJUDGED if value is None else outcome,
        cluster=None
        if cluster is None or not str(cluster).strip()
        else name_of(str(cluster).strip()),
        replicate=_replicate(row.get("replicate"), where),
        usd=_number(row.get("cost"), f"{where}: `cost`"),
        log=log,
        sample=name_of(str(row["item"]).strip()),
    )


def _number(value: object, what: str) -> float | None:
    """A number; a blank or NaN is missing, and infinity is none."""
    text = str("" if value is None else value).strip()
    if text.lower() in _BLANK:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("inf")
    if abs(number) == float("inf"):
        raise ConfigError(
            f"{what} must be a finite number, or blank where it is missing; got {text[:80]!r}"
        )
    return number


def _replicate(value: object, where: str) -> int:
    number = _number(value, f"{where}: `replicate`")
    if number is None:
        return 1
    if number != int(number) or not 1 <= number < 2**31:
        raise ConfigError(f"{where}: `replicate` must be a whole number from 1; got {value}")
    return int(number)
