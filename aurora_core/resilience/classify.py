"""What an error means: worth a retry, a fault of the provider, or neither."""

from enum import Enum
from typing import Final

from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded

RECOVERABLE_STATUS: Final = frozenset({408, 409, 429, 500, 502, 503, 504, 529})

RECOVERABLE_NAMES: Final = frozenset(
    {
        "RateLimitError",
        "APITimeoutError",
        "APIConnectionError",
        "InternalServerError",
        "OverloadedError",
    }
)
"""What the providers' SDKs call the errors above; a name needs no import of the SDK."""

EXHAUSTED_QUOTA: Final = "insufficient_quota"
"""Comes as a 429, but no wait brings the money back."""

_REFUSALS: Final = (RateLimitExceeded, CircuitBreakerOpen)
"""This library's own. A limiter's is a ``TimeoutError``, but who retries those does not mean it."""


class Blame(Enum):
    """What an error says about the provider's health, for a breaker."""

    FAILURE = "failure"
    NEUTRAL = "neutral"


def status_code(error: BaseException) -> int | None:
    """The HTTP status that an error carries as ``status_code``, if any."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def blame(error: BaseException) -> Blame:
    """Whether the error counts against the provider.

    A 4xx is the caller's own doing, a 429 a sign of life, a cancellation nobody's fault, and a limiter's
    refusal never reached the provider.
    """
    if not isinstance(error, Exception) or isinstance(error, RateLimitExceeded):
        return Blame.NEUTRAL
    status = status_code(error)
    if status is None:
        named_429 = "RateLimitError" in _names(type(error))
        return Blame.NEUTRAL if named_429 else Blame.FAILURE
    return Blame.NEUTRAL if 400 <= status < 500 else Blame.FAILURE  # noqa: PLR2004 - the class of a status


def recoverable_by_default(error: BaseException) -> bool:
    """Whether a retry may mend the error, where the user has said nothing of its kind."""
    if not isinstance(error, Exception) or isinstance(error, _REFUSALS):
        return False
    if _is_out_of_quota(error):
        return False
    status = status_code(error)
    if status is not None:
        return status in RECOVERABLE_STATUS
    if isinstance(error, TimeoutError | ConnectionError):
        return True
    return not RECOVERABLE_NAMES.isdisjoint(_names(type(error)))


class Classifier:
    """The defaults above, and what the user added, which wins over them.

    The most specific class wins: the first of the error's MRO that is named. On a tie it is not
    recoverable. An exhausted quota never is, whatever class it comes as.
    """

    def __init__(self) -> None:
        self._recoverable: set[type[BaseException] | str] = set()
        self._non_recoverable: set[type[BaseException] | str] = set()

    def add_recoverable(self, kind: type[BaseException] | str) -> None:
        """Retry errors of this class or of a class of this name."""
        self._recoverable.add(_checked(kind))

    def add_non_recoverable(self, kind: type[BaseException] | str) -> None:
        """Never retry errors of this class or of a class of this name."""
        self._non_recoverable.add(_checked(kind))

    def is_recoverable(self, error: BaseException) -> bool:
        """Whether to make another attempt after this error."""
        if not isinstance(error, Exception) or _is_out_of_quota(error):
            return False
        for cls in type(error).__mro__:
            kinds = {cls, cls.__name__, f"{cls.__module__}.{cls.__qualname__}"}
            if not self._non_recoverable.isdisjoint(kinds):
                return False
            if not self._recoverable.isdisjoint(kinds):
                return True
            if cls in _REFUSALS:
                return False
        return recoverable_by_default(error)


def _is_out_of_quota(error: Exception) -> bool:
    return getattr(error, "code", None) == EXHAUSTED_QUOTA


def _names(cls: type[BaseException]) -> list[str]:
    return [base.__name__ for base in cls.__mro__]


def _checked(kind: type[BaseException] | str) -> type[BaseException] | str:
    if isinstance(kind, str) and kind:
        return kind
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return kind
    raise TypeError(f"an exception class or the name of one is needed, not {kind!r}")
