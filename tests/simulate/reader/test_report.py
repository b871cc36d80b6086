import json

from aurora_cli.simulate.reader import read


def test_the_report_is_plain_json_with_sorted_keys_and_its_counts_add_up(write):
    rows = [
        {"time": second, "latency_ms": 5, "status": 200 + second % 2, "id": second // 2}
        for second in range(400)
    ]
    _, report = read([write("a.jsonl", [*rows, "torn"])])
    plain = report.to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert list(plain) == sorted(plain)
    assert list(plain["bad_examples"][0]) == ["excerpt", "file", "line", "reason"]
    assert (
        plain["lines"] == plain["queries"] + plain["duplicates"] + plain["other_lines"] + plain["bad_lines"]
    )
    assert (plain["queries"], plain["duplicates"], plain["bad_lines"]) == (200, 200, 1)


def test_a_log_says_how_long_it_is(write):
    _, report = read([write("a.csv", ["time,latency_ms", "10,5", "70,5"])])
    assert report.span_s == 60.0
    assert (report.out_of_order, report.recorded_failures) == (0, 0)
    assert report.outcome == "no column says: every query counts as answered"
