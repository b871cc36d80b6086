"""Figures to show: what a command found, before anyone decides how it looks."""

from aurora_cli.documents.document import (
    Calendar,
    Cell,
    Chart,
    Day,
    Document,
    Limit,
    Part,
    Series,
    Table,
    Tone,
)

__all__ = ["Calendar", "Cell", "Chart", "Day", "Document", "Limit", "Part", "Series", "Table", "Tone"]
