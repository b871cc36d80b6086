"""Where the traffic comes from: the logs that were named, the usual file, or the sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aurora_cli.documents import Cell, Table
from aurora_cli.documents.number_format import clock, count
from aurora_cli.exit_codes import NoVerdictError, UsageError
from aurora_cli.simulate.attempt_status import OK
from aurora_cli.simulate.reader import LogReport, ReadOptions, read
from aurora_cli.simulate.reader.errors import LogError, LogUnusable
from aurora_cli.simulate.sample import DESCRIPTION, sample
from aurora_cli.simulate.workload import Workload
from aurora_core.time_units import DAY_S

USUAL_LOG: Final = "aurora-queries.jsonl"

_YEAR_S: Final = 365.25 * DAY_S
_LONGEST_YEARS: Final = 10


@dataclass(frozen=True)
class Source:
    """The traffic, and what is to be said of where it comes from; ``report`` None: the sample."""

    workload: Workload
    report: LogReport | None

    def began(self, now_s: float) -> datetime:
        """When the first query arrived; a log that counts from its own start ends now."""
        if self.workload.first_arrival is not None:
            return self.workload.first_arrival
        return datetime.fromtimestamp(now_s - float(self.workload.arrival_s[-1]), UTC)

    def to_json(self) -> Mapping[str, object]:
        """``summary.log`` of the command-line contract."""
        if self.report is not None:
            return self.report.to_json()
        return {"format": "built-in sample", "queries": len(self.workload), "note": DESCRIPTION}


def load(sources: Sequence[str], options: ReadOptions, scale: float) -> Source:
    """Read the traffic and make it ``scale`` times as dense."""
    if not 0 < scale < float("inf"):
        raise UsageError(f"--scale must be a positive number, not {scale}")
    named = list(sources) or ([USUAL_LOG] if Path(USUAL_LOG).is_file() else [])
    if named:
        try:
            workload, report = read(named, options)
        except LogUnusable as error:
            raise NoVerdictError(_with_examples(error)) from error
        except LogError as error:
            raise UsageError(str(error)) from error
        _check_span(workload)
    else:
        workload, report = sample(), None
    if _years(workload) > _LONGEST_YEARS * scale:
        raise UsageError(f"--scale {scale:g} stretches the log over more than {_LONGEST_YEARS} years")
    return Source(replace(workload, arrival_s=workload.arrival_s / scale), report)


def _years(workload: Workload) -> float:
    return float(workload.arrival_s[-1]) / _YEAR_S


def _check_span(workload: Workload) -> None:
    """Refuse a log of decades: a time in it is in another unit, or wrong, and a replay of it says nothing."""
    years = _years(workload)
    if years > _LONGEST_YEARS:
        raise NoVerdictError(
            f"the log spans {years:,.0f} years, so a time in it is wrong or in another unit; "
            "leave the line out, or name the unit with --time-unit"
        )


def source_table(source: Source, scale: float) -> Table:
    """Say what was read."""
    workload = source.workload
    span = clock(workload.arrival_s[-1]) if len(workload) else clock(0)
    busiest = f"{count(len(workload))} queries over {span}"
    if scale != 1:
        busiest += f", made {scale:g} times as dense"
    rows = [("queries", busiest)]
    if source.report is None:
        failures = int((workload.recorded != OK).sum())
        rows += [("log", DESCRIPTION), ("failures", f"{count(failures)} recorded")]
    else:
        rows += _report_rows(source.report)
    return Table("Log", [], [[Cell(name, "muted"), Cell(text)] for name, text in rows])


def _report_rows(report: LogReport) -> list[tuple[str, str]]:
    files = ", ".join(report.files[:3])
    more = f" and {len(report.files) - 3} more" if len(report.files) > 3 else ""  # noqa: PLR2004 - as above
    rows = [
        ("log", f"{files}{more}: {report.format}, {count(report.lines)} lines"),
        ("time", report.time),
        ("latency", report.latency),
        ("failures", f"{count(report.recorded_failures)} recorded; {report.outcome}"),
    ]
    for name, values in (
        ("  failed", report.failure_values),
        ("  fine", report.success_values),
        ("  unknown, taken as fine", report.unrecognised_values),
    ):
        if values:
            rows.append((name, ", ".join(f"{value.value} ({count(value.count)})" for value in values[:8])))
    for name, number in (
        ("out of order", report.out_of_order),
        ("duplicates", report.duplicates),
        ("other lines", report.other_lines),
    ):
        if number:
            rows.append((name, count(number)))
    if report.bad_lines:
        reasons = ", ".join(f"{reason.value} ({count(reason.count)})" for reason in report.bad_reasons)
        rows.append(("bad lines", f"{count(report.bad_lines)} left out: {reasons}"))
        rows += [("", text) for text in _examples(report)]
    return rows


def _with_examples(error: LogUnusable) -> str:
    examples = [] if error.report is None else _examples(error.report)
    return "\n  ".join([str(error), *examples])


def _examples(report: LogReport) -> list[str]:
    return [f"{bad.file}:{bad.line}: {bad.reason}: {bad.excerpt}" for bad in report.bad_examples]
