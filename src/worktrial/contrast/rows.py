"""Scores as they were brought: one row a replicate, checked together before anything is made."""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from worktrial.contrast.arms import ARMS, BY_ID, BY_NOTHING, LOST, OK, PROXY, UNJUDGED, WORK
from worktrial.errors import ConfigError
from worktrial.visible import visible

MOST_ROWS = 2_000_000
_LONGEST = 120
"""Characters of a name; a longer one is cut and ends in its hash."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Scored:
    """One score and what it is of.

    Attributes:
        worker: Who was on trial.
        item: Its own id under its arm.
        score: On whatever scale; `None` where it is missing.
        outcome: `ok`, or whose fault it is that there is none.
        cluster: The unit that is independent of others, if it was named.
        replicate: Which repetition, from 1.
        usd: What it cost, in US dollars, if that is known.
        used: What it used beside, by the names of evidence.
        log: Where it was read.
        sample: Its id there.
        sha256: Of all that the item holds, if that is known.
        named: What it can be paired or grouped by.
    """

    worker: str
    item: str
    score: float | None
    outcome: str = OK
    cluster: str | None = None
    replicate: int = 1
    usd: float | None = None
    used: Mapping[str, float] = field(default_factory=dict)
    log: str = ""
    sample: str = ""
    sha256: str = ""
    named: Mapping[str, str] = field(default_factory=dict)


Arms = Mapping[str, Sequence[Scored]]
"""The rows under each arm."""


def scored_or_missing(score: float | None) -> tuple[float | None, str]:
    """A score and its outcome; one that nobody gave is missing."""
    known = score is not None and math.isfinite(score)
    return (score, OK) if known else (None, UNJUDGED)


def name_of(value: object) -> str:
    """A name out of a file: valid text of bounded length, different for what differs."""
    text = (
        str(value)
        .encode("utf-8", "replace")
        .decode("utf-8")
        .replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 14]}… {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def placed(arms: Arms, pair: str | None, cluster: str | None) -> Arms:
    """The same rows under the items and clusters that the user means.

    Args:
        arms: As they were read.
        pair: `id`, `none` or the field by which items are the same under both arms.
        cluster: The field that holds the independent unit.

    Raises:
        ConfigError: If no row of an arm has such a field.
    """
    fields = {"pair": None if pair in (None, BY_ID, BY_NOTHING) else pair, "cluster": cluster}
    for option, name in fields.items():
        for arm, rows in arms.items():
            if name is not None and rows and not any(name in row.named for row in rows):
                known = ", ".join(sorted({n for row in rows[:1000] for n in row.named})) or "none"
                raise ConfigError(
                    f"`--{option}` {_shown(name)} must be a field of the samples; those under "
                    f"{arm} have {_shown(known)}"
                )
    return {
        arm: [_placed(row, fields["pair"], cluster) for row in rows] for arm, rows in arms.items()
    }


def _placed(row: Scored, pair: str | None, cluster: str | None) -> Scored:
    item = row.item if pair is None else row.named.get(pair, f"{row.item} without {pair}")
    unit = row.cluster if cluster is None else row.named.get(cluster, f"{item} without {cluster}")
    return replace(row, item=name_of(item), cluster=None if unit is None else name_of(unit))


def renamed(arms: Arms, names: Mapping[str, str]) -> Arms:
    """The same rows with workers under other names.

    Raises:
        ConfigError: If nobody has the old name.
    """
    there = {row.worker for rows in arms.values() for row in rows}
    for name in names:
        if name not in there:
            raise ConfigError(f"`--rename` {_shown(name)}=… names nobody; there are {_some(there)}")
    return {
        arm: [replace(row, worker=names.get(row.worker, row.worker)) for row in rows]
        for arm, rows in arms.items()
    }


def check(arms: Arms, *, paired: bool) -> None:
    """Refuse what no number can be made of.

    Args:
        arms: The rows.
        paired: Whether items are the same under both arms.

    Raises:
        ConfigError: Naming the arm, the rule, the value and the remedy.
    """
    for arm in ARMS:
        if not any(row.score is not None for row in arms[arm]):
            lost = len(arms[arm])
            raise ConfigError(
                f"the {arm} arm must hold scores; it has {lost:,} rows, none of them with a score"
            )
    _check_workers(arms)
    for arm, rows in arms.items():
        _check_once(arm, rows)
        _check_one_scale(arm, rows)
        _check_clusters(rows)
    if paired:
        _check_clusters([row for rows in arms.values() for row in rows])


def _check_workers(arms: Arms) -> None:
    one, other = ({row.worker for row in arms[arm]} for arm in ARMS)
    if not one & other:
        raise ConfigError(
            f"no worker is under both arms: proxy has {_some(one)}; work has {_some(other)}; if "
            "two of "
            "them are one, say so with --rename OLD=NEW"
        )


def _check_once(arm: str, rows: Sequence[Scored]) -> None:
    counts = Counter((row.worker, row.item, row.replicate) for row in rows)
    twice = [key for key, count in counts.items() if count > 1]
    if twice:
        worker, item, replicate = twice[0]
        more = f" (and {len(twice) - 1:,} more)" if len(twice) > 1 else ""
        raise ConfigError(
            f"each worker, item, arm and replicate must stand once; {_shown(worker)}, "
            f"{_shown(item)}, "
            f"{arm}, replicate {replicate} stands {counts[twice[0]]} times{more}; number the "
            "replicates, keep one of two logs, or pair by a field that differs between items"
        )


def _check_one_scale(arm: str, rows: Sequence[Scored]) -> None:
    """One worker in shares and another in percent would be put in an order that means nothing."""
    most: dict[str, float] = defaultdict(float)
    parts = set()
    for row in rows:
        if row.score is not None:
            most[row.worker] = max(most[row.worker], row.score)
            parts |= {row.worker} if 0 < row.score < 1 else set()
    shares = sorted(worker for worker in parts if most[worker] <= 1)
    others = sorted(worker for worker in most if most[worker] > 1)
    if shares and others:
        raise ConfigError(
            f"scores of an arm must be on one scale; under {arm} those of {_shown(shares[0])} are "
            "parts of "
            f"1 and those of {_shown(others[0])} reach {most[others[0]]:g}; write all as shares"
        )


def _check_clusters(rows: Sequence[Scored]) -> None:
    of_item: dict[str, str | None] = {}
    for row in rows:
        known = of_item.setdefault(row.item, row.cluster)
        if known != row.cluster:
            raise ConfigError(
                f"an item must be in one cluster; {_shown(row.item)} is in "
                f"{_shown(known or 'none')} and in "
                f"{_shown(row.cluster or 'none')}"
            )


def notes(arms: Arms, *, paired: bool, named: bool) -> Iterator[str]:
    """What a person should know of what was read, a line each.

    Args:
        arms: The rows.
        paired: Whether items are the same under both arms.
        named: Whether somebody said by what.
    """
    for arm, rows in arms.items():
        missing = Counter(row.outcome for row in rows if row.score is None)
        if missing:
            said = ", ".join(
                f"{count:,} {_OF[outcome]}" for outcome, count in sorted(missing.items())
            )
            yield f"{arm}: {missing.total():,} of {len(rows):,} scores are missing ({said})"
    one, other = ({row.worker for row in arms[arm]} for arm in ARMS)
    for worker in sorted(one ^ other):
        arm = PROXY if worker in one else WORK
        yield f"{_shown(worker)} is under {arm} alone: it has no gap"
    if len(one & other) == 1:
        yield "one worker is under both arms: there is no order to compare"
    shared = set.intersection(*({row.item for row in rows} for rows in arms.values()))
    if not paired and shared and not named:
        yield (
            f"not paired, although {len(shared):,} ids are under both arms: ids may be mere "
            "numbers; if they "
            "name the same item, say --pair id"
        )


_OF = {LOST: "lost to an error", UNJUDGED: "without a score"}


def _some(names: Iterable[str]) -> str:
    known = sorted(names)
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return ", ".join(map(_shown, known[:_SHOWN])) + more or "nobody"


def _shown(name: str) -> str:
    return " ".join(visible(name[:200]).split())


def is_paired(items: Mapping[str, set[str]], pair: str) -> bool:
    """Whether the arms share items, and are meant to.

    Args:
        items: By arm.
        pair: By what; `none` for not at all.
    """
    return pair != BY_NOTHING and bool(set.intersection(*items.values()))
