"""The JSON Schema of ``aurora alerts check --format json``."""

from typing import Final, get_args

from aurora_cli.schemas import COUNT, FIGURE, MAYBE_TEXT, NUMBER, TEXT, answer, fields, rows
from aurora_core.alerting.state import Message, Status

SCHEMA: Final = answer(
    "alerts-check",
    summary=fields(
        {
            "source": TEXT,
            "measured": {"type": "boolean"},
            "posted": rows(TEXT),
            "messages": rows(
                fields(
                    {
                        "channel": TEXT,
                        "delivered": COUNT,
                        "waiting": COUNT,
                        "given_up": COUNT,
                        "problem": MAYBE_TEXT,
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
            "since_s": FIGURE,
            "metric": TEXT,
            "comparison": TEXT,
            "threshold": NUMBER,
            "value": FIGURE,
            "told": {"enum": [*get_args(Message), None]},
        }
    ),
)
