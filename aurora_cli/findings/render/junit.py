"""JUnit's XML, which pipelines show as tests: one case per rule or check."""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from aurora_cli.findings.finding import Finding
from aurora_cli.findings.outcome import State
from aurora_cli.findings.report import Report, RuleOutcome
from aurora_cli.sanitize import in_one_line

_TAGS: Final[dict[State, str]] = {
    "fail": "failure", "stale": "failure", "unknown": "error",
    "manual": "skipped", "n/a": "skipped", "skipped": "skipped", "waived": "skipped",
}  # fmt: skip


def render(report: Report) -> str:
    """Write one suite. An unknown outcome is an error, a missing attestation is skipped."""
    tags = [_TAGS.get(each.outcome.state) for each in report.outcomes]
    numbers = {
        "tests": str(len(tags)),
        "failures": str(tags.count("failure")),
        "errors": str(tags.count("error")),
        "skipped": str(tags.count("skipped")),
        "time": f"{report.seconds:.3f}",
    }
    suites = Element("testsuites", {"name": f"aurora {report.command}", **numbers})
    suite = SubElement(suites, "testsuite", {"name": in_one_line(report.subject), **numbers})
    for each in report.outcomes:
        _case(suite, report, each)
    indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _case(suite: Element, report: Report, each: RuleOutcome) -> None:
    rule, outcome, seconds = each
    attributes = {
        "classname": ".".join(("aurora", report.command, *rule.code.split(".")[:-1])),
        "name": f"{rule.code} {rule.summary}",
        "time": f"{seconds:.3f}",
    }
    case = SubElement(suite, "testcase", {name: in_one_line(text) for name, text in attributes.items()})
    message = in_one_line(f"{outcome.state}: {outcome.message}")
    details = [_line(finding) for finding in report.findings if finding.code == rule.code]
    tag = _TAGS.get(outcome.state)
    if tag is not None:
        SubElement(case, tag, {"message": message}).text = "\n".join(details)
    elif outcome.message:
        SubElement(case, "system-out").text = "\n".join(details or [message])


def _line(finding: Finding) -> str:
    start = "" if finding.location is None else f"{finding.location}: "
    help_ = f"; {finding.help}" if finding.help else ""
    return in_one_line(f"{start}{finding.severity}: {finding.message}{help_}")
