"""A file whose folder is not there, or cannot be written to.

The service would start, and fail at the first answer that it wants to keep. This is looked at on the
machine where you are; where that is not the one of the service, leave the rule out with `--ignore`.

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

from aurora_cli.check_config.subject import Complaint, Subject


def check(subject: Subject) -> Iterator[Complaint]:
    """Look at the paths that somebody chose; the defaults are the guide's, for the service's machine."""
    for key, path in subject.settings.database_files().items():
        wrong = _wrong(path)
        if wrong and subject.is_chosen(key):
            yield Complaint(f"`{key}`: {wrong}", "make it, or name another one", about=[key])


def _wrong(path: Path) -> str:
    folder = path.absolute().parent
    try:
        if path.is_dir():
            return f"{path} is a folder itself"
        if not folder.is_dir():
            return f"folder {folder} is not there"
        if not os.access(folder, os.W_OK | os.X_OK):
            return f"folder {folder} cannot be written to"
        if path.exists() and not os.access(path, os.W_OK):
            return f"{path} cannot be written to"
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""
