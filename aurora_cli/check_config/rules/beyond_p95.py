"""The longest possible call is above the P95 target.

That is no mistake, for 95 of 100 calls should need no retry. It is what the other five may cost, and the
reason to look at `aurora simulate` before the target is promised.

Example::

    [llm]
    timeout = "20s"
    [sla]
    p95_latency_ms = "2s"
    p95_latency_alert_ms = "3s"

Instead::

    [llm]
    timeout = "1s"
    [retry]
    max_retries = 0
    [rate_limit]
    burst = 1
    max_wait = "1s"
    [sla]
    p95_latency_ms = "2s"
    p95_latency_alert_ms = "3s"
"""

from collections.abc import Iterator

from aurora_cli.check_config.longest_call import longest_call
from aurora_cli.check_config.subject import Complaint, Subject

_ABOUT = (
    "sla.p95_latency_ms",
    "llm.timeout",
    "retry.max_retries",
    "retry.base_delay_ms",
    "rate_limit.max_wait",
)


def check(subject: Subject) -> Iterator[Complaint]:
    """Show the number and its sum; the guide's own numbers are left in peace."""
    target_s, call = subject.settings.sla.p95_latency_ms / 1000.0, longest_call(subject.settings)
    if call.total_s > target_s and subject.is_chosen(*_ABOUT):
        yield Complaint(
            f"the longest possible call takes {call.total_s:,.4g} s ({call.sum}), above the P95 target of "
            f"{target_s:g} s",
            about=_ABOUT,
        )
