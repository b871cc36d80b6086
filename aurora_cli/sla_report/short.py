"""One line an objective, and the verdict: what a pipeline's log has room for."""

from aurora_cli.sheets import promises
from aurora_cli.sla_report import words
from aurora_cli.sla_report.figures import Figures


def render(figures: Figures, decided: str) -> str:
    """Write ``availability 99.92 % >= 99.9 % met`` and so on."""
    lines = [
        f"{promises.name(each.objective)} {words.value(each)} {promises.target(each.objective)} {each.state}"
        for each in figures.standings
    ]
    return "".join(f"{line}\n" for line in (*lines, decided))
