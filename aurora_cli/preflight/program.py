"""Running a program: no shell, its output capped, and what it said in the end."""

import os
import select
import shlex
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from aurora_cli.preflight.outcome import Evidence

MOST_BYTES: Final = 32 * 1024
"""As much of the end of a program's output is kept; the rest is read and dropped."""
_CHUNK: Final = 64 * 1024
_PATIENCE_S: Final = 0.05
"""How long after its end a program's output may still be on its way."""


@dataclass(frozen=True)
class Ran:
    """How a program ended. ``exit_code`` is negative for a signal, None where it could not be started."""

    command: str
    exit_code: int | None
    output: str

    @property
    def last_line(self) -> str:
        """The last line that says something; programs say there what it came to."""
        lines = [line.strip() for line in self.output.splitlines()]
        return next((line for line in reversed(lines) if line and not line.endswith(":")), "")

    @property
    def ended(self) -> str:
        """How it ended, in words."""
        if self.exit_code is None:
            return "could not be started"
        return f"exit code {self.exit_code}" if self.exit_code >= 0 else f"killed by signal {-self.exit_code}"

    def evidence(self) -> Evidence:
        """The command, its exit code and its output."""
        return Evidence("command", self.command, self.ended, self.output)


def run(
    arguments: Sequence[str], root: Path, environ: Mapping[str, str], *, errors_apart: bool = False
) -> Ran:
    """Run a program to its end, without input; with ``errors_apart`` only its standard output is kept.

    It is not limited in time here: whoever runs a check kills all that the check started.
    """
    command = shlex.join(arguments)
    try:
        process = subprocess.Popen(  # noqa: S603 - what the operator's own settings name
            arguments,
            cwd=root,
            env={**environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if errors_apart else subprocess.STDOUT,
        )
    except (OSError, ValueError) as error:
        return Ran(command, None, str(error))
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    with process.stdout as stream:
        output = _end_of(process, stream)
    return Ran(command, process.wait(), output)


def _end_of(process: subprocess.Popen[bytes], stream: IO[bytes]) -> str:
    """The end of what the program printed; what it left running may hold the pipe open after it."""
    kept: deque[bytes] = deque()
    size = 0
    while True:
        readable, _, _ = select.select([stream], [], [], _PATIENCE_S)
        if not readable:
            if process.poll() is not None:
                break
            continue
        chunk = os.read(stream.fileno(), _CHUNK)
        if not chunk:
            break
        kept.append(chunk)
        size += len(chunk)
        while size - len(kept[0]) >= MOST_BYTES:
            size -= len(kept.popleft())
    return b"".join(kept)[-MOST_BYTES:].decode("utf-8", "replace")
