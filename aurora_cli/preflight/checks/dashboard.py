"""A dashboard exists, and what it draws exists.

Why: a panel whose metric was renamed is empty, and looks like a quiet night.

Proof: `preflight.dashboard` is Grafana's JSON with panels, and each metric that a query names is a series
of `preflight.metrics_url`.

Mend: correct the queries that are named; export the dashboard to the file again.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aurora_cli.preflight.asking import ask
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.files import file_evidence
from aurora_cli.preflight.outcome import Outcome

_TIMEOUT_S = 5.0
_OK = 200
_IN_BRACES = re.compile(
    r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)"
)
_NAME = re.compile(r"\b[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()")
_WORDS = frozenset(
    {"and", "or", "unless", "offset", "bool", "inf", "nan", "by", "without", "on", "ignoring", "atan2"}
)


def look(context: Context) -> Outcome:
    """Parse it, and look its metrics up."""
    named = context.settings.preflight.dashboard
    if named is None:
        return Outcome("manual", "preflight.dashboard names no file", "set preflight.dashboard, or attest it")
    path = context.path(named)
    try:
        queries = sorted(set(_queries(json.loads(path.read_text(encoding="utf-8")))))
    except (OSError, ValueError, RecursionError) as error:
        problem = getattr(error, "strerror", None) or "it is no JSON"
        return Outcome("fail", f"{named} cannot be read: {problem}", "export the dashboard as JSON to it")
    evidence = file_evidence(path, "\n".join(queries))
    if not queries:
        return Outcome("fail", f"{named} has no query", "export the dashboard with its panels", (evidence,))
    names = sorted({name for query in queries for name in metrics_of(query)})
    url = context.settings.preflight.metrics_url
    if url is None or context.offline:
        why = "with --offline nothing is asked" if url else "preflight.metrics_url names no address"
        message = f"{len(queries)} queries; whether their metrics exist is not known: {why}"
        return Outcome("unknown", message, "set preflight.metrics_url", (evidence,))
    return _looked_up(named, names, url, (evidence,))


def _looked_up(named: Path, names: list[str], url: str, evidence: tuple[Any, ...]) -> Outcome:
    answer = ask(url, _TIMEOUT_S)
    evidence = (*evidence, answer.evidence())
    if answer.status != _OK:
        return Outcome(
            "unknown", f"{url}: {answer.problem or f'status {answer.status}'}", "start it", evidence
        )
    text = answer.body.decode("utf-8", "replace")
    series = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if not line.startswith("#")}
    missing = [name for name in names if name not in series]
    if missing:
        message = f"{named} draws {', '.join(missing)}, which {url} does not have"
        return Outcome("fail", message, "correct the query, or the metric's name", evidence)
    return Outcome("pass", f"{named} draws {', '.join(names)}; all are there", "", evidence)


def metrics_of(query: str) -> set[str]:
    """The names in a PromQL query that are neither functions, labels nor words of the language."""
    bare = _IN_BRACES.sub(" ", query)
    return {name for name in _NAME.findall(bare) if name.lower() not in _WORDS and not name.startswith("__")}


def _queries(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        query = part.get("expr")
        if isinstance(query, str) and query.strip():
            yield query
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from _queries(item)
