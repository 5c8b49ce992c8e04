"""The command and what it does with errors: one line and an exit code."""

import atexit
import errno
import logging
import os
import signal
import sys
import traceback

import click

from worktrial import __version__
from worktrial.cli.ablate import ablate
from worktrial.cli.audit import audit
from worktrial.cli.calibrate import calibrate
from worktrial.cli.compare import compare
from worktrial.cli.conduct import conduct
from worktrial.cli.contrast import contrast
from worktrial.cli.control import control
from worktrial.cli.gate import gate
from worktrial.cli.label import label
from worktrial.cli.office import office
from worktrial.cli.plan import plan
from worktrial.cli.register import register
from worktrial.cli.regrade import regrade
from worktrial.cli.report import report
from worktrial.cli.run import run
from worktrial.cli.serve import serve
from worktrial.cli.trend import trend
from worktrial.errors import NotComparableError, WorktrialError
from worktrial.interruption import asked
from worktrial.visible import visible

USAGE, NOT_COMPARABLE, INTERNAL, INTERRUPTED = 2, 4, 70, 130


@click.group(context_settings={"auto_envvar_prefix": "WORKTRIAL", "max_content_width": 100})
@click.version_option(__version__, prog_name="worktrial")
def commands() -> None:
    """A work trial for language models and agents.

    Measures the distance between what a benchmark would have measured and what the job needs,
    one cause at a time, each with an interval and its evidence.
    """


for command in (
    run,
    audit,
    ablate,
    contrast,
    report,
    label,
    serve,
    compare,
    gate,
    trend,
    plan,
    register,
    regrade,
    calibrate,
    office,
    conduct,
    control,
):
    commands.add_command(command)


@atexit.register
def _say_no_more() -> None:
    """Close standard error to what C libraries say of their own objects once Python is gone."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit code."""
    # A log line that finds no room on the disk must not bury the one line that says so.
    logging.raiseExceptions = False
    # Whoever ends a job is heard as whoever presses Ctrl-C is.
    signal.signal(signal.SIGTERM, _ended)
    sys.exit(_code(arguments))


def _ended(*_: object) -> None:
    asked.set()
    signal.raise_signal(signal.SIGINT)


def _code(arguments: list[str] | None) -> int:
    """The boundary at which errors become lines and codes."""
    try:
        result = commands.main(arguments, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        _say(error.format_message())
        return USAGE
    except NotComparableError as error:
        print(f"worktrial: {visible(str(error))}", file=sys.stderr)
        return NOT_COMPARABLE
    except WorktrialError as error:
        _say(str(error))
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted; the same command goes on where it was")
        return INTERRUPTED
    except Exception as error:
        return _unexpected(error)


def _unexpected(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        _say("the disk is full; make room and give the same command again: it goes on")
        return USAGE
    traceback.print_exception(error)
    _say("this is a bug in worktrial; finished work is kept")
    return INTERNAL


def _say(message: str) -> None:
    """One line, in which whatever a file or a worker wrote is read and never acts."""
    print(f"worktrial: {visible(' '.join(message.split()))}", file=sys.stderr)
