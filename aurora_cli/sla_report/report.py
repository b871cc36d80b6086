"""The report: everything that can be said of a period, before anyone decides how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cli.sla_report.backtest import Backtest
from aurora_cli.sla_report.exclusions import Exclusion
from aurora_cli.sla_report.figures import Figures
from aurora_cli.sla_report.groups import By, Group
from aurora_core.config.sections.sla import Sla


@dataclass(frozen=True)
class Report:
    """``raw`` is what it would be without the exclusions; None where there are none."""

    source: str
    figures: Figures
    before: Figures
    raw: Figures | None
    excluded: Sequence[Exclusion]
    worst_hours: Sequence[Group]
    by: By | None
    groups: Sequence[Group]
    sla: Sla
    backtest: Sequence[Backtest] | None = None
