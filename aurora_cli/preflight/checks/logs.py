"""Logs go somewhere, in a form that can be searched.

Why: on the night of an incident nobody reads the files of ten machines.

Proof: `logging.format` is json; where `preflight.log_write` and `preflight.log_read` name programs, a
line with a marker is written by the one and printed by the other.

Mend: set the format to json; name the programs, with {marker} where the marker goes.
"""

from collections.abc import Sequence
from uuid import uuid4

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.program import Ran, run
from aurora_core.clock import SYSTEM_CLOCK

_PATIENCE_S = 10.0
_PAUSE_S = 0.25


def look(context: Context) -> Outcome:
    """The form, then a line there and back."""
    logging, preflight = context.settings.logging, context.settings.preflight
    if logging.format != "json":
        return Outcome("fail", f"`logging.format` is {logging.format}", 'set it to "json"')
    if not (preflight.log_write and preflight.log_read):
        help_ = "set preflight.log_write and preflight.log_read to see a line arrive"
        return Outcome("pass", f"JSON, from level {logging.level} up; no line was sent", help_)
    marker = f"aurora-preflight-{uuid4().hex[:12]}"
    written = _run(context, preflight.log_write, marker)
    if written.exit_code != 0:
        message = f"`{written.command}`: {written.ended}"
        return Outcome("unknown", message, "mend preflight.log_write", (written.evidence(),))
    return _read_back(context, preflight.log_read, marker, written)


def _read_back(context: Context, reading: Sequence[str], marker: str, written: Ran) -> Outcome:
    until = SYSTEM_CLOCK.now() + _PATIENCE_S
    while True:
        read = _run(context, reading, marker)
        evidence = (written.evidence(), read.evidence())
        if marker in read.output:
            return Outcome("pass", f"JSON, and a line arrived: {marker}", "", evidence)
        if read.exit_code is None:
            return Outcome("unknown", f"`{read.command}`: {read.ended}", "mend preflight.log_read", evidence)
        if SYSTEM_CLOCK.now() >= until:
            message = f"a line was written and did not arrive within {_PATIENCE_S:g} s"
            return Outcome("fail", message, "is the agent that ships logs running?", evidence)
        SYSTEM_CLOCK.sleep_until(SYSTEM_CLOCK.now() + _PAUSE_S)


def _run(context: Context, arguments: Sequence[str], marker: str) -> Ran:
    return run([word.replace("{marker}", marker) for word in arguments], context.root, context.environ)
