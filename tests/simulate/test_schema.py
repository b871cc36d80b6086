"""The JSON Schema of the answer: whatever it comes to is valid, and nothing else is."""

import json
from datetime import UTC, datetime
from functools import reduce

import jsonschema
import pytest

from aurora_cli.app import run
from aurora_cli.simulate.schema import SCHEMA

VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

OPTIONS = (
    [],
    ["--rpm", "30,60,off", "--goal", "p95<1s", "--goal", "refused<1%"],
    ["--max-wait", "inf", "--burst", "3", "--no-breaker", "--jitter", "full", "--limit-per", "call"],
    ["--provider-rpm", "30", "--provider-limit", "fixed-window", "--provider-retry-after", "next"],
    ["--error-rate", "1", "--scale", "2.5", "--seed", "7", "--goal", "p99<1ms"],
)


@pytest.fixture
def answer(tmp_path, monkeypatch, capsys):
    """The JSON of one run, with a log where one is asked for."""
    monkeypatch.chdir(tmp_path)

    def of(*arguments, log=None):
        if log is not None:
            (tmp_path / "log.csv").write_text(log)
            arguments = ("log.csv", *arguments)
        run(["simulate", "--format", "json", *arguments])
        return json.loads(capsys.readouterr().out)

    return of


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
def test_every_answer_keeps_to_it(answer, options):
    VALIDATOR.validate(answer(*options))


@pytest.mark.parametrize("log", ["time,latency_ms\n1,5\n", "time,latency_ms,status\n1,5,503\n2,5,503\n"])
def test_an_answer_that_lacks_data_keeps_to_it_too(answer, log):
    VALIDATOR.validate(answer(log=log))


@pytest.mark.parametrize(
    "path",
    [
        [], ["summary"], ["summary", "provider"], ["summary", "goals", 0], ["results", 0],
        ["results", 0, "policy"], ["results", 0, "queries"], ["results", 0, "latency_ms"],
        ["results", 0, "sla", 0], ["results", 0, "alerts", 0],
    ],
    ids=str,
)  # fmt: skip
def test_a_name_too_many_or_too_few_does_not(answer, path):
    whole = answer("--goal", "p95<1s")
    part = reduce(lambda value, step: value[step], path, whole)
    part["more"] = 1
    assert not VALIDATOR.is_valid(whole)
    del part["more"]
    assert VALIDATOR.is_valid(whole)
    del part[next(iter(part))]
    assert not VALIDATOR.is_valid(whole)


def test_an_unmeasured_figure_is_null_wherever_it_stands(answer):
    only = answer(log="time,latency_ms\n1,5\n")["results"][0]
    assert only["recovery_rate"] is None
    assert [row["value"] for row in only["sla"] if row["objective"] == "cache_hit_rate"] == [None]


def test_all_keys_are_sorted_at_every_depth(answer):
    def keys(value):
        if isinstance(value, dict):
            assert list(value) == sorted(value)
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            keys(part)

    keys(answer("--goal", "p95<1s"))


def test_the_moment_is_utc_with_its_offset(answer):
    assert datetime.fromisoformat(answer()["generated_at"]).tzinfo == UTC
