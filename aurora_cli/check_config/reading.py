"""From files and variables to the subject of the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aurora_cli.check_config.names import KEYS
from aurora_cli.check_config.subject import Subject, Unreadable
from aurora_cli.exits import Usage
from aurora_core.config.discovery import discover
from aurora_core.config.layered import layered
from aurora_core.config.nearest import nearest
from aurora_core.config.origin import Layer
from aurora_core.config.settings import SETTINGS, Settings
from aurora_core.config.sources import (
    SourceUnreadable,
    env_file_layer,
    environment_layer,
    file_layer,
    flag_layer,
    read_bytes,
)
from aurora_core.config.toml_text import TomlProblem


@dataclass(frozen=True)
class Sources:
    """What was named: a file or None to look for one, a file of variables, and ``KEY=VALUE`` of flags."""

    file: Path | None
    env_file: Path | None
    flags: Sequence[str]
    environ: Mapping[str, str]

    @property
    def used(self) -> Path | None:
        """The file that is used."""
        return discover(self.file, self.environ)


def read(sources: Sources) -> Subject:
    """Read every layer. A file that is no TOML is set aside; one that cannot be opened is ``Usage``."""
    layers: list[Layer] = []
    unreadable = []
    environ = dict(sources.environ)
    try:
        for path, take in ((sources.used, file_layer), (sources.env_file, _env_file_layer)):
            if path is None:
                continue
            try:
                layers.append(take(path))
            except TomlProblem as problem:
                text = read_bytes(path).decode("utf-8-sig", "replace")
                unreadable.append(Unreadable(str(path), text, problem))
    except SourceUnreadable as error:
        raise Usage(str(error)) from None
    layers.append(environment_layer(sources.environ, SETTINGS))
    layers.append(flag_layer(_flags(sources.flags), SETTINGS))
    return Subject(layered(Settings, SETTINGS, layers, environ), environ, unreadable)


def _env_file_layer(path: Path) -> Layer:
    return env_file_layer(path, SETTINGS)


def _flags(texts: Sequence[str]) -> dict[str, tuple[str, str]]:
    flags = {}
    single = {setting.key for setting in SETTINGS if setting.rows is None}
    for text in texts:
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals:
            raise Usage(f"--set {text!r} is not like rate_limit.rpm=30")
        if key not in single:
            almost = nearest(key, KEYS)
            raise Usage(
                f"--set {key}: no setting is called so" + (f"; did you mean {almost}?" if almost else "")
            )
        flags[key] = (value.strip(), f"--set {key}")
    return flags
