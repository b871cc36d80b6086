"""Two chunk stores, one of which is the primary: which one, whether it can be, and how they change places."""

import logging
import sqlite3
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from aurora_core.errors import StoreError
from aurora_core.store import standing
from aurora_core.store.backup import copy_checked
from aurora_core.store.chunks import SQLiteStore
from aurora_core.store.standing import Standing

_log: Final = logging.getLogger("aurora_core.store")
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_merely_locked(error: StoreError) -> bool:
    """A file that another program writes is not down: who asked waits, or asks again."""
    code = getattr(error.__cause__, "sqlite_errorcode", sqlite3.SQLITE_OK)  # a text that is none has no code
    return code & 0xFF in _BUSY


class Pair(NamedTuple):
    """The primary first."""

    primary: SQLiteStore
    replica: SQLiteStore

    def ordered(self) -> "Pair":
        """The same two in the order that their files say: another process may have promoted the replica."""
        first, second = _standing_of(self.primary), _standing_of(self.replica)
        if second is None or second.role != "primary" or second.term == 1:
            return self
        stays = first is not None and (first.store != second.store or _leads(first, second))
        return self if stays else Pair(self.replica, self.primary)

    def make(self) -> None:
        """Make the primary of a store that begins. One whose replica is there does not: it is gone."""
        if self.primary.stands() is None and not Path(self.replica.path).exists():
            with SQLiteStore(self.primary.path) as new:
                new.count()

    def checked(self, seen: Standing | None) -> Standing:
        """How the primary stands; ``StoreError`` where it lacks what this process has ``seen`` in it."""
        stands, path = self.primary.stands(), self.primary.path
        if stands is None:
            raise StoreError(f"{path} is gone; bring it back, or promote the replica")
        if stands.role != "primary":
            raise StoreError(f"{path} is out of service since a promotion")
        if seen is not None and stands.is_behind(seen):
            raise StoreError(f"{path} lacks writes that were in it; bring it back, or promote the replica")
        return stands

    def compared(self, seen: Standing | None) -> Standing:
        """The same, and it must not lack what the replica has either."""
        copied = _standing_of(self.replica)
        stands = self.checked(seen)
        return self.checked(copied) if copied is not None and copied.role == "replica" else stands

    def lost(self, missing: set[str], store: str) -> set[str]:
        """Of what the primary does not find, what the replica has and nobody deleted."""
        with self.primary.reading() as connection:
            unexplained = missing - standing.deleted_among(connection, missing)
        with suppress(StoreError):  # then nobody can tell
            copied = self.replica.stands()
            if copied is not None and (copied.role, copied.store) == ("replica", store):
                return {chunk.id for chunk in self.replica.get_chunks(unexplained)}
        return set()

    def follow(self, now_s: float) -> None:
        """Bring the replica up to the primary, whole or not at all. The primary was compared."""
        copied, path = self.replica.stands(), self.replica.path
        if copied is not None and copied.role != "replica":
            raise StoreError(f"{path} has writes of its own; move it away, and a replica is made anew")
        with self.primary.writing(counted=False) as connection:
            standing.follow(connection, now_s)
        stood = self._copy()
        with self.primary.writing(counted=False) as connection:
            standing.forget_deleted(connection, stood.sequence)

    def promoted(self, now_s: float, seen: Standing | None) -> "Pair":
        """The two in the other order. What the primary can still tell is copied first.

        From the first step on nobody writes to the old one, where it can be reached at all; ``StoreError``
        where somebody does just now, or there is no replica.
        """
        if self.replica.stands() is None:
            raise StoreError(f"{self.replica.path} is not there: there is nothing to promote")
        whole = self._retire(now_s, seen)
        with self.replica.writing(counted=False) as connection:
            term = standing.read(connection, self.replica.path).term
            standing.become(connection, "primary", term + 1)
        if whole:
            with self.primary.writing(counted=False) as connection:
                standing.become(connection, "replica", term)
        return Pair(self.replica, self.primary)

    def _retire(self, now_s: float, seen: Standing | None) -> bool:
        """Take the primary out of service; whether all that was in it is in the replica."""
        try:
            first = self.compared(seen)
            with self.primary.writing(counted=False) as connection:
                standing.follow(connection, now_s)
                standing.become(connection, "retired", first.term)
            self._copy()
        except StoreError as error:
            if is_merely_locked(error):
                raise
            _log.error("what was not yet in %s is not promoted: %s", self.replica.path, error)
            return False
        return True

    def _copy(self) -> Standing:
        """A replica is never replaced by what fails a check: it may be all that is left."""
        with TemporaryDirectory(prefix="aurora-") as folder:
            copied = Path(folder, "chunks.db")
            copy_checked(Path(self.primary.path), copied)
            with SQLiteStore(copied) as sound:
                for _ in sound:  # each checksum
                    pass
                with sound.writing(counted=False) as connection:
                    stood = standing.read(connection, sound.path)
                    standing.become(connection, "replica", stood.term)
                    standing.forget_deleted(connection, stood.sequence)
            try:
                copy_checked(copied, Path(self.replica.path))
            except StoreError as error:
                told = f"{self.replica.path} cannot be written ({error.__cause__}); mend it, or move it away"
                raise StoreError(told) from error.__cause__
        self.replica.stands()  # sets its log up, before many readers want to at once
        return stood


def _leads(first: Standing, second: Standing) -> bool:
    return first.role == "primary" and first.term >= second.term


def _standing_of(store: SQLiteStore) -> Standing | None:
    """None also where it cannot be told."""
    try:
        return store.stands()
    except StoreError as error:
        if is_merely_locked(error):
            raise
        return None
