"""Waiting for a lock."""

import threading
from threading import Lock

from aurora_core.locks import wait_for


def test_a_lock_that_is_waited_for_is_held_by_one_thread_at_a_time():
    lock, barrier, inside, most = Lock(), threading.Barrier(8), [], []

    def work():
        barrier.wait()
        for _ in range(300):
            wait_for(lock)
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
