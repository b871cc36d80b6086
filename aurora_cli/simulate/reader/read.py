"""Reads a log: find the files, infer the schema of their columns, fill one table, arrange it."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from aurora_cli.simulate.attempt_status import OK
from aurora_cli.simulate.reader import bad_lines, duckdb_utils, outcome_columns, table, to_workload
from aurora_cli.simulate.reader.bad_lines import BadLines
from aurora_cli.simulate.reader.errors import NoQueries, TooManyBadLines
from aurora_cli.simulate.reader.options import ReadOptions
from aurora_cli.simulate.reader.outcome_columns import Recorded
from aurora_cli.simulate.reader.report import Counted, LogReport
from aurora_cli.simulate.reader.schema import LogFile, LogSchema, infer_schema, open_files
from aurora_cli.simulate.reader.sources import find
from aurora_cli.simulate.reader.to_workload import Queries
from aurora_cli.simulate.workload import Workload

_DEFAULTS = ReadOptions()


def read(sources: Sequence[str], options: ReadOptions = _DEFAULTS) -> tuple[Workload, LogReport]:
    """Read files, patterns, or ``-`` for standard input, as one log.

    The order of the lines and how they are spread over files change nothing of the workload. Raises
    LogNotFound and BadOption for what the caller can mend, and LogUnusable, with what was read in its
    ``report``, where the log gives no basis for a verdict.
    """
    with TemporaryDirectory(prefix="aurora-") as folder:
        found = find(sources, Path(folder))
        with duckdb_utils.connect(Path(folder) / "spill") as connection, duckdb_utils.interruptible():
            files = open_files(connection, found)
            if not files:
                raise NoQueries(f"nothing to read in {_names([source.name for source in found])}: empty")
            return _read(connection, files, options)


def _read(
    connection: duckdb_utils.Connection, files: Sequence[LogFile], options: ReadOptions
) -> tuple[Workload, LogReport]:
    how = infer_schema(connection, files, options)
    table.create(connection)
    portions = [
        table.append(connection, file.source, file.head, how.layout, time, needs_tokens=how.needs_tokens)
        for file, time in zip(files, how.times, strict=True)
    ]
    bad = bad_lines.find(connection, portions)
    failures = outcome_columns.recognise(connection, how.layout, options.failed)
    queries = to_workload.fetch(
        connection,
        how.service_sql,
        failures.sql,
        time_is_end=how.layout.time_is_end,
        with_models=how.layout.model is not None,
    )
    workload = to_workload.workload(queries, since_epoch=how.since_epoch)
    report = _report(connection, files, how, bad, failures, queries, workload)
    _check(report, options)
    return workload, report


def _report(
    connection: duckdb_utils.Connection,
    files: Sequence[LogFile],
    how: LogSchema,
    bad: BadLines,
    failures: Recorded,
    queries: Queries,
    workload: Workload,
) -> LogReport:
    kinds = ", ".join(dict.fromkeys(file.head.container for file in files))
    other_lines = table.count(connection, table.OTHER_LINE)
    written = len(queries.time_ns)
    return LogReport(
        files=tuple(file.source.name for file in files),
        format=f"{how.layout.format} ({kinds})",
        lines=written + other_lines + bad.reasons.total(),
        queries=len(workload),
        span_s=float(workload.arrival_s[-1]) if len(workload) else 0.0,
        bad_lines=bad.reasons.total(),
        bad_reasons=tuple(Counted(reason, count) for reason, count in bad.reasons.most_common()),
        bad_examples=tuple(bad.examples),
        other_lines=other_lines,
        out_of_order=queries.out_of_order(),
        duplicates=written - len(workload),
        time=how.time,
        latency=how.latency,
        outcome=str(failures),
        failure_values=failures.failures,
        success_values=failures.successes,
        unrecognised_values=failures.unrecognised,
        recorded_failures=int((workload.recorded != OK).sum()),
    )


def _check(report: LogReport, options: ReadOptions) -> None:
    names = _names(report.files)
    if report.bad_share > options.max_bad_share:
        worst = report.bad_reasons[0]
        raise TooManyBadLines(
            f"{report.bad_lines} of {report.lines} lines in {names} cannot be read, more than "
            f"{options.max_bad_share:.2%}; most often: {worst.value} ({worst.count}). "
            "Mend the log, or allow more with `--max-bad-lines`",
            report,
        )
    if not report.queries:
        raise NoQueries(f"no query in {names}: {report.lines} lines, none with a time and a latency", report)


def _names(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:most]) or "no file"
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
