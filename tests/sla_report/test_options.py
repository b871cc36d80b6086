"""The options of the report, and the messages for invalid ones."""

import json
import sqlite3

import pytest
from sla_report_calls import BEGAN_S

from aurora_cli.app import run
from aurora_core.metrics import Rollup
from aurora_core.metrics.rollup_row import to_row
from aurora_core.store import MetricsStore

BOTH = ("--window", "2026-10-24T00:00..2026-10-26T00:00")
QUIET = ("--window", "2026-10-24T04:30..2026-10-24T09:00")


@pytest.fixture
def last_line(report):
    """The exit code, and the last line of standard error."""

    def told(*arguments, **source):
        exit_code, out, err = report(*arguments, **source)
        assert "Traceback" not in err
        return exit_code, (err or out).splitlines()[-1]

    return told


def test_met_breached_and_no_verdict_have_their_exit_codes(last_line):
    lenient = ("--target", "availability=90", "--target", "error_rate=10%", "--target", "p95=2s")
    exit_code, line = last_line(*QUIET, *lenient)
    assert (exit_code, line) == (0, "SLA MET; 100.0 % of the window was measured")
    assert last_line(*BOTH)[0] == 1
    exit_code, line = last_line("--window", "2026-10-24T03:30..2026-10-24T04:00")
    assert exit_code == 3
    assert line == (
        "NO VERDICT: no data for availability, P95 latency, error rate; 0.0 % of the window was measured"
    )


def test_at_risk_is_said_though_it_is_met(last_line, answer):
    rate = answer(*QUIET)["results"][0]["value"]
    target = 1 - (1 - rate) * 1.1  # nine tenths of what this allows are spent
    arguments = (
        *QUIET,
        "--target",
        f"availability={target * 100}",
        "--target",
        "error_rate=10%",
        "--target",
        "p95=2s",
    )
    exit_code, line = last_line(*arguments)
    assert exit_code == 0
    assert line.startswith("SLA MET, at risk: availability")


def test_too_little_was_measured_for_a_verdict_but_a_breach_is_one_all_the_same(last_line):
    window = ("--window", "2026-10-24T00:00..2026-10-24T09:00", "--min-coverage", "95%")
    lenient = ("--target", "availability=90", "--target", "error_rate=10%", "--target", "p95=2s")
    exit_code, line = last_line(*window, *lenient)
    assert (exit_code, line) == (
        3, "NO VERDICT: 89.0 % of the window was measured, below the required 95 %",
    )  # fmt: skip
    assert last_line(*window, "--target", "p95=1ms")[0] == 1


def test_as_if_changes_the_target_and_nothing_else(answer):
    plain, other = answer(*BOTH), answer(*BOTH, "--target", "availability=99.95", "--target", "p95=400ms")
    assert [row["target"] for row in other["results"]] == [0.9995, 400.0, 0.01, 0.3]
    assert other["results"][0]["value"] == plain["results"][0]["value"]
    assert other["results"][0]["budget_allowed"] == pytest.approx(plain["results"][0]["budget_allowed"] / 2)
    assert other["results"][1]["bad"] > plain["results"][1]["bad"]


def test_what_is_excluded_does_not_count_and_is_shown_beside_what_it_was(answer, recorded):
    outage = ("2026-10-24T10:00", "2026-10-24T10:30")
    found = answer(*BOTH, "--exclude", f"{outage[0]}..{outage[1]}=theirs", "--group-by", "source")
    (availability, *_) = found["results"]
    start_s, end_s = BEGAN_S + 36_000, BEGAN_S + 37_800
    query = "SELECT avg(reason IS NULL), count(*) FROM calls"
    raw, calls = recorded[1].execute(query).fetchone()
    adjusted, kept = recorded[1].execute(f"{query} WHERE at_s < {start_s} OR at_s >= {end_s}").fetchone()
    assert availability["without_exclusions"] == pytest.approx(raw)
    assert availability["value"] == pytest.approx(adjusted)
    assert adjusted > raw
    assert found["summary"]["metrics"]["query_count"] == kept < calls
    assert found["summary"]["window"]["minutes"] == 2880 - 30
    assert found["summary"]["measured_minutes"] == 2880 - 30 - 59
    assert sum(group["metrics"]["query_count"] for group in found["summary"]["groups"]) == kept
    assert found["summary"]["excluded"] == [
        {"from": "2026-10-24T10:00:00+00:00", "to": "2026-10-24T10:30:00+00:00", "reason": "theirs"}
    ]


def test_exclusions_from_a_file_and_those_that_overlap_count_once(answer, tmp_path):
    (tmp_path / "gaps.txt").write_text(
        "# announced\n\n2026-10-24T10:00..2026-10-24T10:30=one\n2026-10-24T10:20..2026-10-24T10:40=two\n"
    )
    found = answer(*BOTH, "--exclude-file", tmp_path / "gaps.txt")["summary"]
    assert [gap["reason"] for gap in found["excluded"]] == ["one", "two"]
    assert found["window"]["minutes"] == 2880 - 40


def test_the_day_the_clocks_are_set_back_has_25_hours(answer):
    summary = answer("--window", "2026-10-25", "--tz", "Europe/Berlin", "--group-by", "hour")["summary"]
    assert summary["window"]["minutes"] == 25 * 60
    assert summary["window"]["from"] == "2026-10-24T22:00:00+00:00"
    names = [group["name"] for group in summary["groups"]]
    assert len(names) == 25
    assert names[2:5] == ["2026-10-25 02:00", "2026-10-25 02:00 again", "2026-10-25 03:00"]


def test_a_window_older_than_what_is_kept_is_measured_in_part(report):
    exit_code, out, _ = report("--window", "2026-10-20..2026-10-26")
    assert "2,821 of 8,640 minutes, 32.65 %" in out
    assert exit_code == 1


def test_a_window_that_is_not_over_says_so(report):
    out = report("--window", "2026-10", "--now", "2026-10-25T12:00")[1]
    assert "not over yet: ends 2026-11-01 00:00" in out


def test_the_whole_store(answer):
    summary = answer("--window", "all")["summary"]
    assert summary["window"]["from"] == "2026-10-24T00:00:00+00:00"
    assert summary["window"]["to"] == "2026-10-26T00:01:00+00:00"  # where both processes ended


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--window", "soon"), "invalid --window soon: expected 24h, 30d"),
        (("--window", "2026-10-05..2026-10-05"), "is empty"),
        (("--window", "2026-10-06..2026-10-05"), "ends before it begins"),
        (("--window", "2026-12", "--now", "2026-11-23T12:00"), "is in the future"),
        (("--tz", "Mars/Base"), "no such time zone"),
        (("--now", "yesterday"), "invalid --now yesterday: expected ISO 8601"),
        (("--store", "postgres:x"), "--store: unknown store scheme 'postgres:': expected sqlite: or a path"),
        (("--store", "sqlite:"), "--store: a store needs a path: expected a path, sqlite:PATH or"),
        (("--target", "availabilty=99"), "did you mean availability?"),
        (("--target", "availability"), "expected NAME=TARGET, e.g. availability=99.95"),
        (("--target", "availability=100"), "--target availability: "),
        (("--target", "p95=fast"), "--target p95_latency_ms: "),
        (("--exclude", "2026-10-05..2026-10-06"), "has no reason; write FROM..TO=reason"),
        (("--exclude", "2026-10-06..2026-10-05=x"), "ends before it begins"),
        (("--exclude-file", "none.txt"), "cannot read none.txt: No such file or directory"),
        (("--min-coverage", "lots"), "--min-coverage"),
        (("--group-by", "minute"), "'hour', 'day', 'model', 'source'"),
        (("--format", "pdf"), "'pdf'"),
        (("--config", "none.toml"), "none.toml"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_mistake_is_told_with_what_would_do(report, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exit_code, out, err = report(*arguments)
    assert (exit_code, out) == (2, "")
    assert said in " ".join(err.replace("│", "").split())


def test_a_mistake_in_the_file_of_exclusions_is_told_with_its_line(report, tmp_path):
    (tmp_path / "gaps.txt").write_text("# fine\n2026-10-05..2026-10-06\n")
    assert (
        "gaps.txt:2: --exclude '2026-10-05..2026-10-06' has no reason"
        in report(*BOTH, "--exclude-file", tmp_path / "gaps.txt")[2]
    )
    (tmp_path / "gaps.txt").write_bytes(b"\xff\xfe")
    assert "it is not UTF-8" in report(*BOTH, "--exclude-file", tmp_path / "gaps.txt")[2]


def test_without_a_store_it_says_how_to_come_to_one(report, tmp_path):
    exit_code, out, err = report(source=tmp_path / "none.db")
    assert (exit_code, out) == (3, "")
    assert f"there is no metrics store at {tmp_path / 'none.db'}" in err
    assert "`aurora simulate LOG --store FILE`" in err
    assert not (tmp_path / "none.db").exists()


def test_another_file_is_no_store(report, tmp_path):
    (tmp_path / "text.db").write_text("not a database, but long enough to look like one " * 50)
    (tmp_path / "empty.db").write_bytes(b"")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE slices (x)")
    other.commit()
    other.close()
    for name, said in (
        ("text.db", "not a SQLite database"),
        ("empty.db", "is empty"),
        ("other.db", "another program"),
    ):
        for window in ((), ("--window", "all")):
            exit_code, out, err = report(*window, source=tmp_path / name)
            assert (exit_code, out) == (3, "")
            assert said in err


def test_the_store_is_not_written_over(report, recorded):
    before = recorded[0].read_bytes()
    exit_code, _, err = report(*BOTH, "-o", recorded[0])
    assert exit_code == 2
    assert "is the metrics store" in err
    assert recorded[0].read_bytes() == before


def test_an_interrupt_leaves_no_file(report, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    assert report(*BOTH, "-o", tmp_path / "report.html", "--format", "html")[0] == 130
    assert list(tmp_path.iterdir()) == []


def test_what_names_from_outside_bring_is_shown_harmlessly(tmp_path, capsys):
    total = Rollup()
    total.latency.record(5.0)
    total.errors["[/red]\x1b[31m<b>\n"] = 1
    store = MetricsStore(tmp_path / "m.db")
    store.write([to_row(BEGAN_S, 60, "[bold]host", "<script>", 1, total)])
    store.close()
    for form in ("text", "markdown", "html", "json", "csv", "openmetrics", "short"):
        run(
            [
                "sla-report",
                "--store",
                f"sqlite:{tmp_path / 'm.db'}",
                "--window",
                "all",
                "--group-by",
                "model",
                "--format",
                form,
            ]
        )
        out = capsys.readouterr().out
        assert "\x1b" not in out
        if form == "text":
            assert r"[/red]\x1b[31m<b>\x0a" in out
        if form == "json":
            assert list(json.loads(out)["summary"]["metrics"]["errors_by_type"]) == ["[/red]\x1b[31m<b>\n"]
        if form == "html":
            assert "<script>" not in out


def test_an_hour_that_only_reaches_into_an_exclusion_counts_and_the_report_says_so(tmp_path, capsys):
    total = Rollup()
    total.latency.record(5.0)
    store = MetricsStore(tmp_path / "m.db", retention=None)
    store.write([to_row(BEGAN_S + 3600 * hour, 3600, "host", "", 60, total) for hour in range(3)])
    store.close()
    command = ["sla-report", "--store", f"sqlite:{tmp_path / 'm.db'}", "--window", "all"]
    assert run([*command, "--exclude", "2026-10-24T00:30..2026-10-24T02:00=theirs"]) == 0
    out = capsys.readouterr().out
    assert "calls                      2, 0 failed" in out
    assert "is left out only if the exclusion covers all of it" in out
    assert out.endswith("100.0 % of the window was measured\n")
