"""All settings of a model, one by one: name, variable, unit, default."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aurora_core.config.quantities import Unit
from aurora_core.security import Secret


class Setting(NamedTuple):
    """A value that can be set. ``variable`` None: an array or table of tables, for the file only.

    ``rows`` is the model of such a table.
    """

    path: tuple[str, ...]
    variable: str | None
    field: FieldInfo
    unit: str
    secret: bool
    rows: type[BaseModel] | None

    @property
    def key(self) -> str:
        """As the file's reader would write it: ``rate_limit.rpm``."""
        return ".".join(self.path)

    @property
    def default(self) -> Any:
        """What it is where nothing says otherwise."""
        return self.field.get_default(call_default_factory=True)


def variable_of(path: Sequence[str]) -> str:
    """Return the environment variable of a setting, unless it has a name of its own."""
    return "_".join(("AURORA", *path)).upper()


def settings_of(
    model: type[BaseModel], variables: Mapping[str, str], path: tuple[str, ...] = ()
) -> Iterator[Setting]:
    """Each setting in the order of the model; ``variables`` are the names that the rule does not give."""
    for name, field in model.model_fields.items():
        here = (*path, field.alias or name)
        types = tuple(_types(field.annotation))
        tables = [kind for kind in types if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if tables and field.annotation is tables[0]:
            yield from settings_of(tables[0], variables, here)
            continue
        key = ".".join(here)
        variable = variables.get(key, variable_of(here))
        metadata = (*field.metadata, *types)
        yield Setting(
            path=here,
            variable=None if tables else variable,
            field=field,
            unit=next((item.name for item in metadata if isinstance(item, Unit)), ""),
            secret=Secret in types,
            rows=tables[0] if tables else None,
        )


def _types(annotation: Any) -> Iterator[Any]:
    """The annotation and all that it is made of, metadata included."""
    yield annotation
    for part in get_args(annotation):
        yield from _types(part)
