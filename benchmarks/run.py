"""All benchmarks, one table: ``python benchmarks/run.py [NAME..] [--write]``, by the names of ``TITLES``."""

import platform
import re
import sys
from pathlib import Path

import alert_rules
import around
import checklist
import command
import live
import replays
import settings
import store
from harness import markdown

TITLES = {
    "replays": ("The replay", replays.rows),
    "alerts": ("The alert rules of a replay", lambda: list(alert_rules.rows())),
    "command": ("The whole command", command.rows),
    "settings": ("The settings", settings.rows),
    "live": ("The live objects, a call", live.rows),
    "store": ("Metrics that last", store.rows),
    "checklist": ("The checklist", checklist.rows),
    "around": ("Around a call", around.rows),
}

HEAD = """# Benchmarks

    pip install ".[bench]" && python benchmarks/run.py --write

runs AURORA and its peers side by side, in turn, in one run, and writes this page. Times are medians of CPU
time (throughput and `preflight`: of wall time); ratios are medians of the ratios of each round. Compare the
ratios: the times are those of one machine on one day, so that no promise is one of seconds. No test is
timed; a missed promise is marked here, and the command ends with 1.

Peers are used as their documentation shows. C is a plain loop with the same algorithm, `-O3`; SimPy has a
source process that starts each query at its arrival, and otherwise looks limits up in lists; DuckDB reads
the same columns into a table.
"""


PAGE = Path(__file__).with_name("README.md")


def main(arguments):
    chosen = [name for name in TITLES if name in arguments] or list(TITLES)
    sections, kept = _written(), True
    for name in chosen:
        title, rows = TITLES[name]
        measured = rows()
        kept = kept and all(row.kept for row in measured)
        sections[title] = markdown(title, measured)
        print(sections[title])
    if "--write" in arguments:
        machine = f"Python {platform.python_version()}, {platform.machine()}, two cores.\n"
        tables = [sections[title] for title, _ in TITLES.values() if title in sections]
        PAGE.write_text("\n".join([HEAD, machine, *tables]))
    return 0 if kept else 1


def _written():
    """The tables on the page, by title: a run of some leaves the others as they are."""
    parts = re.split(r"^## (.*)\n", PAGE.read_text(), flags=re.MULTILINE)[1:]
    titles, tables = parts[::2], parts[1::2]
    return {title: f"## {title}\n{table.rstrip()}\n" for title, table in zip(titles, tables, strict=True)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
