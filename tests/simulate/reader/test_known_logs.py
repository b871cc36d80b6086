from datetime import UTC, datetime

import duckdb
import numpy as np
import pytest

from aurora_cli.simulate.attempt_status import OK, TRANSIENT
from aurora_cli.simulate.reader import read


def service_line(second, latency_ms=100.0, level="INFO", query="q"):
    return {
        "timestamp": f"2025-12-23 10:00:{second:02d},123",
        "level": level,
        "message": "answered",
        "module": "service",
        "function": "ask",
        "query_id": f"{query}{second}",
        "latency_ms": latency_ms,
    }


def test_the_azure_log_is_read_whole_and_its_seven_digits_are_kept(shared_data):
    workload, report = read([str(shared_data / "azure_llm_conv.csv")])
    assert (report.queries, report.lines, report.bad_lines) == (19366, 19366, 0)
    assert report.format == "Azure LLM inference (CSV)"
    assert workload.arrival_s[1] == pytest.approx(4.314579, abs=1e-9)
    assert workload.first_arrival == datetime(2023, 11, 16, 18, 15, 46, 680590, tzinfo=UTC)
    assert workload.service_s[0] == pytest.approx(0.3 + 0.02 * 44)
    assert workload.key is None
    assert "300ms+20ms/token" in report.latency
    assert "assumed" in report.latency


def test_the_mooncake_log_is_read_whole_and_its_key_is_all_of_hash_ids(shared_data):
    path = str(shared_data / "mooncake_conversation.jsonl.gz")
    workload, report = read([path])
    assert (report.queries, report.lines, report.bad_lines) == (12031, 12031, 0)
    assert report.format == "Mooncake (JSON lines)"
    assert report.time == "column `timestamp`, milliseconds from the start of the log"
    assert workload.first_arrival is None
    distinct = f"SELECT count(DISTINCT hash_ids::VARCHAR) FROM read_json('{path}')"
    assert workload.key.max() + 1 == duckdb.sql(distinct).fetchall()[0][0]


@pytest.mark.parametrize("name", ["azure_llm_conv.csv", "mooncake_conversation.jsonl.gz"])
def test_another_reader_finds_the_same_arrivals_in_the_real_logs(shared_data, name):
    table = f"'{shared_data / name}'"
    sql = (
        f"SELECT epoch_ns(TIMESTAMP::TIMESTAMP_NS) t, GeneratedTokens n FROM {table} ORDER BY t, n"
        if name.endswith("csv")
        else f"SELECT timestamp * 1000000 t, output_length n FROM {table} ORDER BY t, n"
    )
    other = duckdb.execute(sql).fetchnumpy()
    workload, _ = read([str(shared_data / name)])
    assert np.array_equal(workload.arrival_s, (other["t"] - other["t"][0]) / 1e9)
    assert np.allclose(workload.service_s, 0.3 + 0.02 * other["n"])


def test_a_line_of_the_service_is_written_at_the_end_so_it_arrived_a_latency_before(write):
    path = write("a.jsonl", [service_line(1, 100.0), service_line(2, 1500.0), service_line(3, 200.0)])
    workload, report = read([path])
    assert workload.first_arrival == datetime(2025, 12, 23, 10, 0, 0, 623000, tzinfo=UTC)
    assert workload.arrival_s.tolist() == [0.0, 0.4, 2.3]
    assert workload.service_s.tolist() == [1.5, 0.1, 0.2]
    assert report.format == "service log (JSON lines)"
    assert "arrival is time less latency" in report.time
    assert report.out_of_order == 0


def test_an_error_of_the_service_is_a_failure_and_so_is_a_critical_one(write):
    levels = ["INFO", "ERROR", "CRITICAL", "WARNING", "DEBUG"]
    path = write("a.jsonl", [service_line(place, 1.0, level) for place, level in enumerate(levels)])
    workload, report = read([path])
    assert workload.recorded.tolist() == [OK, TRANSIENT, TRANSIENT, OK, OK]
    assert report.outcome == "column `level`"
    assert {value.value: value.count for value in report.failure_values} == {"CRITICAL": 1, "ERROR": 1}


def test_lines_of_the_service_without_a_latency_are_other_messages_and_not_bad(write):
    started = {"timestamp": "2025-12-23 09:59:59,000", "level": "INFO", "message": "started"}
    path = write("a.jsonl", [*[started] * 50, service_line(1), started, service_line(2)])
    _, report = read([path])
    assert (report.queries, report.other_lines, report.bad_lines, report.lines) == (2, 51, 0, 53)


BURST = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type"
BURST_WITH_SESSION = (
    "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type"
)


def test_burstgpt_counts_seconds_and_an_empty_answer_is_a_failure(write):
    lines = [BURST, "5,ChatGPT,472,18,490,Conversation log", "45,GPT-4,1087,0,1087,API log"]
    workload, report = read([write("b.csv", lines)])
    assert report.format == "BurstGPT (CSV)"
    assert workload.arrival_s.tolist() == [0.0, 40.0]
    assert workload.service_s.tolist() == pytest.approx([0.66, 0.3])
    assert workload.recorded.tolist() == [OK, TRANSIENT]
    assert report.outcome == "column `Response tokens`"
    assert report.recorded_failures == 1


def test_burstgpt_with_sessions_says_its_latency_in_seconds(write):
    lines = [BURST_WITH_SESSION, "5,7,2.5,ChatGPT,472,18,490,API log", "6.25,7,0.5,GPT-4,9,1,10,API log"]
    workload, report = read([write("b.csv", lines)])
    assert workload.arrival_s.tolist() == [0.0, 1.25]
    assert workload.service_s.tolist() == [2.5, 0.5]
    assert report.latency == "column `Elapsed time`, seconds"


def test_columns_with_common_names_need_no_naming(write):
    lines = [
        "Created-At,Duration Ms,Status Code,Cache Key,request_id",
        "2025-01-01T00:00:00Z,250,200,a,1",
        "2025-01-01T00:00:01Z,500,503,b,2",
        "2025-01-01T00:00:02Z,500,200,a,3",
    ]
    workload, report = read([write("c.csv", lines)])
    assert report.format == "common column names (CSV)"
    assert workload.service_s.tolist() == [0.25, 0.5, 0.5]
    assert workload.recorded.tolist() == [OK, TRANSIENT, OK]
    assert workload.key.tolist() == [0, 1, 0]
