"""The values that hold, each with where it came from."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from aurora_cli.check_config.names import KEYS, unit_of
from aurora_cli.check_config.subject import Subject
from aurora_cli.exits import Usage
from aurora_core.config.nearest import nearest
from aurora_core.config.origin import Origin
from aurora_core.config.problems import dotted
from aurora_core.config.settings import SETTINGS
from aurora_core.config.toml_index import Path as Place
from aurora_core.config.units import show_duration
from aurora_core.secrets import Masker, Secret

NOT_SET = "-"


class Value(NamedTuple):
    """A setting as it is shown. ``plain`` is for JSON: secrets masked, units as the file counts them."""

    key: str
    shown: str
    plain: object
    origin: Origin
    variable: str | None


def values(subject: Subject) -> Iterator[Value]:
    """Every setting in the order of the model; each value in a table of tables by itself."""
    masker = Masker(text for _, _, text in subject.secrets())
    for setting in SETTINGS:
        for path, value in leaves(_value(subject.settings, setting.path), setting.path):
            shown = masker.mask(show(value, unit_of(path)))
            plain = _plain(value, masker)
            yield Value(dotted(path), shown, plain, subject.origin(path), setting.variable)


def layers_of(subject: Subject, key: str) -> list[tuple[str, Origin]]:
    """What each layer gives for a key, the strongest last. ``Usage`` for an unknown key."""
    setting = next((setting for setting in SETTINGS if setting.key == key), None)
    if setting is None:
        almost = nearest(key, KEYS)
        raise Usage(
            f"--origin {key}: no setting is called so" + (f"; did you mean {almost}?" if almost else "")
        )
    masker = Masker(text for _, _, text in subject.secrets())
    given: list[tuple[str, Origin]] = [(show(setting.default, setting.unit), Origin("default"))]
    for layer, value in subject.total.given(setting.path):
        secret = setting.secret and isinstance(value, str)
        shown = str(Secret(value)) if secret else masker.mask(show(value, setting.unit))
        given.append((shown, layer.origin(setting.path)))
    return given


def leaves(value: Any, path: Place) -> Iterator[tuple[Place, Any]]:
    """The single values of a setting; a list of texts is one."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from leaves(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, dict) and value:
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for number, item in enumerate(value):
            yield from leaves(item, (*path, number))
    else:
        yield path, value


def show(value: Any, unit: str) -> str:
    """Write a value for people, with its unit."""
    if value is None or value in ((), {}):
        return NOT_SET
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return _number(value, unit)
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    return str(value)


def _number(value: float, unit: str) -> str:
    if unit in {"s", "ms"}:
        return show_duration(value, "s" if unit == "s" else "ms")
    if unit == "share":
        return f"{value * 100:.10g} %"
    return f"{value:,.10g} {unit}".rstrip() if unit else f"{value:.10g}"


def _plain(value: Any, masker: Masker) -> object:
    if isinstance(value, (Secret, Path)):
        return masker.mask(str(value))
    if isinstance(value, str):
        return masker.mask(value)
    return [masker.mask(str(item)) for item in value] if isinstance(value, tuple) else value


def _value(settings: BaseModel, path: Sequence[str]) -> Any:
    value: Any = settings
    for step in path:
        value = getattr(value, step)
    return value
