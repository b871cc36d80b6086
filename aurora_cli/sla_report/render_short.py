"""The report as one line per objective and the conclusion, for a pipeline's log."""

from aurora_cli.documents import objective_format
from aurora_cli.sla_report.format import format_value
from aurora_cli.sla_report.stats import PeriodStats


def render(stats: PeriodStats, conclusion: str) -> str:
    """Write ``availability 99.92 % >= 99.9 % met`` and so on."""
    lines = [
        f"{objective_format.name(status.objective)} {format_value(status)} "
        f"{objective_format.target(status.objective)} {status.state}"
        for status in stats.objectives
    ]
    return "".join(f"{line}\n" for line in (*lines, conclusion))
