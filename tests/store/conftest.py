"""A store of one's own."""

import pytest

from aurora_core.store import MetricsStore


@pytest.fixture
def store(tmp_path):
    made = MetricsStore(tmp_path / "metrics.db")
    yield made
    made.close()
