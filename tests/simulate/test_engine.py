"""The kernel compiled, and its cache."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from scenarios import scenario

import aurora_cli
import aurora_core
from aurora_cli.simulate import Provider, Workload, engine, kernel, replay
from aurora_cli.simulate.prepare import parameters, traffic

WORKLOAD = Workload(np.arange(200) * 0.5, np.full(200, 0.2), np.zeros(200, np.int8))

IN_A_COPY = """
import numpy as np
from aurora_cli.simulate import Scenario, Workload, engine, replay
from aurora_core.config.sections.rate_limit import RateLimit
workload = Workload(np.arange(200) * 0.5, np.full(200, 0.2), np.zeros(200, np.int8))
print(replay(workload, Scenario(RateLimit(rpm=60, max_wait=1e9))).outcomes.wait.max(), engine.digest())
"""


def test_whatever_numbers_the_user_gives_the_kernel_is_compiled_once():
    read_only = WORKLOAD.arrival_s.copy()
    read_only.flags.writeable = False
    replay(WORKLOAD, scenario(rpm=60, max_wait=10, burst=3, timeout=5), Provider(rpm=30, error_rate=0))
    replay(WORKLOAD, scenario(rpm=60.0, max_wait=10.0, burst=3.0), Provider(rpm=30.0, error_rate=0.5))
    replay(
        Workload(read_only, WORKLOAD.service_s, WORKLOAD.recorded), scenario(rpm=None, failure_threshold=None)
    )
    assert len(engine.compiled().signatures) == 1


def copy_of_the_program(folder):
    for package in (aurora_core, aurora_cli):
        source = Path(package.__file__).parent
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def longest_wait(program, cache):
    environment = {**os.environ, "PYTHONPATH": str(program), "XDG_CACHE_HOME": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", IN_A_COPY],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        cwd=program,
    )
    wait, digest = done.stdout.split()
    return float(wait), digest


def test_after_a_law_was_edited_the_new_one_runs(tmp_path):
    program, cache = copy_of_the_program(tmp_path / "program"), tmp_path / "cache"
    before = longest_wait(program, cache)
    assert before == longest_wait(program, cache)
    law = program / "aurora_core" / "laws" / "window.py"
    law.write_text(law.read_text().replace("PERIOD_S: Final = 60.0", "PERIOD_S: Final = 90.0"))
    after = longest_wait(program, cache)
    assert after[0] > before[0]
    assert after[1] != before[1]


@pytest.mark.parametrize("file", ["aurora_core/laws/retry.py", "aurora_cli/simulate/attempt_status.py"])
def test_an_edited_source_is_compiled_into_a_folder_of_its_own(tmp_path, file):
    program = copy_of_the_program(tmp_path / "program")
    with (program / file).open("a") as source:
        source.write("# edited\n")
    done = subprocess.run(
        [sys.executable, "-c", "from aurora_cli.simulate import engine; print(engine.digest())"],
        env={**os.environ, "PYTHONPATH": str(program)},
        capture_output=True,
        text=True,
        check=True,
        cwd=program,
    )
    assert done.stdout.strip() != engine.digest()


def test_without_a_folder_to_keep_it_in_the_kernel_runs_all_the_same(tmp_path):
    no_folder = tmp_path / "a file"
    no_folder.write_text("")
    assert longest_wait(copy_of_the_program(tmp_path / "program"), no_folder)[0] > 0


def test_a_replay_that_is_asked_to_stop_stops():
    out, buffers, control = engine._prepare(
        parameters(scenario(), Provider(), 0), traffic(WORKLOAD, scenario())
    )
    control[kernel.STOP] = 1
    sent, longest = kernel.run(
        parameters(scenario(), Provider(), 0), traffic(WORKLOAD, scenario()), buffers, out, control
    )
    assert (sent, longest, control[kernel.DONE]) == (0, 0, 0)


class StoppedAt:
    """The cells of `control`, where somebody asks to stop once so many queries have arrived."""

    def __init__(self, arrived):
        self.cells, self.arrived = [0, 0], arrived

    def __getitem__(self, cell):
        return self.cells[cell]

    def __setitem__(self, cell, value):
        self.cells[cell] = value
        if cell == kernel.DONE and value == self.arrived:
            self.cells[kernel.STOP] = 1


def test_asked_in_the_middle_it_stops_in_the_middle():
    """Two arrive a second and take a fifth: of fifty that arrived the last is still in flight."""
    laws, queries = parameters(scenario(rpm=None), Provider(), 0), traffic(WORKLOAD, scenario())
    out, buffers, _ = engine._prepare(laws, queries)
    sent, _ = kernel.run(laws, queries, buffers, out, StoppedAt(50))
    assert sent == 50
    assert np.count_nonzero(out.end) == 49


def test_whoever_watches_is_told_how_far_it_is(monkeypatch):
    told, seen = [], threading.Event()

    def slow(parameters, traffic, buffers, out, control):
        control[kernel.DONE] = 120
        assert seen.wait(60)
        return 0, 0

    def watch(done, total):
        told.append((done, total))
        if done:
            seen.set()

    monkeypatch.setattr(engine, "compiled", lambda: slow)
    monkeypatch.setattr(engine, "_POLL_S", 0.001)
    engine.replay_compiled(parameters(scenario(), Provider(), 0), traffic(WORKLOAD, scenario()), watch)
    assert told[-1] == (120, 200)


def test_an_interrupt_stops_the_replay_and_goes_up(monkeypatch):
    seen = []

    def interrupted(parameters, traffic, buffers, out, control):
        while not control[kernel.STOP]:
            pass
        seen.append("stopped")
        return 0, 0

    def press_control_c(done, total):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "compiled", lambda: interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.replay_compiled(
            parameters(scenario(), Provider(), 0), traffic(WORKLOAD, scenario()), press_control_c
        )
    assert seen == ["stopped"]
