"""Whether somebody asked the process to stop: an exception alone can be lost on its way up.

A signal raises `KeyboardInterrupt` wherever the process happens to be, and in a callback of a
library nobody may hear it.
"""

from threading import Event

asked = Event()
"""Set by whoever hears the signal; asked after by what would begin the next piece of work."""
