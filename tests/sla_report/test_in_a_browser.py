"""The page as a browser lays it out."""

import html
import json
import re
import shutil
import subprocess

import pytest

from aurora_cli.app import run

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FRAME = """<!doctype html><iframe style="border:0;width:{width}px;height:4000px" srcdoc="{page}"></iframe>
<pre id="found"></pre><script>
window.onload = () => {{
  const page = document.querySelector("iframe").contentDocument, main = page.documentElement;
  const wide = element => element.scrollWidth > element.clientWidth + 1;
  const lightness = colour => colour.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 765;
  document.getElementById("found").textContent = JSON.stringify({{
    overflows: wide(main),
    scrolled: [...page.querySelectorAll(".scroll")].filter(wide).length,
    cut: [...page.querySelectorAll(".days div")].filter(wide).length,
    drawings: [...page.querySelectorAll("svg")].filter(s => s.getBoundingClientRect().width > 50).length,
    paper: lightness(getComputedStyle(page.body).backgroundColor),
    ink: lightness(getComputedStyle(page.body).color),
  }});
}};
</script>"""

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here to lay the page out")


@pytest.fixture(scope="module")
def page(recorded, tmp_path_factory):
    """A report with all its parts."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    window = ["--window", "2026-10-24T00:00..2026-10-26T00:00", "--group-by", "hour", "--backtest-alerts"]
    excluded = ["--exclude", "2026-10-24T12:00..2026-10-24T12:30=theirs"]
    into = ["--format", "html", "-o", str(path)]
    run(["sla-report", "--store", f"sqlite:{recorded[0]}", *window, *excluded, *into])
    return path.read_text(encoding="utf-8")


def laid_out(page, tmp_path, width, *options):
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME.format(width=width, page=html.escape(page)), encoding="utf-8")
    # Without its sandbox: root, as in a container, may not have one; the page is our own.
    command = [BROWSER, "--headless", "--no-sandbox", f"--user-data-dir={tmp_path / 'profile'}", *options]
    done = subprocess.run(
        [*command, f"--window-size={width + 50},4200", "--dump-dom", frame.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(re.search(r'<pre id="found">(.*?)</pre>', done.stdout)[1])


@pytest.mark.parametrize("width", [400, 1400])
def test_nothing_hangs_over_the_side(page, tmp_path, width):
    found = laid_out(page, tmp_path, width)
    assert not found["overflows"]
    assert found["cut"] == 0
    assert found["drawings"] == 4 + 4  # a trend an objective, and the charts
    if width == 1400:
        assert found["scrolled"] == 0  # a wide table scrolls on a telephone, and stands whole on a screen


def test_dark_where_the_reader_likes_it_dark(page, tmp_path):
    light, dark = laid_out(page, tmp_path, 800), laid_out(page, tmp_path, 800, "--force-dark-mode")
    assert light["paper"] - light["ink"] > 0.7
    assert dark["ink"] - dark["paper"] > 0.7
