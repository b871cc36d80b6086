"""The states of the alert rules and the outbox of their messages, in the SQLite file of the metrics."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Protocol

from aurora_core.alerting.notification import Notification
from aurora_core.alerting.state import AlertState
from aurora_core.metrics import Slice
from aurora_core.store.metrics import rows
from aurora_core.store.metrics.base import MAX_WAITING, MESSAGE_RETENTION_S, Letter, Mailbox, Standing

_HAS_MESSAGES: Final = "SELECT count(*) FROM sqlite_master WHERE name = 'alert_messages'"


class _File(Protocol):
    """What the outbox needs of the metrics store."""

    def transaction(self) -> AbstractContextManager[sqlite3.Connection]: ...
    def snapshot(self) -> AbstractContextManager[sqlite3.Connection]: ...
    def close(self) -> None: ...


class SQLiteAlertBook:
    """The ``AlertBook`` of a :class:`MetricsStore`; threads may share one, and processes the file."""

    def __init__(self, store: _File) -> None:
        self._store = store

    @contextmanager
    def turn(self) -> Iterator["SQLitePage"]:
        """Begin a transaction: read what was measured, change states and enqueue messages, all or nothing."""
        with self._store.transaction() as connection:
            yield SQLitePage(connection)

    def claim(self, channel: str, now_s: float, until_s: float) -> Letter | None:
        """Lease the channel's oldest message until ``until_s``, if it is due; None otherwise."""
        with self._store.transaction() as connection:
            found = connection.execute(
                "SELECT id, notice, posted_s, attempts, due_s FROM alert_messages "
                "WHERE channel = ? AND state = 'waiting' ORDER BY id LIMIT 1",
                (channel,),
            ).fetchone()
            if found is None:
                return None
            number, notice, posted_s, attempts, due_s = found
            # A message from the future was enqueued before the clock was set back: it would wait for long.
            if posted_s <= now_s < due_s:
                return None
            posted_s = min(posted_s, now_s)
            connection.execute(
                "UPDATE alert_messages SET due_s = ?, posted_s = ? WHERE id = ?", (until_s, posted_s, number)
            )
        return Letter(number, Notification.from_json(notice), posted_s, attempts)

    def delivered(self, letter: Letter, now_s: float) -> None:
        """Mark the message as delivered."""
        self._ended(letter.id, "delivered", now_s, None)

    def given_up(self, letter: Letter, now_s: float, problem: str) -> None:
        """Mark the message as failed."""
        self._ended(letter.id, "given up", now_s, problem)

    def postponed(self, letter: Letter, due_s: float, problem: str) -> None:
        """Reschedule the message after an attempt that failed."""
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE alert_messages SET due_s = ?, attempts = attempts + 1, problem = ? WHERE id = ?",
                (due_s, problem, letter.id),
            )

    def resend(self, now_s: float) -> int:
        """Make all undelivered messages due now, and return how many there are."""
        with self._store.transaction() as connection:
            return connection.execute(
                "UPDATE alert_messages SET state = 'waiting', due_s = ?1, posted_s = ?1, attempts = 0, "
                "ended_s = NULL WHERE state <> 'delivered'",
                (now_s,),
            ).rowcount

    def mailboxes(self) -> list[Mailbox]:
        """Return the counts of each channel over the last 30 days, by name, without writing to the file."""
        query = (
            "SELECT channel, sum(state = 'delivered'), sum(state = 'waiting'), sum(state = 'given up'), "
            "(SELECT problem FROM alert_messages AS last WHERE last.channel = all_.channel "
            "AND state <> 'delivered' AND problem IS NOT NULL ORDER BY id DESC LIMIT 1) "
            "FROM alert_messages AS all_ GROUP BY channel ORDER BY channel"
        )
        with self._store.snapshot() as connection:
            if not connection.execute(_HAS_MESSAGES).fetchone()[0]:  # a file of an earlier version
                return []
            return [Mailbox(*row) for row in connection.execute(query)]

    def close(self) -> None:
        """Release the file; a later call opens it again."""
        self._store.close()

    def _ended(self, letter_id: int, state: str, now_s: float, problem: str | None) -> None:
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE alert_messages SET state = ?, ended_s = ?, problem = coalesce(?, problem), "
                "attempts = attempts + 1 WHERE id = ?",
                (state, now_s, problem, letter_id),
            )


class SQLitePage:
    """Rule states and the outbox within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def slices(self, start_s: int, end_s: int) -> list[Slice]:
        """Return what all processes measured in the half-open interval."""
        return rows.between(self._connection, start_s, end_s)

    def standings(self) -> dict[str, Standing]:
        """Return the rules that are not ok, by name."""
        query = "SELECT rule, status, since_s, looked_s, notice, channels FROM alert_states"
        return {
            rule: Standing(
                AlertState(status, since_s),
                looked_s,
                None if notice is None else Notification.from_json(notice),
                tuple(json.loads(channels)),
            )
            for rule, status, since_s, looked_s, notice, channels in self._connection.execute(query)
        }

    def keep(self, standings: Mapping[str, Standing]) -> None:
        """Replace the states of all rules; a rule that is not given is ok."""
        self._connection.execute("DELETE FROM alert_states")
        self._connection.executemany(
            "INSERT INTO alert_states VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    rule,
                    *standing.state,
                    standing.looked_s,
                    None if standing.notice is None else standing.notice.to_json(),
                    json.dumps(list(standing.channels)),
                )
                for rule, standing in standings.items()
            ],
        )

    def post(self, notice: Notification, channels: Sequence[str]) -> None:
        """Enqueue a message for each of the channels."""
        for channel in channels:
            self._connection.execute(
                "INSERT INTO alert_messages (channel, notice, posted_s, due_s, attempts, state) "
                "VALUES (?, ?, ?3, ?3, 0, 'waiting')",
                (channel, notice.to_json(), notice.at_s),
            )
            self._connection.execute(
                "UPDATE alert_messages SET state = 'given up', ended_s = ?, problem = 'too many waited' "
                "WHERE id IN (SELECT id FROM alert_messages WHERE channel = ? AND state = 'waiting' "
                "ORDER BY id DESC LIMIT -1 OFFSET ?)",
                (notice.at_s, channel, MAX_WAITING),
            )

    def sweep(self, now_s: float, give_up_s: float) -> None:
        """Mark messages that waited too long as failed, also those of a removed channel; delete old ones."""
        self._connection.execute(
            "UPDATE alert_messages SET state = 'given up', ended_s = ?, problem = coalesce(problem, "
            "'no channel of that name takes it') WHERE state = 'waiting' AND posted_s < ?",
            (now_s, now_s - give_up_s),
        )
        self._connection.execute(
            "DELETE FROM alert_messages WHERE ended_s < ?", (now_s - MESSAGE_RETENTION_S,)
        )
