"""How a run ends: the verdict and the exit codes, the same for every command and every format."""

from enum import Enum
from typing import Final

GOOD: Final = 0
NOT_GOOD: Final = 1
USAGE: Final = 2
NO_VERDICT: Final = 3
FAULT: Final = 70
INTERRUPTED: Final = 130
CLOSED_PIPE: Final = 141


class Verdict(Enum):
    """What a run says in the end. The value is what JSON says."""

    GOOD = "good"
    NOT_GOOD = "not good"
    NONE = "none"


class CommandError(Exception):
    """Ends a command with a sentence on stderr: what, where, and how to mend it."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class CheckFailed(CommandError):  # noqa: N818 - the exit code's name
    """The verdict is bad before there is anything to show."""

    def __init__(self, message: str) -> None:
        super().__init__(message, NOT_GOOD)


class UsageError(CommandError):
    """The command was called in a way that cannot work."""

    def __init__(self, message: str) -> None:
        super().__init__(message, USAGE)


class NoVerdictError(CommandError):
    """What was asked for cannot be said."""

    def __init__(self, message: str) -> None:
        super().__init__(message, NO_VERDICT)
