"""The effective settings as a file, secrets left out."""

from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel

from aurora_core.config.settings import Settings
from aurora_core.security import Secret


def as_toml(settings: Settings) -> str:
    """A file that says the same. What is not set is left out, and so is every secret."""
    return tomli_w.dumps(_table(settings))


def _table(model: BaseModel) -> dict[str, Any]:
    fields = {field.alias or name: getattr(model, name) for name, field in type(model).model_fields.items()}
    return {
        name: _value(value)
        for name, value in fields.items()
        if value is not None and not isinstance(value, Secret)
    }


def _value(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _table(value)
    if isinstance(value, dict):
        return {name: _value(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return str(value) if isinstance(value, Path) else value
