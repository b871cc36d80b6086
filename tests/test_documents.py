"""README, site and examples: every command and block shown in them runs, and prints what is shown."""

import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from aurora_cli.app import run

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
}
CONSOLE = [
    pytest.param(block, id=f"{page}-{number}")
    for page, text in PAGES.items()
    for number, block in enumerate(re.findall(r"```console\n(.*?)```", text, re.DOTALL))
]
PYTHON = {page: re.findall(r"```python\n(.*?)```", text, re.DOTALL) for page, text in PAGES.items()}


def commands(block):
    """Each command of a console block, and the output shown below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


@pytest.fixture
def copy_of_the_examples(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copy(ROOT / "README.md", tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("block", CONSOLE)
@pytest.mark.usefixtures("copy_of_the_examples")
def test_a_page_shows_what_its_commands_print(block, capsys):
    for command, shown in commands(block):
        program, *arguments = shlex.split(command)
        exit_code = run(arguments)
        assert program == "aurora"
        assert exit_code in (0, 1, 3) if arguments[0] == "preflight" else exit_code in (0, 1)
        out = capsys.readouterr().out
        if shown:
            assert out == shown


@pytest.mark.usefixtures("copy_of_the_examples")
def test_the_first_commands_main_job_runs_on_the_built_in_sample(capsys):
    assert 'pip install ".[replay]" && aurora simulate --rpm 60' in README
    assert run(["simulate", "--rpm", "60"]) == 0
    assert "built-in sample" in capsys.readouterr().out


def test_ci_runs_the_readmes_test_command_as_it_stands():
    command = 'pip install ".[dev]" && pytest'
    assert f"```bash\n{command}\n```" in README
    # `--quiet` says less and changes nothing.
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace("install --quiet", "install")


def test_the_readme_shows_each_command_with_options_that_exist(capsys):
    examples = re.findall(r"^\| \[`aurora.*\| `aurora ([^`]+)` \|$", PAGES["README.md"], re.MULTILINE)
    for example in examples:
        assert run([*shlex.split(example), "--help"]) == 0, example
    capsys.readouterr()
    run(["--help"])
    listed = re.findall(r"^  ([a-z-]+) {2,}", capsys.readouterr().out.partition("Commands:")[2], re.MULTILINE)
    assert {example.split()[0] for example in examples} == set(listed)


@pytest.mark.parametrize("page", [page for page, blocks in PYTHON.items() if blocks])
def test_the_python_of_a_page_runs_from_top_to_bottom(page, monkeypatch):
    module = ModuleType(page)
    monkeypatch.setitem(sys.modules, page, module)  # FastAPI looks up annotations in the function's module
    module.__dict__["ask_provider"] = lambda question: f"because: {question}"
    for block in PYTHON[page]:
        exec(compile(block, page, "exec"), module.__dict__)


EXAMPLES = [
    path for path in sorted((ROOT / "examples").glob("*.py")) if path.stem not in ("service", "provider")
]
"""Those of one file; the service has a tour of its own."""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_run(example, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("AURORA_STORE_URL", str(tmp_path / "metrics.db"))
    monkeypatch.setenv("AURORA_CACHE_PATH", str(tmp_path / "cache.db"))
    runpy.run_path(str(example), run_name="__main__")
    assert "answered" in capsys.readouterr().out


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.sh")), ids=lambda path: path.name)
@pytest.mark.usefixtures("copy_of_the_examples")
def test_the_commands_of_the_examples_run(example, tmp_path):
    lines = example.read_text(encoding="utf-8").splitlines()
    commands = [shlex.split(line) for line in lines if line.startswith("aurora ")]
    assert [run(arguments) for _, *arguments in commands] == [0, 1, 0, 1]
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("copy_of_the_examples")
def test_the_tour_goes_from_the_service_through_all_four_commands(monkeypatch, capsys):
    (tour,) = re.findall(r"```bash\n(.*?)```", PAGES["docs/tutorial.md"], re.DOTALL)
    first, second, *commands = tour.splitlines()
    done = subprocess.run(
        [sys.executable, *shlex.split(first)[1:]], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("90 of 90 answered from ")
    assert done.stderr == ""
    monkeypatch.setenv(*second.removeprefix("export ").split("="))
    told = {}
    for command in commands:
        program, *arguments = shlex.split(command)
        assert (program, run(arguments)) == ("aurora", 0), command
        told[arguments[0]] = capsys.readouterr().out
    assert list(told) == ["check-config", "backup", "preflight", "alerts", "simulate", "sla-report"]
    assert told["alerts"].endswith("OK: 0 of 4 rules fire; 0 messages sent\n")
    assert "queries   90 queries" in told["simulate"]
    assert "90 look-ups" in told["sla-report"]
    assert told["preflight"].splitlines()[-1].startswith("READY (")


def test_the_links_of_the_documents_lead_somewhere():
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", *PAGES):
        path = ROOT / page
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (path.parent / target).exists(), f"{page}: {target}"
