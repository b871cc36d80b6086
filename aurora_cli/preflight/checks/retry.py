"""Failed attempts are retried, with backoff.

Why: without retries a passing failure is the user's; with too many, or all at once, it becomes an outage.

Proof: at least one retry, and the rules of `aurora check-config` on retries, deadline and breaker (AUR304
to AUR311) have nothing to say.

Mend: what the rule says; `aurora check-config` shows the line.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.settled import from_findings


def look(context: Context) -> Outcome:
    """Ask the rules."""
    retry = context.settings.retry
    if retry.max_retries == 0:
        return Outcome(
            "fail", "`retry.max_retries` is 0: nothing is retried", "set it to 3, as the guide does"
        )
    found = context.found(*(f"AUR{number}" for number in range(304, 312)))
    delays = f"{retry.base_delay_ms:g} to {retry.max_delay_ms:g} ms, jitter {retry.jitter}"
    return from_findings(found, f"{retry.max_retries} retries, {delays}")
