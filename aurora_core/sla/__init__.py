"""What was promised to users, and whether it was kept."""

from aurora_core.sla.daily import generate_sla_report
from aurora_core.sla.objectives import (
    DEFAULT_OBJECTIVES,
    Objective,
    ObjectiveResult,
    evaluate_objectives,
    format_percent_floor,
    sla_met,
)

__all__ = [
    "DEFAULT_OBJECTIVES",
    "Objective",
    "ObjectiveResult",
    "evaluate_objectives",
    "format_percent_floor",
    "generate_sla_report",
    "sla_met",
]
