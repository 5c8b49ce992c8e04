"""What a run writes before its first call, and refuses if its folder holds something else."""

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import worktrial
from worktrial.errors import ConfigError
from worktrial.evidence import RunFolder
from worktrial.evidence.folder import write_whole
from worktrial.protocol import Difference, Manifest, Worker
from worktrial.protocol.registration import Registration
from worktrial.running.trials import TRIALS, arms_of
from worktrial.trial import Items, Request


def settle(
    folder: RunFolder,
    request: Request,
    items: Items,
    *,
    wanted: Manifest | None = None,
    looks: Sequence[int] = (),
) -> Manifest:
    """Write a run's manifest before the first call.

    Args:
        folder: Where.
        request: What was asked for.
        items: What follows from it, by trial.
        wanted: A published protocol that must be met, if one was asked for.
        looks: How many items are in at each look; all of them, where there is but one.

    Raises:
        ConfigError: If the folder holds another measurement or is registered for one, or this
            version cannot repeat the published one.
    """
    _must_be_as_registered(folder, request, looks)
    manifest = _manifest(request, items)
    if wanted is not None:
        _must_repeat(manifest, wanted)
    if folder.protocol.exists():
        manifest = _joined(manifest, Manifest.read(folder.protocol), folder)
    write_whole(folder.protocol, manifest.text())
    return manifest


def arguments(name: str, request: Request) -> dict[str, Any]:
    """What `-M` says, for the workers that take it."""
    return dict(request.model_args) if name.startswith("embedded/") else {}


def _manifest(request: Request, items: Items) -> Manifest:
    arms = arms_of(request)
    return Manifest(
        measurement={
            name: TRIALS[name].measurement(request, items[name], of) for name, of in arms.items()
        },
        worker={name: Worker(settings=_settings(name, request)) for name in request.workers},
        incidental={
            "course": request.course,
            "instrument": {
                name: {arm: dict(TRIALS[name].instrument(items[name], arm)) for arm in of}
                for name, of in arms.items()
            },
            "checklist": {name: TRIALS[name].checklist(items[name]) for name in arms},
            "machine": platform.machine(),
            "python": platform.python_version(),
            "versions": {"worktrial": worktrial.__version__, "inspect-ai": version("inspect-ai")},
        },
    )


def _settings(name: str, request: Request) -> dict[str, Any]:
    """What may differ between workers, and is recorded of each."""
    agent = {"agent": request.agent} if request.agent else {}
    if request.sandbox:
        agent["sandbox"] = request.sandbox
    return {"temperature": request.temperature, **agent, **arguments(name, request)}


def _must_be_as_registered(folder: RunFolder, request: Request, looks: Sequence[int]) -> None:
    registration = Registration.read(folder.path)
    if registration is None:
        return
    declared = registration.declaration
    for name, fixed, asked in (
        ("course", declared.course, request.course),
        ("seed", declared.seed, request.seed),
        ("looks after", list(declared.looks) or None, list(looks)),
    ):
        if fixed is not None and fixed != asked:
            raise ConfigError(
                f"`--out` {folder.path} is registered for {name} {fixed}, got {asked}; ask for "
                "that, or take another folder"
            )


def _must_repeat(manifest: Manifest, wanted: Manifest) -> None:
    differing = manifest.differences(wanted)
    if differing:
        wrote = wanted.incidental.get("versions", {}).get("worktrial", "which it does not say")
        raise ConfigError(
            f"`--protocol` cannot be repeated by worktrial {worktrial.__version__}, which does not "
            f"measure the same: {_in_words(differing)}; install the version that wrote it, {wrote}"
        )


def _joined(manifest: Manifest, earlier: Manifest, folder: RunFolder) -> Manifest:
    """The manifest of a folder whose run goes on, perhaps with more workers."""
    differing = manifest.differences(earlier)
    if differing:
        raise ConfigError(
            f"`--out` {folder.path} holds a run with other {_in_words(differing)}; "
            "take another folder"
        )
    if manifest.sha256 != earlier.sha256:
        arms = ", ".join(arm for one in earlier.measurement.values() for arm in one.arms)
        raise ConfigError(f"`--out` {folder.path} holds a run of {arms}; take another folder")
    for name, worker in manifest.worker.items():
        known = earlier.worker.get(name)
        if known is not None and known.settings != worker.settings:
            raise ConfigError(
                f"`--out` {folder.path} holds {name} with other settings, "
                f"{dict(known.settings)}; take another folder"
            )
    return manifest.model_copy(
        update={
            "worker": {**manifest.worker, **earlier.worker},
            "incidental": {**earlier.incidental, **manifest.incidental},
        }
    )


def _in_words(differing: Sequence[Difference], most: int = 3) -> str:
    more = f" and {len(differing) - most} more" if len(differing) > most else ""
    return "; ".join(map(str, differing[:most])) + more
