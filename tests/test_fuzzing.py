"""The fuzzer finds what it looks for: readers that are planted do each harm, and it is seen."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz import limits
from fuzz.drawn import fuzz
from fuzz.targets import OTHERS, Target, target

from worktrial.errors import ConfigError

SEED = "one,two\nthree,4\n"


def crashing(text: str) -> None:
    if "three" not in text:
        raise KeyError(text)


def hanging(text: str) -> None:
    while "three" not in text:
        sum(range(100))


def refusing(text: str) -> None:
    if "three" not in text:
        raise ConfigError("`--it` must be something else; got this: mend it")


def silent(text: str) -> None:
    if "three" not in text:
        raise ConfigError("")


@pytest.mark.parametrize(
    ("read", "refuses", "told"),
    [
        (crashing, True, "KeyError"),
        (hanging, True, "more than 0.1 s of the processor"),
        (refusing, False, "it refused: `--it` must be"),
        (silent, True, "no clear line"),
    ],
)
def test_a_reader_that_does_harm_is_found_with_a_short_text_that_shows_it(
    read: Callable[[str], None], refuses: bool, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.1)
    row, text = fuzz(Target("planted", [SEED], read, refuses), 1000, 7)
    assert told in row["harm"]
    assert text is not None
    assert "three" not in text
    assert len(text) <= len(SEED) or read is hanging, "a text that hangs is shortened a little"


def test_a_reader_that_does_none_is_read_as_often_as_was_asked() -> None:
    row, text = fuzz(Target("planted", [SEED], refusing, refuses=True), 300, 7)
    assert text is None
    assert "harm" not in row
    assert row["inputs"] == 300
    assert 0 < row["refused"] < 300
    assert row == fuzz(Target("planted", [SEED], refusing, refuses=True), 300, 7)[0] | {
        key: row[key] for key in ("slowest_seconds", "mib")
    }


def test_memory_has_a_bound() -> None:
    asked = "from fuzz.limits import bound_memory; bound_memory(); bytearray(600 * 2**20)"
    root = Path(limits.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=root, capture_output=True, text=True, check=False
    )
    assert "MemoryError" in done.stderr


@pytest.mark.parametrize("name", OTHERS)
def test_every_reader_takes_the_texts_that_damage_begins_with(name: str) -> None:
    found = target(name)
    assert found.seeds
    assert all(found(seed) for seed in found.seeds)
