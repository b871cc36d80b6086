"""The form for tickets and chats: GitHub's tables, charts as rows of blocks."""

import re
from collections.abc import Sequence
from typing import Final

from aurora_cli.documents.document import Calendar, Cell, Chart, Document, Part, Table, Tone
from aurora_cli.documents.render.sparkline import bars
from aurora_cli.sanitize import in_one_line

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")
_SIGNS: Final[dict[Tone, str]] = {"good": "🟩", "bad": "🟥", "muted": "🟨", "plain": "⬜"}


def render(document: Document) -> str:
    """Write the parts under headings, and first what conclusion."""
    blocks = [f"**{escaped(document.conclusion)}**", *(_part(part) for part in document.parts)]
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """The text as itself: what Markdown would read as its own signs is escaped."""
    return _SPECIAL.sub(r"\\\1", in_one_line(text))


def _part(part: Part) -> str:
    heading = f"### {escaped(part.title)}\n\n" if part.title else ""
    if isinstance(part, Table):
        return heading + _table(part)
    return heading + (_chart(part) if isinstance(part, Chart) else _calendar(part))


def _table(table: Table) -> str:
    """Figures stand to the right, words to the left."""
    columns = max((len(row) for row in table.rows), default=len(table.header))
    header = table.header or [""] * columns
    rule = ["---", *(["---:" if table.header else "---"] * (len(header) - 1))]
    rows = [_row([_cell(cell) for cell in row]) for row in table.rows]
    lines = [_row([escaped(name) for name in header]), _row(rule), *rows]
    return "\n".join([*lines, *([f"\n{escaped(table.note)}"] if table.note else [])])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    if cell.trend:
        return f"`{bars(cell.trend)}`"
    text = escaped(cell.text.strip())
    return f"**{text}**" if cell.tone == "bad" and text else text


def _chart(chart: Chart) -> str:
    width = max(len(series.label) for series in chart.series)
    lines = [f"{series.label:<{width}}  {bars(series.values)}  {series.text}" for series in chart.series]
    fenced = [in_one_line(line).replace("`", "'") for line in (*lines, f"{chart.left} to {chart.right}")]
    return "\n".join(["```text", *fenced, "```"])


def _calendar(calendar: Calendar) -> str:
    if not calendar.days:
        return "no days"
    signs = "".join(_SIGNS[day.tone] for day in calendar.days)
    return f"{signs}\n\n{calendar.days[0].day.isoformat()} to {calendar.days[-1].day.isoformat()}"
