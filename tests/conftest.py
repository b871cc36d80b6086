"""What several rooms' tests need."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, so that no change is blamed for chance; `explore` draws others.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile("ci")

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())


@pytest.fixture(autouse=True)
def _without_the_settings_of_whoever_runs_the_tests(monkeypatch, tmp_path_factory):
    for name in os.environ:
        if name.startswith(("AURORA_", "OPENAI_", "ANTHROPIC_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-configuration"))


@pytest.fixture(scope="session")
def shared_data():
    """The real query logs beside the project; none of them is copied into it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real logs are not here: {folder}")
    return folder
