"""The names of settings, and which one a misspelt name probably means."""

from typing import Final

from pydantic import BaseModel

from aurora_cli.exit_codes import UsageError
from aurora_core.config.catalogue import Setting, setting_at
from aurora_core.config.settings import SETTINGS, Settings
from aurora_core.config.suggest import closest_match
from aurora_core.config.toml_index import Path

VARIABLE_NAMES: Final = tuple(name for setting in SETTINGS for name in setting.variables)


def find_setting(key: str, option: str) -> Setting:
    """Return the setting of a key that an option names. Raises ``UsageError`` with the closest key."""
    setting = next((setting for setting in SETTINGS if setting.key == key), None)
    if setting is None:
        match = closest_match(key, [setting.key for setting in SETTINGS])
        raise UsageError(f"{option} {key}: no such setting" + (f"; did you mean {match}?" if match else ""))
    return setting


def siblings(path: Path) -> list[str]:
    """Return all names that are valid as the last step of the path."""
    model: type[BaseModel] = Settings
    for length in range(1, len(path)):
        setting = setting_at(path[:length], SETTINGS)
        if setting is None:
            model = _table(model, path[length - 1])
        elif setting.rows is not None:
            model = setting.rows
    return [field.alias or name for name, field in model.model_fields.items()]


def suggest_key(path: Path) -> str | None:
    """Return the key that an unknown one probably means: of the same table, or of another one."""
    name = str(path[-1])
    sibling = closest_match(name, siblings(path))
    if sibling is not None:
        return sibling
    return next((setting.key for setting in SETTINGS if setting.path[-1] == name), None)


def _table(model: type[BaseModel], step: str | int) -> type[BaseModel]:
    inner = model.model_fields[str(step)].annotation if str(step) in model.model_fields else None
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else model
