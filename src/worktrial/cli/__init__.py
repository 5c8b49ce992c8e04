"""The command line: parse, call one public function, print."""

from worktrial.cli.main import main

__all__ = ["main"]
