"""The effective settings as a file, secrets left out."""

from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel

from aurora_core.config.settings import Settings
from aurora_core.secrets import Secret, contains_secret


def as_toml(settings: Settings) -> str:
    """A file that says the same. What is not set is left out, and whatever is or looks like a secret."""
    return tomli_w.dumps(_table(settings))


def _table(model: BaseModel) -> dict[str, Any]:
    fields = {field.alias or name: getattr(model, name) for name, field in type(model).model_fields.items()}
    return {name: _value(value) for name, value in fields.items() if not _is_left_out(value)}


def _is_left_out(value: Any) -> bool:
    if isinstance(value, str | Path):
        return contains_secret(str(value))
    return value is None or isinstance(value, Secret)


def _value(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _table(value)
    if isinstance(value, dict):
        return {name: _value(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [_value(item) for item in value if not _is_left_out(item)]
    return str(value) if isinstance(value, Path) else value
