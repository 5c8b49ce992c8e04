"""A folder of real files as they lie on a Linux system: whatever is there, taken or refused."""

import os
import re
import shutil
import sys
from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from worktrial.relay import simulate
from worktrial.relay.damage import behaviour
from worktrial.relay.items import Course
from worktrial.relay.own import Own, own, own_items
from worktrial.relay.scoring import measures

ROOTS = ("/usr/share", "/usr/lib/python3", "/etc")
FILES, LARGE = 200, 4
COURSE = Course(items=1, round_trips=2, size=(100, 100), distractors=0)
TEXTS = {
    ".c", ".conf", ".cfg", ".csv", ".desktop", ".h", ".html", ".ini", ".json", ".md", ".mk", ".pl",
    ".pm", ".properties", ".py", ".rst", ".service", ".sh", ".sql", ".svg", ".txt", ".vim",
    ".xml", ".yaml", ".yml",
}  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="Linux's files")]


def kinds(least: int, most: int) -> dict[str, list[Path]]:
    """Readable files of a size in bytes, by extension."""
    found = defaultdict(list)
    for root in ROOTS:
        for here, folders, names in os.walk(root):
            folders.sort()
            for path in (Path(here, name) for name in sorted(names)):
                plain = path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
                if plain and path.name[0] != "." and least <= path.stat().st_size <= most:
                    found[path.suffix.lower()].append(path)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two of each of the most frequent kinds of file, a few large ones, and others by chance."""
    rng = Random(7)
    by_kind = kinds(0, 100_000)
    frequent = sorted(by_kind, key=lambda kind: (-len(by_kind[kind]), kind))[:70]
    large = [path for paths in kinds(100_001, 1_000_000).values() for path in paths]
    chosen = rng.sample(large, min(LARGE, len(large)))
    for kind in frequent:
        chosen += rng.sample(by_kind[kind], min(2, len(by_kind[kind])))
    packed = {".gz", ".png", ".mo", ".pyc"}
    rest = [path for kind in sorted(by_kind) if kind not in packed for path in by_kind[kind]]
    rest = sorted(set(rest) - set(chosen))
    chosen += rng.sample(rest, FILES - len(chosen))
    target = tmp_path_factory.mktemp("linux")
    for path in chosen:
        copy = target / path.relative_to("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return target


@pytest.fixture(scope="module")
def found(folder: Path) -> Own:
    return own(folder, seed=7)


def test_every_file_is_taken_or_refused_with_a_line(found: Own) -> None:
    assert len(found.taken) + len(found.refused) == FILES
    assert all(one.choice.why and one.choice.edits for one in found.taken)
    assert all(re.search(r" line \d+(: | )\S", said) for said in found.refused), found.refused


def test_hardly_any_text_is_refused(found: Own) -> None:
    told = [said.partition(" line ") for said in found.refused]
    full = [Path(name) for name, _, why in told if not why.endswith("nothing in it")]
    texts = [path for path in full if path.suffix.lower() in TEXTS]
    assert len(texts) <= FILES // 100, texts


def test_settings_and_markdown_are_no_plain_text(found: Own) -> None:
    taken = {one.choice.domain.name for one in found.taken}
    assert {"settings", "markdown", "text"} <= taken


def test_the_oracle_scores_one_on_every_file_that_is_taken(folder: Path, found: Own) -> None:
    items = own_items(folder, COURSE, seed=7)
    assert [item.id for item in items] == [one.id for one in found.taken]
    for item in items:
        rows = measures(simulate.relay(item, behaviour("oracle")), 4)
        values = [row[m] for row in rows for m in ("fidelity", "forward", "lossless") if m in row]
        assert values, item.id
        assert set(values) == {1.0}, item.id
