"""Two chunk stores as one: reads fail over to the replica, writes go to the primary, the replica follows.

Never two writers: the replica is written by copying only, and takes the primary's place by a person's word
(:meth:`ReplicatedStore.promote`), which stands in the files, for every process and after a restart.
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
from aurora_core.store.chunks import Chunk, SQLiteStore
from aurora_core.store.follower import Follower
from aurora_core.store.pair import Pair, is_merely_locked
from aurora_core.store.standing import Standing

_T = TypeVar("_T")
_log: Final = logging.getLogger("aurora_core.store")


class Replication(NamedTuple):
    """How it stands. ``reading`` is who answers; ``age_s`` is the replica's, in seconds, None: there is none.

    ``failures`` of the primary, and the last one; ``follow_error`` is why the replica does not follow.
    """

    reading: str
    age_s: float | None
    failures: int
    last_error: str | None
    follow_error: str | None


class ReplicatedStore:
    """Chunks in a primary, and a replica to read from while the primary is down.

    A read that the primary cannot answer (corrupt, gone, emptied, set back; a failing disk; not merely
    locked) is answered by the replica, as are all until the primary passes a probe, made every ``probe_s``
    seconds: it answers what it failed at. What the replica says is as old as ``status.age_s``. Writes go to
    the primary only, and raise ``StoreError`` while it is down. The replica follows by :meth:`follow`, and by
    itself every ``follow_every_s`` seconds, on the machine's own clock only.
    """

    def __init__(
        self,
        primary: str | Path,
        replica: str | Path,
        *,
        probe_s: float = 30.0,
        follow_every_s: float | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._pair = Pair(SQLiteStore(primary, make=False), SQLiteStore(replica, make=False))
        self._probe_s = probe_s
        self._clock = clock
        self._reset_after_fork()
        reset_after_fork(self._reset_after_fork)
        self._failed_at: Callable[[Pair], object] | None = None
        self._down_at: float | None = None
        self._seen: Standing | None = None
        self._failures = 0
        self._error: str | None = None
        self._follower: Follower | None = None
        if follow_every_s is not None and clock is SYSTEM_CLOCK:
            self._follower = Follower(self.follow, follow_every_s)

    def get_chunks(self, ids: Iterable[str]) -> list[Chunk]:
        """The chunks of these ids, from whoever can tell."""
        asked = list(dict.fromkeys(ids))
        return self._read(lambda pair: self._all_of(pair, asked), lambda replica: replica.get_chunks(asked))

    def count(self) -> int:
        """How many chunks there are."""
        return self._read(lambda pair: pair.primary.count(), lambda replica: replica.count())

    def save_chunks(self, chunks: Iterable[Chunk]) -> int:
        """Keep the chunks in the primary; ``StoreError`` where it cannot."""
        return self._write(lambda store: store.save_chunks(chunks))

    def delete(self, ids: Iterable[str]) -> int:
        """Forget the chunks in the primary; the replica follows."""
        return self._write(lambda store: store.delete(ids))

    def follow(self) -> None:
        """Bring the replica up to the primary, whole or not at all; ``StoreError`` where it is not sound."""
        with self._following:
            self._settled().follow(self._clock.wall())

    def promote(self) -> None:
        """Take the replica for the primary from now on: a person's word. The old primary becomes the replica.

        What the old primary can still tell is copied first, and nobody writes to it from then on: other
        processes go over to the new one by themselves. One that cannot be copied any more is kept as it is
        and is no replica: what was written to it last is nowhere else. ``StoreError`` where somebody writes
        to it just now, or where there is no replica.
        """
        with self._following:
            pair = self._pair.ordered()
            if pair is self._pair:  # else another process was told so before
                pair = pair.promoted(self._clock.wall(), self._seen)
            with self._lock:
                self._pair = pair
                self._down_at = self._seen = self._failed_at = None

    @property
    def status(self) -> Replication:
        """How it stands."""
        copied = None
        with suppress(StoreError):
            copied = self._pair.replica.stands()
        age_s = None
        if copied is not None and copied.role == "replica" and copied.followed_s is not None:
            age_s = max(0.0, self._clock.wall() - copied.followed_s)
        follow_error = None if self._follower is None else self._follower.error
        with self._lock:
            reading = "primary" if self._down_at is None else "replica"
            return Replication(reading, age_s, self._failures, self._error, follow_error)

    def close(self) -> None:
        """Give both files back, and stop following."""
        if self._follower is not None:
            self._follower.close()
        for store in self._pair:
            store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _reset_after_fork(self) -> None:
        """After a fork, in the child: a lock may be one that a thread of the parent held."""
        self._lock = Lock()
        self._following = Lock()

    def _read(self, ask: Callable[[Pair], _T], instead: Callable[[SQLiteStore], _T]) -> _T:
        if self._tries_the_primary():
            try:
                return self._from_the_primary(ask)
            except StoreError as error:
                if is_merely_locked(error) or not self._has_a_replica():
                    raise
                self._went_down(error, ask)
        self._pair.primary.let_go()
        return instead(self._pair.replica)

    def _from_the_primary(self, ask: Callable[[Pair], _T]) -> _T:
        pair, seen = self._pair, self._seen
        if seen is None or self._down_at is not None:
            pair = self._settled()
            if self._failed_at is not None:
                self._failed_at(pair)
        answer = ask(pair)
        self._saw(pair.checked(seen))
        with self._lock:
            if self._down_at is not None:
                _log.warning("%s answers again", pair.primary.path)
            self._down_at = self._failed_at = None
        return answer

    def _all_of(self, pair: Pair, asked: list[str]) -> list[Chunk]:
        """The chunks; ``CorruptChunk`` where one is missing that nobody deleted: an index may be damaged."""
        lost: set[str] = set()
        for _ in range(2):  # between the questions somebody may have written
            found = pair.primary.get_chunks(asked)
            missing = set(asked).difference(chunk.id for chunk in found)
            lost = pair.lost(missing, pair.checked(None).store) if missing else missing
            if not lost:
                return found
        raise CorruptChunk(f"{pair.primary.path}: the chunk {min(lost)!r} is missing; nobody deleted it")

    def _write(self, change: Callable[[SQLiteStore], int]) -> int:
        pair = self._settled()
        changed = change(pair.primary)
        with suppress(StoreError):  # it was written: whatever is wrong now the next call will meet
            self._saw(pair.checked(self._seen))
        return changed

    def _settled(self) -> Pair:
        """The two in their order; ``StoreError`` where the primary is not what it has to be."""
        pair = self._pair.ordered()
        with self._lock:
            if pair is not self._pair:
                self._pair, self._seen = pair, None
            seen = self._seen
        if seen is None:
            pair.make()
        self._saw(pair.compared(seen))
        return pair

    def _saw(self, stands: Standing) -> None:
        with self._lock:
            if self._seen is None or self._seen.is_behind(stands):
                self._seen = stands

    def _tries_the_primary(self) -> bool:
        with self._lock:
            if self._down_at is None:
                return True
            if self._clock.now() - self._down_at < self._probe_s and self._has_a_replica():
                return False
            self._down_at = self._clock.now()  # this call is the probe; others stay with the replica
            return True

    def _has_a_replica(self) -> bool:
        """Whether there is one to read from; another store's is none."""
        with suppress(StoreError):
            stands, seen = self._pair.replica.stands(), self._seen
            if stands is not None and (stands.role != "primary" or stands.term > 1):
                return seen is None or seen.store == stands.store
        return False

    def _went_down(self, error: StoreError, ask: Callable[[Pair], object]) -> None:
        self._pair.primary.close()  # the next probe opens the file anew: it may be another one
        with self._lock:
            if self._down_at is None:
                _log.error("the primary is down, and the replica answers: %s", str(error))
            self._down_at = self._clock.now()
            self._failed_at = ask
            self._failures += 1
            self._error = str(error)
