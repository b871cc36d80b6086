"""Streams and formats."""

import csv
import io
import json
import math
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime

import jsonschema
import pytest

from aurora_cli.documents import Cell, Chart, Document, Series, Table
from aurora_cli.documents.number_format import count, duration
from aurora_cli.documents.render import csv as csv_form
from aurora_cli.documents.render import json as json_form
from aurora_cli.documents.render import text as text_format
from aurora_cli.exit_codes import Verdict

PROGRAM = [sys.executable, "-c", "from aurora_cli.app import main; main()"]


def document(**changes):
    fields = {
        "command": "test",
        "summary": {"b": math.nan, "a": "ü"},
        "results": [{"policy": {"rpm": 1}, "list": [1], "nan": math.nan}],
        "parts": [],
        "verdict": Verdict.GOOD,
        "exit_code": 0,
        "conclusion": "done",
    }
    return Document(**{**fields, **changes})


def test_stdout_carries_the_product_and_stderr_nothing_where_all_is_well(aurora, log):
    _, out, err = aurora("simulate", log)
    assert out.startswith("Log\n")
    assert err == ""


def test_the_last_line_says_what_decided(aurora, log):
    out = aurora("simulate", log, "--goal", "p95<1ms")[1]
    assert out.splitlines()[-1].startswith("GOAL MISSED: p95<1ms is ")


def test_piped_text_is_plain_and_not_wrapped(aurora, log):
    out = aurora("simulate", log, "--rpm", "10,20,30,40,50,60,70,80,90")[1]
    assert "\x1b" not in out
    assert not set(out) & set("│┃━─╭")
    header = next(line for line in out.splitlines() if "10 rpm" in line)
    assert "90 rpm" in header
    assert not any(line != line.rstrip() for line in out.splitlines())


def test_json_is_the_envelope_and_keeps_to_its_schema(aurora, log):
    exit_code, out, _ = aurora("simulate", log, "--rpm", "30,60", "--format", "json", "--goal", "p95<1ms")
    answer = json.loads(out)
    jsonschema.validate(answer, json.loads(aurora("simulate", "--schema")[1]))
    assert set(answer) == {
        "schema", "aurora", "generated_at", "config", "verdict", "exit_code", "summary", "results",
    }  # fmt: skip
    assert (answer["schema"], answer["verdict"], answer["exit_code"]) == (
        "aurora.simulate/1",
        "not good",
        exit_code,
    )
    assert [result["policy"]["rate_limit"]["rpm"] for result in answer["results"]] == [30, 60]
    assert answer["summary"]["log"]["queries"] == 100


def test_json_has_sorted_keys_utf_8_one_newline_and_null_for_nan(monkeypatch):
    monkeypatch.setattr(json_form.output, "moment", lambda: datetime(2025, 12, 23, tzinfo=UTC))
    text = json_form.render(document())
    assert text.endswith("}\n")
    assert "ü" in text
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert json.loads(text)["summary"] == {"a": "ü", "b": None}
    assert json.loads(text)["generated_at"] == "2025-12-23T00:00:00+00:00"


def test_json_is_utf_8_whatever_the_encoding_of_the_terminal(log, folder):
    log.rename(folder / "anfragen-ü.csv")
    done = subprocess.run(
        [*PROGRAM, "simulate", "anfragen-ü.csv", "--format", "json"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert json.loads(done.stdout.decode("utf-8"))["summary"]["log"]["files"] == ["anfragen-ü.csv"]


@pytest.mark.parametrize(
    ("closed", "arguments", "expected"),
    [
        (1, ["simulate", "{log}"], 0),
        (2, ["simulate", "{log}"], 0),
        (2, ["simulate", "no-such-file"], 2),
        (0, ["simulate", "-"], 3),
    ],
)
def test_a_stream_that_was_closed_before_is_as_good_as_none(log, closed, arguments, expected):
    command = [*PROGRAM, *(argument.format(log=log) for argument in arguments)]
    shell = f'exec "$@" {closed}>&-'
    done = subprocess.run(["sh", "-c", shell, "sh", *command], capture_output=True, check=False)
    assert done.returncode == expected
    assert b"Traceback" not in done.stderr


def test_a_name_that_is_no_text_is_written_as_an_escape():
    undecoded = b"\xff.csv".decode("utf-8", "surrogateescape")
    (line, _) = text_format.render(document(parts=[Table("", [], [[Cell(undecoded)]])]), ascii_only=False)[:2]
    assert line.plain == "  \\udcff.csv"
    text = json_form.render(document(summary={"file": undecoded}))
    written = text.encode("utf-8", "backslashreplace")
    assert json.loads(written)["summary"]["file"] == undecoded


def test_colour_can_be_forced_into_a_pipe_without_anything_moving(aurora, log, monkeypatch):
    plain = aurora("simulate", log)[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    _, out, err = aurora("simulate", log)
    assert "\x1b[1mLog" in out
    assert re.sub(r"\x1b\[[0-9;]*m", "", out) == plain
    assert err == ""


def test_csv_has_one_row_a_policy(aurora, log):
    out = aurora("simulate", log, "--rpm", "30,60", "--format", "csv")[1]
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["policy.rate_limit.rpm"] for row in rows] == ["30.0", "60.0"]
    assert rows[0]["queries.total"] == "100"
    assert csv_form.render(document()) == "policy.rpm,nan\n1,\n"


@pytest.mark.parametrize("limits", ["30,off", "off,30"])
def test_without_a_limit_the_fields_of_the_limit_are_empty(aurora, log, limits):
    exit_code, out, _ = aurora("simulate", log, "--rpm", limits, "--format", "csv")
    assert exit_code == 0
    rpms = {row["policy.name"]: row["policy.rate_limit.rpm"] for row in csv.DictReader(io.StringIO(out))}
    assert rpms == {"30 rpm": "30.0", "no limit": ""}


def test_the_forms_say_the_same(aurora, log):
    text = aurora("simulate", log)[1]
    queries = json.loads(aurora("simulate", log, "--format", "json")[1])["results"][0]["queries"]
    row = next(csv.DictReader(io.StringIO(aurora("simulate", log, "--format", "csv")[1])))
    for name, label in (("first_try", "first try"), ("recovered", "recovered")):
        line = next(line for line in text.splitlines() if label in line)
        assert str(queries[name]) == row[f"queries.{name}"]
        assert f" {queries[name]} " in line


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_file_holds_what_standard_output_would(aurora, log, folder, form):
    _, out, _ = aurora("simulate", log, "--format", form)
    exit_code, nothing, _ = aurora("simulate", log, "--format", form, "-o", "answer")
    assert (exit_code, nothing) == (0, "")
    written = (folder / "answer").read_text(encoding="utf-8")
    if form == "json":
        out, written = ({**json.loads(text), "generated_at": ""} for text in (out, written))
    assert written == out
    assert sorted(path.name for path in folder.iterdir()) == ["answer", "queries.csv"]


def test_a_file_is_written_whole_or_not_at_all(aurora, log, folder, monkeypatch):
    (folder / "answer").write_text("old")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    exit_code, _, err = aurora("simulate", log, "-o", "answer")
    monkeypatch.undo()
    assert exit_code == 2
    assert "No space left on device" in err
    assert (folder / "answer").read_text() == "old"
    assert sorted(path.name for path in folder.iterdir()) == ["answer", "queries.csv"]


def test_a_folder_is_no_file_to_write_to(aurora, log, folder):
    exit_code, _, err = aurora("simulate", log, "-o", folder)
    assert exit_code == 2
    assert "is a folder" in err


def test_names_from_outside_print_as_they_are(aurora, folder):
    (folder / "[red]x[bold].csv").write_text("time,latency_ms,status\n1,5,[/x]\n2,5,[bold]ok\n")
    out = aurora("simulate", "[[]red]x*.csv")[1]
    assert "[red]x[bold].csv" in out
    assert "[/x] (1)" in out
    assert "[bold]ok (1)" in out


def test_control_characters_from_outside_do_not_reach_the_terminal(aurora, folder):
    (folder / "x.csv").write_text('time,latency_ms,status\n1,5,"\x1b[31mred\x07"\n2,5,"two\nlines"\n')
    out = aurora("simulate", "x.csv", "--max-bad-lines", "100%")[1]
    assert "\x1b" not in out
    assert "\x07" not in out
    assert r"\x1b[31mred\x07 (1), two\x0alines (1)" in out


def test_nor_by_way_of_an_error(aurora):
    assert r"no file matches `\x1b[31m*.csv`" in aurora("simulate", "\x1b[31m*.csv")[2]


def test_where_the_encoding_is_not_utf_8_the_text_is_ascii(log):
    done = subprocess.run(
        [*PROGRAM, "simulate", str(log)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert done.stdout.isascii()
    assert b"Over time" in done.stdout


def in_a_terminal(arguments, columns, **environment):
    """Run in a pseudo-terminal and return what it shows."""
    ours, theirs = pty.openpty()
    wanted = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), **environment}
    process = subprocess.Popen([*PROGRAM, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=wanted)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait(60) == 0
    return shown.decode()


@pytest.mark.parametrize("columns", [80, 120])
def test_on_a_terminal_there_is_colour_and_the_timeline_fits(log, columns):
    shown = in_a_terminal(["simulate", str(log)], columns)
    assert "\x1b[" in shown
    chart = shown[shown.index("Over time") : shown.index("SLA")]
    stripped = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in chart.splitlines()]
    assert max(map(len, stripped)) <= columns
    assert max(map(len, stripped)) > columns - 40


@pytest.mark.parametrize("quiet", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_can_be_switched_off(log, quiet):
    shown = in_a_terminal(["simulate", str(log)], 100, **quiet)
    assert "\x1b[3" not in shown


def test_a_table_of_words_is_aligned_to_the_left_and_of_figures_to_the_right():
    words = Table("Words", [], [[Cell("a"), Cell("b")], [Cell("long"), Cell("longer")]])
    figures = Table("Stats", ["", "n"], [[Cell("a"), Cell("1")], [Cell("long"), Cell("1,000")]], "a note")
    lines = [line.plain for line in text_format.render(document(parts=[words, figures]), ascii_only=False)]
    assert lines == [
        "Words", "  a     b", "  long  longer", "",
        "Stats", "            n", "  a         1", "  long  1,000", "  a note", "",
        "done",
    ]  # fmt: skip


def test_a_chart_scales_to_its_largest_and_leaves_no_data_blank():
    chart = Chart(
        "Over", [Series("x", [0.0, 1.0, 8.0, math.nan], "max 8"), Series("yy", [0.0] * 4, "max 0")], "a", "b"
    )
    lines = [line.plain for line in text_format.render(document(parts=[chart]), ascii_only=False)]
    assert lines[:4] == ["Over", "  x    ▁█   max 8", "  yy        max 0", "      a  b"]


@pytest.mark.parametrize(
    ("ms", "written"),
    [
        (math.nan, "no data"), (0, "0"), (3.21, "3.2 ms"), (9.96, "10 ms"), (412.4, "412 ms"),
        (999.6, "1.0 s"), (12_345, "12.3 s"), (99_960, "100 s"), (1_234_567, "1,235 s"),
    ],
)  # fmt: skip
def test_durations_are_written_in_the_unit_that_a_reader_would_choose(ms, written):
    assert duration(ms) == written


def test_counts_have_their_thousands_apart():
    assert count(12_031) == "12,031"


def test_the_schema_can_be_written_to_a_file_too(aurora, folder):
    assert aurora("simulate", "--schema", "-o", "schema.json")[:2] == (0, "")
    assert json.loads((folder / "schema.json").read_text())["title"].startswith("aurora simulate")


def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(aurora, log, folder):
    (folder / "real").write_text("old")
    (folder / "link").symlink_to("real")
    assert aurora("simulate", log, "-o", "link")[0] == 0
    assert (folder / "link").is_symlink()
    assert (folder / "real").read_text().startswith("Log")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")  # noqa: PTH110
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_behind_standard_output_is_said(log, form):
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [*PROGRAM, "simulate", str(log), "--format", form],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr
