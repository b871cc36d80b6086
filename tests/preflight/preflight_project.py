"""A project that is ready, and ways to run the tool in it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from aurora_core.metrics import MetricsCollector
from aurora_core.store import MetricsStore

PROGRAM = [sys.executable, "-c", "from aurora_cli.app import main; main()"]
KEY = "sk-proj-kJ8s0dTq2LmWz4vXy7RbQ1nE5uHc9AoP"

SECRETS = {"OPENAI_API_KEY": KEY, "TEAM_HOOK": "http://127.0.0.1:9/hook"}

SETTINGS = """\
[llm]
model = "gpt-4"

[store]
url = "metrics.db"

[cache]
path = "cache.db"

[alerts.routes]
info = ["team"]
warning = ["team"]
critical = ["team"]

[alerts.channels.team]
type = "webhook"
url = { env = "TEAM_HOOK" }

[preflight]
tests = ["true"]
security = ["true"]
types = ["true"]
lint = ["true"]
benchmarks = ["true"]
rollback = "rollback.md"
runbooks = "runbooks.md"
backups = "backups"
previous_version = "v1"
"""
RULES = ("high_error_rate", "high_latency_p95", "low_cache_hit_rate", "critical_error_rate")
RUNBOOK = "## {}\n\n### Symptoms\n\nIt is slow.\n\n### Diagnosis\n\nLook.\n\n### Mitigation\n\nWait.\n\n"


def git(root, *arguments):
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def make_project(root):
    """A repository with code, documents, a store with a fresh heartbeat and a backup of it."""
    (root / "service.py").write_text("answer = 42\n")
    (root / "README.md").write_text("# Service\n\nRead [the code](service.py) or [how](#service).\n")
    (root / "rollback.md").write_text("1. Stop it.\n2. Start the one before.\n")
    (root / "runbooks.md").write_text("# Runbooks\n\n" + "".join(map(RUNBOOK.format, RULES)))
    (root / "aurora.toml").write_text(SETTINGS)
    (root / ".gitignore").write_text("*.db*\nbackups/\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    git(root, "tag", "v1")
    record_calls(root)


def record_calls(root):
    """Write calls of this minute, and with them a heartbeat, into the project's store."""
    store = MetricsStore(root / "metrics.db")
    collector = MetricsCollector(store=store, source="host:1")
    for _ in range(10):
        collector.record_query(20.0)
        collector.record_cache_access(hit=True)
    collector.close()
    store.close()


def aurora(root, *arguments, environ=None, **options):
    """Run the tool in the project; the finished process."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=root,
        env={**kept, **SECRETS, **(environ or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


def states(root, *arguments, **options):
    """The JSON result of each check, by id."""
    done = aurora(root, "preflight", "--format", "json", *arguments, **options)
    return {row["id"]: row for row in json.loads(done.stdout)["results"]}


def is_gone(pid):
    """Whether a process has ended; one that was killed takes a moment to be gone."""
    for _ in range(200):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except FileNotFoundError:
            return True
        if stat.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)  # until the kernel has done it
    return False
