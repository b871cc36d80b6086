"""A report in every form."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sarif_pydantic import Sarif

from aurora_cli.exits import Verdict
from aurora_cli.findings import Excerpt, Finding, Place, Report, Rule
from aurora_cli.findings.render import concise, github, junit, sarif, terminal
from aurora_cli.findings.report import in_order

RULES = [
    Rule("AUR002", "unknown-key", "A key that no setting has", "A key that no setting has.\n\nWhy.", "error"),
    Rule("AUR105", "hidden-mistake", "A bad value that a better one hides", "A bad value ..", "warning"),
    Rule("AUR406", "idle-target", "A target that cannot fail first", "A target ..", "note"),
]
KEY = Finding(
    "AUR002",
    "error",
    "unknown key `rate_limit.max_wiat`",
    "did you mean `max_wait`?",
    Place("aurora.toml", 9, 1, 9, Excerpt("", "max_wiat", " = 60")),
)
HIDDEN = Finding("AUR105", "warning", "it is hidden", "", Place("AURORA_RATE_LIMIT_RPM"))
NOTE = Finding(
    "AUR406", "note", "it is idle", "lower it", Place("aurora.toml", 3, 7, 9, Excerpt("rpm = ", "60", ""))
)


def report(*findings, fail_on="error"):
    return Report(
        command="check-config",
        subject="aurora.toml",
        config=None,
        rules=RULES,
        findings=findings,
        fail_on=fail_on,
        summary={},
        verdict=Verdict.NOT_GOOD,
        exit_code=1,
        decided="aurora.toml: INVALID",
        following="aurora check-config --explain AUR002",
    )


def lines(*findings):
    return [line.plain for line in terminal.render(report(*findings), ascii_only=False)]


def test_a_finding_shows_its_line_and_a_mark_beneath_it():
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


def test_what_stands_in_no_file_has_its_message_alone_and_a_note_one_line():
    assert lines(HIDDEN, NOTE)[:2] == [
        "warning[AUR105]: it is hidden",
        "note[AUR406]: aurora.toml:3:7 it is idle",
    ]


@pytest.mark.parametrize("number", [7, 10, 99, 100, 12345])
def test_the_margin_is_as_wide_as_the_number(number):
    place = Place("a.toml", number, 1, 2, Excerpt("", "x", ""))
    _, arrow, bar, code, caret, help_, *_ = lines(Finding("AUR002", "error", "m", "h", place))
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
def test_the_mark_stands_beneath_what_it_marks_however_wide_that_is(before, marked, blanks, carets):
    place = Place("a.toml", 1, 1, 2, Excerpt(before, marked, " # after"))
    caret = lines(Finding("AUR002", "error", "m", "", place))[4]
    assert caret == f"   | {' ' * blanks}{'^' * carets}"


def test_concise_is_one_line_a_finding():
    assert concise.render(report(KEY, HIDDEN)) == (
        "aurora.toml:9:1: AUR002 unknown key `rate_limit.max_wiat`\n"
        "AURORA_RATE_LIMIT_RPM: AUR105 it is hidden\n"
        "aurora.toml: INVALID\n"
    )


def test_github_shows_ten_a_kind_and_counts_the_rest():
    shown = github.render(report(*[KEY] * 12, *[HIDDEN] * 3)).splitlines()
    assert sum(line.startswith("::error ") for line in shown) == 10
    assert sum(line.startswith("::warning ") for line in shown) == 3
    assert shown[10] == "2 more of severity error are not shown"
    assert shown[0] == (
        "::error title=AUR002,file=aurora.toml,line=9,col=1,endColumn=8::"
        "unknown key `rate_limit.max_wiat`; did you mean `max_wait`?"
    )


def test_githubs_own_signs_are_escaped():
    odd = Finding("AUR002", "error", "100 %\n::error::x", "", Place("a,b:c%.toml", 1, 1, 2))
    first = github.render(report(odd)).splitlines()[0]
    assert (
        first
        == "::error title=AUR002,file=a%2Cb%3Ac%25.toml,line=1,col=1,endColumn=1::100 %25\\x0a::error::x"
    )


def test_junit_has_a_case_a_rule_and_its_counts_add_up():
    suites = ET.fromstring(junit.render(report(KEY, KEY, HIDDEN)))
    assert {key: suites.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "3", "failures": "1", "errors": "0",
    }  # fmt: skip
    cases = suites.findall("./testsuite/testcase")
    assert [len(case.findall("failure")) for case in cases] == [2, 0, 0]
    assert "it is hidden" in cases[1].findtext("system-out")


def test_junit_fails_from_the_severity_on_that_was_asked_for():
    suites = ET.fromstring(junit.render(report(KEY, HIDDEN, fail_on="warning")))
    assert suites.get("failures") == "2"


def test_sarif_is_read_by_somebody_elses_model_and_points_where_the_finding_stands():
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


def test_a_file_with_odd_characters_is_a_valid_address_in_sarif():
    place = Place("/tmp/a b%ü[].toml", 1, 1, 2)
    artifact = json.loads(sarif.render(report(Finding("AUR002", "error", "m", "", place))))
    location = artifact["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "file:///tmp/a%20b%25%C3%BC%5B%5D.toml"


def test_the_worst_stands_first_then_what_stands_above():
    late = Finding("AUR002", "error", "late", "", Place("aurora.toml", 20, 1, 2))
    nowhere = Finding("AUR002", "error", "nowhere")
    assert in_order([NOTE, HIDDEN, nowhere, late, KEY]) == [KEY, late, nowhere, HIDDEN, NOTE]


TEXT = st.text(st.characters(exclude_categories=[]), max_size=30)
PLACES = st.none() | st.builds(
    Place,
    TEXT,
    st.integers(0, 300),
    st.integers(1, 80),
    st.integers(1, 90),
    st.builds(Excerpt, TEXT, TEXT, TEXT),
)
FINDINGS = st.builds(
    Finding,
    st.sampled_from([rule.code for rule in RULES]),
    st.sampled_from(["error", "warning", "note"]),
    TEXT,
    TEXT,
    PLACES,
)
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@example([Finding("AUR002", "error", "", "\u2028")])
@given(st.lists(FINDINGS, max_size=5))
def test_whatever_a_finding_says_every_form_holds_it_harmlessly(findings):
    whole = report(*in_order(findings))
    texts = [
        "\n".join(line.plain for line in terminal.render(whole, ascii_only=False)),
        concise.render(whole),
        github.render(whole),
        junit.render(whole),
    ]
    for text in texts:
        assert not CONTROL.search(text)
    ET.fromstring(texts[-1])
    assert all(line.startswith(("::", "aurora.toml")) or "more of" in line for line in texts[2].splitlines())
    json.loads(sarif.render(whole))


@given(st.lists(FINDINGS, max_size=3))
def test_ascii_is_ascii(findings):
    for line in terminal.render(report(*findings), ascii_only=True):
        assert line.plain.isascii()
