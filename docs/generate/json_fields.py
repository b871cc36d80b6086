"""The reference of the JSON output, from the schemas that ``--schema`` prints."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

from docs.generate import markdown
from docs.generate.cli import commands
from docs.generate.command import output_of
from docs.generate.markdown import code, prose, table

_SUMMARY = """\
The fields that each command prints with `--format json`. `--schema` prints the same as a JSON Schema. `[]`
marks the items of an array, `{}` the values of an object whose keys are data."""


def page() -> str:
    """Return the page: a table of fields for each command that prints JSON."""
    return markdown.page("JSON output", _SUMMARY, *_sections())


def _sections() -> Iterator[str]:
    for name, callback in commands():
        options = inspect.signature(callback).parameters
        flag = next((option for option in ("json_schema", "schema") if option in options), None)
        if flag is None:
            continue
        schema = json.loads(output_of(*name.split()[1:], f"--{flag.replace('_', '-')}"))
        rows = [(code(path), kind, prose(meaning)) for path, kind, meaning in _fields(schema, "")]
        yield f"## `{name}`\n\n" + table(("Field", "Type", "Meaning"), rows)


def _fields(schema: dict[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, type and description of each field of a schema, the outer before the inner."""
    for name, field in schema.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        yield here, _type(field), field.get("description", "")
        yield from _inside(field, here)


def _inside(field: dict[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    for choice in field.get("anyOf", [field]):
        yield from _fields(choice, path)
        if "items" in choice:
            yield from _inside(choice["items"], f"{path}[]")
        if isinstance(choice.get("additionalProperties"), dict):
            yield from _inside(choice["additionalProperties"], f"{path}{{}}")


def _type(field: dict[str, Any]) -> str:
    if "const" in field:
        return code(json.dumps(field["const"]))
    if "enum" in field:
        return ", ".join(code(json.dumps(choice)) for choice in field["enum"])
    if "anyOf" in field:
        return " or ".join(_type(choice) for choice in field["anyOf"])
    kinds = field.get("type", "any")
    return " or ".join([kinds] if isinstance(kinds, str) else kinds)
