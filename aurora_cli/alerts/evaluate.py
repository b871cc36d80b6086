"""One evaluation, for cron: what fires, what was delivered, what could not be."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from aurora_cli import exit_codes
from aurora_cli.alerts.context import AlertContext, load_context
from aurora_cli.alerts.document import AlertStatus, build_document
from aurora_cli.alerts.schema import SCHEMA
from aurora_cli.documents.render.formats import write_document
from aurora_cli.exit_codes import NoVerdictError
from aurora_cli.json_schema import write_schema
from aurora_cli.progress import Progress
from aurora_core.clock import SYSTEM_CLOCK
from aurora_core.errors import StoreError


@dataclass(frozen=True)
class EvaluateOptions:
    """The options of the command line."""

    config: Path | None
    resend: bool
    format: Literal["text", "json"]
    output: Path | None


def run(options: EvaluateOptions) -> int:
    """Evaluate, deliver and report; the exit code is 1 while a rule fires."""
    context = load_context(options.config)
    try:
        with Progress() as progress:
            progress.begin("evaluating the rules and delivering notifications", at_once=True)
            status = _evaluate(context, resend=options.resend)
    except StoreError as error:
        raise NoVerdictError(str(error)) from None
    finally:
        context.service.stop()
    document = build_document(status, context.file)
    write_document(document, options.format, options.output)
    return document.exit_code


def print_schema(path: Path | None) -> int:
    """Write the JSON Schema of ``--format json``."""
    write_schema(SCHEMA, path)
    return exit_codes.GOOD


def _evaluate(context: AlertContext, *, resend: bool) -> AlertStatus:
    store = context.service.store
    if resend:
        store.resend(SYSTEM_CLOCK.wall())
    result = context.service.run_once()
    return AlertStatus(str(context.settings.store.location), result, store.channel_stats())
