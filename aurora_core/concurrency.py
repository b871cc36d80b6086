"""Locks that are held for less than a microsecond, and what a fork does to locks and files."""

import os
import weakref
from collections.abc import Callable
from functools import partial
from itertools import count
from threading import Lock
from typing import Final

from aurora_core.clock import yield_thread


def spin_acquire(lock: Lock) -> None:
    """Acquire a lock that was just found taken, without blocking on it.

    A thread that blocks on a lock owns it before it has the interpreter back; meanwhile every other thread
    runs into it and blocks too, and from then on each step costs a thread switch. A thread that yields and
    tries again leaves the lock to the thread that runs.
    """
    while not lock.acquire(blocking=False):
        yield_thread()


def reset_after_fork(reset: Callable[[], None]) -> None:
    """Call the bound method in the child after each fork, as long as its object lives.

    A lock that another thread held during the fork stays locked in the child for ever, and that thread's work
    never continues there: the method replaces both.
    """
    _register(_after_fork, reset)


def close_before_fork(close: Callable[[], None]) -> None:
    """Call the bound method before each fork: a child must not inherit an open SQLite connection.

    SQLite would count the parent's file locks as its own; the operating system does not.
    """
    _register(_before_fork, close)


_Methods = dict[int, tuple["weakref.ref[object]", Callable[[object], None]]]
_numbers: Final = count()
_before_fork: Final[_Methods] = {}
_after_fork: Final[_Methods] = {}
"""In order of registration. ``os.register_at_fork`` never forgets a hook: one for each object would leak."""


def _register(methods: _Methods, method: Callable[[], None]) -> None:
    number = next(_numbers)
    owner: object = method.__self__  # type: ignore[attr-defined] # a bound method's
    function: Callable[[object], None] = method.__func__  # type: ignore[attr-defined] # the same
    methods[number] = weakref.ref(owner, lambda _: methods.pop(number, None)), function


def _call_all(methods: _Methods) -> None:
    for reference, function in list(methods.values()):
        owner = reference()
        if owner is not None:
            function(owner)


os.register_at_fork(before=partial(_call_all, _before_fork), after_in_child=partial(_call_all, _after_fork))
