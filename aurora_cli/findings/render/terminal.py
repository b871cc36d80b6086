"""The reader's form: each finding with its line and a caret, the verdict last."""

from typing import Final

from rich.cells import cell_len
from rich.text import Text

from aurora_cli.findings.finding import Excerpt, Finding, Severity
from aurora_cli.findings.report import Report
from aurora_cli.plain import in_one_line

_STYLES: Final[dict[Severity, str]] = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_TAB: Final = "    "


def render(report: Report, *, ascii_only: bool) -> list[Text]:
    """Lay the report out as lines."""
    lines = [line for finding in report.findings for line in _finding(finding)]
    if report.following:
        lines.append(Text(f"next: {report.following}", style="dim"))
    lines.append(Text(in_one_line(report.decided), style="green" if report.exit_code == 0 else "bold red"))
    return [_ascii(line) for line in lines] if ascii_only else lines


def _finding(finding: Finding) -> list[Text]:
    head = Text(f"{finding.severity}[{finding.code}]", style=_STYLES[finding.severity])
    place = finding.place
    if finding.severity == "note":  # in one line: a note is there to be read over
        where = f"{place} " if place is not None and place.line else ""
        return [head.append(f": {in_one_line(where + finding.message)}", style="not bold default")]
    head.append(f": {in_one_line(finding.message)}", style="not bold default")
    lines = [head]
    margin = 1
    if place is not None and place.line:
        margin = len(str(place.line)) + 1
        lines.append(Text(f"{' ' * margin}--> {in_one_line(str(place))}", style="dim"))
        if place.excerpt is not None:
            lines += _excerpt(place.excerpt, place.line, margin, _STYLES[finding.severity])
    if finding.help:
        gap = margin + 1 if place is not None and place.line else 3
        lines.append(Text(f"{' ' * gap}= help: {in_one_line(finding.help)}"))
    return lines


def _excerpt(excerpt: Excerpt, number: int, margin: int, style: str) -> list[Text]:
    """Draw the line and a mark beneath it, as wide as what it marks: a tab is drawn as blanks."""
    before, marked, after = (in_one_line(part.replace("\t", _TAB)) for part in excerpt)
    bar = f"{' ' * (margin + 1)}|"
    code = Text(f"{number:>{margin}} | {before}{marked}{after}".rstrip())
    caret = Text(f"{bar} {' ' * cell_len(before)}").append("^" * max(1, cell_len(marked)), style)
    return [Text(bar), code, caret]


def _ascii(line: Text) -> Text:
    """Replace what the output's encoding does not have, and keep the style."""
    plain = Text(line.plain.encode("ascii", "replace").decode(), style=line.style)
    plain.spans = line.spans
    return plain
