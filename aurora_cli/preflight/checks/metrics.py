"""Metrics are collected.

Why: without them nobody knows that users are let down until they say so.

Proof: `metrics.enabled`, and either `preflight.metrics_url` answers with the series of
`preflight.metrics_series`, or the store has a heartbeat of the last five minutes.

Mend: start the service and see that it may write `store.url`; name the address it is read at.
"""

from aurora_cli.preflight.asking import ask
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.measured import measured
from aurora_cli.preflight.outcome import Outcome

_FRESH_S = 300
_TIMEOUT_S = 5.0
_OK = 200


def look(context: Context) -> Outcome:
    """Ask the address, or read the store."""
    if not context.settings.metrics.enabled:
        return Outcome("fail", "`metrics.enabled` is false: nothing is counted", "set it to true")
    url = context.settings.preflight.metrics_url
    if url is None:
        return _heartbeat(context)
    if context.offline:
        return Outcome("unknown", f"{url} is not asked with --offline")
    return _series(context, url)


def _series(context: Context, url: str) -> Outcome:
    answer = ask(url, _TIMEOUT_S)
    evidence = (answer.evidence(),)
    if answer.status != _OK:
        told = answer.problem or f"status {answer.status}"
        return Outcome(
            "fail", f"{url}: {told}", "is the service running, and its metrics port open?", evidence
        )
    names = {line.split("{")[0].split(" ")[0] for line in answer.body.decode("utf-8", "replace").splitlines()}
    missing = [series for series in context.settings.preflight.metrics_series if series not in names]
    if missing:
        help_ = "see that the service records, or name its series in preflight.metrics_series"
        return Outcome("fail", f"{url} has no series {missing[0]}", help_, evidence)
    return Outcome("pass", f"{url} has {', '.join(context.settings.preflight.metrics_series)}", "", evidence)


def _heartbeat(context: Context) -> Outcome:
    seen = measured(context, _FRESH_S)
    if seen.problem:
        help_ = "start the service with a store, or set preflight.metrics_url"
        return Outcome("fail", seen.problem, help_, (seen.evidence,))
    if not seen.minutes:
        message = f"{seen.url} has no heartbeat of the last {_FRESH_S // 60} minutes"
        return Outcome("fail", message, "is the service running, and may it write there?", (seen.evidence,))
    return Outcome(
        "pass", f"{seen.url} has a heartbeat of the last {_FRESH_S // 60} minutes", "", (seen.evidence,)
    )
