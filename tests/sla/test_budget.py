"""The error budget and how fast it is spent, held against the workbook."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aurora_core.sla.budget import BURN_ALERTS, BURN_WINDOWS_S, Budget, burn_rate, ceiling, error_budget

MONTH_S = 30 * 86_400
TARGETS = st.floats(0.5, 0.99999)


def test_the_thresholds_for_30_days_are_the_workbooks():
    """Table 5-8: 14.4 over 1 h and 5 m, 6 over 6 h and 30 m, 1 over 3 d and 6 h; and 3 over 1 d and 2 h."""
    assert [(alert.kind, alert.long_s, alert.short_s) for alert in BURN_ALERTS] == [
        ("page", 3600, 300), ("page", 21_600, 1800), ("ticket", 86_400, 7200), ("ticket", 259_200, 21_600),
    ]  # fmt: skip
    assert [alert.threshold(MONTH_S) for alert in BURN_ALERTS] == pytest.approx([14.4, 6, 3, 1])


def test_every_window_of_an_alert_is_one_that_burn_rates_are_told_over():
    assert {window for alert in BURN_ALERTS for window in (alert.long_s, alert.short_s)} <= set(
        BURN_WINDOWS_S
    )


def test_a_target_of_99_9_percent_leaves_a_thousandth():
    budget = error_budget(0.999, 100_000, 25)
    assert budget.allowed == pytest.approx(100)
    assert budget.left == pytest.approx(75)
    assert budget.spent == pytest.approx(0.25)


def test_a_budget_can_be_overspent():
    assert error_budget(0.999, 1000, 3).left == pytest.approx(-2)


def test_without_requests_nothing_is_spent_and_nothing_burns():
    assert math.isnan(error_budget(0.999, 0, 0).spent)
    assert math.isnan(burn_rate(0.999, 0, 0))
    assert Budget(0.0, 1).spent == math.inf


@given(TARGETS, st.integers(1, 10**9), st.data())
def test_a_burn_rate_is_the_share_of_the_budget_spent_and_never_above_its_ceiling(target, requests, data):
    bad = data.draw(st.integers(0, requests))
    rate = burn_rate(target, requests, bad)
    assert rate == pytest.approx(error_budget(target, requests, bad).spent)
    assert rate <= ceiling(target) * (1 + 1e-9)
    assert burn_rate(target, requests, requests) == pytest.approx(ceiling(target))


@given(TARGETS, st.integers(1, 10**6))
def test_burning_at_1_for_the_whole_window_spends_the_budget_to_the_last(target, requests):
    bad = round((1 - target) * requests)
    assume(bad == pytest.approx((1 - target) * requests, rel=1e-3))
    assert burn_rate(target, requests, bad) == pytest.approx(1, rel=1e-2)


@pytest.mark.parametrize("alert", BURN_ALERTS)
def test_at_its_threshold_the_long_window_takes_its_share_of_the_budget(alert):
    """Of evenly spread traffic: the burn rate times the part of the window that the long one is."""
    assert alert.threshold(MONTH_S) * alert.long_s / MONTH_S == pytest.approx(alert.budget_share)
