"""Benchmarks meet their targets.

Why: code that was fast enough at the last release may no longer be.

How it is checked: runs `preflight.benchmarks` and takes its exit code. Without a program it needs an
attestation.

Fix: run the command; profile what missed its target, or argue for another target.
"""

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.process import run_tool


def run(context: Context) -> Outcome:
    """Run the program."""
    return run_tool(context, context.settings.preflight.benchmarks, "benchmarks", of_python=False)
