"""A check: its id, how long it may take, and how it looks."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome

QUICK_S = 5.0
"""What only reads."""
ASKING_S = 15.0
"""What asks an address or a store."""
TOOL_S = 300.0
"""What runs a program over the whole project."""


@dataclass(frozen=True)
class Check:
    """A question of the checklist.

    ``explanation``: the question, why it matters, how it is proved, how to mend it. ``look`` runs in a
    process of its own and is killed with all that it started after ``limit_s``. ``may_come_right``: it may
    pass a little later with nothing changed, as an address that is still starting.
    """

    id: str
    explanation: str
    limit_s: float
    look: Callable[[Context], Outcome]
    may_come_right: bool = False

    @property
    def group(self) -> str:
        """The part of the list it is in."""
        return self.id.partition(".")[0]

    @property
    def question(self) -> str:
        """Its first line."""
        return inspect.cleandoc(self.explanation).partition("\n")[0].rstrip(".")
