"""The alerts of a replay, against a walk through all its minutes."""

import math
import operator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aurora_cli.simulate.watch import WINDOW_MINUTES, watch
from aurora_core.alerting import DEFAULT_RULES

HOLDS = {"gt": operator.gt, "lt": operator.lt, "gte": operator.ge, "lte": operator.le}

CALL = st.tuples(st.integers(0, 1500), st.booleans(), st.sampled_from([1.0, 400.0, 600.0]), st.booleans())


def walked(calls, *, cached):
    """For each rule: the end of the first minute in which it held, and in how many it did."""
    found = {}
    last_minute = max((end // 60 for end, *_ in calls), default=-1) + 1
    for minute in range(1, last_minute + 1):
        seen = [call for call in calls if (minute - WINDOW_MINUTES) * 60 <= call[0] < minute * 60]
        if not seen:
            continue
        metrics = {
            "error_rate": sum(not answered for _, answered, _, _ in seen) / len(seen),
            "p95_latency_ms": np.percentile([latency for _, _, latency, _ in seen], 95),
            "cache_hit_rate": sum(hit for *_, hit in seen) / len(seen) if cached else math.nan,
        }
        for rule in DEFAULT_RULES:
            if HOLDS[rule.comparison](metrics[rule.metric_name], rule.threshold):
                first, minutes = found.get(rule.name, (minute * 60, 0))
                found[rule.name] = (first, minutes + 1)
    return found


def watched(calls, *, cached):
    columns = [np.array(column) for column in zip(*calls, strict=True)] or [np.empty(0)] * 4
    ends, answered, latency, hit = columns
    episodes = watch(
        ends.astype(float),
        answered.astype(bool),
        latency,
        hit.astype(bool) if cached else None,
        DEFAULT_RULES,
    )
    return {episode.rule: (episode.first_s, episode.minutes) for episode in episodes}


@given(st.lists(CALL, max_size=60), st.booleans())
def test_the_alerts_are_those_of_a_walk_through_all_minutes(calls, cached):
    assert watched(calls, cached=cached) == walked(calls, cached=cached)


def test_a_share_of_errors_that_is_just_the_threshold_is_not_above_it():
    calls = [(number, number != 7, 1.0, True) for number in range(20)]
    assert watched(calls, cached=True) == {}
    assert set(watched([*calls, (20, False, 1.0, True)], cached=True)) == {"high_error_rate"}
