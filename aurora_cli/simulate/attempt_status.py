"""What became of one attempt, as the replay's arrays hold it."""

from typing import Final

OK: Final = 0
TRANSIENT: Final = 1
"""Failed in a way that a retry may mend: 408, 409, 5xx, a timeout, a lost connection."""
THROTTLED: Final = 2
"""429: a retry may mend it, and a breaker takes no notice."""
NON_RETRYABLE: Final = 3
"""Another 4xx: no retry, and a breaker takes no notice."""
