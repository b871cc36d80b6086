"""Whatever stands in the file and in the environment: findings or a verdict, never a traceback.

``AURORA_MUTATIONS=10000 pytest tests/check_config/test_bad_input.py`` tries more than the suite does.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aurora_cli.app import run
from aurora_core.config.settings import SETTINGS

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
EXAMPLE = re.sub(r"^# (?=[\w]+ = |\[)", "", (ROOT / "examples/aurora.toml").read_text(), flags=re.MULTILINE)
LINES = [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
FORMS = ("text", "concise", "json", "sarif", "junit", "github")
MUTATIONS = int(os.environ.get("AURORA_MUTATIONS", "400"))
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

ODD = [
    "= 1", "x", '"', "'", "[", "]", "[[", "{", "}", "=", ".", "\n", "\r", "\r\n", "\t", "\x00",
    "\x1b[31m", "\u202e", "9" * 400, "-9" * 30, "1e999", "nan", "inf", "-inf", "1979-05-27", "07:32:00",
    "true", "[1, [2]]", "{ a = 1 }", '"""', "'''", "\\", "\ufeff", "é", "漢字", "🦊", "%s", "[/x]", "{0}",
    "0x", "1_0", "[rate_limit]", "[[rate_limit]]", "rate_limit = 5", "[llm.model]", "alerts.rules = 3",
    "openai_api_key = { env = 5 }", "{ file = '/dev/zero' }", "[" * 60, 'path = "\\u0000"',
    'log = "~nobody/x"', "window = 1e308", "rpm = 1e400", "port = -1",
]  # fmt: skip
VALUES = st.sampled_from(ODD).filter(lambda text: "\x00" not in text) | st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12
)


@st.composite
def mutated(draw):
    """The example's lines, some of them gone, doubled, moved, or spoilt."""
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(["cut", "double", "move", "value", "insert", "key"]))
        line = lines[place]
        if change == "cut":
            del lines[place]
        elif change == "double":
            lines.insert(place, line)
        elif change == "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(place))
        elif change == "value":
            lines[place] = f"{line.partition('=')[0]}= {draw(st.sampled_from(ODD))}"
        elif change == "key":
            lines[place] = f"{draw(st.sampled_from(ODD))}{line}"
        else:
            spot = draw(st.integers(0, len(line)))
            lines[place] = f"{line[:spot]}{draw(st.sampled_from(ODD))}{line[spot:]}"
    text = draw(st.sampled_from(["\n", "\n", "\r\n"])).join(lines)
    return draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff"])) + text.encode("utf-8", "surrogatepass")


VARIABLES = st.dictionaries(
    st.sampled_from([setting.variable for setting in SETTINGS if setting.variable])
    | st.from_regex(r"AURORA_[A-Z_]{1,12}", fullmatch=True),
    VALUES,
    max_size=4,
)


@settings(
    max_examples=MUTATIONS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(mutated(), VARIABLES, st.sampled_from(FORMS))
def test_a_spoilt_configuration_gives_findings_or_a_verdict(
    tmp_path, capsys, monkeypatch, content, environ, form
):
    path = tmp_path / "aurora.toml"
    path.write_bytes(content)
    with monkeypatch.context() as patched:
        for name, value in environ.items():
            patched.setenv(name, value)
        exit_code = run(["check-config", str(path), "--format", form])
    out, err = capsys.readouterr()
    assert exit_code in (0, 1), err
    assert err == ""
    assert out
    assert not CONTROL.search(out)


def ended(path, *arguments, form="concise"):
    command = [sys.executable, "-c", "from aurora_cli.app import main; main()"]
    done = subprocess.run(
        [*command, "check-config", str(path), "--format", form, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"\x00" * 100, ":1:1: AUR001"),
        (b'[llm]\nmodel = "\xff"\n', ":2:10: AUR001 not UTF-8: byte 0xff"),
        (b'[llm]\nmodel = "a\n', ":2:11: AUR001"),
        (b"a = " + b"[" * 100_000, "AUR001 nested too deeply"),
        (b"a = " + b"9" * 100_000, "AUR001"),
        ("漢字 = 1\n".encode(), ":1:1: AUR001"),
    ],
)  # fmt: skip
def test_what_is_no_toml_is_a_finding_with_its_place(tmp_path, content, place):
    path = tmp_path / "aurora.toml"
    path.write_bytes(content)
    done = ended(path)
    assert done.returncode == 1
    assert place in done.stdout


@pytest.mark.parametrize("option", ["FILE", "--env-file"])
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("10 MB", "expected a configuration of at most 1,048,576"),
        ("folder", "is a folder"),
        ("pipe", "is a pipe or a device"),
        ("device", "is a pipe or a device"),
        ("loop", "Too many levels of symbolic links"),
        ("missing", "No such file or directory"),
        ("too long", "File name too long"),
    ],
)
def test_what_cannot_be_read_is_wrong_usage_with_its_reason(tmp_path, option, kind, reason):
    path = tmp_path / "aurora.toml"
    if kind == "10 MB":
        path.write_bytes(b"# filler\n" * 1_200_000)
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/null")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "too long":
        path = tmp_path / ("x" * 300)
    empty = tmp_path / "empty.toml"
    empty.write_text("")
    done = ended(path) if option == "FILE" else ended(empty, "--env-file", str(path))
    assert done.returncode == 2
    assert reason in done.stderr
    assert done.stdout == ""


def test_a_file_without_permission_is_wrong_usage(tmp_path):
    if not hasattr(os, "fork"):
        pytest.skip("no fork: the test gives up its rights in a child process")
    path = tmp_path / "aurora.toml"
    path.write_text("")
    path.chmod(0)
    code = (
        "import os, sys\n"
        "from aurora_cli.app import run\n"
        "run(['check-config', '--list', '-o', '/dev/null'])  # all is loaded before the rights are gone\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "sys.exit(run(['check-config', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 2
    assert "Permission denied" in done.stderr


@pytest.mark.parametrize("content", ["", "# nothing\n", "\n\n\n", "\ufeff"])
def test_an_empty_file_is_valid(tmp_path, content):
    path = tmp_path / "aurora.toml"
    path.write_text(content)
    assert ended(path).returncode == 0


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "name", ["[red]x[/red]", "%(x)s%n", "a\nb", "\x1b[31mred", "\u202eolleh", "::error::x", "a,b:c"]
)
def test_odd_names_are_shown_harmlessly(tmp_path, capsys, monkeypatch, form, name):
    path = tmp_path / f"{name.replace('/', '-')}.toml"
    quoted = "".join(f"\\u{ord(character):04x}" for character in name)
    path.write_text(f'["{quoted}"]\nx = 1\n[llm]\n"{quoted}" = "{quoted}"\nprovider = "{quoted}"\n')
    monkeypatch.setenv("AURORA_" + name.replace("=", ""), name)
    assert run(["check-config", str(path), "--format", form]) == 1
    out = capsys.readouterr().out
    assert not CONTROL.search(out)
    assert "::error::x" not in [line for line in out.splitlines() if line.startswith("::error::x")]


LISTS = [setting for setting in SETTINGS if isinstance(setting.default, tuple) and setting.rows is None]


@pytest.mark.parametrize("setting", LISTS, ids=lambda setting: ".".join(setting.path))
def test_one_wrong_item_of_a_list_is_a_finding_and_the_value_is_left_out(setting, tmp_path, capsys):
    *table, key = setting.path
    path = tmp_path / "aurora.toml"
    path.write_text(f'[{".".join(table)}]\n{key} = ["log", 5]\n')
    assert run(["check-config", str(path), "--format", "json"]) == 1
    findings = json.loads(capsys.readouterr().out)["results"]
    name = ".".join(setting.path)
    assert any(f"`{name}[1]` = 5" in finding["message"] for finding in findings)
