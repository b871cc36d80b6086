"""The JSON Schema of ``aurora check-config --format json``."""

from typing import Final

from aurora_cli.findings.finding import SEVERITIES
from aurora_cli.json_schema import COUNT, MAYBE_TEXT, TEXT, answer, fields, rows

_MAYBE_PLACE: Final = {"type": ["integer", "null"], "minimum": 1}

_FINDING: Final = fields(
    {
        "code": {"type": "string", "pattern": "^AUR[0-9]{3}$"},
        "severity": {"enum": list(SEVERITIES)},
        "message": TEXT,
        "help": MAYBE_TEXT,
        "source": MAYBE_TEXT,
        "line": _MAYBE_PLACE,
        "column": _MAYBE_PLACE,
        "end_column": _MAYBE_PLACE,
    }
)
_SUMMARY: Final = fields(
    {
        "subject": TEXT,
        "settings": fields(
            dict.fromkeys(("total", "file", "env-file", "environment", "flag", "default"), COUNT)
        ),
        "findings": fields({f"{severity}s": COUNT for severity in SEVERITIES}),
        "rules": rows(TEXT),
        "undecided": COUNT,
    }
)

SCHEMA: Final = answer("check-config", _SUMMARY, _FINDING)
