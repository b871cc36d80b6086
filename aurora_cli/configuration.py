"""The settings that a command takes its defaults from, and the file that they are from."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from aurora_cli.exit_codes import CheckFailed, UsageError
from aurora_core.config.discovery import discover
from aurora_core.config.settings import Settings
from aurora_core.config.sources import ConfigSourceError, digest
from aurora_core.errors import ConfigurationError


class Configuration(NamedTuple):
    """``file`` is what the envelope says of it, {path, sha256}; None: there is none, the defaults hold."""

    settings: Settings
    file: Mapping[str, str] | None


def with_options(settings: Settings, options: Mapping[str, object]) -> Settings:
    """Put the command line's options over the settings, as the last layer; None was not given.

    ``options`` maps a setting such as ``retry.max_retries`` to its value. A value out of range is refused
    where it becomes a policy, as the option's own error.
    """
    for path, value in options.items():
        if value is not None:
            section, key = path.split(".")
            changed = getattr(settings, section).model_copy(update={key: value})
            settings = settings.model_copy(update={section: changed})
    return settings


def load(named: Path | None) -> Configuration:
    """Read the file that was named or is found, and the environment.

    Raises ``UsageError`` for a file that cannot be read, ``CheckFailed`` with all that is wrong in it.
    """
    path = discover(named, os.environ)
    try:
        file = None if path is None else {"path": str(path), "sha256": digest(path)}
        return Configuration(Settings.load(path), file)
    except ConfigSourceError as error:
        raise UsageError(str(error)) from None
    except ConfigurationError as error:
        raise CheckFailed(f"{error}\nnext: aurora check-config{'' if path is None else f' {path}'}") from None
