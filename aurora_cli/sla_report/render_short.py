"""The report as one line per objective and the conclusion, for a pipeline's log."""

from aurora_cli.sheets import promises
from aurora_cli.sla_report.format import format_value
from aurora_cli.sla_report.stats import PeriodStats


def render(stats: PeriodStats, decided: str) -> str:
    """Write ``availability 99.92 % >= 99.9 % met`` and so on."""
    lines = [
        f"{promises.name(status.objective)} {format_value(status)} "
        f"{promises.target(status.objective)} {status.state}"
        for status in stats.objectives
    ]
    return "".join(f"{line}\n" for line in (*lines, decided))
