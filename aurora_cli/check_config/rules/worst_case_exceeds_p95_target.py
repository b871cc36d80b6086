"""The longest possible call is above the P95 target.

That is not a mistake: 95 of 100 calls should need no retry. It shows how long the other five may take; run
`aurora simulate` before you promise the target.

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

from aurora_cli.check_config.call_bounds import longest_call
from aurora_cli.check_config.context import LintContext, Violation

_ABOUT = (
    "sla.p95_latency_ms",
    "llm.timeout",
    "retry.max_retries",
    "retry.base_delay_ms",
    "rate_limit.max_wait",
)


def check(context: LintContext) -> Iterator[Violation]:
    """Report the duration and its terms, unless all values are the guide's."""
    target_s, call = context.settings.sla.p95_latency_ms / 1000.0, longest_call(context.settings)
    if call.total_s > target_s and context.is_chosen(*_ABOUT):
        yield Violation(
            f"the longest possible call takes {call.total_s:,.4g} s ({call.sum}), above the P95 target of "
            f"{target_s:g} s",
            about=_ABOUT,
        )
