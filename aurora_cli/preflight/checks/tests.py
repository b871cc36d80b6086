"""All tests pass.

Why: A failing test is a fault that somebody already knew how to find.

Proof: runs `preflight.tests` (pytest -q) and takes its exit code.

Mend: run the command and mend what it names.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.tool import look_by


def look(context: Context) -> Outcome:
    """Run it."""
    return look_by(context, context.settings.preflight.tests, "tests")
