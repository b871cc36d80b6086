"""All settings of a model, one by one: path, variables, unit, default."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aurora_core.config.field_types import Unit
from aurora_core.config.toml_index import Path
from aurora_core.config.units import show_duration
from aurora_core.secrets import Secret


class Setting(NamedTuple):
    """A value that can be set.

    ``variables`` are its names in the environment, the strongest first; none for an array or table of
    tables, which only a file can hold. ``rows`` is the model of such a table.
    """

    path: tuple[str, ...]
    variables: tuple[str, ...]
    field: FieldInfo
    unit: str
    secret: bool
    rows: type[BaseModel] | None

    @property
    def key(self) -> str:
        """The dotted path: ``rate_limit.rpm``."""
        return ".".join(self.path)

    @property
    def variable(self) -> str | None:
        """The strongest of its variables."""
        return self.variables[0] if self.variables else None

    @property
    def default(self) -> Any:
        """The value if no layer gives one."""
        return self.field.get_default(call_default_factory=True)

    @property
    def default_text(self) -> str:
        """The default as a person writes it; empty if there is none."""
        value = self.default
        if value is None or value == ():
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if self.unit == "share":
            return f"{value * 100:g}%"
        if isinstance(value, float):
            return show_duration(value, "s") if self.unit == "s" else f"{value:g}"
        return str(value)


def variable_of(path: Sequence[str]) -> str:
    """Return the environment variable of a setting, unless it has a name of its own."""
    return "_".join(("AURORA", *path)).upper()


def settings_of(
    model: type[BaseModel], variables: Mapping[str, str], path: tuple[str, ...] = ()
) -> Iterator[Setting]:
    """Yield each setting in the order of the model.

    ``variables`` maps keys to names that win over the regular one, ``AURORA_<SECTION>_<KEY>``.
    """
    for name, field in model.model_fields.items():
        here = (*path, field.alias or name)
        types = tuple(_types(field.annotation))
        tables = [kind for kind in types if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if tables and field.annotation is tables[0]:
            yield from settings_of(tables[0], variables, here)
            continue
        special, regular = variables.get(".".join(here)), variable_of(here)
        metadata = (*field.metadata, *types)
        yield Setting(
            path=here,
            variables=() if tables else (special, regular) if special else (regular,),
            field=field,
            unit=next((item.name for item in metadata if isinstance(item, Unit)), ""),
            secret=Secret in types,
            rows=tables[0] if tables else None,
        )


def setting_at(path: Path, settings: Sequence[Setting]) -> Setting | None:
    """Return the setting at the path, or the one that contains it; None if there is none."""
    return next((setting for setting in settings if path[: len(setting.path)] == setting.path), None)


def _types(annotation: Any) -> Iterator[Any]:
    """Yield the annotation and all of its parts, metadata included."""
    yield annotation
    for part in get_args(annotation):
        yield from _types(part)
