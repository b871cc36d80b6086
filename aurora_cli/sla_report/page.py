"""The report as a sheet."""

from collections.abc import Mapping
from typing import Final

from aurora_cli.sheets import Part, Sheet
from aurora_cli.sla_report import charts, tables, words
from aurora_cli.sla_report.report import Report
from aurora_cli.sla_report.results import results, summary
from aurora_cli.sla_report.verdict import Decision

_DAY_S: Final = 86_400


def sheet(report: Report, decision: Decision, config: Mapping[str, str] | None) -> Sheet:
    """Lay the report out; what decided stands last on a terminal and first on a page."""
    figures = report.figures
    parts: list[Part] = [
        tables.overview(figures, report.source),
        tables.sla(figures, report.before, report.raw),
        tables.burn(figures),
    ]
    if figures.total.calls:
        parts += [
            charts.requests(figures),
            charts.errors(figures),
            charts.latency(figures, report.sla),
            charts.burn_down(figures),
        ]
        if figures.period.length_s > _DAY_S:
            parts.append(charts.calendar(figures, report.sla))
    parts.append(tables.incidents(figures))
    if figures.total.calls:
        parts += [tables.groups("Worst hours", report.worst_hours), tables.errors(figures)]
    if report.backtest is not None:
        parts.append(tables.backtest(report.backtest))
    if report.by is not None:
        parts.append(tables.groups(f"By {report.by}", report.groups))
    if report.excluded:
        parts.append(tables.exclusions(report.excluded, figures))
    return Sheet(
        command="sla-report",
        summary=summary(report),
        results=results(report),
        parts=parts,
        verdict=decision.verdict,
        exit_code=decision.exit_code,
        decided=decision.decided,
        config=config,
        title="Service level report",
        subtitle=words.span(figures.period),
    )
