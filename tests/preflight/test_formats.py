"""The report in every format, and the list itself."""

import json
import re
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from preflight_project import KEY, aurora, states
from sarif_pydantic import Sarif

from aurora_cli.findings.outcome import STATES
from aurora_cli.preflight.checklist import load_checks
from aurora_cli.preflight.context import ALWAYS
from aurora_cli.preflight.schema import SCHEMA

GUIDE = [
    "pre.tests", "pre.security", "pre.types", "pre.lint", "pre.benchmarks", "pre.docs",
    "config.api-keys", "config.rate-limit", "config.retry", "config.metrics", "config.alerts", "config.logs",
    "monitoring.dashboard", "monitoring.alerts", "monitoring.slo", "monitoring.runbooks",
    "recovery.backups", "recovery.cache", "recovery.rollback", "recovery.drill",
]  # fmt: skip


@pytest.fixture
def mixed(project):
    """A project with checks in many states."""
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


def test_checks_are_the_guides_in_its_order_and_that_of_the_configuration():
    ids = [check.id for check in load_checks()]
    assert [check_id for check_id in ids if check_id != ALWAYS] == GUIDE
    assert ids.index(ALWAYS) + 1 == ids.index("config.api-keys")


@pytest.mark.parametrize("check", load_checks(), ids=lambda check: check.id)
def test_check_explains_itself(check):
    parts = [part.partition(":")[0].strip() for part in check.explanation.strip().split("\n\n")[1:]]
    assert parts == ["Why", "How it is checked", "Fix"]
    assert check.timeout_s in (5.0, 15.0, 300.0)


def test_ready_project_lacks_only_its_attestations(project):
    done = aurora(project, "preflight", "--skip", "monitoring.dashboard", "--skip", "recovery.drill")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0] == "pre-deployment"
    assert re.fullmatch(r"21 checks: 19 pass, 2 skipped   \d+\.\d s", lines[-2])
    assert lines[-1] == "READY (19 of 19 selected checks; 2 not run)"
    done = aurora(project, "preflight")
    assert done.returncode == 3
    assert done.stdout.splitlines()[-1] == (
        "NO VERDICT: 2 manual. Next: aurora preflight --check monitoring.dashboard -v"
    )


def test_text_names_the_bad_check_and_its_fix(mixed):
    done = report(mixed, "text")
    assert done.returncode == 1
    assert "  FAIL     pre.docs " in done.stdout
    assert "           fix: correct the document\n" in done.stdout
    assert done.stdout.splitlines()[-1] == (
        "NOT READY (17 of 20 selected checks; 1 not run): 1 fail. Next: aurora preflight --check pre.docs -v"
    )
    assert "evidence:" not in done.stdout
    assert "evidence: file" in report(mixed, "text", "-v").stdout


@pytest.mark.parametrize("form", ["text", "json", "junit", "sarif", "markdown", "github", "html"])
def test_no_format_has_a_secret_or_a_terminal_code(mixed, form):
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
        == 22
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


def test_junit_has_a_case_per_check(mixed):
    suites = ET.fromstring(report(mixed, "junit").stdout)
    cases = suites.findall(".//testcase")
    assert suites.attrib["tests"] == str(len(cases)) == "22"
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
    assert lines[0].startswith(
        "::error title=pre.docs::fail: README.md: the link to nowhere is broken: no such file"
    )
    assert any(line.startswith("::warning title=custom.") for line in lines)


def test_markdown_has_the_verdict_first_and_a_table_per_group(mixed):
    out = report(mixed, "markdown").stdout
    assert out.startswith("**NOT READY ")
    for title in ("pre\\-deployment", "configuration", "monitoring", "backup and recovery", "Evidence"):
        assert f"### {title.replace(chr(92), '')}" in out.replace("\\", "")


def test_evidence_has_a_file_per_check_for_passes_too(mixed):
    report(mixed, "text", "--evidence-dir", "seen")
    files = sorted(path.name for path in (mixed / "seen").iterdir())
    assert len(files) == 22
    backups = json.loads((mixed / "seen" / "recovery.backups.json").read_text())
    assert backups["state"] == "pass"
    assert any(re.fullmatch(r"sha256 [0-9a-f]{64}", seen["status"]) for seen in backups["evidence"])
    assert backups["checked_at"]
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


def test_checks_that_are_not_selected_are_skipped(project):
    found = states(project, "--check", "config.*", "--skip", "config.logs")
    assert len(found) == 21
    run = [name for name, row in found.items() if row["state"] != "skipped"]
    assert run == [
        "config.valid",
        "config.api-keys",
        "config.rate-limit",
        "config.retry",
        "config.metrics",
        "config.alerts",
    ]


def test_the_list_and_an_explanation(project):
    lines = aurora(project, "preflight", "--list").stdout.splitlines()
    assert len(lines) == 21
    assert lines[0] == "pre.tests             All tests pass"
    told = aurora(project, "preflight", "--explain", "recovery.drill").stdout
    assert told.startswith("recovery.drill, at most 5 s\n\nRecovery was practised.\n\nWhy: ")


def test_empty_folder_without_configuration_has_no_false_pass(tmp_path):
    found = states(tmp_path, environ={"OPENAI_API_KEY": ""})
    passed = {name for name, row in found.items() if row["state"] == "pass"}
    assert passed == {"config.valid", "config.rate-limit", "config.retry", "config.logs", "recovery.cache"}


def test_offline_probes_no_address(project):
    with (project / "aurora.toml").open("a") as file:
        file.write('\n[[preflight.http]]\nname = "it answers"\nurl = "http://127.0.0.1:9/"\n')
    found = states(project, "--offline", "--send-test")
    not_probed = {name for name, row in found.items() if "--offline" in row["message"]}
    assert not_probed == {"custom.it-answers", "monitoring.alerts"}
    assert not [seen for row in found.values() for seen in row["evidence"] if seen["kind"] == "address"]


def test_configuration_that_cannot_be_loaded_is_an_error_before_any_check(project):
    (project / "aurora.toml").write_text("[preflight]\nbackup_max_age = -3\n")
    done = aurora(project, "preflight")
    assert (done.returncode, done.stdout) == (1, "")
    assert "preflight.backup_max_age" in done.stderr
