"""Waiting for a lock, and what a fork does."""

import gc
import os
import threading
from threading import Lock

from aurora_core import concurrency
from aurora_core.concurrency import close_before_fork, reset_after_fork, spin_acquire


def test_a_lock_that_is_waited_for_is_held_by_one_thread_at_a_time():
    lock, barrier, inside, most = Lock(), threading.Barrier(8), [], []

    def work():
        barrier.wait()
        for _ in range(300):
            spin_acquire(lock)
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            lock.release()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 2400
    assert max(most) == 1


class Noting:
    """Notes when it is called."""

    def __init__(self, name, notes):
        self.name, self.notes = name, notes

    def before(self):
        self.notes.append(f"{self.name} before")

    def after(self):
        self.notes.append(f"{self.name} after")


def test_before_a_fork_and_in_its_child_whoever_lives_is_called_in_order():
    notes = []
    first, second = Noting("first", notes), Noting("second", notes)
    for each in (first, second):
        close_before_fork(each.before)
        reset_after_fork(each.after)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, ", ".join(notes).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as told:
        assert told.read() == "first before, second before, first after, second after"
    assert notes == ["first before", "second before"]


def test_who_is_gone_is_forgotten():
    gc.collect()
    before = len(concurrency._before_fork), len(concurrency._after_fork)
    for number in range(100):
        noting = Noting(str(number), [])
        close_before_fork(noting.before)
        reset_after_fork(noting.after)
    del noting
    gc.collect()
    assert (len(concurrency._before_fork), len(concurrency._after_fork)) == before
