"""``aurora alerts watch``: beside the service, until it is terminated."""

import os
import pty
import re
import signal
import subprocess
import sys

import pytest

PROGRAM = [sys.executable, "-c", "from aurora_cli.app import main; main()", "alerts", "watch"]


@pytest.fixture
def start_watch(folder):
    """``start_watch()``: a real process in the folder."""
    running = []

    def start():
        process = subprocess.Popen(
            PROGRAM, cwd=folder, env=os.environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_prints_what_fires_and_ends_on_a_signal(start_watch, measure, team, number, exit_code):
    measure(100, 50)
    process = start_watch()
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


def test_terminal_shows_the_last_evaluation(folder, measure, team):
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
    assert b"evaluated 4 rules at " in seen


def test_missing_store_is_no_verdict(start_watch):
    process = start_watch()
    _, err = process.communicate(timeout=30)
    assert (process.returncode, "no metrics store at" in err) == (3, True)


def test_garbage_is_collected(folder, measure):
    """A short command runs without the collector; this one runs for months."""
    measure(1, 0)
    code = (
        "import gc\nfrom aurora_core.alerting.service import AlertService\n"
        "from aurora_core.errors import StoreError\n"
        "def probe(_):\n    print(gc.isenabled(), flush=True)\n    raise StoreError('end')\n"
        "AlertService.run_once = probe\nfrom aurora_cli.app import main\nmain()"
    )
    command = [sys.executable, "-c", code, "alerts", "watch"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "True\n")
