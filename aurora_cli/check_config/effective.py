"""The effective settings: each value with its origin, as documents and as a TOML file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import tomli_w
from pydantic import BaseModel

from aurora_cli import exit_codes
from aurora_cli.check_config.context import LintContext
from aurora_cli.check_config.engine import count_settings
from aurora_cli.check_config.suggest import find_setting
from aurora_cli.documents import Cell, Document, Table, Tone
from aurora_cli.exit_codes import Verdict
from aurora_core.config.catalogue import setting_at
from aurora_core.config.origin import Origin
from aurora_core.config.problems import dotted
from aurora_core.config.settings import SETTINGS, Settings
from aurora_core.config.toml_index import Path as SettingPath
from aurora_core.config.units import show_duration
from aurora_core.secrets import Masker, Secret, contains_secret

_NOT_SET = "-"

Config = Mapping[str, str] | None


class _Value(NamedTuple):
    """An effective value. ``plain`` is for JSON: secrets masked, numbers in the file's units."""

    key: str
    shown: str
    plain: object
    origin: Origin


def effective_document(context: LintContext, name: str, config: Config) -> Document:
    """Show every effective value with its origin."""
    rows, results = [], []
    for value in _effective_values(context):
        tone: Tone = "muted" if value.origin.kind == "default" else "plain"
        rows.append([Cell(value.key, tone), Cell(value.shown, tone), Cell(str(value.origin), "muted")])
        results.append(
            {"setting": value.key, "value": value.plain, "from": value.origin.kind, "at": str(value.origin)}
        )
    sources = count_settings(context)
    summary = ", ".join(f"{number} {kind}" for kind, number in sources.items() if number)
    return _document(rows, results, f"{name}: {sum(sources.values())} settings ({summary})", config)


def origin_document(context: LintContext, key: str, config: Config) -> Document:
    """Show what each layer gives for one key; the last one is effective. Raises ``UsageError``."""
    setting = find_setting(key, "--origin")
    masker = _masker(context)
    given = [(_show(setting.default, setting.unit), Origin("default"))]
    for layer, value in context.total.given(setting.path):
        secret = setting.secret and isinstance(value, str)
        shown = str(Secret(value)) if secret else masker.mask(_show(value, setting.unit))
        given.append((shown, layer.origin(setting.path)))
    shown, effective = given[-1]
    rows = [
        [Cell(str(origin)), Cell(text, "plain" if origin is effective else "muted")] for text, origin in given
    ]
    results = [{"value": text, "from": origin.kind, "at": str(origin)} for text, origin in given]
    return _document(rows, results, f"{key} is {shown}, from {effective}", config)


def difference_document(contexts: Sequence[LintContext], names: Sequence[str], config: Config) -> Document:
    """Show the settings whose values differ between two configurations."""
    left, right = ({value.key: value for value in _effective_values(context)} for context in contexts)
    rows = [[Cell("", "muted"), *(Cell(name, "muted") for name in names)]]
    results = []
    for key in dict.fromkeys((*left, *right)):
        pair = [side.get(key) for side in (left, right)]
        plain = [None if value is None else value.plain for value in pair]
        if plain[0] != plain[1]:
            rows.append([Cell(key), *(Cell(_NOT_SET if value is None else value.shown) for value in pair)])
            results.append({"setting": key, "values": plain})
    number = len(results)
    summary = f"{number or 'no'} setting{'s differ' if number > 1 else ' differs'}"
    return _document(rows if number else [], results, f"{names[0]} and {names[1]}: {summary}", config)


def to_toml(settings: Settings) -> str:
    """Return a file with the same values, without unset ones and without what is or looks like a secret."""
    return tomli_w.dumps(_to_table(settings))


def _effective_values(context: LintContext) -> Iterator[_Value]:
    """Yield every value in the order of the model; those in a table of tables one by one."""
    masker = _masker(context)
    for setting in SETTINGS:
        value: Any = context.settings
        for step in setting.path:
            value = getattr(value, step)
        for path, leaf in _leaves(value, setting.path):
            inner = setting_at(path, SETTINGS)
            shown = masker.mask(_show(leaf, inner.unit if inner else ""))
            yield _Value(dotted(path), shown, _to_plain(leaf, masker), context.origin(path))


def _leaves(value: Any, path: SettingPath) -> Iterator[tuple[SettingPath, Any]]:
    """Yield the single values of a setting; a list of texts is one."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _leaves(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _leaves(item, (*path, name))
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for number, item in enumerate(value):
            yield from _leaves(item, (*path, number))
    else:
        yield path, value


def _show(value: Any, unit: str) -> str:
    """Format a value for people, with its unit."""
    if value is None or value in ((), {}):
        return _NOT_SET
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return _show_number(value, unit)
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    return str(value)


def _show_number(value: float, unit: str) -> str:
    if unit in {"s", "ms"}:
        return show_duration(value, "s" if unit == "s" else "ms")
    if unit == "share":
        return f"{value * 100:.10g} %"
    return f"{value:,.10g} {unit}".rstrip() if unit else f"{value:.10g}"


def _to_plain(value: Any, masker: Masker) -> object:
    if isinstance(value, (Secret, Path, str)):
        return masker.mask(str(value))
    return [masker.mask(str(item)) for item in value] if isinstance(value, tuple) else value


def _to_table(model: BaseModel) -> dict[str, Any]:
    fields = {field.alias or name: getattr(model, name) for name, field in type(model).model_fields.items()}
    return {name: _to_toml_value(value) for name, value in fields.items() if not _is_left_out(value)}


def _to_toml_value(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _to_table(value)
    if isinstance(value, dict):
        return {name: _to_toml_value(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [_to_toml_value(item) for item in value if not _is_left_out(item)]
    return str(value) if isinstance(value, Path) else value


def _is_left_out(value: Any) -> bool:
    if isinstance(value, str | Path):
        return contains_secret(str(value))
    return value is None or isinstance(value, Secret)


def _masker(context: LintContext) -> Masker:
    return Masker(text for _, _, text in context.secrets())


def _document(
    rows: Sequence[Sequence[Cell]], results: Sequence[Mapping[str, object]], conclusion: str, config: Config
) -> Document:
    parts = [Table("", (), rows)] if rows else []
    return Document("settings", {}, results, parts, Verdict.GOOD, exit_codes.GOOD, conclusion, config)
