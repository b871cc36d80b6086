"""Types are consistent.

Why: a type error is a call that fails in a branch that no test took.

How it is checked: runs `preflight.types` (mypy .) and takes its exit code.

Fix: run the command and fix what it names.
"""

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.process import run_tool


def run(context: Context) -> Outcome:
    """Run the program."""
    return run_tool(context, context.settings.preflight.types, "types")
