"""SARIF 2.1.0, which code hosts and editors show beside the line.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from pathlib import Path
from typing import Final
from urllib.parse import quote

from aurora_cli.findings.finding import Finding, Place
from aurora_cli.findings.report import Report, Rule
from aurora_cli.plain import in_json
from aurora_core import __version__

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """Write one run, with the rules that were looked at and a result for each finding."""
    numbers = {rule.code: number for number, rule in enumerate(report.rules)}
    run = {
        "tool": {
            "driver": {
                "name": "aurora",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in report.rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.exit_code in (0, 1), "exitCode": report.exit_code}],
        "results": [_result(finding, numbers) for finding in report.findings],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return in_json(json.dumps(log, indent=2, sort_keys=True, ensure_ascii=False)) + "\n"


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": rule.explanation},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, numbers: dict[str, int]) -> dict[str, object]:
    text = f"{finding.message}; {finding.help}" if finding.help else finding.message
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": numbers.get(finding.code, -1),
        "level": finding.severity,
        "message": {"text": text},
    }
    if finding.place is not None:
        result["locations"] = [_location(finding.place)]
    return result


def _location(place: Place) -> dict[str, object]:
    """A region of a file, or the name of what is none."""
    if not place.line:
        return {"logicalLocations": [{"name": place.source, "kind": "variable"}]}
    region: dict[str, object] = {"startLine": place.line, "startColumn": place.column}
    if place.end_column > place.column:
        region["endColumn"] = place.end_column
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(place.source)}, "region": region}}


def _uri(source: str) -> str:
    path = Path(source)
    named = path.as_posix().encode("utf-8", "surrogateescape")
    return f"file://{quote(named)}" if path.is_absolute() else quote(named)
