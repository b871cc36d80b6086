"""Run a program without a shell: its capped output, its exit code, and what they say of a check."""

import os
import select
import shlex
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.preflight.context import Context

MAX_BYTES: Final = 32 * 1024
"""The end of a program's output that is kept; the rest is read and dropped."""
_CHUNK: Final = 64 * 1024
_DRAIN_TIMEOUT_S: Final = 0.05
"""How long after its end a program's output may still be on its way."""
_FAILED: Final = 1
_NOT_SOURCES: Final = ("build", "dist", "node_modules", "venv", "__pycache__")


@dataclass(frozen=True)
class CompletedRun:
    """How a program ended. ``exit_code`` is negative for a signal, None if the program did not start."""

    command: str
    exit_code: int | None
    output: str

    @property
    def last_line(self) -> str:
        """The last line that says something: programs print their result there."""
        lines = [line.strip() for line in self.output.splitlines()]
        return next((line for line in reversed(lines) if line and not line.endswith(":")), "")

    @property
    def status(self) -> str:
        """How it ended, in words."""
        if self.exit_code is None:
            return "could not be started"
        return f"exit code {self.exit_code}" if self.exit_code >= 0 else f"killed by signal {-self.exit_code}"

    def evidence(self) -> Evidence:
        """Return the command, its exit code and its output."""
        return Evidence("command", self.command, self.status, self.output)


def run(
    arguments: Sequence[str], root: Path, environ: Mapping[str, str], *, separate_errors: bool = False
) -> CompletedRun:
    """Run a program to its end, without input; ``separate_errors`` drops its standard error.

    It has no time limit here: the runner kills everything that a check started.
    """
    command = shlex.join(arguments)
    try:
        process = subprocess.Popen(  # noqa: S603 - what the operator's own settings name
            arguments,
            cwd=root,
            env={**environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if separate_errors else subprocess.STDOUT,
        )
    except (OSError, ValueError) as error:
        return CompletedRun(command, None, str(error))
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    with process.stdout as stream:
        output = _read_end(process, stream)
    return CompletedRun(command, process.wait(), output)


def run_tool(context: Context, arguments: Sequence[str], setting: str, *, of_python: bool = True) -> Outcome:
    """Run the program of ``preflight.<setting>``: 0 is a pass, 1 a fail, anything else unknown.

    ``of_python``: without a Python file it is unknown, since a linter passes on no code at all.
    """
    if not arguments:
        return Outcome(
            "manual", f"preflight.{setting} names no program", f"set preflight.{setting}, or attest it"
        )
    if of_python and not _has_python(context.root):
        return Outcome("unknown", f"no Python file in {context.root}", "run it in the project's folder")
    completed = run(arguments, context.root, context.environ)
    evidence = (completed.evidence(),)
    if completed.exit_code is None:
        install = f"install it (pip install {arguments[0]}), or set preflight.{setting}"
        message = f"`{arguments[0]}` could not be started: {completed.output}"
        return Outcome("unknown", message, install, evidence)
    if completed.exit_code == 0:
        return Outcome("pass", completed.last_line or f"`{arguments[0]}` found nothing", "", evidence)
    fix = f"run `{completed.command}`"
    if completed.exit_code == _FAILED and not _is_missing_module(completed):
        return Outcome("fail", f"`{completed.command}`: {completed.last_line}", fix, evidence)
    message = f"`{completed.command}` gave no answer: {completed.status}, {completed.last_line}"
    return Outcome("unknown", message, fix, evidence)


def _read_end(process: subprocess.Popen[bytes], stream: IO[bytes]) -> str:
    """Read the end of the program's output; a process it left running may hold the pipe open after it."""
    chunks: deque[bytes] = deque()
    size = 0
    while True:
        readable, _, _ = select.select([stream], [], [], _DRAIN_TIMEOUT_S)
        if not readable:
            if process.poll() is not None:
                break
            continue
        chunk = os.read(stream.fileno(), _CHUNK)
        if not chunk:
            break
        chunks.append(chunk)
        size += len(chunk)
        while size - len(chunks[0]) >= MAX_BYTES:
            size -= len(chunks.popleft())
    return b"".join(chunks)[-MAX_BYTES:].decode("utf-8", "replace")


def _is_missing_module(completed: CompletedRun) -> bool:
    """Whether ``python -m tool`` ended with 1 because the tool is not installed."""
    return completed.output.count("\n") <= 1 and "No module named" in completed.output


def _has_python(root: Path) -> bool:
    for path in root.iterdir():
        if path.suffix == ".py":
            return True
        hidden = path.name.startswith(".") or path.name in _NOT_SOURCES
        if not hidden and path.is_dir() and not path.is_symlink() and _has_python(path):
            return True
    return False
