"""The reader's form: group by group, a line a check, what decided last."""

from collections.abc import Iterator
from typing import Final

from rich.text import Text

from aurora_cli.plain import in_one_line
from aurora_cli.preflight.checklist import GROUPS
from aurora_cli.preflight.outcome import State
from aurora_cli.preflight.report import Entry, Report

WORDS: Final[dict[State, str]] = {
    "pass": "ok", "warn": "warn", "fail": "FAIL", "stale": "STALE", "unknown": "UNKNOWN", "manual": "manual",
    "waived": "waived", "n/a": "n/a", "skipped": "skipped",
}  # fmt: skip
_STYLES: Final[dict[State, str]] = {
    "pass": "green", "warn": "yellow", "fail": "bold red", "stale": "bold red", "unknown": "yellow",
    "manual": "yellow", "waived": "cyan", "n/a": "dim", "skipped": "dim",
}  # fmt: skip
_MESSAGE_COLUMNS: Final = 60
_EXCERPT_LINES: Final = 12


def render(report: Report, *, verbose: bool) -> list[Text]:
    """Lay the report out as lines; ``verbose`` shows what was seen."""
    width = max((len(entry.check.id) for entry in report.entries), default=0)
    lines: list[Text] = []
    group = ""
    for entry in report.entries:
        if entry.check.group != group:
            group = entry.check.group
            lines.append(Text(GROUPS.get(group, group), style="bold"))
        lines += _entry(entry, width)
        lines += _evidence(entry) if verbose else ()
    lines += _changes(report)
    lines.append(Text(f"{report.summed}   {report.seconds:.1f} s"))
    lines.append(Text(in_one_line(report.decided), style="green" if report.exit_code == 0 else "bold red"))
    return lines


def _entry(entry: Entry, width: int) -> Iterator[Text]:
    outcome = entry.outcome
    line = Text("  ").append(f"{WORDS[outcome.state]:<7}", _STYLES[outcome.state])
    message = in_one_line(outcome.message)
    took = f"  {entry.seconds:.1f} s" if entry.seconds else ""
    yield line.append(f"  {entry.check.id:<{width}}  {message:<{_MESSAGE_COLUMNS if took else 0}}{took}")
    if outcome.help and outcome.state not in ("pass", "n/a", "skipped"):
        yield Text(f"           fix: {in_one_line(outcome.help)}", style="dim")


def _evidence(entry: Entry) -> Iterator[Text]:
    for seen in entry.outcome.evidence:
        yield Text(
            f"           seen: {seen.kind} {in_one_line(seen.what)}: {in_one_line(seen.told)}", style="dim"
        )
        for line in seen.excerpt.splitlines()[-_EXCERPT_LINES:]:
            yield Text(f"           | {in_one_line(line)}", style="dim")


def _changes(report: Report) -> Iterator[Text]:
    if report.changes is None:
        return
    yield Text("since the baseline", style="bold")
    if not report.changes:
        yield Text("  nothing changed")
    for change in report.changes:
        yield Text(f"  {change.check}: {change.before or 'not there'} -> {change.after or 'not there'}")
