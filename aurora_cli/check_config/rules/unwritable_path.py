"""A path whose folder does not exist or is not writable.

The service would start, and fail when it writes for the first time. The rule checks the machine that it runs
on; if that is not the machine of the service, skip it with `--ignore`.

Example::

    [cache]
    path = "/no-such-folder/cache.db"

Instead::

    [cache]
    path = "/var/tmp/cache.db"
"""

import os
from collections.abc import Iterator
from pathlib import Path

from aurora_cli.check_config.context import LintContext, Violation


def check(context: LintContext) -> Iterator[Violation]:
    """Check the paths that are set; the defaults are for the machine of the service."""
    for key, path in context.settings.database_files().items():
        problem = _problem_of(path)
        if problem and context.is_chosen(key):
            yield Violation(f"`{key}`: {problem}", "create it, or set another path", about=[key])


def _problem_of(path: Path) -> str:
    folder = path.absolute().parent
    try:
        if path.is_dir():
            return f"{path} is a folder; expected a file"
        if not folder.is_dir():
            return f"folder {folder} does not exist"
        if not os.access(folder, os.W_OK | os.X_OK):
            return f"folder {folder} is not writable"
        if path.exists() and not os.access(path, os.W_OK):
            return f"{path} is not writable"
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""
