"""Opening a SQLite file that another process, or another thread, may be making just now."""

import sqlite3
from typing import Final, NamedTuple

from aurora_core.clock import SYSTEM_CLOCK

_LOOK: Final = (
    "SELECT (SELECT application_id FROM pragma_application_id), "
    "(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_master)"
)


_PAUSE_S: Final = 0.005
_PRIMARY_CODE: Final = 0xFF


class Head(NamedTuple):
    """The numbers in the file's head, 0 where nobody has set them, and how much it holds."""

    application: int
    version: int
    objects: int

    def belongs_to(self, application: int) -> bool:
        """Whether the file is the program's, or still nobody's."""
        return self.application == application or not (self.application or self.objects)


def head_of(connection: sqlite3.Connection) -> Head:
    """All of it as of one moment: read one by one, a file that is being made looks like another program's."""
    return Head(*connection.execute(_LOOK).fetchone())


def keep_a_log(connection: sqlite3.Connection, patience_s: float) -> None:
    """Go over to a write-ahead log, and wait for others who do for so many seconds at most.

    For this one step SQLite does not wait by itself: of several who open a new file at once, one fails.
    """
    until = SYSTEM_CLOCK.now() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY_CODE != sqlite3.SQLITE_BUSY or SYSTEM_CLOCK.now() >= until:
                raise
            SYSTEM_CLOCK.sleep_until(SYSTEM_CLOCK.now() + _PAUSE_S)
        else:
            return
