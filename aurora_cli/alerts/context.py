"""What the commands of this room need: settings, their alert service, and a log on standard error."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from aurora_cli import configuration
from aurora_cli.exit_codes import NoVerdictError
from aurora_core.alerting.factory import build_alert_service
from aurora_core.alerting.service import AlertService
from aurora_core.config.settings import Settings
from aurora_core.errors import StoreError
from aurora_core.logs import configure_logging
from aurora_core.store import open_store


class AlertContext(NamedTuple):
    """``file`` is the configuration in use, {path, sha256}."""

    settings: Settings
    file: Mapping[str, str] | None
    service: AlertService


def load_context(config: Path | None) -> AlertContext:
    """Read the configuration. ``NoVerdictError`` without a store: an evaluation would create an empty one."""
    settings, file = configuration.load(config)
    store = open_store(settings.store.location)
    try:
        exists = store.exists()
    except StoreError as error:
        raise NoVerdictError(str(error)) from None
    if not exists:
        raise NoVerdictError(
            f"no metrics store at {store.url}: a service writes one; "
            "set `store.url` in the configuration to another"
        )
    log_to_stderr(settings)
    return AlertContext(settings, file, build_alert_service(settings))


def log_to_stderr(settings: Settings) -> None:
    """Send what the channel `log` writes to standard error, in the service's own format."""
    logging = settings.logging
    configure_logging(logging.level, logging.format, secrets=settings.known_secrets())
