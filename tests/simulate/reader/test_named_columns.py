import pytest

from aurora_cli.simulate.attempt_status import NON_RETRYABLE, OK, THROTTLED, TRANSIENT
from aurora_cli.simulate.reader import (
    BadOption,
    NotRecognised,
    ReadOptions,
    parse_latency,
    read,
)


def named(**columns):
    return ReadOptions(columns=columns)


def test_any_log_is_read_through_the_columns_that_are_named(write):
    lines = [
        "when;took;how;what;n;nr",
        '2025-01-01 00:00:00;1.5;fine;"a;b";3;1',
        '2025-01-01 00:00:02;0.5;429;"a;b";4;2',
    ]
    options = named(time="when", latency_s="took", status="how", key="what", tokens="n", id="nr")
    workload, report = read([write("x.csv", lines)], options)
    assert report.format == "named columns (CSV)"
    assert workload.service_s.tolist() == [1.5, 0.5]
    assert workload.recorded.tolist() == [OK, THROTTLED]
    assert workload.key.tolist() == [0, 0]
    assert [(value.value, value.count) for value in report.unrecognised_values] == [("fine", 1)]


def test_an_unknown_column_is_answered_with_those_that_are_there(write):
    path = write("x.csv", ["when,took", "2025-01-01,3"])
    with pytest.raises(BadOption, match=r"no column `ts` \(for time\). Columns: `when`, `took`"):
        read([path], named(time="ts"))


def test_an_unknown_role_is_answered_with_those_that_are_known(write):
    with pytest.raises(BadOption, match="`tiem` is nothing that a column can be: one of time, latency_ms"):
        read([write("x.csv", ["when", "2025-01-01"])], named(tiem="when"))


def test_a_log_of_which_nothing_is_recognised_says_its_columns_and_how_to_name_them(write):
    path = write("x.csv", ["when,took", "2025-01-01,3"])
    with pytest.raises(
        NotRecognised, match=r"Columns: `when`, `took`\. Name them, as in `--columns time=NAME"
    ):
        read([path])


def test_naming_the_latency_twice_is_an_error(write):
    with pytest.raises(BadOption, match="either latency_ms or latency_s"):
        read([write("x.csv", ["time,a", "1,2"])], named(latency_ms="a", latency_s="a"))


def test_a_named_json_column_may_come_first_after_many_lines(write):
    rows = [{"time": second, "latency_ms": 1} for second in range(3000)]
    rows[2500]["oops"] = "no answer"
    workload, report = read([write("x.jsonl", rows)], named(error="oops"))
    assert workload.recorded.sum() == TRANSIENT
    assert report.recorded_failures == 1
    with pytest.raises(BadOption, match="no column `ooops`"):
        read([write("x.jsonl", rows)], named(error="ooops"))


def test_an_error_that_only_failing_lines_have_is_found_without_naming(write):
    rows = [{"ts": second, "duration_s": 1} for second in range(3000)]
    rows[2900]["error"] = "RateLimitError: slow down"
    workload, report = read([write("x.jsonl", rows)])
    assert workload.recorded[2900] == THROTTLED
    assert report.outcome == "column `error`"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, OK), (204, OK), (302, OK), ("200.0", OK),
        (408, TRANSIENT), (409, TRANSIENT), (500, TRANSIENT), (507, TRANSIENT), (529, TRANSIENT),
        (429, THROTTLED), (400, NON_RETRYABLE), ("404", NON_RETRYABLE), (422, NON_RETRYABLE),
        (True, OK), (False, TRANSIENT),
        ("OK", OK), ("Success", OK), ("succeeded", OK), ("succeed", OK), ("completed", OK),
        ("error", TRANSIENT), ("Failed", TRANSIENT), ("TIMEOUT", TRANSIENT), ("timeouts", TRANSIENT),
        ("timed out", TRANSIENT), ("Timed-Out", TRANSIENT), ("exception", TRANSIENT),
        ("rate_limited", THROTTLED),
    ],
)  # fmt: skip
def test_a_status_is_understood_as_http_boolean_or_word(write, status, outcome):
    workload, report = read([write("x.jsonl", [{"time": 1, "latency_ms": 5, "status": status}])])
    assert workload.recorded.tolist() == [outcome]
    assert report.unrecognised_values == ()
    assert report.recorded_failures == (outcome != OK)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, OK), ("", OK), (False, OK), (True, TRANSIENT), ("connection reset", TRANSIENT),
        ("RateLimitError: too fast", THROTTLED), ("HTTP 429", THROTTLED),
        ("insufficient_quota", NON_RETRYABLE),
    ],
)  # fmt: skip
def test_any_text_in_an_error_column_is_a_failure(write, error, outcome):
    rows = [{"time": 1, "latency_ms": 5, "error": error}, {"time": 2, "latency_ms": 5, "error": "x"}]
    workload, _ = read([write("x.jsonl", rows)])
    assert workload.recorded.tolist() == [outcome, TRANSIENT]


def test_values_named_as_failed_win_over_everything(write):
    rows = [{"time": 1, "latency_ms": 5, "status": status} for status in ("200", "cut", 404)]
    workload, report = read([write("x.jsonl", rows)], ReadOptions(failed=frozenset({"200", "Cut", "404"})))
    assert workload.recorded.tolist() == [TRANSIENT] * 3
    assert report.success_values == ()


def test_an_unrecognised_status_is_replayed_as_answered_and_shown_with_its_count(write):
    rows = [{"time": second, "latency_ms": 5, "status": "purple"} for second in range(3)]
    workload, report = read([write("x.jsonl", rows)])
    assert workload.recorded.tolist() == [OK] * 3
    assert [(value.column, value.value, value.count) for value in report.unrecognised_values] == [
        ("status", "purple", 3)
    ]


def test_a_column_of_a_thousand_values_is_no_status(write):
    rows = [{"time": second, "latency_ms": 5, "status": f"s{second}"} for second in range(1500)]
    with pytest.raises(BadOption, match="so it is no status"):
        read([write("x.jsonl", rows)])


def test_many_error_texts_are_summed_up(write):
    rows = [{"time": second, "latency_ms": 5, "error": f"no route {second}"} for second in range(1500)]
    _, report = read([write("x.jsonl", rows)])
    assert sum(value.count for value in report.failure_values) == 1500
    assert report.failure_values[-1].value == "(1480 more)"


@pytest.mark.parametrize(
    ("text", "base_s", "per_token_s"),
    [
        ("800ms", 0.8, 0.0),
        ("1.2s", 1.2, 0.0),
        ("300ms+20ms/token", 0.3, 0.02),
        (" 300 ms + 20 ms / token ", 0.3, 0.02),
        ("20ms/token", 0.0, 0.02),
    ],
)
def test_a_latency_is_a_base_and_a_part_for_each_token(text, base_s, per_token_s):
    model = parse_latency(text)
    assert (model.base_s, model.per_token_s) == (base_s, per_token_s)
    assert parse_latency(str(model)) == model


@pytest.mark.parametrize(
    "text", ["", "fast", "800", "-5ms", "nan ms", "1ms+2ms", "1ms/token+2ms/token", "1ms+"]
)
def test_an_unreadable_latency_says_how_to_write_it(text):
    with pytest.raises(ValueError, match=r"write it as 800ms, 1\.2s or 300ms\+20ms/token"):
        parse_latency(text)


def test_a_log_without_latency_and_tokens_is_given_a_flat_one_that_is_stated(write):
    workload, report = read([write("x.csv", ["time,who", "1,a", "2,b"])])
    assert workload.service_s.tolist() == [0.8, 0.8]
    assert report.latency == "assumed, since the log has no latencies: 800ms for every query"


def test_a_stated_latency_wins_over_the_logs_own_and_is_said(write):
    path = write("x.csv", ["time,latency_ms,tokens", "1,5,10", "2,,20"])
    workload, report = read([path], ReadOptions(latency=parse_latency("100ms+10ms/token")))
    assert workload.service_s.tolist() == pytest.approx([0.2, 0.3])
    assert report.latency == "as stated: 100ms+10ms/token, tokens from column `tokens`"


def test_a_latency_by_tokens_needs_tokens(write):
    with pytest.raises(BadOption, match="needs the number of generated tokens"):
        read([write("x.csv", ["time,a", "1,5"])], ReadOptions(latency=parse_latency("1ms/token")))
