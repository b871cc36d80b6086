"""The outcome of each rule: passed, failed, not run, or without an answer."""

from xml.etree import ElementTree as ET

from aurora_cli.check_config.codes import PROBES, RULES
from aurora_cli.check_config.context import Inconclusive
from aurora_cli.check_config.engine import make_report, run_rules
from aurora_cli.check_config.rule import ConfigRule
from aurora_cli.exit_codes import Verdict
from aurora_cli.findings.render import junit


def outcomes(subject, rules=RULES, fail_on="error"):
    findings, undecided = run_rules(subject, rules)
    whole = make_report(
        subject, rules, findings, name="a.toml", config=None, fail_on=fail_on, undecided=undecided
    )
    return {each.rule.code: each.outcome.state for each in whole.outcomes}, whole


def test_outcome_of_a_rule_follows_its_worst_finding(subject):
    bad = subject("[retry]\nbase_delay_ms = 9000\n[store]\nurl = 'metrics.db'\n")
    states, _ = outcomes(bad)
    assert (states["AUR304"], states["AUR505"], states["AUR001"]) == ("fail", "warn", "pass")
    assert outcomes(bad, fail_on="warning")[0]["AUR505"] == "fail"


def test_rules_that_need_values_are_skipped_if_a_file_cannot_be_parsed(subject):
    states, whole = outcomes(subject("[llm\n", {"AURORA_RATE_LIMIT_RMP": "30"}))
    assert (states["AUR001"], states["AUR103"]) == ("fail", "fail")
    assert {code for code, state in states.items() if state == "skipped"} == {
        rule.code for rule in RULES if rule.needs_values
    }
    suites = ET.fromstring(junit.render(whole))
    assert int(suites.get("skipped")) == len(suites.findall(".//skipped")) > 0


def test_needs_values_and_hide_values_are_those_of_the_groups():
    for rule in (*RULES, *PROBES):
        assert rule.needs_values == (rule.code[3] not in "012")
        assert rule.hide_values == (rule.code[3] in "02")


def test_probe_without_an_answer_is_unknown(subject, monkeypatch):
    class Silent(ConfigRule):
        check = staticmethod(lambda _: iter([Inconclusive("no name server")]))

    probe = Silent("AUR901", "error", "hostname_unresolved", "monitoring.alerts")
    states, whole = outcomes(subject(""), [probe])
    assert (states, whole.verdict) == ({"AUR901": "unknown"}, Verdict.NONE)
    (case,) = ET.fromstring(junit.render(whole)).findall(".//testcase/error")
    assert case.get("message") == "unknown: could not be decided: no name server"
