"""Questions to git."""

from collections.abc import Sequence
from pathlib import Path

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.program import run


def git(context: Context, *arguments: str) -> str | None:
    """What git prints; None where there is no repository, no git, or no answer."""
    ran = run(["git", *arguments], context.root, context.environ, errors_apart=True)
    return ran.output.rstrip("\n") if ran.exit_code == 0 else None


def is_repository(context: Context) -> bool:
    """Whether the root is in one."""
    return git(context, "rev-parse", "--is-inside-work-tree") == "true"


def commit(context: Context) -> str | None:
    """The commit that is checked out."""
    return git(context, "rev-parse", "HEAD")


def changed_at(context: Context, paths: Sequence[Path]) -> int:
    """When one of the files was last committed, seconds of UTC; 0 where none ever was."""
    if not paths:
        return 0
    found = git(context, "log", "-1", "--format=%ct", "--", *map(str, paths))
    return int(found) if found else 0
