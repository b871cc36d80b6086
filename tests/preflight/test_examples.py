"""The examples of checks of one's own: a program, an address, and a package's entry point."""

import os
import shutil
import socket
import tomllib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from preflight_project import aurora, states

from aurora_cli.preflight import Context
from aurora_cli.preflight.checks import dashboard, metrics
from aurora_core.metrics import MetricsCollector
from aurora_core.metrics.exposition import Exposition, serve_metrics
from aurora_core.resilience import CircuitBreaker, RateLimiter

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
EXAMPLE = ROOT / "examples" / "team_checks"


def installed(folder):
    """The package as pip would leave it: beside its entry points."""
    package = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    info = folder / "team_checks-1.0.dist-info"
    info.mkdir(parents=True)
    shutil.copy(EXAMPLE / "team_checks.py", folder)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package['name']}\nVersion: 1.0\n")
    points = package["entry-points"]["aurora.preflight"]
    lines = [f"{name} = {value}" for name, value in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[aurora.preflight]", *lines, ""]))
    return {"PYTHONPATH": f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}


def test_each_way_to_a_check_of_ones_own(tmp_path, answering):
    url, asked = answering(200)
    place = shutil.copytree(EXAMPLE, tmp_path / "team")
    text = (place / "aurora.toml").read_text()
    (place / "aurora.toml").write_text(text.replace("http://localhost:8000/health", url))
    found = states(place, "--check", "custom.*", environ=installed(tmp_path / "site"))
    assert "GB are free" in found["custom.room-on-the-disk"]["message"]
    assert (found["custom.the-service-answers"]["state"], asked) == ("pass", [200])
    friday = datetime.now(UTC).weekday() == 4
    assert found["custom.not-on-a-friday"]["state"] == ("fail" if friday else "pass")
    told = aurora(
        place, "preflight", "--explain", "custom.not-on-a-friday", environ=installed(tmp_path / "other")
    )
    assert "Why: the team is not at work on Saturday to fix it." in told.stdout


def test_the_dashboard_draws_what_the_metrics_port_has(context, project):
    """Against the port itself: a family that is renamed empties a panel."""
    shutil.copy(ROOT / "examples" / "dashboard.json", project)
    collector = MetricsCollector()
    exposition = Exposition(
        collector.totals, breakers={"default": CircuitBreaker()}, limiters={"default": RateLimiter(60)}
    )
    collector.record_error("TimeoutError")
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    stop = serve_metrics(port, exposition, "127.0.0.1")
    try:
        settings = {"dashboard": "dashboard.json", "metrics_url": f"http://127.0.0.1:{port}/metrics"}
        found = dashboard.run(context(preflight=settings))
        assert metrics.run(context(preflight=settings)).state == "pass"
    finally:
        stop()
    assert found.state == "pass", found
    assert found.message.startswith("dashboard.json draws aurora_attempts_total, aurora_breaker_state, ")


def test_the_packages_check_knows_its_friday(context, monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLE))
    import team_checks

    base = context()
    for day, state in ((20, "fail"), (21, "pass"), (23, "pass")):
        now_s = datetime(2026, 11, day, 12, tzinfo=UTC).timestamp()
        at = Context(**{**vars(base), "now_s": now_s})
        assert team_checks.run(at).state == state
