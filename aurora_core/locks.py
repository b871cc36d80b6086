"""How to wait for a lock that is held for less than a microsecond; what a fork does to locks."""

import os
import weakref
from collections.abc import Callable
from functools import partial
from itertools import count
from threading import Lock
from typing import Final

from aurora_core.clock import give_way


def wait_for(lock: Lock) -> None:
    """Acquire a lock that was just found taken.

    A thread that blocks on a lock owns it before it has the interpreter back; meanwhile every other thread
    runs into it and blocks too, and from then on each step costs a switch of threads. One that gives way and
    asks again leaves the lock to whoever runs.
    """
    while not lock.acquire(blocking=False):
        give_way()


def anew_after_fork(begin: Callable[[], None]) -> None:
    """Call the method in the child of each fork to come, as long as its object lives.

    A lock that another thread held then is held in the child for ever, and what that thread was about to do
    nobody does: the method makes both anew.
    """
    _keep(_after, begin)


def given_back_before_fork(give_back: Callable[[], None]) -> None:
    """Call the method before each fork to come: a child must not have a parent's SQLite connection open.

    SQLite would count the parent's locks as its own, which the system does not.
    """
    _keep(_before, give_back)


_Methods = dict[int, tuple["weakref.ref[object]", Callable[[object], None]]]
_numbers: Final = count()
_before: Final[_Methods] = {}
_after: Final[_Methods] = {}
"""In the order in which they came. The system's own list forgets nobody: a hook each would be a leak."""


def _keep(methods: _Methods, method: Callable[[], None]) -> None:
    number = next(_numbers)
    owner: object = method.__self__  # type: ignore[attr-defined] # a bound method's
    function: Callable[[object], None] = method.__func__  # type: ignore[attr-defined] # the same
    methods[number] = weakref.ref(owner, lambda _: methods.pop(number, None)), function


def _call_all(methods: _Methods) -> None:
    for reference, function in list(methods.values()):
        owner = reference()
        if owner is not None:
            function(owner)


os.register_at_fork(before=partial(_call_all, _before), after_in_child=partial(_call_all, _after))
