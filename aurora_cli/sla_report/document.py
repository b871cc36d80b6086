"""The report as a document of tables and charts."""

from collections.abc import Mapping

from aurora_cli.documents import Document, Part
from aurora_cli.sla_report import charts, tables
from aurora_cli.sla_report.format import format_period
from aurora_cli.sla_report.report import SlaReport
from aurora_cli.sla_report.results import build_results, build_summary
from aurora_cli.sla_report.verdict import Decision
from aurora_core.time_units import DAY_S


def build_document(report: SlaReport, decision: Decision, config: Mapping[str, str] | None) -> Document:
    """Lay the report out; the conclusion stands last on a terminal and first on a page."""
    stats = report.stats
    parts: list[Part] = [
        tables.build_overview(stats, report.source),
        tables.build_sla(stats, report.before, report.raw),
        tables.build_burn(stats),
    ]
    if stats.total.calls:
        parts += [
            charts.draw_requests(stats),
            charts.draw_errors(stats),
            charts.draw_latency(stats, report.sla),
            charts.draw_burn_down(stats),
        ]
        if stats.period.length_s > DAY_S:
            parts.append(charts.draw_calendar(stats, report.sla))
    parts.append(tables.build_incidents(stats))
    if stats.total.calls:
        parts += [tables.build_groups("Worst hours", report.worst_hours), tables.build_errors(stats)]
    if report.backtest is not None:
        parts.append(tables.build_backtest(report.backtest))
    if report.by is not None:
        parts.append(tables.build_groups(f"By {report.by}", report.groups))
    if report.excluded:
        parts.append(tables.build_exclusions(report.excluded, stats))
    return Document(
        command="sla-report",
        summary=build_summary(report),
        results=build_results(report),
        parts=parts,
        verdict=decision.verdict,
        exit_code=decision.exit_code,
        conclusion=decision.conclusion,
        config=config,
        title="Service level report",
        subtitle=format_period(stats.period),
    )
