"""A report in every format."""

import json
import re
from dataclasses import replace
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sarif_pydantic import Sarif

from aurora_cli.exit_codes import Verdict
from aurora_cli.findings import Evidence, Finding, Location, Outcome, Report, Rule, RuleOutcome, Snippet
from aurora_cli.findings.outcome import STATES, from_findings
from aurora_cli.findings.render import concise, github, junit, sarif
from aurora_cli.findings.render import json as json_format
from aurora_cli.findings.render import text as text_format
from aurora_cli.findings.render.formats import write_report
from aurora_cli.findings.report import in_order
from aurora_cli.options import FindingFormat

RULES = [
    Rule("AUR002", "unknown-key", "A key that no setting has", "A key that no setting has.\n\nWhy.", "error"),
    Rule(
        "AUR105",
        "overridden-invalid-value",
        "A bad value that a better one hides",
        "A bad value ..",
        "warning",
    ),
    Rule("AUR406", "idle-target", "A target that cannot fail first", "A target ..", "note"),
]
KEY = Finding(
    "AUR002",
    "error",
    "unknown key `rate_limit.max_wiat`",
    "did you mean `max_wait`?",
    Location("aurora.toml", 9, 1, 9, Snippet("", "max_wiat", " = 60")),
)
HIDDEN = Finding("AUR105", "warning", "it is hidden", "", Location("AURORA_RATE_LIMIT_RPM"))
NOTE = Finding(
    "AUR406", "note", "it is idle", "lower it", Location("aurora.toml", 3, 7, 9, Snippet("rpm = ", "60", ""))
)


def report(*findings, fail_on="error"):
    return Report(
        command="check-config",
        subject="aurora.toml",
        config=None,
        outcomes=[
            RuleOutcome(rule, from_findings([each for each in findings if each.code == rule.code], fail_on))
            for rule in RULES
        ],
        findings=findings,
        fail_on=fail_on,
        summary={},
        verdict=Verdict.NOT_GOOD,
        exit_code=1,
        conclusion="aurora.toml: INVALID",
        next_step="aurora check-config --explain AUR002",
    )


def lines(*findings):
    return [line.plain for line in text_format.render(report(*findings), ascii_only=False)]


def test_finding_shows_its_line_and_a_mark_beneath_it():
    assert lines(KEY) == [
        "error[AUR002]: unknown key `rate_limit.max_wiat`",
        "  --> aurora.toml:9:1",
        "   |",
        " 9 | max_wiat = 60",
        "   | ^^^^^^^^",
        "   = help: did you mean `max_wait`?",
        "next: aurora check-config --explain AUR002",
        "aurora.toml: INVALID",
    ]


def test_finding_without_file_has_its_message_and_note_one_line():
    assert lines(HIDDEN, NOTE)[:2] == [
        "warning[AUR105]: it is hidden",
        "note[AUR406]: aurora.toml:3:7 it is idle",
    ]


@pytest.mark.parametrize("number", [7, 10, 99, 100, 12345])
def test_margin_is_as_wide_as_the_line_number(number):
    location = Location("a.toml", number, 1, 2, Snippet("", "x", ""))
    _, arrow, bar, code, caret, help_, *_ = lines(Finding("AUR002", "error", "m", "h", location))
    assert arrow.index("-->") == len(str(number)) + 1
    assert bar.index("|") == code.index("|") == caret.index("|") == help_.index("=")


@pytest.mark.parametrize(
    ("before", "marked", "blanks", "carets"),
    [
        ("x = ", "5", 4, 1),
        ("\tx = ", "5", 8, 1),
        ("漢字 = ", "値", 7, 2),
        ("🦊 = ", '"🦊"', 5, 4),
        ("e\u0301 = ", "5", 4, 1),
        ("x = ", "\t", 4, 4),
        ("x = ", "", 4, 1),
        ("\x1b[31m = ", "5", 11, 1),
    ],
)
def test_mark_has_the_place_and_the_width_of_the_marked_text(before, marked, blanks, carets):
    location = Location("a.toml", 1, 1, 2, Snippet(before, marked, " # after"))
    caret = lines(Finding("AUR002", "error", "m", "", location))[4]
    assert caret == f"   | {' ' * blanks}{'^' * carets}"


def test_concise_is_one_line_per_finding():
    assert concise.render(report(KEY, HIDDEN)) == (
        "aurora.toml:9:1: AUR002 unknown key `rate_limit.max_wiat`\n"
        "AURORA_RATE_LIMIT_RPM: AUR105 it is hidden\n"
        "aurora.toml: INVALID\n"
    )


def test_github_shows_ten_of_each_kind_and_counts_the_rest():
    shown = github.render(report(*[KEY] * 12, *[HIDDEN] * 3)).splitlines()
    assert sum(line.startswith("::error ") for line in shown) == 10
    assert sum(line.startswith("::warning ") for line in shown) == 3
    assert shown[10] == "2 more of severity error are not shown"
    assert shown[0] == (
        "::error title=AUR002,file=aurora.toml,line=9,col=1,endColumn=8::"
        "unknown key `rate_limit.max_wiat`; did you mean `max_wait`?"
    )


def test_characters_special_to_github_are_escaped():
    odd = Finding("AUR002", "error", "100 %\n::error::x", "", Location("a,b:c%.toml", 1, 1, 2))
    first = github.render(report(odd)).splitlines()[0]
    assert (
        first
        == "::error title=AUR002,file=a%2Cb%3Ac%25.toml,line=1,col=1,endColumn=1::100 %25\\x0a::error::x"
    )


def test_junit_has_a_case_per_rule_and_its_counts_add_up():
    suites = ET.fromstring(junit.render(report(KEY, KEY, HIDDEN)))
    assert {key: suites.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "3", "failures": "1", "errors": "0",
    }  # fmt: skip
    cases = suites.findall("./testsuite/testcase")
    assert [len(case.findall("failure")) for case in cases] == [1, 0, 0]
    assert cases[0].findtext("failure").count("unknown key `rate_limit.max_wiat`") == 2
    assert "it is hidden" in cases[1].findtext("system-out")


def test_junit_fails_from_the_severity_of_fail_on():
    suites = ET.fromstring(junit.render(report(KEY, HIDDEN, fail_on="warning")))
    assert suites.get("failures") == "2"


def test_sarif_fits_an_independent_model_and_has_the_location():
    text = sarif.render(report(KEY, HIDDEN, NOTE))
    run = Sarif.model_validate_json(text).runs[0]
    assert [result.rule_id for result in run.results] == ["AUR002", "AUR105", "AUR406"]
    region = run.results[0].locations[0].physical_location.region
    assert (region.start_line, region.start_column, region.end_column) == (9, 1, 9)
    plain = json.loads(text)["runs"][0]
    assert plain["results"][1]["locations"] == [
        {"logicalLocations": [{"kind": "variable", "name": "AURORA_RATE_LIMIT_RPM"}]}
    ]
    for result in plain["results"]:
        assert plain["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert plain["columnKind"] == "unicodeCodePoints"


def test_file_name_with_special_characters_is_a_valid_uri_in_sarif():
    location = Location("/tmp/a b%ü[].toml", 1, 1, 2)
    artifact = json.loads(sarif.render(report(Finding("AUR002", "error", "m", "", location))))
    location = artifact["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "file:///tmp/a%20b%25%C3%BC%5B%5D.toml"


def test_findings_are_sorted_by_severity_then_by_line():
    late = Finding("AUR002", "error", "late", "", Location("aurora.toml", 20, 1, 2))
    nowhere = Finding("AUR002", "error", "nowhere")
    assert in_order([NOTE, HIDDEN, nowhere, late, KEY]) == [KEY, late, nowhere, HIDDEN, NOTE]


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("\ud800", "%ED%A0%80"),
        ("\udcff", "%FF"),
        ("a\ud800\udcff", "a%ED%A0%80%ED%B3%BF"),
        ("/\udcff", "file:///%FF"),
    ],
)
def test_sarif_encodes_lone_surrogates_of_a_path(source, uri):
    finding = Finding("AUR002", "error", "m", "", Location(source, 1, 1, 2))
    (result,) = json.loads(sarif.render(report(finding)))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


@pytest.mark.parametrize("name", get_args(FindingFormat))
def test_every_format_has_a_module_of_its_name(name, tmp_path):
    write_report(report(KEY, HIDDEN, NOTE), name, tmp_path / "report")
    assert "max_wiat" in (tmp_path / "report").read_text()


@pytest.mark.parametrize("name", ["yaml", "formats", "__init__", ""])
def test_unknown_format_is_an_error(name, tmp_path):
    with pytest.raises(ValueError, match="expected one of text, concise, json"):
        write_report(report(KEY), name, tmp_path / "report")
    assert not (tmp_path / "report").exists()


TAGS = {
    "pass": None, "warn": None, "fail": "failure", "stale": "failure", "unknown": "error",
    "manual": "skipped", "waived": "skipped", "n/a": "skipped", "skipped": "skipped",
}  # fmt: skip


def checklist(*outcomes, **fields):
    """A report that lists outcomes: one check for each."""
    rules = [Rule(f"pre.{index}", "", "It works", "", "error", "before") for index in range(len(outcomes))]
    results = [RuleOutcome(rule, outcome, 0.25) for rule, outcome in zip(rules, outcomes, strict=True)]
    return replace(report(), outcomes=results, lists="outcomes", next_step="", **fields)


@pytest.mark.parametrize("state", STATES)
def test_junit_has_the_tag_of_each_state(state):
    suites = ET.fromstring(junit.render(checklist(Outcome(state, "as it is"))))
    (case,) = suites.findall(".//testcase")
    assert (case.get("classname"), case.get("time")) == ("aurora.check-config.pre", "0.250")
    (child,) = case
    if TAGS[state] is None:
        assert (child.tag, child.text) == ("system-out", f"{state}: as it is")
    else:
        assert (child.tag, child.get("message")) == (TAGS[state], f"{state}: as it is")
    counts = {"failure": "failures", "error": "errors", "skipped": "skipped"}
    assert [suites.get(name) for tag, name in counts.items()] == [
        str(int(tag == TAGS[state])) for tag in counts
    ]


def test_text_lists_outcomes_by_group_and_hides_what_was_not_selected():
    outcome = Outcome("fail", "it broke", "repair it", (Evidence("file", "a.log", "sha256 0", "x\ny"),))
    whole = checklist(outcome, Outcome("skipped", "not selected"), notes=["2 checks"])
    assert [line.plain for line in text_format.render(whole, ascii_only=False)] == [
        "before",
        f"  FAIL     pre.0  {'it broke':<60}  0.2 s",
        "           fix: repair it",
        "1 check not selected (-v lists them)",
        "2 checks",
        "aurora.toml: INVALID",
    ]
    verbose = [line.plain for line in text_format.render(whole, ascii_only=False, verbose=True)]
    assert verbose[3:6] == ["           evidence: file a.log: sha256 0", "           | x", "           | y"]
    assert verbose[6].startswith("  skipped  pre.1  not selected")


def test_json_lists_outcomes_with_their_evidence():
    outcome = Outcome("fail", "it broke", "repair it", (Evidence("file", "a.log", "sha256 0"),))
    (row,) = json.loads(json_format.render(checklist(outcome)))["results"]
    assert row == {
        "id": "pre.0", "group": "before", "question": "It works", "state": "fail", "message": "it broke",
        "help": "repair it", "seconds": 0.25,
        "evidence": [{"kind": "file", "source": "a.log", "status": "sha256 0", "excerpt": ""}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("severities", "fail_on", "state"),
    [
        ([], "error", "pass"),
        (["note"], "error", "pass"),
        (["warning", "note"], "error", "warn"),
        (["error", "warning"], "error", "fail"),
        (["warning"], "warning", "fail"),
        (["note"], "note", "fail"),
    ],
)
def test_outcome_of_findings_is_that_of_the_worst(severities, fail_on, state):
    findings = [Finding("AUR002", severity, f"a {severity}") for severity in severities]
    outcome = from_findings(findings, fail_on)
    assert (outcome.state, [each.status for each in outcome.evidence]) == (state, severities)
    assert outcome.message == (
        f"a {severities[0]}" + (", and 1 more" if len(severities) > 1 else "") if severities else ""
    )


TEXT = st.text(st.characters(exclude_categories=[]), max_size=30)
LOCATIONS = st.none() | st.builds(
    Location,
    TEXT,
    st.integers(0, 300),
    st.integers(1, 80),
    st.integers(1, 90),
    st.builds(Snippet, TEXT, TEXT, TEXT),
)
FINDINGS = st.builds(
    Finding,
    st.sampled_from([rule.code for rule in RULES]),
    st.sampled_from(["error", "warning", "note"]),
    TEXT,
    TEXT,
    LOCATIONS,
)
OUTCOMES = st.builds(
    Outcome, st.sampled_from(STATES), TEXT, TEXT, st.tuples(st.builds(Evidence, TEXT, TEXT, TEXT, TEXT))
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def harmless(whole):
    """Render in every format, and require that each can be parsed and printed."""
    texts = [
        "\n".join(line.plain for line in text_format.render(whole, ascii_only=False, verbose=True)),
        concise.render(whole),
        github.render(whole),
        junit.render(whole),
    ]
    for text in texts:
        assert not CONTROL.search(text)
        text.encode("utf-8")
    ET.fromstring(texts[-1])
    for machine in (json_format.render(whole), sarif.render(whole)):
        json.loads(machine.encode("utf-8", "backslashreplace"))  # as output.write_text writes it
    return texts


@example([Finding("AUR002", "error", "", "\u2028")])
@example([Finding("AUR002", "error", "", "", Location("\ud800", 1, 1, 1, None))])
@example([Finding("AUR002", "error", "", "", Location("\udcff\ud800", 1, 1, 1, None))])
@given(st.lists(FINDINGS, max_size=5))
def test_any_text_of_a_finding_is_harmless_in_every_format(findings):
    lines = harmless(report(*in_order(findings)))[2].splitlines()
    assert all(line.startswith(("::", "aurora.toml")) or "more of" in line for line in lines)


@example([Outcome("fail", "\x1b[31m\ud800", "\u2028")], "\x00")
@given(st.lists(OUTCOMES, max_size=3), TEXT)
def test_any_text_of_an_outcome_is_harmless_in_every_format(outcomes, name):
    whole = checklist(*outcomes, subject=name, notes=[name])
    rules = [replace(each.rule, code=name, summary=name, group=name) for each in whole.outcomes]
    named = [each._replace(rule=rule) for each, rule in zip(whole.outcomes, rules, strict=True)]
    harmless(replace(whole, outcomes=named))


@given(st.lists(FINDINGS, max_size=3))
def test_ascii_is_ascii(findings):
    for line in text_format.render(report(*findings), ascii_only=True):
        assert line.plain.isascii()
