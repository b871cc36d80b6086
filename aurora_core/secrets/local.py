"""Sources on the machine itself."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Final

from aurora_core.secrets.chain import Found
from aurora_core.security import Masker

_LONGEST: Final = 64 * 1024


class EnvironmentSource:
    """The variable ``OPENAI_API_KEY`` for ``openai_api_key``."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ

    def find(self, name: str) -> Found:
        """The variable of that name."""
        variable = name.upper()
        return Found(self._environ.get(variable) or None, f"the variable {variable}")


class FileSource:
    """The file that ``OPENAI_API_KEY_FILE`` names, else ``openai_api_key`` in ``/run/secrets``."""

    def __init__(self, folder: str | Path = "/run/secrets", environ: Mapping[str, str] | None = None) -> None:
        self._folder = Path(folder)
        self._environ = os.environ if environ is None else environ

    def find(self, name: str) -> Found:
        """The file's text. A name that leads out of the folder is none."""
        named = self._environ.get(f"{name.upper()}_FILE")
        if not named and not _stays_within(name):
            return Found(None, f"the folder {self._folder}, out of which the name leads")
        path = Path(named) if named else self._folder / name
        looked = f"the file {Masker().mask(str(path))}"  # some put the key itself where its file is named
        try:
            if path.exists() and not path.is_file():
                return Found(None, f"{looked}, which is no plain file")
            with path.open(encoding="utf-8-sig") as file:
                text = file.read(_LONGEST + 1)
        except (OSError, ValueError) as error:
            return Found(None, f"{looked} ({getattr(error, 'strerror', None) or 'it cannot be read'})")
        if len(text) > _LONGEST:
            return Found(None, f"{looked}, which is too large for a secret")
        return Found(text or None, looked)


def _stays_within(name: str) -> bool:
    path = PurePath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts
