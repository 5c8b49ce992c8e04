"""Where a run's shards are carried out: on this machine, or on many with Ray."""

from worktrial.errors import ConfigError
from worktrial.running.executors.executor import Executor, ShardLost
from worktrial.running.executors.processes import Processes
from worktrial.running.executors.ray import Ray

__all__ = ["Executor", "Processes", "Ray", "ShardLost", "chosen"]


def chosen(
    name: str = "local", *, processes: int | None = None, address: str | None = None
) -> Executor | None:
    """The executor of `--executor`; `None` for this process alone.

    Args:
        name: `local` or `ray`.
        processes: Shards at the same time; one by default, with Ray as many as the cluster has
            CPUs.
        address: Of the Ray cluster; by default the one that is running, or a new one here.

    Raises:
        ConfigError: If a number or an address is not for this executor.
    """
    if processes is not None and processes < 1:
        raise ConfigError(f"`--processes` must be at least 1; got {processes}")
    if name == "ray":
        return Ray(address, processes=processes)
    if name != "local":
        raise ConfigError(f"`--executor` must be local or ray; got {name!r}")
    if address is not None:
        raise ConfigError("`--address` is for `--executor ray`; name it, or leave it out")
    return Processes(processes) if processes and processes > 1 else None
