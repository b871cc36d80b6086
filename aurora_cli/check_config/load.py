"""Read files, variables and flags into the context of the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aurora_cli.check_config.context import LintContext, ParseFailure
from aurora_cli.check_config.suggest import find_setting
from aurora_cli.exit_codes import UsageError
from aurora_core.config.discovery import discover
from aurora_core.config.layered import merge_layers
from aurora_core.config.origin import Layer
from aurora_core.config.settings import SETTINGS, Settings
from aurora_core.config.sources import (
    ConfigSourceError,
    env_file_layers,
    environment_layers,
    file_layer,
    flag_layer,
    read_bytes,
)
from aurora_core.config.toml_text import TomlSyntaxError


@dataclass(frozen=True)
class Sources:
    """A file, or None to discover one; a file of variables; ``KEY=VALUE`` of flags; the environment."""

    file: Path | None
    env_file: Path | None
    flags: Sequence[str]
    environ: Mapping[str, str]

    @property
    def used(self) -> Path | None:
        """The file that is used."""
        return discover(self.file, self.environ)


def read(sources: Sources) -> LintContext:
    """Read every layer; a file with a syntax error is set aside.

    Raises ``UsageError`` for a file that cannot be opened.
    """
    layers: list[Layer] = []
    failures = []
    environ = dict(sources.environ)
    try:
        for path, parse in ((sources.used, _file_layers), (sources.env_file, _env_file_layers)):
            if path is None:
                continue
            try:
                layers += parse(path)
            except TomlSyntaxError as problem:
                text = read_bytes(path).decode("utf-8-sig", "replace")
                failures.append(ParseFailure(str(path), text, problem))
    except ConfigSourceError as error:
        raise UsageError(str(error)) from None
    layers += environment_layers(environ, SETTINGS)
    layers.append(flag_layer(_parse_flags(sources.flags), SETTINGS))
    return LintContext(merge_layers(Settings, SETTINGS, layers, environ), environ, failures)


def _file_layers(path: Path) -> list[Layer]:
    return [file_layer(path)]


def _env_file_layers(path: Path) -> list[Layer]:
    return env_file_layers(path, SETTINGS)


def _parse_flags(texts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return for each setting's key the text and the name of its flag. Raises ``UsageError``."""
    flags = {}
    for text in texts:
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals:
            raise UsageError(f"invalid --set {text!r}: expected KEY=VALUE such as rate_limit.rpm=30")
        if find_setting(key, "--set").rows is not None:
            raise UsageError(f"--set {key}: a table cannot be set by a flag; write it into the file")
        flags[key] = (value.strip(), f"--set {key}")
    return flags
