"""What rules read, and what they return."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

from aurora_cli.findings import Severity
from aurora_core.config.catalogue import Setting
from aurora_core.config.layered import Layered
from aurora_core.config.origin import Layer, Origin
from aurora_core.config.settings import SETTINGS, Settings
from aurora_core.config.toml_index import Path
from aurora_core.config.toml_text import TomlSyntaxError
from aurora_core.providers import published_limit


class ParseFailure(NamedTuple):
    """A file with a syntax error: none of its values is used."""

    file: str
    text: str
    problem: TomlSyntaxError


class Override(NamedTuple):
    """A setting that two layers give: the origin that loses, the one that wins, and whether values differ."""

    setting: Setting
    lower: Origin
    upper: Origin
    differ: bool

    @property
    def within_one_source(self) -> bool:
        """Whether both are variables of one environment or file: the setting has two names there."""
        return (self.lower.kind, self.lower.file) == (self.upper.kind, self.upper.file)


@dataclass(frozen=True)
class LintContext:
    """The settings, the origin of each, and the environment."""

    total: Layered[Settings]
    environ: Mapping[str, str]
    unreadable: Sequence[ParseFailure] = ()

    @property
    def settings(self) -> Settings:
        """The effective values."""
        return self.total.settings

    def origin(self, key: str | Path) -> Origin:
        """Return the origin of an effective value; the key as in the file, ``rate_limit.rpm``."""
        return self.total.origin(as_path(key))

    def is_chosen(self, *keys: str) -> bool:
        """Return whether any of these settings is set, so that not all have the guide's value."""
        return any(self.origin(key).kind != "default" for key in keys)

    def layers(self, *kinds: str) -> list[Layer]:
        """Return the layers of these kinds, the weakest first."""
        return [layer for layer in self.total.layers if layer.kind in kinds]

    def secrets(self) -> Iterator[tuple[Layer, Path, str]]:
        """Yield each secret that a layer holds in plain text, with its path."""
        for layer in self.total.layers:
            for setting in SETTINGS:
                if layer.sets(setting.path) and setting.secret:
                    yield from _texts(layer, setting.path)
            for name, channel in _tables(layer, ("alerts", "channels")):
                for key in {"url", "key"} & channel.keys():
                    yield from _texts(layer, ("alerts", "channels", name, key))

    def provider_rpm(self) -> tuple[int, str] | None:
        """Return the provider's requests per minute and the source of that number; None if unknown."""
        if self.settings.rate_limit.provider_rpm is not None:
            return self.settings.rate_limit.provider_rpm, "rate_limit.provider_rpm"
        llm = self.settings.llm
        limit = published_limit(llm.provider, llm.model)
        return None if limit is None else (limit.rpm, f"{llm.provider}/{limit.family}")

    def overrides(self) -> Iterator[Override]:
        """Yield each pair of neighbouring layers that give the same setting.

        A losing value that is invalid is left out: another rule reports it.
        """
        invalid = {problem.origin for problem in self.total.problems if problem.hidden_by is not None}
        for setting in SETTINGS:
            given = [
                (layer.origin(setting.path), value)
                for layer, value in self.total.given(setting.path)
                if layer.origin(setting.path) not in invalid
            ]
            for (lower, one), (upper, other) in pairwise(given):
                differ = _parse(setting, one) != _parse(setting, other)
                yield Override(setting, lower, upper, differ)


@dataclass(frozen=True)
class Violation:
    """What a rule reports.

    ``about`` are the settings that it was deduced from: if one of them is invalid, nothing is reported.
    ``at`` is the origin to point at, by default that of the first of them; ``on`` its key or its value.
    """

    message: str
    help: str = ""
    about: Sequence[str | Path] = ()
    at: Origin | None = None
    on: Literal["key", "value"] = "value"
    severity: Severity | None = None


class Inconclusive(NamedTuple):
    """What a probe could not find out, and why."""

    message: str


def as_path(key: str | Path) -> Path:
    """Return the path of a key that has no quoted part."""
    return tuple(key.split(".")) if isinstance(key, str) else key


def _parse(setting: Setting, value: Any) -> Any:
    """Return the parsed value, since ``60`` and ``"60s"`` mean the same; an invalid value as it is."""
    model: type[BaseModel] = Settings
    for step in setting.path[:-1]:
        inner = model.model_fields[step].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    try:
        return getattr(model.model_validate({setting.path[-1]: value}), setting.path[-1])
    except ValueError:
        return value


def _texts(layer: Layer, path: Path) -> Iterator[tuple[Layer, Path, str]]:
    value = layer.value(path)
    if isinstance(value, str):
        yield layer, path, value


def _tables(layer: Layer, path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the named tables of a layer at the path."""
    named = layer.value(path) if layer.sets(path) else {}
    for name, table in named.items() if isinstance(named, dict) else ():
        if isinstance(table, dict):
            yield name, table
