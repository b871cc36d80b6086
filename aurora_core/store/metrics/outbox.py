"""The states of the alert rules and the outbox of their messages, in the SQLite file of the metrics."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from aurora_core.alerting.notification import Notification
from aurora_core.alerting.state import AlertState
from aurora_core.metrics import RollupRow
from aurora_core.store.metrics import rows
from aurora_core.store.metrics.base import (
    MAX_WAITING,
    MESSAGE_RETENTION_S,
    ChannelStats,
    OutboxMessage,
    RuleState,
)


class _File(Protocol):
    """What the outbox needs of the metrics store."""

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]: ...
    def snapshot(self) -> AbstractContextManager[sqlite3.Connection]: ...
    def close(self) -> None: ...


class SQLiteAlertStore:
    """The ``AlertStore`` of a :class:`MetricsStore`; threads may share one, and processes the file."""

    def __init__(self, store: _File) -> None:
        self._store = store

    @contextmanager
    def transaction(self) -> Iterator["SQLiteAlertTransaction"]:
        """Begin a transaction: read what was measured, change states and enqueue messages, all or nothing."""
        with self._store.transaction() as connection:
            yield SQLiteAlertTransaction(connection)

    def claim(self, channel: str, now_s: float, until_s: float) -> OutboxMessage | None:
        """Lease the channel's oldest message until ``until_s``, if it is due; None otherwise."""
        with self._store.transaction() as connection:
            found = connection.execute(
                "SELECT id, notification, enqueued_s, attempts, due_s FROM outbox "
                "WHERE channel = ? AND state = 'waiting' ORDER BY id LIMIT 1",
                (channel,),
            ).fetchone()
            if found is None:
                return None
            number, notification, enqueued_s, attempts, due_s = found
            # A message from the future was enqueued before the clock was set back: it would wait for long.
            if enqueued_s <= now_s < due_s:
                return None
            enqueued_s = min(enqueued_s, now_s)
            connection.execute(
                "UPDATE outbox SET due_s = ?, enqueued_s = ? WHERE id = ?", (until_s, enqueued_s, number)
            )
        return OutboxMessage(number, Notification.from_json(notification), enqueued_s, attempts)

    def mark_delivered(self, message: OutboxMessage, now_s: float) -> None:
        """Mark the message as delivered."""
        self._finish(message.id, "delivered", now_s, None)

    def mark_failed(self, message: OutboxMessage, now_s: float, error: str) -> None:
        """Mark the message as failed."""
        self._finish(message.id, "failed", now_s, error)

    def reschedule(self, message: OutboxMessage, due_s: float, error: str) -> None:
        """Reschedule the message after an attempt that failed."""
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE outbox SET due_s = ?, attempts = attempts + 1, error = ? WHERE id = ?",
                (due_s, error, message.id),
            )

    def resend(self, now_s: float) -> int:
        """Make all undelivered messages due now, and return how many there are."""
        with self._store.transaction() as connection:
            return connection.execute(
                "UPDATE outbox SET state = 'waiting', due_s = ?1, enqueued_s = ?1, attempts = 0, "
                "finished_s = NULL WHERE state <> 'delivered'",
                (now_s,),
            ).rowcount

    def channel_stats(self) -> list[ChannelStats]:
        """Return the counts of each channel over the last 30 days, by name, without writing to the file."""
        query = (
            "SELECT channel, sum(state = 'delivered'), sum(state = 'waiting'), sum(state = 'failed'), "
            "(SELECT error FROM outbox AS last WHERE last.channel = all_.channel "
            "AND state <> 'delivered' AND error IS NOT NULL ORDER BY id DESC LIMIT 1) "
            "FROM outbox AS all_ GROUP BY channel ORDER BY channel"
        )
        with self._store.snapshot() as connection:
            return [ChannelStats(*row) for row in connection.execute(query)]

    def close(self) -> None:
        """Release the file; a later call opens it again."""
        self._store.close()

    def _finish(self, message_id: int, state: str, now_s: float, error: str | None) -> None:
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE outbox SET state = ?, finished_s = ?, error = coalesce(?, error), "
                "attempts = attempts + 1 WHERE id = ?",
                (state, now_s, error, message_id),
            )


class SQLiteAlertTransaction:
    """Rule states and the outbox within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rollups(self, start_s: int, end_s: int) -> list[RollupRow]:
        """Return what all processes measured in the half-open interval."""
        return rows.between(self._connection, start_s, end_s)

    def rule_states(self) -> dict[str, RuleState]:
        """Return the rules that are not ok, by name."""
        query = "SELECT rule, status, since_s, evaluated_s, notification, channels FROM alert_states"
        return {
            rule: RuleState(
                AlertState(status, since_s),
                evaluated_s,
                None if notification is None else Notification.from_json(notification),
                tuple(json.loads(channels)),
            )
            for rule, status, since_s, evaluated_s, notification, channels in self._connection.execute(query)
        }

    def save_states(self, states: Mapping[str, RuleState]) -> None:
        """Replace the states of all rules; a rule that is not given is ok."""
        self._connection.execute("DELETE FROM alert_states")
        self._connection.executemany(
            "INSERT INTO alert_states VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    rule,
                    *state.state,
                    state.evaluated_s,
                    None if state.notification is None else state.notification.to_json(),
                    json.dumps(list(state.channels)),
                )
                for rule, state in states.items()
            ],
        )

    def enqueue(self, notification: Notification, channels: Sequence[str]) -> None:
        """Enqueue a message for each of the channels."""
        for channel in channels:
            self._connection.execute(
                "INSERT INTO outbox (channel, notification, enqueued_s, due_s, attempts, state) "
                "VALUES (?, ?, ?3, ?3, 0, 'waiting')",
                (channel, notification.to_json(), notification.at_s),
            )
            self._connection.execute(
                "UPDATE outbox SET state = 'failed', finished_s = ?, error = 'too many waited' "
                "WHERE id IN (SELECT id FROM outbox WHERE channel = ? AND state = 'waiting' "
                "ORDER BY id DESC LIMIT -1 OFFSET ?)",
                (notification.at_s, channel, MAX_WAITING),
            )

    def expire(self, now_s: float, give_up_s: float) -> None:
        """Mark messages that waited too long as failed, also those of a removed channel; delete old ones."""
        self._connection.execute(
            "UPDATE outbox SET state = 'failed', finished_s = ?, error = coalesce(error, "
            "'no channel of that name takes it') WHERE state = 'waiting' AND enqueued_s < ?",
            (now_s, now_s - give_up_s),
        )
        self._connection.execute("DELETE FROM outbox WHERE finished_s < ?", (now_s - MESSAGE_RETENTION_S,))
