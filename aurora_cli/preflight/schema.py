"""The JSON Schema of ``aurora preflight --format json``."""

from typing import Final

from aurora_cli.findings.outcome import STATES
from aurora_cli.json_schema import COUNT, NUMBER, TEXT, answer, fields, maybe, rows

_EVIDENCE: Final = fields({"kind": TEXT, "source": TEXT, "status": TEXT, "excerpt": TEXT})
_RESULT: Final = fields(
    {
        "id": {"type": "string", "pattern": "^[a-z]+\\.[a-z0-9.-]+$"},
        "group": TEXT,
        "question": TEXT,
        "state": {"enum": list(STATES)},
        "message": TEXT,
        "help": TEXT,
        "seconds": NUMBER,
        "evidence": rows(_EVIDENCE),
    }
)
_CHANGE: Final = fields({"check": TEXT, "before": TEXT, "after": TEXT})
_SUMMARY: Final = fields(
    {
        "checks": COUNT,
        "selected": COUNT,
        "states": fields(dict.fromkeys(STATES, COUNT)),
        "seconds": NUMBER,
        "changes": maybe(rows(_CHANGE)),
    }
)

SCHEMA: Final = answer("preflight", _SUMMARY, _RESULT)
