"""The command as a user has it."""

import csv
import importlib.abc
import inspect
import json
import sys
from collections import Counter

import duckdb
import pytest

from aurora_cli.app import run
from aurora_cli.commands.simulate import simulate
from aurora_core import __version__

GUIDE_VARIABLES = (
    "AURORA_RATE_LIMIT_RPM",
    "AURORA_RATE_LIMIT_MAX_WAIT",
    "AURORA_MAX_RETRIES",
    "AURORA_RETRY_BASE_DELAY_MS",
    "AURORA_RETRY_MAX_DELAY_MS",
)


def results(aurora, *arguments):
    exit_code, out, err = aurora("simulate", *arguments, "--format", "json")
    assert exit_code == 0, err
    return json.loads(out)["results"]


def test_without_a_log_it_replays_the_sample_and_says_so(aurora):
    exit_code, out, _ = aurora("simulate", "--rpm", "60")
    assert exit_code == 0
    assert "built-in sample" in out
    assert "3,988 queries" in out


def test_the_usual_log_is_taken_where_there_is_one(aurora, log):
    log.rename("aurora-queries.jsonl")
    out = aurora("simulate")[1]
    assert "aurora-queries.jsonl" in out
    assert "100 queries" in out


@pytest.mark.parametrize(
    ("name", "queries", "kind"),
    [
        ("azure_llm_conv.csv", 19_366, "Azure LLM inference"),
        ("mooncake_conversation.jsonl.gz", 12_031, "Mooncake"),
    ],
)
def test_real_logs_replay(aurora, shared_data, name, queries, kind):
    exit_code, out, _ = aurora("simulate", shared_data / name, "--rpm", "60,600", "--provider-rpm", "500")
    assert exit_code == 0
    assert f"{queries:,}" in out
    assert kind in out
    assert "300ms+20ms/token" in out


def test_standard_input_is_a_log(aurora, log, monkeypatch):
    with log.open("rb") as stream:
        monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stream, "fileno": stream.fileno})())
        assert results(aurora, "-") == results(aurora, log)


def test_a_limit_a_column_and_off_is_none(aurora, log):
    out = aurora("simulate", log, "--rpm", "30,60,off")[1]
    header = next(line for line in out.splitlines() if "30 rpm" in line)
    assert header.split("  ")[-1].strip() == "no limit"
    waits = [result["wait_ms"]["max"] for result in results(aurora, log, "--rpm", "30,60,off")]
    assert waits[0] > waits[1] > waits[2] == 0


def test_the_guides_variables_count_where_a_flag_is_not_given(aurora, log, monkeypatch):
    monkeypatch.setenv("AURORA_RATE_LIMIT_RPM", "30")
    monkeypatch.setenv("AURORA_RATE_LIMIT_MAX_WAIT", "5")
    monkeypatch.setenv("AURORA_MAX_RETRIES", "1")
    monkeypatch.setenv("AURORA_RETRY_BASE_DELAY_MS", "50")
    monkeypatch.setenv("AURORA_RETRY_MAX_DELAY_MS", "70")
    policy = results(aurora, log)[0]["policy"]
    assert [policy["rate_limit"][name] for name in ("rpm", "max_wait")] == [30, 5]
    assert [policy["retry"][name] for name in ("max_retries", "base_delay_ms", "max_delay_ms")] == [1, 50, 70]
    changed = results(aurora, log, "--rpm", "90", "--max-retries", "2")[0]["policy"]
    assert (changed["rate_limit"]["rpm"], changed["retry"]["max_retries"]) == (90, 2)


def test_every_policy_flag_reaches_the_policy(aurora, log):
    policy = results(
        aurora, log, "--burst", "5", "--multiplier", "3", "--jitter", "equal", "--limit-per", "call",
        "--breaker-threshold", "7", "--breaker-timeout", "9", "--deadline", "11", "--workers", "2",
    )[0]["policy"]  # fmt: skip
    limit, retry, breaker = policy["rate_limit"], policy["retry"], policy["breaker"]
    assert [limit[name] for name in ("burst", "per", "workers")] == [5, "call", 2]
    assert [retry[name] for name in ("backoff_multiplier", "jitter", "deadline")] == [3, "equal", 11]
    assert [breaker[name] for name in ("failure_threshold", "timeout")] == [7, 9]
    assert results(aurora, log, "--no-breaker")[0]["policy"]["breaker"]["enabled"] is False


@pytest.mark.parametrize(
    ("option", "value"),
    [("--workers", "0"), ("--deadline", "0"), ("--max-wait", "-1"), ("--max-retries", "-1")],
)
def test_an_option_out_of_range_is_wrong_usage_and_is_named(aurora, log, option, value):
    exit_code, _, err = aurora("simulate", log, option, value)
    assert exit_code == 2
    assert option.strip("-").replace("-", "_") in err


def test_the_logs_failures_count_unless_an_error_rate_is_given(aurora, log):
    assert results(aurora, log)[0]["queries"]["first_try"] == 90
    assert results(aurora, log, "--error-rate", "0")[0]["queries"]["answered"] == 100


def test_other_values_can_be_failures(aurora, log):
    assert results(aurora, log, "--failed", "ok", "--error-rate", "0")[0]["queries"]["answered"] == 100
    assert (
        results(aurora, log, "--failed", "ok", "--max-retries", "0", "--no-breaker")[0]["queries"]["answered"]
        == 0
    )


def test_columns_can_be_named(aurora, folder):
    (folder / "odd.csv").write_text("wann,dauer\n1,5\n2,7\n")
    found = results(aurora, "odd.csv", "--columns", "time=wann,latency_ms=dauer")[0]
    assert (found["queries"]["total"], found["service_ms"]["max"]) == (2, pytest.approx(7))


def test_a_latency_can_be_assumed(aurora, folder):
    (folder / "bare.csv").write_text("time,tokens\n1,10\n2,20\n")
    found = results(aurora, "bare.csv", "--latency", "100ms+1ms/token")[0]
    assert found["service_ms"]["max"] == pytest.approx(120)


def test_scale_makes_the_traffic_denser(aurora, log):
    plain, double = results(aurora, log, "--rpm", "off"), results(aurora, log, "--rpm", "off", "--scale", "2")
    assert double[0]["peak_starts_per_minute"] > 1.4 * plain[0]["peak_starts_per_minute"]


def test_provider_flags_reach_the_provider(aurora, log):
    arguments = [log, "--rpm", "off", "--provider-rpm", "20", "--no-breaker"]
    for limit in ("sliding-window", "token-bucket", "fixed-window"):
        assert results(aurora, *arguments, "--provider-limit", limit)[0]["provider_429"] > 0
    listening = results(aurora, *arguments)[0]
    blind = results(aurora, *arguments, "--provider-retry-after", "none")[0]
    assert blind["queries"]["retries_exhausted"] > listening["queries"]["retries_exhausted"]


@pytest.mark.parametrize("name", ["trace.csv", "it's a trace.parquet"])
def test_a_trace_has_a_row_a_query_and_counts_to_the_same(aurora, log, folder, name):
    (found,) = results(aurora, log, "--rpm", "20", "--max-wait", "10", "--trace", name)
    with duckdb.connect() as database:
        rows = database.execute("FROM " + "'" + name.replace("'", "''") + "'").fetchall()
        names = [column[0] for column in database.description]
    assert names == [
        "query", "arrival_s", "start_s", "end_s", "attempts", "outcome", "wait_ms", "backoff_ms",
        "service_ms",
    ]  # fmt: skip
    assert [row[0] for row in rows] == list(range(100))
    outcomes = Counter(row[5] for row in rows)
    assert {name: outcomes[name] for name in outcomes} == {
        name: n for name, n in found["queries"].items() if n and name not in ("total", "answered")
    }
    assert sum(row[4] for row in rows) == found["attempts"]
    for row in rows:
        assert (row[2] is None) == (row[4] == 0)
        assert (row[3] - row[1]) * 1000 == pytest.approx(row[6] + row[7] + row[8], abs=1e-6)
    assert sorted(path.name for path in folder.iterdir()) == sorted([name, "queries.csv"])


def test_an_empty_start_is_an_empty_field(aurora, log, folder):
    aurora("simulate", log, "--rpm", "1", "--max-wait", "0", "--trace", "t.csv")
    with (folder / "t.csv").open() as file:
        assert [row["start_s"] for row in csv.DictReader(file)].count("") > 90


def test_without_the_replay_extra_one_line_says_what_to_install(aurora, monkeypatch):
    class Absent(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path=None, target=None):
            if name.partition(".")[0] in {"duckdb", "numpy", "numba"}:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    for name in [
        name for name in sys.modules if name.startswith(("aurora_cli.simulate", "numpy", "duckdb", "numba"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Absent(), *sys.meta_path])
    exit_code, out, err = aurora("simulate")
    assert (exit_code, out) == (2, "")
    assert err.count("\n") == 1
    assert "pip install 'aurora-resilience[replay]'" in err


def test_the_version_and_the_help(aurora):
    assert aurora("--version")[1] == f"aurora {__version__}\n"
    for flag in ("-h", "--help"):
        assert "simulate" in aurora(flag)[1]
        assert "--provider-retry-after" in aurora("simulate", flag)[1]


def test_the_help_names_every_option_and_the_variables_that_stand_for_some(aurora):
    shown = aurora("simulate", "--help")[1]
    for name in inspect.signature(simulate).parameters.keys() - {"ctx", "logs", "output_format"}:
        assert f"--{name.replace('_', '-')}" in shown
    assert "--format" in shown
    for variable in GUIDE_VARIABLES:
        assert variable in "".join(shown.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_can_have_its_completion(shell, monkeypatch, capsys):
    monkeypatch.setenv("_AURORA_COMPLETE", f"source_{shell}")
    assert run([]) == 0
    assert "_AURORA_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "completed"), [("aurora sim", "simulate"), ("aurora simulate --jit", "--jitter")]
)
def test_commands_and_options_are_completed(typed, completed, monkeypatch, capsys):
    monkeypatch.setenv("_AURORA_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    assert run([]) == 0
    assert completed in capsys.readouterr().out.split()
