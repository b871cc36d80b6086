"""The report as data, before a renderer formats it."""

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cli.sla_report.backtest import Backtest
from aurora_cli.sla_report.exclusions import Exclusion
from aurora_cli.sla_report.group_by import Group, GroupBy
from aurora_cli.sla_report.stats import PeriodStats
from aurora_core.config.sections.sla import Sla


@dataclass(frozen=True)
class SlaReport:
    """``before`` is the period before; ``raw`` is the period without exclusions, None if there are none."""

    source: str
    stats: PeriodStats
    before: PeriodStats
    raw: PeriodStats | None
    excluded: Sequence[Exclusion]
    worst_hours: Sequence[Group]
    by: GroupBy | None
    groups: Sequence[Group]
    sla: Sla
    backtest: Sequence[Backtest] | None = None
