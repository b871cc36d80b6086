"""The types of settings: numbers with units, lists, paths and secrets, as files and variables write them."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BeforeValidator, Field, GetPydanticSchema, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from aurora_core.config.units import parse_duration, parse_share, parse_size
from aurora_core.secrets import Secret

_MAX_SECRET_BYTES: Final = 64 * 1024
_NANOSECOND_MS: Final = 1e-6


class Unit(NamedTuple):
    """What a bare number counts."""

    name: str


def _parse_text(parse: Callable[[str], float]) -> BeforeValidator:
    """Parse text; anything else is left to the type itself."""

    def before(value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return parse(value)
        except ValueError as error:
            raise PydanticCustomError("quantity", "{reason}", {"reason": str(error)}) from None

    return BeforeValidator(before, json_schema_input_type=float | str)


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def split_list(value: object) -> object:
    """Return a tuple; a variable holds a list as ``a, b``, a file as an array."""
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return _tuple(value)


def _path(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value or "\0" in value:
        raise PydanticCustomError("quantity", "expected a path")
    return Path(value).expanduser() if value.startswith("~/") else Path(value)


def check_clock_resolution(milliseconds: float) -> float:
    """Return 0 or at least a nanosecond, the resolution of clocks."""
    if 0 < milliseconds < _NANOSECOND_MS:
        raise PydanticCustomError("quantity", "expected 0, or at least a nanosecond")
    return milliseconds


def _secret(value: object, info: ValidationInfo) -> object:
    """Resolve a text, ``{ env = "NAME" }`` or ``{ file = "/run/secrets/name" }``; None if it is not set."""
    if isinstance(value, str):
        return Secret(value) if value else None
    if isinstance(value, dict) and len(value) == 1 and all(isinstance(name, str) for name in value.values()):
        environ = (info.context or {}).get("environ", {})
        if "env" in value:
            text = environ.get(value["env"], "")
            return Secret(text) if text else None
        if "file" in value:
            return read_secret_file(Path(value["file"]))
    return value


def read_secret_file(path: Path) -> Secret | None:
    """Return the text of the file without the last line break; None if it cannot be read."""
    try:
        if not path.is_file() or path.stat().st_size > _MAX_SECRET_BYTES:
            return None
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError):
        return None
    return Secret(text) if text else None


def _secret_schema(_source: Any, _handler: Any) -> core_schema.CoreSchema:
    text = core_schema.str_schema()
    env, file = (
        core_schema.typed_dict_schema({name: core_schema.typed_dict_field(text)}) for name in ("env", "file")
    )
    return core_schema.with_info_before_validator_function(
        _secret,
        core_schema.no_info_plain_validator_function(_only_a_secret),
        json_schema_input_schema=core_schema.union_schema([text, env, file]),
    )


def _only_a_secret(value: object) -> Secret | None:
    if value is None or isinstance(value, Secret):
        return value
    raise PydanticCustomError(
        "secret_type", 'expected a string, {{ env = "NAME" }} or {{ file = "/run/secrets/name" }}'
    )


Count = Annotated[int, Field(le=10**9)]
"""A whole number with a generous upper bound."""
Seconds = Annotated[float, Unit("s"), Field(le=1e10), _parse_text(lambda text: parse_duration(text, "s"))]
"""Up to three centuries."""
Milliseconds = Annotated[float, Unit("ms"), _parse_text(lambda text: parse_duration(text, "ms"))]
Bytes = Annotated[int, Unit("B"), _parse_text(parse_size)]
Share = Annotated[float, Unit("share"), _parse_text(parse_share)]
Names = Annotated[tuple[str, ...], BeforeValidator(split_list, json_schema_input_type=list[str] | str)]
Rows = BeforeValidator(_tuple)
"""Accepts the array of tables of a file as a tuple."""
FilePath = Annotated[Path, BeforeValidator(_path, json_schema_input_type=str)]
OptionalSecret = Annotated[Secret | None, GetPydanticSchema(_secret_schema)]
"""A secret, or None if it is not set."""
