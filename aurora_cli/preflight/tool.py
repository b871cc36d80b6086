"""A check that a program answers: 0 is a pass, 1 a fail, all else no answer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome
from aurora_cli.preflight.program import Ran, run

_FAILED: Final = 1
_NOT_SOURCES: Final = ("build", "dist", "node_modules", "venv", "__pycache__")


def look_by(context: Context, arguments: Sequence[str], setting: str, *, of_python: bool = True) -> Outcome:
    """Run the program of ``preflight.<setting>``. A linter is content with no code at all."""
    if not arguments:
        return Outcome(
            "manual", f"preflight.{setting} names no program", f"set preflight.{setting}, or attest it"
        )
    if of_python and not _has_python(context.root):
        return Outcome(
            "unknown", f"there is no Python file in {context.root}", "run it in the project's folder"
        )
    ran = run(arguments, context.root, context.environ)
    evidence = (ran.evidence(),)
    if ran.exit_code is None:
        install = f"install it (pip install {arguments[0]}), or set preflight.{setting}"
        return Outcome("unknown", f"`{arguments[0]}` could not be started: {ran.output}", install, evidence)
    if ran.exit_code == 0:
        return Outcome("pass", ran.last_line or f"`{arguments[0]}` found nothing", "", evidence)
    if ran.exit_code == _FAILED and not _is_missing_module(ran):
        return Outcome("fail", f"`{ran.command}`: {ran.last_line}", f"run `{ran.command}`", evidence)
    message = f"`{ran.command}` gave no answer: {ran.ended}, {ran.last_line}"
    return Outcome("unknown", message, f"run `{ran.command}`", evidence)


def _is_missing_module(ran: Ran) -> bool:
    """``python -m tool`` ends with 1 where the tool is not installed."""
    return ran.output.count("\n") <= 1 and "No module named" in ran.output


def _has_python(root: Path) -> bool:
    for path in root.iterdir():
        if path.suffix == ".py":
            return True
        hidden = path.name.startswith(".") or path.name in _NOT_SOURCES
        if not hidden and path.is_dir() and not path.is_symlink() and _has_python(path):
            return True
    return False
