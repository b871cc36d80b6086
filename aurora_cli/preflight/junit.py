"""JUnit's XML: a case a check, which pipelines show as a test."""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from aurora_cli.plain import in_one_line
from aurora_cli.preflight.outcome import State
from aurora_cli.preflight.report import Entry, Report

_TAGS: Final[dict[State, str]] = {
    "fail": "failure", "stale": "failure", "unknown": "error",
    "manual": "skipped", "n/a": "skipped", "skipped": "skipped", "waived": "skipped",
}  # fmt: skip


def render(report: Report) -> str:
    """Write one suite. What nobody can say is an error, what a person must say is skipped."""
    tags = [_TAGS.get(entry.outcome.state) for entry in report.entries]
    numbers = {
        "tests": str(len(tags)),
        "failures": str(tags.count("failure")),
        "errors": str(tags.count("error")),
        "skipped": str(tags.count("skipped")),
        "time": f"{report.seconds:.3f}",
    }
    suites = Element("testsuites", {"name": "aurora preflight", **numbers})
    suite = SubElement(suites, "testsuite", {"name": "preflight", **numbers})
    for entry in report.entries:
        _case(suite, entry)
    indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _case(suite: Element, entry: Entry) -> None:
    attributes = {
        "classname": f"aurora.preflight.{entry.check.group}",
        "name": f"{entry.check.id} {entry.check.question}",
        "time": f"{entry.seconds:.3f}",
    }
    case = SubElement(suite, "testcase", attributes)
    outcome = entry.outcome
    message = in_one_line(f"{outcome.state}: {outcome.message}")
    tag = _TAGS.get(outcome.state)
    if tag is None:
        SubElement(case, "system-out").text = message
    else:
        SubElement(case, tag, {"message": message}).text = in_one_line(outcome.help)
