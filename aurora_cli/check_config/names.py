"""The names that settings have, and which of them was probably meant."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from pydantic import BaseModel

from aurora_core.config.catalogue import Setting
from aurora_core.config.layered import Layered
from aurora_core.config.nearest import nearest
from aurora_core.config.origin import Origin
from aurora_core.config.settings import SETTINGS, Settings
from aurora_core.config.toml_index import Path

KEYS: Final = tuple(setting.key for setting in SETTINGS)
VARIABLE_NAMES: Final = tuple(setting.variable for setting in SETTINGS if setting.variable)


def setting_at(path: Path) -> Setting | None:
    """The setting that the path is, or is a part of."""
    return next((setting for setting in SETTINGS if path[: len(setting.path)] == setting.path), None)


def siblings(path: Path) -> list[str]:
    """All names that could stand where the last step of the path stands."""
    model: type[BaseModel] = Settings
    for length in range(1, len(path)):
        here = path[:length]
        setting = setting_at(here)
        if setting is None:
            model = _table(model, here[-1])
        elif setting.rows is not None:
            model = setting.rows
    return [field.alias or name for name, field in model.model_fields.items()]


def meant(path: Path) -> str | None:
    """What an unknown name was probably meant to be: a name of the same table, or of another one."""
    name = str(path[-1])
    beside = nearest(name, siblings(path))
    if beside is not None:
        return beside
    return next((setting.key for setting in SETTINGS if setting.path[-1] == name), None)


def unit_of(path: Path) -> str:
    """What a bare number counts there."""
    setting = setting_at(path)
    return setting.unit if setting is not None else ""


def overridden(total: Layered[Settings]) -> Iterator[tuple[Setting, Origin, Origin, bool]]:
    """Each setting that two layers give: where it loses, where it wins, and whether the values differ.

    One that is wrong where it loses is left out: that is told as such.
    """
    mistaken = {problem.origin for problem in total.problems if problem.hidden_by is not None}
    for setting in SETTINGS:
        given = [
            (layer, value)
            for layer, value in total.given(setting.path)
            if layer.origin(setting.path) not in mistaken
        ]
        for (lower, one), (upper, other) in pairwise(given):
            yield (
                setting,
                lower.origin(setting.path),
                upper.origin(setting.path),
                _differ(setting, one, other),
            )


def _differ(setting: Setting, one: Any, other: Any) -> bool:
    """Whether two layers mean different values: a file says 60 and ``"60s"`` where a variable says ``60``."""
    section, _, _ = setting.key.rpartition(".")
    model: type[BaseModel] = Settings
    for step in filter(None, section.split(".")):
        model = _table(model, step)
    values = [_understood(model, setting.path[-1], value) for value in (one, other)]
    return bool(values[0] != values[1])


def _understood(model: type[BaseModel], name: str, value: Any) -> Any:
    try:
        return getattr(model.model_validate({name: value}), name)
    except ValueError:
        return value


def _table(model: type[BaseModel], step: str | int) -> type[BaseModel]:
    inner = model.model_fields[str(step)].annotation if str(step) in model.model_fields else None
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else model
