"""One look, for cron: what fires, what was sent, what could not be."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aurora_cli import exits
from aurora_cli.alerts.ground import Ground, ground
from aurora_cli.alerts.page import Standing, sheet
from aurora_cli.alerts.schema import SCHEMA
from aurora_cli.exits import NoVerdict
from aurora_cli.progress import Progress
from aurora_cli.schemas import write_schema
from aurora_cli.sheets.render.forms import write_sheet
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.errors import StoreError


@dataclass(frozen=True)
class Request:
    """What the command line asked for."""

    config: Path | None
    resend: bool
    form: Literal["text", "json"]
    output: Path | None


def run(request: Request) -> int:
    """Look, deliver, and say how it stands; the exit code is 1 while a rule fires."""
    on = ground(request.config)
    try:
        with Progress() as progress:
            progress.begin("looking, and delivering what there is", at_once=True)
            standing = _looked(on, resend=request.resend)
    except StoreError as error:
        raise NoVerdict(str(error)) from None
    finally:
        on.delivery.stop()
    page = sheet(standing, on.file)
    write_sheet(page, request.form, request.output)
    return page.exit_code


def print_schema(path: Path | None) -> int:
    """Write the JSON Schema of ``--format json``."""
    write_schema(SCHEMA, path)
    return exits.GOOD


def _looked(on: Ground, *, resend: bool) -> Standing:
    if resend:
        on.delivery.book.resend(SYSTEM_CLOCK.wall())
    done = on.delivery.once()
    return Standing(str(on.settings.store.location), done, on.delivery.book.mailboxes())
