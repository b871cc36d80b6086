"""All benchmarks, one table: ``python benchmarks/run.py [NAME..] [--write]``, by the names of ``TITLES``."""

import platform
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

runs aurora and its peers side by side, in turn, in one run, and writes this page. Times are medians, ratios
are medians of the ratios of each round: compare the ratios, for the times are this machine's of one day.
No test is timed; a promise that is missed says so here, and the command ends with 1.
"""


def main(arguments):
    chosen = [name for name in TITLES if name in arguments] or list(TITLES)
    page, kept = [HEAD, f"Python {platform.python_version()}, {platform.machine()}, two cores.\n"], True
    for name in chosen:
        title, rows = TITLES[name]
        measured = rows()
        kept = kept and all(row.kept for row in measured)
        table = markdown(title, measured)
        print(table)
        page.append(table)
    if "--write" in arguments:
        Path(__file__).with_name("README.md").write_text("\n".join(page))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
