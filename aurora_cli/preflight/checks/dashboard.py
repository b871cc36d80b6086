"""A dashboard exists, and so do its metrics.

Why: a panel whose metric was renamed is empty, and looks like a quiet night.

How it is checked: `preflight.dashboard` is Grafana's JSON with panels, and each metric in its queries is a
series of `preflight.metrics_url`.

Fix: correct the queries that are named; export the dashboard to the file again.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.preflight import http_probe
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.evidence import file_evidence

_TIMEOUT_S: Final = 5.0
_IN_BRACES: Final = re.compile(
    r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)"
)
_NAME: Final = re.compile(r"\b[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()")
_KEYWORDS: Final = frozenset(
    {"and", "or", "unless", "offset", "bool", "inf", "nan", "by", "without", "on", "ignoring", "atan2"}
)


def run(context: Context) -> Outcome:
    """Parse the dashboard, and look for its metrics."""
    name = context.settings.preflight.dashboard
    if name is None:
        return Outcome("manual", "preflight.dashboard names no file", "set preflight.dashboard, or attest it")
    path = context.path(name)
    try:
        queries = sorted(set(_queries(json.loads(path.read_text(encoding="utf-8")))))
    except (OSError, ValueError, RecursionError) as error:
        problem = getattr(error, "strerror", None) or "invalid JSON"
        return Outcome("fail", f"{name} cannot be read: {problem}", "export the dashboard as JSON to it")
    evidence = file_evidence(path, "\n".join(queries))
    if not queries:
        return Outcome("fail", f"{name} has no query", "export the dashboard with its panels", (evidence,))
    metrics = sorted({metric for query in queries for metric in metrics_of(query)})
    url = context.settings.preflight.metrics_url
    if url is None or context.offline:
        why = "not probed with --offline" if url else "preflight.metrics_url names no address"
        message = f"{len(queries)} queries; it is unknown whether their metrics exist: {why}"
        return Outcome("unknown", message, "set preflight.metrics_url", (evidence,))
    return _check_series(name, metrics, url, evidence)


def metrics_of(query: str) -> set[str]:
    """Return the names in a PromQL query that are neither functions, labels nor keywords."""
    bare = _IN_BRACES.sub(" ", query)
    return {
        name for name in _NAME.findall(bare) if name.lower() not in _KEYWORDS and not name.startswith("__")
    }


def _check_series(name: Path, metrics: list[str], url: str, dashboard: Evidence) -> Outcome:
    response = http_probe.get(url, _TIMEOUT_S)
    evidence = (dashboard, response.evidence())
    if response.status != http_probe.OK:
        return Outcome("unknown", f"{url}: {response.result}", "start it", evidence)
    lines = response.text.splitlines()
    series = {line.split("{")[0].split(" ")[0] for line in lines if not line.startswith("#")}
    missing = [metric for metric in metrics if metric not in series]
    if missing:
        message = f"{name} draws {', '.join(missing)}, which {url} does not have"
        return Outcome("fail", message, "correct the query, or the metric's name", evidence)
    return Outcome("pass", f"{name} draws {', '.join(metrics)}; all exist", "", evidence)


def _queries(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        query = part.get("expr")
        if isinstance(query, str) and query.strip():
            yield query
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from _queries(item)
