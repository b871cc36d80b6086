"""What several rooms' tests need."""

from pathlib import Path

import pytest

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())


@pytest.fixture(scope="session")
def shared_data():
    """The real query logs beside the project; none of them is copied into it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real logs are not here: {folder}")
    return folder
