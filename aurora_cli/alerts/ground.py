"""What every form of the command stands on: settings, their delivery, a log of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from aurora_cli import configuration
from aurora_cli.exits import NoVerdict
from aurora_core.config.settings import Settings
from aurora_core.delivery.delivery import Delivery
from aurora_core.delivery.settings import delivery_of
from aurora_core.errors import StoreError
from aurora_core.logs import configure_logging
from aurora_core.store import open_store


class Ground(NamedTuple):
    """``file`` is the configuration that was used, {path, sha256}."""

    settings: Settings
    file: Mapping[str, str] | None
    delivery: Delivery


def ground(config: Path | None) -> Ground:
    """Read the configuration. ``NoVerdict`` where there is no store: a look would make an empty one."""
    settings, file = configuration.load(config)
    store = open_store(settings.store.location)
    try:
        exists = store.exists()
    except StoreError as error:
        raise NoVerdict(str(error)) from None
    if not exists:
        raise NoVerdict(
            f"there is no metrics store at {store.url}; a service writes one, "
            "`store.url` in the configuration names another"
        )
    log_to_stderr(settings)
    return Ground(settings, file, delivery_of(settings))


def log_to_stderr(settings: Settings) -> None:
    """What the channel `log` writes goes to standard error, as the service writes its own."""
    logging = settings.logging
    configure_logging(logging.level, logging.format, secrets=settings.known_secrets())
