"""Types are consistent.

Why: A type that does not fit is a call that fails in a branch no test took.

Proof: runs `preflight.types` (mypy .) and takes its exit code.

Mend: run the command and mend what it names.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.tool import look_by


def look(context: Context) -> Outcome:
    """Run it."""
    return look_by(context, context.settings.preflight.types, "types")
