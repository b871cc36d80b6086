"""What every metrics store can do, whichever database it is in. All methods raise ``StoreError``.

Times are seconds of UTC; intervals are half-open.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, NamedTuple, Protocol

from aurora_core.alerting.notification import Notification
from aurora_core.alerting.state import AlertState
from aurora_core.metrics import RollupRow

MAX_WAITING: Final = 1000
"""Messages that wait for a channel; beyond it the oldest is marked as failed."""
MESSAGE_RETENTION_S: Final = 30 * 86_400.0
"""Delivered and failed messages are deleted after this time."""


class MetricsReader(Protocol):
    """Reads what was measured, without creating or changing a store."""

    @property
    def url(self) -> str:
        """The store's URL, for messages and reports."""
        ...

    def exists(self) -> bool:
        """Return whether there is a store; ``StoreError`` if something else is in its place."""
        ...

    def read(self, start_s: int, end_s: int) -> Sequence[RollupRow]:
        """Return the slices that begin in the interval, in order of time. ``StoreError`` without a store."""
        ...

    def time_range(self) -> tuple[int, int] | None:
        """Return the first second of the first slice and the end of the last; None if there are none."""
        ...


class MetricsWriter(Protocol):
    """Writes what was measured."""

    def write(self, slices: Sequence[RollupRow]) -> None:
        """Store all slices or none; one of the same time, source and model is added to."""
        ...


class RuleState(NamedTuple):
    """The state of a rule that is not ok, when it was last evaluated, and who was notified.

    ``notification`` is that of the fire, None while the rule is pending.
    """

    state: AlertState
    evaluated_s: float
    notification: Notification | None = None
    channels: Sequence[str] = ()


class OutboxMessage(NamedTuple):
    """A message queued for a channel, after ``attempts`` attempts to send it."""

    id: int
    notification: Notification
    enqueued_s: float
    attempts: int


class ChannelStats(NamedTuple):
    """How many messages a channel was sent, and why the last one that failed did."""

    channel: str
    delivered: int
    waiting: int
    failed: int
    error: str | None


class AlertTransaction(Protocol):
    """Rule states and the outbox within one transaction."""

    def rollups(self, start_s: int, end_s: int) -> Sequence[RollupRow]:
        """Return what all processes measured in the interval."""
        ...

    def rule_states(self) -> dict[str, RuleState]:
        """Return the rules that are not ok, by name."""
        ...

    def save_states(self, states: Mapping[str, RuleState]) -> None:
        """Replace the states of all rules; a rule that is not given is ok."""
        ...

    def enqueue(self, notification: Notification, channels: Sequence[str]) -> None:
        """Enqueue a message for each of the channels."""
        ...

    def expire(self, now_s: float, give_up_s: float) -> None:
        """Mark messages that waited longer than ``give_up_s`` as failed; delete old ones."""
        ...


class AlertStore(Protocol):
    """States of the alert rules and a transactional outbox; threads and processes may share a store.

    A state and its message change in one transaction: each change is notified once, whoever evaluates, and a
    restart repeats nothing.
    """

    def transaction(self) -> AbstractContextManager[AlertTransaction]:
        """Begin a transaction: read what was measured, change states and enqueue messages, all or nothing."""
        ...

    def claim(self, channel: str, now_s: float, until_s: float) -> OutboxMessage | None:
        """Lease the channel's oldest message until ``until_s``, if it is due; None otherwise.

        Messages are sent in order: while the oldest waits, later ones wait. A lease that expires makes the
        message due again.
        """
        ...

    def mark_delivered(self, message: OutboxMessage, now_s: float) -> None:
        """Mark the message as delivered."""
        ...

    def mark_failed(self, message: OutboxMessage, now_s: float, error: str) -> None:
        """Mark the message as failed: it is kept and reported, and not retried by itself."""
        ...

    def reschedule(self, message: OutboxMessage, due_s: float, error: str) -> None:
        """Reschedule the message after an attempt that failed."""
        ...

    def resend(self, now_s: float) -> int:
        """Make all undelivered messages due now, and return how many there are."""
        ...

    def channel_stats(self) -> Sequence[ChannelStats]:
        """Return the counts of each channel over the last 30 days, by name, without writing to the store."""
        ...

    def close(self) -> None:
        """Release the store; a later call opens it again."""
        ...


class MetricsBackend(MetricsReader, MetricsWriter, Protocol):
    """A store that a URL names: metrics and alerts in one database."""

    def alert_store(self) -> AlertStore:
        """Return the alerts of this store."""
        ...

    def close(self) -> None:
        """Release the store; a later call opens it again."""
        ...
