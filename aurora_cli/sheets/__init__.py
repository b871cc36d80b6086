"""Figures to show: what a command found, before anyone decides how it looks."""

from aurora_cli.sheets.sheet import Calendar, Cell, Chart, Day, Limit, Part, Series, Sheet, Table, Tone

__all__ = ["Calendar", "Cell", "Chart", "Day", "Limit", "Part", "Series", "Sheet", "Table", "Tone"]
