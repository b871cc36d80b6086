"""What was promised to users, and whether it was kept."""

from aurora_core.sla.daily import generate_sla_report
from aurora_core.sla.objectives import DEFAULT_OBJECTIVES, Objective, Standing, floor_share, judge, sla_met

__all__ = [
    "DEFAULT_OBJECTIVES",
    "Objective",
    "Standing",
    "floor_share",
    "generate_sla_report",
    "judge",
    "sla_met",
]
