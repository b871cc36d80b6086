"""The sum of the layers: which value holds, where it came from, and what is wrong with each."""

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

    ``settings`` holds what is right: in the place of a value that is wrong stands the next below it.
    ``layers`` from the lowest up. ``problems`` are of all layers, hidden ones included. ``kept`` maps a list
    to the places that its rows have in its source, where a wrong one was left out.
    """

    settings: _Model
    layers: Sequence[Layer]
    problems: Sequence[Problem]
    kept: Mapping[Path, Sequence[int]]

    def given(self, path: Path) -> list[tuple[Layer, Any]]:
        """Each layer that gives the path, from the lowest up, and what it gives; the last one holds."""
        return [(layer, layer.value(path)) for layer in self.layers if layer.sets(path)]

    def origin(self, path: Path) -> Origin:
        """Where the value of a path in ``settings`` came from."""
        there = self._source_path(path)
        for layer in reversed(self.layers):
            if layer.sets(there):
                return layer.origin(there)
        return DEFAULT

    def is_wrong(self, path: Path) -> bool:
        """Whether the value that should hold is not right, so that another stands in its place."""
        there = self._source_path(path)
        return any(problem.hidden_by is None and _overlap(problem.path, there) for problem in self.problems)

    def _source_path(self, path: Path) -> Path:
        for length, step in enumerate(path):
            if isinstance(step, int) and path[:length] in self.kept:
                return (*path[:length], self.kept[path[:length]][step], *path[length + 1 :])
        return path


def _overlap(one: Path, other: Path) -> bool:
    """Whether one of the paths leads to the other, or they are the same."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def merge_layers(
    model: type[_Model], settings: Sequence[Setting], layers: Sequence[Layer], environ: Mapping[str, str]
) -> Layered[_Model]:
    """Validate each layer, and the sum of what is right in them."""
    problems: list[Problem] = []
    kept: dict[Path, Sequence[int]] = {}
    total: dict[str, Any] = {}
    for number, layer in enumerate(layers):
        found = problems_of(model, layer, environ)
        problems += [_seen_from_above(problem, settings, layers[number + 1 :]) for problem in found]
        wrong = {_left_out(problem.path, settings) for problem in found}
        _overlay(total, _without(layer.values, wrong, (), kept))
    valid = model.model_validate(total, context={"environ": environ})
    return Layered(valid, layers, problems, kept)


def _seen_from_above(problem: Problem, settings: Sequence[Setting], above: Sequence[Layer]) -> Problem:
    """The problem, and which layer hides it where one gives the same setting."""
    setting = setting_at(problem.path, settings)
    if setting is None:
        return problem
    hiding = [layer for layer in above if layer.sets(setting.path)]
    return replace(problem, hidden_by=hiding[-1].origin(setting.path)) if hiding else problem


def _left_out(path: Path, settings: Sequence[Setting]) -> Path:
    """What a problem at the path takes with it: the whole value, or the one table where there may be many."""
    setting = setting_at(path, settings)
    if setting is None:
        return path
    return setting.path if setting.rows is None else path[: len(setting.path) + 1]


def _without(values: Any, wrong: set[Path], path: Path, kept: dict[Path, Sequence[int]]) -> Any:
    """The values but for those at wrong paths; a row of an array of tables goes as a whole."""
    if isinstance(values, Mapping):
        return {
            key: _without(value, wrong, (*path, key), kept)
            for key, value in values.items()
            if (*path, key) not in wrong
        }
    if isinstance(values, list) and all(isinstance(row, Mapping) for row in values):
        rows = [
            n for n in range(len(values)) if not any(spot[: len(path) + 1] == (*path, n) for spot in wrong)
        ]
        if len(rows) < len(values):
            kept[path] = rows
        return [values[n] for n in rows]
    return values


def _overlay(total: dict[str, Any], values: Mapping[str, Any]) -> None:
    """Let the values win, table by table."""
    for key, value in values.items():
        if isinstance(value, Mapping) and isinstance(total.get(key), dict) and not _is_reference(value):
            _overlay(total[key], value)
        else:
            total[key] = value


def _is_reference(value: Mapping[str, Any]) -> bool:
    """Whether it is a secret's ``{ env = .. }`` or ``{ file = .. }``, which is one value and no table."""
    return len(value) == 1 and bool(value.keys() & {"env", "file"})
