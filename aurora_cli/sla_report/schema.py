"""The JSON Schema of ``aurora sla-report --format json``."""

from typing import Final, get_args

from aurora_cli.json_schema import (
    COUNT,
    NULLABLE_NUMBER,
    NUMBER,
    TEXT,
    TIME,
    answer,
    counts,
    fields,
    maybe,
    rows,
)
from aurora_cli.sla_report.group_by import GroupBy
from aurora_cli.sla_report.objectives import Basis, ObjectiveState
from aurora_core.metrics.counters import METRICS
from aurora_core.sla.budget import BURN_WINDOWS_S

_BOOLEAN: Final = {"type": "boolean"}

_UNITS: Final = {"count": COUNT, "share": NULLABLE_NUMBER, "ms": NULLABLE_NUMBER, "counts by name": counts()}
_METRICS: Final = fields(
    {name: {**_UNITS[metric.unit], "description": metric.help} for name, metric in METRICS.items()}
)
_WINDOW: Final = fields({"label": TEXT, "from": TIME, "to": TIME, "zone": TEXT, "minutes": COUNT})
_BURN_ALERT: Final = fields(
    {
        "kind": {"enum": ["page", "ticket"]},
        "long_s": NUMBER,
        "short_s": NUMBER,
        "threshold": NUMBER,
        "firing": _BOOLEAN,
    }
)
_INCIDENT: Final = fields({"from": TIME, "to": TIME, "worst_error_rate": NUMBER, "calls_lost": COUNT})
_GROUP: Final = fields({"name": TEXT, "metrics": _METRICS})
_BACKTEST: Final = fields(
    {
        "alert": TEXT,
        "severity": TEXT,
        "window": TEXT,
        "fired": COUNT,
        "flaps": COUNT,
        "firing_minutes": COUNT,
        "incidents": COUNT,
        "detect_minutes": maybe(rows(COUNT)),
    }
)
_SUMMARY: Final = fields(
    {
        "source": TEXT,
        "window": _WINDOW,
        "previous": _WINDOW,
        "coverage": NUMBER,
        "measured_minutes": COUNT,
        "metrics": _METRICS,
        "burn_rates": fields({f"{seconds:.0f}": NULLABLE_NUMBER for seconds in BURN_WINDOWS_S}),
        "burn_alerts": rows(_BURN_ALERT),
        "incidents": rows(_INCIDENT),
        "worst_hours": rows(_GROUP),
        "excluded": rows(fields({"from": TIME, "to": TIME, "reason": TEXT})),
        "backtest": maybe(rows(_BACKTEST)),
        "group_by": maybe({"enum": list(get_args(GroupBy))}),
        "groups": rows(_GROUP),
    }
)
_OBJECTIVE: Final = fields(
    {
        "objective": TEXT,
        "unit": {"enum": ["share", "ms"]},
        "value": NULLABLE_NUMBER,
        "previous": NULLABLE_NUMBER,
        "without_exclusions": NULLABLE_NUMBER,
        "target": NUMBER,
        "alert_threshold": NUMBER,
        "required": _BOOLEAN,
        "basis": {"enum": list(get_args(Basis))},
        "requests": COUNT,
        "bad": COUNT,
        "budget_allowed": NUMBER,
        "budget_left": NUMBER,
        "ci_low": NULLABLE_NUMBER,
        "ci_high": NULLABLE_NUMBER,
        "state": {"enum": list(get_args(ObjectiveState))},
    }
)

SCHEMA: Final = answer("sla-report", _SUMMARY, _OBJECTIVE)
