"""What the rules look at, and what they say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from aurora_cli.findings import Severity
from aurora_core.config.layered import Layered
from aurora_core.config.origin import Layer, Origin
from aurora_core.config.published import published_limit
from aurora_core.config.settings import SETTINGS, Settings
from aurora_core.config.toml_index import Path
from aurora_core.config.toml_text import TomlProblem


class Unreadable(NamedTuple):
    """A file that cannot be taken apart, so that none of its values counts."""

    file: str
    text: str
    problem: TomlProblem


@dataclass(frozen=True)
class Subject:
    """The settings, where each came from, and what was around them."""

    total: Layered[Settings]
    environ: Mapping[str, str]
    unreadable: Sequence[Unreadable] = ()

    @property
    def settings(self) -> Settings:
        """The values that hold."""
        return self.total.settings

    def origin(self, key: str | Path) -> Origin:
        """Where a setting's value came from; the key as in the file, ``rate_limit.rpm``."""
        return self.total.origin(as_path(key))

    def is_chosen(self, *keys: str) -> bool:
        """Whether somebody chose one of these, or all are the guide's."""
        return any(self.origin(key).kind != "default" for key in keys)

    def layers(self, *kinds: str) -> list[Layer]:
        """The layers of these kinds."""
        return [layer for layer in self.total.layers if layer.kind in kinds]

    def secrets(self) -> Iterator[tuple[Layer, Path, str]]:
        """Each secret that a layer holds in plain text, and where."""
        for layer in self.total.layers:
            for setting in SETTINGS:
                if layer.sets(setting.path) and setting.secret:
                    yield from _texts(layer, setting.path)
            for name, channel in _tables(layer, ("alerts", "channels")):
                for key in {"url", "key"} & channel.keys():
                    yield from _texts(layer, ("alerts", "channels", name, key))

    def provider_rpm(self) -> tuple[int, str] | None:
        """What the provider allows in a minute, and who says so; None where nobody does."""
        if self.settings.rate_limit.provider_rpm is not None:
            return self.settings.rate_limit.provider_rpm, "rate_limit.provider_rpm"
        llm = self.settings.llm
        limit = published_limit(llm.provider, llm.model)
        return None if limit is None else (limit.rpm, f"{limit.provider}/{limit.family}")


@dataclass(frozen=True)
class Complaint:
    """What a rule has to say.

    ``about`` are the settings that it was deduced from: where one of them is wrong, nothing is said.
    ``at`` is where to point, else where the first of them came from, at its key or its value.
    """

    message: str
    help: str = ""
    about: Sequence[str | Path] = ()
    at: Origin | None = None
    on: Literal["key", "value"] = "value"
    severity: Severity | None = None


class Undecided(NamedTuple):
    """What a probe could not find out, and why."""

    message: str


def as_path(key: str | Path) -> Path:
    """The path of a key that has no quoted part."""
    return tuple(key.split(".")) if isinstance(key, str) else key


def _texts(layer: Layer, path: Path) -> Iterator[tuple[Layer, Path, str]]:
    value = layer.value(path)
    if isinstance(value, str):
        yield layer, path, value


def _tables(layer: Layer, path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables that a layer has under names."""
    named = layer.value(path) if layer.sets(path) else {}
    for name, table in named.items() if isinstance(named, dict) else ():
        if isinstance(table, dict):
            yield name, table
