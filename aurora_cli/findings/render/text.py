"""Text for a reader: findings with a caret, or a line per check by group; the verdict last."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from aurora_cli.findings.finding import Finding, Severity, Snippet
from aurora_cli.findings.outcome import STATE_LABELS, Evidence, State
from aurora_cli.findings.report import Report, RuleOutcome
from aurora_cli.sanitize import in_one_line

_STATE_STYLES: Final[dict[State, str]] = {
    "pass": "green", "warn": "yellow", "fail": "bold red", "stale": "bold red", "unknown": "yellow",
    "manual": "yellow", "waived": "cyan", "n/a": "dim", "skipped": "dim",
}  # fmt: skip
_SEVERITY_STYLES: Final[dict[Severity, str]] = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_TAB: Final = "    "
_MESSAGE_COLUMNS: Final = 60
_EXCERPT_LINES: Final = 12
_INDENT: Final = " " * 11


def render(report: Report, *, ascii_only: bool, verbose: bool = False) -> list[Text]:
    """Lay the report out as lines; ``verbose`` adds evidence and the checks that were not selected."""
    if report.lists == "outcomes":
        lines = list(_outcomes(report, verbose=verbose))
    else:
        lines = [line for finding in report.findings for line in _finding(finding)]
    lines += [Text(in_one_line(note)) for note in report.notes]
    if report.next_step:
        lines.append(Text(f"next: {report.next_step}", style="dim"))
    style = "green" if report.exit_code == 0 else "bold red"
    lines.append(Text(in_one_line(report.conclusion), style=style))
    return [_ascii(line) for line in lines] if ascii_only else lines


def _outcomes(report: Report, *, verbose: bool) -> Iterator[Text]:
    """Write a line per check under the heading of its group."""
    shown = [each for each in report.outcomes if verbose or each.outcome.state != "skipped"]
    width = max((len(each.rule.code) for each in shown), default=0)
    for group, outcomes in groupby(shown, key=lambda each: each.rule.group):
        yield Text(in_one_line(group), style="bold")
        for each in outcomes:
            yield from _outcome(each, width)
            if verbose:
                for evidence in each.outcome.evidence:
                    yield from _evidence(evidence)
    hidden = len(report.outcomes) - len(shown)
    if hidden:
        yield Text(f"{hidden} check{'s' if hidden > 1 else ''} not selected (-v lists them)", style="dim")


def _outcome(each: RuleOutcome, width: int) -> Iterator[Text]:
    rule, outcome, seconds = each
    line = Text("  ").append(f"{STATE_LABELS[outcome.state]:<7}", _STATE_STYLES[outcome.state])
    message = in_one_line(outcome.message)
    took = f"  {seconds:.1f} s" if seconds else ""
    columns = _MESSAGE_COLUMNS if took else 0
    yield line.append(f"  {in_one_line(rule.code):<{width}}  {message:<{columns}}{took}")
    if outcome.help and outcome.state not in ("pass", "n/a", "skipped"):
        yield Text(f"{_INDENT}fix: {in_one_line(outcome.help)}", style="dim")


def _evidence(evidence: Evidence) -> Iterator[Text]:
    source, status = in_one_line(evidence.source), in_one_line(evidence.status)
    yield Text(f"{_INDENT}evidence: {in_one_line(evidence.kind)} {source}: {status}", style="dim")
    for line in evidence.excerpt.splitlines()[-_EXCERPT_LINES:]:
        yield Text(f"{_INDENT}| {in_one_line(line)}", style="dim")


def _finding(finding: Finding) -> list[Text]:
    style = _SEVERITY_STYLES[finding.severity]
    head = Text(f"{finding.severity}[{finding.code}]", style=style)
    location = finding.location
    if finding.severity == "note":  # one line: notes are for skimming
        start = f"{location} " if location is not None and location.line else ""
        return [head.append(f": {in_one_line(start + finding.message)}", style="not bold default")]
    head.append(f": {in_one_line(finding.message)}", style="not bold default")
    lines = [head]
    margin = 1
    if location is not None and location.line:
        margin = len(str(location.line)) + 1
        lines.append(Text(f"{' ' * margin}--> {in_one_line(str(location))}", style="dim"))
        if location.snippet is not None:
            lines += _snippet(location.snippet, location.line, margin, style)
    if finding.help:
        gap = margin + 1 if location is not None and location.line else 3
        lines.append(Text(f"{' ' * gap}= help: {in_one_line(finding.help)}"))
    return lines


def _snippet(snippet: Snippet, number: int, margin: int, style: str) -> list[Text]:
    """Draw the line and a mark beneath it, as wide as what it marks: a tab is drawn as blanks."""
    before, marked, after = (in_one_line(part.replace("\t", _TAB)) for part in snippet)
    bar = f"{' ' * (margin + 1)}|"
    code = Text(f"{number:>{margin}} | {before}{marked}{after}".rstrip())
    caret = Text(f"{bar} {' ' * cell_len(before)}").append("^" * max(1, cell_len(marked)), style)
    return [Text(bar), code, caret]


def _ascii(line: Text) -> Text:
    """Replace the characters that the output's encoding lacks, and keep the style."""
    plain = Text(line.plain.encode("ascii", "replace").decode(), style=line.style)
    plain.spans = line.spans
    return plain
