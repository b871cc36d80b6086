"""JSON Schemas of the commands' answers: the envelope that they share, and the words to write its inside."""

import json
from pathlib import Path
from typing import Any, Final

from aurora_cli import output

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

TEXT: Final[Schema] = {"type": "string"}
MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
TIME: Final[Schema] = {"type": "string", "format": "date-time"}
NUMBER: Final[Schema] = {"type": "number"}
NULLABLE_NUMBER: Final[Schema] = {"type": ["number", "null"]}
"""Null where nothing was measured."""
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}


def fields(properties: dict[str, Any]) -> Schema:
    """An object of these fields, all of them and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def counts() -> Schema:
    """An object of counts by any name."""
    return {"type": "object", "additionalProperties": COUNT}


def rows(items: Schema) -> Schema:
    """An array of such items."""
    return {"type": "array", "items": items}


def maybe(schema: Schema) -> Schema:
    """It, or null."""
    return {"anyOf": [{"type": "null"}, schema]}


def answer(command: str, summary: Schema, result: Schema) -> Schema:
    """The schema of ``aurora COMMAND --format json``."""
    return {
        "$schema": DIALECT,
        "title": f"aurora {command} --format json",
        **fields(
            {
                "schema": {"const": f"aurora.{command}/1"},
                "aurora": TEXT,
                "generated_at": TIME,
                "config": maybe(fields({"path": TEXT, "sha256": TEXT})),
                "verdict": {"enum": ["good", "not good", "none"]},
                "exit_code": {"type": "integer"},
                "summary": summary,
                "results": rows(result),
            }
        ),
    }


def write_schema(schema: Schema, path: Path | None) -> None:
    """Write a schema, to a file whole or not at all."""
    output.write_text(json.dumps(schema, indent=2, sort_keys=True) + "\n", path)
