"""A limit per worker, with several workers.

Each worker has its own limiter, so together they admit `workers` times as many requests.

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

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Compare the sum over the workers with the provider's limit; if unknown, with `rate_limit.rpm`."""
    limit, allowed = context.settings.rate_limit, context.provider_rpm()
    total = limit.workers * limit.rpm
    if limit.workers == 1 or (allowed is not None and total <= allowed[0]):
        return
    measure = f"{allowed[1]} allows {allowed[0]}" if allowed else f"`rate_limit.rpm` is {limit.rpm}"
    share = max(1, (allowed[0] if allowed else limit.rpm) // limit.workers)
    yield Violation(
        f"{limit.workers} workers, each with its own limiter, admit {limit.workers} x {limit.rpm} = {total} "
        f"requests per minute, but {measure}",
        f"set `rate_limit.rpm` to {share}, the share of each worker",
        about=["rate_limit.workers", "rate_limit.rpm", "llm.model", "rate_limit.provider_rpm"],
    )
