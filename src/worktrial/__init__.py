"""worktrial: the distance between the benchmark and the job, one cause at a time."""

from importlib.metadata import version

from worktrial.interface import Run, gap, load, run

__version__ = version("worktrial")
__all__ = ["Run", "__version__", "gap", "load", "run"]
