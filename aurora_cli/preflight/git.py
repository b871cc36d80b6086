"""Queries to git."""

from collections.abc import Sequence
from pathlib import Path

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.process import run


def git(context: Context, *arguments: str) -> str | None:
    """Return what git prints, or None if it fails: no repository, no git, no such object."""
    completed = run(["git", *arguments], context.root, context.environ, separate_errors=True)
    return completed.output.rstrip("\n") if completed.exit_code == 0 else None


def is_repository(context: Context) -> bool:
    """Whether the root is inside a repository."""
    return git(context, "rev-parse", "--is-inside-work-tree") == "true"


def head_commit(context: Context) -> str | None:
    """Return the commit that is checked out."""
    return git(context, "rev-parse", "HEAD")


def last_commit_time(context: Context, paths: Sequence[Path]) -> int:
    """Return when one of the files was last committed, seconds of UTC; 0 if none ever was."""
    if not paths:
        return 0
    time = git(context, "log", "-1", "--format=%ct", "--", *map(str, paths))
    return int(time) if time else 0
