"""``aurora alerts watch``: beside the service, until it is told to end."""

import os
import pty
import re
import signal
import subprocess
import sys

import pytest

PROGRAM = [sys.executable, "-c", "from aurora_cli.app import main; main()", "alerts", "watch"]


@pytest.fixture
def watching(folder):
    """``watching()``: a real process in the folder."""
    running = []

    def started():
        process = subprocess.Popen(
            PROGRAM, cwd=folder, env=os.environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        running.append(process)
        return process

    yield started
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_tells_what_fires_and_ends_when_it_is_told_to(watching, measure, team, number, exit_code):
    measure(100, 50)
    process = watching()
    _, body = team.posted.get(timeout=30)
    assert body["rule"] == "critical_error_rate"
    lines = [process.stdout.readline() for _ in range(2)]
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == exit_code
    assert "Traceback" not in err
    assert "secret-token" not in "".join([*lines, out, err])
    moment = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ"
    assert re.fullmatch(rf"{moment} FIRING warning: Error rate exceeds 5% \(.*\)\n", lines[0])
    assert re.fullmatch(rf"{moment} FIRING critical: CRITICAL: Error rate exceeds 20% \(.*\)\n", lines[1])


def test_who_sits_before_it_sees_that_it_looks(folder, measure, team):
    measure(100, 50)
    terminal, its_end = pty.openpty()
    process = subprocess.Popen(PROGRAM, cwd=folder, env=os.environ, stdout=subprocess.PIPE, stderr=its_end)
    os.close(its_end)
    seen = b""
    while b"firing: high_error_rate, critical_error_rate" not in seen:
        seen += os.read(terminal, 4096)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    os.close(terminal)
    assert process.returncode == 0
    assert b"looked at 4 rules at " in seen


def test_without_a_store_it_does_not_begin(watching):
    process = watching()
    _, err = process.communicate(timeout=30)
    assert (process.returncode, "there is no metrics store" in err) == (3, True)
