"""Look again and again, for who runs it beside the service: a line a message."""

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType

from aurora_cli import exits, output
from aurora_cli.alerts.ground import ground
from aurora_cli.exits import NoVerdict
from aurora_cli.plain import in_one_line
from aurora_cli.progress import Progress
from aurora_core.delivery.delivery import Round
from aurora_core.errors import StoreError


def run(config: Path | None) -> int:
    """Go on until it is interrupted (130), or told to end (0): what is being sent is sent first."""
    on = ground(config)
    ended = Event()
    with _ending(ended.set), closing(on.delivery.book):
        while not ended.is_set():
            try:
                done = on.delivery.once()
            except StoreError as error:
                raise NoVerdict(str(error)) from None
            _tell(done)
            with Progress() as progress:
                progress.begin(_standing(done), at_once=True)
                ended.wait(on.settings.alerts.every)
    return exits.GOOD


def _standing(done: Round) -> str:
    """What who sits before it sees between two looks."""
    firing = [seen.watch.rule.name for seen in done.look.seen if seen.state.is_told]
    moment = datetime.fromtimestamp(done.look.at_s, UTC).strftime("%H:%M:%SZ")
    told = ", ".join(map(in_one_line, firing)) or "none"
    return f"looked at {len(done.look.seen)} rules at {moment}; firing: {told}"


def _tell(done: Round) -> None:
    for notice in done.look.posted:
        moment = datetime.fromtimestamp(notice.at_s, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        output.write_text(f"{moment} {in_one_line(notice.headline)}\n", None)


@contextmanager
def _ending(end: Callable[[], None]) -> Iterator[None]:
    """Whoever runs services ends them with SIGTERM."""

    def told(_number: int, _frame: FrameType | None) -> None:
        end()

    before = signal.signal(signal.SIGTERM, told)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
