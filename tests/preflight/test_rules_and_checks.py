"""Each rule of check-config has a check, and an invalid configuration is never READY."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from preflight_project import aurora, states
from rule_examples import NOT_A_FILE, examples

from aurora_cli.check_config.codes import PROBES, RULES
from aurora_cli.check_config.engine import run_rules
from aurora_cli.check_config.load import Sources, read
from aurora_cli.findings import Outcome
from aurora_cli.findings.outcome import STATES
from aurora_cli.preflight import Context, checks
from aurora_cli.preflight.checklist import load_checks
from aurora_cli.preflight.context import ALWAYS
from aurora_cli.preflight.custom_checks import ACCEPTED_STATES
from aurora_cli.preflight.runner import run_check

CHECKS = {check.id: check for check in load_checks()}
WITH_EXAMPLES = [rule for rule in RULES if rule.code not in NOT_A_FILE]
UNKNOWN_VARIABLE = {"AURORA_RATE_LIMIT_RMP": "30"}
TWO = ("--check", "config.rate-limit", "--check", "config.retry")


def context_of(example, folder):
    path = folder / "aurora.toml"
    path.write_text(example.toml)
    path.chmod(0o600)
    subject = read(Sources(path, None, (), example.environ))
    findings, _ = run_rules(subject, RULES)
    return Context(subject.settings, folder, example.environ, findings, True, False, 0.0)


@pytest.mark.parametrize("rule", [*RULES, *PROBES], ids=lambda rule: rule.code)
def test_every_rule_has_a_check(rule):
    assert rule.checked_by in CHECKS


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.code)
def test_check_of_a_rule_does_not_pass_on_the_rules_example(rule, tmp_path):
    bad, _ = examples(rule)
    context = context_of(bad, tmp_path)
    (severity,) = {finding.severity for finding in context.findings if finding.code == rule.code}
    passing = replace(CHECKS[rule.checked_by], run=lambda _: Outcome("pass", "fine"))
    outcome = run_check(passing, context)
    if severity == "error":
        assert outcome.state == "fail"
        assert run_check(CHECKS[ALWAYS], context).state == "fail"
    elif severity == "warning":
        assert outcome.state in ("warn", "fail")
    assert severity == "note" or rule.code in {evidence.source for evidence in outcome.evidence}


def test_warning_of_a_rule_does_not_hide_a_bad_outcome(tmp_path):
    (rule,) = (rule for rule in RULES if rule.code == "AUR410")
    context = context_of(examples(rule)[0], tmp_path)
    unknown = Outcome("unknown", "no store")
    assert run_check(replace(CHECKS["config.alerts"], run=lambda _: unknown), context) == unknown


def test_checks_name_no_code_of_a_rule():
    for path in Path(checks.__file__).parent.glob("*.py"):
        assert not re.search(r"AUR\d|AUR\{", path.read_text()), path.name


@pytest.mark.parametrize(
    "selection", [TWO, ("--skip", "config.*", "--skip", "pre.*"), ("--check", "pre.docs")]
)
def test_invalid_configuration_is_never_ready_whatever_is_selected(project, selection):
    done = aurora(project, "preflight", *selection, environ=UNKNOWN_VARIABLE)
    assert done.returncode == 1
    assert "FAIL     config.valid" in done.stdout
    assert "AURORA_RATE_LIMIT_RMP matches no setting" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("NOT READY (")


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        (UNKNOWN_VARIABLE, "AUR103"),
        ({"AURORA_CACHE_PATH": "/tmp/one.db", "AURORA_STORE_URL": "/tmp/one.db"}, "AUR502"),
        ({"AURORA_LLM_PROVIDER": "custom", "AURORA_LLM_BASE_URL": "http://localhost:9090/v1"}, "AUR504"),
        ({"AURORA_ALERTS_ROUTES_INFO": "no-such-channel"}, "AUR405"),
    ],
)  # fmt: skip
def test_error_of_a_check_that_is_not_selected_is_listed(project, environ, code):
    assert aurora(project, "check-config", environ=environ).returncode == 1
    assert aurora(project, "preflight", *TWO, environ=environ).returncode == 1
    found = states(project, *TWO, environ=environ)[ALWAYS]
    assert found["state"] == "fail"
    assert code in {evidence["source"] for evidence in found["evidence"]}


def test_no_time_limit_keeps_the_configuration_from_being_examined(project):
    found = states(project, *TWO, "--check-timeout", "1us", environ=UNKNOWN_VARIABLE)
    assert found[ALWAYS]["state"] == "fail"


def test_waived_check_does_not_make_an_invalid_configuration_ready(project):
    until = (datetime.now(UTC) + timedelta(days=3)).date()
    waived = ("--waive", "config.retry", "--reason", "known", "--until", until)
    assert aurora(project, "preflight", *waived).returncode == 0
    environ = {"AURORA_RETRY_BASE_DELAY_MS": "9000"}
    found = states(project, *TWO, environ=environ)
    assert (found["config.retry"]["state"], found[ALWAYS]["state"]) == ("waived", "fail")
    assert aurora(project, "preflight", *TWO, environ=environ).returncode == 1


def test_configuration_cannot_be_waived_or_declared_not_applicable(project):
    refused = "config.valid: an invalid configuration cannot be excused; fix what `aurora check-config` shows"
    waiver = ("--waive", ALWAYS, "--reason", "known", "--until", "2099-01-01")
    done = aurora(project, "preflight", *waiver)
    assert (done.returncode, f"--waive {refused}" in done.stderr) == (2, True)
    file = project / "aurora-attestations.toml"
    file.write_text(f'[[waiver]]\ncheck = "{ALWAYS}"\nreason = "x"\nuntil = 2099-01-01\nby = ""\n')
    done = aurora(project, "preflight", *TWO)
    assert (done.returncode, f"waiver of {refused}" in done.stderr) == (2, True)
    file.unlink()
    with (project / "aurora.toml").open("a") as settings:
        settings.write(f'\n[[preflight.not_applicable]]\ncheck = "{ALWAYS}"\nreason = "x"\n')
    done = aurora(project, "preflight", *TWO)
    assert (done.returncode, f"preflight.not_applicable {refused}" in done.stderr) == (2, True)


def test_verdict_on_a_part_says_so(project):
    done = aurora(project, "preflight", *TWO)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "READY (2 of 2 selected checks; 18 not run)"
    assert "18 checks not selected (-v lists them)\n" in done.stdout
    assert "skipped " not in done.stdout.partition("18 checks")[0]
    assert aurora(project, "preflight", *TWO, "-v").stdout.count("  skipped  ") == 18


@pytest.mark.parametrize(
    ("selection", "part"),
    [
        (("--check", "config.retry", "--skip", "*"), "0 of 0 selected checks; 20 not run"),
        (("--check", "pre.tests"), "0 of 0 selected checks; 19 not run"),
    ],
)
def test_verdict_on_nothing_is_none(project, selection, part):
    with (project / "aurora.toml").open("a") as file:
        file.write('\n[[preflight.not_applicable]]\ncheck = "pre.tests"\nreason = "no code here"\n')
    done = aurora(project, "preflight", *selection)
    assert done.returncode == 3
    assert done.stdout.splitlines()[-1] == f"NO VERDICT ({part}): no selected check was run"


def test_explanation_names_the_rules_of_the_check(project):
    shown = aurora(project, "preflight", "--explain", "config.rate-limit").stdout
    for rule in RULES:
        assert (rule.code in shown) == (rule.checked_by == "config.rate-limit")


def test_program_may_print_states_of_the_list_only():
    assert set(ACCEPTED_STATES) <= set(STATES)
