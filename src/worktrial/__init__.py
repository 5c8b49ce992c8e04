"""worktrial: the distance between the benchmark and the job, one cause at a time."""

from importlib.metadata import version

__version__ = version("worktrial")
