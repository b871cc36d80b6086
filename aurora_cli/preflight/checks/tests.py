"""All tests pass.

Why: a failing test is a known defect.

How it is checked: runs `preflight.tests` (pytest -q) and takes its exit code.

Fix: run the command and fix what it names.
"""

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.process import run_tool


def run(context: Context) -> Outcome:
    """Run the program."""
    return run_tool(context, context.settings.preflight.tests, "tests")
