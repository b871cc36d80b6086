"""Metrics are collected.

Why: without metrics, the first report of an outage comes from users.

How it is checked: `metrics.enabled` is true, and either `preflight.metrics_url` has the series of
`preflight.metrics_series`, or the store has a heartbeat of the last five minutes.

Fix: start the service and let it write `store.url`; set `preflight.metrics_url` to its metrics port.
"""

from typing import Final

from aurora_cli.findings import Outcome
from aurora_cli.preflight import http_probe
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.store_probe import read_store

_FRESH_S: Final = 300
_TIMEOUT_S: Final = 5.0


def run(context: Context) -> Outcome:
    """Probe the address, or read the store."""
    if not context.settings.metrics.enabled:
        return Outcome("fail", "`metrics.enabled` is false: nothing is counted", "set it to true")
    url = context.settings.preflight.metrics_url
    if url is None:
        return _check_heartbeat(context)
    if context.offline:
        return Outcome("unknown", f"{url} is not probed with --offline")
    return _check_series(context, url)


def _check_series(context: Context, url: str) -> Outcome:
    expected = context.settings.preflight.metrics_series
    response = http_probe.get(url, _TIMEOUT_S)
    evidence = (response.evidence(),)
    if response.status != http_probe.OK:
        fix = "start the service, and open its metrics port"
        return Outcome("fail", f"{url}: {response.result}", fix, evidence)
    names = {line.split("{")[0].split(" ")[0] for line in response.text.splitlines()}
    missing = [series for series in expected if series not in names]
    if missing:
        fix = "make the service record it, or name its series in preflight.metrics_series"
        return Outcome("fail", f"{url} has no series {missing[0]}", fix, evidence)
    return Outcome("pass", f"{url} has {', '.join(expected)}", "", evidence)


def _check_heartbeat(context: Context) -> Outcome:
    data = read_store(context, _FRESH_S)
    evidence = (data.evidence,)
    if data.problem:
        fix = "start the service with a store, or set preflight.metrics_url"
        return Outcome("fail", data.problem, fix, evidence)
    recent = f"heartbeat of the last {_FRESH_S // 60} minutes"
    if not data.minutes:
        fix = "start the service, and let it write there"
        return Outcome("fail", f"{data.url} has no {recent}", fix, evidence)
    return Outcome("pass", f"{data.url} has a {recent}", "", evidence)
