"""A limit in memory, and several workers.

Each worker has a limiter of its own, so together they let `workers` times as much through.

Example::

    [llm]
    model = "gpt-4"
    [rate_limit]
    rpm = 60
    workers = 4

Instead::

    [llm]
    model = "gpt-4"
    [rate_limit]
    rpm = 15
    workers = 4
    [retry]
    jitter = "full"
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Multiply; without a known limit of the provider any second worker is one too many."""
    limit, allowed = subject.settings.rate_limit, subject.provider_rpm()
    total = limit.workers * limit.rpm
    if limit.workers == 1 or (allowed is not None and total <= allowed[0]):
        return
    measure = f"{allowed[1]} allows {allowed[0]}" if allowed else f"`rate_limit.rpm` is {limit.rpm}"
    share = max(1, (allowed[0] if allowed else limit.rpm) // limit.workers)
    yield Complaint(
        f"{limit.workers} workers, each with a limiter of its own, let {limit.workers} x {limit.rpm} = "
        f"{total} a minute through, and {measure}",
        f"set `rate_limit.rpm` to {share}, each worker's part",
        about=["rate_limit.workers", "rate_limit.rpm", "llm.model", "rate_limit.provider_rpm"],
    )
