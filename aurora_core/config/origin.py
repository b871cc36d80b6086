"""Where a value came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from aurora_core.config.toml_index import Entry, Path

LayerKind = Literal["default", "file", "env-file", "environment", "flag"]


class Origin(NamedTuple):
    """``file`` is the file's path; ``name`` a variable or a flag; ``entry`` where it stands in the file."""

    kind: LayerKind
    file: str = ""
    name: str = ""
    entry: Entry | None = None

    def __str__(self) -> str:
        if self.file:
            at = "" if self.entry is None else f":{self.entry.value.line}:{self.entry.value.column}"
            return f"{self.file}{at}"
        return self.name or self.kind


DEFAULT = Origin("default")


@dataclass(frozen=True)
class Layer:
    """The values that one source gives, nested as in the file.

    ``origins`` by path; ``text`` is the source's own, for excerpts; ``unknown`` are variables that match no
    setting, ``repeated`` those that a later line of the same file gives again, ``empty`` those without a
    value, which count as not given.
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
        """Of the path, or of the nearest table or array around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return Origin(self.kind, self.file)

    def value(self, path: Path) -> Any:
        """What the layer says there; ``KeyError`` where it says nothing."""
        value: Any = self.values
        for step in path:
            try:
                value = value[step]
            except (TypeError, IndexError):
                raise KeyError(path) from None
        return value

    def sets(self, path: Path) -> bool:
        """Whether the layer says anything there."""
        try:
            self.value(path)
        except KeyError:
            return False
        return True
