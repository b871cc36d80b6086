"""The JSON Schema of ``aurora alerts evaluate --format json``."""

from typing import Final, get_args

from aurora_cli.json_schema import COUNT, MAYBE_TEXT, NULLABLE_NUMBER, NUMBER, TEXT, answer, fields, rows
from aurora_core.alerting.state import Status, Transition

SCHEMA: Final = answer(
    "alerts-evaluate",
    summary=fields(
        {
            "source": TEXT,
            "measured": {"type": "boolean"},
            "notifications": rows(TEXT),
            "messages": rows(
                fields(
                    {
                        "channel": TEXT,
                        "delivered": COUNT,
                        "waiting": COUNT,
                        "failed": COUNT,
                        "error": MAYBE_TEXT,
                    }
                )
            ),
        }
    ),
    result=fields(
        {
            "rule": TEXT,
            "severity": TEXT,
            "state": {"enum": list(get_args(Status))},
            "since_s": NULLABLE_NUMBER,
            "metric": TEXT,
            "comparison": TEXT,
            "threshold": NUMBER,
            "value": NULLABLE_NUMBER,
            "notified": {"enum": [*get_args(Transition), None]},
        }
    ),
)
