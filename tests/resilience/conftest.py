"""What the tests of the live objects share."""

import pytest

from aurora_core.clock import ManualClock


@pytest.fixture
def clock():
    return ManualClock(now=1000.0, wall=1_766_480_400.0)
