"""A test message through a route."""

from pathlib import Path

import typer

from aurora_cli import configuration, exits, output
from aurora_cli.alerts.ground import log_to_stderr
from aurora_cli.exits import Usage
from aurora_cli.plain import in_lines, in_one_line
from aurora_core.alerting import AlertSeverity
from aurora_core.alerting.notice import Notice, trial
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.config.settings import Settings
from aurora_core.config.suggest import closest_match
from aurora_core.delivery.channels.channel import Channel, NotTaken
from aurora_core.delivery.settings import channels_of, place


def run(config: Path | None, route: str, *, dry_run: bool) -> int:
    """Send a test through each channel of the route, or show it; 1 where one does not take it."""
    settings, _ = configuration.load(config)
    log_to_stderr(settings)
    notice = trial(SYSTEM_CLOCK.wall(), place())
    done = [_tried(name, channel, notice, dry_run=dry_run) for name, channel in _channels(settings, route)]
    return exits.GOOD if all(done) else exits.NOT_GOOD


def _channels(settings: Settings, route: str) -> list[tuple[str, Channel]]:
    """The channel of that name, or all that hear of the severity."""
    channels = channels_of(settings)
    severities = [severity.value for severity in AlertSeverity]
    if route in channels:
        return [(route, channels[route])]
    if route not in severities:
        known = [*severities, *channels]
        near = closest_match(route, known)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(known)}"
        raise Usage(f"--route {route}: no severity and no channel is called so; {hint}")
    names = settings.alerts.told(AlertSeverity(route))
    missing = [name for name in names if name not in channels]
    if missing or not names:
        what = f"names channel {missing[0]}, which there is not" if missing else "names no channel"
        raise Usage(f"alerts.routes.{route} {what}; see `aurora check-config`")
    return [(name, channels[name]) for name in names]


def _tried(name: str, channel: Channel, notice: Notice, *, dry_run: bool) -> bool:
    try:
        if dry_run:
            output.write_text(f"{name}:\n{in_lines(channel.payload(notice))}\n", None)
        else:
            output.write_text(f"{name}: {in_one_line(channel.send(notice))}\n", None)
    except NotTaken as error:
        typer.echo(f"aurora: {name}: {in_one_line(str(error))}", err=True)
        return False
    return True
