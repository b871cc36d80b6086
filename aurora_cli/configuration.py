"""The settings that a command takes its defaults from, and the file that they are from."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from aurora_cli.exits import NotGood, Usage
from aurora_core.config.discovery import discover
from aurora_core.config.settings import Settings
from aurora_core.config.sources import ConfigSourceError, digest
from aurora_core.errors import ConfigurationError


class Configuration(NamedTuple):
    """``file`` is what the envelope says of it, {path, sha256}; None: there is none, the defaults hold."""

    settings: Settings
    file: Mapping[str, str] | None


def load(named: Path | None) -> Configuration:
    """Read the file that was named or is found, and the environment.

    Raises ``Usage`` for a file that cannot be read, ``NotGood`` with all that is wrong in it.
    """
    path = discover(named, os.environ)
    try:
        file = None if path is None else {"path": str(path), "sha256": digest(path)}
        return Configuration(Settings.load(path), file)
    except ConfigSourceError as error:
        raise Usage(str(error)) from None
    except ConfigurationError as error:
        raise NotGood(f"{error}\nnext: aurora check-config{'' if path is None else f' {path}'}") from None
