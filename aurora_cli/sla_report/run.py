"""The command, step by step: options, rows, stats, verdict, output."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aurora_cli import exit_codes, output
from aurora_cli.documents.render.formats import write_document
from aurora_cli.exit_codes import UsageError
from aurora_cli.json_schema import write_schema
from aurora_cli.options import ReportFormat, parse_store
from aurora_cli.progress import Progress
from aurora_cli.sla_report import openmetrics, render_short
from aurora_cli.sla_report.backtest import Backtest, History, backtest
from aurora_cli.sla_report.document import build_document
from aurora_cli.sla_report.exclusions import Exclusion, parse_exclusion, read_exclusions
from aurora_cli.sla_report.group_by import GroupBy, find_worst_hours, group_rows
from aurora_cli.sla_report.options import (
    apply_targets,
    explain_missing_store,
    parse_now,
    parse_window,
)
from aurora_cli.sla_report.period import Period, parse_zone
from aurora_cli.sla_report.report import SlaReport
from aurora_cli.sla_report.schema import SCHEMA
from aurora_cli.sla_report.stats import compute_stats
from aurora_cli.sla_report.timeline import drop_excluded, select_between
from aurora_cli.sla_report.verdict import decide
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.config.sections.sla import Sla
from aurora_core.config.settings import Settings
from aurora_core.errors import StoreError
from aurora_core.metrics import RollupRow
from aurora_core.sla.budget import BURN_WINDOWS_S
from aurora_core.store import open_store
from aurora_core.store.metrics import MetricsReader


@dataclass(frozen=True)
class Request:
    """The options of the command line; texts are as they were typed."""

    settings: Settings
    config: Mapping[str, str] | None
    window: str | None
    store: str | None
    zone: str
    by: GroupBy | None
    as_if: Sequence[str]
    exclude: Sequence[str]
    exclude_file: Path | None
    min_coverage: float
    backtest: bool
    now: str | None
    form: ReportFormat
    output: Path | None


def run(request: Request) -> int:
    """Answer the request and return the exit code."""
    zone = parse_zone(request.zone)
    sla = apply_targets(request.settings.sla, request.as_if)
    excluded = [parse_exclusion(text, zone) for text in request.exclude]
    if request.exclude_file is not None:
        excluded += read_exclusions(request.exclude_file, zone)
    location = parse_store("--store", request.store) if request.store else request.settings.store.location
    store = open_store(location)
    now = parse_now(request.now, zone, SYSTEM_CLOCK.wall())
    period = parse_window(request.window, sla, store, zone, now)
    _check_target(request, location.file)
    with Progress() as progress:
        progress.begin(f"reading {store.url}")
        slices = _read(store, period)
        progress.begin("counting")
        report = _build_report(request, period, sla, excluded, slices, store.url)
        if request.backtest:
            progress.begin("trying the alerts", at_once=True)
            report = replace(report, backtest=_backtest(request, report, slices))
    decision = decide(report.stats, request.min_coverage)
    if request.form == "short":
        output.write_text(render_short.render(report.stats, decision.conclusion), request.output)
    elif request.form == "openmetrics":
        output.write_text(openmetrics.render(report.stats), request.output)
    else:
        write_document(build_document(report, decision, request.config), request.form, request.output)
    return decision.exit_code


def print_schema(path: Path | None) -> int:
    """Write the JSON Schema of ``--format json``."""
    write_schema(SCHEMA, path)
    return exit_codes.GOOD


def _check_target(request: Request, file: Path | None) -> None:
    if request.output is not None and file is not None and request.output.resolve() == file.resolve():
        raise UsageError(f"{request.output} is the metrics store; name another file to write")


def _read(store: MetricsReader, period: Period) -> Sequence[RollupRow]:
    """Read the rows of the period, of the period before it, and of the longest burn rate."""
    first_s = min(period.before().start_s, period.end_s - int(max(BURN_WINDOWS_S)))
    try:
        return store.read(first_s, period.end_s)
    except StoreError as error:
        raise explain_missing_store(error) from None


def _build_report(
    request: Request,
    period: Period,
    sla: Sla,
    excluded: Sequence[Exclusion],
    slices: Sequence[RollupRow],
    source: str,
) -> SlaReport:
    inside = drop_excluded(select_between(slices, period.start_s, period.end_s), excluded)
    stats = compute_stats(slices, period, sla, excluded)
    return SlaReport(
        source=source,
        stats=stats,
        before=compute_stats(slices, period.before(), sla, excluded),
        raw=compute_stats(slices, period, sla) if excluded else None,
        excluded=excluded,
        worst_hours=find_worst_hours(inside, stats.quarters, period),
        by=request.by,
        groups=[] if request.by is None else group_rows(inside, period, request.by),
        sla=sla,
    )


def _backtest(request: Request, report: SlaReport, slices: Sequence[RollupRow]) -> Sequence[Backtest]:
    stats, sla = report.stats, report.sla
    inside = drop_excluded(select_between(slices, stats.period.start_s, stats.period.end_s), report.excluded)
    past = History(inside, stats.timeline, stats.incidents, stats.period.end_s)
    return backtest(past, request.settings.alerts.watches(), sla.availability, sla.window)
