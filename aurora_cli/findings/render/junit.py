"""JUnit's XML, which pipelines show as tests: one case a rule, failed where a finding makes the run fail."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from aurora_cli.findings.finding import Finding
from aurora_cli.findings.report import Report, Rule
from aurora_cli.plain import in_one_line


def render(report: Report) -> str:
    """Write one suite; what does not make the run fail stands in the case's output."""
    failing = {finding.code for finding in report.findings if report.fails(finding)}
    numbers = {"tests": str(len(report.rules)), "failures": str(len(failing)), "errors": "0"}
    suites = Element("testsuites", {"name": f"aurora {report.command}", **numbers})
    suite = SubElement(suites, "testsuite", {"name": in_one_line(report.subject), **numbers, "skipped": "0"})
    for rule in report.rules:
        _case(suite, report, rule, [finding for finding in report.findings if finding.code == rule.code])
    indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _case(suite: Element, report: Report, rule: Rule, findings: list[Finding]) -> None:
    name = f"{rule.code} {rule.summary}"
    case = SubElement(suite, "testcase", {"classname": f"aurora.{report.command}", "name": name})
    for finding in findings:
        if report.fails(finding):
            failure = SubElement(
                case, "failure", {"type": finding.severity, "message": in_one_line(finding.message)}
            )
            failure.text = _told(finding)
    others = [_told(finding) for finding in findings if not report.fails(finding)]
    if others:
        SubElement(case, "system-out").text = "\n".join(others)


def _told(finding: Finding) -> str:
    where = "" if finding.place is None else f"{finding.place}: "
    help_ = f"; {finding.help}" if finding.help else ""
    return in_one_line(f"{where}{finding.severity}: {finding.message}{help_}")
