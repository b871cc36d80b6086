"""The longest possible call does not fit the deadline.

A call takes its attempts, each up to `llm.timeout`; the delays between them, each the backoff or the
longest Retry-After that is honoured; and its waits at the limiter. What does not fit the deadline never
happens: a retry that was counted on is not made.

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

from aurora_cli.check_config.longest_call import longest_call
from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Warn where attempts and backoff alone do not fit; note it where only the rarest waits do not."""
    retry, call = subject.settings.retry, longest_call(subject.settings)
    if retry.deadline is None or call.total_s <= retry.deadline:
        return
    always = call.attempts_s + call.backoff_s > retry.deadline
    yield Complaint(
        f"the longest possible call takes {call.total_s:,.4g} s ({call.sum}), above `retry.deadline` = "
        f"{retry.deadline:g} s",
        "raise the deadline, or lower `llm.timeout`, `retry.max_retries` or `retry.max_retry_after`",
        about=["retry.deadline", "llm.timeout", "retry.max_retries", "rate_limit.max_wait"],
        severity="warning" if always else "note",
    )
