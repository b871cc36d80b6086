"""The settings reference, from the pydantic models."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from aurora_core.config import Settings
from aurora_core.config.catalogue import Setting, settings_of
from aurora_core.config.settings import SETTINGS
from aurora_core.config.units import show_duration
from docs.generate import markdown
from docs.generate.markdown import code, sentence, table

_SUMMARY = """\
The keys of `aurora.toml`, each with the environment variable that overrides it. A duration is a number of
seconds or text such as `90s`, `5m` or `7d`; a share is a number from 0 to 1 or text such as `99.9%`. Keys
without a variable are set in the file only."""
_HEAD = ("Key", "Description", "Type", "Default")
_UNITS = {"s": "duration", "ms": "milliseconds", "share": "share", "B": "size"}
_NAMES = {str: "text", bool: "boolean", int: "integer", float: "number", Path: "path"}


def page() -> str:
    """Return the page: a section for each table of the configuration file."""
    return markdown.page("Settings", _SUMMARY, *_sections())


def _sections() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        settings = [setting for setting in SETTINGS if setting.path[0] == name]
        rows = [(*_columns(setting), code(setting.variable or "")) for setting in settings]
        yield f"## `[{name}]`\n\n{sentence(field.description or '')}\n\n" + table((*_HEAD, "Variable"), rows)
        for setting in settings:
            if setting.rows is not None:
                yield _nested(setting, setting.rows)


def _nested(setting: Setting, model: type[BaseModel]) -> str:
    """Return the keys of one table in an array of tables, or of a named table."""
    of_tables = (
        f"[[{setting.key}]]" if get_origin(setting.field.annotation) is tuple else f"[{setting.key}.NAME]"
    )
    return f"### `{of_tables}`\n\n" + table(_HEAD, [_columns(item) for item in settings_of(model, {})])


def _columns(setting: Setting) -> tuple[str, str, str, str]:
    description = sentence(setting.field.description or "")
    return code(setting.key), description, _type(setting), _default(setting)


def _type(setting: Setting) -> str:
    if setting.rows is not None:
        return "tables"
    if setting.secret:
        return "secret"
    if setting.unit:
        return _UNITS[setting.unit]
    return _type_of(setting.field.annotation)


def _type_of(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(code(str(choice)) for choice in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"list of {_type_of(get_args(annotation)[0])}"
    if annotation in _NAMES:
        return _NAMES[annotation]
    parts = (_type_of(part) for part in get_args(annotation) if part is not type(None))
    return next((part for part in parts if part), "")


def _default(setting: Setting) -> str:
    if setting.field.is_required():
        return "required"
    value = setting.default
    if value is None or value in ((), {}):
        return ""
    if isinstance(value, tuple):
        return code(str(list(value)))
    if setting.unit == "s":
        return code(show_duration(value, "s"))
    if isinstance(value, bool):
        return code(str(value).lower())
    return code(f"{value:.15g}" if isinstance(value, float) else str(value))
