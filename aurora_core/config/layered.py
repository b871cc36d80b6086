"""Merge the layers: the effective values, their origins, and the problems of each layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from aurora_core.config.catalogue import Setting, setting_at
from aurora_core.config.origin import DEFAULT, Layer, Origin
from aurora_core.config.problems import Problem, problems_of
from aurora_core.config.toml_index import Path

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Layered(Generic[_Model]):
    """Settings and their sources.

    ``settings`` holds valid values only: an invalid one is replaced by that of the next lower layer.
    ``layers`` begin with the weakest. ``problems`` are of all layers, overridden values included.
    ``row_indexes`` maps a list from which an invalid row was dropped to the indexes of its rows in the
    source.
    """

    settings: _Model
    layers: Sequence[Layer]
    problems: Sequence[Problem]
    row_indexes: Mapping[Path, Sequence[int]]

    def given(self, path: Path) -> list[tuple[Layer, Any]]:
        """Return each layer with a value at the path, and that value; the last one is effective."""
        return [(layer, layer.value(path)) for layer in self.layers if layer.sets(path)]

    def origin(self, path: Path) -> Origin:
        """Return the origin of the value at a path of ``settings``."""
        source_path = self._source_path(path)
        for layer in reversed(self.layers):
            if layer.sets(source_path):
                return layer.origin(source_path)
        return DEFAULT

    def is_wrong(self, path: Path) -> bool:
        """Return whether the strongest value is invalid, so that another one replaces it."""
        source_path = self._source_path(path)
        return any(
            problem.hidden_by is None and _overlap(problem.path, source_path) for problem in self.problems
        )

    def _source_path(self, path: Path) -> Path:
        for length, step in enumerate(path):
            if isinstance(step, int) and path[:length] in self.row_indexes:
                return (*path[:length], self.row_indexes[path[:length]][step], *path[length + 1 :])
        return path


def _overlap(one: Path, other: Path) -> bool:
    """Return whether one of the paths begins with the other, or they are the same."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def merge_layers(
    model: type[_Model], settings: Sequence[Setting], layers: Sequence[Layer], environ: Mapping[str, str]
) -> Layered[_Model]:
    """Validate each layer by itself, and merge the valid values."""
    problems: list[Problem] = []
    row_indexes: dict[Path, Sequence[int]] = {}
    total: dict[str, Any] = {}
    for number, layer in enumerate(layers):
        of_layer = problems_of(model, layer, environ)
        problems += [_mark_hidden(problem, settings, layers[number + 1 :]) for problem in of_layer]
        invalid = {_dropped_path(problem.path, settings) for problem in of_layer}
        _overlay(total, _drop(layer.values, invalid, (), row_indexes))
    valid = model.model_validate(total, context={"environ": environ})
    return Layered(valid, layers, problems, row_indexes)


def _mark_hidden(problem: Problem, settings: Sequence[Setting], above: Sequence[Layer]) -> Problem:
    """Return the problem with the layer that overrides its setting, if there is one."""
    setting = setting_at(problem.path, settings)
    if setting is None:
        return problem
    hiding = [layer for layer in above if layer.sets(setting.path)]
    return replace(problem, hidden_by=hiding[-1].origin(setting.path)) if hiding else problem


def _dropped_path(path: Path, settings: Sequence[Setting]) -> Path:
    """Return what a problem at the path invalidates: the whole value, or one table of an array."""
    setting = setting_at(path, settings)
    if setting is None:
        return path
    return setting.path if setting.rows is None else path[: len(setting.path) + 1]


def _drop(values: Any, invalid: set[Path], path: Path, row_indexes: dict[Path, Sequence[int]]) -> Any:
    """Return the values without those at invalid paths; a row of an array of tables is dropped as a whole."""
    if isinstance(values, Mapping):
        return {
            key: _drop(value, invalid, (*path, key), row_indexes)
            for key, value in values.items()
            if (*path, key) not in invalid
        }
    if isinstance(values, list) and all(isinstance(row, Mapping) for row in values):
        rows = [
            n for n in range(len(values)) if not any(spot[: len(path) + 1] == (*path, n) for spot in invalid)
        ]
        if len(rows) < len(values):
            row_indexes[path] = rows
        return [values[n] for n in rows]
    return values


def _overlay(total: dict[str, Any], values: Mapping[str, Any]) -> None:
    """Let the values override those of the total, table by table."""
    for key, value in values.items():
        if isinstance(value, Mapping) and isinstance(total.get(key), dict) and not _is_reference(value):
            _overlay(total[key], value)
        else:
            total[key] = value


def _is_reference(value: Mapping[str, Any]) -> bool:
    """Return whether it is a reference to a secret, ``{ env = .. }`` or ``{ file = .. }``: one value."""
    return len(value) == 1 and bool(value.keys() & {"env", "file"})
