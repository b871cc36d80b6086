"""No weak code is known.

Why: a scanner finds an eval of a query, or a shell command made of text, before an attacker does.

How it is checked: runs `preflight.security` (bandit -q -r . -ll) and takes its exit code.

Fix: run the command; fix the code, or mark the line with its reason.
"""

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.process import run_tool


def run(context: Context) -> Outcome:
    """Run the program."""
    return run_tool(context, context.settings.preflight.security, "security")
