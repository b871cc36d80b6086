"""No weak code is known.

Why: An eval of a query or a shell command made of text is found by a program before somebody else finds
it.

Proof: runs `preflight.security` (bandit -q -r . -ll) and takes its exit code.

Mend: run the command; mend the code, or mark the line with its reason.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.tool import look_by


def look(context: Context) -> Outcome:
    """Run it."""
    return look_by(context, context.settings.preflight.security, "security")
