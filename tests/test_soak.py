"""The soak, for a short while: its virtual part keeps its promises as it does for an hour."""

import subprocess
import sys
from pathlib import Path

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())


def soak(*arguments):
    command = [sys.executable, ROOT / "benchmarks" / "soak.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_two_hundred_tasks_on_one_pipeline_are_foretold_to_the_last_bit():
    done = soak("--virtual-minutes", "3", "--minutes", "0")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("not foretold to the last bit | 0 of ") == 3
    assert "(missed)" not in done.stdout


def test_a_length_that_is_none_is_wrong_usage():
    done = soak("--minutes", "-1")
    assert (done.returncode, "argument --minutes: it is 0, or from 0.5" in done.stderr) == (2, True)
