"""Alerts reach someone.

Why: an alert that nobody hears is a line in a file.

Proof: each severity that a rule has a route for, each channel of a route is there and finished (AUR404,
AUR405, AUR409, AUR411), and what the service sent of late has arrived; with `--send-test` a test message goes
through each of them.

Mend: add the severity to `[alerts.routes]`, or the channel to `[alerts.channels]`.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Evidence, Outcome
from aurora_cli.preflight.settled import from_findings
from aurora_core.alerting.channels.base import DeliveryError
from aurora_core.alerting.factory import LOG_CHANNEL, build_channels, hostname
from aurora_core.alerting.notification import build_test_notification
from aurora_core.errors import StoreError
from aurora_core.store.alerts import mailboxes


def look(context: Context) -> Outcome:
    """The rules of check-config, then the routes themselves."""
    found = context.found("AUR404", "AUR405", "AUR409", "AUR411")
    if found:
        return from_findings(found, "")
    alerts = context.settings.alerts
    severities = list(dict.fromkeys(rule.severity.value for rule in alerts.alert_rules()))
    routes = {severity: getattr(alerts.routes, severity) for severity in severities}
    told = ", ".join(f"{severity} to {' and '.join(channels)}" for severity, channels in routes.items())
    if not any(name != "log" for channels in routes.values() for name in channels):
        return Outcome("warn", f"{told}: nobody is told", "name a channel in [alerts.routes]")
    lost = _undelivered(context)
    if lost is not None:
        return lost
    if not context.send_test:
        return Outcome(
            "pass", f"{told}; nothing was sent", "aurora preflight --check monitoring.alerts --send-test"
        )
    return _sent(context, told, dict.fromkeys(name for channels in routes.values() for name in channels))


def _undelivered(context: Context) -> Outcome | None:
    """What the service could not deliver of late; nothing where there is no store to tell."""
    path = context.path(context.settings.store.path)
    try:
        boxes = [box for box in mailboxes(path) if box.waiting or box.given_up]
    except StoreError:
        return None
    if not boxes:
        return None
    box = boxes[0]
    seen = Evidence("store", str(path), f"{box.waiting} waiting, {box.given_up} given up for {box.channel}")
    lost, why = box.waiting + box.given_up, box.problem or "not yet sent"
    message = f"{lost} of the messages to {box.channel} did not arrive: {why}"
    return Outcome("warn", message, "mend the channel, then aurora alerts evaluate --resend", (seen,))


def _sent(context: Context, told: str, names: dict[str, None]) -> Outcome:
    if context.offline:
        return Outcome("unknown", f"{told}; with --offline nothing is sent")
    evidence = []
    failed = ""
    channels = build_channels(context.settings)
    for name in names:
        if name == LOG_CHANNEL:  # it is always there, and reaches nobody who is asleep
            continue
        try:
            answer = channels[name].send(build_test_notification(context.now_s, hostname()))
        except DeliveryError as error:
            answer = str(error)
            failed = failed or f"{name}: {error}"
        evidence.append(Evidence("address", f"channel {name}", answer))
    if failed:
        return Outcome("fail", failed, "correct the channel's address and key", tuple(evidence))
    return Outcome("pass", f"{told}; a test went through each", "", tuple(evidence))
