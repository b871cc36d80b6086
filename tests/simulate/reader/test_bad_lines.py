import json

import duckdb
import pytest

from aurora_cli.simulate.reader import NoQueries, ReadOptions, TooManyBadLines, read

LENIENT = ReadOptions(max_bad_share=1.0)


def good(second):
    return {"time": second, "latency_ms": 5}


def shown(report):
    return [(line.line, line.reason) for line in report.bad_examples]


@pytest.mark.parametrize("kind", [None, "gz", "zst"])
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "an empty line"),
        ("   ", "an empty line"),
        ('{"time": 3, "laten', "nothing to read: torn, not valid, or without any of the columns"),
        (
            "Traceback (most recent call last):",
            "nothing to read: torn, not valid, or without any of the columns",
        ),
        ("[1, 2]", "nothing to read: torn, not valid, or without any of the columns"),
        ('{"latency_ms": 5}', "no time"),
        ('{"time": "soon", "latency_ms": 5}', "a value that is no time"),
        ('{"time": 3}', "no latency"),
        ('{"time": 3, "latency_ms": null}', "no latency"),
        ('{"time": 3, "latency_ms": "fast"}', "a latency that is no number"),
        ('{"time": 3, "latency_ms": NaN}', "a latency that is no number"),
        ('{"time": 3, "latency_ms": Infinity}', "a latency that is no number"),
        ('{"time": 3, "latency_ms": -1}', "a negative latency"),
    ],
)
def test_a_bad_json_line_is_counted_and_shown_with_its_number(write, compressed, kind, line, reason):
    path = write("a.jsonl", [good(1), good(2), line, good(4)])
    path = compressed(path, kind) if kind else path
    workload, report = read([path], LENIENT)
    assert len(workload) == 3
    assert shown(report) == [(3, reason)]
    assert report.bad_examples[0].file == path
    assert report.bad_examples[0].excerpt == line
    assert (report.lines, report.bad_lines, report.bad_share) == (4, 1, 0.25)


@pytest.mark.parametrize("kind", [None, "gz", "zst"])
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "an empty line"),
        ("3", "a column is missing"),
        ("3,5,9", "more columns than the header"),
        ('3,"5"x', "a quote that is not closed"),
        ("soon,5", "a value that is no time"),
        (",5", "no time"),
        ("3,", "no latency"),
        ("3,nan", "a latency that is no number"),
        ("3,-5", "a negative latency"),
    ],
)
def test_a_bad_csv_line_is_counted_and_shown_with_its_number(write, compressed, kind, line, reason):
    path = write("a.csv", ["time,latency_ms", "1,5", "2,5", line, "4,5"])
    path = compressed(path, kind) if kind else path
    workload, report = read([path], LENIENT)
    assert len(workload) == 3
    assert shown(report) == [(4, reason)]
    assert (report.lines, report.bad_lines) == (4, 1)


def test_a_quoted_line_end_in_a_csv_moves_the_numbers_and_is_not_bad(write):
    lines = ['time,latency_ms,"what, so"', '1,5,"two', 'lines"', "2,x,b", '3,5,"again', "", 'two"', "4,y,c"]
    workload, report = read([write("a.csv", lines)], LENIENT)
    assert len(workload) == 2
    assert shown(report) == [(4, "a latency that is no number"), (8, "a latency that is no number")]
    assert report.lines == 4


def test_lines_swallowed_by_a_quote_that_is_not_closed_are_bad_too(write):
    lines = ["time,latency_ms", "1,5", '2,"5', *(f"{second},5" for second in range(3, 103))]
    workload, report = read([write("a.csv", lines)], LENIENT)
    assert len(workload) == 1
    assert report.bad_lines == 101


def test_empty_lines_at_the_end_of_a_file_are_not_bad(write):
    for name, first in (("a.jsonl", []), ("a.csv", ["time,latency_ms"])):
        rows = [json.dumps(good(1))] if name == "a.jsonl" else ["1,5"]
        _, report = read([write(name, [*first, *rows, "", ""])])
        assert (report.lines, report.bad_lines) == (1, 0)


def test_the_first_three_bad_lines_are_shown_over_all_files(write):
    one = write("a.jsonl", [good(1), "x", good(2), "y"])
    two = write("b.jsonl", ["", good(1), good(2), "z"])
    _, report = read([one, two], LENIENT)
    assert [(line.file, line.line) for line in report.bad_examples] == [(one, 2), (one, 4), (two, 1)]
    assert report.bad_lines == 4


def test_bad_lines_of_a_parquet_file_are_its_rows(tmp_path):
    path = str(tmp_path / "a.parquet")
    duckdb.execute(f"COPY (FROM (VALUES (1, 5.0), (2, -5.0), (3, NULL)) v(time, latency_ms)) TO '{path}'")
    workload, report = read([path], LENIENT)
    assert len(workload) == 1
    assert shown(report) == [(2, "a negative latency"), (3, "no latency")]


def test_too_many_bad_lines_are_no_verdict_and_the_report_is_with_the_error(write):
    path = write("a.jsonl", [*(good(second) for second in range(98)), "torn", "torn"])
    with pytest.raises(TooManyBadLines, match=r"2 of 100 lines in .* more than 1\.00%") as caught:
        read([path])
    assert caught.value.report.bad_lines == 2
    assert [line.line for line in caught.value.report.bad_examples] == [99, 100]
    _, report = read([path], ReadOptions(max_bad_share=0.02))
    assert report.queries == 98


def test_a_log_without_a_query_is_no_verdict(write):
    message = {"timestamp": "2025-12-23 10:00:00,123", "level": "INFO", "message": "started"}
    with pytest.raises(NoQueries, match="no query in") as caught:
        read([write("a.jsonl", [message] * 3)])
    assert caught.value.report.other_lines == 3
    with pytest.raises(NoQueries):
        read([write("a.csv", ["time,latency_ms"])])


def test_an_excerpt_is_short_and_holds_nothing_that_a_terminal_obeys(write):
    _, report = read([write("a.jsonl", [good(1), "\x1b[31m" + "x" * 500])], LENIENT)
    excerpt = report.bad_examples[0].excerpt
    assert excerpt.startswith("\N{REPLACEMENT CHARACTER}[31mxx")
    assert len(excerpt) < 100


def test_columns_of_the_log_may_bear_any_name(write):
    names = {"time": "t", "latency_ms": "latency_s", "status": "verdict", "key": 'a "b"', "id": "it's"}
    row = {"t": 1, "latency_s": 5, "verdict": "ok", 'a "b"': "k", "it's": 7, "tokens": "x", "key": "y"}
    options = ReadOptions(columns=names)
    header = 't,latency_s,verdict,"a ""b""",it\'s,tokens'
    for path in (write("a.jsonl", [row]), write("a.csv", [header, "1,5,ok,k,7,x"])):
        workload, report = read([path], options)
        assert workload.service_s.tolist() == [0.005]
        assert report.bad_lines == 0
