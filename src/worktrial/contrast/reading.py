"""What was given, told apart: a table, logs, exports; all of them become the rows of two arms."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from worktrial.conduct.places import SUFFIXES as LOG_SUFFIXES
from worktrial.contrast.arms import BY_ID, BY_NOTHING, PROXY, WORK
from worktrial.contrast.deepeval import is_deepeval, read_deepeval
from worktrial.contrast.documents import part, read_json
from worktrial.contrast.lm_eval import SAMPLES, read_lm_eval
from worktrial.contrast.logs import read_logs
from worktrial.contrast.promptfoo import is_promptfoo, read_promptfoo
from worktrial.contrast.rows import Arms, Scored, check, is_paired, placed, renamed
from worktrial.contrast.table import SUFFIXES as TABLES
from worktrial.contrast.table import read_table
from worktrial.errors import ConfigError
from worktrial.trial import Contrast


class Brought(NamedTuple):
    """Scores that were brought, checked.

    Attributes:
        arms: The rows under each arm.
        names: What each arm is called.
        pair: By what items are the same under both arms.
        paired: Whether any are.
        source: What was read, in words.
        unused: Columns of a table that were not used.
    """

    arms: Arms
    names: dict[str, str]
    pair: str
    paired: bool
    source: str
    unused: tuple[str, ...] = ()


def is_brought(contrast: Contrast) -> bool:
    """Whether scores are brought; if not, the two are tasks that are to be run.

    Raises:
        ConfigError: If one is a task and the other is not.
    """
    if contrast.work is None:
        return True
    kinds = [_is_there(place) for place in (contrast.proxy, contrast.work)]
    if kinds[0] != kinds[1]:
        task = contrast.proxy if kinds[1] else contrast.work
        raise ConfigError(
            "PROXY and WORK must both be tasks, or both results that are there; "
            f"{task} is no file or folder of results"
        )
    return kinds[0]


def _is_there(place: str) -> bool:
    path = Path(_apart(place)[0])
    return "://" in place or (path.suffix != ".py" and path.exists())


def _apart(place: str) -> tuple[str, str]:
    """A place and, where an `@` and a task stand behind it, that task."""
    where, at, task = place.rpartition("@")
    return (where, task) if at and not Path(place).exists() else (place, "")


def read_brought(contrast: Contrast) -> Brought:
    """Read and check what was brought.

    Raises:
        ConfigError: If it cannot be read, or no number can be made of it.
    """
    names = named_arms(contrast)
    unused: tuple[str, ...] = ()
    if contrast.work is None:
        arms, unused = _table(contrast, names)
        source, usual = "a table", BY_ID
    else:
        read = {
            arm: _read(place, contrast.scorer_key(at))
            for at, (arm, place) in enumerate(((PROXY, contrast.proxy), (WORK, contrast.work)))
        }
        arms = {arm: rows for arm, (rows, _) in read.items()}
        source, usual = " and ".join(dict.fromkeys(kind for _, kind in read.values())), BY_NOTHING
    pair = contrast.pair or usual
    arms = renamed(placed(arms, pair, contrast.cluster), dict(contrast.rename))
    items = {arm: {row.item for row in rows} for arm, rows in arms.items()}
    paired = is_paired(items, pair)
    check(arms, paired=paired)
    return Brought(arms, names, pair, paired, source, unused)


def named_arms(contrast: Contrast) -> dict[str, str]:
    """What each arm is called: as the user says, or as its place is."""
    proxy = contrast.proxy_name or (PROXY if contrast.work is None else _short(contrast.proxy))
    work = contrast.work_name or (WORK if contrast.work is None else _short(contrast.work))
    if proxy == work:
        proxy, work = (
            (PROXY, WORK) if not contrast.proxy_name and not contrast.work_name else (proxy, work)
        )
    if proxy == work:
        raise ConfigError(f"`--proxy` and `--work` must differ; both are {proxy!r}")
    return {PROXY: proxy, WORK: work}


def _short(place: str) -> str:
    file, _, task = place.rstrip("/").partition("@")
    return (task or Path(file).stem or file)[:80]


def _table(contrast: Contrast, names: dict[str, str]) -> tuple[Arms, tuple[str, ...]]:
    path = Path(contrast.proxy)
    if not path.is_file() or path.suffix.lower() not in TABLES:
        raise ConfigError(
            f"one argument must be a table, {', '.join(TABLES)}; got {path}; give PROXY and WORK "
            "for tasks, "
            "logs and exports"
        )
    for option, value in (
        ("scorer-key", contrast.scorer_key(0)),
        ("cluster", contrast.cluster),
        ("pair", None if contrast.pair in (None, BY_ID, BY_NOTHING) else contrast.pair),
    ):
        if value:
            raise ConfigError(
                f"`--{option}` {value} is for logs and exports; a table says it in a column of its "
                "own"
            )
    return read_table(path, names)


def _read(place: str, scorer_key: str) -> tuple[Sequence[Scored], str]:
    """The rows of one arm, and of what kind they are."""
    place, task = _apart(place)
    path = Path(place)
    if "://" in place:
        return read_logs(place, scorer_key, task), "Inspect logs"
    if path.suffix == ".jsonl" or (path.is_dir() and any(path.rglob(SAMPLES))):
        return read_lm_eval(path, scorer_key, task), "lm-evaluation-harness"
    if path.is_dir():
        return _folder(path, scorer_key, task)
    if path.suffix == ".json":
        return _document(path, scorer_key, task)
    if path.suffix in LOG_SUFFIXES:
        return read_logs(place, scorer_key, task), "Inspect logs"
    raise ConfigError(
        f"{place} must be Inspect logs, .jsonl of lm-evaluation-harness, or .json of promptfoo or "
        "DeepEval; "
        "a table of both arms stands alone"
    )


def _folder(path: Path, scorer_key: str, task: str) -> tuple[Sequence[Scored], str]:
    """Several exports of one tool, or Inspect's logs."""
    exports = sorted(path.glob("*.json"))
    if any(path.rglob("*.eval")) or not exports:
        return read_logs(str(path), scorer_key, task), "Inspect logs"
    found = [_document(each, scorer_key, task) for each in exports]
    return [row for rows, _ in found for row in rows], found[0][1]


def _document(path: Path, scorer_key: str, task: str) -> tuple[Sequence[Scored], str]:
    document = read_json(path)
    if is_promptfoo(document):
        return read_promptfoo(document, path, scorer_key), "promptfoo"
    if is_deepeval(document):
        return read_deepeval(document, path, scorer_key), "DeepEval"
    if part(document, "eval") is None:
        raise ConfigError(
            f"{path} must be JSON of promptfoo (results.results), DeepEval (testCases) or Inspect "
            "(eval); it "
            "is none of them"
        )
    return read_logs(str(path), scorer_key, task), "Inspect logs"
