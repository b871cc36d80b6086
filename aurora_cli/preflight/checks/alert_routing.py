"""Alerts reach a person.

Why: an alert without a receiver is a line in a file.

How it is checked: the rules of `aurora check-config` on routes and channels have no error and no warning, a
route has another channel than the log, and the service's recent messages have arrived; with `--send-test` a
test message goes through each channel.

Fix: add the severity to `[alerts.routes]`, or the channel to `[alerts.channels]`.
"""

from collections.abc import Sequence

from aurora_cli.findings import Evidence, Outcome
from aurora_cli.preflight.context import Context
from aurora_cli.preflight.store_probe import store_of
from aurora_core.alerting.channels.base import DeliveryError
from aurora_core.alerting.factory import LOG_CHANNEL, build_channels, hostname
from aurora_core.alerting.notification import build_test_notification
from aurora_core.errors import StoreError


def run(context: Context) -> Outcome:
    """Check the routes, recent messages, then a test message."""
    alerts = context.settings.alerts
    severities = list(dict.fromkeys(rule.severity.value for rule in alerts.alert_rules()))
    routes = {severity: getattr(alerts.routes, severity) for severity in severities}
    described = ", ".join(f"{severity} to {' and '.join(channels)}" for severity, channels in routes.items())
    names = list(
        dict.fromkeys(name for channels in routes.values() for name in channels if name != LOG_CHANNEL)
    )
    if not names:
        return Outcome("warn", f"{described}: no route has a receiver", "name a channel in [alerts.routes]")
    undelivered = _undelivered(context)
    if undelivered is not None:
        return undelivered
    if not context.send_test:
        fix = "aurora preflight --check monitoring.alerts --send-test"
        return Outcome("pass", f"{described}; nothing was sent", fix)
    return _send_test(context, described, names)


def _undelivered(context: Context) -> Outcome | None:
    """Return a warning if recent messages were not delivered; None without a store."""
    store = store_of(context)
    try:
        channels = [stats for stats in store.alert_store().channel_stats() if stats.waiting or stats.failed]
    except StoreError:
        return None
    if not channels:
        return None
    stats = channels[0]
    status = f"{stats.waiting} waiting, {stats.failed} failed for {stats.channel}"
    number, why = stats.waiting + stats.failed, stats.error or "not yet sent"
    message = f"{number} of the messages to {stats.channel} did not arrive: {why}"
    fix = "fix the channel, then run aurora alerts evaluate --resend"
    return Outcome("warn", message, fix, (Evidence("store", store.url, status),))


def _send_test(context: Context, described: str, names: Sequence[str]) -> Outcome:
    if context.offline:
        return Outcome("unknown", f"{described}; nothing is sent with --offline")
    evidence = []
    failure = ""
    channels = build_channels(context.settings)
    for name in names:
        try:
            answer = channels[name].send(build_test_notification(context.now_s, hostname()))
        except DeliveryError as error:
            answer = str(error)
            failure = failure or f"{name}: {error}"
        evidence.append(Evidence("address", f"channel {name}", answer))
    if failure:
        return Outcome("fail", failure, "correct the channel's address and key", tuple(evidence))
    return Outcome("pass", f"{described}; each channel took a test message", "", tuple(evidence))
