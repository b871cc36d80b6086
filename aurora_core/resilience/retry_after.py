"""How long a provider asks to wait: the ``Retry-After`` of an error.

Read from ``error.retry_after`` (seconds) or its response's headers: ``retry-after-ms``, then
``retry-after`` as seconds or as an HTTP date (RFC 9110, 10.2.3).
"""

import math
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

ABSENT = 0.0


def retry_after_of(error: BaseException, wall: float) -> float:
    """Seconds that the error asks to wait; 0 where it does not, or says nothing that makes sense.

    ``wall`` is the time in seconds since the epoch, for dates. Negative, NaN, infinite, empty and
    unreadable values count as absent, and so does a date in the past.
    """
    own = _seconds(getattr(error, "retry_after", None))
    if own > ABSENT:
        return own
    headers = getattr(getattr(error, "response", None), "headers", None)
    return wait_in(headers, wall) if isinstance(headers, Mapping) else ABSENT


def wait_in(headers: Mapping[str, object], wall: float) -> float:
    """Seconds that a response's headers ask to wait; 0 as for :func:`retry_after_of`."""
    small = {str(name).lower(): value for name, value in headers.items()}
    by_milliseconds = _seconds(small.get("retry-after-ms")) / 1000.0
    if by_milliseconds > ABSENT:
        return by_milliseconds
    requested = small.get("retry-after")
    return _seconds(requested) or _until(requested, wall)


def _seconds(value: object) -> float:
    if not isinstance(value, int | float | str):
        return ABSENT
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return ABSENT
    return seconds if ABSENT < seconds < math.inf else ABSENT


def _until(date: object, wall: float) -> float:
    if not isinstance(date, str):
        return ABSENT
    try:
        moment = parsedate_to_datetime(date)
        if moment.tzinfo is None:  # as in the form of C's asctime, which HTTP allows and means as UTC
            moment = moment.replace(tzinfo=UTC)
        return max(ABSENT, moment.timestamp() - wall)
    except (ValueError, OverflowError, TypeError):
        return ABSENT
