"""Benchmarks meet their targets.

Why: what was fast enough at the last release need not be at this one.

Proof: runs `preflight.benchmarks` and takes its exit code. Without a program a person has to attest it.

Mend: run the command; profile what missed its target, or argue for another target.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.tool import look_by


def look(context: Context) -> Outcome:
    """Run it."""
    return look_by(context, context.settings.preflight.benchmarks, "benchmarks", of_python=False)
