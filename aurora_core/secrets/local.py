"""Secret sources on the machine itself."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Final

from aurora_core.secrets.chain import Lookup
from aurora_core.secrets.masking import Masker

_MAX_BYTES: Final = 64 * 1024


class EnvironmentSource:
    """The variable ``OPENAI_API_KEY`` for ``openai_api_key``."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ

    def find(self, name: str) -> Lookup:
        """Read the variable of that name."""
        variable = name.upper()
        return Lookup(self._environ.get(variable) or None, f"the variable {variable}")


class FileSource:
    """The file named by ``OPENAI_API_KEY_FILE``, else ``openai_api_key`` in ``/run/secrets``."""

    def __init__(self, folder: str | Path = "/run/secrets", environ: Mapping[str, str] | None = None) -> None:
        self._folder = Path(folder)
        self._environ = os.environ if environ is None else environ

    def find(self, name: str) -> Lookup:
        """Read the file. A name that leads out of the folder has no secret."""
        named = self._environ.get(f"{name.upper()}_FILE")
        if not named and not _stays_within(name):
            return Lookup(None, f"the folder {self._folder} (the name leads out of it)")
        path = Path(named) if named else self._folder / name
        source = f"the file {Masker().mask(str(path))}"  # the variable may hold the key itself
        try:
            if path.exists() and not path.is_file():
                return Lookup(None, f"{source} (not a regular file)")
            with path.open(encoding="utf-8-sig") as file:
                text = file.read(_MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            return Lookup(None, f"{source} ({getattr(error, 'strerror', None) or 'unreadable'})")
        if len(text) > _MAX_BYTES:
            return Lookup(None, f"{source} (too large for a secret)")
        return Lookup(text or None, source)


def _stays_within(name: str) -> bool:
    path = PurePath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts
