"""The failure vocabulary.

```
WorktrialError
├── ConfigError        what was asked for cannot be done: known before any call, exit code 2
│   └── DocumentError  a document that a domain cannot take, with its file and line
├── EvidenceError      a run folder, log or table that cannot be read
├── NotComparableError two runs that did not measure the same, exit code 4
├── WorkerError        a worker that cannot answer, for a reason that is not its own
└── EngineError        a search engine that cannot answer
```

Everything else is a bug and crashes.
"""


class WorktrialError(Exception):
    """Something a person can understand and mend; the command line prints it as one line."""


class ConfigError(WorktrialError, ValueError):
    """A configuration mistake: name, rule, value and remedy, before any model call."""


class DocumentError(ConfigError):
    """A document that no domain can read or keep."""


class EvidenceError(WorktrialError):
    """A run folder, log or table that is missing, damaged or not ours."""


class WorkerError(WorktrialError):
    """A worker that cannot answer for a reason outside itself: no weights, no engine."""


class NotComparableError(WorktrialError):
    """Two runs that did not measure the same: what differs is named."""


class EngineError(WorktrialError):
    """A search engine that cannot answer: closed, or its database is damaged."""
