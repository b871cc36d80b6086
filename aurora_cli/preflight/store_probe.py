"""Read the metrics store's recent data."""

from dataclasses import dataclass
from pathlib import Path

from aurora_cli.findings import Evidence
from aurora_cli.preflight.context import Context
from aurora_core.errors import StoreError
from aurora_core.metrics import Metrics
from aurora_core.metrics.slices import added_up
from aurora_core.store.sqlite import read


@dataclass(frozen=True)
class StoreData:
    """``minutes`` with a heartbeat and their metrics, or the ``problem`` with the store."""

    path: Path
    minutes: int
    metrics: Metrics | None
    problem: str

    @property
    def evidence(self) -> Evidence:
        """The store, and how much it holds."""
        calls = self.metrics["query_count"] if self.metrics else 0
        return Evidence("store", str(self.path), self.problem or f"{self.minutes} minutes, {calls} calls")


def read_store(context: Context, seconds: int) -> StoreData:
    """Read the last ``seconds`` of ``store.path``."""
    path = context.path(context.settings.store.path)
    try:
        slices = read(path, int(context.now_s) - seconds, int(context.now_s) + 60)
    except StoreError as error:
        return StoreData(path, 0, None, str(error))
    total = added_up(slices, lambda _: None).get(None)
    minutes = len({piece.start_s for piece in slices})
    return StoreData(path, minutes, None if total is None else total.metrics(), "")
