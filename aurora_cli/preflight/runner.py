"""Run checks side by side, each in a process group of its own that is killed whole at its time limit.

A check runs in a fork of this process and hands its outcome back through a pipe, so that it can raise,
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
from dataclasses import asdict, dataclass, field, replace
from typing import Final, NoReturn

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.findings.outcome import from_findings
from aurora_cli.preflight.check import Check, CheckResult
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.orphans import OrphanReaper
from aurora_core.clock import SYSTEM_CLOCK

_CHUNK: Final = 1 << 16
_END: Final = b"\n"


@dataclass
class _Child:
    check: Check
    pid: int
    pipe: int
    started: float
    timeout_s: float
    output: bytearray = field(default_factory=bytearray)

    @property
    def deadline(self) -> float:
        return self.started + self.timeout_s


def run_check(check: Check, context: Context) -> Outcome:
    """Run a check in this process, together with the rules of check-config that it answers for.

    An error of a rule is the outcome; a warning turns a pass into a warning.
    """
    of_rules = from_findings(context.rule_findings(check.id))
    if of_rules.state == "fail":
        return of_rules
    outcome = check.run(context)
    if outcome.state != "pass" or of_rules.state == "pass":
        return outcome
    return replace(of_rules, evidence=(*of_rules.evidence, *outcome.evidence))


def run_checks(
    checks: Sequence[Check],
    context: Context,
    *,
    jobs: int,
    timeout_s: float | None = None,
    on_change: Callable[[Sequence[Check]], None] = lambda _: None,
) -> Iterator[CheckResult]:
    """Run the checks, at most ``jobs`` at a time, and yield each result as it comes.

    ``timeout_s`` replaces the checks' own time limits. ``on_change`` gets the checks that are running.
    However the loop ends, by an interrupt too, no process is left behind.
    """
    # The longest first: the whole ends sooner.
    waiting = deque(sorted(checks, key=lambda check: -check.timeout_s))
    running: dict[int, _Child] = {}
    with selectors.DefaultSelector() as selector, OrphanReaper() as orphans:
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    child = _start(waiting.popleft(), context, timeout_s)
                    running[child.pipe] = child
                    selector.register(child.pipe, selectors.EVENT_READ)
                on_change([child.check for child in running.values()])
                for child in _wait(selector, running):
                    selector.unregister(child.pipe)
                    del running[child.pipe]
                    yield _result(child)
        finally:
            for child in running.values():
                _kill(child)
            orphans.kill()


def _start(check: Check, context: Context, timeout_s: float | None) -> _Child:
    reading, writing = os.pipe()
    started = SYSTEM_CLOCK.now()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _run_child(check, context, writing)
    os.close(writing)
    os.set_blocking(reading, False)
    return _Child(check, pid, reading, started, timeout_s or check.timeout_s)


def _run_child(check: Check, context: Context, pipe: int) -> NoReturn:
    """Run the check, write its outcome, and exit without running anything of the parent's."""
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        devnull = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(devnull, stream)
        output = json.dumps(asdict(_run_guarded(check, context))).encode() + _END
        while output:
            output = output[os.write(pipe, output) :]
    finally:
        os._exit(0)


def _run_guarded(check: Check, context: Context) -> Outcome:
    try:
        return run_check(check, context)
    except BaseException as error:  # noqa: BLE001 - whatever a check raises, the others go on
        problem = f"{type(error).__name__}: {error}".rstrip(": ")
        evidence = Evidence("traceback", check.id, type(error).__name__, traceback.format_exc())
        return Outcome(
            "unknown", f"the check itself failed: {problem}", "its traceback is in the evidence", (evidence,)
        )


def _wait(selector: selectors.BaseSelector, running: dict[int, _Child]) -> list[_Child]:
    """Wait until a child ends or reaches its deadline, and return those that did."""
    nearest = min(child.deadline for child in running.values())
    ended = []
    for key, _ in selector.select(max(0.0, nearest - SYSTEM_CLOCK.now())):
        child = running[key.fd]
        chunk = os.read(child.pipe, _CHUNK)
        child.output += chunk
        if not chunk or child.output.endswith(_END):
            ended.append(child)
    now = SYSTEM_CLOCK.now()
    return ended + [child for child in running.values() if child not in ended and now >= child.deadline]


def _result(child: _Child) -> CheckResult:
    seconds = SYSTEM_CLOCK.now() - child.started
    status = _kill(child)
    return CheckResult(child.check, _outcome(child, seconds, status), seconds)


def _outcome(child: _Child, seconds: float, status: int) -> Outcome:
    if child.output.endswith(_END):
        fields = json.loads(child.output)
        evidence = tuple(Evidence(**each) for each in fields.pop("evidence"))
        return Outcome(**fields, evidence=evidence)
    if seconds >= child.timeout_s:
        message = f"took longer than {child.timeout_s:g} s and was stopped"
        return Outcome("unknown", message, "allow more time: --check-timeout")
    end = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "no outcome"
    return Outcome("unknown", f"its process ended with {end}")


def _kill(child: _Child) -> int:
    """End the check with its whole group, and return how it ended."""
    os.close(child.pipe)
    for kill in (os.kill, os.killpg):  # a group exists a moment after its process
        with suppress(ProcessLookupError, PermissionError):  # gone; or a zombie, on macOS
            kill(child.pid, signal.SIGKILL)
    return os.waitpid(child.pid, 0)[1]
