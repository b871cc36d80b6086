"""A store on a manual clock, and what is measured into it."""

import pytest
from delivery_pieces import BEGAN_S, RULE

from aurora_core.alerting.state import Watch
from aurora_core.delivery.courier import Courier
from aurora_core.delivery.lookout import Lookout
from aurora_core.manual_clock import ManualClock
from aurora_core.metrics import MetricsCollector
from aurora_core.secrets import Masker
from aurora_core.store import MetricsStore


@pytest.fixture
def clock():
    return ManualClock(wall=BEGAN_S)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "metrics.db"


@pytest.fixture
def book(path):
    return MetricsStore(path).alert_book()


@pytest.fixture
def measure(path, clock):
    """``measure(bad)``: a minute of ten calls, all bad or all good; None: nobody lived through it."""
    collector = MetricsCollector(store=MetricsStore(path), source="host:1", clock=clock)

    def minute(bad):
        if bad is None:
            clock.step_wall(60)
            return
        for _ in range(10):
            collector.record_query(100, success=not bad)
        collector.flush()
        clock.advance(60)

    return minute


@pytest.fixture
def lookout(book):
    """``lookout(watch, ..)``: as each process makes one for itself."""

    def made(*watches, channels=("team",), of=None, masker=None):
        return Lookout(
            of or book,
            watches or [Watch(RULE)],
            lambda _: channels,
            place="host",
            availability=0.999,
            masker=masker or Masker(),
        )

    return made


@pytest.fixture
def courier(book, clock):
    def made(channel, name="team", give_up_s=86_400.0, masker=None):
        return Courier(name, channel, book, clock, give_up_s, masker or Masker())

    return made
