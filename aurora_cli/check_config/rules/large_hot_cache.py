"""A hot cache that may take more memory than intended.

An answer has up to `llm.max_tokens` tokens of about four bytes, its query up to
`security.max_query_length` bytes; multiply that by `cache.hot_size` and by the number of workers.

Example::

    [cache]
    hot_size = 200000

Instead::

    [cache]
    hot_size = 2000
"""

from collections.abc import Iterator

from aurora_cli.check_config.context import LintContext, Violation

_BYTES_PER_TOKEN = 4
_GIB = 1024**3


def check(context: LintContext) -> Iterator[Violation]:
    """Estimate the memory, and report 1 GiB or more."""
    settings = context.settings
    entry = settings.llm.max_tokens * _BYTES_PER_TOKEN + settings.security.max_query_length
    total = entry * settings.cache.hot_size * settings.rate_limit.workers
    if total >= _GIB:
        workers = f" x {settings.rate_limit.workers} workers" if settings.rate_limit.workers > 1 else ""
        yield Violation(
            f"the hot cache may take {total / _GIB:,.1f} GiB: {settings.cache.hot_size} answers of up to "
            f"{entry:,} bytes{workers}",
            "lower `cache.hot_size`, or make sure that the machine has that much memory",
            about=["cache.hot_size", "llm.max_tokens", "security.max_query_length", "rate_limit.workers"],
        )
