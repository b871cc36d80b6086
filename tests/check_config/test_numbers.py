"""The numbers that rules work with, held against the live objects that they are about."""

from collections import deque
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cli.check_config.call_bounds import delays_ms, longest_call, max_calls
from aurora_core.config import Settings
from aurora_core.config.sections.rate_limit import RateLimit
from aurora_core.config.sections.retry import Retry
from aurora_core.errors import AuroraError, RateLimitExceeded, RetryError
from aurora_core.manual_clock import ManualClock
from aurora_core.resilience import CircuitBreaker, RateLimiter, RetryHandler
from aurora_core.service import Service

DELAYS = st.just(0.0) | st.floats(1e-6, 1e5)
BURSTS = st.none() | st.integers(1, 30)


def failing():
    raise TimeoutError


@given(st.integers(1, 40), BURSTS, st.integers(1, 200))
def test_no_more_calls_start_in_a_window_than_are_counted_with(rpm, burst, window_s):
    clock = ManualClock()
    limiter = RateLimiter(rpm, 1e9, burst, clock=clock)
    recent, most = deque(), 0
    for _ in range(5 * rpm + 40):
        limiter.wait_if_needed()
        recent.append(clock.now())
        while recent[0] <= clock.now() - window_s + 1e-9:
            recent.popleft()
        most = max(most, len(recent))
    counted = max_calls(RateLimit(rpm=rpm, burst=burst), window_s)
    assert most <= counted
    if burst is None or clock.now() > window_s:
        assert most >= min(counted, 5 * rpm + 40) - (burst is not None)


@given(st.integers(1, 60), st.integers(2, 30))
def test_the_starts_after_a_burst_are_as_many_as_the_rule_says(findings_of, rpm, burst):
    clock = ManualClock()
    limiter = RateLimiter(rpm, 1e9, burst, clock=clock)
    starts = 0
    while True:
        limiter.wait_if_needed()
        if clock.now() > 60 - 1e-9:
            break
        starts += 1
    found = findings_of(f"[llm]\nprovider = 'custom'\n[rate_limit]\nrpm = {rpm}\nburst = {burst}\n")
    assert starts == rpm + burst - 1
    assert f"{rpm} + {burst} - 1 = {starts} requests in one minute" in found["AUR303"][0].message


@given(st.integers(1, 120), st.floats(0, 120), BURSTS)
def test_a_wait_is_too_short_where_the_live_limiter_refuses(findings_of, rpm, max_wait, burst):
    clock = ManualClock()
    limiter = RateLimiter(rpm, max_wait, burst, clock=clock)
    for _ in range(rpm if burst is None else burst):
        limiter.wait_if_needed(1e9)
    refused = False
    try:
        limiter.wait_if_needed()
    except RateLimitExceeded:
        refused = True
    written = "" if burst is None else f"burst = {burst}\n"
    found = findings_of(f"[rate_limit]\nrpm = {rpm}\nmax_wait = {max_wait!r}\n{written}")
    assert ("AUR302" in found) == refused


@given(st.integers(0, 12), DELAYS, DELAYS, st.floats(1, 5))
def test_the_delays_are_those_of_the_live_handler(retries, base, cap, multiplier):
    clock = ManualClock()
    handler = RetryHandler(retries, base, cap, multiplier, clock=clock)
    with pytest.raises(RetryError):
        handler.execute_with_retry(failing)
    settings = Retry(max_retries=retries, base_delay_ms=base, max_delay_ms=cap, backoff_multiplier=multiplier)
    waited = [delay / 1000 for delay in delays_ms(settings) if delay]
    assert clock.sleeps == pytest.approx(waited, rel=1e-9, abs=1e-9)


@given(st.integers(0, 5), st.integers(1, 30), st.integers(0, 120), st.sampled_from([50, 400]))
def test_the_longest_call_is_as_long_as_a_call_that_always_times_out(retries, timeout, asked, base):
    clock = ManualClock()
    settings = Settings.model_validate(
        {
            "llm": {"timeout": timeout},
            "retry": {"max_retries": retries, "max_retry_after": asked, "base_delay_ms": base},
            "rate_limit": {"max_wait": 0},
            "breaker": {"enabled": False},
            "metrics": {"enabled": False},
        }
    )

    def hanging():
        clock.advance(timeout)
        error = TimeoutError()
        error.retry_after = asked
        raise error

    with pytest.raises(RetryError):
        Service(settings, clock=clock).pipeline.call(hanging)
    assert longest_call(settings).total_s == pytest.approx(clock.now())


@given(st.integers(1, 12), st.integers(1, 8))
def test_a_breaker_is_hasty_where_one_failing_call_opens_it(findings_of, threshold, retries):
    clock = ManualClock()
    breaker = CircuitBreaker(threshold, clock=clock)
    handler = RetryHandler(retries, clock=clock)
    with suppress(AuroraError):
        handler.execute_with_retry(lambda: breaker.call(failing))
    found = findings_of(f"[breaker]\nfailure_threshold = {threshold}\n[retry]\nmax_retries = {retries}\n")
    assert ("AUR311" in found) == (breaker.state == "OPEN")


@given(st.sampled_from(["gt", "gte", "lt", "lte"]), st.floats(-1, 2), st.floats(0, 1))
def test_a_rule_that_can_never_fire_does_not_hold_for_any_share(findings_of, comparison, threshold, value):
    rule = f"name = 'r'\nmetric = 'error_rate'\ncomparison = '{comparison}'\nthreshold = {threshold!r}\n"
    silent = "AUR402" in findings_of(f"[[alerts.rules]]\n{rule}")
    (live,) = Settings.model_validate(
        {
            "alerts": {
                "default_rules": False,
                "rules": [
                    {"name": "r", "metric": "error_rate", "comparison": comparison, "threshold": threshold}
                ],
            }
        }
    ).alerts.alert_rules()
    assert not (silent and live.holds(value))
    assert silent or any(live.holds(edge) for edge in (0.0, 1.0, value, threshold))


@pytest.mark.parametrize(("threshold", "fires"), [(999, False), (1000.5, True), (14.4, False)])
def test_a_burn_rate_above_its_ceiling_can_never_be(findings_of, threshold, fires):
    rule = f"name = 'r'\nmetric = 'burn_rate'\ncomparison = 'gt'\nthreshold = {threshold}\n"
    found = findings_of(f"[sla]\navailability = 0.999\n[[alerts.rules]]\n{rule}")
    assert ("AUR402" in found) == fires


def test_the_longest_call_is_reported_with_its_terms(findings_of):
    (finding,) = findings_of('[retry]\ndeadline = "30s"\n')["AUR307"]
    assert finding.severity == "warning"
    assert finding.message == (
        "the longest possible call takes 840 s (4 attempts of 60 s + 3 waits of up to 120 s for Retry-After "
        "(backoff alone: 0.7 s) + 4 waits of up to 60 s for the limiter), above `retry.deadline` = 30 s"
    )


def test_only_rare_waits_beyond_the_deadline_are_but_a_note(findings_of):
    (finding,) = findings_of('[llm]\ntimeout = "5s"\n[retry]\ndeadline = "30s"\n')["AUR307"]
    assert finding.severity == "note"
