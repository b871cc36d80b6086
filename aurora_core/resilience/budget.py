"""A retry budget that the handlers of one provider share."""

from threading import Lock
from typing import Self

from aurora_core.laws import retry_budget as law
from aurora_core.laws.retry_budget import BudgetPolicy
from aurora_core.resilience.policies import budget_policy


class RetryBudget:
    """A bucket of credits: a success adds ``ratio``, a retry takes 1, first attempts are free.

    It starts full at ``capacity``. While everything fails, retries end when the credits do: a provider
    that is down gets little more than the first attempts.
    """

    def __init__(self, ratio: float = 0.1, capacity: float = 10.0) -> None:
        self._begin(budget_policy(ratio, capacity))

    @classmethod
    def from_policy(cls, policy: BudgetPolicy) -> Self:
        """Make a budget of a law's policy, as :mod:`aurora_core.config.policies` returns it."""
        budget = cls.__new__(cls)
        budget._begin(policy)
        return budget

    def _begin(self, policy: BudgetPolicy) -> None:
        self._policy = policy
        self._credits = policy.capacity
        self._lock = Lock()

    @property
    def credits(self) -> float:
        """What is left to spend."""
        return self._credits

    def deposit(self) -> None:
        """Count a success."""
        with self._lock:
            self._credits = law.deposit(self._policy, self._credits)

    def withdraw(self) -> bool:
        """Take the credit for one retry, if there is one."""
        with self._lock:
            self._credits, granted = law.withdraw(self._credits)
            return granted
