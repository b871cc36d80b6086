"""The longest possible call does not fit the deadline.

A call takes its attempts, each up to `llm.timeout`; the delays between them, each the backoff or the
longest Retry-After that is honoured; and its waits for the limiter. Retries that do not fit the deadline
are never made.

Example::

    [llm]
    timeout = "20s"
    [retry]
    deadline = "30s"

Instead::

    [llm]
    timeout = "5s"
    [retry]
    deadline = "120s"
    max_retry_after = "10s"
    [rate_limit]
    burst = 1
    max_wait = "15s"
"""

from collections.abc import Iterator

from aurora_cli.check_config.call_bounds import longest_call
from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Warn if attempts and backoff alone exceed the deadline; note it if only the longest waits do."""
    retry, call = context.settings.retry, longest_call(context.settings)
    if retry.deadline is None or call.total_s <= retry.deadline:
        return
    always = call.attempts_s + call.backoff_s > retry.deadline
    yield Violation(
        f"the longest possible call takes {call.total_s:,.4g} s ({call.sum}), above `retry.deadline` = "
        f"{retry.deadline:g} s",
        "raise the deadline, or lower `llm.timeout`, `retry.max_retries` or `retry.max_retry_after`",
        about=["retry.deadline", "llm.timeout", "retry.max_retries", "rate_limit.max_wait"],
        severity="warning" if always else "note",
    )
