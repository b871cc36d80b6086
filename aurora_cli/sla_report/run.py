"""The command, step by step: store, slices, figures, verdict, page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aurora_cli import exits, output
from aurora_cli.exits import Usage
from aurora_cli.options import ReportFormat, parse_share, parse_store
from aurora_cli.progress import Progress
from aurora_cli.schemas import write_schema
from aurora_cli.sheets.render.forms import write_sheet
from aurora_cli.sla_report import openmetrics, short
from aurora_cli.sla_report.asking import as_if, asked_period, moment, no_store
from aurora_cli.sla_report.backtest import Backtest, Past, backtest
from aurora_cli.sla_report.exclusions import Exclusion, exclusion, exclusions_file
from aurora_cli.sla_report.figures import figures
from aurora_cli.sla_report.groups import By, grouped
from aurora_cli.sla_report.hours import worst_hours
from aurora_cli.sla_report.minutes import within, without
from aurora_cli.sla_report.page import sheet
from aurora_cli.sla_report.period import Period, zone_named
from aurora_cli.sla_report.report import Report
from aurora_cli.sla_report.schema import SCHEMA
from aurora_cli.sla_report.verdict import decide
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.config.sections.sla import Sla
from aurora_core.config.settings import Settings
from aurora_core.errors import StoreError
from aurora_core.metrics import Slice
from aurora_core.sla.budget import BURN_WINDOWS_S
from aurora_core.store import open_store
from aurora_core.store.metrics import MetricsReader


@dataclass(frozen=True)
class Request:
    """What the command line asked for; texts are as they were typed."""

    settings: Settings
    config: Mapping[str, str] | None
    window: str | None
    store: str | None
    zone: str
    by: By | None
    as_if: Sequence[str]
    exclude: Sequence[str]
    exclude_file: Path | None
    min_coverage: str
    backtest: bool
    now: str | None
    form: ReportFormat
    output: Path | None


def run(request: Request) -> int:
    """Answer the request and return the exit code."""
    zone = zone_named(request.zone)
    min_coverage = parse_share("--min-coverage", request.min_coverage)
    sla = as_if(request.settings.sla, request.as_if)
    excluded = [exclusion(text, zone) for text in request.exclude]
    if request.exclude_file is not None:
        excluded += exclusions_file(request.exclude_file, zone)
    location = parse_store("--store", request.store) if request.store else request.settings.store.location
    store = open_store(location)
    asked = asked_period(request.window, sla, store, zone, moment(request.now, zone, SYSTEM_CLOCK.wall()))
    _check_target(request, location.file)
    with Progress() as progress:
        progress.begin(f"reading {store.url}")
        slices = _read(store, asked)
        progress.begin("counting")
        report = _report(request, asked, sla, excluded, slices, store.url)
        if request.backtest:
            progress.begin("trying the alerts", at_once=True)
            report = replace(report, backtest=_backtest(request, report, slices))
    decision = decide(report.figures, min_coverage)
    if request.form == "short":
        output.write_text(short.render(report.figures, decision.decided), request.output)
    elif request.form == "openmetrics":
        output.write_text(openmetrics.render(report.figures), request.output)
    else:
        write_sheet(sheet(report, decision, request.config), request.form, request.output)
    return decision.exit_code


def print_schema(path: Path | None) -> int:
    """Write the JSON Schema of ``--format json``."""
    write_schema(SCHEMA, path)
    return exits.GOOD


def _check_target(request: Request, file: Path | None) -> None:
    if request.output is not None and file is not None and request.output.resolve() == file.resolve():
        raise Usage(f"{request.output} is the metrics store; name another file to write")


def _read(store: MetricsReader, asked: Period) -> Sequence[Slice]:
    """The slices of the period, of the one before it, and of the longest burn rate."""
    first_s = min(asked.before().start_s, asked.end_s - int(max(BURN_WINDOWS_S)))
    try:
        return store.read(first_s, asked.end_s)
    except StoreError as error:
        raise no_store(error) from None


def _report(
    request: Request,
    asked: Period,
    sla: Sla,
    excluded: Sequence[Exclusion],
    slices: Sequence[Slice],
    source: str,
) -> Report:
    inside = without(within(slices, asked.start_s, asked.end_s), excluded)
    counted = figures(slices, asked, sla, excluded)
    return Report(
        source=source,
        figures=counted,
        before=figures(slices, asked.before(), sla, excluded),
        raw=figures(slices, asked, sla) if excluded else None,
        excluded=excluded,
        worst_hours=worst_hours(inside, counted),
        by=request.by,
        groups=[] if request.by is None else grouped(inside, asked, request.by),
        sla=sla,
    )


def _backtest(request: Request, report: Report, slices: Sequence[Slice]) -> Sequence[Backtest]:
    found, sla = report.figures, report.sla
    inside = without(within(slices, found.period.start_s, found.period.end_s), report.excluded)
    past = Past(inside, found.line, found.incidents, found.period.end_s)
    return backtest(past, request.settings.alerts.watches(), sla.availability, sla.window)
