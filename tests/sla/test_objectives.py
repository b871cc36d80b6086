"""The guide's targets, and how figures stand against them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.metrics import MetricsCollector
from aurora_core.sla import DEFAULT_OBJECTIVES, evaluate_objectives, format_percent_floor, sla_met

GOOD = {"error_rate": 0.0005, "p95_latency_ms": 420.0, "cache_hit_rate": 0.4}


def states(metrics):
    return {result.objective.name: result.state for result in evaluate_objectives(metrics)}


def test_the_targets_are_the_guides_table():
    assert [(o.name, o.target, o.alert_threshold) for o in DEFAULT_OBJECTIVES] == [
        ("availability", 0.999, 0.995),
        ("p95_latency", 500.0, 1000.0),
        ("error_rate", 0.01, 0.05),
        ("cache_hit_rate", 0.30, 0.20),
    ]


def test_good_figures_meet_every_objective():
    assert set(states(GOOD).values()) == {"met"}
    assert sla_met(evaluate_objectives(GOOD)) is True


@pytest.mark.parametrize(
    ("change", "breached"),
    [
        ({"error_rate": 0.002}, {"availability"}),
        ({"error_rate": 0.02}, {"availability", "error_rate"}),
        ({"p95_latency_ms": 500.0}, {"p95_latency"}),
    ],
)
def test_a_required_objective_that_is_missed_breaches_the_sla(change, breached):
    metrics = {**GOOD, **change}
    assert {name for name, state in states(metrics).items() if state == "breached"} == breached
    assert sla_met(evaluate_objectives(metrics)) is False


def test_availability_is_one_less_the_error_rate_and_met_at_its_target():
    assert states({**GOOD, "error_rate": 1 - 0.999})["availability"] == "met"


def test_the_cache_hit_rate_is_reported_and_breaches_nothing():
    metrics = {**GOOD, "cache_hit_rate": 0.1}
    assert states(metrics)["cache_hit_rate"] == "breached"
    assert sla_met(evaluate_objectives(metrics)) is True


@pytest.mark.parametrize("missing", ["error_rate", "p95_latency_ms"])
@pytest.mark.parametrize("nothing", [math.nan, None])
def test_nothing_measured_is_not_good(missing, nothing):
    assert sla_met(evaluate_objectives({**GOOD, missing: nothing})) is None
    assert sla_met(evaluate_objectives({})) is None


def test_what_a_collector_counted_is_judged_as_it_stands():
    collector = MetricsCollector()
    assert sla_met(evaluate_objectives(collector.get_metrics())) is None
    collector.record_query(250)
    assert sla_met(evaluate_objectives(collector.get_metrics())) is True
    collector.record_query(250, success=False)
    assert sla_met(evaluate_objectives(collector.get_metrics())) is False


def test_availability_by_another_method_is_taken_as_given():
    by_minutes = evaluate_objectives({**GOOD, "availability": 0.99})[0]
    assert (by_minutes.value, by_minutes.state) == (0.99, "breached")


def test_a_breach_stands_even_where_another_figure_has_no_data():
    assert sla_met(evaluate_objectives({"error_rate": 0.5})) is False


@given(st.floats(0, 1), st.integers(0, 4))
def test_a_share_is_floored_and_a_hundred_percent_is_exact(share, digits):
    written = float(format_percent_floor(share, digits).removesuffix(" %"))
    assert written <= share * 100 * (1 + 1e-12)
    assert share * 100 - written < 10.0**-digits * (1 + 1e-9)
    assert (written == 100) == (share == 1.0)


@given(st.integers(1, 10**6), st.data(), st.integers(0, 4))
def test_a_share_of_counts_is_floored_as_whole_numbers_are(whole, data, digits):
    part = data.draw(st.integers(0, whole))
    written = format_percent_floor(part / whole, digits).removesuffix(" %")
    assert round(float(written) * 10**digits) == part * 10 ** (digits + 2) // whole


def test_a_share_is_written_as_it_is():
    assert [format_percent_floor(value) for value in (0.99899, 0.29, 1.0, math.nan)] == [
        "99.89 %",
        "29.00 %",
        "100.00 %",
        "no data",
    ]
