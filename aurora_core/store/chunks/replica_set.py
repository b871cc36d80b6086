"""Two chunk stores, a primary and its replica: which is which, whether each is sound, how roles change."""

import logging
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from aurora_core.errors import StoreError
from aurora_core.sqlite import is_locked
from aurora_core.store.backup import copy_checked
from aurora_core.store.chunks.replication_state import (
    StoreState,
    begin_sync,
    deleted_among,
    drop_tombstones,
    read_state,
    set_role,
)
from aurora_core.store.chunks.store import SQLiteStore

_log: Final = logging.getLogger("aurora_core.store")


class PrimaryReplica(NamedTuple):
    """A primary and its replica."""

    primary: SQLiteStore
    replica: SQLiteStore

    def in_order(self) -> "PrimaryReplica":
        """Return the two in the order of their files: another process may have promoted the replica."""
        first, second = _state_of(self.primary), _state_of(self.replica)
        if second is None or second.role != "primary" or second.term == 1:
            return self
        stays = first is not None and (first.store_id != second.store_id or _leads(first, second))
        return self if stays else PrimaryReplica(self.replica, self.primary)

    def create(self) -> None:
        """Create the primary of a new store. If its replica exists, the primary was lost: create nothing."""
        if self.primary.state() is None and not Path(self.replica.path).exists():
            with SQLiteStore(self.primary.path) as new:
                new.count()

    def verify(self, seen: StoreState | None) -> StoreState:
        """Return the primary's state; ``StoreError`` if it lacks what this process has ``seen`` in it."""
        state, path = self.primary.state(), self.primary.path
        if state is None:
            raise StoreError(f"{path} does not exist; restore it, or promote the replica")
        if state.role != "primary":
            raise StoreError(f"{path} was taken out of service by a promotion")
        if seen is not None and state.is_behind(seen):
            raise StoreError(f"{path} lacks writes that were in it; restore it, or promote the replica")
        return state

    def verify_against_replica(self, seen: StoreState | None) -> StoreState:
        """Like :meth:`verify`, and the primary must be at least as new as the replica."""
        copied = _state_of(self.replica)
        state = self.verify(seen)
        return self.verify(copied) if copied is not None and copied.role == "replica" else state

    def find_lost(self, missing: set[str], store_id: str) -> set[str]:
        """Return which ids that are missing in the primary are in the replica and were never deleted."""
        with self.primary.reading() as connection:
            unexplained = missing - deleted_among(connection, missing)
        with suppress(StoreError):  # an unreadable replica proves nothing
            copied = self.replica.state()
            if copied is not None and (copied.role, copied.store_id) == ("replica", store_id):
                return {chunk.id for chunk in self.replica.get_chunks(unexplained)}
        return set()

    def sync(self, now_s: float) -> None:
        """Copy the primary to the replica, all or nothing. Call :meth:`verify_against_replica` before."""
        copied, path = self.replica.state(), self.replica.path
        if copied is not None and copied.role != "replica":
            raise StoreError(f"{path} has writes of its own; move it away, and a new replica is created")
        with self.primary.writing(counted=False) as connection:
            begin_sync(connection, now_s)
        state = self._copy()
        with self.primary.writing(counted=False) as connection:
            drop_tombstones(connection, state.sequence)

    def promote(self, now_s: float, seen: StoreState | None) -> "PrimaryReplica":
        """Swap the roles, and return the two in their new order; copy what is readable in the primary first.

        From the first step on the old primary takes no writes, if it can be reached at all. ``StoreError`` if
        another program writes to it now, or if there is no replica.
        """
        if self.replica.state() is None:
            raise StoreError(f"{self.replica.path} does not exist: there is no replica to promote")
        is_complete = self._retire(now_s, seen)
        with self.replica.writing(counted=False) as connection:
            term = read_state(connection, self.replica.path).term
            set_role(connection, "primary", term + 1)
        if is_complete:
            with self.primary.writing(counted=False) as connection:
                set_role(connection, "replica", term)
        return PrimaryReplica(self.replica, self.primary)

    def _retire(self, now_s: float, seen: StoreState | None) -> bool:
        """Take the primary out of service; return whether the replica has all its writes."""
        try:
            first = self.verify_against_replica(seen)
            with self.primary.writing(counted=False) as connection:
                begin_sync(connection, now_s)
                set_role(connection, "retired", first.term)
            self._copy()
        except StoreError as error:
            if is_locked(error):
                raise
            _log.error("writes that %s does not have yet are not promoted: %s", self.replica.path, error)
            return False
        return True

    def _copy(self) -> StoreState:
        """Copy the primary over the replica, and return the copy's state.

        A replica is never replaced by a copy that fails a check: it may be all that is left.
        """
        with TemporaryDirectory(prefix="aurora-") as folder:
            copied = Path(folder, "chunks.db")
            copy_checked(Path(self.primary.path), copied)
            with SQLiteStore(copied) as copy:
                for _ in copy:  # checks each checksum
                    pass
                with copy.writing(counted=False) as connection:
                    state = read_state(connection, copy.path)
                    set_role(connection, "replica", state.term)
                    drop_tombstones(connection, state.sequence)
            try:
                copy_checked(copied, Path(self.replica.path))
            except StoreError as error:
                path, cause = self.replica.path, error.__cause__
                raise StoreError(f"{path} cannot be written ({cause}); fix it, or move it away") from cause
        self.replica.state()  # creates its log before many readers do so at the same time
        return state


def _leads(first: StoreState, second: StoreState) -> bool:
    return first.role == "primary" and first.term >= second.term


def _state_of(store: SQLiteStore) -> StoreState | None:
    """Return the state; None also if the file is unreadable."""
    try:
        return store.state()
    except StoreError as error:
        if is_locked(error):
            raise
        return None
