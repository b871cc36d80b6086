"""Each rule fires on its own example, and not on what it says to write instead."""

import re
from pathlib import Path

import pytest
from rule_examples import WITH_EXAMPLES, examples

from aurora_cli.check_config import rules
from aurora_cli.check_config.codes import PROBES, RULES

ids = [rule.code for rule in WITH_EXAMPLES]


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=ids)
def test_a_rule_finds_its_example(rule, findings):
    bad, _ = examples(rule)
    assert rule.code in findings(bad.toml, bad.environ)


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=ids)
def test_a_rule_is_silent_about_what_to_write_instead(rule, findings):
    _, good = examples(rule)
    found = findings(good.toml, good.environ)
    assert rule.code not in found
    assert not [code for code, (first, *_) in found.items() if first.severity == "error"]


@pytest.mark.parametrize("rule", [*RULES, *PROBES], ids=lambda rule: rule.code)
def test_a_rule_explains_itself(rule):
    told = rule.metadata()
    assert re.fullmatch(r"[A-Z][^\n]{10,80}", told.summary)
    assert "\nExample::\n" in told.explanation
    assert "\nInstead::\n" in told.explanation


def test_no_code_stands_twice_and_they_are_in_order():
    codes = [rule.code for rule in (*RULES, *PROBES)]
    assert codes == sorted(set(codes))


def test_every_rule_of_the_folder_is_on_the_list_once():
    folder = Path(rules.__file__).parent
    stems = sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")
    assert sorted(rule.module_name for rule in (*RULES, *PROBES)) == stems


def test_the_guides_own_configuration_has_no_errors_and_no_warnings(findings):
    found = findings("", {"OPENAI_API_KEY": "sk-proj-kJ8s0dTq2LmWz4vXy7Rb"})
    assert {finding.severity for group in found.values() for finding in group} <= {"note"}


def test_two_names_with_different_values_are_a_warning(findings):
    found = findings("", {"OPENAI_MAX_TOKENS": "9", "AURORA_LLM_MAX_TOKENS": "10"})
    (finding,) = found["AUR107"]
    assert finding.severity == "warning"
    assert finding.message == (
        "OPENAI_MAX_TOKENS and AURORA_LLM_MAX_TOKENS set `llm.max_tokens` to different values; "
        "OPENAI_MAX_TOKENS wins"
    )
    assert "AUR102" not in found


def test_two_names_with_the_same_value_are_a_duplicate(findings):
    found = findings("", env_file="AURORA_MAX_RETRIES=3\nAURORA_RETRY_MAX_RETRIES=3\n")
    assert "AUR107" not in found
    (finding,) = found["AUR104"]
    assert "`retry.max_retries` is set again by" in finding.message
    assert finding.location.line == 2


def test_an_invalid_value_is_found_behind_the_other_name(findings):
    found = findings("", {"OPENAI_MAX_TOKENS": "9", "AURORA_LLM_MAX_TOKENS": "x"})
    (finding,) = found["AUR105"]
    assert finding.message.startswith("AURORA_LLM_MAX_TOKENS `llm.max_tokens` is invalid but hidden by")
