"""What importing and starting load."""

import subprocess
import sys

import pytest

HEAVY = {"duckdb", "numpy", "numba", "llvmlite", "sqlite3", "pandas", "pyarrow"}


def loaded_by(code):
    script = f"{code}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_resilience_core_loads_the_standard_library_only():
    bare = loaded_by("")
    loaded = loaded_by("import aurora_core.resilience")
    assert loaded - bare - set(sys.stdlib_module_names) == {"aurora_core"}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["simulate", "--help"]])
def test_asking_for_the_version_or_for_help_loads_nothing_heavy(arguments):
    loaded = loaded_by(f"from aurora_cli.app import run; run({arguments!r})")
    assert "typer" in loaded
    assert not loaded & HEAVY
