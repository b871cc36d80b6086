"""What a status or an error in a log says about the query."""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from aurora_cli.simulate.attempt_status import NON_RETRYABLE, OK, THROTTLED, TRANSIENT
from aurora_cli.simulate.reader import duckdb_utils
from aurora_core.resilience.classify import EXHAUSTED_QUOTA, RECOVERABLE_STATUS

_TOO_MANY_REQUESTS: Final = 429
_SUCCESSES: Final = frozenset(
    {
        "ok",
        "success",
        "successful",
        "succeed",
        "succeeded",
        "complete",
        "completed",
        "done",
        "answered",
        "true",
        "yes",
        "stop",
        "debug",
        "info",
        "notice",
        "warning",
        "warn",
    }
)
_FAILURES: Final = frozenset(
    {
        "error",
        "errored",
        "fail",
        "failed",
        "failure",
        "timeout",
        "timeouts",
        "timed_out",
        "exception",
        "false",
        "no",
        "crash",
        "crashed",
        "critical",
        "fatal",
        "unavailable",
        "overloaded",
    }
)
_THROTTLES: Final = frozenset(
    {"throttled", "rate_limited", "rate_limit", "ratelimiterror", "rate_limit_error"}
)
_NO_ERROR: Final = ("", "null", "none", "nan", "false", "no", "0", "ok", "-")
_THROTTLED_TEXT: Final = r"rate.?limit|\b429\b|too many requests"


def of_status(value: str | None, failed: AbstractSet[str]) -> int | None:
    """A constant of :mod:`attempt_status` for a status column's value; None if it is unknown."""
    word = _plain(value or "")
    if word in {_plain(name) for name in failed}:
        return TRANSIENT
    if (code := _http_status(word)) is not None:
        return _of_http_status(code)
    if word in _THROTTLES:
        return THROTTLED
    if word in _SUCCESSES:
        return OK
    return TRANSIENT if word in _FAILURES else None


def of_error_sql(column: str, failed: AbstractSet[str]) -> str:
    """SQL of the same for an error column, of which any text is a failure."""
    text = f"lower(trim({column}))"
    named = ", ".join(duckdb_utils.text(name.strip().lower()) for name in sorted(failed)) or "NULL"
    none = ", ".join(map(duckdb_utils.text, _NO_ERROR))
    return (
        f"CASE WHEN {column} IS NULL THEN {OK} WHEN {text} IN ({named}) THEN {TRANSIENT} "
        f"WHEN {text} IN ({none}) THEN {OK} "
        f"WHEN contains({text}, {duckdb_utils.text(EXHAUSTED_QUOTA)}) THEN {NON_RETRYABLE} "
        f"WHEN regexp_matches({text}, {duckdb_utils.text(_THROTTLED_TEXT)}) "
        f"THEN {THROTTLED} ELSE {TRANSIENT} END"
    )


def _plain(value: str) -> str:
    return re.sub(r"[\s-]+", "_", value.strip().lower())


def _http_status(word: str) -> int | None:
    match = re.fullmatch(r"([1-5]\d\d)(\.0+)?", word)
    return int(match[1]) if match else None


def _of_http_status(code: int) -> int:
    if code == _TOO_MANY_REQUESTS:
        return THROTTLED
    if code in RECOVERABLE_STATUS or code >= 500:  # noqa: PLR2004 - a server's error may pass, listed or not
        return TRANSIENT
    return NON_RETRYABLE if code >= 400 else OK  # noqa: PLR2004 - the caller's error does not
