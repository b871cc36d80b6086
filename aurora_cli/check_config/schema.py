"""The JSON Schema of ``aurora check-config --format json``."""

from typing import Any, Final

from aurora_cli.findings.finding import SEVERITIES

_COUNT: Final = {"type": "integer", "minimum": 0}
_TEXT: Final = {"type": "string"}
_MAYBE_TEXT: Final = {"type": ["string", "null"]}
_MAYBE_PLACE: Final = {"type": ["integer", "null"], "minimum": 1}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


_FINDING: Final = _object(
    {
        "code": {"type": "string", "pattern": "^AUR[0-9]{3}$"},
        "severity": {"enum": list(SEVERITIES)},
        "message": _TEXT,
        "help": _MAYBE_TEXT,
        "source": _MAYBE_TEXT,
        "line": _MAYBE_PLACE,
        "column": _MAYBE_PLACE,
        "end_column": _MAYBE_PLACE,
    }
)
_SUMMARY: Final = _object(
    {
        "subject": _TEXT,
        "settings": _object(
            dict.fromkeys(("total", "file", "env-file", "environment", "flag", "default"), _COUNT)
        ),
        "findings": _object({f"{severity}s": _COUNT for severity in SEVERITIES}),
        "rules": {"type": "array", "items": _TEXT},
        "undecided": _COUNT,
    }
)
_CONFIG: Final = {"anyOf": [{"type": "null"}, _object({"path": _TEXT, "sha256": _TEXT})]}

SCHEMA: Final = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "aurora check-config --format json",
    **_object(
        {
            "schema": {"const": "aurora.check-config/1"},
            "aurora": _TEXT,
            "generated_at": {"type": "string", "format": "date-time"},
            "config": _CONFIG,
            "verdict": {"enum": ["good", "not good", "none"]},
            "exit_code": {"type": "integer"},
            "summary": _SUMMARY,
            "results": {"type": "array", "items": _FINDING},
        }
    ),
}
