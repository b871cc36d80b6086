"""Why a log was not read.

::

    Exception
    └── LogError                 the message says what, where, and how to mend it
        ├── LogNotFound          exit 2: no such file, a folder, no permission
        ├── BadOption            exit 2: a column, unit or latency that does not fit the log
        │   └── NotRecognised    nothing in the log says which column is which
        └── LogUnusable          exit 3, no verdict; ``report`` says what was read, where anything was
            ├── DamagedLog       cut short, corrupt, or not text
            ├── TooManyBadLines
            └── NoQueries
"""

from aurora_cli.simulate.reader.report import LogReport


class LogError(Exception):
    """The root of what the reader raises."""


class LogNotFound(LogError):  # noqa: N818 - says what happened
    """A source is not there, or is nothing that can be opened."""


class BadOption(LogError):  # noqa: N818 - says what happened
    """What the caller said of the log is not so, or cannot be."""


class NotRecognised(BadOption):
    """The columns are of no known log, and none was named."""


class LogUnusable(LogError):  # noqa: N818 - says what happened
    """The log is there and gives no basis for a verdict.

    ``report`` is None where reading did not get far enough to say anything.
    """

    def __init__(self, message: str, report: LogReport | None = None) -> None:
        super().__init__(message)
        self.report = report


class DamagedLog(LogUnusable):
    """A file that ends too early or that no reader understands."""


class TooManyBadLines(LogUnusable):
    """The share of lines that cannot be read is above the allowed one."""


class NoQueries(LogUnusable):
    """Nothing in the log is a query."""
