"""A store on a manual clock, and minutes measured into it."""

import pytest
from alerting_helpers import BEGAN_S, RULE

from aurora_core.alerting.dispatcher import ChannelWorker
from aurora_core.alerting.evaluator import RuleEvaluator
from aurora_core.alerting.state import RuleConfig
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
def store(path):
    return MetricsStore(path).alert_store()


@pytest.fixture
def measure(path, clock):
    """``measure(bad)``: a minute of ten calls, all bad or all good; None: no process was running."""
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
def build_evaluator(store):
    """``build_evaluator(config, ..)``: as each process builds its own."""

    def build(*configs, channels=("team",), of=None, masker=None):
        return RuleEvaluator(
            of or store,
            configs or [RuleConfig(RULE)],
            lambda _: channels,
            host="host",
            availability=0.999,
            masker=masker or Masker(),
        )

    return build


@pytest.fixture
def build_worker(store, clock):
    def build(channel, name="team", give_up_s=86_400.0, masker=None):
        return ChannelWorker(name, channel, store, clock, give_up_s, masker or Masker())

    return build
