"""Jitter by its closed forms, and huge numbers of retries."""

import math
from statistics import fmean

import pytest

from aurora_core.laws import backoff
from aurora_core.resilience.policies import retry_policy

EVENLY = [(number + 0.5) / 1000 for number in range(1000)]


@pytest.mark.parametrize(("jitter", "share"), [("none", 1.0), ("full", 0.5), ("equal", 0.75)])
@pytest.mark.parametrize("retry", [0, 3, 50])
def test_the_mean_delay_is_the_closed_form(jitter, share, retry):
    policy = retry_policy(jitter=jitter).backoff
    exact = min(5.0, 0.1 * 2.0**retry)
    assert fmean(backoff.delay(policy, retry, u) for u in EVENLY) == pytest.approx(share * exact)


@pytest.mark.parametrize("jitter", ["full", "equal"])
def test_clients_at_the_cap_still_spread(jitter):
    policy = retry_policy(jitter=jitter).backoff
    assert len({backoff.delay(policy, 1000, u) for u in EVENLY}) == len(EVENLY)


@pytest.mark.parametrize("multiplier", [1.0, 1.0000001, 2.0, 1e300])
@pytest.mark.parametrize("retry", [1, 10_000, 10**18])
def test_no_number_of_retries_overflows(multiplier, retry):
    policy = retry_policy(base_delay_ms=1e-6, max_delay_ms=1e12, backoff_multiplier=multiplier).backoff
    delay = backoff.delay(policy, retry, 0.0)
    assert math.isfinite(delay)
    assert 0.999e-9 <= delay <= 1e9
