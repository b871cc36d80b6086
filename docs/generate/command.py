"""Run the tool in this process and return what it prints."""

from collections.abc import Container
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper

from aurora_cli.app import run


def output_of(*arguments: str, good: Container[int] = (0,)) -> str:
    """Return the standard output of ``aurora ARGUMENTS``. Raises ``RuntimeError`` for any other exit code."""
    written = BytesIO()
    with redirect_stdout(TextIOWrapper(written, encoding="utf-8", write_through=True)):
        exit_code = run(arguments)
        if exit_code not in good:
            raise RuntimeError(f"aurora {' '.join(arguments)} ended with {exit_code}")
        return written.getvalue().decode()
