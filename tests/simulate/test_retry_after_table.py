"""Against a provider that is full, backing off blindly gains nothing; listening does."""

import numpy as np
import pytest
from scenarios import scenario

from aurora_cli.simulate import Provider, Workload, outcomes, replay

CALLS = Workload(np.arange(180) * (20 / 180), np.full(180, 0.3), np.zeros(180, np.int8))
NUMBERS = {"rpm": None, "failure_threshold": None, "max_retries": 3}
POLICY = scenario(**NUMBERS)


def answered_and_sent(policy, retry_after, limit="sliding-window"):
    result = replay(CALLS, policy, Provider(rpm=60, limit=limit, retry_after=retry_after, error_rate=0.0))
    return int((result.outcomes.outcome <= outcomes.RECOVERED).sum()), len(result.sent)


@pytest.mark.parametrize("jitter", ["none", "full", "equal"])
@pytest.mark.parametrize("base_ms", [10, 100, 1000, 5000])
def test_any_blind_backoff_answers_60_of_180_and_sends_540(jitter, base_ms):
    policy = scenario(**{**NUMBERS, "jitter": jitter, "base_delay_ms": base_ms})
    assert answered_and_sent(policy, "none") == (60, 540)


@pytest.mark.parametrize("jitter", ["none", "full", "equal"])
@pytest.mark.parametrize(
    ("base_ms", "cap_ms", "multiplier"), [(100, 200, 2), (1, 10_000, 10), (2000, 12_000, 3)]
)
def test_nor_does_another_cap_or_growth_whose_delays_end_before_the_minute(
    jitter, base_ms, cap_ms, multiplier
):
    changes = {"base_delay_ms": base_ms, "max_delay_ms": cap_ms, "backoff_multiplier": multiplier}
    policy = scenario(**{**NUMBERS, "jitter": jitter, **changes})
    assert answered_and_sent(policy, "none") == (60, 540)
    assert answered_and_sent(policy, "reset") == (180, 360)


@pytest.mark.parametrize("jitter", ["none", "full", "equal"])
def test_honouring_retry_after_answers_all_180(jitter):
    policy = scenario(**{**NUMBERS, "jitter": jitter})
    answered, sent = answered_and_sent(policy, "reset")
    assert (answered, sent) == (180, 360)


@pytest.mark.parametrize("limit", ["sliding-window", "token-bucket", "fixed-window"])
def test_it_answers_all_however_the_provider_counts(limit):
    assert answered_and_sent(POLICY, "reset", limit)[0] == 180


def test_told_of_the_next_place_only_all_come_back_for_that_one():
    answered, _ = answered_and_sent(POLICY, "next")
    assert 60 < answered < 90


def test_the_services_own_limiter_needs_no_429_at_all():
    policy = scenario(**{**NUMBERS, "rpm": 60, "max_wait": 200.0})
    result = replay(CALLS, policy, Provider(rpm=60, error_rate=0.0))
    assert (result.outcomes.outcome == outcomes.FIRST_TRY).all()
    assert result.outcomes.throttled.sum() == 0
