"""The models of a log, and what they decide: the tier whose limit a query takes."""

import duckdb
import pytest
from scenarios import scenario

from aurora_cli.app import run
from aurora_cli.simulate import Scenario, document
from aurora_cli.simulate.prepare import tiers
from aurora_cli.simulate.reader import ReadOptions, read
from aurora_core.config.sections.llm import Llm
from aurora_core.config.sections.rate_limit import RateLimit, Tier

ROWS = [
    {"time": 0, "latency_ms": 5, "model": "gpt-4o"},
    {"time": 1, "latency_ms": 5, "model": "claude-3"},
    {"time": 2, "latency_ms": 5, "model": None},
    {"time": 3, "latency_ms": 5, "model": "gpt-4o"},
]
MINI, CLAUDE = Tier(provider="openai", model="gpt-4o*", rpm=7), Tier(provider="anthropic", model="c*", rpm=3)
WITH_TIERS = scenario(tiers=(MINI, CLAUDE))


def names(workload):
    return [None if index < 0 else workload.models[index] for index in workload.model.tolist()]


def as_csv(rows, column="model"):
    return [f"time,latency_ms,{column}", *(f"{r['time']},{r['latency_ms']},{r['model'] or ''}" for r in rows)]


@pytest.fixture(params=["csv", "jsonl", "parquet"])
def log(write, tmp_path, request):
    """The rows in each kind of file."""
    if request.param == "csv":
        return write("log.csv", as_csv(ROWS))
    path = write("log.jsonl", ROWS)
    if request.param == "parquet":
        target = str(tmp_path / "log.parquet")
        duckdb.connect().execute(f"COPY (FROM read_json_auto('{path}')) TO '{target}'")
        return target
    return path


def test_models_are_read_where_they_are_wanted(log):
    workload, _ = read([log], ReadOptions(with_models=True))
    assert workload.models == ("claude-3", "gpt-4o")
    assert names(workload) == ["gpt-4o", "claude-3", None, "gpt-4o"]


def test_where_they_are_not_wanted_no_text_is_read(log):
    workload, _ = read([log])
    assert (workload.model, workload.models) == (None, ())


@pytest.mark.parametrize("column", ["model", "Model-Name", "deployment"])
def test_the_usual_names_are_recognised(write, column):
    workload, _ = read([write("log.csv", as_csv(ROWS, column))], ReadOptions(with_models=True))
    assert workload.models == ("claude-3", "gpt-4o")


def test_another_name_is_given(write):
    path = write("log.csv", as_csv(ROWS, "engine"))
    assert read([path], ReadOptions(with_models=True))[0].model is None
    named = ReadOptions(columns={"model": "engine"}, with_models=True)
    assert names(read([path], named)[0]) == ["gpt-4o", "claude-3", None, "gpt-4o"]


@pytest.mark.parametrize("empty", ["csv", "jsonl"])
def test_a_log_whose_models_are_all_missing_has_none(write, empty):
    rows = [{**row, "model": None} for row in ROWS]
    path = write("log.csv", as_csv(rows)) if empty == "csv" else write("log.jsonl", rows)
    assert read([path], ReadOptions(with_models=True))[0].model is None


def test_a_shuffled_log_has_the_same_models_in_the_same_places(write):
    same_moment = [{"time": 1, "latency_ms": 5, "model": model} for model in ("b", "a", None, "c")]
    options = ReadOptions(with_models=True)
    one, _ = read([write("one.jsonl", same_moment)], options)
    other, _ = read([write("other.jsonl", same_moment[::-1])], options)
    assert names(one) == names(other)


def test_each_query_takes_the_first_tier_of_its_model_and_one_without_that_of_the_settings(log):
    workload, _ = read([log], ReadOptions(with_models=True))
    assert tiers(workload, WITH_TIERS).tolist() == [1, 2, 0, 1]
    own = Scenario(RateLimit(tiers=(MINI, CLAUDE)), llm=Llm(model="gpt-4o-mini"))
    assert tiers(workload, own).tolist() == [1, 2, 1, 1]


def service_rows(service, workload):
    return [
        [cell.text for cell in row]
        for table in document.service_table(service, workload)
        for row in table.rows
    ]


def test_the_page_says_how_queries_were_spread_over_the_tiers(log):
    workload, _ = read([log], ReadOptions(with_models=True))
    (row,) = service_rows(WITH_TIERS, workload)
    assert row[0] == "tiers"
    assert row[1] == (
        "other models 1, openai/gpt-4o* 2, anthropic/c* 1 queries; chosen by the log's model column, "
        "1 without a model by setting `llm.model`, gpt-4-turbo-preview"
    )


def test_it_says_where_the_settings_model_was_taken_for_want_of_the_logs(log):
    workload, _ = read([log])
    (row,) = service_rows(WITH_TIERS, workload)
    assert row[1] == (
        "other models 4, openai/gpt-4o* 0, anthropic/c* 0 queries; "
        "chosen by setting `llm.model`, gpt-4-turbo-preview"
    )


def test_it_says_how_they_were_spread_over_the_workers(log):
    workload, _ = read([log])
    (row,) = service_rows(scenario(workers=4), workload)
    assert row == ["workers", "4, each with its own limits and breakers; queries dealt at random"]
    assert service_rows(scenario(), workload) == []


def test_the_command_reads_models_where_the_settings_have_tiers(write, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write("log.csv", [line for line in as_csv(ROWS, "engine") if not line.endswith(",")])
    write("aurora.toml", ["[[rate_limit.tiers]]", 'provider = "openai"', 'model = "gpt-4o*"', "rpm = 7"])
    assert run(["simulate", "log.csv", "--columns", "model=engine"]) == 0
    spread = "other models 1, openai/gpt-4o* 2 queries; chosen by the log's model column"
    assert f"Service\n  tiers  {spread}\n" in capsys.readouterr().out
