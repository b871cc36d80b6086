"""Logs are shipped, in a format that can be searched.

Why: during an incident nothing replaces one place to search all logs.

How it is checked: `logging.format` is json; if `preflight.log_write` and `preflight.log_read` name programs,
the first writes a line with a marker and the second prints it.

Fix: set the format to json; name the programs, with {marker} in their arguments.
"""

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.process import CompletedRun
from aurora_cli.preflight.process import run as run_program
from aurora_core.clock import SYSTEM_CLOCK

_TIMEOUT_S: Final = 10.0
_PAUSE_S: Final = 0.25


def run(context: Context) -> Outcome:
    """Check the format, then send a line and read it back."""
    logging, preflight = context.settings.logging, context.settings.preflight
    if logging.format != "json":
        return Outcome("fail", f"`logging.format` is {logging.format}", 'set it to "json"')
    if not (preflight.log_write and preflight.log_read):
        fix = "set preflight.log_write and preflight.log_read to send a line"
        return Outcome("pass", f"JSON, from level {logging.level} up; no line was sent", fix)
    marker = f"aurora-preflight-{uuid4().hex[:12]}"
    written = _run(context, preflight.log_write, marker)
    if written.exit_code != 0:
        message, fix = f"`{written.command}`: {written.status}", "fix the command in preflight.log_write"
        return Outcome("unknown", message, fix, (written.evidence(),))
    return _read_back(context, preflight.log_read, marker, written)


def _read_back(context: Context, reader: Sequence[str], marker: str, written: CompletedRun) -> Outcome:
    deadline = SYSTEM_CLOCK.now() + _TIMEOUT_S
    while True:
        read = _run(context, reader, marker)
        evidence = (written.evidence(), read.evidence())
        if marker in read.output:
            return Outcome("pass", f"JSON, and a line arrived: {marker}", "", evidence)
        if read.exit_code is None:
            message, fix = f"`{read.command}`: {read.status}", "fix the command in preflight.log_read"
            return Outcome("unknown", message, fix, evidence)
        if SYSTEM_CLOCK.now() >= deadline:
            message = f"a line was written and did not arrive within {_TIMEOUT_S:g} s"
            return Outcome("fail", message, "check the agent that ships logs", evidence)
        SYSTEM_CLOCK.sleep_until(SYSTEM_CLOCK.now() + _PAUSE_S)


def _run(context: Context, arguments: Sequence[str], marker: str) -> CompletedRun:
    arguments = [word.replace("{marker}", marker) for word in arguments]
    return run_program(arguments, context.root, context.environ)
