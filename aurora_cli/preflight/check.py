"""A check: its id, its time limit, and the function that runs it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context

QUICK_S: Final = 5.0
"""The time limit of a check that only reads."""
PROBE_S: Final = 15.0
"""The time limit of a check that probes an address or a store."""
TOOL_S: Final = 300.0
"""The time limit of a check that runs a program over the whole project."""


@dataclass(frozen=True)
class Check:
    """An item of the checklist.

    ``explanation``: the question, why it matters, how it is checked, and the fix. ``run`` runs in a process
    of its own, which is killed with all its children after ``timeout_s`` seconds. ``retryable``: it may pass
    a little later with nothing changed, such as an address that is still starting.
    """

    id: str
    explanation: str
    timeout_s: float
    run: Callable[[Context], Outcome]
    retryable: bool = False

    @property
    def group(self) -> str:
        """The key of its group."""
        return self.id.partition(".")[0]

    @property
    def question(self) -> str:
        """The first line of its explanation."""
        return inspect.cleandoc(self.explanation).partition("\n")[0].rstrip(".")


class CheckResult(NamedTuple):
    """A check, its outcome, and its duration in seconds."""

    check: Check
    outcome: Outcome
    seconds: float
