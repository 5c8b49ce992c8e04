"""A command on a full disk: the limit on a file's size fails a write as a full disk does.

As a program, `full_disk.py BYTES ARGUMENTS…`.
"""

import resource
import signal
import sys

from worktrial.cli.main import main

if __name__ == "__main__":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
    try:
        main(sys.argv[2:])
    finally:  # Inspect's trace lies elsewhere, on a disk that is not full
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
