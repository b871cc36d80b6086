"""The documentation site: generated pages are current, and it builds offline without a warning."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_generated_pages_are_current():
    result = run(sys.executable, "-m", "docs.generate", "--check")
    assert result.returncode == 0, result.stderr


def test_the_site_builds_without_a_warning_and_loads_nothing_from_other_hosts(tmp_path):
    pytest.importorskip("sphinx")
    result = run(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "docs", str(tmp_path))
    assert result.returncode == 0, result.stderr
    pages = {str(path.relative_to(tmp_path)): path.read_text("utf-8") for path in tmp_path.rglob("*.html")}
    assert {"index.html", "reference/settings.html", "explanation/breaker-states.html"} <= pages.keys()
    for name, page in pages.items():
        loaded = re.findall(r"<(?:script|img|iframe)[^>]* src=\"(https?:[^\"]*)", page)
        loaded += re.findall(r"<link[^>]*stylesheet[^>]*href=\"(https?:[^\"]*)", page)
        assert not loaded, name
