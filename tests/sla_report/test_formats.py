"""The report in every form."""

import csv
import io
import json
import re

import jsonschema
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from aurora_cli.sla_report.schema import SCHEMA

BOTH = ("--window", "2026-10-24T00:00..2026-10-26T00:00")
QUIET = ("--window", "2026-10-24T04:30..2026-10-24T09:00")
EVERYTHING = (
    *BOTH, "--group-by", "model", "--backtest-alerts", "--target", "availability=99.95",
    "--tz", "Europe/Berlin", "--exclude", "2026-10-24T12:00..2026-10-24T12:30=the provider's own outage",
)  # fmt: skip
FORMS = ("text", "short", "markdown", "json", "csv", "openmetrics", "html")
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_short_is_a_line_an_objective_and_the_verdict(report):
    exit_code, out, _ = report(*BOTH, "--format", "short")
    lines = out.splitlines()
    assert exit_code == 1
    assert len(lines) == 5
    assert re.fullmatch(r"availability 9\d\.\d\d % >= 99\.9 % breached", lines[0])
    assert lines[1].startswith("P95 latency ")
    assert lines[3].startswith("cache hit rate ")
    assert lines[-1].startswith("SLA BREACHED: availability is ")


def test_text_says_what_was_looked_at_first_and_what_decided_last(report):
    _, out, err = report(*EVERYTHING)
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == (
        "  window                     2026-10-24T00:00..2026-10-26T00:00: "
        "2026-10-24 00:00 to 2026-10-26 00:00, Europe/Berlin"
    )
    assert lines[-1].startswith("SLA BREACHED: ")
    for title in (
        "SLA", "Burn rate of the error budget", "Requests a minute", "Errors a minute", "Latency", "Days",
        "Incidents",
        "Error budget of availability", "Worst hours", "Errors", "Alerts, had they been watched", "By model",
        "Left out",
    ):  # fmt: skip
        assert title in lines
    assert ">= 99.95 %" in out
    assert "the provider's own outage" in out
    assert "no exclusions" in lines[lines.index("SLA") + 1]


def test_json_keeps_to_its_schema(answer, report):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for arguments in (BOTH, QUIET, EVERYTHING, ("--window", "2026-10-24T03:30..2026-10-24T04:00")):
        VALIDATOR.validate(answer(*arguments))
    assert json.loads(report("--schema")[1]) == SCHEMA


@pytest.mark.parametrize(
    "path", [(), ("summary",), ("summary", "metrics"), ("summary", "window"), ("results", 0)]
)
def test_a_name_too_many_or_too_few_does_not(answer, path):
    whole = answer(*BOTH)
    part = whole
    for step in path:
        part = part[step]
    part["more"] = 1
    assert not VALIDATOR.is_valid(whole)
    del part["more"], part[next(iter(part))]
    assert not VALIDATOR.is_valid(whole)


def test_csv_is_a_row_an_objective_with_jsons_names_and_values(report, answer):
    rows = list(csv.DictReader(io.StringIO(report(*BOTH, "--format", "csv")[1])))
    found = answer(*BOTH)["results"]
    assert [row["objective"] for row in rows] == [row["objective"] for row in found]
    for row, result in zip(rows, found, strict=True):
        assert float(row["value"]) == result["value"]
        assert int(row["bad"]) == result["bad"]
        assert row["state"] == result["state"]


def test_openmetrics_is_what_a_collector_reads(report, answer):
    text = report(*BOTH, "--format", "openmetrics")[1]
    families = {family.name: family for family in text_string_to_metric_families(text)}
    found = answer(*BOTH)
    values = {sample.labels["objective"]: sample.value for sample in families["aurora_sla_value"].samples}
    assert values == {row["objective"]: row["value"] for row in found["results"]}
    burning = {
        sample.labels["window_seconds"]: sample.value for sample in families["aurora_sla_burn_rate"].samples
    }
    assert burning == found["summary"]["burn_rates"]
    held = [sample.labels for sample in families["aurora_sla_state"].samples if sample.value == 1.0]
    assert {labels["objective"]: labels["aurora_sla_state"] for labels in held} == {
        row["objective"]: row["state"] for row in found["results"]
    }
    assert families["aurora_sla_coverage"].samples[0].value == found["summary"]["coverage"]


def test_markdown_has_the_verdict_first_and_its_tables(report):
    lines = report(*EVERYTHING, "--format", "markdown")[1].splitlines()
    assert lines[0].startswith("**SLA BREACHED: ")
    assert "### SLA" in lines
    widths = {line.count(" | ") for line in lines[lines.index("### SLA") + 2 :][:6]}
    assert len(widths) == 1


def test_html_is_one_page_without_a_script_or_an_address(report):
    page = report(*EVERYTHING, "--format", "html")[1]
    assert page.startswith("<!doctype html>")
    assert not re.search(r"<script|https?:|url\(|@import|\bsrc=|\bhref=", page)
    assert page.count("<figure>") == 4
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "the provider&#39;s own outage" in page


@pytest.mark.parametrize("form", [form for form in FORMS if form != "json"])
def test_the_same_store_and_moment_give_the_same_bytes(report, form):
    once = report(*EVERYTHING, "--format", form)
    assert report(*EVERYTHING, "--format", form) == once


@pytest.mark.parametrize("form", FORMS)
def test_a_window_without_data_has_every_form_too(report, form):
    exit_code, out, _ = report("--window", "2025-01-01..2025-02-01", "--format", form)
    assert exit_code == 3
    assert out


@pytest.mark.parametrize("form", FORMS)
def test_into_a_file_goes_what_would_go_to_the_terminal(report, tmp_path, form):
    plain = report(*QUIET, "--format", form)[1]
    assert report(*QUIET, "--format", form, "-o", tmp_path / "report")[1] == ""
    written = (tmp_path / "report").read_text(encoding="utf-8")
    if form == "json":
        written, plain = json.loads(written), json.loads(plain)
        del written["generated_at"], plain["generated_at"]
    assert written == plain
