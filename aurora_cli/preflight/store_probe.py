"""Read the metrics store's recent data."""

from dataclasses import dataclass

from aurora_cli.findings import Evidence
from aurora_cli.preflight.context import Context
from aurora_core.errors import StoreError
from aurora_core.metrics import Metrics
from aurora_core.metrics.rollup_row import sum_by
from aurora_core.store import open_store
from aurora_core.store.metrics import MetricsBackend


@dataclass(frozen=True)
class StoreData:
    """``minutes`` with a heartbeat and their metrics, or the ``problem`` with the store."""

    url: str
    minutes: int
    metrics: Metrics | None
    problem: str

    @property
    def evidence(self) -> Evidence:
        """The store, and how much it holds."""
        calls = self.metrics["query_count"] if self.metrics else 0
        return Evidence("store", self.url, self.problem or f"{self.minutes} minutes, {calls} calls")


def store_of(context: Context) -> MetricsBackend:
    """Return the metrics store of ``store.url``, a relative path taken from the root."""
    return open_store(context.settings.store.location.relative_to(context.root))


def read_store(context: Context, seconds: int) -> StoreData:
    """Read the last ``seconds`` of ``store.url``."""
    store = store_of(context)
    try:
        slices = store.read(int(context.now_s) - seconds, int(context.now_s) + 60)
    except StoreError as error:
        return StoreData(store.url, 0, None, str(error))
    total = sum_by(slices, lambda _: None).get(None)
    minutes = len({piece.start_s for piece in slices})
    return StoreData(store.url, minutes, None if total is None else total.metrics(), "")
