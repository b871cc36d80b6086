"""The linter is content.

Why: A linter knows the mistakes that reviewers stop seeing.

Proof: runs `preflight.lint` (ruff check .) and takes its exit code.

Mend: run the command; `ruff check --fix` mends the most of it.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.tool import look_by


def look(context: Context) -> Outcome:
    """Run it."""
    return look_by(context, context.settings.preflight.lint, "lint")
