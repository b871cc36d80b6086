"""What holds for every replay."""

import gzip
import json
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import scenario
from test_three_worlds import providers, scenarios, workloads

from aurora_cli.app import run
from aurora_cli.simulate import Provider, Workload, outcomes, replay
from aurora_cli.simulate.prepare import deal
from aurora_cli.simulate.stats import compute_stats, peak


def even(n, gap, **changes):
    fields = {"service_s": np.full(n, 0.2), "recorded": np.zeros(n, np.int8)}
    return Workload(np.arange(n) * gap, **{**fields, **changes})


def same(one, other):
    for ours, theirs in zip(one.outcomes, other.outcomes, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(one.sent, other.sent)


@settings(deadline=None, max_examples=60)
@given(workloads(), scenarios(), providers)
def test_every_query_ends_once_and_its_times_add_up(workload, policy, provider):
    result = replay(workload, policy, provider)
    out, answer = result.outcomes, compute_stats(workload, result, policy)
    assert answer.total == len(workload) == sum(answer.queries)
    assert answer.attempts == out.attempts.sum() == len(result.sent)
    latency = out.end - workload.arrival_s
    service = (out.attempts - out.throttled) * workload.service_s
    np.testing.assert_allclose(latency, out.wait + out.backoff + service, atol=1e-6)
    assert (out.attempts <= 1 + policy.retry.max_retries).all()
    sent = out.attempts > 0
    assert (np.isnan(out.start) == ~sent).all()
    assert (out.start[sent] >= workload.arrival_s[sent]).all()
    if sent.any():
        assert answer.amplification == out.attempts.sum() / sent.sum()


@settings(deadline=None, max_examples=60)
@given(workloads(), st.integers(1, 30), providers)
def test_never_more_than_n_starts_in_any_rolling_minute(workload, rpm, provider):
    sent = replay(workload, scenario(rpm=rpm, max_wait=math.inf), provider).sent
    for first, last in zip(sent, sent[rpm:], strict=False):
        assert last >= first + 60
    assert peak(sent) <= rpm


@settings(deadline=None, max_examples=60)
@given(workloads(), st.integers(1, 30))
def test_it_is_first_come_first_served_and_work_conserving(workload, rpm):
    policy = scenario(rpm=rpm, max_wait=math.inf, failure_threshold=None)
    out = replay(workload, policy, Provider(error_rate=0.0)).outcomes
    assert (np.diff(out.start) >= 0).all()
    for query in np.flatnonzero(out.start > workload.arrival_s):
        earlier = out.start[:query]
        full = len(earlier) >= rpm and earlier[-rpm] + 60 > workload.arrival_s[query]
        assert full or earlier[-1] > workload.arrival_s[query]


@settings(deadline=None, max_examples=60)
@given(workloads(), st.integers(1, 30), st.sampled_from(["attempt", "call"]), st.integers(1, 3))
def test_the_longest_queue_is_the_most_that_wait_at_one_limiter_when_another_joins(
    workload, rpm, limit_per, workers
):
    service = scenario(rpm=rpm, max_wait=math.inf, failure_threshold=None, per=limit_per, workers=workers)
    result = replay(workload, service, Provider(error_rate=0.0))
    start, arrival, lane = result.outcomes.start, workload.arrival_s, deal(0, len(workload), workers)
    joined = [(lane[: n + 1] == lane[n]) & (start[: n + 1] > arrival[n]) for n in range(len(workload))]
    assert result.longest_queue == max((int(waiting.sum()) for waiting in joined), default=0)


@settings(deadline=None, max_examples=20)
@given(workloads(), scenarios(), providers, st.integers(0, 2**63 - 1))
def test_the_same_seed_gives_the_same_bytes_whatever_the_threads(workload, policy, provider, seed):
    first = replay(workload, policy, provider, seed=seed)
    with ThreadPoolExecutor(3) as pool:
        for again in pool.map(lambda _: replay(workload, policy, provider, seed=seed), range(3)):
            same(first, again)


def test_another_seed_gives_another_run():
    one, other = (replay(even(500, 1.1), provider=Provider(error_rate=0.3), seed=seed) for seed in (1, 2))
    assert not np.array_equal(one.outcomes.end, other.outcomes.end)


def test_an_empty_workload_has_nothing_to_say():
    answer = compute_stats(even(0, 1.0), replay(even(0, 1.0)), scenario())
    assert answer.total == 0
    assert math.isnan(answer.latency_ms.p95)
    assert answer.sla_met is None
    json.dumps(answer.to_json())


@settings(deadline=None)
@given(scenarios(), st.integers(0, 3), st.integers(0, 2**63 - 1))
def test_a_single_query_waits_for_nobody(policy, recorded, seed):
    workload = Workload(np.zeros(1), np.full(1, 0.2), np.full(1, recorded, np.int8))
    result = replay(workload, policy, seed=seed)
    assert result.outcomes.start[0] == 0.0
    assert result.longest_queue <= 1
    assert (result.outcomes.outcome[0] == outcomes.FIRST_TRY) == (recorded == 0)
    assert (result.outcomes.outcome[0] == outcomes.NON_RETRYABLE) == (recorded == 3)


def test_a_provider_that_fails_every_attempt_exhausts_all():
    result = replay(even(50, 2.0), scenario(rpm=None, failure_threshold=None), Provider(error_rate=1.0))
    assert (result.outcomes.outcome == outcomes.RETRIES_EXHAUSTED).all()
    assert (result.outcomes.attempts == 4).all()


def test_a_retry_of_a_recorded_failure_fails_with_the_share_of_the_minute_in_which_it_is_sent():
    """The first minute fails wholly, the second not at all: retries that reach the second succeed."""
    recorded = np.where(np.arange(120) < 60, 1, 0).astype(np.int8)
    policy = scenario(
        rpm=None, failure_threshold=None, max_retries=1, base_delay_ms=10_000, max_delay_ms=10_000
    )
    out = replay(even(120, 1.0, recorded=recorded), policy).outcomes
    lands = np.arange(60) + 0.2 + 10.0
    expected = np.where(lands < 60, outcomes.RETRIES_EXHAUSTED, outcomes.RECOVERED)
    np.testing.assert_array_equal(out.outcome[:60], expected)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_of_the_retries_the_share_fails_that_the_log_shows(share):
    """A hundred queries a minute of which a share failed; each failure is tried once more."""
    n, per_minute = 40_000, 100
    recorded = (np.arange(n) % per_minute < share * per_minute).astype(np.int8)
    policy = scenario(rpm=None, failure_threshold=None, max_retries=1)
    out = replay(even(n, 60 / per_minute, recorded=recorded), policy).outcomes
    failed_again = (out.outcome[recorded == 1] == outcomes.RETRIES_EXHAUSTED).mean()
    assert failed_again == pytest.approx(share, abs=0.02)
    assert (out.attempts == 1 + recorded).all()


def test_a_minute_without_queries_takes_the_share_of_the_nearest_that_has_some():
    recorded = np.array([1, 0], np.int8)
    workload = Workload(np.array([0.0, 600.0]), np.full(2, 0.1), recorded)
    for delay_s, expected in ((240, outcomes.RETRIES_EXHAUSTED), (400, outcomes.RECOVERED)):
        policy = scenario(max_retries=1, base_delay_ms=delay_s * 1e3, max_delay_ms=1e6)
        assert replay(workload, policy).outcomes.outcome[0] == expected


@pytest.fixture
def log(tmp_path):
    rng = np.random.default_rng(5)
    moments = np.round(np.cumsum(rng.exponential(0.7, 600)), 1)
    lines = [
        f"{1_766_480_400 + moment:.3f},{latency:.0f},{status},q{number % 40}"
        for number, (moment, latency, status) in enumerate(
            zip(moments, rng.lognormal(5, 1, 600), rng.choice([200, 200, 200, 503], 600), strict=True)
        )
    ]
    return tmp_path, "time,latency_ms,status,key", lines


def report_of(capsys, *arguments):
    assert run(["simulate", *map(str, arguments), "--format", "json", "--jitter", "full"]) == 0
    return json.loads(capsys.readouterr().out)["results"]


def test_a_shuffled_log_gives_the_same_report(log, capsys):
    folder, header, lines = log
    (folder / "in order.csv").write_text("\n".join([header, *lines]))
    shuffled = [lines[number] for number in np.random.default_rng(6).permutation(len(lines))]
    (folder / "shuffled.csv").write_text("\n".join([header, *shuffled]))
    assert report_of(capsys, folder / "in order.csv") == report_of(capsys, folder / "shuffled.csv")


def test_a_log_in_pieces_gives_the_same_report(log, capsys):
    folder, header, lines = log
    (folder / "whole.csv").write_text("\n".join([header, *lines]))
    for number, cut in enumerate([slice(0, 100), slice(100, 101), slice(101, None)]):
        text = "\n".join([header, *lines[cut]])
        (folder / f"part{number}.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert report_of(capsys, folder / "whole.csv") == report_of(capsys, folder / "part*.csv.gz")
