"""Evaluate and deliver repeatedly, beside the service: one line per notification."""

import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType

from aurora_cli import exit_codes, output
from aurora_cli.alerts.context import load_context
from aurora_cli.exit_codes import NoVerdictError
from aurora_cli.progress import Progress
from aurora_cli.sanitize import in_one_line
from aurora_core.alerting.service import RunResult
from aurora_core.errors import StoreError


def run(config: Path | None) -> int:
    """Run until interrupted (130) or terminated (0); the messages that are being sent are sent first."""
    gc.enable()  # short commands run without it; the HTTP client of each message leaves cycles behind
    context = load_context(config)
    ended = Event()
    with _on_sigterm(ended.set), closing(context.service.store):
        while not ended.is_set():
            try:
                result = context.service.run_once()
            except StoreError as error:
                raise NoVerdictError(str(error)) from None
            _print_notifications(result)
            with Progress() as progress:
                progress.begin(_describe(result), at_once=True)
                ended.wait(context.settings.alerts.evaluation_interval)
    return exit_codes.GOOD


def _describe(result: RunResult) -> str:
    """Return what the terminal shows between two evaluations."""
    results = result.evaluation.results
    firing = [in_one_line(each.config.rule.name) for each in results if each.state.is_notified]
    moment = datetime.fromtimestamp(result.evaluation.at_s, UTC).strftime("%H:%M:%SZ")
    return f"evaluated {len(results)} rules at {moment}; firing: {', '.join(firing) or 'none'}"


def _print_notifications(result: RunResult) -> None:
    for notification in result.evaluation.notifications:
        moment = datetime.fromtimestamp(notification.at_s, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        output.write_text(f"{moment} {in_one_line(notification.headline)}\n", None)


@contextmanager
def _on_sigterm(end: Callable[[], None]) -> Iterator[None]:
    """Call ``end`` on SIGTERM, with which service managers stop a service."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        end()

    before = signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
