"""A hot cache that may take more memory than meant.

An answer has up to `llm.max_tokens` tokens of about four bytes, its query up to
`security.max_query_length` bytes: so many times `cache.hot_size` is what it may come to, in each worker.

Example::

    [cache]
    hot_size = 200000

Instead::

    [cache]
    hot_size = 2000
"""

from collections.abc import Iterator

from aurora_cli.check_config.subject import Complaint, Subject

_BYTES_A_TOKEN = 4
_GIB = 1024**3


def check(subject: Subject) -> Iterator[Complaint]:
    """Estimate it, and say so from 1 GiB on."""
    settings = subject.settings
    entry = settings.llm.max_tokens * _BYTES_A_TOKEN + settings.security.max_query_length
    total = entry * settings.cache.hot_size * settings.rate_limit.workers
    if total >= _GIB:
        workers = f" x {settings.rate_limit.workers} workers" if settings.rate_limit.workers > 1 else ""
        yield Complaint(
            f"the hot cache may take {total / _GIB:,.1f} GiB: {settings.cache.hot_size} answers of up to "
            f"{entry:,} bytes{workers}",
            "lower `cache.hot_size`, or give the machine that much",
            about=["cache.hot_size", "llm.max_tokens", "security.max_query_length", "rate_limit.workers"],
        )
