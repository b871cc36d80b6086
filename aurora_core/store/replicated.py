"""Two chunk stores as one: reads fail over to the replica, writes go to the primary, the replica follows.

Never two writers: the replica is written by copying only, and takes the primary's place by a person's word
(:meth:`ReplicatedStore.promote`).
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final, NamedTuple, TypeVar

from aurora_core.clock import SYSTEM_CLOCK, Clock
from aurora_core.errors import StoreError
from aurora_core.store.backup import copy_checked
from aurora_core.store.chunks import Chunk, SQLiteStore

_T = TypeVar("_T")

_LOCKED: Final = "locked"
"""A file that another program writes is not down: who asked waits, or asks again."""


class Replication(NamedTuple):
    """How it stands. ``reading`` is who answers; ``age_s`` is since the replica followed, None: never yet."""

    reading: str
    age_s: float | None
    failures: int
    last_error: str | None


class ReplicatedStore:
    """Chunks in a primary, and a replica to read from while the primary is down.

    A read that the primary cannot answer (corrupt, gone, a failing disk; not merely locked) is answered by
    the replica, as are all until the primary passes a probe, made every ``probe_s`` seconds. Writes go to the
    primary only, and raise ``StoreError`` while it is down. The replica follows by :meth:`follow`.
    """

    def __init__(
        self, primary: str | Path, replica: str | Path, *, probe_s: float = 30.0, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self._primary, self._replica = SQLiteStore(primary), SQLiteStore(replica)
        self._probe_s = probe_s
        self._clock = clock
        self._lock = Lock()
        self._following = Lock()
        self._down_at: float | None = None
        self._followed_at: float | None = None
        self._failures = 0
        self._error: str | None = None

    def get_chunks(self, ids: Iterable[str]) -> list[Chunk]:
        """The chunks of these ids, from whoever can tell."""
        asked = list(ids)
        return self._read(lambda store: store.get_chunks(asked))

    def count(self) -> int:
        """How many chunks there are."""
        return self._read(lambda store: store.count())

    def save_chunks(self, chunks: Iterable[Chunk]) -> int:
        """Keep the chunks in the primary; ``StoreError`` where it cannot."""
        self._need_the_file()
        return self._primary.save_chunks(chunks)

    def delete(self, ids: Iterable[str]) -> int:
        """Forget the chunks in the primary; the replica follows."""
        self._need_the_file()
        return self._primary.delete(ids)

    def follow(self) -> None:
        """Bring the replica up to the primary, whole or not at all; ``StoreError`` where that is not sound.

        A replica is never replaced by what fails a check: it may be all that is left.
        """
        self._need_the_file()
        with self._following, TemporaryDirectory(prefix="aurora-") as folder:
            copied = Path(folder, "chunks.db")
            copy_checked(Path(self._primary.path), copied)
            with SQLiteStore(copied) as sound:
                for _ in sound:  # each checksum
                    pass
            copy_checked(copied, Path(self._replica.path))
        with self._lock:
            self._followed_at = self._clock.now()

    def promote(self) -> None:
        """Take the replica for the primary from now on: a person's word. The old primary becomes the replica.

        Call it in one process, once the old primary's writers are stopped.
        """
        with self._lock:
            self._primary, self._replica = self._replica, self._primary
            self._down_at = self._followed_at = None

    @property
    def status(self) -> Replication:
        """How it stands."""
        with self._lock:
            age_s = None if self._followed_at is None else self._clock.now() - self._followed_at
            reading = "primary" if self._down_at is None else "replica"
            return Replication(reading, age_s, self._failures, self._error)

    def close(self) -> None:
        """Give both files back."""
        self._primary.close()
        self._replica.close()

    def _read(self, ask: Callable[[SQLiteStore], _T]) -> _T:
        if self._tries_the_primary():
            try:
                self._need_the_file()
                answer = ask(self._primary)
            except StoreError as error:
                if _LOCKED in str(error):
                    raise
                self._went_down(error)
            else:
                with self._lock:
                    self._down_at = None
                return answer
        return ask(self._replica)

    def _tries_the_primary(self) -> bool:
        with self._lock:
            if self._down_at is None:
                return True
            if self._clock.now() - self._down_at < self._probe_s:
                return False
            self._down_at = self._clock.now()  # this call is the probe; others stay with the replica
            return True

    def _went_down(self, error: StoreError) -> None:
        self._primary.close()  # the next probe opens the file anew: it may be another one
        with self._lock:
            self._down_at = self._clock.now()
            self._failures += 1
            self._error = str(error)

    def _need_the_file(self) -> None:
        """A primary that is gone must not be made anew, empty, by who writes to it; the first one may."""
        begun = self._followed_at is not None or Path(self._replica.path).exists()
        if begun and not Path(self._primary.path).is_file():
            raise StoreError(f"{self._primary.path} is gone; bring it back, or promote the replica")
