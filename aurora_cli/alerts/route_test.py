"""``aurora alerts test``: a test message through a route."""

from pathlib import Path

import typer

from aurora_cli import configuration, exit_codes, output
from aurora_cli.alerts.context import log_to_stderr
from aurora_cli.exit_codes import UsageError
from aurora_cli.sanitize import in_lines, in_one_line
from aurora_core.alerting import AlertSeverity
from aurora_core.alerting.channels.base import Channel, DeliveryError
from aurora_core.alerting.factory import build_channels, hostname
from aurora_core.alerting.notification import Notification, build_test_notification
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.config.settings import Settings
from aurora_core.config.suggest import closest_match


def run(config: Path | None, route: str, *, dry_run: bool) -> int:
    """Send a test through each channel of the route, or show it; 1 if a channel does not accept it."""
    settings, _ = configuration.load(config)
    log_to_stderr(settings)
    channels = _select_channels(settings, route)
    notification = build_test_notification(SYSTEM_CLOCK.wall(), hostname())
    accepted = [_send(name, channel, notification, dry_run=dry_run) for name, channel in channels]
    return exit_codes.GOOD if all(accepted) else exit_codes.NOT_GOOD


def _select_channels(settings: Settings, route: str) -> list[tuple[str, Channel]]:
    """Return the channel of that name, or all channels of the severity."""
    channels = build_channels(settings)
    severities = [severity.value for severity in AlertSeverity]
    if route in channels:
        return [(route, channels[route])]
    if route not in severities:
        known = [*severities, *channels]
        near = closest_match(route, known)
        hint = f"did you mean {near}?" if near else f"expected one of {', '.join(known)}"
        raise UsageError(f"unknown route {route!r}: no such severity or channel; {hint}")
    names = settings.alerts.channels_for(AlertSeverity(route))
    missing = [name for name in names if name not in channels]
    if missing or not names:
        problem = f"references undefined channel {missing[0]!r}" if missing else "names no channel"
        raise UsageError(f"alerts.routes.{route} {problem}; see `aurora check-config`")
    return [(name, channels[name]) for name in names]


def _send(name: str, channel: Channel, notification: Notification, *, dry_run: bool) -> bool:
    try:
        if dry_run:
            output.write_text(f"{name}:\n{in_lines(channel.payload(notification))}\n", None)
        else:
            output.write_text(f"{name}: {in_one_line(channel.send(notification))}\n", None)
    except DeliveryError as error:
        typer.echo(f"aurora: {name}: {in_one_line(str(error))}", err=True)
        return False
    return True
