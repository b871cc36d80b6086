"""The report in every form, and the list itself."""

import json
import re
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from preflight_project import KEY, aurora, states
from sarif_pydantic import Sarif

from aurora_cli.preflight.checklist import checklist
from aurora_cli.preflight.outcome import STATES
from aurora_cli.preflight.schema import SCHEMA

GUIDE = [
    "pre.tests", "pre.security", "pre.types", "pre.lint", "pre.benchmarks", "pre.docs",
    "config.api-keys", "config.rate-limit", "config.retry", "config.metrics", "config.alerts", "config.logs",
    "monitoring.dashboard", "monitoring.alerts", "monitoring.slo", "monitoring.runbooks",
    "recovery.backups", "recovery.cache", "recovery.rollback", "recovery.drill",
]  # fmt: skip


@pytest.fixture
def mixed(project):
    """A project with a check in many a state."""
    (project / "README.md").write_text("[gone](nowhere)\n")
    with (project / "aurora.toml").open("a") as file:
        file.write(
            '\n[[preflight.not_applicable]]\ncheck = "pre.types"\nreason = "no types"\n'
            '[[preflight.command]]\nname = "hostile [/red] | <script>"\n'
            'run = ["sh", "-c", "printf \'\\\\033[31m[bold]%s\' \\"$OPENAI_API_KEY\\"; exit 2"]\n'
        )
    aurora(
        project, "preflight", "--waive", "recovery.drill", "--reason", "next week", "--until", "2099-01-01"
    )
    return project


def report(project, form, *options):
    return aurora(project, "preflight", "--skip", "pre.lint", "--format", form, *options)


def test_it_is_the_guides_list_in_its_order():
    assert [check.id for check in checklist()] == GUIDE


@pytest.mark.parametrize("check", checklist(), ids=lambda check: check.id)
def test_each_explains_itself(check):
    parts = [part.partition(":")[0].strip() for part in check.explanation.strip().split("\n\n")[1:]]
    assert parts == ["Why", "Proof", "Mend"]
    assert check.limit_s in (5.0, 15.0, 300.0)


def test_a_project_that_is_ready_but_for_a_persons_word(project):
    done = aurora(project, "preflight", "--skip", "monitoring.dashboard", "--skip", "recovery.drill")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0] == "pre-deployment"
    assert re.fullmatch(r"20 checks: 18 pass, 2 skipped   \d+\.\d s", lines[-2])
    assert lines[-1] == "READY"
    done = aurora(project, "preflight")
    assert done.returncode == 3
    assert done.stdout.splitlines()[-1] == (
        "NO VERDICT: 2 manual. Next: aurora preflight --check monitoring.dashboard -v"
    )


def test_text_names_what_is_bad_and_how_to_mend_it(mixed):
    done = report(mixed, "text")
    assert done.returncode == 1
    assert "  FAIL     pre.docs " in done.stdout
    assert "           fix: correct the document\n" in done.stdout
    assert done.stdout.splitlines()[-1] == ("NOT READY: 1 fail. Next: aurora preflight --check pre.docs -v")
    assert "seen:" not in done.stdout
    assert "seen: file" in report(mixed, "text", "-v").stdout


@pytest.mark.parametrize("form", ["text", "json", "junit", "sarif", "markdown", "github", "html"])
def test_no_secret_and_no_code_of_a_terminal_leaves_in_any_form(mixed, form):
    for options in ((), ("-v",)):
        out = report(mixed, form, *options).stdout
        assert KEY not in out
        assert "\x1b" not in out
        assert "<script>" not in out or form in ("text", "json", "sarif", "github")
    if form == "html":
        assert not re.search(r"https?:|\bsrc=|\bhref=", out)


def test_json_keeps_to_its_schema_and_its_states_add_up(mixed):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    answer = json.loads(report(mixed, "json").stdout)
    jsonschema.validate(answer, SCHEMA)
    assert (
        sum(answer["summary"]["states"].values())
        == answer["summary"]["checks"]
        == len(answer["results"])
        == 21
    )
    counted = {state: sum(row["state"] == state for row in answer["results"]) for state in STATES}
    assert answer["summary"]["states"] == counted
    assert (counted["fail"], counted["n/a"], counted["waived"], counted["skipped"], counted["unknown"]) == (
        1,
        1,
        1,
        1,
        1,
    )
    assert json.loads(aurora(mixed, "preflight", "--schema").stdout) == SCHEMA


def test_junit_has_a_case_a_check(mixed):
    suites = ET.fromstring(report(mixed, "junit").stdout)
    cases = suites.findall(".//testcase")
    assert suites.attrib["tests"] == str(len(cases)) == "21"
    kinds = {tag: len(suites.findall(f".//{tag}")) for tag in ("failure", "error", "skipped")}
    assert kinds == {name: int(suites.attrib[f"{name}s" if name != "skipped" else name]) for name in kinds}
    assert kinds == {"failure": 1, "error": 1, "skipped": 4}


def test_sarif_is_what_a_code_host_reads(mixed):
    log = Sarif.model_validate_json(report(mixed, "sarif").stdout)
    (run,) = log.runs
    levels = {result.rule_id: str(result.level.value) for result in run.results}
    assert levels["pre.docs"] == "error"
    assert levels["recovery.drill"] == "note"
    assert {rule.id for rule in run.tool.driver.rules} >= set(GUIDE)


def test_github_annotates_what_is_bad(mixed):
    lines = report(mixed, "github").stdout.splitlines()
    assert lines[0].startswith("::error title=pre.docs::fail: README.md: the link to nowhere leads nowhere")
    assert any(line.startswith("::warning title=own.") for line in lines)


def test_markdown_has_the_verdict_first_and_a_table_a_group(mixed):
    out = report(mixed, "markdown").stdout
    assert out.startswith("**NOT READY: 1 fail")
    for title in ("pre\\-deployment", "configuration", "monitoring", "backup and recovery", "Evidence"):
        assert f"### {title.replace(chr(92), '')}" in out.replace("\\", "")


def test_evidence_is_written_a_file_a_check_for_passes_too(mixed):
    report(mixed, "text", "--evidence-dir", "seen")
    files = sorted(path.name for path in (mixed / "seen").iterdir())
    assert len(files) == 21
    backups = json.loads((mixed / "seen" / "recovery.backups.json").read_text())
    assert backups["state"] == "pass"
    assert any(re.fullmatch(r"sha256 [0-9a-f]{64}", seen["told"]) for seen in backups["evidence"])
    assert backups["seen_at"]
    assert KEY not in "".join((mixed / "seen" / name).read_text() for name in files)


def test_a_baseline_shows_what_changed_since(project):
    aurora(project, "preflight", "--check", "pre.*", "--format", "json", "-o", "before.json")
    same = aurora(project, "preflight", "--check", "pre.*", "--baseline", "before.json")
    assert "since the baseline\n  nothing changed\n" in same.stdout
    (project / "README.md").write_text("[gone](nowhere)\n")
    changed = aurora(project, "preflight", "--check", "pre.*", "--baseline", "before.json")
    assert "  pre.docs: pass -> fail\n" in changed.stdout
    done = aurora(project, "preflight", "--check", "pre.*", "--baseline", "before.json", "--format", "json")
    assert json.loads(done.stdout)["summary"]["changes"] == [
        {"check": "pre.docs", "before": "pass", "after": "fail"}
    ]


def test_what_is_not_asked_for_is_listed_as_skipped(project):
    found = states(project, "--check", "config.*", "--skip", "config.logs")
    assert len(found) == 20
    looked_at = [name for name, row in found.items() if row["state"] != "skipped"]
    assert looked_at == [
        "config.api-keys",
        "config.rate-limit",
        "config.retry",
        "config.metrics",
        "config.alerts",
    ]


def test_the_list_and_an_explanation(project):
    lines = aurora(project, "preflight", "--list").stdout.splitlines()
    assert len(lines) == 20
    assert lines[0] == "pre.tests             All tests pass"
    told = aurora(project, "preflight", "--explain", "recovery.drill").stdout
    assert told.startswith("recovery.drill, at most 5 s\n\nRecovery was practised.\n\nWhy: ")


def test_an_empty_folder_and_no_configuration_give_no_false_pass(tmp_path):
    found = states(tmp_path, environ={"OPENAI_API_KEY": ""})
    passed = {name for name, row in found.items() if row["state"] == "pass"}
    assert passed == {"config.rate-limit", "config.retry", "config.logs", "recovery.cache"}


def test_offline_asks_no_address(project):
    with (project / "aurora.toml").open("a") as file:
        file.write('\n[[preflight.http]]\nname = "it answers"\nurl = "http://127.0.0.1:9/"\n')
    found = states(project, "--offline", "--send-test")
    not_asked = {name for name, row in found.items() if "--offline" in row["message"]}
    assert not_asked == {"own.it-answers", "monitoring.alerts"}
    assert not [seen for row in found.values() for seen in row["evidence"] if seen["kind"] == "address"]


def test_an_invalid_configuration_is_told_before_anything_runs(project):
    (project / "aurora.toml").write_text("[preflight]\nbackup_max_age = -3\n")
    done = aurora(project, "preflight")
    assert (done.returncode, done.stdout) == (1, "")
    assert "preflight.backup_max_age" in done.stderr
