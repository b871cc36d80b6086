"""A retry budget that the handlers of one provider share."""

from threading import Lock

from aurora_core.laws import budget
from aurora_core.resilience.policies import budget_policy


class RetryBudget:
    """A bucket of credits: a success adds ``ratio``, a retry takes 1, first attempts are free.

    It starts full at ``capacity``. While everything fails, retries end when the credits do: a provider
    that is down gets little more than the first attempts.
    """

    def __init__(self, ratio: float = 0.1, capacity: float = 10.0) -> None:
        self._policy = budget_policy(ratio, capacity)
        self._credits = self._policy.capacity
        self._lock = Lock()

    @property
    def credits(self) -> float:
        """What is left to spend."""
        return self._credits

    def deposit(self) -> None:
        """Count a success."""
        with self._lock:
            self._credits = budget.deposit(self._policy, self._credits)

    def withdraw(self) -> bool:
        """Take the credit for one retry, if there is one."""
        with self._lock:
            self._credits, granted = budget.withdraw(self._credits)
            return granted
