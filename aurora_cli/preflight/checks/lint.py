"""The linter passes.

Why: a linter finds the mistakes that reviewers overlook.

How it is checked: runs `preflight.lint` (ruff check .) and takes its exit code.

Fix: run the command; `ruff check --fix` fixes most of its findings.
"""

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.process import run_tool


def run(context: Context) -> Outcome:
    """Run the program."""
    return run_tool(context, context.settings.preflight.lint, "lint")
