"""`aurora preflight`: what it takes beside the programs that it runs, and how well they run side by side."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import Row

from aurora_core.metrics import MetricsCollector
from aurora_core.store import MetricsStore

ROUNDS = 5
AURORA = [sys.executable, "-c", "from aurora_cli.app import main; main()"]
PROGRAMS = ["pre.tests", "pre.security", "pre.types", "pre.lint", "pre.benchmarks", "config.api-keys"]
BUSY = '["{python}", "-c", "sum(range(40_000_000))"]'
SETTINGS = """\
[store]
url = "metrics.db"
[preflight]
tests = {busy}
security = {busy}
types = {busy}
lint = {busy}
backups = "backups"
"""


def make_project(root):
    (root / "aurora.toml").write_text(SETTINGS.format(busy=BUSY.format(python=sys.executable)))
    (root / "README.md").write_text("# Service\n")
    (root / "service.py").write_text("answer = 42\n")
    collector = MetricsCollector(store=MetricsStore(root / "metrics.db"))
    collector.record_query(5.0)
    collector.close()
    finished(root, "backup")


def finished(root, *arguments):
    """Wall seconds of a whole process, and what it printed; bytecode is kept, as after an installation."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    done = subprocess.run([*AURORA, *arguments], cwd=root, env=environment, capture_output=True, check=False)
    assert done.returncode in (0, 1, 3), done
    return time.perf_counter() - began, done.stdout


def rows():
    with tempfile.TemporaryDirectory(prefix="aurora-bench-") as name:
        root = Path(name)
        make_project(root)
        skipped = [word for check in PROGRAMS for word in ("--skip", check)]
        finished(root, "preflight", *skipped)
        alone = statistics.median(finished(root, "preflight", *skipped)[0] for _ in range(ROUNDS))
        wholes = []
        for _ in range(ROUNDS):
            wall, printed = finished(root, "preflight", "--format", "json")
            slowest = max(row["seconds"] for row in json.loads(printed)["results"])
            wholes.append((wall, slowest))
    wall, slowest = (statistics.median(column) for column in zip(*wholes, strict=True))
    kept = all(whole <= 1.3 * longest + 1 for whole, longest in wholes)
    return [
        Row("`preflight` without the programs it runs", f"{alone:.2f} s", "", "", "", True),
        Row(
            "`preflight` with four busy programs",
            f"{wall:.2f} s",
            f"its slowest check {slowest:.2f} s",
            f"{statistics.median(a / b for a, b in wholes):.2f}",
            "at most 1.3 of it and 1 s",
            kept,
        ),
    ]
