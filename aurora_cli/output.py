"""Where a product goes: standard output or a file, whole or not at all."""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.text import Text

from aurora_cli import exit_codes
from aurora_cli.exit_codes import UsageError
from aurora_core.clock import SYSTEM_CLOCK

_PIPED_COLUMNS = 80
_COLOUR_ALL_THE_SAME = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables by which Rich colours a pipe, too."""


def moment() -> datetime:
    """When an answer is given."""
    return datetime.fromtimestamp(SYSTEM_CLOCK.wall(), UTC)


def columns() -> int:
    """How wide a line may be: the terminal's width, and a fixed one in a pipe."""
    if not sys.stdout.isatty():
        return _PIPED_COLUMNS
    from rich.console import Console  # noqa: PLC0415 - a tenth of a short command, and a pipe needs none

    return Console().width


def ascii_only() -> bool:
    """Whether the output cannot show more than ASCII."""
    return "utf" not in (sys.stdout.encoding or "").lower()


def is_stdout(path: Path | None) -> bool:
    """Whether an output path means standard output: none, or ``-``."""
    return path is None or str(path) == "-"


def write_text(text: str, path: Path | None) -> None:
    """Write UTF-8 to the file, or to standard output where there is none.

    A byte of a name that is no UTF-8 becomes an escape, in JSON its own.
    """
    if path is None or is_stdout(path):
        with _standard_output():
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
            sys.stdout.flush()
        return
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", errors="backslashreplace")


def write_lines(lines: Sequence[Text], path: Path | None) -> None:
    """Write lines, in colour where a terminal shows it."""
    if path is not None and not is_stdout(path):
        write_text("".join(f"{line.plain}\n" for line in lines), path)
        return
    if not (sys.stdout.isatty() or any(name in os.environ for name in _COLOUR_ALL_THE_SAME)):
        with _standard_output():
            sys.stdout.write("".join(f"{line.plain}\n" for line in lines))
            sys.stdout.flush()
        return
    from rich.console import Console  # noqa: PLC0415 - a tenth of a short command, and a pipe needs none

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    with _standard_output():
        for line in lines:
            console.print(line, no_wrap=True, overflow="ignore", crop=False)
        sys.stdout.flush()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file to fill that takes the place of ``path`` when all went well, and is gone otherwise.

    A link stays one: what it leads to is replaced, and keeps its permissions. A pipe or a device stays what
    it is, and is written to.
    """
    import tempfile  # noqa: PLC0415 - OpenSSL comes with it, and most runs write no file

    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder; name a file in it")
        if path.exists() and not path.is_file():
            yield path
            return
        target = Path(os.path.realpath(path))
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".aurora-", suffix=target.suffix)
        os.close(handle)
        unfinished = Path(name)
        try:
            yield unfinished
            unfinished.chmod(_permissions(target))
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def _permissions(target: Path) -> int:
    """Those that the file has, or those of a new one."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def _standard_output() -> Iterator[None]:
    """A closed pipe ends the run quietly, a full disk with a sentence."""
    try:
        yield
    except OSError as error:
        # Python flushes standard output once more at exit; let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(exit_codes.CLOSED_PIPE) from None
        raise UsageError(f"cannot write standard output: {error.strerror}") from None
