"""The command as a user calls it."""

import json
import os
import socket
import sqlite3
import stat
import threading
import tomllib
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from aurora_cli.check_config import network
from aurora_cli.check_config.codes import PROBES, RULES
from aurora_cli.check_config.schema import SCHEMA
from aurora_core.config import Settings
from aurora_core.config.settings import SETTINGS

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
KEY = "sk-proj-kJ8s0dTq2LmWz4vXy7Rb"

CONTRACT_FILE = """\
# a service
[llm]
model = "gpt-4"

[sla]
error_rate = 0.001
[rate_limit]
rpm = "x"
max_wiat = 60
"""
CONTRACT_OUTPUT = """\
error[AUR002]: unknown key `rate_limit.max_wiat`
  --> aurora.toml:9:1
   |
 9 | max_wiat = 60
   | ^^^^^^^^
   = help: did you mean `max_wait`?
error[AUR103]: environment variable AURORA_RATE_LIMIT_RMP matches no setting
   = help: did you mean AURORA_RATE_LIMIT_RPM?
warning[AUR105]: aurora.toml:8:7 `rate_limit.rpm = "x"` is invalid but hidden by AURORA_RATE_LIMIT_RPM=60
"""
FORMS = ("text", "concise", "json", "sarif", "junit", "github")


@pytest.fixture
def configured(folder):
    """Write aurora.toml for the owner alone."""

    def write(text, name="aurora.toml"):
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(0o600)
        return path

    return write


def test_the_contracts_own_example(aurora, configured, monkeypatch):
    configured(CONTRACT_FILE)
    monkeypatch.setenv("AURORA_RATE_LIMIT_RPM", "60")
    monkeypatch.setenv("AURORA_RATE_LIMIT_RMP", "60")
    exit_code, out, err = aurora("check-config", "--ignore", "AUR205")
    assert (exit_code, err) == (1, "")
    assert out.startswith(CONTRACT_OUTPUT)
    *_, suggested, last = out.splitlines()
    assert suggested == "next: aurora check-config --explain AUR002"
    total = f"{len(SETTINGS)} settings (2 file, 1 environment, {len(SETTINGS) - 3} default)"
    assert last == f"aurora.toml: INVALID, 2 errors, 1 warning in {total}"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        ("", [], 0),
        ("[rate_limit]\nrpm = 0\n", [], 1),
        ("[rate_limit]\nrpm 0\n", [], 1),
        ("[metrics]\nport = 80\n", [], 0),
        ("[metrics]\nport = 80\n", ["--strict"], 1),
        ("[metrics]\nport = 80\n", ["--fail-on", "warning"], 1),
        ("", ["--fail-on", "note"], 1),
        ("[metrics]\nport = 80\n", ["--strict", "--ignore", "AUR503"], 0),
        ("[metrics]\nport = 80\n", ["--strict", "--select", "AUR3"], 0),
        ("", ["--select", "AUR999"], 2),
        ("", ["--ignore", "metrics"], 2),
        ("", ["--set", "rate_limit.rpn=5"], 2),
        ("", ["--set", "rate_limit"], 2),
        ("", ["no-such.toml"], 2),
        ("", ["aurora.toml", "--config", "other.toml"], 2),
    ],
)
def test_the_exit_code_is_the_same_whatever_the_form(aurora, configured, form, text, arguments, expected):
    configured(text)
    assert aurora("check-config", *arguments, "--format", form)[0] == expected
    exit_code, out, _ = aurora("check-config", *arguments, "--format", form, "-o", "answer")
    assert (exit_code, out) == (expected, "")
    assert Path("answer").exists() == (expected != 2)


def test_an_unknown_rule_or_setting_is_refused_with_the_nearest(aurora):
    assert "did you mean AUR3" in aurora("check-config", "--select", "AUR3O1")[2]
    assert "did you mean rate_limit.rpm?" in aurora("check-config", "--set", "rate_limit.rpn=5")[2]
    assert "did you mean rate_limit.max_wait?" in aurora("check-config", "--origin", "rate_limit.max_wiat")[2]


def test_json_keeps_to_its_schema_and_names_the_file(aurora, configured):
    printed = json.loads(aurora("check-config", "--schema")[1])
    assert printed == json.loads(json.dumps(SCHEMA))
    jsonschema.Draft202012Validator.check_schema(printed)
    for text in ("", CONTRACT_FILE, "= nothing", "[sevrer]\n"):
        configured(text)
        answer = json.loads(aurora("check-config", "--format", "json")[1])
        jsonschema.validate(answer, printed)
        assert answer["config"]["path"] == "aurora.toml"
    assert {finding["code"] for finding in answer["results"]} >= {"AUR002"}


def test_the_schema_of_the_file_accepts_what_is_right_and_nothing_else(aurora, configured):
    schema = json.loads(aurora("check-config", "--config-schema")[1])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for good in ((ROOT / "examples/aurora.toml").read_text(), aurora("init", "-")[1]):
        validator.validate(tomllib.loads(good))
    for bad in (
        '[rate_limit]\nrpm = "x"',
        "[rate_limit]\nrpn = 5",
        '[retry]\njitter = "ful"',
        "[sla]\nwindow = true",
    ):
        assert not validator.is_valid(tomllib.loads(bad))


def test_every_value_is_shown_with_where_it_came_from(aurora, configured, monkeypatch):
    configured(
        '[rate_limit]\nmax_wait = "20s"\n[[rate_limit.tiers]]\nprovider = "openai"\nmodel = "x"\nrpm = 7\n'
    )
    monkeypatch.setenv("AURORA_RATE_LIMIT_RPM", "50")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    exit_code, out, _ = aurora("check-config", "--show-effective", "--set", "cache.ttl=5m")
    lines = [line.split() for line in out.splitlines() if line.startswith("  ")]
    rows = {key: " ".join(rest) for key, *rest in lines}
    assert exit_code == 0
    assert rows["rate_limit.rpm"] == "50 AURORA_RATE_LIMIT_RPM"
    assert rows["rate_limit.max_wait"] == "20 s aurora.toml:2:12"
    assert rows["rate_limit.tiers[0].rpm"] == "7 aurora.toml:6:7"
    assert rows["cache.ttl"] == "5 min --set cache.ttl"
    assert rows["retry.max_retries"] == "3 default"
    assert rows["llm.openai_api_key"] == "****y7Rb OPENAI_API_KEY"
    assert {setting.path[0] for setting in SETTINGS} == {key.split(".")[0] for key in rows}
    shown = json.loads(aurora("check-config", "--show-effective", "--format", "json")[1])["results"]
    assert {
        "setting": "rate_limit.rpm",
        "value": 50,
        "from": "environment",
        "at": "AURORA_RATE_LIMIT_RPM",
    } in shown


def test_the_layers_of_one_key_are_shown_and_which_holds(aurora, configured, monkeypatch):
    configured("[rate_limit]\nrpm = 30\n")
    configured("AURORA_RATE_LIMIT_RPM=40\n", "service.env")
    monkeypatch.setenv("AURORA_RATE_LIMIT_RPM", "50")
    sources = ("--env-file", "service.env", "--set", "rate_limit.rpm=60")
    lines = aurora("check-config", "--origin", "rate_limit.rpm", *sources)[1].splitlines()
    assert [line.split() for line in lines[:5]] == [
        ["default", "60"],
        ["aurora.toml:2:7", "30"],
        ["service.env:1:1", "40"],
        ["AURORA_RATE_LIMIT_RPM", "50"],
        ["--set", "rate_limit.rpm", "60"],
    ]
    assert lines[-1] == "rate_limit.rpm is 60, from --set rate_limit.rpm"


def test_what_differs_between_two_files(aurora, configured):
    configured("[rate_limit]\nrpm = 30\n")
    configured("[rate_limit]\nrpm = 40\n[cache]\nttl = 600\n", "other.toml")
    exit_code, out, _ = aurora("check-config", "--diff", "other.toml")
    assert exit_code == 0
    assert "rate_limit.rpm  30           40" in out
    assert out.splitlines()[-1] == "aurora.toml and other.toml: 1 setting differs"
    assert "no setting differs" in aurora("check-config", "--diff", "aurora.toml")[1]


def test_what_is_written_reads_back_the_same_without_any_secret(aurora, configured, monkeypatch):
    text = (ROOT / "examples/aurora.toml").read_text()
    configured(text)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("AURORA_RATE_LIMIT_RPM", "42")
    assert aurora("check-config", "--write", "written.toml")[0] == 0
    written = Path("written.toml").read_text()
    assert KEY not in written
    again = Settings.load("written.toml", environ={})
    first = Settings.load("aurora.toml", environ={"AURORA_RATE_LIMIT_RPM": "42"})
    assert again == first
    assert again.rate_limit.rpm == 42


def test_an_invalid_configuration_is_not_written(aurora, configured):
    for text in ("[rate_limit]\nrpm = 0\n", "rpm ="):
        configured(text)
        exit_code, out, err = aurora("check-config", "--write", "written.toml")
        assert (exit_code, out) == (1, "")
        assert "next: aurora check-config" in err
        assert not Path("written.toml").exists()


def test_a_misspelt_key_is_renamed_and_nothing_else_changes(aurora, configured):
    before = b"\xef\xbb\xbf# kept\r\n[rate_limit] # here\r\nmax_wiat = 60 # why\r\nrpm=5\r\n"
    path = configured(before)
    path.chmod(0o640)
    exit_code, out, err = aurora("check-config", "--fix")
    assert exit_code == 0
    assert path.read_bytes() == before.replace(b"max_wiat", b"max_wait")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert "-max_wiat = 60 # why" in err
    assert "+max_wait = 60 # why" in err
    assert "VALID" in out


@pytest.mark.parametrize(
    "text", ["[rate_limit]\nmax_wiat = 60\nmax_wait = 50\n", "[rate_limit]\nqwertyuiop = 1\n", "[a]\n"]
)
def test_a_rename_that_is_not_safe_is_not_made(aurora, configured, text):
    path = configured(text)
    assert aurora("check-config", "--fix")[0] == 1
    assert path.read_text() == text


def test_a_file_of_variables_is_a_layer_with_positions(aurora, configured):
    configured(
        "# c\n\nAURORA_RATE_LIMIT_RPM=x\nAURORA_MAX_RETIRES=3\nOPENAI_MODEL=a\nOPENAI_MODEL='gpt-4'\n",
        "e.env",
    )
    out = aurora("check-config", "--env-file", "e.env", "--format", "concise")[1].splitlines()
    assert out[0].startswith("e.env:3:1: AUR003")
    assert out[1].startswith("e.env:4:1: AUR103")
    assert "e.env:5:1: AUR104 OPENAI_MODEL is set again in a later line, which wins" in out
    configured("AURORA_RATE_LIMIT_RPM=5\n=oops\n", "e.env")
    out = aurora("check-config", "--env-file", "e.env", "--format", "concise")[1].splitlines()
    assert out[0] == "e.env:2:1: AUR001 expected NAME=value"


def test_the_first_file_that_is_found_is_used_alone(aurora, configured, folder, monkeypatch):
    def subject(*arguments):
        return json.loads(aurora("check-config", *arguments, "--format", "json")[1])["summary"]["subject"]

    assert subject() == "no file"
    users = folder / "config" / "aurora" / "aurora.toml"
    users.parent.mkdir(parents=True)
    users.write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    assert subject() == str(users)
    configured("")
    assert subject() == "aurora.toml"
    configured("", "variable.toml")
    monkeypatch.setenv("AURORA_CONFIG", "variable.toml")
    assert subject() == "variable.toml"
    configured("", "option.toml")
    assert subject("--config", "option.toml") == subject("option.toml") == "option.toml"


def test_a_rule_is_explained_by_its_code_and_by_its_name(aurora):
    by_code, by_name = (
        aurora("check-config", "--explain", name)[1] for name in ("AUR103", "unknown-variable")
    )
    assert by_code == by_name
    assert "Example::" in by_code
    assert aurora("check-config", "--explain", "AUR1O3")[0] == 2
    listed = aurora("check-config", "--list")[1].splitlines()
    assert [line.split()[0] for line in listed] == [rule.code for rule in (*RULES, *PROBES)]


def test_nothing_is_touched_and_nobody_is_asked(aurora, configured, folder, monkeypatch):
    configured('[cache]\npath = "cache.db"\n[store]\nurl = "metrics.db"\n')

    def refused(*_arguments, **_options):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    before = [(path.name, path.stat().st_mtime_ns) for path in folder.iterdir()]
    assert aurora("check-config")[0] == 0
    assert [(path.name, path.stat().st_mtime_ns) for path in folder.iterdir()] == before


def online(aurora, configured, base_url, *arguments):
    configured(f'[llm]\nprovider = "custom"\nbase_url = "{base_url}"\n')
    return aurora("check-config", "--online", "--select", "AUR9", "--format", "concise", *arguments)


def test_whoever_answers_is_fine_and_who_does_not_is_found(aurora, configured):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert online(aurora, configured, f"http://127.0.0.1:{port}/v1")[0] == 0
    exit_code, out, _ = online(aurora, configured, f"http://127.0.0.1:{port}/v1")
    assert exit_code == 1
    assert f"AUR902 127.0.0.1:{port} does not accept connections: Connection refused" in out


def test_a_name_that_does_not_resolve_is_found(aurora, configured, monkeypatch):
    def unknown(*_arguments, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    exit_code, out, _ = online(aurora, configured, "https://api.example.invalid/v1")
    assert exit_code == 1
    assert "AUR901 api.example.invalid does not resolve: Name or service not known" in out


def test_what_cannot_be_decided_is_no_verdict(aurora, configured, monkeypatch):
    hanging = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: hanging.wait())
    monkeypatch.setattr(network, "TIMEOUT_S", 0.01)
    exit_code, out, _ = online(aurora, configured, "https://api.example.com/v1")
    hanging.set()
    assert exit_code == 3
    assert "NO VERDICT, 1 note, 1 undecided" in out.splitlines()[-1]


def test_renamed_setting_is_found_under_its_new_name(aurora, configured, monkeypatch):
    monkeypatch.setenv("AURORA_STORE_PATH", "metrics.db")
    configured('[store]\npath = "metrics.db"\n')
    exit_code, out, _ = aurora("check-config", "--format", "json")
    found = [finding for finding in json.loads(out)["results"] if finding["code"] in {"AUR002", "AUR103"}]
    assert exit_code == 1
    assert [(finding["message"], finding["help"]) for finding in found] == [
        ("`store.path` was renamed to `store.url`", "use the new name")
    ] * 2


def test_database_of_another_program_is_found_online(aurora, configured):
    with closing(sqlite3.connect("theirs.db")) as connection, connection:
        connection.execute("CREATE TABLE theirs (x)")
    configured('[store]\nurl = "theirs.db"\n')
    exit_code, out, _ = aurora("check-config", "--online", "--select", "AUR903", "--format", "concise")
    assert (exit_code, "theirs.db is the database of another program" in out) == (1, True)


def test_a_store_that_is_no_database_is_found_and_one_that_is_not_there_is_fine(aurora, configured):
    Path("store.db").write_text("no database at all, but long enough to look like one" * 9)
    configured('[llm]\nprovider = "custom"\n[store]\nurl = "store.db"\n[cache]\npath = "not-there.db"\n')
    exit_code, out, _ = aurora("check-config", "--online", "--select", "AUR903", "--format", "concise")
    assert exit_code == 1
    assert out.count("AUR903") == 1
    assert "store.db: not a SQLite database, or damaged" in out
    assert not Path("not-there.db").exists()


def test_a_pipe_gets_plain_text_and_a_forced_colour_changes_nothing_else(aurora, configured, monkeypatch):
    configured(CONTRACT_FILE)
    plain = aurora("check-config")[1]
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = aurora("check-config")[1]
    assert "\x1b[1;31merror[AUR002]" in coloured
    assert os.linesep.join(coloured.splitlines()) != os.linesep.join(plain.splitlines())
