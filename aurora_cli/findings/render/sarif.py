"""SARIF 2.1.0, which code hosts and editors show beside the line.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from pathlib import Path
from typing import Final
from urllib.parse import quote

from aurora_cli.findings.finding import Finding, Location
from aurora_cli.findings.report import Report, Rule
from aurora_cli.sanitize import in_json
from aurora_core import __version__

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """Write one run, with every rule and a result per finding."""
    numbers = {each.rule.code: number for number, each in enumerate(report.outcomes)}
    run = {
        "tool": {
            "driver": {
                "name": "aurora",
                "semanticVersion": __version__,
                "rules": [_rule(each.rule) for each in report.outcomes],
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
    if finding.location is not None:
        result["locations"] = [_location(finding.location)]
    return result


def _location(location: Location) -> dict[str, object]:
    """Return a region of a file, or the name of a variable."""
    if not location.line:
        return {"logicalLocations": [{"name": location.source, "kind": "variable"}]}
    region: dict[str, object] = {"startLine": location.line, "startColumn": location.column}
    if location.end_column > location.column:
        region["endColumn"] = location.end_column
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(location.source)}, "region": region}}


def _uri(source: str) -> str:
    """Return the address of a file, whatever characters its name has.

    A byte of a POSIX name that is not UTF-8 stays that byte; Windows allows any lone surrogate.
    """
    path = Path(source)
    name = path.as_posix()
    try:
        encoded = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        encoded = name.encode("utf-8", "surrogatepass")
    return f"file://{quote(encoded)}" if path.is_absolute() else quote(encoded)
