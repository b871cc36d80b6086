"""The configuration is valid.

Why: a setting that is misspelt, contradicts another one or comes from an unknown variable is not in force,
and every other check trusts the settings.

How it is checked: `aurora check-config` has no error, whatever its rule, and its rules on files, layers and
paths have no warning. This check runs whatever is selected, and cannot be waived.

Fix: run `aurora check-config`; it shows the line and the fix.
"""

from aurora_cli.findings import Outcome
from aurora_cli.findings.outcome import from_findings
from aurora_cli.findings.report import count_words
from aurora_cli.preflight.context import Context


def run(context: Context) -> Outcome:
    """Count the findings; an error is the outcome before this runs."""
    counts = count_words(context.findings)
    message = f"`aurora check-config`: valid{f', {counts}' if counts else ''}"
    return Outcome("pass", message, "", from_findings(context.findings).evidence)
