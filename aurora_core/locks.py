"""How to wait for a lock that is held for less than a microsecond."""

from threading import Lock

from aurora_core.clock import give_way


def wait_for(lock: Lock) -> None:
    """Acquire a lock that was just found taken.

    A thread that blocks on a lock owns it before it has the interpreter back; meanwhile every other thread
    runs into it and blocks too, and from then on each step costs a switch of threads. One that gives way and
    asks again leaves the lock to whoever runs.
    """
    while not lock.acquire(blocking=False):
        give_way()
