"""Options of commands that read a log of queries."""

from typing import Annotated, Final

import typer

from aurora_cli.commands.options.shared import option
from aurora_cli.options import share_value

LOG: Final = "Log"

LogsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[LOG]...",
        help="Query logs: CSV, JSON lines or Parquet, plain, gzip or zstd; files, globs or - for stdin. "
        "Default: the setting simulate.log, ./aurora-queries.jsonl, else a built-in sample.",
        show_default=False,
    ),
]
ColumnsOption = Annotated[
    str | None,
    option(
        LOG,
        "--columns",
        metavar="ROLE=NAME,..",
        help="Names of the log's columns: time, latency_ms or latency_s, status, error, key, tokens, model, "
        "id.",
    ),
]
FailedOption = Annotated[
    str | None,
    option(LOG, "--failed", metavar="VALUE,..", help="Status values that are failures."),
]
TimeUnitOption = Annotated[
    str | None,
    option(LOG, "--time-unit", metavar="UNIT", help="Unit of numeric times, if recognized incorrectly."),
]
LatencyOption = Annotated[
    str | None,
    option(
        LOG,
        "--latency",
        metavar="MODEL",
        help="Latency if the log has none: 800ms, or 300ms+20ms/token (assumed if the log has tokens).",
    ),
]
MaxBadLinesOption = Annotated[
    float | None,
    option(
        LOG,
        "--max-bad-lines",
        metavar="SHARE",
        parser=share_value,
        help="Fail (exit 3) if more than this share of lines is unparseable. [simulate.max_bad_lines]",
    ),
]
ScaleOption = Annotated[float, option(LOG, "--scale", help="Traffic density: 2 doubles the traffic.")]
