"""A log becomes a metrics store: a replay of it, or what it recorded itself."""

import json

import numpy as np
import pytest


@pytest.fixture
def long_log(folder):
    """Two hours of one query a second, that fail now and then; keys repeat."""
    rows = [
        f"2026-03-01T{10 + n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z,{50 + n * 7919 % 900},"
        f"{'error' if n % 40 == 7 else 'ok'},k{n % 500}"
        for n in range(7200)
    ]
    path = folder / "long.csv"
    path.write_text("\n".join(["time,latency_ms,status,key", *rows]) + "\n")
    return path


@pytest.fixture
def report(aurora):
    """The metrics of all that a store has, as the report gives them."""

    def made(store):
        return json.loads(
            aurora(
                "sla-report",
                "--store",
                f"sqlite:{store}",
                "--window",
                "all",
                "--format",
                "json",
            )[1]
        )

    return made


@pytest.mark.parametrize("rpm", ["60", "40", "off"])
def test_the_report_of_a_replay_counts_what_the_replay_counted(aurora, report, long_log, rpm):
    exit_code, out, err = aurora(
        "simulate", long_log, "--rpm", rpm, "--store", "replay.db", "--format", "json"
    )
    assert exit_code == 0
    assert err == (
        "wrote 7,200 calls to replay.db; next: aurora sla-report --store sqlite:replay.db --window all\n"
    )
    (replay,) = json.loads(out)["results"]
    summary = report("replay.db")["summary"]
    metrics, queries = summary["metrics"], replay["queries"]
    lost = (
        queries["retries_exhausted"]
        + queries["non_retryable"]
        + queries["rate_limited"]
        + queries["breaker_open"]
    )
    assert metrics["query_count"] == queries["total"] == 7200
    assert metrics["attempt_count"] == replay["attempts"]
    assert metrics["error_rate"] == pytest.approx(lost / 7200)
    assert metrics["recovery_rate"] == replay["recovery_rate"]
    assert metrics["avg_latency_ms"] == pytest.approx(replay["latency_ms"]["mean"])
    for name in ("p50", "p95", "p99"):
        assert metrics[f"{name}_latency_ms"] == pytest.approx(replay["latency_ms"][name], rel=0.01)
    objectives = {row["objective"]: row["value"] for row in replay["sla"]}
    assert metrics["cache_hit_rate"] == pytest.approx(objectives["cache_hit_rate"])
    assert summary["coverage"] == 1.0


def test_an_imported_log_is_reported_as_it_was(aurora, report, long_log):
    exit_code, out, err = aurora("metrics", "import", long_log, "--store", "log.db")
    assert (exit_code, out) == (0, "")
    assert "wrote 7,200 calls to log.db" in err
    assert "aurora sla-report --store sqlite:log.db --window all" in err
    found = report("log.db")
    metrics = found["summary"]["metrics"]
    latency = [50 + n * 7919 % 900 for n in range(7200)]
    assert (metrics["query_count"], metrics["attempt_count"]) == (7200, 7200)
    assert metrics["error_rate"] == pytest.approx(180 / 7200)
    assert metrics["avg_latency_ms"] == pytest.approx(np.mean(latency))
    assert metrics["p95_latency_ms"] == pytest.approx(
        np.quantile(latency, 0.95, method="inverted_cdf"), rel=0.01
    )
    assert metrics["within_target_rate"] == sum(value <= 500 for value in latency) / 7200
    # Each key returns after 500 s and is kept for 600: every second lookup is a hit.
    assert metrics["cache_hit_rate"] == pytest.approx(7 * 500 / 7200)
    assert found["summary"]["window"]["from"].startswith("2026-03-01T10:00")


def test_a_call_is_counted_in_the_minute_that_it_ended_in(aurora, folder):
    (folder / "few.csv").write_text(
        "time,latency_ms,status\n2026-03-01T10:00:10Z,1000,ok\n2026-03-01T10:00:59.5Z,1000,error\n"
    )
    assert aurora("metrics", "import", "few.csv", "--store", "few.db")[0] == 0
    by_hour = ("--group-by", "hour", "--format", "json", "--store", "sqlite:few.db")
    for minute in (0, 1):
        window = f"2026-03-01T10:0{minute}..2026-03-01T10:0{minute + 1}"
        summary = json.loads(aurora("sla-report", *by_hour, "--window", window)[1])["summary"]
        assert (summary["metrics"]["query_count"], summary["metrics"]["error_rate"]) == (1, minute)


def test_a_log_that_counts_from_its_own_start_ends_now(aurora, folder, log):
    assert aurora("metrics", "import", log, "--store", "now.db")[0] == 0
    out = aurora("sla-report", "--store", "sqlite:now.db", "--window", "1h", "--format", "json")[1]
    # The log is of 90 s, and the minute that has begun is not over yet.
    assert 33 <= json.loads(out)["summary"]["metrics"]["query_count"] <= 100


def test_all_minutes_of_a_recorded_log_are_kept_however_old(aurora, report, folder):
    rows = [f"{n * 3600},100,ok" for n in range(24 * 30)]
    (folder / "month.csv").write_text("\n".join(["time,latency_ms,status", *rows]) + "\n")
    assert aurora("metrics", "import", "month.csv", "--store", "month.db", "--time-unit", "s")[0] == 0
    assert report("month.db")["summary"]["measured_minutes"] == (24 * 30 - 1) * 60 + 1


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("simulate", "LOG", "--store", "there.db"), "already exists"),
        (("metrics", "import", "LOG", "--store", "there.db"), "already exists"),
        (("metrics", "import", "LOG", "--store", "no/such/m.db"), "there is no folder"),
        (("metrics", "import", "missing.csv", "--store", "new.db"), "no such file: `missing.csv`"),
        (("metrics", "import", "LOG"), "--store"),
        (("simulate", "LOG", "--rpm", "30,60", "--store", "new.db"), "hold one policy"),
        (("simulate", "LOG", "--trace", "new.csv", "--store", "new.csv"), "cannot hold two of"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_nothing_is_left(aurora, log, folder, command, said):
    (folder / "there.db").write_text("precious")
    exit_code, out, err = aurora(*(log if word == "LOG" else word for word in command))
    assert (exit_code, out) == (2, "")
    assert said in err
    assert sorted(path.name for path in folder.iterdir()) == ["queries.csv", "there.db"]
    assert (folder / "there.db").read_text() == "precious"


@pytest.mark.parametrize("content", ["", "time,latency_ms,status\n", "time,latency_ms,status\nx,y,z\n"])
def test_a_log_of_nothing_makes_no_store(aurora, folder, content):
    (folder / "log.csv").write_text(content)
    exit_code, out, err = aurora("metrics", "import", "log.csv", "--store", "new.db")
    assert (exit_code, out) == (3, "")
    assert "log.csv" in err
    assert not (folder / "new.db").exists()


def test_an_interrupt_leaves_no_store(aurora, log, folder, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    assert aurora("metrics", "import", log, "--store", "new.db")[0] == 130
    assert [path.name for path in folder.iterdir()] == ["queries.csv"]
