"""What the metrics store has of the last while."""

from dataclasses import dataclass
from pathlib import Path

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Evidence
from aurora_core.errors import StoreError
from aurora_core.metrics import Metrics
from aurora_core.metrics.rollup_row import sum_by
from aurora_core.store.sqlite import read


@dataclass(frozen=True)
class Measured:
    """``minutes`` with a heartbeat and what they come to, or the ``problem`` with the store."""

    path: Path
    minutes: int
    metrics: Metrics | None
    problem: str

    @property
    def evidence(self) -> Evidence:
        """The store, and what was seen in it."""
        calls = self.metrics["query_count"] if self.metrics else 0
        return Evidence("store", str(self.path), self.problem or f"{self.minutes} minutes, {calls} calls")


def measured(context: Context, seconds: int) -> Measured:
    """Read the last so many seconds of ``store.path``."""
    path = context.path(context.settings.store.path)
    try:
        slices = read(path, int(context.now_s) - seconds, int(context.now_s) + 60)
    except StoreError as error:
        return Measured(path, 0, None, str(error))
    total = sum_by(slices, lambda _: None).get(None)
    minutes = len({piece.start_s for piece in slices})
    return Measured(path, minutes, None if total is None else total.metrics(), "")
