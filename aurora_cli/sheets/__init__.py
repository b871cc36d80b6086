"""Figures to show: what a command found, before anyone decides how it looks."""

from aurora_cli.sheets.sheet import Cell, Chart, Series, Sheet, Table, Tone

__all__ = ["Cell", "Chart", "Series", "Sheet", "Table", "Tone"]
