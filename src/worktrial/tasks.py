"""Any Inspect task: found by its name or in its file, with its samples and what they hold."""

import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from types import ModuleType
from typing import Any

from inspect_ai import Task
from inspect_ai.dataset import Dataset, Sample
from inspect_ai.model import ChatMessage
from inspect_ai.util import registry_create, registry_info

from worktrial.errors import ConfigError
from worktrial.protocol import digest

_SHORT = 200


def make_task(name: str, args: Mapping[str, Any]) -> Task:
    """Make a task: `package/task`, `file.py` with one task in it, or `file.py@task`.

    Args:
        name: Which.
        args: Its arguments.

    Raises:
        ConfigError: If there is no such task, or its own code fails.
    """
    file, inner = task_file(name), name.partition("@")[2]
    try:
        made = _in_file(file, inner, args) if file else _known(name, args)
    except ConfigError:
        raise
    except Exception as error:  # The task's own code, which may fail in any way.
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:_SHORT]}"
        raise ConfigError(f"TASK {name} cannot be made: {reason}") from error
    return _checked(made, name)


def task_file(name: str) -> Path | None:
    """The file of a task that is named by one; `None` for one that Inspect knows."""
    path = Path(name.partition("@")[0])
    return path if path.suffix == ".py" else None


def _known(name: str, args: Mapping[str, Any]) -> Any:
    try:
        return registry_create("task", name, **args)
    except LookupError:
        raise ConfigError(
            f"TASK must be package/task, file.py or file.py@task; Inspect knows no task {name!r}: "
            "install its package, or give its file"
        ) from None


def _in_file(path: Path, inner: str, args: Mapping[str, Any]) -> Any:
    if not path.is_file():
        raise ConfigError(f"TASK must be a file that exists; there is no {path}")
    # As Inspect does: a task's file finds its data and its neighbours beside it.
    with chdir(path.resolve().parent):
        tasks = _tasks_of(_module(path.resolve()))
        return _chosen(tasks, path, inner)(**args)


def _chosen(tasks: Mapping[str, Callable[..., Any]], path: Path, inner: str) -> Callable[..., Any]:
    names = ", ".join(tasks) or "none"
    if inner and inner not in tasks:
        raise ConfigError(f"TASK {path}@{inner}: the file's tasks are {names}; name one of them")
    if not inner and len(tasks) != 1:
        raise ConfigError(f"TASK {path} must hold one task, it holds {names}; write {path}@NAME")
    return tasks[inner or next(iter(tasks))]


def _module(path: Path) -> ModuleType:
    """The file as a module, run once as long as it stays as it is."""
    name = f"worktrial_task_{digest([str(path), path.stat().st_mtime_ns])[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"TASK {path} is no Python file")
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _tasks_of(module: ModuleType) -> dict[str, Callable[..., Any]]:
    own = (of for of in vars(module).values() if getattr(of, "__module__", "") == module.__name__)
    return {of.__name__: of for of in own if callable(of) and _is_task(of)}


def _is_task(of: Any) -> bool:
    try:
        return bool(registry_info(of).type == "task")
    except ValueError:
        return False


def _checked(made: Any, name: str) -> Task:
    if not isinstance(made, Task):
        raise ConfigError(f"TASK {name} must be an Inspect task, got {type(made).__name__}")
    if not isinstance(made.dataset, Dataset):
        raise ConfigError(
            f"TASK {name} makes its samples while it runs, so no two arms would have the same; "
            "take a task with a data set"
        )
    if not made.scorer:
        raise ConfigError(f"TASK {name} has no scorer, so there is no score; give it one")
    return made


def samples_of(task: Task) -> list[Sample]:
    """A task's samples, those without an id with one, as Inspect counts them."""
    return [
        sample if sample.id is not None else sample.model_copy(update={"id": n})
        for n, sample in enumerate(task.dataset, 1)
    ]


def content_of(sample: Sample) -> str:
    """SHA-256 of all that a sample holds, in hexadecimal."""
    targets = [sample.target] if isinstance(sample.target, str) else sample.target
    text, turns = input_text(sample.input), turns_of(sample.input)
    metadata = repr(sorted((sample.metadata or {}).items()))
    return digest([text, turns, list(targets), sample.choices or [], metadata])


def input_text(asked: str | Sequence[ChatMessage]) -> str:
    """An input's text; of a conversation that of the user's last message."""
    if isinstance(asked, str):
        return asked
    return next((m.text for m in reversed(asked) if m.role == "user"), "")


def turns_of(asked: str | Sequence[ChatMessage]) -> list[tuple[str, str]]:
    """Role and text of a conversation's other messages, system messages left out."""
    if isinstance(asked, str):
        return []
    last = max((n for n, m in enumerate(asked) if m.role == "user"), default=-1)
    return [(m.role, m.text) for n, m in enumerate(asked) if n != last and m.role != "system"]
