"""Checks side by side, each in a process group of its own that is killed whole at its time limit.

A check runs in a fork of this process and hands its outcome back through a pipe, so that it can throw,
hang, leave children or kill itself, and the others go on.
"""

import json
import os
import selectors
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple, NoReturn

from aurora_cli.preflight.check import Check
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Evidence, Outcome, from_plain, to_plain
from aurora_cli.preflight.strays import Strays
from aurora_core.clock import SYSTEM_CLOCK

_CHUNK: Final = 1 << 16
_DONE: Final = b"\n"


class Result(NamedTuple):
    """A check, what became of it, and how long it took."""

    check: Check
    outcome: Outcome
    seconds: float


@dataclass
class _Running:
    check: Check
    pid: int
    pipe: int
    began: float
    limit_s: float
    said: bytearray = field(default_factory=bytearray)

    @property
    def until(self) -> float:
        return self.began + self.limit_s


def run_checks(
    checks: Sequence[Check],
    context: Context,
    *,
    jobs: int,
    limit_s: float | None = None,
    on_change: Callable[[Sequence[Check]], None] = lambda _: None,
) -> Iterator[Result]:
    """Run the checks, at most ``jobs`` at a time, and yield each result as it comes.

    ``limit_s`` replaces the checks' own limits. ``on_change`` hears which are running. Whatever ends the
    loop, an interrupt included, no process is left behind.
    """
    waiting = deque(
        sorted(checks, key=lambda check: -check.limit_s)
    )  # the longest first: the whole ends sooner
    running: dict[int, _Running] = {}
    with selectors.DefaultSelector() as selector, Strays() as strays:
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    started = _start(waiting.popleft(), context, limit_s)
                    running[started.pipe] = started
                    selector.register(started.pipe, selectors.EVENT_READ)
                on_change([each.check for each in running.values()])
                for ended in _ended(selector, running):
                    selector.unregister(ended.pipe)
                    del running[ended.pipe]
                    yield _result(ended)
        finally:
            for left in running.values():
                _kill(left)
            strays.kill()


def _start(check: Check, context: Context, limit_s: float | None) -> _Running:
    reading, writing = os.pipe()
    began = SYSTEM_CLOCK.now()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _be(check, context, writing)
    os.close(writing)
    os.set_blocking(reading, False)
    return _Running(check, pid, reading, began, limit_s or check.limit_s)


def _be(check: Check, context: Context, pipe: int) -> NoReturn:
    """The life of the fork: look, tell, end. Nothing of the parent's is run on the way out."""
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        said = json.dumps(to_plain(_looked(check, context))).encode() + _DONE
        while said:
            said = said[os.write(pipe, said) :]
    finally:
        os._exit(0)


def _looked(check: Check, context: Context) -> Outcome:
    try:
        return check.look(context)
    except BaseException as error:  # noqa: BLE001 - whatever a check throws is its own affair
        told = f"{type(error).__name__}: {error}".rstrip(": ")
        seen = Evidence("traceback", check.id, type(error).__name__, traceback.format_exc())
        return Outcome(
            "unknown", f"the check itself failed: {told}", "its traceback is in the evidence", (seen,)
        )


def _ended(selector: selectors.BaseSelector, running: dict[int, _Running]) -> list[_Running]:
    """Wait for the next to end, or to reach its limit."""
    now = SYSTEM_CLOCK.now()
    nearest = min(each.until for each in running.values())
    ended = []
    for key, _ in selector.select(max(0.0, nearest - now)):
        one = running[key.fd]
        said = os.read(one.pipe, _CHUNK)
        one.said += said
        if not said or one.said.endswith(_DONE):
            ended.append(one)
    now = SYSTEM_CLOCK.now()
    return ended + [one for one in running.values() if one not in ended and now >= one.until]


def _result(ended: _Running) -> Result:
    seconds = SYSTEM_CLOCK.now() - ended.began
    status = _kill(ended)
    if ended.said.endswith(_DONE):
        return Result(ended.check, from_plain(json.loads(ended.said)), seconds)
    if seconds >= ended.limit_s:
        message = f"took longer than {ended.limit_s:g} s and was stopped"
        return Result(ended.check, Outcome("unknown", message, "give it more: --check-timeout"), seconds)
    how = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "no word"
    return Result(ended.check, Outcome("unknown", f"its process ended with {how}"), seconds)


def _kill(ended: _Running) -> int:
    """End the check with all of its group, and return how it ended."""
    os.close(ended.pipe)
    for kill in (os.kill, os.killpg):  # a group is there a moment after its process
        with suppress(ProcessLookupError, PermissionError):  # it is gone; macOS forbids to ask a zombie
            kill(ended.pid, signal.SIGKILL)
    return os.waitpid(ended.pid, 0)[1]
