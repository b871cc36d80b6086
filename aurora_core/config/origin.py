"""The layers of settings, and the origin of each value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from aurora_core.config.toml_index import Path, TomlEntry

LayerKind = Literal["default", "file", "env-file", "environment", "flag"]


class Origin(NamedTuple):
    """``file`` is the file's path, ``name`` a variable or a flag, ``entry`` the position in the file."""

    kind: LayerKind
    file: str = ""
    name: str = ""
    entry: TomlEntry | None = None

    def __str__(self) -> str:
        if self.file:
            at = "" if self.entry is None else f":{self.entry.value.line}:{self.entry.value.column}"
            return f"{self.file}{at}"
        return self.name or self.kind


DEFAULT = Origin("default")


@dataclass(frozen=True)
class Layer:
    """The values of one source, nested as in the file.

    ``origins`` by path; ``text`` is that of the source, for snippets; ``unknown`` are variables that match
    no setting, ``repeated`` those that a later line of the same file sets again, ``empty`` those without a
    value, which count as not set.
    """

    kind: LayerKind
    values: Mapping[str, Any]
    origins: Mapping[Path, Origin]
    file: str = ""
    text: str = ""
    unknown: tuple[Origin, ...] = ()
    repeated: tuple[Origin, ...] = ()
    empty: tuple[Origin, ...] = field(default=())

    def origin(self, path: Path) -> Origin:
        """Return the origin of the path, or of the innermost table or array around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return Origin(self.kind, self.file)

    def value(self, path: Path) -> Any:
        """Return the value at the path. Raises ``KeyError`` if the layer has none."""
        value: Any = self.values
        for step in path:
            try:
                value = value[step]
            except (TypeError, IndexError):
                raise KeyError(path) from None
        return value

    def sets(self, path: Path) -> bool:
        """Return whether the layer has a value at the path."""
        try:
            self.value(path)
        except KeyError:
            return False
        return True
