"""Each row of the table of exit codes."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aurora_cli.simulate import engine
from aurora_cli.simulate import run as simulate_run

PROGRAM = [sys.executable, "-c", "from aurora_cli.app import main; main()"]

# A test runner's child may have been started with the signal ignored, which a child of it inherits.
HEEDING_INTERRUPTS = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from aurora_cli.app import main; main()
"""


def test_0_where_all_is_well(aurora, log):
    assert aurora("simulate", log)[0] == 0
    assert aurora("simulate", log, "--goal", "p95<60s")[0] == 0


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_1_where_a_goal_is_missed_whatever_the_format(aurora, log, form):
    assert aurora("simulate", log, "--goal", "p95<1ms", "--format", form)[0] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nonsense"], "--nonsense"),
        (["--format", "xml"], "xml"),
        (["no-such-file.csv"], "no-such-file.csv"),
        (["*.nothing"], "*.nothing"),
        (["--rpm", "sixty"], "invalid rate limit 'sixty'"),
        (["--rpm", "0"], "expected a positive number"),
        (["--rpm", "30,,60"], "invalid rate limit ''"),
        (["--rpm", "1.5"], "whole number"),
        (["--goal", "speed>9"], "names no figure"),
        (["--columns", "time"], "expected e.g. time=ts"),
        (["--max-bad-lines", "lots"], "invalid share 'lots'"),
        (["--max-bad-lines", "200%"], "expected 0 to 1"),
        (["--latency", "soon"], "soon"),
        (["--scale", "0"], "--scale"),
        (["--error-rate", "2"], "invalid share '2'"),
        (["--max-retries", "-1"], "max_retries"),
        (["--trace", "t.txt"], ".csv or .parquet"),
        (["--trace", "nowhere/t.csv"], "no folder"),
        (["--trace", "t.csv", "--rpm", "30,60"], "one --rpm"),
        (["-o", "nowhere/answer.txt"], "answer.txt"),
        (["--seed", "-1"], "seed"),
    ],
)
def test_2_where_the_command_is_called_in_a_way_that_cannot_work(aurora, arguments, said):
    exit_code, out, err = aurora("simulate", *arguments)
    assert exit_code == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("command", "old", "value", "new"),
    [
        ("sla-report", "--as-if", "availability=99 %", "--target"),
        ("sla-report", "--by", "hour", "--group-by"),
        ("sla-report", "--source", "sqlite:metrics.db", "--store"),
        ("simulate", "--record", "metrics.db", "--store"),
        ("check-config", "--json-schema", None, "--schema"),
    ],
)
def test_2_for_an_option_by_its_old_name_with_the_new_one(aurora, command, old, value, new):
    exit_code, out, err = aurora(command, old, *([] if value is None else [value]))
    assert (exit_code, out) == (2, "")
    assert f"No such option: {old}; it is now {new}\n" in err
    assert new in aurora(command, "--help")[1]


def test_2_where_a_column_is_not_there_with_those_that_are(aurora, log):
    exit_code, _, err = aurora("simulate", log, "--columns", "time=when")
    assert exit_code == 2
    assert "`when`" in err
    assert "`latency_ms`" in err


@pytest.mark.parametrize("form", ["text", "json", "csv"])
@pytest.mark.parametrize(
    ("content", "arguments", "expected"),
    [
        ("time,latency_ms\n1,5\n2,5\n", [], 0),
        ("time,latency_ms\n1,5\n2,5\n", ["--goal", "p95<1ms"], 1),
        ("time,latency_ms\n1,5\n2,5\n", ["--columns", "time=when"], 2),
        ("time,latency_ms\n1,5\n2,5\n", ["--goal", "recovery>95%"], 3),
        ("time,latency_ms\n1,5\nyesterday,5\n", [], 3),
        ("", [], 3),
    ],
)
def test_the_code_is_the_same_whatever_the_format(aurora, folder, form, content, arguments, expected):
    (folder / "log.csv").write_text(content)
    assert aurora("simulate", "log.csv", *arguments, "--format", form)[0] == expected
    assert aurora("simulate", "log.csv", *arguments, "--format", form, "-o", "answer")[0] == expected


def test_2_for_an_unknown_command(aurora):
    exit_code, _, err = aurora("simulat")
    assert exit_code == 2
    assert "simulate" in err


def test_3_where_too_many_lines_cannot_be_read_with_the_first_three(aurora, log):
    log.write_text(log.read_text() + "yesterday,1,ok\n" * 20)
    exit_code, out, err = aurora("simulate", log)
    assert (exit_code, out) == (3, "")
    assert err.count("queries.csv:") >= 3
    assert "queries.csv:102" in err
    assert aurora("simulate", log, "--max-bad-lines", "50%")[0] == 0


def test_3_where_the_log_is_empty(aurora, folder):
    (folder / "empty.csv").write_text("")
    assert aurora("simulate", "empty.csv")[0] == 3


def test_3_where_a_goal_has_no_data_and_1_where_another_is_missed(aurora, folder):
    (folder / "fine.csv").write_text("time,latency_ms\n1,5\n2,5\n")
    no_data = ["simulate", "fine.csv", "--goal", "recovery>95%"]
    exit_code, out, _ = aurora(*no_data)
    assert exit_code == 3
    assert out.splitlines()[-1].startswith("NO VERDICT")
    assert aurora(*no_data, "--goal", "p95<1ms")[0] == 1


def test_3_where_the_log_spans_decades(aurora, log):
    log.write_text(log.read_text() + "2000000000,5,ok\n")
    exit_code, _, err = aurora("simulate", log)
    assert exit_code == 3
    assert "63 years" in err
    assert "--time-unit" in err


def test_3_where_the_memory_does_not_suffice(aurora, log, monkeypatch):
    def too_much(*_):
        raise MemoryError

    monkeypatch.setattr(simulate_run, "compute_stats", too_much)
    exit_code, out, err = aurora("simulate", log)
    assert (exit_code, out) == (3, "")
    assert "out of memory" in err


def test_70_for_a_fault_with_its_traceback_in_a_file(aurora, log, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(simulate_run, "compute_stats", broken)
    exit_code, out, err = aurora("simulate", log)
    assert (exit_code, out) == (70, "")
    assert "Traceback" not in err
    kept = Path(re.search(r"traceback written to (\S+)", err)[1])
    assert "ZeroDivisionError: a fault" in kept.read_text()
    kept.unlink()


def test_130_when_interrupted_and_nothing_is_left_behind(folder):
    """The interrupt comes while standard input is read; the copy of it is gone afterwards."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-c", HEEDING_INTERRUPTS, "simulate", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        bufsize=0,
    ) as process:
        chunk = b"time,latency_ms\n" + b"1,5\n" * 100_000
        process.stdin.write(chunk)  # more than a pipe holds: once it is through, it is being read
        while process.poll() is None:
            process.send_signal(signal.SIGINT)  # again where one fell between two reads, as a user would
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
        assert process.returncode == 130
        assert b"Traceback" not in process.stderr.read()
    assert list(folder.iterdir()) == []


def test_130_when_interrupted_in_the_middle_of_a_replay(aurora, log, folder, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "replay_compiled", interrupted)
    exit_code, out, err = aurora("simulate", log, "-o", "answer", "--trace", "trace.csv")
    assert (exit_code, out) == (130, "")
    assert "Traceback" not in err
    assert list(folder.iterdir()) == [log]


@pytest.mark.parametrize("arguments", [["simulate"], ["simulate", "--format", "json"], ["-h"]])
def test_141_quietly_when_nobody_reads_on(folder, arguments):
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run([*PROGRAM, *arguments], stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert done.returncode == 141
    assert done.stderr == b""
