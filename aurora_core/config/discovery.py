"""Discover the configuration file: the first that exists is used, alone."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

VARIABLE: Final = "AURORA_CONFIG"
FILE_NAME: Final = "aurora.toml"


def discover(named: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the named file, else ``AURORA_CONFIG``, ``./aurora.toml``, the user's folder, ``/etc``.

    A named file is returned even if it does not exist: its reader reports that. None if there is none.
    """
    if named is not None:
        return named
    if environ.get(VARIABLE):
        return Path(environ[VARIABLE])
    return next((path for path in default_paths(environ) if path.is_file()), None)


def default_paths(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the default locations, in order."""
    yield Path(FILE_NAME)
    if sys.platform == "win32":
        if environ.get("APPDATA"):
            yield Path(environ["APPDATA"], "aurora", FILE_NAME)
        return
    folder = environ.get("XDG_CONFIG_HOME") or os.path.join(environ.get("HOME", ""), ".config")  # noqa: PTH118
    if Path(folder).is_absolute():
        yield Path(folder, "aurora", FILE_NAME)
    yield Path("/etc/aurora", FILE_NAME)
