"""Two chunk stores as one: reads fail over to a replica, writes go to the primary, which is copied.

There are never two writers: the replica is written by copying only, and becomes the primary only by
:meth:`ReplicatedStore.promote`, which records it in both files, for every process and after a restart.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple, Self, TypeVar

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.concurrency import reset_after_fork
from aurora_core.errors import CorruptChunk, StoreError
from aurora_core.sqlite import is_locked
from aurora_core.store.chunks.replica_set import PrimaryReplica
from aurora_core.store.chunks.replication_state import StoreState
from aurora_core.store.chunks.replicator import Replicator
from aurora_core.store.chunks.store import Chunk, SQLiteStore

_T = TypeVar("_T")
_log: Final = logging.getLogger("aurora_core.store")


class ReplicationStatus(NamedTuple):
    """Which store answers reads (``"primary"`` or ``"replica"``), and the replica's age in seconds.

    ``age_s`` is None without a replica. ``failures`` counts the primary's failures, ``last_error`` is the
    last one; ``sync_error`` is why the replica cannot be synced.
    """

    reading: str
    age_s: float | None
    failures: int
    last_error: str | None
    sync_error: str | None


class ReplicatedStore:
    """Chunks in a primary, and a replica to read from while the primary is down.

    If the primary cannot answer a read (corrupt, missing, emptied, older than before, a failing disk; not
    merely locked), the replica answers it, and all later ones until the primary passes a probe: every
    ``probe_s`` seconds it gets the read that it failed at. The replica's data is ``status.age_s`` old. Writes
    go to the primary only, and raise ``StoreError`` while it is down. :meth:`sync` copies the primary to the
    replica; a thread does so every ``sync_interval_s`` seconds, on the system's clock only.
    """

    def __init__(
        self,
        primary: str | Path,
        replica: str | Path,
        *,
        probe_s: float = 30.0,
        sync_interval_s: float | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._stores = PrimaryReplica(SQLiteStore(primary, create=False), SQLiteStore(replica, create=False))
        self._probe_s = probe_s
        self._clock = clock
        self._reset()
        reset_after_fork(self._reset)
        self._failed_read: Callable[[PrimaryReplica], object] | None = None
        self._down_at: float | None = None
        self._seen: StoreState | None = None
        self._failures = 0
        self._error: str | None = None
        self._replicator: Replicator | None = None
        if sync_interval_s is not None and clock is SYSTEM_CLOCK:
            self._replicator = Replicator(self.sync, sync_interval_s)

    def get_chunks(self, ids: Iterable[str]) -> list[Chunk]:
        """Return the chunks of these ids, from the primary or else from the replica."""
        names = list(dict.fromkeys(ids))
        return self._read(
            lambda stores: self._get_all(stores, names), lambda replica: replica.get_chunks(names)
        )

    def count(self) -> int:
        """Return how many chunks there are."""
        return self._read(lambda stores: stores.primary.count(), lambda replica: replica.count())

    def save_chunks(self, chunks: Iterable[Chunk]) -> int:
        """Store the chunks in the primary; ``StoreError`` while it is down."""
        return self._write(lambda store: store.save_chunks(chunks))

    def delete(self, ids: Iterable[str]) -> int:
        """Delete the chunks in the primary; the next sync deletes them in the replica."""
        return self._write(lambda store: store.delete(ids))

    def sync(self) -> None:
        """Copy the primary to the replica, all or nothing; ``StoreError`` if the primary is not sound."""
        with self._syncing:
            self._verified().sync(self._clock.wall())

    def promote(self) -> None:
        """Make the replica the primary, and the old primary the replica. Only an operator calls this.

        What the old primary can still read is copied first, and it takes no writes from then on: other
        processes switch to the new primary by themselves. An old primary that cannot be copied is kept as it
        is and is not a replica: its last writes are nowhere else. ``StoreError`` if another program writes to
        it now, or if there is no replica.
        """
        with self._syncing:
            stores = self._stores.in_order()
            if stores is self._stores:  # otherwise another process has promoted it
                stores = stores.promote(self._clock.wall(), self._seen)
            with self._lock:
                self._stores = stores
                self._down_at = self._seen = self._failed_read = None

    @property
    def status(self) -> ReplicationStatus:
        """Which store answers, how old the replica is, and what failed."""
        copied = None
        with suppress(StoreError):
            copied = self._stores.replica.state()
        age_s = None
        if copied is not None and copied.role == "replica" and copied.synced_s is not None:
            age_s = max(0.0, self._clock.wall() - copied.synced_s)
        sync_error = None if self._replicator is None else self._replicator.error
        with self._lock:
            reading = "primary" if self._down_at is None else "replica"
            return ReplicationStatus(reading, age_s, self._failures, self._error, sync_error)

    def close(self) -> None:
        """Stop syncing, and release both files."""
        if self._replicator is not None:
            self._replicator.close()
        for store in self._stores:
            store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _reset(self) -> None:
        """Replace the locks in the child of a fork: a thread of the parent may have held them."""
        self._lock = Lock()
        self._syncing = Lock()

    def _read(
        self,
        from_primary: Callable[[PrimaryReplica], _T],
        from_replica: Callable[[SQLiteStore], _T],
    ) -> _T:
        if self._should_try_primary():
            try:
                return self._read_primary(from_primary)
            except StoreError as error:
                if is_locked(error) or not self._has_replica():
                    raise
                self._mark_down(error, from_primary)
        self._stores.primary.release()
        return from_replica(self._stores.replica)

    def _read_primary(self, read: Callable[[PrimaryReplica], _T]) -> _T:
        stores, seen = self._stores, self._seen
        if seen is None or self._down_at is not None:
            stores = self._verified()
            if self._failed_read is not None:
                self._failed_read(stores)
        answer = read(stores)
        self._record_state(stores.verify(seen))
        with self._lock:
            if self._down_at is not None:
                _log.warning("%s answers again", stores.primary.path)
            self._down_at = self._failed_read = None
        return answer

    def _get_all(self, stores: PrimaryReplica, names: list[str]) -> list[Chunk]:
        """Return the chunks; ``CorruptChunk`` if one is missing that was never deleted: a damaged index."""
        lost: set[str] = set()
        for _ in range(2):  # another process may have written between the two queries
            found = stores.primary.get_chunks(names)
            missing = set(names).difference(chunk.id for chunk in found)
            lost = stores.find_lost(missing, stores.verify(None).store_id) if missing else missing
            if not lost:
                return found
        raise CorruptChunk(
            f"{stores.primary.path}: the chunk {min(lost)!r} is missing, and was never deleted"
        )

    def _write(self, change: Callable[[SQLiteStore], int]) -> int:
        stores = self._verified()
        changed = change(stores.primary)
        with suppress(StoreError):  # the write is done; the next call meets whatever is wrong now
            self._record_state(stores.verify(self._seen))
        return changed

    def _verified(self) -> PrimaryReplica:
        """Return the two in their order; ``StoreError`` if the primary is not sound."""
        stores = self._stores.in_order()
        with self._lock:
            if stores is not self._stores:
                self._stores, self._seen = stores, None
            seen = self._seen
        if seen is None:
            stores.create()
        self._record_state(stores.verify_against_replica(seen))
        return stores

    def _record_state(self, state: StoreState) -> None:
        with self._lock:
            if self._seen is None or self._seen.is_behind(state):
                self._seen = state

    def _should_try_primary(self) -> bool:
        with self._lock:
            if self._down_at is None:
                return True
            if self._clock.now() - self._down_at < self._probe_s and self._has_replica():
                return False
            self._down_at = self._clock.now()  # this call is the probe; others stay with the replica
            return True

    def _has_replica(self) -> bool:
        """Return whether there is a replica to read from; another store's is not one."""
        with suppress(StoreError):
            state, seen = self._stores.replica.state(), self._seen
            if state is not None and (state.role != "primary" or state.term > 1):
                return seen is None or seen.store_id == state.store_id
        return False

    def _mark_down(self, error: StoreError, read: Callable[[PrimaryReplica], object]) -> None:
        self._stores.primary.close()  # the next probe opens the file again: it may be another one
        with self._lock:
            if self._down_at is None:
                _log.error("the primary is down, and the replica answers: %s", str(error))
            self._down_at = self._clock.now()
            self._failed_read = read
            self._failures += 1
            self._error = str(error)
