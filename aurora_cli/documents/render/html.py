"""One HTML file, light and dark, made to be printed, too.

No script, no address outside it, and the same bytes for the same input.
"""

from importlib.resources import files
from typing import Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from aurora_cli.documents.document import Calendar, Cell, Chart, Document, Part, Table
from aurora_cli.documents.render.svg import chart_svg, trend_svg
from aurora_cli.sanitize import in_one_line
from aurora_core import __version__

_HERE: Final = files("aurora_cli.documents.render")


def render(document: Document) -> str:
    """Lay the document out as a page. All text is escaped; only the drawings are markup."""
    page = Environment(autoescape=True, undefined=StrictUndefined, finalize=_finalized).from_string(
        _HERE.joinpath("page.html.j2").read_text(encoding="utf-8")
    )
    return page.render(
        title=document.title or f"aurora {document.command}",
        subtitle=document.subtitle,
        tone="good" if document.exit_code == 0 else "bad",
        conclusion=document.conclusion,
        parts=[_part(part) for part in document.parts],
        # The style document is ours; a style element holds raw text, so that it must not be escaped.
        css=Markup(_HERE.joinpath("page.css").read_text(encoding="utf-8")),  # noqa: S704 - see above
        footer=f"aurora {__version__}",
    )


def _finalized(value: object) -> object:
    """Whatever is printed: names from outside bring no line and no control character of their own."""
    return in_one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _part(part: Part) -> dict[str, object]:
    if isinstance(part, Table):
        rows = [[_cell(cell) for cell in row] for row in part.rows]
        return {**vars(part), "kind": "table", "rows": rows}
    if isinstance(part, Chart):
        drawing = Markup(chart_svg(part))  # noqa: S704 - numbers only, no text from outside
        return {**vars(part), "kind": "chart", "svg": drawing}
    return {"kind": "calendar", "title": part.title, "days": part.days, "skipped": _skipped(part)}


def _cell(cell: Cell) -> dict[str, object]:
    if cell.trend:
        return {"tone": cell.tone, "text": Markup(trend_svg(cell.trend))}  # noqa: S704 - numbers only
    return {"tone": cell.tone, "text": cell.text}


def _skipped(calendar: Calendar) -> int:
    """Empty places before the first day, so that Monday stands first."""
    return calendar.days[0].day.weekday() if calendar.days else 0
