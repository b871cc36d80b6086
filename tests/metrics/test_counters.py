"""A counter and a metric are declared once, and everything else follows."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from aurora_core.metrics import Rollup
from aurora_core.metrics.counters import COUNTER_NAMES, COUNTERS, METRICS
from aurora_core.metrics.rollup_row import to_row
from aurora_core.store import MetricsStore
from aurora_core.store.metrics import schema
from aurora_core.store.metrics.rows import COLUMNS

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
START_S = 1_790_000_000 // 86_400 * 86_400

# What a developer types: two lines in one file. Counting is the second place; the program below does it.
NEXT_VERSION = len(schema.MIGRATIONS) + 1
COUNTER = f'    hedged: int = counter(0, "Hedged calls.", series="aurora_hedged", since={NEXT_VERSION})\n'
METRIC = '    hedged_rate: Annotated[float, Metric("share", ratio("hedged", "calls"), "Hedged.", "hedged")]\n'

PROGRAM = f"""
import json, sys
from prometheus_client import CollectorRegistry, generate_latest
from aurora_core.metrics import Rollup
from aurora_core.metrics.counters import WATCHABLE_METRICS
from aurora_core.metrics.exposition import Exposition
from aurora_core.metrics.rollup_row import sum_by, to_row
from aurora_core.store import MetricsStore, Retention
from aurora_cli.app import run

def piece(minute, hedged):
    total = Rollup()
    total.latency.record(100.0)
    total.hedged = hedged
    return to_row({START_S} + 60 * minute, 60, "host:1", "", 1, total)

path = sys.argv[1]
store = MetricsStore(path, Retention(minutes_s=3600, hours_s=86_400))
store.write([piece(0, 1), piece(1, 2)])
store.write([piece(1, 4), piece(300, 8)])
rows = store.read(0, 2**40)
total = sum_by(rows, lambda _: None)[None]
registry = CollectorRegistry()
registry.register(Exposition(lambda: total))
run(["sla-report", "--store", f"sqlite:{{path}}", "--window", "all", "--group-by", "source",
     "--format", "json", "--output", f"{{path}}.json"])
run(["sla-report", "--store", f"sqlite:{{path}}", "--window", "all", "--group-by", "source",
     "--output", f"{{path}}.txt"])
run(["sla-report", "--schema", "--output", f"{{path}}.schema"])
print(json.dumps({{
    "lengths": [row.length_s for row in rows],
    "hedged": total.hedged,
    "share": total.metrics()["hedged_rate"],
    "watchable": "hedged_rate" in WATCHABLE_METRICS,
    "exposed": generate_latest(registry).decode(),
}}))
"""


@pytest.fixture
def changed(tmp_path):
    """A copy of the product in which the two lines were added, and its answer to the program."""
    for package in ("aurora_core", "aurora_cli"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    file = tmp_path / "aurora_core" / "metrics" / "counters.py"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    for declaration, cls in ((COUNTER, "class Counters:"), (METRIC, "class Metrics(TypedDict):")):
        first = next(number for number, line in enumerate(lines) if line.startswith(cls))
        end = next(number for number in range(first + 2, len(lines)) if not lines[number].strip())
        end = next(number for number in range(end + 1, len(lines)) if not lines[number].strip())
        lines.insert(end, declaration)
    file.write_text("".join(lines), encoding="utf-8")

    def answer(store):
        command = [sys.executable, "-c", PROGRAM, str(store)]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    return answer


def test_declared_counter_reaches_store_merge_exposition_and_report(changed, tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    store = tmp_path / "metrics.db"
    older = Rollup()
    older.latency.record(100.0)
    with closing(MetricsStore(store, retention=None)) as before:  # by the version without the counter
        before.write([to_row(START_S, 60, "host:1", "", 1, older)])

    said = changed(store)

    assert said["lengths"] == [3600, 60]
    assert (said["hedged"], said["share"]) == (15, 3.0)
    assert said["watchable"]
    assert "# HELP aurora_hedged_total Hedged calls.\n" in said["exposed"]
    assert "aurora_hedged_total 15.0\n" in said["exposed"]
    with closing(sqlite3.connect(store)) as file:
        assert file.execute("SELECT sum(hedged), typeof(hedged) FROM rollups").fetchone() == (15, "integer")
    report = json.loads(Path(f"{store}.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, json.loads(Path(f"{store}.schema").read_text(encoding="utf-8")))
    assert report["summary"]["metrics"]["hedged_rate"] == 3.0
    assert "hedged" in Path(f"{store}.txt").read_text(encoding="utf-8")


def test_store_has_a_column_for_each_counter(tmp_path):
    path = tmp_path / "metrics.db"
    with closing(MetricsStore(path)) as store:
        store.write([to_row(START_S, 60, "host:1", "", 1, Rollup())])
    with closing(sqlite3.connect(path)) as file:
        columns = {name for _, name, *_ in file.execute("PRAGMA table_info(rollups)")}
    assert columns == set(COLUMNS)
    assert set(COUNTER_NAMES) < columns


def test_merging_adds_each_counter():
    one, other = Rollup(), Rollup()
    for number, name in enumerate(COUNTER_NAMES, 1):
        setattr(one, name, number)
        setattr(other, name, 10 * number)
    one.merge(other)
    assert [getattr(one, name) for name in COUNTER_NAMES] == [
        11 * number for number in range(1, len(COUNTERS) + 1)
    ]


def test_help_of_each_counter_and_metric_is_a_sentence():
    for declared in (*COUNTERS, *METRICS.values()):
        assert declared.help[0].isupper()
        assert declared.help.endswith(".")
