"""Failed attempts are retried, with backoff.

Why: without retries, users see every transient error; with too many, retries themselves cause an outage.

How it is checked: at least one retry, and the rules of `aurora check-config` on retries, deadline and
breaker have no error and no warning.

Fix: apply the rule's help; `aurora check-config` shows the line.
"""

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context


def run(context: Context) -> Outcome:
    """Require a retry; its rules have been applied."""
    retry = context.settings.retry
    if retry.max_retries == 0:
        message = "`retry.max_retries` is 0: nothing is retried"
        return Outcome("fail", message, "set it to 3, the guide's value")
    delays = f"{retry.base_delay_ms:g} to {retry.max_delay_ms:g} ms, jitter {retry.jitter}"
    return Outcome("pass", f"{retry.max_retries} retries, {delays}")
