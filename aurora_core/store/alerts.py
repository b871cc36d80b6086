"""Where each alert rule stands, and the messages on their way: in the file of the metrics.

State and messages change in one transaction: whoever looks first moves a rule on and posts its message,
another process that looks at the same time sees that it is done, and a restart repeats nothing.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from aurora_core.alerting.notice import Notice
from aurora_core.alerting.state import AlertState
from aurora_core.metrics import RollupRow
from aurora_core.store import rows
from aurora_core.store.sqlite import MetricsStore, opened_to_read
from aurora_core.time_units import DAY_S

MOST_WAITING: Final = 1000
"""As many messages wait for a channel; beyond it the oldest is given up."""
KEPT_S: Final = 30 * DAY_S
"""What was delivered or given up is forgotten after so long."""


class Standing(NamedTuple):
    """Where a rule stands that is not ok: since when it was looked at last, what was told of it, and to whom.

    ``notice`` is that of its fire, None while it is pending.
    """

    state: AlertState
    looked_s: float
    notice: Notice | None = None
    channels: Sequence[str] = ()


class Letter(NamedTuple):
    """A message on its way to a channel; ``attempts`` were made before."""

    id: int
    notice: Notice
    posted_s: float
    attempts: int


class Mailbox(NamedTuple):
    """What a channel was sent: counts, and why the last that did not arrive did not."""

    channel: str
    delivered: int
    waiting: int
    given_up: int
    problem: str | None


class AlertBook:
    """States and messages in a metrics store; threads may share one, and processes the file.

    All methods raise ``StoreError``. Times are seconds of UTC.
    """

    def __init__(self, store: MetricsStore) -> None:
        self._store = store

    @contextmanager
    def turn(self) -> Iterator["Page"]:
        """Read what was measured, move the rules on and post messages, whole or not at all."""
        with self._store.transaction() as connection:
            yield Page(connection)

    def claim(self, channel: str, now_s: float, until_s: float) -> Letter | None:
        """The channel's oldest message, where it is due; None else.

        It is the caller's until then: if nothing is said of it, it is due again. They go in order: while the
        oldest waits, those behind it do.
        """
        with self._store.transaction() as connection:
            found = connection.execute(
                "SELECT id, notice, posted_s, attempts, due_s FROM alert_messages "
                "WHERE channel = ? AND state = 'waiting' ORDER BY id LIMIT 1",
                (channel,),
            ).fetchone()
            if found is None:
                return None
            number, notice, posted_s, attempts, due_s = found
            # What was posted in the future was so before the clock was set back: it would wait for long.
            if posted_s <= now_s < due_s:
                return None
            posted_s = min(posted_s, now_s)
            connection.execute(
                "UPDATE alert_messages SET due_s = ?, posted_s = ? WHERE id = ?", (until_s, posted_s, number)
            )
        return Letter(number, Notice.from_json(notice), posted_s, attempts)

    def delivered(self, letter: Letter, now_s: float) -> None:
        """The channel took it."""
        self._ended(letter.id, "delivered", now_s, None)

    def given_up(self, letter: Letter, now_s: float, problem: str) -> None:
        """It is not tried again by itself; it is kept, and told of."""
        self._ended(letter.id, "given up", now_s, problem)

    def postponed(self, letter: Letter, due_s: float, problem: str) -> None:
        """The channel did not take it; it is tried again."""
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE alert_messages SET due_s = ?, attempts = attempts + 1, problem = ? WHERE id = ?",
                (due_s, problem, letter.id),
            )

    def resend(self, now_s: float) -> int:
        """Let all that did not arrive be due now; how many there are."""
        with self._store.transaction() as connection:
            return connection.execute(
                "UPDATE alert_messages SET state = 'waiting', due_s = ?1, posted_s = ?1, attempts = 0, "
                "ended_s = NULL WHERE state <> 'delivered'",
                (now_s,),
            ).rowcount

    def mailboxes(self) -> list[Mailbox]:
        """What each channel was sent in the last 30 days, by name."""
        with self._store.transaction() as connection:
            return _mailboxes(connection)

    def close(self) -> None:
        """Give the file back; a later call opens it again."""
        self._store.close()

    def _ended(self, letter_id: int, state: str, now_s: float, problem: str | None) -> None:
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE alert_messages SET state = ?, ended_s = ?, problem = coalesce(?, problem), "
                "attempts = attempts + 1 WHERE id = ?",
                (state, now_s, problem, letter_id),
            )


def mailboxes(path: str | Path) -> list[Mailbox]:
    """The same of a file that is only read. ``StoreError`` where there is none, or it cannot be."""
    with opened_to_read(path) as connection:
        has_messages = "SELECT count(*) FROM sqlite_master WHERE name = 'alert_messages'"
        if not connection.execute(has_messages).fetchone()[0]:  # a file of an earlier version
            return []
        return _mailboxes(connection)


def _mailboxes(connection: sqlite3.Connection) -> list[Mailbox]:
    query = (
        "SELECT channel, sum(state = 'delivered'), sum(state = 'waiting'), sum(state = 'given up'), "
        "(SELECT problem FROM alert_messages AS last WHERE last.channel = all_.channel "
        "AND state <> 'delivered' AND problem IS NOT NULL ORDER BY id DESC LIMIT 1) "
        "FROM alert_messages AS all_ GROUP BY channel ORDER BY channel"
    )
    return [Mailbox(*row) for row in connection.execute(query)]


class Page:
    """The book while it is open to be written, in one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def slices(self, start_s: int, end_s: int) -> list[RollupRow]:
        """What was measured in the half-open stretch, by all processes."""
        return rows.between(self._connection, start_s, end_s)

    def standings(self) -> dict[str, Standing]:
        """The rules that are not ok, by name."""
        query = "SELECT rule, status, since_s, looked_s, notice, channels FROM alert_states"
        return {
            rule: Standing(
                AlertState(status, since_s),
                looked_s,
                None if notice is None else Notice.from_json(notice),
                tuple(json.loads(channels)),
            )
            for rule, status, since_s, looked_s, notice, channels in self._connection.execute(query)
        }

    def keep(self, standings: Mapping[str, Standing]) -> None:
        """Let these be the standings; a rule that is not among them is ok."""
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

    def post(self, notice: Notice, channels: Sequence[str]) -> None:
        """Put a message on its way to each of the channels."""
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
                (notice.at_s, channel, MOST_WAITING),
            )

    def sweep(self, now_s: float, give_up_s: float) -> None:
        """Give up what has waited for too long, if only for a channel that is gone; forget what is old."""
        self._connection.execute(
            "UPDATE alert_messages SET state = 'given up', ended_s = ?, problem = coalesce(problem, "
            "'no channel of that name takes it') WHERE state = 'waiting' AND posted_s < ?",
            (now_s, now_s - give_up_s),
        )
        self._connection.execute("DELETE FROM alert_messages WHERE ended_s < ?", (now_s - KEPT_S,))
