"""What the tests of the live objects share."""

import pytest
from resilience_doubles import Parts

from aurora_core.manual_clock import ManualClock


@pytest.fixture
def clock():
    return ManualClock(now=1000.0, wall=1_766_480_400.0)


@pytest.fixture(params=["sync", "async"])
def parts(clock, request):
    return lambda **changes: Parts(clock, request.param, **changes)
