"""Options of ``aurora sla-report``."""

from pathlib import Path
from typing import Annotated, Final, Literal

from aurora_cli.commands.options.shared import OUTPUT, option
from aurora_cli.options import ReportFormat, share_value

WINDOW: Final = "Window"

WindowOption = Annotated[
    str | None,
    option(
        WINDOW,
        "--window",
        help="24h, 7d, 30d, a month such as 2026-10, a day, FROM..TO, or all. [sla.window]",
    ),
]
ZoneOption = Annotated[str, option(WINDOW, "--tz", help="Time zone of days and hours, e.g. Europe/Berlin.")]
NowOption = Annotated[
    str | None, option(WINDOW, "--now", help="Time of the report, e.g. 2026-10-01T08:00; default: now.")
]
ExcludeOption = Annotated[
    list[str] | None,
    option(WINDOW, "--exclude", help="Time that does not count, as FROM..TO=reason; repeatable."),
]
ExcludeFileOption = Annotated[
    Path | None, option(WINDOW, "--exclude-file", help="File of lines FROM..TO=reason.")
]
MinCoverageOption = Annotated[
    float,
    option(
        WINDOW,
        "--min-coverage",
        metavar="SHARE",
        parser=share_value,
        help="Measured share of the window below which there is no verdict (exit 3).",
    ),
]
GroupByOption = Annotated[
    Literal["hour", "day", "model", "source"] | None,
    option(OUTPUT, "--group-by", help="Add a table by hour, day, model or source (process)."),
]
TargetOption = Annotated[
    list[str] | None,
    option(WINDOW, "--target", help="Try another target, e.g. availability=99.95% or p95=400ms; repeatable."),
]
BacktestOption = Annotated[
    bool,
    option(
        OUTPUT, "--backtest-alerts", help="Backtest the alert rules: alerts fired, flaps, minutes to detect."
    ),
]
ReportFormatOption = Annotated[ReportFormat, option(OUTPUT, "--format", help="Output format.")]
