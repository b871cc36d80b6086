"""Describe the invalid values of a layer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aurora_core.config.origin import Layer, Origin
from aurora_core.config.renamed import new_name
from aurora_core.config.toml_index import Path
from aurora_core.secrets import Secret, contains_secret

ProblemKind = Literal["unknown", "type", "range", "missing"]

_MAX_SHOWN: Final = 12
"""An invalid value may be an API key in the wrong place: only a short one is shown."""

_EXPECTED: Final = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "a string",
    "model": "a table",
    "dict": "a table",
    "tuple": "an array",
    "finite": "a finite number",
    "is": "a string",
}
_RANGES: Final = {
    "greater_than": "above {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "below {lt:g}",
    "less_than_equal": "at most {le:g}",
    "literal_error": "{expected}",
    "string_too_short": "a string that is not empty",
    "too_short": "at least {min_length} long",
}


@dataclass(frozen=True)
class Problem:
    """One invalid value. ``shown`` is the value, if harmless; ``hidden_by`` the layer that overrides it."""

    kind: ProblemKind
    path: Path
    message: str
    origin: Origin
    shown: str = ""
    hidden_by: Origin | None = None


def dotted(path: Path) -> str:
    """Return a path as text: ``alerts.rules[0].name``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{_key(step)}" if text else _key(step)
    return text


def problems_of(model: type[BaseModel], layer: Layer, environ: Mapping[str, str]) -> list[Problem]:
    """Validate a layer by itself; types are strict in a file, since TOML has types."""
    return [_problem(error, layer) for error in _errors(model, layer, environ)]


def _errors(model: type[BaseModel], layer: Layer, environ: Mapping[str, str]) -> Iterator[ErrorDetails]:
    try:
        model.model_validate(layer.values, strict=layer.kind == "file", context={"environ": environ})
    except ValidationError as failed:
        yield from failed.errors(include_url=False)


def _problem(error: ErrorDetails, layer: Layer) -> Problem:
    path: Path = tuple(step for step in error["loc"] if step != "[key]")
    name, kind = f"`{dotted(path)}`", error["type"]
    origin = layer.origin(path)
    if today := new_name(path):
        return Problem("unknown", path, f"{name} was renamed to `{today}`", origin)
    if kind == "extra_forbidden":
        what = "table" if isinstance(error["input"], dict) else "key"
        return Problem("unknown", path, f"unknown {what} {name}", origin)
    if kind == "missing":
        return Problem("missing", path, f"{name} is missing", origin)
    shown = show(error["input"])
    given = f"{name} = {shown}" if shown else name
    if kind in _RANGES:
        expected = _RANGES[kind].format(**error["ctx"])
        return Problem("range", path, f"{given} must be {expected}", origin, shown)
    if kind == "quantity":
        return Problem("type", path, f"{given}: {error['msg']}", origin, shown)
    expected = _EXPECTED.get(kind.split("_", maxsplit=1)[0], "")
    message = (
        f"{given} must be {expected}, not {_describe_type(error['input'])}"
        if expected
        else f"{given}: {error['msg']}"
    )
    return Problem("type", path, message, origin, shown)


def show(value: object) -> str:
    """Return a short, harmless value as TOML; an empty text for any other."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:g}" if abs(value) < 1e15 else ""  # noqa: PLR2004 - beyond it every digit is a guess
    if not isinstance(value, str) or len(value) > _MAX_SHOWN or contains_secret(value):
        return ""
    return f'"{value}"'


def _describe_type(value: object) -> str:
    """Return the kind of value."""
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "true or false"),
        (int, "a number"),
        (float, "a number with a fraction"),
        ((str, Secret), "a string"),
        (dict, "a table"),
        ((list, tuple), "an array"),
    )
    return next((name for kinds, name in names if isinstance(value, kinds)), "a date or a time")


def _key(step: str) -> str:
    plain = step and all(
        character.isascii() and (character.isalnum() or character in "_-") for character in step
    )
    return step if plain else f'"{step}"'
